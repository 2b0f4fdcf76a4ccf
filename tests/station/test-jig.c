/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map of a jig, its file, and how it is taught. */
#include "lks-cursor.h"
#include "lks-jig-teacher.h"
#include "lks-jig.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define PLACE(port, name, row, column)                                                             \
  "{\"port\":\"" port "\",\"name\":\"" name "\",\"row\":" row ",\"column\":" column "}"
#define MAP(places) "{\"places\":[" places "]}"

#define BUS(number, controller) "{\"bus\":" number ",\"controller\":\"" controller "\"}"
#define BUSES(buses, places) "{\"buses\":[" buses "],\"places\":[" places "]}"

/* A board at each of two controllers, which may be found in either order, at the same port. */
#define ONBOARD "pci0000:00/0000:00:14.0 high-speed"
#define DOCK "pci0000:00/0000:00:1d.0/0000:3b:00.0 high-speed"
#define TWO_PLACES PLACE ("1-2", "A1", "1", "1") "," PLACE ("3-2", "A2", "1", "2")
#define TWO_BUSES BUS ("1", ONBOARD) "," BUS ("3", DOCK)

#define LONG_AFTER G_TIME_SPAN_SECOND

static gboolean
parse (LksJig *jig, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lks_jig_parse (jig, "jig.json", bytes, error);
}

static guint
count (LksJig *jig)
{
  return g_list_model_get_n_items (G_LIST_MODEL (jig));
}

static void
count_change_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* ---- the map ---- */

static void
test_order (void)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (LksJigPlace) first = NULL;
  g_autoptr (GError) error = NULL;
  guint changes = 0;

  g_signal_connect (jig, "items-changed", G_CALLBACK (count_change_cb), &changes);
  g_assert_true (
      parse (jig, MAP (PLACE ("1-4", "B1", "2", "1") "," PLACE ("1-2.3", "A3", "1", "3")), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpuint (lks_jig_get_rows (jig), ==, 2);
  g_assert_cmpuint (lks_jig_get_columns (jig), ==, 3);
  first = g_list_model_get_item (G_LIST_MODEL (jig), 0);
  g_assert_cmpstr (lks_jig_place_get_name (first), ==, "A3");
  g_assert_true (lks_jig_place_get_allowed (first));
  g_assert_cmpstr (lks_jig_place_get_name (lks_jig_find (jig, "1-4")), ==, "B1");
  g_assert_null (lks_jig_find (jig, "1-2"));
}

static void
test_allowed (void)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  guint changes = 0;

  g_assert_true (parse (jig, MAP (PLACE ("1-4", "B1", "2", "1")), NULL));
  g_signal_connect (jig, "items-changed", G_CALLBACK (count_change_cb), &changes);
  g_assert_true (lks_jig_set_allowed (jig, "1-4", FALSE));
  g_assert_true (lks_jig_set_allowed (jig, "1-4", FALSE));
  g_assert_cmpuint (changes, ==, 1);
  g_assert_false (lks_jig_place_get_allowed (lks_jig_find (jig, "1-4")));
  g_assert_false (lks_jig_set_allowed (jig, "1-5", FALSE));
}

