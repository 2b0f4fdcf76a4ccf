/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-status-closures.h"

#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-format.h"

#include <glib/gi18n-lib.h>

/* Pure functions from a status (and the time) to what the templates show. The first parameter is
 * the widget; none of them looks at it. */

static gboolean
has_problem (const LksBoardStatus *status)
{
  switch (lks_board_status_get_state (status))
    {
    case LKS_BOARD_STATE_NO_ANSWER:
    case LKS_BOARD_STATE_NOT_PROGRAMMED:
    case LKS_BOARD_STATE_NO_PERMISSION:
    case LKS_BOARD_STATE_ERROR:
      return TRUE;
    case LKS_BOARD_STATE_UNKNOWN:
    case LKS_BOARD_STATE_CONNECTING:
    case LKS_BOARD_STATE_READY:
    case LKS_BOARD_STATE_RESTARTING:
    case LKS_BOARD_STATE_GONE:
      break;
    }
  return FALSE;
}

static char *
page_name (gpointer unused, LksBoardStatus *status)
{
  if (status == NULL)
    return g_strdup ("none");
  if (has_problem (status) && lks_board_status_get_device_id (status) == NULL)
    return g_strdup ("problem");
  return g_strdup ("facts");
}

static gboolean
has_notice (gpointer unused, LksBoardStatus *status)
{
  return status != NULL && has_problem (status);
}

static char *
sign_icon (gpointer unused, LksBoardStatus *status)
{
  return g_strdup (lks_sign_for_status (status).icon_name);
}

static char *
sign_word (gpointer unused, LksBoardStatus *status)
{
  return g_strdup (lks_sign_for_status (status).word);
}

static LksTone
sign_tone (gpointer unused, LksBoardStatus *status)
{
  return lks_sign_for_status (status).tone;
}

static char *
problem_text (gpointer unused, LksBoardStatus *status)
{
  const GError *error;

  if (status == NULL || !has_problem (status))
    return g_strdup ("");

  error = lks_board_status_get_error (status);
  if (lks_board_status_get_state (status) == LKS_BOARD_STATE_ERROR && error != NULL)
    return lks_error_to_sentence (error);
  return g_strdup (lks_sign_for_status (status).meaning);
}

static char *
problem_advice (gpointer unused, LksBoardStatus *status)
{
  const GError *error;

  if (status == NULL || !has_problem (status))
    return g_strdup ("");

  if (lks_board_status_get_state (status) == LKS_BOARD_STATE_NO_PERMISSION)
    return g_strdup (_ ("Install Locksmith’s udev rule (70-locksmith.rules) into "
                        "/etc/udev/rules.d, then unplug the board and plug it in again. "
                        "No other settings and no administrator rights are needed afterwards."));
  error = lks_board_status_get_error (status);
  return error != NULL ? lks_error_to_advice (error) : g_strdup ("");
}

static char *
problem_details (gpointer unused, LksBoardStatus *status)
{
  const GError *error = status != NULL ? lks_board_status_get_error (status) : NULL;

  return g_strdup (error != NULL ? error->message : _ ("There are no details."));
}

static char *
board_title (gpointer unused, LksBoardStatus *status)
{
  const char *device_id = status != NULL ? lks_board_status_get_device_id (status) : NULL;

  if (device_id == NULL)
    return g_strdup (_ ("Board Without an ID"));
  /* Translators: the last six digits of a device ID */
  return g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (device_id));
}

static char *
board_place (gpointer unused, LksBoardStatus *status)
{
  const char *serial;

  if (status == NULL)
    return g_strdup ("");

  serial = lks_board_status_get_usb_serial (status);
  if (serial == NULL || *serial == '\0')
    /* Translators: a USB path such as 1-2.3 */
    return g_strdup_printf (_ ("USB place %s"), lks_board_status_get_port (status));
  /* Translators: a USB path such as 1-2.3, and the serial number of the adapter */
  return g_strdup_printf (_ ("USB place %s · adapter %s"), lks_board_status_get_port (status),
                          serial);
}

static char *
place_name (gpointer unused, LksBoardStatus *status)
{
  return g_strdup (status != NULL ? lks_board_status_get_port (status) : "");
}

static char *
manufacturing_state (gpointer unused, LksBoardStatus *status)
{
  return status != NULL ? g_strdup (lks_board_status_get_manufacturing_state (status)) : NULL;
}

static gboolean
state_is_strange (gpointer unused, LksBoardStatus *status)
{
  const char *state = status != NULL ? lks_board_status_get_manufacturing_state (status) : NULL;

  return status != NULL && lks_manufacturing_step (state) < 0;
}

static char *
state_text (gpointer unused, LksBoardStatus *status)
{
  const char *state = status != NULL ? lks_board_status_get_manufacturing_state (status) : NULL;

  if (status == NULL)
    return g_strdup ("");
  if (state == NULL)
    return lks_fact_to_text (status, LKS_FACT_ID_MANUFACTURING_STATE);
  /* Translators: a word that the board said, and an explanation */
  return g_strdup_printf (_ ("The board says “%s”. %s"), state,
                          lks_sign_for_manufacturing_state (state).meaning);
}

static char *
fact_source (gpointer unused, LksBoardStatus *status, LksFactId id, gint64 now_us)
{
  g_autofree char *age = NULL;
  LksFact fact;
  LksSign sign;

  if (status == NULL)
    return g_strdup ("");

  fact = lks_board_status_get_fact (status, id);
  age = lks_format_age (fact.read_us, now_us);
  sign = lks_sign_for_fact (&fact, lks_board_status_is_stale (status, id, now_us));
  if (*sign.word != '\0')
    /* Translators: where a fact comes from, how old it is, and for example “Stale” */
    return g_strdup_printf (_ ("%s · %s · %s"), fact.source, age, sign.word);
  /* Translators: where a fact comes from, and how old it is */
  return g_strdup_printf (_ ("%s · %s"), fact.source, age);
}

