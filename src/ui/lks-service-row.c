/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-row.h"

#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>

/**
 * lks_service_row_new:
 * @title: what the row is about; may come from a board
 * @subtitle: (nullable): what there is to know about it
 * @sign: (nullable): its state
 *
 * Creates a row that a screen reader says as a whole.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lks_service_row_new (const char *title, const char *subtitle, const LksSign *sign)
{
  GtkWidget *row = adw_action_row_new ();
  const char *word = sign != NULL ? sign->word : "";
  g_autofree char *spoken = lks_service_row_join (". ", title, word, subtitle, NULL);

  /* First, or the texts are parsed before they are known to be plain. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set (row, "title", title, "subtitle", subtitle != NULL ? subtitle : "", "subtitle-lines",
                0, NULL);
  if (sign != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), lks_sign_label_new (sign));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

/**
 * lks_service_row_add_button:
 * @row: a row
 * @label: what the button does, translated
 * @spoken: the same with the name of what it does it to, translated
 * @action_name: an action of the page
 * @target: (transfer floating) (nullable): for the action
 *
 * Adds a button at the end.
 */
void
lks_service_row_add_button (GtkWidget *row,
                            const char *label,
                            const char *spoken,
                            const char *action_name,
                            GVariant *target)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/**
 * lks_service_row_join:
 * @separator: what stands between two texts
 * @...: texts, ended by NULL; empty ones are left out
 *
 * Returns: (transfer full): the texts in a row
 */
char *
lks_service_row_join (const char *separator, ...)
{
  GString *text = g_string_new (NULL);
  const char *part;
  va_list parts;

  va_start (parts, separator);
  while ((part = va_arg (parts, const char *)) != NULL)
    if (part[0] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? separator : "", part);
  va_end (parts);
  return g_string_free (text, FALSE);
}
