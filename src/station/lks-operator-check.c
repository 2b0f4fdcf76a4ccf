/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-check-private.h"

#include "lks-enums.h"
#include "lks-operator-error.h"
#include "lks-operator-key.h"
#include "lks-pin-store.h"
#include "lks-sign-in-journal.h"

void
lks_operator_check_free (LksOperatorCheck *self)
{
  lks_station_config_unref (self->config);
  g_free (self->journal_path);
  g_free (self->tries_path);
  g_free (self->text);
  g_clear_pointer (&self->pin, lks_secret_unref);
  g_free (self->key_path);
  g_free (self->batch);
  g_free (self->name);
  g_free (self);
}

static gboolean
is_printable (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* A text that a person typed, without the spaces round it; NULL with @error set when it cannot
 * stand in a record. An empty one is returned as such. */
char *
lks_operator_check_word (const char *text, const char *what, guint characters_max, GError **error)
{
  g_autofree char *word = text != NULL ? g_strstrip (g_strdup (text)) : g_strdup ("");

  if (g_utf8_validate (word, -1, NULL) && is_printable (word) &&
      g_utf8_strlen (word, -1) <= (glong) characters_max)
    return g_steal_pointer (&word);

  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
               "%s has at most %u characters, and no line ends", what, characters_max);
  return NULL;
}

static gboolean
find_person (LksOperatorCheck *self, GError **error)
{
  g_autofree char *word =
      lks_operator_check_word (self->text, "a name", LKS_OPERATOR_NAME_CHARACTERS_MAX, error);
  const char *name;

  if (word == NULL)
    return FALSE;
  if (*word == '\0')
    {
      g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID,
                           "whoever signs in needs a name");
      return FALSE;
    }
  name = lks_station_config_find_operator (self->config, word);
  self->how = g_hash_table_contains (self->config->badges, word) ? "badge" : "name";
  self->name = g_strdup (name != NULL ? name : word);
  if (name != NULL)
    return TRUE;

  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NOT_LISTED,
               "“%s” is not among those who may sign in at this station", word);
  return FALSE;
}

static gboolean
check_pin (LksOperatorCheck *self, GCancellable *cancellable, GError **error)
{
  self->how = "pin";
  return lks_pin_store_check (self->config, self->tries_path, self->pin, self->now_us, cancellable,
                              error);
}

static gboolean
check_key (LksOperatorCheck *self, GError **error)
{
  g_autofree char *fingerprint = lks_operator_key_prove (self->key_path, error);

  self->how = "key";
  return fingerprint != NULL;
}

static gboolean
check_role (LksOperatorCheck *self, GCancellable *cancellable, GError **error)
{
  self->role = self->pin != NULL || self->key_path != NULL ? LKS_OPERATOR_ROLE_ENGINEER
                                                           : LKS_OPERATOR_ROLE_OPERATOR;
  if (self->pin != NULL)
    return check_pin (self, cancellable, error);
  return self->key_path == NULL || check_key (self, error);
}

static gboolean
check_batch (LksOperatorCheck *self, GError **error)
{
  char *word =
      lks_operator_check_word (self->batch, "a batch", LKS_OPERATOR_BATCH_CHARACTERS_MAX, error);

  if (word == NULL)
    return FALSE;
  g_free (self->batch);
  self->batch = *word != '\0' ? word : (g_free (word), NULL);
  return TRUE;
}

static gboolean
write_down (LksOperatorCheck *self, const GError *reason, GError **error)
{
  const LksSignInEntry entry = {
    .event = reason == NULL ? "signed-in" : "refused",
    .name = self->name,
    .role = lks_enum_to_nick (LKS_TYPE_OPERATOR_ROLE, (int) self->role),
    .how = self->how,
    .batch = reason == NULL ? self->batch : NULL,
    .reason = reason != NULL ? lks_enum_to_nick (LKS_TYPE_OPERATOR_ERROR, reason->code) : NULL,
    .at_us = self->now_us,
  };

  return lks_sign_in_journal_append (self->journal_path, &entry, TRUE, error);
}

/* Nobody is at the station who is not written down. What was refused is written down, too, when it
 * was the person who was refused. */
gboolean
lks_operator_check_run (LksOperatorCheck *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (check_batch (self, &reason) && find_person (self, &reason) &&
      check_role (self, cancellable, &reason))
    return write_down (self, NULL, error);

  if (reason->domain == LKS_OPERATOR_ERROR && reason->code != LKS_OPERATOR_ERROR_INVALID)
    write_down (self, reason, NULL);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