static LksSign
lock_sign (LksBoardStatus *status)
{
  LksPeripheralLock lock = LKS_PERIPHERAL_LOCK_UNKNOWN;

  if (status != NULL)
    lock = lks_board_status_get_peripheral_lock (status, NULL);
  return lks_sign_for_peripheral_lock (lock);
}

static char *
lock_icon (gpointer unused, LksBoardStatus *status)
{
  return g_strdup (lock_sign (status).icon_name);
}

static char *
lock_word (gpointer unused, LksBoardStatus *status)
{
  return g_strdup (lock_sign (status).word);
}

static LksTone
lock_tone (gpointer unused, LksBoardStatus *status)
{
  return lock_sign (status).tone;
}

static char *
lock_explanation (gpointer unused, LksBoardStatus *status)
{
  const char *reason = NULL;

  if (status == NULL)
    return g_strdup ("");

  lks_board_status_get_peripheral_lock (status, &reason);
  if (reason == NULL || *reason == '\0')
    return g_strdup (lock_sign (status).meaning);
  /* Translators: what the lock means, then why it is thought to be so */
  return g_strdup_printf (_ ("%s\nWhy: %s"), lock_sign (status).meaning, reason);
}

static char *
lock_source (gpointer unused, LksBoardStatus *status, gint64 now_us)
{
  static const LksFactId ids[] = { LKS_FACT_ID_MANUFACTURING_STATE, LKS_FACT_ID_CAPABILITIES,
                                   LKS_FACT_ID_UPTIME };
  g_autofree char *age = NULL;
  gint64 oldest_us = G_MAXINT64;

  if (status == NULL)
    return g_strdup ("");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    oldest_us = MIN (oldest_us, lks_board_status_get_fact (status, ids[i]).read_us);
  age = lks_format_age (oldest_us, now_us);
  /* Translators: how old the oldest of three facts is */
  return g_strdup_printf (_ ("derived · %s"), age);
}

static LksSign
lamp_sign (LksBoardStatus *status, const char *name)
{
  const LksBoardNetStatus *net = status != NULL ? lks_board_status_get_net_status (status) : NULL;
  LksFact fact;

  if (net != NULL && g_str_equal (name, "authentication"))
    return lks_sign_for_network_fact (name,
                                      net->device_authentication_is_ready ? "ready" : "not-ready");
  if (net != NULL && g_str_equal (name, "time"))
    return lks_sign_for_network_fact (name, net->network_time_sync);
  if (net != NULL)
    return lks_sign_for_network_fact (name, net->proxy);
  if (status == NULL)
    return lks_sign_for_network_fact (name, NULL);

  fact = lks_board_status_get_fact (status, LKS_FACT_ID_NET_STATUS);
  return lks_sign_for_fact (&fact, FALSE);
}

static char *
lamp_icon (gpointer unused, LksBoardStatus *status, const char *name)
{
  return g_strdup (lamp_sign (status, name).icon_name);
}

static char *
lamp_word (gpointer unused, LksBoardStatus *status, const char *name)
{
  return g_strdup (lamp_sign (status, name).word);
}

static LksTone
lamp_tone (gpointer unused, LksBoardStatus *status, const char *name)
{
  return lamp_sign (status, name).tone;
}

static char *
no_capabilities_text (gpointer unused, LksBoardStatus *status)
{
  if (status == NULL)
    return g_strdup ("");
  if (lks_board_status_get_fact (status, LKS_FACT_ID_CAPABILITIES).state != LKS_FACT_STATE_KNOWN)
    return lks_fact_to_text (status, LKS_FACT_ID_CAPABILITIES);
  return g_strdup (_ ("None: the board has no special rights."));
}

/**
 * lks_status_closures_bind:
 * @widget_class: a class whose template shows a board's status
 *
 * Makes the functions from a status to texts, icons and tones known to a template.
 */
void
lks_status_closures_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, board_place);
  gtk_widget_class_bind_template_callback (widget_class, board_title);
  gtk_widget_class_bind_template_callback (widget_class, fact_source);
  gtk_widget_class_bind_template_callback (widget_class, has_notice);
  gtk_widget_class_bind_template_callback (widget_class, lamp_icon);
  gtk_widget_class_bind_template_callback (widget_class, lamp_tone);
  gtk_widget_class_bind_template_callback (widget_class, lamp_word);
  gtk_widget_class_bind_template_callback (widget_class, lock_explanation);
  gtk_widget_class_bind_template_callback (widget_class, lock_icon);
  gtk_widget_class_bind_template_callback (widget_class, lock_source);
  gtk_widget_class_bind_template_callback (widget_class, lock_tone);
  gtk_widget_class_bind_template_callback (widget_class, lock_word);
  gtk_widget_class_bind_template_callback (widget_class, manufacturing_state);
  gtk_widget_class_bind_template_callback (widget_class, no_capabilities_text);
  gtk_widget_class_bind_template_callback (widget_class, page_name);
  gtk_widget_class_bind_template_callback (widget_class, place_name);
  gtk_widget_class_bind_template_callback (widget_class, problem_advice);
  gtk_widget_class_bind_template_callback (widget_class, problem_details);
  gtk_widget_class_bind_template_callback (widget_class, problem_text);
  gtk_widget_class_bind_template_callback (widget_class, sign_icon);
  gtk_widget_class_bind_template_callback (widget_class, sign_tone);
  gtk_widget_class_bind_template_callback (widget_class, sign_word);
  gtk_widget_class_bind_template_callback (widget_class, state_is_strange);
  gtk_widget_class_bind_template_callback (widget_class, state_text);
}
