/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other stations say about a board is told before somebody agrees to lock it, in the wizard
 * and on the wall: with a real PostgreSQL server, the boards of elsewhere-boards.json, and a
 * display. */
#include "lks-board-list.h"
#include "lks-confirm-row.h"
#include "lks-enums.h"
#include "lks-operator-gate.h"
#include "lks-wall.h"
#include "lks-wizard.h"
#include "postgres.h"
#include "sign-in.h"
#include "station.h"
#include "wait-until.h"
#include "widgets.h"

#include <glib/gstdio.h>
#include <string.h>

/* test-elsewhere [PICTURE]: leaves a picture of the screen of each case. */

#define N_BOARDS 5
#define RECIPE(name)                                                                               \
  "{\"name\":\"" name "\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"   \
  "\"images\":[],\"allowArmed\":true}"
#define FIRST_STEP                                                                                 \
  "{\"name\":\"Radio\",\"targetState\":\"Module1Complete\",\"allowedOsVersions\":[\"24.06\"],"     \
  "\"images\":[]}"
#define MAP                                                                                        \
  "{\"places\":[{\"port\":\"1-1\",\"name\":\"A1\",\"row\":1,\"column\":1},"                        \
  "{\"port\":\"1-2\",\"name\":\"A2\",\"row\":1,\"column\":2},"                                     \
  "{\"port\":\"1-3\",\"name\":\"A3\",\"row\":1,\"column\":3},"                                     \
  "{\"port\":\"1-4\",\"name\":\"A4\",\"row\":1,\"column\":4},"                                     \
  "{\"port\":\"1-5\",\"name\":\"A5\",\"row\":1,\"column\":5}]}"

/* The boards: what another station says of each. */
enum
{
  SAME,    /* finished by this very recipe; the board says that it is open */
  OTHER,   /* finished by another version of it; the board says that it is open */
  EARLIER, /* the step before was made there */
  NOBODY,  /* nothing */
  LOCKED,  /* finished by this very recipe, and so says the board */
};

static Postgres *postgres;
static const char *picture;

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *list;
  LksOperatorGate *gate; /* as the application does */
  Station *here;
  GSettings *settings;
  char *folder;
  LksLockJob *job;   /* (nullable) */
  LksWizard *wizard; /* (nullable) */
  LksWall *wall;     /* (nullable) */
} World;

static void
take_picture (const char *name)
{
  g_autofree char *line = NULL;
  gboolean is_late = FALSE;
  guint timer;

  if (picture == NULL)
    return;

  timer = g_timeout_add (700, wait_late_cb, &is_late); /* the last frame; nothing is judged by it */
  while (!is_late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  line = g_strdup_printf ("import -window root '%s-%s.png'", picture, name);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
}

/* ---- the station, and the other one ---- */

static void
write_config (const char *host, guint port)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_config_dir (), "locksmith", "station.d", NULL);
  g_autofree char *path = g_build_filename (folder, "shop.conf", NULL);
  g_autofree char *text =
      g_strdup_printf ("[shared-ledger]\nhost=%s\nport=%u\ndatabase=" POSTGRES_DATABASE
                       "\nuser=tester\nsslmode=disable\n",
                       host, port);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static LksRecipe *
parse_recipe (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("recipe.json", "/nowhere", bytes, &error);

  g_assert_no_error (error);
  return recipe;
}

/* The record of a finalization that passed at the other station. */
static void
add_record (Station *station, guint board, const char *recipe_text)
{
  g_autoptr (LksRecipe) recipe = parse_recipe (recipe_text);
  g_autofree char *device_id = make_device_id (board + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = "11111111-2222-4333-8444-555555555555",
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-7",
      .operator_name = "Olga",
      .station = "line-2",
      .started_us = 1700000000000000,
      .finished_us = 1700000009000000,
      .recipe_name = lks_recipe_get_name (recipe),
      .recipe_hash = lks_recipe_get_hash (recipe),
      .recipe_text = recipe_text,
      .verdict = "PASS",
      .outcome = "finalized",
      .document = "{\"steps\":[]}",
  });

  lks_ledger_add (station->ledger, record, &error);
  g_assert_no_error (error);
}

