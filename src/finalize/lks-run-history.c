/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-history.h"

#include "lks-journal.h"

/* The data of an entry; an empty object for one that is none. */
static JsonObject *
read_data (const LksJournalEntry *entry)
{
  g_autoptr (JsonNode) node = json_from_string (entry->data, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node)
                                                       : json_object_new ();
}

static JsonArray *
get_array (JsonObject *data, const char *member)
{
  JsonNode *node = json_object_get_member (data, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static char *
dup_member (const LksJournalEntry *entry, const char *member)
{
  g_autoptr (JsonObject) data = read_data (entry);

  return g_strdup (json_object_get_string_member_with_default (data, member, NULL));
}

/* The checks come before the intent, and those of a run that went on come after it. */
static void
apply_check (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autoptr (JsonObject) data = read_data (entry);
  JsonArray *steps;

  if (g_strcmp0 (self->checked_run_id, entry->run_id) != 0)
    {
      g_clear_pointer (&self->waivers, g_ptr_array_unref);
      g_free (self->checked_run_id);
      self->checked_run_id = g_strdup (entry->run_id);
    }
  if (self->waivers == NULL)
    self->waivers = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  steps = get_array (data, "steps");
  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonNode *step = json_array_get_element (steps, i);
      JsonNode *waiver = JSON_NODE_HOLDS_OBJECT (step)
                             ? json_object_get_member (json_node_get_object (step), "waiver")
                             : NULL;

      if (waiver != NULL && JSON_NODE_HOLDS_OBJECT (waiver))
        g_ptr_array_add (self->waivers, json_node_dup_object (waiver));
    }
}

static void
apply_intent (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autofree char *checked_run_id = g_steal_pointer (&self->checked_run_id);
  g_autoptr (GPtrArray) waivers = g_steal_pointer (&self->waivers);

  lks_run_history_clear (self);
  if (g_strcmp0 (checked_run_id, entry->run_id) == 0)
    {
      self->checked_run_id = g_steal_pointer (&checked_run_id);
      self->waivers = g_steal_pointer (&waivers);
    }
  self->run_id = g_strdup (entry->run_id);
  self->is_unresolved = TRUE;
  self->state_before = dup_member (entry, "stateBefore");
  self->begun_us = entry->at_us;
  self->recipe_hash = dup_member (entry, "recipeHash");
  self->recipe_name = dup_member (entry, "recipeName");
  self->label = dup_member (entry, "label");
}

static void
apply_read_back (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autofree char *outcome = dup_member (entry, "outcome");

  if (g_strcmp0 (outcome, LKS_WRITE_DONE) == 0)
    {
      self->is_unresolved = FALSE;
      self->is_written = TRUE;
    }
  else if (g_strcmp0 (outcome, LKS_WRITE_NOT_DONE) == 0)
    lks_run_history_clear (self);
}

/* The first uptime after the write is kept: every restart since shows against it. */
static void
apply_restart (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autoptr (JsonObject) data = read_data (entry);

  if (!self->is_written || self->clock != NULL)
    return;

  self->clock = g_strdup (json_object_get_string_member_with_default (data, "clock", NULL));
  self->clock_us = json_object_get_int_member_with_default (data, "clockMicroseconds", 0);
  self->uptime_s = (guint64) json_object_get_int_member_with_default (data, "uptimeSeconds", 0);
}

/* Images that are known to be on the board are no concern any more. After anything else some may
 * wait there to be installed, and are ours. */
static void
apply_load (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autoptr (JsonObject) data = read_data (entry);
  JsonArray *steps = get_array (data, "steps");
  JsonObject *step = steps != NULL && json_array_get_length (steps) > 0 &&
                             JSON_NODE_HOLDS_OBJECT (json_array_get_element (steps, 0))
                         ? json_array_get_object_element (steps, 0)
                         : NULL;

  self->is_loading =
      step == NULL ||
      g_strcmp0 (json_object_get_string_member_with_default (step, "result", NULL), "pass") != 0;
}

static void
apply_end (LksRunHistory *self, const LksJournalEntry *entry)
{
  g_autofree char *verdict = dup_member (entry, "verdict");

  if (g_strcmp0 (verdict, "PASS") == 0)
    lks_run_history_clear (self);
}

static void
apply (LksRunHistory *self, const LksJournalEntry *entry)
{
  gboolean is_evidence = g_str_equal (entry->phase, "evidence");

  if (g_str_equal (entry->step, "load"))
    apply_load (self, entry);
  else if (g_str_equal (entry->step, "check") && is_evidence)
    apply_check (self, entry);
  else if (g_str_equal (entry->step, "set-state") && !is_evidence)
    apply_intent (self, entry);
  else if (g_str_equal (entry->step, "restart") && !is_evidence)
    apply_restart (self, entry);
  else if (self->run_id == NULL || !is_evidence)
    return;
  else if (g_str_equal (entry->step, "read-back"))
    apply_read_back (self, entry);
  else if (g_str_equal (entry->step, "prove-restart"))
    self->is_proven = self->is_written;
  else if (g_str_equal (entry->step, "end"))
    apply_end (self, entry);
}

/**
 * lks_run_history_derive:
 * @entries: (element-type LksJournalEntry): the journal of one board, oldest first
 * @target: the state to be reached, as in the journal
 * @out_history: (out): what it says; clear it with lks_run_history_clear()
 *
 * A run is finished when it ended with PASS, or when the board has been read to be unchanged.
 * Until then the next run goes on where it stopped. A table in disguise: no I/O.
 */
void
lks_run_history_derive (GPtrArray *entries, const char *target, LksRunHistory *out_history)
{
  *out_history = (LksRunHistory){ 0 };

  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->target, target))
        apply (out_history, entry);
    }
}

/**
 * lks_run_history_clear:
 * @self: a history
 *
 * Frees what is in it, so that it says: nothing.
 */
void
lks_run_history_clear (LksRunHistory *self)
{
  g_free (self->run_id);
  g_free (self->state_before);
  g_free (self->recipe_hash);
  g_free (self->recipe_name);
  g_free (self->label);
  g_free (self->clock);
  g_free (self->checked_run_id);
  g_clear_pointer (&self->waivers, g_ptr_array_unref);
  *self = (LksRunHistory){ 0 };
}
