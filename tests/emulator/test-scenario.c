/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files: what they mean, what is wrong with them and where, and that the schema in
 * data/ tells the truth about them. */
#include "emu-scenario.h"

#include "lks-cursor.h"

#include <string.h>

static JsonNode *schema; /* (owned) */

static EmuScenario *
parse (const char *text, guint n_boards, GError **error)
{
  return emu_scenario_parse ("test", text, strlen (text), n_boards, error);
}

static void
test_counts (void)
{
  static const struct
  {
    const char *text;
    guint n_boards;
    guint expected;
  } cases[] = {
    { "{}", 0, 1 },
    { "{}", 5, 5 },
    { "{\"count\":3}", 0, 3 },
    { "{\"count\":3}", 2, 2 },
    { "{\"boards\":[{},{}]}", 0, 2 },
    { "{\"boards\":[{},{}],\"count\":7}", 0, 7 },
    { "{\"boards\":[{},{}]}", 9, 9 },
    { "{\"count\":0}", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EmuScenario) scenario = parse (cases[i].text, cases[i].n_boards, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (emu_scenario_get_n_boards (scenario), ==, cases[i].expected);
    }
}

static void
test_defaults_and_boards (void)
{
  static const char text[] =
      "{\"defaults\":{\"osVersion\":\"23.05\",\"capabilities\":[11],"
      "\"faults\":[{\"kind\":\"busy\"}],\"behaviour\":{\"ping\":false}},"
      "\"boards\":[{},{\"osVersion\":\"22.09\",\"capabilities\":[],\"faults\":[],"
      "\"behaviour\":{\"mtuBytes\":576}}],\"count\":3}";
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuScenario) scenario = parse (text, 0, &error);
  const EmuBoardConfig *first;
  const EmuBoardConfig *second;
  const EmuBoardConfig *third;

  g_assert_no_error (error);
  first = emu_scenario_get_board (scenario, 0);
  second = emu_scenario_get_board (scenario, 1);
  third = emu_scenario_get_board (scenario, 2);
  g_assert_cmpstr (first->os_version, ==, "23.05");
  g_assert_cmpuint (first->capabilities->len, ==, 1);
  g_assert_cmpuint (first->faults->len, ==, 1);
  g_assert_cmpstr (second->os_version, ==, "22.09");
  g_assert_cmpuint (second->capabilities->len, ==, 0);
  g_assert_cmpuint (second->faults->len, ==, 0);
  g_assert_false (second->behaviour.ping);
  g_assert_cmpuint (second->behaviour.mtu_bytes, ==, 576);
  g_assert_cmpstr (third->os_version, ==, "23.05");
  g_assert_cmpuint (third->index, ==, 2);
  g_assert_cmpstr (first->device_id, !=, third->device_id);
}

/* Boards of one OS version have the same system images, boards of another have others. */
static void
test_system_images (void)
{
  g_autoptr (EmuScenario) scenario =
      parse ("{\"boards\":[{},{},{\"osVersion\":\"22.09\"}]}", 0, NULL);
  const EmuComponentConfig *images[3];

  for (guint i = 0; i < 3; i++)
    images[i] = g_ptr_array_index (emu_scenario_get_board (scenario, i)->components, 0);
  g_assert_cmpstr (images[0]->component_id, ==, images[2]->component_id);
  g_assert_cmpstr (images[0]->image_id, ==, images[1]->image_id);
  g_assert_cmpstr (images[0]->image_id, !=, images[2]->image_id);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    const char *message; /* how it begins */
  } cases[] = {
    { "", "test: " },
    { "[]", "test:1: " },
    { "{\n\"boards\":[\n{},\n7]}", "test:4: “boards”: expected a list of objects" },
    { "{\n\"bords\":[]}", "test:2: “bords” is not known here" },
    { "{\n\n\"count\":65}", "test:3: “count”: 65 is not between 0 and 64" },
    { "{\"count\":1,\n\"boards\":[{},{}]}", "test:2: “boards” lists 2 boards, but there are 1" },
    { "{\"defaults\":{\n\"deviceId\":\"12\"}}", "test:2: “deviceId”: expected 128 to 128 bytes" },
    { "{\"defaults\":{\n\"manufacturingState\":\n\"Done\"}}",
      "test:3: “manufacturingState”: “Done” is none of Unknown, Blank, Module1Complete, "
      "DeviceComplete" },
    { "{\"defaults\":{\n\"capabilities\":[11,\n0]}}", "test:3: “capabilities”: expected at most" },
    { "{\"defaults\":{\n\"restApiVersion\":\"4.6..\"}}", "test:2: “restApiVersion”: expected" },
    { "{\"defaults\":{\n\"wifiAddress\":\"00:00:00:00:00:0g\"}}", "test:2: “wifiAddress”: " },
    { "{\"defaults\":{\n\"keystore\":\"new\"}}", "test:2: “keystore”: expected current or old" },
    { "{\"defaults\":{\n\"securityState\":\"SAFE\"}}", "test:2: “securityState”: expected" },
    { "{\"defaults\":{\"images\":[\n{}]}}", "test:2: “name” is missing" },
    { "{\"defaults\":{\"images\":[{\"name\":\"a\",\n\"componentId\":"
      "\"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx\"}]}}",
      "test:2: “componentId”: " },
    { "{\"defaults\":{\"wifiNetworks\":[\n{\"ssid\":\"a\",\n\"security\":\"wep\"}]}}",
      "test:3: “security”: “wep” is none of open, psk, eaptls" },
    { "{\"defaults\":{\"behaviour\":{\n\"lockEffect\":\"never\"}}}", "test:2: “lockEffect”: " },
    { "{\"defaults\":{\"faults\":[\n{}]}}", "test:2: “kind” is missing" },
    { "{\"defaults\":{\"faults\":[{\n\"kind\":\"explode\"}]}}", "test:2: “kind”: “explode” is" },
    { "{\"defaults\":{\"faults\":[{\n\"kind\":\"unknown\"}]}}", "test:2: “kind”: name one of" },
    { "{\"defaults\":{\"faults\":[{\"kind\":\"unplug\",\n\"times\":1}]}}",
      "test:2: “times” is not known here; known are: kind, afterBytes" },
    { "{\"defaults\":{\"bootMs\":1.5}}", "test:1: “bootMs”: expected a whole number" },
    { "{\"count\":1,\"count\":2}", "test: an object has the same member twice" },
    { "{\"count\":1", "test:1: the text ends too early" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EmuScenario) scenario = parse (cases[i].text, 0, &error);

      g_assert_null (scenario);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (error->domain == LKS_PARSE_ERROR);
      g_assert_true (g_str_has_prefix (error->message, cases[i].message));
    }
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuScenario) scenario = emu_scenario_load ("/nonexistent/scenario.json", 0, &error);

  g_assert_null (scenario);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* The scenarios that come with the program. */
