/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-secret.h"

#include "lks-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define INTERRUPT_CHARACTER 3

/* What is read, in memory for secrets, until it has its final size. */
typedef struct
{
  char *data; /* (owned) on the secret heap */
  gsize size_bytes;
  gsize max_bytes;
} Pot;

static void
pot_clear (Pot *self)
{
  g_clear_pointer (&self->data, lks_secret_heap_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pot, pot_clear)

/**
 * lks_cli_secret_source_clear:
 * @self: a source
 *
 * Frees what it holds.
 */
void
lks_cli_secret_source_clear (LksCliSecretSource *self)
{
  g_clear_pointer (&self->file, g_free);
}

static gboolean
fail (GError **error, const char *what, int problem)
{
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (problem), "%s: %s", what,
               g_strerror (problem));
  return FALSE;
}

/* Reads to the end, but for a terminal to the end of the line. Two bytes more than allowed tell a
 * text that is too long from one with a line end. */
static gboolean
fill (Pot *self, int fd, const char *what, gboolean one_line, GError **error)
{
  gsize room = self->max_bytes + 2;

  self->data = lks_secret_heap_alloc_zero (1, room + 1);
  while (self->size_bytes < room)
    {
      gssize got = read (fd, self->data + self->size_bytes, room - self->size_bytes);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail (error, what, errno);
      if (got == 0)
        break;
      self->size_bytes += (gsize) got;
      if (one_line && (self->data[self->size_bytes - 1] == '\n' ||
                       self->data[self->size_bytes - 1] == INTERRUPT_CHARACTER))
        break;
    }
  return TRUE;
}

/* A line end at the end belongs to the file, not to the secret. */
static void
strip_line_end (Pot *self)
{
  if (self->size_bytes > 0 && self->data[self->size_bytes - 1] == '\n')
    self->size_bytes--;
  if (self->size_bytes > 0 && self->data[self->size_bytes - 1] == '\r')
    self->size_bytes--;
}

static LksSecret *
take_secret (Pot *self, const char *what, GError **error)
{
  if (self->size_bytes <= self->max_bytes && memchr (self->data, '\0', self->size_bytes) == NULL)
    return lks_secret_new (self->data, self->size_bytes);

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               self->size_bytes > self->max_bytes ? "%s: more than %" G_GSIZE_FORMAT " bytes"
                                                  : "%s: there is a zero byte in it",
               what, self->max_bytes);
  return NULL;
}

static LksSecret *
read_fd (int fd, const char *what, gsize max_bytes, gboolean is_text, GError **error)
{
  g_auto (Pot) pot = { .max_bytes = max_bytes };

  if (!fill (&pot, fd, what, FALSE, error))
    return NULL;
  if (is_text)
    strip_line_end (&pot);
  return take_secret (&pot, what, error);
}

static LksSecret *
read_file (const char *path, gsize max_bytes, gboolean is_text, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  LksSecret *secret;

  if (fd < 0)
    {
      fail (error, shown, errno);
      return NULL;
    }
  secret = read_fd (fd, shown, max_bytes, is_text, error);
  close (fd);
  return secret;
}

/* Ctrl+C ends the line like Enter does, so that the terminal is put right again in any case. */
static LksSecret *
read_quietly (int fd,
              const char *prompt,
              gsize max_bytes,
              const struct termios *before,
              GError **error)
{
  g_auto (Pot) pot = { .max_bytes = max_bytes };
  struct termios quiet = *before;
  gboolean is_ok;

  quiet.c_lflag &= ~(tcflag_t) (ECHO | ISIG);
  quiet.c_cc[VEOL2] = INTERRUPT_CHARACTER;
  tcsetattr (fd, TCSAFLUSH, &quiet);
  dprintf (fd, "%s: ", prompt); /* not before: what is typed then would be shown, and lost */
  is_ok = fill (&pot, fd, "/dev/tty", TRUE, error);
  tcsetattr (fd, TCSAFLUSH, before);
  dprintf (fd, "\n");
  if (!is_ok)
    return NULL;
  if (pot.size_bytes > 0 && pot.data[pot.size_bytes - 1] == INTERRUPT_CHARACTER)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Interrupted");
      return NULL;
    }

  strip_line_end (&pot);
  return take_secret (&pot, "The text that was typed", error);
}

static LksSecret *
ask (const char *prompt, const char *options, gsize max_bytes, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before;
  LksSecret *secret = NULL;

  if (fd >= 0 && tcgetattr (fd, &before) == 0)
    secret = read_quietly (fd, prompt, max_bytes, &before, error);
  else
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                 "There is no terminal to ask at; use %s", options);
  if (fd >= 0)
    close (fd);
  return secret;
}

/**
 * lks_cli_secret_read:
 * @self: where it comes from
 * @prompt: what to ask at the terminal
 * @options: the options with which a script gives it, for the message when there is no terminal
 * @max_bytes: the most that it may have
 * @error: return location for an error; it never repeats what was read
 *
 * Reads a key or a password: never from the command line, where every user of the machine could
 * read it. A line end at its end does not count.
 *
 * Returns: (transfer full): the secret, or NULL with @error set
 */
LksSecret *
lks_cli_secret_read (const LksCliSecretSource *self,
                     const char *prompt,
                     const char *options,
                     gsize max_bytes,
                     GError **error)
{
  if (self->file != NULL)
    return read_file (self->file, max_bytes, TRUE, error);
  if (self->from_stdin)
    return read_fd (STDIN_FILENO, "Standard input", max_bytes, TRUE, error);

  return ask (prompt, options, max_bytes, error);
}

/**
 * lks_cli_secret_load:
 * @path: a file, may be a pipe
 * @max_bytes: the most that it may hold
 * @error: return location for an error
 *
 * Reads a whole file as it is into memory for secrets.
 *
 * Returns: (transfer full): its bytes, or NULL with @error set
 */
LksSecret *
lks_cli_secret_load (const char *path, gsize max_bytes, GError **error)
{
  return read_file (path, max_bytes, FALSE, error);
}

/**
 * lks_cli_secret_refuse_cb:
 * @option_name: the option
 * @value: (nullable): what was given, which is not repeated
 * @data: unused
 * @error: return location for an error
 *
 * Returns: %FALSE
 */
gboolean
lks_cli_secret_refuse_cb (const char *option_name, const char *value, gpointer data, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "%s does not exist: every user of this computer can read command lines. Use "
               "%s-file, %s-stdin, or the prompt; and change the secret, it may have been seen",
               option_name, option_name, option_name);
  return FALSE;
}