static void
test_illegal (void)
{
  static const struct
  {
    const char *text, *reason;
  } cases[] = {
    { "[]", "object" },
    { "{}", "“places” is missing" },
    { "{\"places\":{}}", "a list" },
    { "{\"buses\":{},\"places\":[]}", "a list" },
    { BUSES ("7", ""), "expected objects" },
    { BUSES ("{\"bus\":1}", ""), "“controller” is missing" },
    { BUSES ("{\"bus\":1,\"controller\":\"x\",\"?\":1}", ""), "?" },
    { BUSES (BUS ("0", "x"), ""), "bus" },
    { BUSES (BUS ("256", "x"), ""), "bus" },
    { BUSES (BUS ("1", ""), ""), "names no controller" },
    { BUSES (BUS ("1", "ä"), ""), "names no controller" },
    { BUSES (BUS ("1", "x") "," BUS ("1", "y"), ""), "bus 1 has two controllers" },
    { BUSES (BUS ("1", "x") "," BUS ("2", "x"), ""), "buses 1 and 2 have the same controller" },
    { MAP ("7"), "expected objects" },
    { MAP ("{\"name\":\"A1\",\"row\":1,\"column\":1}"), "“port” is missing" },
    { MAP (PLACE ("1.2", "A1", "1", "1")), "no place on the USB tree" },
    { MAP (PLACE ("1-2.", "A1", "1", "1")), "no place on the USB tree" },
    { MAP (PLACE ("1-2", "", "1", "1")), "no name of a place" },
    { MAP (PLACE ("1-2", "A1 ", "1", "1")), "no name of a place" },
    { MAP (PLACE ("1-2", "A23456789", "1", "1")), "no name of a place" },
    { MAP (PLACE ("1-2", "A1", "0", "1")), "between 1 and 64" },
    { MAP (PLACE ("1-2", "A1", "1", "65")), "between 1 and 64" },
    { MAP (PLACE ("1-2", "A1", "1", "1") "," PLACE ("1-3", "A1", "1", "2")), "are called “A1”" },
    { MAP (PLACE ("1-2", "A1", "1", "1") "," PLACE ("1-2", "A2", "1", "2")), "same port 1-2" },
    { MAP (PLACE ("1-2", "A1", "1", "1") "," PLACE ("1-3", "A2", "1", "1")), "same row" },
  };
  g_autoptr (LksJig) jig = lks_jig_new ();

  g_assert_true (parse (jig, MAP (PLACE ("1-9", "Z9", "1", "1")), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (parse (jig, cases[i].text, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].reason));
      g_assert_true (g_str_has_prefix (error->message, "jig.json"));
      g_assert_nonnull (lks_jig_find (jig, "1-9")); /* it stays as it was */
    }
}

static void
test_too_many (void)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < LKS_JIG_PLACES_MAX; i++)
    {
      g_autofree char *port = g_strdup_printf ("1-1.%u", i + 1);
      g_autofree char *name = lks_jig_name_for (i / 8 + 1, i % 8 + 1);

      g_ptr_array_add (places, lks_jig_place_new (port, name, i / 8 + 1, i % 8 + 1, TRUE));
    }
  g_assert_true (lks_jig_set_places (jig, places, &error));
  g_assert_no_error (error);

  g_ptr_array_add (places, lks_jig_place_new ("2-1", "X", 9, 1, TRUE));
  g_assert_false (lks_jig_set_places (jig, places, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_cmpuint (count (jig), ==, LKS_JIG_PLACES_MAX);
}

static void
test_names (void)
{
  g_autofree char *first = lks_jig_name_for (1, 1);
  g_autofree char *last = lks_jig_name_for (26, 2);
  g_autofree char *after = lks_jig_name_for (27, 1);
  g_autofree char *end = lks_jig_name_for (64, 1);

  g_assert_cmpstr (first, ==, "A1");
  g_assert_cmpstr (last, ==, "Z2");
  g_assert_cmpstr (after, ==, "AA1");
  g_assert_cmpstr (end, ==, "BL1");
}

/* ---- the buses of a computer ---- */

/* @first: (nullable): the controller of @bus, and so on to NULL */
static void
set_buses (LksJig *jig, guint bus, const char *first, ...)
{
  g_autoptr (GHashTable) buses = g_hash_table_new (NULL, NULL);
  va_list more;

  va_start (more, first);
  while (first != NULL)
    {
      g_hash_table_insert (buses, GUINT_TO_POINTER (bus), (gpointer) first);
      bus = va_arg (more, guint);
      first = va_arg (more, const char *);
    }
  va_end (more);
  lks_jig_set_buses (jig, buses);
}

static LksJig *
make_jig (const char *text)
{
  LksJig *jig = lks_jig_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (jig, text, &error));
  g_assert_no_error (error);
  return jig;
}