static void
test_shipped (void)
{
  static const struct
  {
    const char *name;
    guint n_boards;
  } cases[] = {
    { "cloud.json", 2 }, { "factory.json", 8 }, { "servicing.json", 5 }, { "trouble.json", 16 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data",
                                                "scenarios", cases[i].name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (EmuScenario) scenario = emu_scenario_load (path, 0, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (emu_scenario_get_n_boards (scenario), ==, cases[i].n_boards);
    }
}

static JsonObject *
get_definition (const char *name)
{
  JsonObject *definitions = json_object_get_object_member (json_node_get_object (schema), "$defs");

  return json_object_get_object_member (definitions, name);
}

/* A whole scenario with @text as the description of @place: "board", "image" and so on. */
static char *
wrap (const char *place, const char *text)
{
  static const struct
  {
    const char *place;
    const char *format;
  } wrappers[] = {
    { "board", "{\"defaults\":%s}" },
    { "behaviour", "{\"defaults\":{\"behaviour\":%s}}" },
    { "output", "{\"defaults\":{\"applicationOutput\":%s}}" },
    { "image", "{\"defaults\":{\"images\":[%s]}}" },
    { "network", "{\"defaults\":{\"wifiNetworks\":[%s]}}" },
    { "scan", "{\"defaults\":{\"wifiScan\":[%s]}}" },
    { "failure", "{\"defaults\":{\"wifiFailures\":[%s]}}" },
    { "certificate", "{\"defaults\":{\"certificates\":[%s]}}" },
    { "fault", "{\"defaults\":{\"faults\":[%s]}}" },
    { "cloud", "{\"cloud\":%s}" },
    { "cloudCatalog", "{\"cloud\":{\"catalogs\":[%s]}}" },
    { "cloudFault", "{\"cloud\":{\"faults\":[%s]}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrappers); i++)
    if (g_str_equal (wrappers[i].place, place))
      {
        g_auto (GStrv) parts = g_strsplit (wrappers[i].format, "%s", 2);

        return g_strconcat (parts[0], text, parts[1], NULL);
      }

  g_assert_not_reached ();
}

/* The members that the parser knows at @place are those in @properties, no more, no fewer:
 * the parser itself lists them when it meets a stranger. */
static void
check_names (const char *place, const char *kind, JsonObject *properties)
{
  g_autofree char *stranger = kind != NULL
                                  ? g_strdup_printf ("{\"kind\":\"%s\",\"stranger\":1}", kind)
                                  : g_strdup ("{\"stranger\":1}");
  g_autofree char *text = wrap (place, stranger);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuScenario) scenario = parse (text, 0, &error);
  const char *list;
  g_auto (GStrv) known = NULL;

  g_assert_null (scenario);
  g_assert_nonnull (error);
  list = strstr (error->message, "known are: ");
  g_assert_nonnull (list);
  known = g_strsplit (list + strlen ("known are: "), ", ", -1);
  g_assert_cmpuint (g_strv_length (known), ==, json_object_get_size (properties));
  for (guint i = 0; known[i] != NULL; i++)
    g_assert_true (json_object_has_member (properties, known[i]));
}

/* A text that @member of @place may be. */
static const char *
get_sample (const char *place, const char *member)
{
  JsonObject *property = json_object_get_object_member (
      json_object_get_object_member (get_definition (place), "properties"), member);

  return json_object_has_member (property, "enum")
             ? json_array_get_string_element (json_object_get_array_member (property, "enum"), 0)
             : "x";
}

/* Parses a scenario in which @member of @place has @value. */
static void
check_value (const char *place, const char *member, JsonNode *value, gboolean good)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *required = json_object_has_member (get_definition (place), "required")
                            ? json_object_get_array_member (get_definition (place), "required")
                            : NULL;
  g_autofree char *json = NULL;
  g_autofree char *text = NULL;
  g_autoptr (EmuScenario) scenario = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
    json_object_set_string_member (object, json_array_get_string_element (required, i),
                                   get_sample (place, json_array_get_string_element (required, i)));
  json_object_set_member (object, member, json_node_copy (value));
  json_node_take_object (node, object);
  json = json_to_string (node, FALSE);
  text = wrap (place, json);
  scenario = parse (text, 0, &error);
  g_test_message ("%s: %s", text, error != NULL ? error->message : "good");
  g_assert_true ((scenario != NULL) == good);
}

static void
check_number (const char *place, const char *member, gint64 number, gboolean good)
{
  g_autoptr (JsonNode) node = json_node_init_int (json_node_alloc (), number);

  check_value (place, member, node, good);
}

static void
check_list (const char *place, const char *member, JsonArray *values)
{
  for (guint i = 0; i < json_array_get_length (values); i++)
    check_value (place, member, json_array_get_element (values, i), TRUE);
}

static void
check_property (const char *place, const char *member, JsonObject *property)
{
  g_assert_true (json_object_has_member (property, "description") ||
                 json_object_has_member (property, "$ref"));
  if (json_object_has_member (property, "enum"))
    check_list (place, member, json_object_get_array_member (property, "enum"));
  if (json_object_has_member (property, "examples"))
    check_list (place, member, json_object_get_array_member (property, "examples"));
  if (json_object_has_member (property, "default"))
    check_value (place, member, json_object_get_member (property, "default"), TRUE);
  if (!json_object_has_member (property, "minimum"))
    return;

  check_number (place, member, json_object_get_int_member (property, "minimum"), TRUE);
  check_number (place, member, json_object_get_int_member (property, "minimum") - 1, FALSE);
  check_number (place, member, json_object_get_int_member (property, "maximum"), TRUE);
  check_number (place, member, json_object_get_int_member (property, "maximum") + 1, FALSE);
}

static void
test_schema (gconstpointer data)
{
  const char *place = data;
  JsonObject *properties = json_object_get_object_member (get_definition (place), "properties");
  JsonObjectIter iter;
  const char *member;
  JsonNode *property;

  check_names (place, NULL, properties);
  json_object_iter_init (&iter, properties);
  while (json_object_iter_next (&iter, &member, &property))
    check_property (place, member, json_node_get_object (property));
}

static void
test_schema_faults (void)
{
  JsonArray *kinds = json_object_get_array_member (get_definition ("fault"), "oneOf");
  g_autoptr (GEnumClass) all = g_type_class_ref (EMU_TYPE_FAULT_KIND);

  g_assert_cmpuint (json_array_get_length (kinds), ==, all->n_values - 1);
  for (guint i = 0; i < json_array_get_length (kinds); i++)
    {
      JsonObject *kind = json_array_get_object_element (kinds, i);
      JsonObject *properties = json_object_get_object_member (kind, "properties");
      JsonObject *name = json_object_get_object_member (properties, "kind");
      const char *nick = json_object_get_string_member (name, "const");

      g_assert_nonnull (g_enum_get_value_by_nick (all, nick));
      check_names ("fault", nick, properties);
    }
}

static JsonNode *
load_schema (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "scenario.schema.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

int
main (int argc, char **argv)
{
  static const char *const places[] = { "board",        "behaviour",  "image",       "network",
                                        "scan",         "failure",    "certificate", "cloud",
                                        "cloudCatalog", "cloudFault", "output" };
  int status;

  g_test_init (&argc, &argv, NULL);
  schema = load_schema ();

  g_test_add_func ("/emulator/scenario/counts", test_counts);
  g_test_add_func ("/emulator/scenario/defaults-and-boards", test_defaults_and_boards);
  g_test_add_func ("/emulator/scenario/system-images", test_system_images);
  g_test_add_func ("/emulator/scenario/errors", test_errors);
  g_test_add_func ("/emulator/scenario/missing-file", test_missing_file);
  g_test_add_func ("/emulator/scenario/shipped", test_shipped);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strdup_printf ("/emulator/scenario/schema/%s", places[i]);

      g_test_add_data_func (path, places[i], test_schema);
    }
  g_test_add_func ("/emulator/scenario/schema/faults", test_schema_faults);

  status = g_test_run ();
  json_node_unref (schema);
  return status;
}
