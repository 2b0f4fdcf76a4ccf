/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-network LOCKSMITHCTL TRACE: runs under the bench with the boards of network.json:
 *
 *   1-1  fresh
 *   1-2  connected to “Plant”, with Ethernet and REST 4.5.0
 *   1-3  DeviceComplete */

#include "made-cert.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define RIGHT_KEY "the right key"
#define WRONG_KEY "the wrong key"
#define PASSWORD "a proxy password"

static const char *ctl_path;
static const char *trace_path;
static char *folder; /* (owned): with the files that are given to the program */

typedef struct
{
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable): when --json was given */
} Said;

static void
said_clear (Said *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static char **
split (const char *line)
{
  g_autofree char *command = g_strdup_printf ("%s %s", ctl_path, line);
  g_autoptr (GString) expanded = g_string_new (command);
  g_autoptr (GError) error = NULL;
  char **words = NULL;

  g_string_replace (expanded, "@", folder, 0);
  g_assert_true (g_shell_parse_argv (expanded->str, NULL, &words, &error));
  return words;
}

static GSubprocess *
start (const char *line, GSubprocessFlags more)
{
  g_auto (GStrv) words = split (line);
  g_autoptr (GError) error = NULL;
  GSubprocess *program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE | more,
                         &error);

  g_assert_no_error (error);
  return program;
}

static Said
run_with_input (const char *line, const char *input)
{
  g_autoptr (GSubprocess) program =
      start (line, input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  Said said = { 0 };

  g_subprocess_communicate_utf8 (program, input, NULL, &said.output, &said.errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  said.status = g_subprocess_get_exit_status (program);
  g_test_message ("locksmithctl %s: %d\n%s%s", line, said.status, said.output, said.errors);
  if (strstr (line, "--json") != NULL)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
    }
  return said;
}

static Said
run (const char *line)
{
  return run_with_input (line, NULL);
}

static JsonObject *
get_object (const Said *said)
{
  return json_node_get_object (said->json);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  return json_object_get_string_member (object, member);
}

static void
assert_error (const Said *said, int status, const char *domain, const char *code)
{
  JsonObject *error = json_object_get_object_member (get_object (said), "error");

  g_assert_cmpint (said->status, ==, status);
  g_assert_cmpstr (get_text (error, "domain"), ==, domain);
  g_assert_cmpstr (get_text (error, "code"), ==, code);
  g_assert_cmpstr (get_text (error, "advice"), !=, "");
}

static void
write_file (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* ---- what makes no sense ---- */

static void
test_help (void)
{
  static const char *const commands[] = { "wifi", "network", "cert", "network proxy" };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *help = g_strdup_printf ("%s --help", commands[i]);
      g_autofree char *wrong = g_strdup_printf ("%s explode", commands[i]);
      g_auto (Said) helped = run (help);
      g_auto (Said) wronged = run (wrong);
      g_auto (Said) alone = run (commands[i]);

      g_assert_cmpint (helped.status, ==, 0);
      g_assert_true (g_str_has_prefix (helped.output, "Usage: locksmithctl "));
      g_assert_cmpstr (helped.errors, ==, "");
      g_assert_cmpint (wronged.status, ==, 2);
      g_assert_cmpint (alone.status, ==, 2);
      g_assert_cmpstr (alone.output, ==, "");
    }
}

static void
test_usage (void)
{
  static const char *const lines[] = {
    "wifi add --board 1-1",
    "wifi add --ssid Plant --board 1-1", /* no terminal to ask at */
    "wifi add --ssid Plant --open --psk-file @/right.key --board 1-1",
    "wifi add --ssid Plant --open --client-cert-id pump --board 1-1",
    "wifi add --ssid Plant --psk-file @/nothing --board 1-1",
    "wifi add --ssid Plant --psk-file @/long.key --board 1-1",
    "wifi enable --board 1-1",
    "wifi set-key Plant --psk-file @/short.key --board 1-1",
    "wifi power-saving maybe --board 1-1",
    "wifi scan", /* which board? */
    "wifi scan --board 1-1 --board 1-2",
    "network up azure --board 1-1",
    "network proxy set proxy --port 80 --password-file @/right.key --board 1-1",
    "cert add pump --type server --cert @/pump.crt --board 1-1",
    "cert add pump --type client --board 1-1",
    "cert add pump --type client --cert @/pump.crt --key @/other.key --board 1-1",
    "cert add pump --type rootca --cert @/pump.crt --password-file @/right.key --board 1-1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strconcat (lines[i], " --json", NULL);
      g_auto (Said) said = run (line);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_true (json_object_has_member (get_object (&said), "error"));
      g_assert_cmpstr (said.errors, !=, "");
    }
}

static void
test_no_such_board (void)
{
  g_auto (Said) said = run ("wifi list --board 9-9 --json");

  assert_error (&said, 3, "cli", "no-board");
}

static void
test_locked (void)
{
  static const char *const lines[] = { "wifi scan", "wifi add --ssid Plant --open",
                                       "network up wlan0", "cert list" };
  g_auto (Said) lamps = run ("network status --board 1-3 --json");

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strconcat (lines[i], " --board 1-3 --json", NULL);
      g_auto (Said) said = run (line);

      assert_error (&said, 4, "device", "refused");
      g_assert_cmpstr (get_text (get_object (&said), "port"), ==, "1-3");
    }

  /* What is open to everybody is told all the same. */
  g_assert_cmpint (lamps.status, ==, 0);
}