/* @port: (nullable): where the place is now */
static void
assert_port (LksJig *jig, const char *name, const char *port)
{
  guint n_found = 0;

  for (guint i = 0; i < count (jig); i++)
    {
      g_autoptr (LksJigPlace) place = g_list_model_get_item (G_LIST_MODEL (jig), i);

      if (!g_str_equal (lks_jig_place_get_name (place), name))
        continue;
      g_assert_cmpstr (lks_jig_place_get_port (place), ==, port);
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, 1);
}

static void
assert_as_taught (LksJig *jig)
{
  assert_port (jig, "A1", "1-2");
  assert_port (jig, "A2", "3-2");
}

/* The controllers were found in the other order. */
static void
test_swapped (void)
{
  g_autoptr (LksJig) jig = make_jig (BUSES (TWO_BUSES, TWO_PLACES));
  g_autofree char *before = lks_jig_to_json (jig);
  g_autofree char *after = NULL;
  guint changes = 0;

  g_signal_connect (jig, "items-changed", G_CALLBACK (count_change_cb), &changes);
  set_buses (jig, 1, ONBOARD, 3, DOCK, 0, NULL);
  assert_as_taught (jig);
  g_assert_cmpuint (changes, ==, 0);

  set_buses (jig, 1, DOCK, 3, ONBOARD, 0, NULL);
  assert_port (jig, "A1", "3-2");
  assert_port (jig, "A2", "1-2");
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpstr (lks_jig_place_get_name (lks_jig_find (jig, "3-2")), ==, "A1");
  set_buses (jig, 1, DOCK, 3, ONBOARD, 0, NULL);
  g_assert_cmpuint (changes, ==, 1);

  after = lks_jig_to_json (jig); /* a map stays as it was taught */
  g_assert_cmpstr (before, ==, after);
  set_buses (jig, 1, ONBOARD, 5, DOCK, 0, NULL);
  assert_port (jig, "A1", "1-2");
  assert_port (jig, "A2", "5-2");
}

/* What is plugged in at the bus that has the number now is not in the map. */
static void
test_missing_controller (void)
{
  g_autoptr (LksJig) jig = make_jig (BUSES (TWO_BUSES, TWO_PLACES));

  set_buses (jig, 1, "another high-speed", 3, DOCK, 0, NULL);
  assert_port (jig, "A1", NULL);
  assert_port (jig, "A2", "3-2");
  g_assert_null (lks_jig_find (jig, "1-2"));

  set_buses (jig, 1, ONBOARD, 0, NULL);
  assert_port (jig, "A1", "1-2");
  assert_port (jig, "A2", NULL);
  g_assert_true (lks_jig_set_allowed (jig, "3-2", FALSE)); /* it can be forbidden all the same */
  assert_port (jig, "A2", NULL);
  set_buses (jig, 1, ONBOARD, 3, DOCK, 0, NULL);
  assert_as_taught (jig);
  g_assert_false (lks_jig_place_get_allowed (lks_jig_find (jig, "3-2")));
}

/* Two buses of one controller are as different as those of two. */
static void
test_one_controller (void)
{
  g_autoptr (LksJig) jig = make_jig (
      BUSES (BUS ("1", "pci0000:00/0000:00:14.0 high-speed") "," BUS ("3",
                                                                      "pci0000:00/0000:00:14.0 "
                                                                      "super-speed"),
             TWO_PLACES));

  set_buses (jig, 7, "pci0000:00/0000:00:14.0 super-speed", 2, "pci0000:00/0000:00:14.0 high-speed",
             0, NULL);
  assert_port (jig, "A1", "2-2");
  assert_port (jig, "A2", "7-2");
}

