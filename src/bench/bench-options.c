/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-options.h"

#include "bench-wire.h"

static const char description[] =
    "PROGRAM sees the boards as if plugged in: through libusb, with hotplug, as any program it "
    "starts. "
    "The exit\nstatus is PROGRAM's; 125 if the boards could not be plugged in.\n"
    "\n"
    "A PLACE is what libusb calls bus and ports: 1-2. While PROGRAM runs, from a program it "
    "started or\n"
    "with the directory it has in " BENCH_WIRE_DIR_VARIABLE ":\n"
    "  locksmith-bench --join DIR -- PROGRAM        a second program with the same boards\n"
    "  locksmith-bench --join DIR --unplug PLACE    the hand at the cable; also --plug\n"
    "  locksmith-bench --join DIR --deny PLACE      no permission to open it; also --allow\n"
    "\n"
    "With --cloud PROGRAM trusts the emulated service, whose address is in the file \"cloud\" of "
    "that directory.\n";

/* Returns what is wrong with the options together, or NULL. */
static const char *
find_mistake (const BenchOptions *o)
{
  gboolean has_emulator_option = o->n_boards != 0 || o->scenario != NULL || o->trace != NULL ||
                                 o->control != NULL || o->cloud != NULL || o->is_private;

  if (o->n_boards < 0)
    return "--boards needs a number of boards";
  if (o->state_dir != NULL && o->is_private)
    return "--state-dir and --private exclude each other";
  if ((o->join != NULL || o->usbip != NULL) && has_emulator_option)
    return "--boards, --scenario, --trace, --control, --cloud and --private are for an emulator "
           "started here, not for --usbip or --join";
  if (o->join == NULL && o->command == NULL)
    return "there is no PROGRAM to run";
  if (o->join == NULL && (o->allow != NULL || o->unplug != NULL || o->plug != NULL))
    return "--allow, --unplug and --plug need --join DIR";
  if (o->join != NULL && o->command == NULL && o->deny == NULL && o->allow == NULL &&
      o->unplug == NULL && o->plug == NULL)
    return "--join DIR needs a PROGRAM, --unplug, --plug, --deny or --allow";
  return NULL;
}

/**
 * bench_options_parse:
 * @self: all zero
 * @argc: number of arguments
 * @argv: the arguments of main(), which stay as they are
 * @error: return location for an error
 *
 * Reads the command line. `--help` is answered here and ends the program.
 *
 * Returns: whether the options make sense; bench_options_clear() is due in any case
 */
gboolean
bench_options_parse (BenchOptions *self, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "boards", 0, 0, G_OPTION_ARG_INT, &self->n_boards, "How many boards are plugged in", "N" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &self->scenario, "Boards and faults from a file",
      "FILE" },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &self->trace, "Record every request a board answers",
      "FILE" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &self->control, "Control socket of the emulator",
      "SOCKET" },
    { "cloud", 0, 0, G_OPTION_ARG_STRING, &self->cloud,
      "Also serve the vendor's cloud there; port 0 takes a free one", "ADDRESS:PORT" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->state_dir, "Keys of the emulated boards",
      "DIR" },
    { "private", 0, 0, G_OPTION_ARG_NONE, &self->is_private, "New keys, for this run only", NULL },
    { "usbip", 0, 0, G_OPTION_ARG_STRING, &self->usbip,
      "Take the boards of a running USB/IP server", "HOST:PORT" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca, "Certificate authority of the boards", "FILE" },
    { "join", 0, 0, G_OPTION_ARG_FILENAME, &self->join, "Join a running locksmith-bench", "DIR" },
    { "deny", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->deny, "Nobody may open the board there",
      "PLACE" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->allow, "Undo --deny", "PLACE" },
    { "unplug", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->unplug, "Take a board out", "PLACE" },
    { "plug", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->plug, "Put it back in", "PLACE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->command, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("-- PROGRAM [ARGS]");
  g_auto (GStrv) arguments = g_strdupv (argv);
  const char *mistake;

  g_option_context_set_summary (context, "Runs PROGRAM with emulated boards plugged in.");
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &arguments, error))
    return FALSE;

  mistake = find_mistake (self);
  if (mistake != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, mistake);
  return mistake == NULL;
}

/**
 * bench_options_clear:
 * @self: options
 */
void
bench_options_clear (BenchOptions *self)
{
  g_free (self->scenario);
  g_free (self->trace);
  g_free (self->control);
  g_free (self->cloud);
  g_free (self->state_dir);
  g_free (self->usbip);
  g_free (self->ca);
  g_free (self->join);
  g_strfreev (self->deny);
  g_strfreev (self->allow);
  g_strfreev (self->unplug);
  g_strfreev (self->plug);
  g_strfreev (self->command);
}