/* ---- what works ---- */

static void
test_scan (void)
{
  g_auto (Said) said = run ("wifi scan --board 1-1 --json");
  g_auto (Said) table = run ("wifi scan --board 1-1");
  JsonArray *networks = json_object_get_array_member (get_object (&said), "networks");
  JsonObject *first = json_array_get_object_element (networks, 0);

  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (json_object_get_null_member (get_object (&said), "error"));
  g_assert_cmpuint (json_array_get_length (networks), ==, 4);
  g_assert_cmpstr (get_text (first, "ssid"), ==, "Plant");
  g_assert_cmpint (json_object_get_int_member (first, "accessPoints"), ==, 2);
  g_assert_cmpstr (get_text (first, "usable"), ==, "yes");
  g_assert_nonnull (strstr (table.output, "(hidden)"));
}

/* A wrong key, what the board says about it, the right one. */
static void
test_wifi (void)
{
  g_auto (Said) failed = run ("wifi add --ssid Plant --psk-file @/wrong.key --board 1-1 --json");
  g_auto (Said) again = run ("wifi add --ssid Plant --psk-file @/right.key --board 1-1 --json");
  g_auto (Said) diagnosis = run ("wifi diagnose --board 1-1 --json");
  g_auto (Said) mended = { 0 };
  g_auto (Said) status = { 0 };
  g_auto (Said) list = { 0 };
  g_auto (Said) disabled = { 0 };
  g_auto (Said) forgotten = { 0 };
  JsonObject *wifi = json_object_get_object_member (get_object (&failed), "wifi");

  g_assert_cmpint (failed.status, ==, 1);
  g_assert_cmpstr (get_text (wifi, "outcome"), ==, "failed");
  g_assert_cmpstr (get_text (json_object_get_object_member (wifi, "failure"), "error"), ==,
                   "WrongKey");
  assert_error (&again, 2, "service", "invalid");
  g_assert_cmpint (diagnosis.status, ==, 0);
  g_assert_nonnull (strstr (diagnosis.output, "Give the network’s key again"));

  mended = run_with_input ("wifi set-key Plant --psk-stdin --board 1-1", RIGHT_KEY "\n");
  g_assert_cmpint (mended.status, ==, 0);
  g_assert_nonnull (strstr (mended.output, "Connected after"));
  status = run ("wifi status --board 1-1 --json");
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (&status), "radio"), "ssid"),
                   ==, "Plant");
  list = run ("wifi list --board 1-1");
  g_assert_nonnull (strstr (list.output, "connected"));
  disabled = run ("wifi disable 0 --board 1-1 --json");
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (&disabled), "network"),
                             "configState"),
                   ==, "disabled");
  forgotten = run ("wifi forget 0 --board 1-1");
  g_assert_cmpint (forgotten.status, ==, 0);
}

