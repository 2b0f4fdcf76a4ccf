/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-text.h"

#include "lks-capability.h"
#include "lks-device-id.h"
#include "lks-format.h"

#include <glib/gi18n-lib.h>

/**
 * lks_sign_for_development_state:
 * @state: where a sub-step stands
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_development_state (LksDevelopmentState state)
{
  switch (state)
    {
    case LKS_DEVELOPMENT_STATE_WAITING:
      break;
    case LKS_DEVELOPMENT_STATE_RUNNING:
      return (LksSign){ "lks-pending-symbolic", _ ("Working…"), "", LKS_TONE_NOTICE };
    case LKS_DEVELOPMENT_STATE_DONE:
      return (LksSign){ "lks-pass-symbolic", _ ("Done"), "", LKS_TONE_GOOD };
    case LKS_DEVELOPMENT_STATE_NOTHING:
      return (LksSign){ "lks-skipped-symbolic", _ ("Not needed"), "", LKS_TONE_PLAIN };
    case LKS_DEVELOPMENT_STATE_BY_HAND:
      return (LksSign){ "lks-warning-symbolic", _ ("By hand"), "", LKS_TONE_WARNING };
    case LKS_DEVELOPMENT_STATE_FAILED:
      return (LksSign){ "lks-fail-symbolic", _ ("Failed"), "", LKS_TONE_BAD };
    case LKS_DEVELOPMENT_STATE_BACK:
      return (LksSign){ "lks-pass-symbolic", _ ("As before"), "", LKS_TONE_GOOD };
    case LKS_DEVELOPMENT_STATE_STAYS:
      return (LksSign){ "lks-warning-symbolic", _ ("Stays so"), "", LKS_TONE_WARNING };
    }

  return (LksSign){ "lks-clock-symbolic", _ ("Not begun"), "", LKS_TONE_PLAIN };
}

/**
 * lks_development_to_words:
 * @note: (nullable): of a sub-step, English
 * @subject: (nullable): what stands after it
 *
 * Returns: (transfer full): what the person reads, translated as far as it is ours; may be empty
 */
char *
lks_development_to_words (const char *note, const char *subject)
{
  if (note == NULL)
    return subject != NULL ? lks_format_sentence (subject) : g_strdup ("");

  return g_strjoin (" ", _ (note), subject, NULL);
}

/**
 * lks_development_file_to_text:
 * @bytes: a file that was chosen
 * @name: what it is called
 *
 * Returns: (transfer full): what the file is, in a line
 */
char *
lks_development_file_to_text (const LksSecret *bytes, const char *name)
{
  gsize size;
  gconstpointer data = lks_secret_get_data (bytes, &size);
  g_autoptr (GBytes) view = g_bytes_new_static (data, size); /* no copy */
  g_autoptr (LksCapabilityFile) file = lks_capability_file_parse (view, NULL);
  g_autoptr (GString) text = g_string_new (name);

  if (file == NULL)
    {
      g_string_append_printf (text, " · %s", _ ("not a capability file"));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  if (file->capabilities->len == 0)
    g_string_append_printf (text, " · %s", _ ("empty: takes capabilities away"));
  for (guint i = 0; i < file->capabilities->len; i++)
    {
      guint number = g_array_index (file->capabilities, guint, i);
      const char *title = lks_capability_get_name (number);

      if (title != NULL)
        g_string_append_printf (text, " · %s", title);
      else
        /* Translators: the number of a capability that has no name */
        g_string_append_printf (text, _ (" · capability %u"), number);
    }
  /* Translators: the last digits of a device ID */
  g_string_append_printf (text, _ (" · for board %s"), lks_device_id_get_short (file->device_id));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