static void
fill_server (void)
{
  g_autoptr (LksSharePlace) place = postgres_make_place (postgres, 0);
  g_autoptr (Station) other = station_new (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksShare) share = lks_share_open (place, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (lks_share_migrate (share, LKS_SHARE_SCHEMA_VERSION, NULL, &error));
  add_record (other, SAME, RECIPE ("Kettle"));
  add_record (other, OTHER, RECIPE ("Kettle 2"));
  add_record (other, EARLIER, FIRST_STEP);
  add_record (other, LOCKED, RECIPE ("Kettle"));
  add_record (other, OTHER, FIRST_STEP); /* the gravest counts, not the newest */
  g_assert_true (station_push (other, place, NULL, &error));
  write_config (place->host, place->port);
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  postgres_clear (postgres);
  fill_server ();
  world->folder = g_dir_make_tmp ("lks-elsewhere-XXXXXX", NULL);
  world->here = station_new (FALSE);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
  world->settings = g_settings_new ("io.github.locksmith.Locksmith");
  world->gate = lks_operator_gate_ref_default ();
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_autofree char *line = g_strdup_printf ("rm -r '%s'", world->folder);

  if (world->wizard != NULL)
    gtk_window_destroy (GTK_WINDOW (world->wizard));
  if (world->job != NULL)
    WAIT_FINALIZED (world->job);
  if (world->wall != NULL)
    WAIT_FINALIZED (world->wall);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
  WAIT_FINALIZED (world->gate);
  g_object_unref (world->settings);
  station_free (world->here);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_free (world->folder);
}

/* ---- the wizard ---- */

static void
press_next (World *world)
{
  WAIT_UNTIL (widget_can (GTK_WIDGET (world->wizard), "wizard.next")); /* the recipe is read */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (world->wizard), "wizard.next", NULL));
}

static void
check_boards (World *world)
{
  g_autofree char *path = g_build_filename (world->folder, "recipe.json", NULL);

  g_assert_true (g_file_set_contents (path, RECIPE ("Kettle"), -1, NULL));
  g_settings_set_string (world->settings, "last-recipe", path);
  world->job = lks_lock_job_new (G_LIST_MODEL (world->list), world->here->ledger,
                                 &(LksRunOrder){ .operator_name = "anna" });
  for (guint i = 0; i < N_BOARDS; i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (G_LIST_MODEL (world->list), i);

      WAIT_UNTIL (lks_lock_job_can_choose (board));
      lks_lock_job_set_chosen (world->job, board, TRUE);
    }
  world->wizard = lks_wizard_new (world->job, world->settings);
  gtk_window_present (GTK_WINDOW (world->wizard));
  press_next (world);
  press_next (world);
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  take_picture ("checked");
}

static LksBoardRun *
find_run (World *world, guint board)
{
  g_autofree char *device_id = make_device_id (board + 1);
  GListModel *runs = lks_lock_job_get_runs (world->job);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (runs, i);

      if (g_str_equal (lks_finalizer_get_device_id (lks_board_run_get_finalizer (run)), device_id))
        return run; /* the list keeps it */
    }
  g_assert_not_reached ();
}

static void
assert_told (World *world, guint board, LksElsewhereKind kind, const char *words)
{
  LksBoardRun *run = find_run (world, board);
  g_autofree char *text = NULL;
  g_autofree char *detail = NULL;

  g_assert_cmpint (lks_board_run_get_elsewhere (run, &text), ==, kind);
  g_object_get (run, "detail", &detail, NULL);
  if (words == NULL)
    {
      g_assert_null (text);
      g_assert_null (strstr (detail, "elsewhere"));
      return;
    }
  if (strstr (text, words) == NULL || !g_str_has_prefix (detail, text))
    g_error ("“%s” is not in “%s” or “%s”", words, text, detail);
}