/* Without controllers on either side the numbers are all there is. */
static void
test_cannot_be_told (void)
{
  g_autoptr (LksJig) jig = make_jig (BUSES (TWO_BUSES, TWO_PLACES));
  g_autoptr (LksJig) old = make_jig (MAP (TWO_PLACES));

  set_buses (jig, 0, NULL);
  assert_as_taught (jig);
  set_buses (old, 1, DOCK, 3, ONBOARD, 0, NULL);
  assert_as_taught (old);
  set_buses (old, 1, DOCK, 0, NULL);
  assert_as_taught (old);
}

/* It is saved with the controllers of today, and read with them. */
static void
test_old_map (void)
{
  g_autofree char *path =
      g_build_filename (g_get_user_config_dir (), "locksmith", "jig.json", NULL);
  g_autoptr (LksJig) jig = make_jig (MAP (TWO_PLACES));
  g_autoptr (LksJig) read = lks_jig_new ();
  g_autoptr (GError) error = NULL;

  set_buses (jig, 1, ONBOARD, 2, "unused", 3, DOCK, 0, NULL);
  g_assert_true (lks_jig_save (jig, &error));
  g_assert_no_error (error);
  assert_as_taught (jig);
  set_buses (jig, 1, DOCK, 3, ONBOARD, 0, NULL);
  assert_port (jig, "A1", "3-2");

  set_buses (read, 1, DOCK, 3, ONBOARD, 0, NULL);
  g_assert_true (lks_jig_load (read, &error));
  g_assert_no_error (error);
  assert_port (read, "A1", "3-2");
  assert_port (read, "A2", "1-2");
  g_unlink (path);
}

/* Where nothing is known of controllers a map is written as it always was. */
static void
test_format_without_buses (void)
{
  g_autoptr (LksJig) jig = make_jig (MAP (TWO_PLACES));
  g_autofree char *text = lks_jig_to_json (jig);

  g_assert_null (strstr (text, "buses"));
}

/* A map that knows one of its controllers, and one that says nonsense of its ports: no two places
 * are ever at one port. */
static void
test_half_known (void)
{
  g_autoptr (LksJig) jig = make_jig (BUSES (BUS ("1", ONBOARD), TWO_PLACES));
  g_autoptr (LksJig) lying =
      make_jig (BUSES (BUS ("1", ONBOARD) "," BUS ("9", "nobody"),
                       PLACE ("1-2", "A1", "1", "1") "," PLACE ("01-2", "A2", "1",
                                                                "2") "," PLACE ("4294967297-2",
                                                                                "A3", "1", "3")));
  g_autofree char *text = lks_jig_to_json (lying);

  set_buses (jig, 1, DOCK, 3, ONBOARD, 0, NULL);
  assert_port (jig, "A1", "3-2");
  assert_port (jig, "A2", NULL);
  set_buses (jig, 1, ONBOARD, 3, DOCK, 0, NULL);
  assert_as_taught (jig);

  set_buses (lying, 5, ONBOARD, 0, NULL);
  assert_port (lying, "A1", "5-2");
  assert_port (lying, "A2", "01-2");
  assert_port (lying, "A3", "4294967297-2");
  g_assert_null (strstr (text, "nobody")); /* it is of no use to any place */
}

/* What a computer says is not believed to the letter either: the map must stay readable. */
static void
test_strange_controller (void)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autofree char *text = NULL;

  g_ptr_array_add (places, lks_jig_place_new ("1-2", "A1", 1, 1, TRUE));
  set_buses (jig, 1, "\"\n", 0, NULL);
  g_assert_true (lks_jig_set_places (jig, places, NULL));
  assert_port (jig, "A1", "1-2");
  text = lks_jig_to_json (jig);
  g_assert_null (strstr (text, "buses"));
}

/* ---- its file ---- */