static void
test_wifi_without_waiting (void)
{
  g_auto (Said) added = run ("wifi add --ssid Visitors --open --no-wait --board 1-1 --json");
  g_auto (Said) enabled = run ("wifi enable Visitors --board 1-1 --json");
  g_auto (Said) forgotten = run ("wifi forget Visitors --board 1-1");
  JsonObject *network = json_object_get_object_member (get_object (&added), "network");

  g_assert_cmpint (added.status, ==, 0);
  g_assert_cmpstr (get_text (network, "connectionState"), ==, "unknown");
  g_assert_cmpint (enabled.status, ==, 0);
  g_assert_cmpint (forgotten.status, ==, 0);
}

static void
test_wifi_elsewhere (void)
{
  g_auto (Said) elsewhere = run ("wifi add --ssid Visitors --open --timeout 3 --board 1-2 --json");
  g_auto (Said) unsupported = run ("wifi power-saving on --board 1-2 --json");

  g_assert_cmpint (elsewhere.status, ==, 1);
  g_assert_cmpstr (get_text (json_object_get_object_member (get_object (&elsewhere), "wifi"),
                             "otherSsid"),
                   ==, "Plant");
  assert_error (&unsupported, 4, "device", "unsupported");
}

static void
test_network (void)
{
  g_auto (Said) lamps = run ("network status --board 1-2 --json");
  g_auto (Said) down = run ("network down wlan0 --board 1-2");
  g_auto (Said) off = run ("wifi list --board 1-2 --json");
  g_auto (Said) up = run ("network up wlan0 --board 1-2 --json");
  g_auto (Said) service = run ("network down azspheresvc --board 1-2 --json");
  g_auto (Said) mac = run ("network set-mac eth0 02:00:00:00:00:05 --board 1-2");
  g_auto (Said) interfaces = run ("network interfaces --board 1-2");
  g_auto (Said) firewall = run ("network firewall --board 1-2 --json");
  JsonArray *array = json_object_get_array_member (get_object (&lamps), "lamps");

  g_assert_cmpuint (json_array_get_length (array), ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (get_text (json_array_get_object_element (array, i), "state"), ==, "on");
  g_assert_cmpint (down.status, ==, 0);
  g_assert_cmpint (off.status, ==, 0);
  g_assert_nonnull (strstr (off.errors, "network up wlan0"));
  g_assert_cmpint (up.status, ==, 0);
  assert_error (&service, 5, "service", "unsafe");
  g_assert_cmpint (mac.status, ==, 0);
  g_assert_nonnull (strstr (interfaces.output, "02:00:00:00:00:05"));
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (get_object (&firewall), "rulesets")),
                    ==, 5);
}

static void
test_proxy (void)
{
  g_auto (Said) set = run_with_input ("network proxy set proxy.plant --port 3128 --user pump "
                                      "--password-stdin --no-proxy 10.0.0.0/8 --board 1-1 --json",
                                      PASSWORD);
  g_auto (Said) shown = run ("network proxy show --board 1-1");
  g_auto (Said) gone = run ("network proxy delete --board 1-1 --json");
  JsonObject *proxy = json_object_get_object_member (get_object (&set), "proxy");

  g_assert_cmpint (set.status, ==, 0);
  g_assert_cmpstr (get_text (proxy, "username"), ==, "pump");
  g_assert_false (json_object_has_member (proxy, "password"));
  g_assert_nonnull (strstr (shown.output, "proxy.plant port 3128"));
  g_assert_true (json_object_get_null_member (get_object (&gone), "proxy"));
}

