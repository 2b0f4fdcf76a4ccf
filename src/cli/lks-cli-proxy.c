/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-network.h"

#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli-work.h"
#include "lks-proxy-change.h"

#include <stdio.h>

/* What the command line says. */
typedef struct
{
  const char *address;
  int port;
  char *username;
  char **no_proxy;
  gboolean is_disabled;
  LksCliSecretSource password_source;
  LksSecret *password; /* (owned) (nullable) */
  LksProxy *proxy;     /* (owned) (nullable): as the board has it */
} ProxySet;

static void
proxy_set_clear (ProxySet *self)
{
  g_free (self->username);
  g_strfreev (self->no_proxy);
  lks_cli_secret_source_clear (&self->password_source);
  g_clear_pointer (&self->password, lks_secret_unref);
  g_clear_pointer (&self->proxy, lks_proxy_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ProxySet, proxy_set_clear)

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  if (text != NULL)
    printf ("  %-16s %s\n", label, clean);
}

static int
report (LksCliWork *work, const LksProxy *proxy)
{
  g_autofree char *address = NULL;
  g_autofree char *no_proxy = NULL;

  if (work->json)
    {
      lks_cli_work_print_json (work, "proxy", lks_proxy_to_json (proxy));
      return LKS_CLI_EXIT_DONE;
    }
  if (!proxy->is_configured)
    {
      puts ("The board uses no proxy.");
      return LKS_CLI_EXIT_DONE;
    }

  address = g_strdup_printf ("%s port %u", proxy->address, proxy->port);
  no_proxy = proxy->no_proxy_addresses != NULL && proxy->no_proxy_addresses[0] != NULL
                 ? g_strjoinv (", ", proxy->no_proxy_addresses)
                 : NULL;
  puts (proxy->is_enabled ? "The board uses a proxy." : "The board has a proxy, switched off.");
  print_line ("Address", address);
  print_line ("Authentication", proxy->authentication_text);
  print_line ("User", proxy->username);
  print_line ("Not for", no_proxy);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
show_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksProxy **proxy = user_data;

  *proxy = lks_device_get_proxy (device, cancellable, error);
  return *proxy != NULL;
}

static int
show (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksProxy) proxy = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network proxy show",
                           "Shows the web proxy; its password is never shown.", 0, &argc, &argv,
                           &error) ||
      !lks_cli_work_run (&work, show_in_thread, &proxy, &error))
    return lks_cli_work_fail (&work, error);

  return report (&work, proxy);
}

static LksProxyRequest
build_request (const ProxySet *self)
{
  return (LksProxyRequest){
    .is_enabled = !self->is_disabled,
    .address = self->address,
    .port = self->port > 0 ? (guint) self->port : 0,
    .no_proxy_addresses = (const char *const *) self->no_proxy,
    .username = self->username,
    .password = self->password != NULL ? lks_secret_get_text (self->password) : NULL,
  };
}

static gboolean
set_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  ProxySet *self = user_data;
  LksProxyRequest request = build_request (self);

  self->proxy = lks_proxy_apply (device, &request, cancellable, error);
  g_clear_pointer (&self->password, lks_secret_unref);
  return self->proxy != NULL;
}

static gboolean
prepare (ProxySet *self, GError **error)
{
  gboolean has_source = self->password_source.file != NULL || self->password_source.from_stdin;
  LksProxyRequest request;

  if (self->username == NULL && has_source)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "A password needs --user NAME");
      return FALSE;
    }
  if (self->username != NULL)
    {
      self->password = lks_cli_secret_read (&self->password_source, "Password of the proxy",
                                            "--password-file FILE or --password-stdin",
                                            LKS_PROXY_NAME_MAX, error);
      if (self->password == NULL)
        return FALSE;
    }

  request = build_request (self);
  return lks_proxy_check_request (&request, error);
}

static int
set (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (ProxySet) wish = { NULL };
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &wish.port, "Its port", "NUMBER" },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &wish.username,
      "User name; asks for the password without --password-file and --password-stdin", "NAME" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &wish.password_source.file,
      "Read the password from a file", "FILE" },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &wish.password_source.from_stdin,
      "Read the password from standard input", NULL },
    { "password", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    { "no-proxy", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish.no_proxy,
      "An address that is reached without it; may be repeated", "ADDRESS" },
    { "disabled", 0, 0, G_OPTION_ARG_NONE, &wish.is_disabled, "Store it without using it", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, "network proxy set ADDRESS --port NUMBER",
                           "Lets the board reach the web through a proxy.", 1, &argc, &argv,
                           &error))
    return lks_cli_work_fail (&work, error);

  wish.address = argv[1];
  if (!prepare (&wish, &error) || !lks_cli_work_run (&work, set_in_thread, &wish, &error))
    return lks_cli_work_fail (&work, error);

  return report (&work, wish.proxy);
}

static gboolean
delete_in_thread (LksDevice *device, gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_proxy_remove (device, cancellable, error);
}

static int delete (int argc, char **argv)
{
  const LksProxy none = { .is_configured = FALSE };
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network proxy delete",
                           "Removes the web proxy and its password.", 0, &argc, &argv, &error) ||
      !lks_cli_work_run (&work, delete_in_thread, NULL, &error))
    return lks_cli_work_fail (&work, error);

  return report (&work, &none);
}

/**
 * lks_cli_network_proxy:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb, the second what to do with the proxy
 *
 * The web proxy of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_network_proxy (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "show", NULL, "The proxy, without its password", show },
    { "set", "ADDRESS --port NUMBER", "Use a proxy", set },
    { "delete", NULL, "Use none", delete },
  };

  return lks_cli_run_verb ("network proxy", verbs, G_N_ELEMENTS (verbs),
                           "The web proxy of a board.", argc, argv);
}