static void
test_file (void)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (LksJig) read = lks_jig_new ();
  g_autofree char *path =
      g_build_filename (g_get_user_config_dir (), "locksmith", "jig.json", NULL);
  g_autofree char *written = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_jig_load (jig, &error)); /* no file, no place, no error */
  g_assert_no_error (error);
  g_assert_cmpuint (count (jig), ==, 0);

  g_assert_true (
      parse (jig, MAP (PLACE ("1-4", "B1", "2", "1") "," PLACE ("1-3", "Ä", "1", "3")), &error));
  g_assert_true (lks_jig_set_allowed (jig, "1-4", FALSE));
  g_assert_true (lks_jig_save (jig, &error));
  g_assert_no_error (error);
  g_assert_true (lks_jig_load (read, &error));
  g_assert_no_error (error);
  written = lks_jig_to_json (jig);
  again = lks_jig_to_json (read);
  g_assert_cmpstr (written, ==, again);

  g_assert_true (g_file_set_contents (path, "{\n\"places\": 7}", -1, NULL));
  g_assert_false (lks_jig_load (read, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "jig.json:2"));
  g_assert_cmpuint (count (read), ==, 2);
  g_unlink (path);
}

/* What the user has not is the station's. */
static void
test_system_file (void)
{
  const char *dir = g_get_system_config_dirs ()[0];
  g_autofree char *folder = g_build_filename (dir, "locksmith", NULL);
  g_autofree char *path = g_build_filename (folder, "jig.json", NULL);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, MAP (PLACE ("3-4", "S", "1", "1")), -1, NULL));
  g_assert_true (lks_jig_load (jig, &error));
  g_assert_no_error (error);
  g_assert_nonnull (lks_jig_find (jig, "3-4"));

  g_assert_true (parse (jig, MAP (PLACE ("1-4", "B1", "2", "1")), NULL));
  g_assert_true (lks_jig_save (jig, NULL));
  g_assert_true (lks_jig_load (jig, NULL));
  g_assert_nonnull (lks_jig_find (jig, "1-4"));
  g_unlink (path);
}

/* Whatever the schema names is read, and nothing else is. */
static void
test_schema (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "jig.schema.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GList) members = NULL;
  JsonObject *object;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  object = json_node_get_object (json_parser_get_root (parser));
  object = json_object_get_object_member (object, "properties");
  g_assert_false (parse (jig, "{\"?\":1}", &error));
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    g_assert_nonnull (strstr (error->message, l->data));
  g_assert_cmpuint (g_list_length (members), ==, 3);
  g_clear_list (&members, NULL);
  g_clear_error (&error);
  object = json_object_get_object_member (object, "places");
  object = json_object_get_object_member (object, "items");
  object = json_object_get_object_member (object, "properties");
  members = json_object_get_members (object);
  g_assert_false (parse (jig, MAP ("{\"?\":1}"), &error));
  for (GList *l = members; l != NULL; l = l->next)
    g_assert_nonnull (strstr (error->message, l->data));
  g_assert_cmpuint (g_list_length (members), ==, 5);
}

/* ---- teaching ---- */

static void
assert_teacher (LksJigTeacher *teacher, LksJigLesson lesson, const char *next, guint n_taught)
{
  g_autofree char *name = lks_jig_teacher_dup_next (teacher);

  g_assert_cmpint (lks_jig_teacher_get_lesson (teacher), ==, lesson);
  g_assert_cmpstr (name, ==, next);
  g_assert_cmpuint (lks_jig_teacher_get_n_taught (teacher), ==, n_taught);
}