/* What the rows that ask for a consent say: (nullable) for nothing. */
static void
find_rows (GtkWidget *below, GHashTable *said)
{
  if (LKS_IS_CONFIRM_ROW (below))
    {
      GtkWidget *box =
          GTK_WIDGET (gtk_widget_get_template_child (below, LKS_TYPE_CONFIRM_ROW, "elsewhere_box"));
      GtkLabel *label =
          GTK_LABEL (gtk_widget_get_template_child (below, LKS_TYPE_CONFIRM_ROW, "elsewhere"));
      GtkLabel *id =
          GTK_LABEL (gtk_widget_get_template_child (below, LKS_TYPE_CONFIRM_ROW, "id_label"));
      const char *text = gtk_label_get_label (id);

      g_hash_table_insert (said, (gpointer) (text + MAX (strlen (text), 1) - 1),
                           gtk_widget_get_visible (box) ? (gpointer) gtk_label_get_label (label)
                                                        : NULL);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (below); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_rows (child, said);
}

static void
assert_row (GHashTable *said, const char *digit, const char *words)
{
  const char *text;

  g_assert_true (g_hash_table_lookup_extended (said, digit, NULL, (gpointer *) &text));
  if (words == NULL)
    g_assert_null (text);
  else if (text == NULL || strstr (text, words) == NULL)
    g_error ("“%s” is not in “%s”", words, text);
}

static void
test_wizard (World *world, gconstpointer unused)
{
  g_autoptr (GHashTable) said = g_hash_table_new (g_str_hash, g_str_equal);

  check_boards (world);
  assert_told (world, SAME, LKS_ELSEWHERE_SAME_RECIPE, "line-2, 2023-11-1");
  assert_told (world, OTHER, LKS_ELSEWHERE_OTHER_RECIPE, "by another recipe, “Kettle 2”");
  assert_told (world, EARLIER, LKS_ELSEWHERE_EARLIER, "An earlier step was made elsewhere");
  assert_told (world, NOBODY, LKS_ELSEWHERE_NOTHING, NULL);
  assert_told (world, LOCKED, LKS_ELSEWHERE_SAME_RECIPE, "by this very recipe");

  press_next (world);
  find_rows (GTK_WIDGET (world->wizard), said);
  assert_row (said, "1", "make sure that it is the right board");
  assert_row (said, "2", "by another recipe, “Kettle 2”");
  assert_row (said, "3", "by the recipe “Radio”");
  assert_row (said, "4", NULL);
  take_picture ("confirm");

  /* Whoever was told may say yes all the same; a locked board has nothing to say yes to. */
  for (guint i = 0; i < N_BOARDS; i++)
    g_assert_cmpint (lks_board_run_is_confirmable (find_run (world, i)), ==, i != LOCKED);
}

static void
assert_unknown (World *world)
{
  check_boards (world);
  for (guint i = 0; i < N_BOARDS; i++)
    {
      assert_told (world, i, LKS_ELSEWHERE_UNKNOWN, "is not known");
      g_assert_cmpint (lks_board_run_is_confirmable (find_run (world, i)), ==, i != LOCKED);
    }
}

static void
test_server_away (World *world, gconstpointer unused)
{
  write_config ("127.0.0.1", 1);
  assert_unknown (world);
  press_next (world);
  take_picture ("away");
}

/* One that takes the connection and never says a word. */
static void
test_server_silent (World *world, gconstpointer unused)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  write_config ("127.0.0.1", port);
  assert_unknown (world);
}

/* ---- the wall ---- */

static LksWallPlace *
get_place (World *world, guint board)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (world->wall), board);

  return place; /* the wall keeps it */
}

static void
open_wall (World *world)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GBytes) map = g_bytes_new_static (MAP, strlen (MAP));
  g_autoptr (LksRecipe) recipe = parse_recipe (RECIPE ("Kettle"));
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_jig_parse (jig, "jig.json", map, &error));
  world->wall = lks_wall_new (jig);
  lks_wall_set_ledger (world->wall, world->here->ledger);
  lks_wall_set_recipe (world->wall, recipe);
}

static gboolean
shows (World *world, guint board, const char *spoken)
{
  g_autofree char *text = lks_wall_place_dup_spoken (get_place (world, board));

  return g_pattern_match_simple (spoken, text);
}

static void
test_wall (World *world, gconstpointer unused)
{
  g_autofree char *step = NULL;
  g_autofree char *detail = NULL;

  open_wall (world);
  lks_wall_set_boards (world->wall, G_LIST_MODEL (world->list));
  WAIT_UNTIL (shows (world, SAME, "Place A1, *: READY. FINISHED ELSEWHERE. Scan ID."));
  WAIT_UNTIL (shows (world, OTHER, "Place A2, *: READY. FINISHED ELSEWHERE. Scan ID."));
  WAIT_UNTIL (shows (world, EARLIER, "Place A3, *: READY. Scan ID."));
  WAIT_UNTIL (shows (world, NOBODY, "Place A4, *: READY. Scan ID."));
  WAIT_UNTIL (shows (world, LOCKED, "Place A5, *: PASS. FINISHED ELSEWHERE. Unplug."));
  step = lks_wall_place_dup_step (get_place (world, SAME));
  g_assert_cmpstr (step, ==, "FINISHED ELSEWHERE");
  detail = lks_wall_place_dup_detail (get_place (world, OTHER));
  g_assert_true (g_str_has_prefix (detail, "Finished elsewhere: line-2, "));
  g_assert_true (lks_wall_place_is_confirmable (get_place (world, SAME)));
}

