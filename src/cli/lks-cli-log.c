/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-enums.h"
#include "lks-log-reader.h"
#include "lks-log-writer.h"
#include "lks-whole-file.h"

#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <unistd.h>

typedef struct
{
  LksCliWork work;
  char *file;
  char *format_word;
  char *messages_folder;
  char *priority_word;

  LksLogFormat format;
  LksLogPriority least;
  LksLogMessages *messages; /* (owned) (nullable) */
  LksLogRing *ring;         /* (owned) (nullable) */
} LogCommand;

static void
log_command_clear (LogCommand *self)
{
  lks_cli_work_clear (&self->work);
  g_free (self->file);
  g_free (self->format_word);
  g_free (self->messages_folder);
  g_free (self->priority_word);
  g_clear_pointer (&self->messages, lks_log_messages_unref);
  g_clear_pointer (&self->ring, lks_log_ring_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LogCommand, log_command_clear)

static gboolean
choose_format (LogCommand *self, GError **error)
{
  int format = LKS_LOG_FORMAT_RAW;

  if (self->format_word != NULL &&
      !lks_enum_from_nick (LKS_TYPE_LOG_FORMAT, self->format_word, &format))
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                   "“%s” is no format of a log: choose raw, text or jsonl", self->format_word);
      return FALSE;
    }
  if (format == LKS_LOG_FORMAT_RAW && self->messages_folder != NULL)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--messages has no meaning for a raw log: add --format text or jsonl");
      return FALSE;
    }

  self->format = (LksLogFormat) format;
  return TRUE;
}

/* The board's words, in any case; a record without a priority is no choice. */
static gboolean
choose_priority (LogCommand *self, GError **error)
{
  g_autoptr (GTypeClass) priorities = g_type_class_ref (LKS_TYPE_LOG_PRIORITY);
  const GEnumClass *words = G_ENUM_CLASS (priorities);

  if (self->priority_word == NULL)
    return TRUE;

  for (guint i = LKS_LOG_PRIORITY_FATAL; i < words->n_values; i++)
    if (g_ascii_strcasecmp (words->values[i].value_nick, self->priority_word) == 0)
      {
        self->least = (LksLogPriority) words->values[i].value;
        return TRUE;
      }

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               "“%s” is no priority: choose fatal, error, warning, info, debug or trace",
               self->priority_word);
  return FALSE;
}

static gboolean
load_messages (LogCommand *self, GError **error)
{
  if (self->messages_folder == NULL)
    return TRUE;

  self->messages = lks_log_messages_load (self->messages_folder, error);
  return self->messages != NULL;
}

/* Worker thread. */
static gboolean
read_log_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LogCommand *self = user_data;

  self->ring = lks_log_read (device, cancellable, error);
  return self->ring != NULL;
}

/* What could not be read is told, but a log with holes is a log. */
static void
warn_of_problems (LogCommand *self)
{
  guint n = lks_log_ring_get_problems (self->ring);

  if (n > 0)
    fprintf (stderr, "locksmithctl: %u place%s in the log could not be read\n", n,
             n == 1 ? "" : "s");
}

static gboolean
write_log (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LogCommand *self = user_data;
  const LksLogWish wish = { .messages = self->messages };

  return lks_log_write (self->ring, &wish, self->format, stream, cancellable, error);
}

/* Others may not read a log, and half a log does not replace a whole one. */
static gboolean
save_log (LogCommand *self, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

  return lks_whole_file_write (file, G_FILE_CREATE_PRIVATE, write_log, self, NULL, error);
}

static void
report_saved (LogCommand *self, const char *path)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "file", path);
  json_object_set_string_member (object, "format",
                                 lks_enum_to_nick (LKS_TYPE_LOG_FORMAT, (int) self->format));
  json_object_set_int_member (object, "records", lks_log_ring_get_length (self->ring));
  json_object_set_int_member (object, "problems", lks_log_ring_get_problems (self->ring));
  json_node_take_object (node, object);
  if (self->work.json)
    lks_cli_work_print_json (&self->work, "saved", node);
  else
    {
      printf ("Saved a log of %u records to %s\n", lks_log_ring_get_length (self->ring), path);
      json_node_unref (node);
    }
}

static int
save (int argc, char **argv)
{
  g_auto (LogCommand) self = { .work = { 0 } };
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &self.format_word,
      "raw, which is the default, text, or jsonl: a JSON object per line", "raw|text|jsonl" },
    { "messages", 0, 0, G_OPTION_ARG_FILENAME, &self.messages_folder,
      "The vendor's message definitions for the board's system", "FOLDER" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&self.work, entries, "log save FILE",
                           "Saves the diagnostic log of a board.", 1, &argc, &argv, &error) ||
      !choose_format (&self, &error) || !load_messages (&self, &error) ||
      !lks_cli_work_run (&self.work, read_log_job, &self, &error) ||
      !save_log (&self, argv[1], &error))
    return lks_cli_work_fail (&self.work, error);

  warn_of_problems (&self);
  report_saved (&self, argv[1]);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
get_log (LogCommand *self, GError **error)
{
  if (self->file == NULL)
    return lks_cli_work_run (&self->work, read_log_job, self, error);

  self->ring = lks_log_load (self->file, NULL, error);
  return self->ring != NULL;
}

static gboolean
print_log (LogCommand *self, GError **error)
{
  const LksLogWish wish = { .messages = self->messages, .least = self->least };
  g_autoptr (GOutputStream) stream = NULL;

  if (self->work.json)
    {
      lks_cli_work_print_json (&self->work, "log", lks_log_to_json (self->ring, &wish));
      return TRUE;
    }

  stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  return lks_log_write (self->ring, &wish, LKS_LOG_FORMAT_TEXT, stream, NULL, error);
}

static int
show (int argc, char **argv)
{
  g_auto (LogCommand) self = { .work = { 0 } };
  const GOptionEntry entries[] = {
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &self.file,
      "A log that was saved raw, instead of a board's", "FILE" },
    { "messages", 0, 0, G_OPTION_ARG_FILENAME, &self.messages_folder,
      "The vendor's message definitions for the board's system", "FOLDER" },
    { "priority", 'p', 0, G_OPTION_ARG_STRING, &self.priority_word,
      "Only what is as grave as this, or graver", "fatal|error|warning|info|debug|trace" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&self.work, entries, "log show",
                           "Shows the diagnostic log of a board, or a saved one.", 0, &argc, &argv,
                           &error) ||
      !choose_priority (&self, &error) || !load_messages (&self, &error) ||
      !get_log (&self, &error) || !print_log (&self, &error))
    return lks_cli_work_fail (&self.work, error);

  warn_of_problems (&self);
  return LKS_CLI_EXIT_DONE;
}

static const LksCliCommand verbs[] = {
  { "save", "FILE", "Save the log, raw or decoded", save },
  { "show", NULL, "Show the log of a board or of a file", show },
};

/**
 * lks_cli_log:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * Saves or shows the diagnostic log of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_log (int argc, char **argv)
{
  return lks_cli_run_verb ("log", verbs, G_N_ELEMENTS (verbs),
                           "The diagnostic log, which a locked board tells only in a session.",
                           argc, argv);
}