/* One board, round the jig. */
static void
test_round (void)
{
  static const char *const ports[] = { "1-1.4", "1-1.3", "1-2.1", "1-2.2" };
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (2, 2);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) error = NULL;

  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A1", 0);
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      lks_jig_teacher_plugged (teacher, ports[i], (i + 1) * LONG_AFTER);
      lks_jig_teacher_unplugged (teacher, ports[i]);
    }
  assert_teacher (teacher, LKS_JIG_LESSON_DONE, NULL, 4);
  g_assert_cmpstr (lks_jig_teacher_get_port (teacher, 2, 1), ==, "1-2.1");
  lks_jig_teacher_plugged (teacher, "1-9", 9 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_DONE, NULL, 4);

  places = lks_jig_teacher_dup_places (teacher);
  g_assert_true (lks_jig_set_places (jig, places, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (lks_jig_place_get_name (lks_jig_find (jig, "1-2.2")), ==, "B2");
}

/* What is taught now is true of the controllers of now, whatever the map before knew. */
static void
test_taught_again (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 2);
  g_autoptr (LksJig) jig = make_jig (BUSES (TWO_BUSES, TWO_PLACES));
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) error = NULL;

  set_buses (jig, 1, DOCK, 3, ONBOARD, 0, NULL);
  lks_jig_teacher_plugged (teacher, "1-2", 1 * LONG_AFTER);
  lks_jig_teacher_plugged (teacher, "3-2", 2 * LONG_AFTER);
  places = lks_jig_teacher_dup_places (teacher);
  g_assert_true (lks_jig_set_places (jig, places, &error));
  g_assert_no_error (error);
  assert_as_taught (jig);

  set_buses (jig, 1, ONBOARD, 3, DOCK, 0, NULL);
  assert_port (jig, "A1", "3-2");
  assert_port (jig, "A2", "1-2");
}

/* Boards may stay where they are while the next one is plugged in. */
static void
test_many_boards (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 3);

  lks_jig_teacher_start_with (teacher, "1-7");
  lks_jig_teacher_plugged (teacher, "1-1", 1 * LONG_AFTER);
  lks_jig_teacher_plugged (teacher, "1-2", 2 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_TAUGHT, "A3", 2);
  lks_jig_teacher_unplugged (teacher, "1-7");
  assert_teacher (teacher, LKS_JIG_LESSON_TAUGHT, "A3", 2);
  lks_jig_teacher_plugged (teacher, "1-7", 3 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_DONE, NULL, 3);
}

static void
test_known (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 3);

  lks_jig_teacher_plugged (teacher, "1-1", 1 * LONG_AFTER);
  lks_jig_teacher_unplugged (teacher, "1-1");
  lks_jig_teacher_plugged (teacher, "1-1", 2 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_KNOWN, "A2", 1);
  g_assert_cmpstr (lks_jig_teacher_get_known (teacher), ==, "A1");
  lks_jig_teacher_unplugged (teacher, "1-1");
  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A2", 1);
  g_assert_null (lks_jig_teacher_get_known (teacher));
}

/* Two that appear together teach nothing, nor does a third, before all of them are gone. */
static void
test_two_at_once (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 3);

  lks_jig_teacher_plugged (teacher, "1-1", LONG_AFTER);
  lks_jig_teacher_plugged (teacher, "1-2", LONG_AFTER + 10000);
  assert_teacher (teacher, LKS_JIG_LESSON_TWO_AT_ONCE, "A1", 0);
  lks_jig_teacher_plugged (teacher, "1-3", 5 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_TWO_AT_ONCE, "A1", 0);
  g_assert_false (lks_jig_teacher_skip (teacher));
  g_assert_false (lks_jig_teacher_undo (teacher));

  lks_jig_teacher_unplugged (teacher, "1-1");
  lks_jig_teacher_unplugged (teacher, "1-3");
  assert_teacher (teacher, LKS_JIG_LESSON_TWO_AT_ONCE, "A1", 0);
  lks_jig_teacher_unplugged (teacher, "1-2");
  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A1", 0);
  lks_jig_teacher_plugged (teacher, "1-2", 6 * LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_TAUGHT, "A2", 1);
}

/* One board, and a quick hand. */
static void
test_quick (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 3);

  lks_jig_teacher_plugged (teacher, "1-1", LONG_AFTER);
  lks_jig_teacher_unplugged (teacher, "1-1");
  lks_jig_teacher_plugged (teacher, "1-2", LONG_AFTER + 10000);
  assert_teacher (teacher, LKS_JIG_LESSON_TAUGHT, "A3", 2);
}

