/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-program.h"

#include <string.h>

static const char *program_path;
static const char *program_folder;

void
said_clear (Said *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

JsonObject *
said_get_object (const Said *self, const char *member)
{
  JsonObject *object = json_node_get_object (self->json);

  return member != NULL ? json_object_get_object_member (object, member) : object;
}

void
said_assert_error (const Said *self, int status, const char *domain, const char *code)
{
  JsonObject *error = said_get_object (self, "error");

  g_assert_cmpint (self->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_nonnull (json_object_get_string_member (error, "advice"));
  g_assert_cmpstr (self->errors, !=, "");
}

void
cli_program_init (const char *path, const char *folder)
{
  program_path = path;
  program_folder = folder;
}

static GSubprocess *
start (const char *format, va_list values, gboolean *out_json)
{
  g_autoptr (GString) line = g_string_new (program_path);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  GSubprocess *program;

  g_string_append_c (line, ' ');
  g_string_append_vprintf (line, format, values);
  g_string_replace (line, "@", program_folder, 0);
  g_test_message ("%s", line->str);
  g_assert_true (g_shell_parse_argv (line->str, NULL, &words, &error));
  *out_json = g_strv_contains ((const char *const *) words, "--json");
  program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  return program;
}

/* With --json one document and nothing else; json_from_string() refuses a second one. */
static Said
finish (GSubprocess *program, gboolean is_json)
{
  g_autoptr (GError) error = NULL;
  Said said = { 0 };

  g_subprocess_communicate_utf8 (program, NULL, NULL, &said.output, &said.errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  said.status = g_subprocess_get_exit_status (program);
  g_test_message ("%d\n%s%s", said.status, said.output, said.errors);
  if (is_json)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
    }
  return said;
}

Said
cli_program_run (const char *format, ...)
{
  g_autoptr (GSubprocess) program = NULL;
  gboolean is_json;
  va_list values;

  va_start (values, format);
  program = start (format, values, &is_json);
  va_end (values);
  return finish (program, is_json);
}

Said
cli_program_run_and (CliProgramFunc func, const char *format, ...)
{
  g_autoptr (GSubprocess) program = NULL;
  gboolean is_json;
  va_list values;

  va_start (values, format);
  program = start (format, values, &is_json);
  va_end (values);
  func ();
  return finish (program, is_json);
}
