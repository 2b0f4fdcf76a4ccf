/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "said.h"

#include <gio/gio.h>
#include <string.h>

void
said_clear (Said *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

/* Runs a program with @arguments, quoted as in a shell, and waits for its end. With --json its
 * output must be one document and nothing else. */
Said
said_by (const char *program, const char *arguments)
{
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *line = g_strdup_printf ("%s %s", quoted, arguments);
  g_autoptr (GSubprocess) process = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  Said said = { 0 };

  g_assert_true (g_shell_parse_argv (line, NULL, &words, &error));
  process =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &said.output, &said.errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  said.status = g_subprocess_get_exit_status (process);
  g_test_message ("%s: %d\n%s%s", line, said.status, said.output, said.errors);

  if (strstr (arguments, "--json") != NULL)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
      g_assert_nonnull (said.json);
    }
  return said;
}

JsonObject *
said_get_object (const Said *self)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (self->json));
  return json_node_get_object (self->json);
}

JsonArray *
said_get_array (const Said *self)
{
  g_assert_true (JSON_NODE_HOLDS_ARRAY (self->json));
  return json_node_get_array (self->json);
}

void
said_assert_error (const Said *self, int status, const char *domain, const char *code)
{
  JsonObject *error = json_object_get_object_member (said_get_object (self), "error");

  g_assert_cmpint (self->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_nonnull (json_object_get_string_member (error, "message"));
  g_assert_nonnull (json_object_get_string_member (error, "advice"));
  g_assert_true (g_str_has_prefix (self->errors, "locksmithctl: "));
}
