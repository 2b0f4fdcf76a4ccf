/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-wizard-label [FOLDER]: a wizard whose recipe wants a label for each unit, under
 * locksmith-bench, on a display, with the boards of wizard-label-boards.json plugged in. With
 * FOLDER it takes pictures there. */
#include "wait-until.h"
#include "widgets.h"

#include "lks-board-list.h"
#include "lks-confirm-row.h"
#include "lks-operator-gate.h"
#include "lks-wizard.h"

#include <glib/gstdio.h>
#include <string.h>

#define RECIPE                                                                                     \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"     \
  "\"images\":[],\"label\":{\"pattern\":\"KTL-[0-9]{4}\",\"required\":true}}"

enum
{
  ENTRY_LABEL,
  ENTRY_DIGITS,
};

static const char *pictures; /* (nullable) */

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *list;
  LksLedger *ledger;
  LksOperatorGate *gate; /* as the application does */
  GSettings *settings;
  char *folder;
  LksLockJob *job;
  LksWizard *wizard;
} World;

static void
open_wizard (World *world)
{
  const LksRunOrder order = { .operator_name = "Olga" };
  g_autofree char *recipe = g_build_filename (world->folder, "recipe.json", NULL);

  g_assert_true (g_file_set_contents (recipe, RECIPE, -1, NULL));
  g_settings_set_string (world->settings, "last-recipe", recipe);
  world->job = lks_lock_job_new (G_LIST_MODEL (world->list), world->ledger, &order);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (G_LIST_MODEL (world->list), i);

      WAIT_UNTIL (lks_lock_job_can_choose (board));
      lks_lock_job_set_chosen (world->job, board, TRUE);
    }
  world->wizard = lks_wizard_new (world->job, world->settings);
  gtk_window_present (GTK_WINDOW (world->wizard));
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  world->folder = g_dir_make_tmp ("lks-wizard-label-XXXXXX", NULL);
  path = g_build_filename (world->folder, "ledger.sqlite", NULL);
  world->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
  world->settings = g_settings_new ("io.github.locksmith.Locksmith");
  world->gate = lks_operator_gate_ref_default ();
  open_wizard (world);
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_autofree char *line = g_strdup_printf ("rm -r '%s'", world->folder);

  gtk_window_destroy (GTK_WINDOW (world->wizard));
  WAIT_FINALIZED (world->job);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
  WAIT_FINALIZED (world->gate);
  g_object_unref (world->ledger);
  g_object_unref (world->settings);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_free (world->folder);
}

static void
press_next (World *world)
{
  WAIT_UNTIL (widget_can (GTK_WIDGET (world->wizard), "wizard.next")); /* the recipe is read */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (world->wizard), "wizard.next", NULL));
}

static void
take_picture (World *world, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = pictures != NULL ? g_build_filename (pictures, file, NULL) : NULL;

  if (path != NULL)
    widget_take_picture (GTK_WINDOW (world->wizard), path);
}

static LksBoardRun *
get_run (World *world, guint i)
{
  g_autoptr (LksBoardRun) run = g_list_model_get_item (lks_lock_job_get_runs (world->job), i);

  return run; /* the job keeps it */
}

static GtkWidget *
find_row (World *world, guint number)
{
  GtkWidget *row = widget_find (GTK_WIDGET (world->wizard), LKS_TYPE_CONFIRM_ROW);

  for (; number > 0; number--)
    row = gtk_widget_get_next_sibling (row);
  g_assert_true (LKS_IS_CONFIRM_ROW (row));
  return row;
}

static const char *
get_digits (LksBoardRun *run)
{
  const char *id = lks_finalizer_get_device_id (lks_board_run_get_finalizer (run));

  return id + strlen (id) - 6;
}

static void
assert_row (World *world, guint number, const char *word, guint n_confirmed)
{
  g_assert_true (widget_shows (find_row (world, number), word));
  g_assert_cmpuint (lks_lock_job_get_n_confirmed (world->job), ==, n_confirmed);
}

static void
assert_recorded (World *world, LksBoardRun *run, const char *label)
{
  LksRunResult *result = lks_finalizer_get_result (lks_board_run_get_finalizer (run));
  g_autoptr (LksRecord) record = lks_ledger_get (world->ledger, result->record_id, NULL);

  g_assert_cmpstr (lks_record_get_fields (record)->label, ==, label);
}

/* Each unit is told by its label and its board, before anybody agrees. */
static void
test_label (World *world, gconstpointer unused)
{
  press_next (world);
  press_next (world);
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  press_next (world);
  g_assert_cmpuint (lks_lock_job_get_n_confirmable (world->job), ==, 2);
  g_assert_true (widget_shows (GTK_WIDGET (world->wizard), "scan the label of the unit, then"));

  assert_row (world, 0, "Label missing", 0);
  widget_type (find_row (world, 0), ENTRY_DIGITS, get_digits (get_run (world, 0)));
  assert_row (world, 0, "Label missing", 0);
  widget_type (find_row (world, 0), ENTRY_LABEL, "KTL-004");
  assert_row (world, 0, "Not such a label", 0);
  take_picture (world, "wizard-label");
  widget_type (find_row (world, 0), ENTRY_LABEL, "KTL-0042");
  assert_row (world, 0, "Confirmed", 1);

  widget_type (find_row (world, 1), ENTRY_LABEL, "KTL-0043");
  assert_row (world, 1, "Not confirmed", 1);
  widget_type (find_row (world, 1), ENTRY_DIGITS, get_digits (get_run (world, 1)));
  assert_row (world, 1, "Confirmed", 2);
  widget_type (find_row (world, 1), ENTRY_DIGITS, "");
  assert_row (world, 1, "Not confirmed", 1);
  take_picture (world, "wizard-label-confirmed");

  press_next (world);
  WAIT_UNTIL (lks_lock_job_get_busy (world->job));
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (lks_finalizer_get_outcome (lks_board_run_get_finalizer (get_run (world, 0))), ==,
                   LKS_OUTCOME_FINALIZED);
  assert_recorded (world, get_run (world, 0), "KTL-0042");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  pictures = argc > 1 ? argv[1] : NULL;
  g_test_add ("/wizard-label/each-unit", World, NULL, set_up, test_label, tear_down);
  return g_test_run ();
}
