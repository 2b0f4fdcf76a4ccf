/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-console-text.h"

#include "lks-error-text.h"
#include "lks-gdb-runner.h"
#include "lks-service-row.h"

#include <glib/gi18n-lib.h>

/**
 * lks_sign_for_console:
 * @state: where a console stands
 *
 * Returns: the state as a person sees it
 */
LksSign
lks_sign_for_console (LksConsoleState state)
{
  switch (state)
    {
    case LKS_CONSOLE_STATE_STARTING:
      return (LksSign){ "lks-pending-symbolic", _ ("Starting"), "", LKS_TONE_NOTICE };
    case LKS_CONSOLE_STATE_RUNS:
      return (LksSign){ "lks-pass-symbolic", _ ("Running"), "", LKS_TONE_GOOD };
    case LKS_CONSOLE_STATE_STOPPED:
      return (LksSign){ "lks-warning-symbolic", _ ("Stopped"), "", LKS_TONE_WARNING };
    case LKS_CONSOLE_STATE_PUTTING_BACK:
      return (LksSign){ "lks-pending-symbolic", _ ("Ending"), "", LKS_TONE_NOTICE };
    case LKS_CONSOLE_STATE_FAILED:
      return (LksSign){ "lks-fail-symbolic", _ ("Failed"), "", LKS_TONE_BAD };
    case LKS_CONSOLE_STATE_OVER:
      break;
    }

  return (LksSign){ "lks-stopped-symbolic", _ ("Ended"), "", LKS_TONE_PLAIN };
}

static char *
signal_to_text (guint number)
{
  const char *name = lks_gdb_signal_to_name (number);

  return name != NULL ? g_strdup_printf ("%u (%s)", number, name) : g_strdup_printf ("%u", number);
}

/* What became of the application, empty when nothing happened to it. */
static char *
end_to_text (LksConsoleJob *job)
{
  guint number;
  LksConsoleNews end = lks_console_job_get_end (job, &number);
  g_autofree char *signal = signal_to_text (number);

  switch (end)
    {
    case LKS_CONSOLE_NEWS_STOPPED:
      /* Translators: %s is the number of a signal, with its name if it has one */
      return g_strdup_printf (_ ("Signal %s has stopped the application; probably it crashed."),
                              signal);
    case LKS_CONSOLE_NEWS_EXITED:
      return g_strdup_printf (_ ("The application has ended by itself with exit code %u."), number);
    case LKS_CONSOLE_NEWS_KILLED:
      return g_strdup_printf (_ ("Signal %s has ended the application."), signal);
    case LKS_CONSOLE_NEWS_CLOSED:
      return g_strdup (_ ("The board has ended the output."));
    case LKS_CONSOLE_NEWS_DEBUGGER_REFUSED:
      return g_strdup (_ ("The board’s debug server does not let the application run."));
    case LKS_CONSOLE_NEWS_OUTPUT:
    case LKS_CONSOLE_NEWS_LISTENING:
    case LKS_CONSOLE_NEWS_DEBUGGER_CAME:
    case LKS_CONSOLE_NEWS_DEBUGGER_LEFT:
    case LKS_CONSOLE_NEWS_RUNS:
      break;
    }

  return g_strdup (lks_console_job_is_servicing_over (job) ? _ ("The servicing session has ended.")
                                                           : "");
}

static char *
error_to_text (LksConsoleJob *job)
{
  const GError *error = lks_console_job_get_error (job);
  guint gdb_port, out_port;
  gboolean has_started = lks_console_job_get_ports (job, &gdb_port, &out_port);
  g_autofree char *sentence = lks_error_to_sentence (error);
  g_autofree char *advice = NULL;

  if (has_started && lks_console_job_is_board_gone (job))
    return g_strdup (_ ("The board is gone. If it kept its power, the application is still under "
                        "the debug server; restarting the board ends that."));

  advice = has_started ? g_strdup (_ ("The application may still be under the debug server; "
                                      "restarting the board ends that."))
                       : lks_error_to_advice (error);
  return lks_service_row_join (" ", sentence, advice, NULL);
}

/**
 * lks_console_to_text:
 * @job: a console
 *
 * Returns: (transfer full): what there is to say beside the sign of its state, in one or two
 *   sentences
 */
char *
lks_console_to_text (LksConsoleJob *job)
{
  g_autofree char *end = NULL;

  switch (lks_console_job_get_state (job))
    {
    case LKS_CONSOLE_STATE_STARTING:
      return g_strdup (_ ("The board starts the application anew under its debug server."));
    case LKS_CONSOLE_STATE_RUNS:
      return g_strdup (_ ("Closing this window puts the application back as it was."));
    case LKS_CONSOLE_STATE_PUTTING_BACK:
      return g_strdup (_ ("The application is put back as it was."));
    case LKS_CONSOLE_STATE_FAILED:
      return error_to_text (job);
    case LKS_CONSOLE_STATE_STOPPED:
      return end_to_text (job);
    case LKS_CONSOLE_STATE_OVER:
      break;
    }

  end = end_to_text (job);
  return lks_service_row_join (" ", end, _ ("The application was put back as it was."), NULL);
}

/**
 * lks_console_ports_to_text:
 * @job: a console
 *
 * Returns: (transfer full): the two ports in words; empty when they are not open
 */
char *
lks_console_ports_to_text (LksConsoleJob *job)
{
  LksConsoleState state = lks_console_job_get_state (job);
  guint gdb_port, out_port;

  if ((state != LKS_CONSOLE_STATE_RUNS && state != LKS_CONSOLE_STATE_STOPPED) ||
      !lks_console_job_get_ports (job, &gdb_port, &out_port))
    return g_strdup ("");

  /* Translators: numbers of TCP ports */
  return g_strdup_printf (
      _ ("The output comes from port %u of the board, its debug server listens on port %u."),
      out_port, gdb_port);
}