static void
test_certs (void)
{
  g_auto (Said) added = run ("cert add pump --type client --cert @/pump.crt --key @/locked.key "
                             "--password-file @/key.password --board 1-1 --json");
  g_auto (Said) root = run ("cert add root --type rootca --cert @/root.crt --board 1-1");
  g_auto (Said) twice = run ("cert add root --type rootca --cert @/root.crt --board 1-1 --json");
  g_auto (Said) list = run ("cert list --board 1-1 --json");
  g_auto (Said) table = run ("cert list --board 1-1");
  g_auto (Said) network = run ("wifi add --ssid Plant-EAP --client-cert-id pump --root-ca-cert-id "
                               "root --board 1-1");
  g_auto (Said) used = run ("cert remove root --board 1-1 --json");
  g_auto (Said) forgotten = run ("wifi forget Plant-EAP --board 1-1");
  g_auto (Said) removed = run ("cert remove root --board 1-1");
  g_auto (Said) all_the_same = run ("cert remove pump --also-if-used --board 1-1 --json");
  g_auto (Said) space = run ("cert space --board 1-1");
  JsonObject *store = json_object_get_object_member (get_object (&list), "store");

  g_assert_cmpint (added.status, ==, 0);
  g_assert_cmpint (root.status, ==, 0);
  g_assert_nonnull (strstr (root.errors, "expires within 30 days"));
  assert_error (&twice, 2, "service", "exists");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (store, "certificates")),
                    ==, 2);
  g_assert_nonnull (strstr (table.output, "days left"));
  g_assert_nonnull (strstr (table.errors, "clock is not set"));
  g_assert_cmpint (network.status, ==, 0);
  assert_error (&used, 5, "service", "unsafe");
  g_assert_cmpint (forgotten.status, ==, 0);
  g_assert_cmpint (removed.status, ==, 0);
  g_assert_cmpint (all_the_same.status, ==, 0);
  g_assert_cmpstr (space.output, ==, "24514\n");
}

/* ---- what nobody must see ---- */

static void
assert_absent (const char *where, const char *data, gsize size, const char *secret)
{
  if (data != NULL && memmem (data, size, secret, strlen (secret)) != NULL)
    g_error ("%s shows a secret", where);
}

static gboolean
is_running (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;
  const char *name_end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  name_end = strrchr (text, ')');
  g_assert_nonnull (name_end);
  return !g_str_has_prefix (name_end, ") Z");
}

/* Arguments and environment appear a moment after a program was started. (nullable) (transfer
 * full): NULL: it has ended */
static char *
read_proc (const char *pid, const char *file, gsize *out_size)
{
  g_autofree char *path = g_build_filename ("/proc", pid, file, NULL);

  do
    {
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, out_size, NULL) && *out_size > 0)
        return g_steal_pointer (&text);
    }
  while (is_running (pid));
  return NULL;
}

/* What other users and the system see of a running program; whether it still ran. */
static gboolean
assert_absent_in_proc (GSubprocess *program, const char *secret)
{
  static const char *const files[] = { "cmdline", "environ" };
  const char *pid = g_subprocess_get_identifier (program);
  guint n_seen = 0;

  for (gsize i = 0; pid != NULL && i < G_N_ELEMENTS (files); i++)
    {
      gsize size = 0;
      g_autofree char *text = read_proc (pid, files[i], &size);

      assert_absent (files[i], text, size, secret);
      n_seen += text != NULL;
    }
  return n_seen == G_N_ELEMENTS (files);
}