/* The last place of all may be wrong, too. */
static void
test_two_at_the_end (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 1);

  lks_jig_teacher_plugged (teacher, "1-1", LONG_AFTER);
  assert_teacher (teacher, LKS_JIG_LESSON_DONE, NULL, 1);
  lks_jig_teacher_plugged (teacher, "1-2", LONG_AFTER + 10000);
  assert_teacher (teacher, LKS_JIG_LESSON_TWO_AT_ONCE, "A1", 0);
}

static void
test_undo_and_skip (void)
{
  g_autoptr (LksJigTeacher) teacher = lks_jig_teacher_new (1, 3);
  g_autoptr (GPtrArray) places = NULL;

  g_assert_false (lks_jig_teacher_can_undo (teacher));
  g_assert_false (lks_jig_teacher_undo (teacher));
  lks_jig_teacher_plugged (teacher, "1-1", 1 * LONG_AFTER);
  g_assert_true (lks_jig_teacher_undo (teacher));
  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A1", 0);

  g_assert_true (lks_jig_teacher_skip (teacher));
  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A2", 0);
  g_assert_cmpstr (lks_jig_teacher_get_port (teacher, 1, 1), ==, "");
  g_assert_null (lks_jig_teacher_get_port (teacher, 1, 2));
  lks_jig_teacher_plugged (teacher, "1-1", 2 * LONG_AFTER);
  g_assert_true (lks_jig_teacher_skip (teacher));
  assert_teacher (teacher, LKS_JIG_LESSON_DONE, NULL, 1);
  g_assert_false (lks_jig_teacher_skip (teacher));
  g_assert_true (lks_jig_teacher_undo (teacher));
  assert_teacher (teacher, LKS_JIG_LESSON_WAITING, "A3", 1);

  places = lks_jig_teacher_dup_places (teacher);
  g_assert_cmpuint (places->len, ==, 1);
  g_assert_cmpuint (lks_jig_place_get_column (places->pdata[0]), ==, 2);
}

static void
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-rf", folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-jig-XXXXXX", NULL);
  g_autofree char *home = g_build_filename (folder, "home", NULL);
  g_autofree char *system = g_build_filename (folder, "system", NULL);
  int status;

  /* Before GLib reads them. */
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_DIRS", system, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jig/order", test_order);
  g_test_add_func ("/jig/allowed", test_allowed);
  g_test_add_func ("/jig/illegal", test_illegal);
  g_test_add_func ("/jig/too-many", test_too_many);
  g_test_add_func ("/jig/names", test_names);
  g_test_add_func ("/jig/buses/swapped", test_swapped);
  g_test_add_func ("/jig/buses/missing", test_missing_controller);
  g_test_add_func ("/jig/buses/one-controller", test_one_controller);
  g_test_add_func ("/jig/buses/cannot-be-told", test_cannot_be_told);
  g_test_add_func ("/jig/buses/old-map", test_old_map);
  g_test_add_func ("/jig/buses/format-without", test_format_without_buses);
  g_test_add_func ("/jig/buses/half-known", test_half_known);
  g_test_add_func ("/jig/buses/strange-controller", test_strange_controller);
  g_test_add_func ("/jig/file", test_file);
  g_test_add_func ("/jig/system-file", test_system_file);
  g_test_add_func ("/jig/schema", test_schema);
  g_test_add_func ("/jig/teach/round", test_round);
  g_test_add_func ("/jig/teach/again", test_taught_again);
  g_test_add_func ("/jig/teach/many-boards", test_many_boards);
  g_test_add_func ("/jig/teach/known", test_known);
  g_test_add_func ("/jig/teach/two-at-once", test_two_at_once);
  g_test_add_func ("/jig/teach/quick", test_quick);
  g_test_add_func ("/jig/teach/two-at-the-end", test_two_at_the_end);
  g_test_add_func ("/jig/teach/undo-and-skip", test_undo_and_skip);
  status = g_test_run ();
  remove_folder (folder);
  return status;
}