static void
test_wall_away (World *world, gconstpointer unused)
{
  g_autofree char *detail = NULL;

  write_config ("127.0.0.1", 1);
  open_wall (world);
  lks_wall_set_boards (world->wall, G_LIST_MODEL (world->list));
  WAIT_UNTIL (shows (world, SAME, "Place A1, *: READY. Scan ID."));
  detail = lks_wall_place_dup_detail (get_place (world, SAME));
  g_assert_nonnull (strstr (detail, "is not known"));
  WAIT_UNTIL (lks_wall_count (world->wall, LKS_TILE_KIND_WORKING) == 0);
}

static LksOperatorSession *
sign_in (World *world)
{
  g_autoptr (LksStationConfig) config = lks_station_config_new ();
  g_autofree char *journal = g_build_filename (world->folder, "journal", NULL);
  g_autofree char *tries = g_build_filename (world->folder, "tries", NULL);
  LksOperatorSession *session = lks_operator_session_new (config, journal, tries);

  sign_in_and_wait (session, &(LksOperatorProof){ .text = "Ada" });
  return session;
}

static guint
count_writes (World *world, guint board)
{
  g_autofree char *device_id = make_device_id (board + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (world->here->ledger, device_id, &error);
  guint count = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = entries->pdata[i];

      count += g_str_equal (entry->step, "set-state") && g_str_equal (entry->phase, "intent");
    }
  return count;
}

/* Whoever armed the wall did not know: what others have finished is verified, and nothing else. */
static void
test_armed (World *world, gconstpointer unused)
{
  g_autoptr (LksOperatorSession) session = sign_in (world);
  g_autofree char *detail = NULL;

  open_wall (world);
  lks_wall_set_operator (world->wall, session);
  g_assert_true (lks_wall_arm (world->wall));
  lks_wall_set_boards (world->wall, G_LIST_MODEL (world->list));
  WAIT_UNTIL (shows (world, SAME, "Place A1, *: STOPPED. FINISHED ELSEWHERE. Unplug."));
  WAIT_UNTIL (shows (world, OTHER, "Place A2, *: STOPPED. FINISHED ELSEWHERE. Unplug."));
  WAIT_UNTIL (shows (world, EARLIER, "Place A3, *: PASS. Unplug."));
  WAIT_UNTIL (shows (world, NOBODY, "Place A4, *: PASS. Unplug."));
  WAIT_UNTIL (shows (world, LOCKED, "Place A5, *: PASS. FINISHED ELSEWHERE. Unplug."));
  for (guint i = 0; i < N_BOARDS; i++)
    g_assert_cmpuint (count_writes (world, i), ==, i == EARLIER || i == NOBODY);
  detail = lks_wall_place_dup_detail (get_place (world, SAME));
  g_assert_true (g_str_has_prefix (detail, "Finished elsewhere: line-2, "));
  lks_operator_session_close (session);
  lks_wall_set_operator (world->wall, NULL);
}

#define TEST(path, func) g_test_add (path, World, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GtkCssProvider) provider = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!postgres_is_installed ())
    {
      g_print ("1..0 # SKIP PostgreSQL is not installed: tools/install test\n");
      return 0;
    }
  picture = argc > 1 ? argv[1] : NULL;
  adw_init ();
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/io/github/locksmith/Locksmith/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  postgres = postgres_new ();
  TEST ("/elsewhere/wizard", test_wizard);
  TEST ("/elsewhere/server-away", test_server_away);
  TEST ("/elsewhere/server-silent", test_server_silent);
  TEST ("/elsewhere/wall", test_wall);
  TEST ("/elsewhere/wall-away", test_wall_away);
  TEST ("/elsewhere/armed", test_armed); /* the last: boards are locked */
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