/* With everything logged that the program can log. Returns whether it was seen while it ran. */
static gboolean
check_secret (const char *line, const char *secret)
{
  g_auto (GStrv) words = split (line);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  gboolean was_seen;

  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  program = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  was_seen = assert_absent_in_proc (program, secret);
  g_subprocess_communicate_utf8 (program, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %d", line, g_subprocess_get_exit_status (program));
  g_assert_nonnull (strstr (errors, "DEBUG")); /* it did log */
  assert_absent ("standard output", output, strlen (output), secret);
  assert_absent ("standard error", errors, strlen (errors), secret);
  return was_seen;
}

static void
test_secrets (void)
{
  static const struct
  {
    const char *line;
    const char *secret;
  } cases[] = {
    { "wifi add --ssid Plant --psk-file @/wrong.key --board 1-1 --json", WRONG_KEY },
    { "wifi set-key Plant --psk-file @/right.key --board 1-1 --json", RIGHT_KEY },
    { "wifi set-key Nowhere --psk-file @/right.key --board 1-1 --json", RIGHT_KEY },
    { "wifi add --ssid Plant --psk-file @/right.key --board 1-3 --json", RIGHT_KEY },
    { "network proxy set p --port 1 --user u --password-file @/proxy.password --board 1-1 --json",
      PASSWORD },
    { "network proxy set p --port 1 --user u --password-file @/proxy.password --board 1-3 --json",
      PASSWORD },
    { "cert add pump --type client --cert @/pump.crt --key @/locked.key --password-file "
      "@/key.password --board 1-1 --json",
      MADE_CERT_PASSWORD },
    { "cert add pump --type client --cert @/pump.crt --key @/locked.key --password-file "
      "@/key.password --board 1-3 --json",
      MADE_CERT_PASSWORD },
  };
  g_autofree char *trace = NULL;
  gsize trace_size = 0;
  guint n_seen = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    n_seen += check_secret (cases[i].line, cases[i].secret);
  g_assert_cmpuint (n_seen, >, 0);

  g_assert_true (g_file_get_contents (trace_path, &trace, &trace_size, NULL));
  g_assert_nonnull (strstr (trace, "/wifi/config/networks")); /* it is the right file */
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_absent ("the trace", trace, trace_size, cases[i].secret);
}

/* The lines of a private key, which is longer than one. */
static void
test_private_key_stays_secret (void)
{
  g_auto (Said) mismatch = { 0 };
  g_autofree char *path = g_build_filename (folder, "pump.key", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  check_secret ("cert add key --type client --cert @/pump.crt --key @/pump.key --board 1-1 --json",
                lines[1]);
  mismatch =
      run ("cert add key --type client --cert @/other.crt --key @/pump.key --board 1-1 --json");
  g_assert_cmpint (mismatch.status, ==, 2);
  g_assert_null (strstr (mismatch.errors, lines[1]));
  g_assert_null (strstr (mismatch.output, lines[1]));
}

/* People try it all the same; it is refused without being repeated. */
static void
test_secret_on_command_line (void)
{
  static const char *const lines[] = {
    "wifi add --ssid Plant --psk=the_key_itself --board 1-1",
    "wifi add --ssid Plant --psk the_key_itself --board 1-1",
    "wifi set-key Plant --psk=the_key_itself --board 1-1",
    "network proxy set proxy --port 1 --user a --password=the_key_itself --board 1-1",
    "cert add pump --type client --password=the_key_itself --board 1-1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Said) said = run (lines[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_nonnull (strstr (said.errors, "can read command lines"));
      g_assert_null (strstr (said.errors, "the_key_itself"));
    }
}

/* ---- the prompt ---- */

/* Standard input is the terminal; in the child, before the program begins. */
static void
own_terminal_cb (gpointer unused)
{
  setsid ();
  ioctl (STDIN_FILENO, TIOCSCTTY, 0);
}

/* Runs the program with a terminal of its own, types when it asks, and returns what the terminal
 * showed. */
static char *
run_at_terminal (const char *line, const char *typed, int *out_status)
{
  g_auto (GStrv) words = split (line);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) shown = g_string_new (NULL);
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  int slave;
  char bytes[256];
  gssize got;

  g_assert_true (grantpt (master) == 0 && unlockpt (master) == 0);
  slave = open (ptsname (master), O_RDWR | O_NOCTTY);
  g_assert_cmpint (slave, >=, 0);
  g_subprocess_launcher_take_stdin_fd (launcher, slave);
  g_subprocess_launcher_set_child_setup (launcher, own_terminal_cb, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_close (launcher);

  while (strstr (shown->str, ": ") == NULL && (got = read (master, bytes, sizeof bytes)) > 0)
    g_string_append_len (shown, bytes, got);
  g_assert_cmpint (write (master, typed, strlen (typed)), ==, (gssize) strlen (typed));
  while ((got = read (master, bytes, sizeof bytes)) > 0)
    g_string_append_len (shown, bytes, got);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  *out_status = g_subprocess_get_exit_status (program);
  close (master);
  return g_strdup (shown->str);
}

static void
test_prompt (void)
{
  int status = -1;
  g_autofree char *shown =
      run_at_terminal ("wifi set-key Plant --board 1-1", RIGHT_KEY "\n", &status);

  g_test_message ("%s", shown);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (shown, "New key of the network: "));
  g_assert_null (strstr (shown, RIGHT_KEY)); /* no echo */
}

static void
test_prompt_interrupted (void)
{
  int status = -1;
  g_autofree char *shown = run_at_terminal ("wifi set-key Plant --board 1-1", "half\003", &status);

  g_assert_cmpint (status, ==, 130);
  g_assert_null (strstr (shown, "half"));
}

static void
write_certs (void)
{
  g_autoptr (MadeCert) pump = made_cert_new_days ("pump", -1, 100);
  g_autoptr (MadeCert) other = made_cert_new_days ("other", -1, 100);
  g_autoptr (MadeCert) root = made_cert_new_days ("root", -1, 10);

  write_file ("pump.crt", pump->cert);
  write_file ("pump.key", pump->key);
  write_file ("locked.key", pump->encrypted);
  write_file ("other.crt", other->cert);
  write_file ("other.key", other->key);
  write_file ("root.crt", root->cert);
}

static void
write_secrets (void)
{
  g_autofree char *long_key = g_strnfill (64, 'k');

  write_file ("right.key", RIGHT_KEY "\n");
  write_file ("wrong.key", WRONG_KEY);
  write_file ("short.key", "1234567\n");
  write_file ("long.key", long_key);
  write_file ("proxy.password", PASSWORD "\r\n");
  write_file ("key.password", MADE_CERT_PASSWORD "\n");
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl_path = argv[1];
  trace_path = argv[2];
  folder = g_dir_make_tmp ("lks-cli-XXXXXX", NULL);
  write_certs ();
  write_secrets ();

  g_test_add_func ("/cli-network/help", test_help);
  g_test_add_func ("/cli-network/usage", test_usage);
  g_test_add_func ("/cli-network/no-such-board", test_no_such_board);
  g_test_add_func ("/cli-network/locked", test_locked);
  g_test_add_func ("/cli-network/scan", test_scan);
  g_test_add_func ("/cli-network/certs", test_certs);
  g_test_add_func ("/cli-network/wifi", test_wifi);
  g_test_add_func ("/cli-network/wifi-without-waiting", test_wifi_without_waiting);
  g_test_add_func ("/cli-network/wifi-elsewhere", test_wifi_elsewhere);
  g_test_add_func ("/cli-network/network", test_network);
  g_test_add_func ("/cli-network/proxy", test_proxy);
  g_test_add_func ("/cli-network/secrets", test_secrets);
  g_test_add_func ("/cli-network/private-key", test_private_key_stays_secret);
  g_test_add_func ("/cli-network/secret-on-command-line", test_secret_on_command_line);
  g_test_add_func ("/cli-network/prompt", test_prompt);
  g_test_add_func ("/cli-network/prompt-interrupted", test_prompt_interrupted);
  status = g_test_run ();
  remove_folder ();
  return status;
}
