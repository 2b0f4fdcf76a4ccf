/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-capability.h"
#include "emu-cloud.h"
#include "emu-control.h"
#include "emu-jig.h"
#include "emu-keys.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define DEFAULT_ADDRESS "127.0.0.1:3240"
#define DEFAULT_IDLE_STATUS_MS 16
#define EXIT_USAGE 2

typedef struct
{
  int n_boards;
  int idle_status_ms;
  char *scenario;
  char *usbip;
  char *cloud;
  char *state_dir;
  char *control;
  char *trace;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->scenario);
  g_free (options->usbip);
  g_free (options->cloud);
  g_free (options->state_dir);
  g_free (options->control);
  g_free (options->trace);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const char description[] =
    "The boards are USB/IP devices. Without the kernel's driver run a program among them with\n"
    "locksmith-bench; with it: modprobe vhci-hcd && usbip attach -r 127.0.0.1 -b 1-1, and copy\n"
    "ca.pem of the state directory to ~/.config/locksmith/trust.d/, and signer.pem, which checks\n"
    "the signatures of its capability files, to ~/.config/locksmith/signers.d/.\n"
    "\n"
    "locksmith-emulator capability and locksmith-emulator image make files for these boards.\n"
    "\n"
    "With --cloud there are also a sign-in service, the resource API of Microsoft.AzureSphere and\n"
    "its images. Programs need ca.pem in ~/.config/locksmith/cloud-trust.d/.\n"
    "\n"
    "When ready, a line is printed: usbip ADDRESS:PORT; and another with --cloud: cloud URL\n"
    "\n"
    "The control socket takes one JSON object per line and answers with one:\n"
    "  {\"command\": \"list\"}\n"
    "  {\"command\": \"state\", \"board\": 0}     also plug, unplug, reset, clear\n"
    "  {\"command\": \"pace\", \"board\": 0, \"bytesPerSecond\": 0}     no limit\n"
    "  {\"command\": \"fault\", \"board\": 0, \"fault\": {\"kind\": \"stall\", \"afterBytes\": "
    "1000}}\n"
    "  {\"command\": \"cloud\"}     also cloud-fault, cloud-clear, cloud-approve, cloud-decline,\n"
    "                           cloud-expire and cloud-revoke\n";

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "boards", 0, 0, G_OPTION_ARG_INT, &options->n_boards,
      "How many boards (default: as the scenario says, or 1)", "N" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &options->scenario,
      "What the boards are like and what goes wrong", "FILE" },
    { "usbip", 0, 0, G_OPTION_ARG_STRING, &options->usbip,
      "Where to serve them; port 0 takes a free one (default: " DEFAULT_ADDRESS ")",
      "ADDRESS:PORT" },
    { "cloud", 0, 0, G_OPTION_ARG_STRING, &options->cloud,
      "Also serve the vendor's cloud there, over HTTPS", "ADDRESS:PORT" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir,
      "Where keys and certificates are kept", "DIR" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &options->control,
      "Listen for commands at this Unix socket", "PATH" },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &options->trace,
      "Append one JSON line per request a board answered", "FILE" },
    { "idle-status-ms", 0, 0, G_OPTION_ARG_INT, &options->idle_status_ms,
      "Least time between USB packets without news; 0 as a real chip (default: 16)", "MS" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "Emulates Azure Sphere boards on an emulated USB.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1 || options->n_boards < 0 || options->n_boards > EMU_SCENARIO_BOARDS_MAX ||
      options->idle_status_ms < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--boards is 1 to %d, times are not negative, and nothing follows the options",
                   EMU_SCENARIO_BOARDS_MAX);
      return FALSE;
    }
  return TRUE;
}

/* Every connection to a board takes two descriptors. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static EmuScenario *
load_scenario (const Options *options, GError **error)
{
  if (options->scenario != NULL)
    return emu_scenario_load (options->scenario, options->n_boards, error);
  return emu_scenario_new (MAX (options->n_boards, 1));
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* The program says that it is ready when a signal already ends it in order: whoever waited for that
 * may send one at once. */
static void
run_until_signal (EmuJig *jig, EmuCloud *cloud)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint int_id = g_unix_signal_add (SIGINT, quit_cb, loop);
  guint term_id = g_unix_signal_add (SIGTERM, quit_cb, loop);

  printf ("usbip %s\n", emu_jig_get_address (jig));
  if (cloud != NULL)
    printf ("cloud %s\n", emu_cloud_get_base (cloud));
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (int_id);
  g_source_remove (term_id);
}

static EmuCloud *
start_cloud (const Options *options,
             EmuScenario *scenario,
             const char *state_dir,
             EmuTrace *trace,
             GError **error)
{
  g_autoptr (GPtrArray) board_ids = g_ptr_array_new ();

  for (guint i = 0; i < emu_scenario_get_n_boards (scenario); i++)
    {
      const EmuBoardConfig *board = emu_scenario_get_board (scenario, i);

      if (board->claimed)
        g_ptr_array_add (board_ids, board->device_id);
    }
  return emu_cloud_new (emu_scenario_steal_cloud (scenario), board_ids, options->cloud, state_dir,
                        trace, error);
}

static gboolean
emulate (const Options *options, GError **error)
{
  g_autofree char *state_dir =
      options->state_dir != NULL ? g_strdup (options->state_dir) : emu_keys_get_default_dir ();
  g_autoptr (EmuTrace) trace = NULL;
  g_autoptr (EmuScenario) scenario = load_scenario (options, error);
  g_autoptr (EmuJig) jig = NULL;
  g_autoptr (EmuCloud) cloud = NULL;
  g_autoptr (EmuControl) control = NULL;

  if (scenario == NULL)
    return FALSE;
  if (options->trace != NULL && (trace = emu_trace_open (options->trace, error)) == NULL)
    return FALSE;
  jig = emu_jig_new (scenario, options->usbip != NULL ? options->usbip : DEFAULT_ADDRESS, state_dir,
                     trace, options->idle_status_ms, error);
  if (jig == NULL)
    return FALSE;
  if (options->cloud != NULL &&
      (cloud = start_cloud (options, scenario, state_dir, trace, error)) == NULL)
    return FALSE;
  if (options->control != NULL &&
      (control = emu_control_new (jig, cloud, options->control, error)) == NULL)
    return FALSE;

  run_until_signal (jig, cloud);
  return TRUE;
}

/* The other things the program can do, by their first word. */
static gboolean
run_tool (int argc, char **argv, int *out_status)
{
  static const struct
  {
    const char *name;
    int (*run) (int argc, char **argv);
  } tools[] = { { "capability", emu_capability_main }, { "image", emu_image_main } };

  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (tools); i++)
    {
      if (g_str_equal (argv[1], tools[i].name))
        {
          *out_status = tools[i].run (argc - 1, argv + 1);
          return TRUE;
        }
    }
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .idle_status_ms = DEFAULT_IDLE_STATUS_MS };
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);
  if (run_tool (argc, argv, &status))
    return status;
  if (!parse_options (&options, &argc, &argv, &error))
    {
      g_printerr ("locksmith-emulator: %s\n", error->message);
      return EXIT_USAGE;
    }
  if (options.version)
    {
      puts ("locksmith-emulator " LOCKSMITH_VERSION);
      return EXIT_SUCCESS;
    }

  raise_descriptor_limit ();
  if (!emulate (&options, &error))
    {
      g_printerr ("locksmith-emulator: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
