/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The claim of a board, as the journal tells it. A claim that waits is an intent without the
 * evidence of its end: the queue needs no other place, and is in the chain like everything else. */
#include "lks-claim-note.h"

#include "lks-enums.h"
#include "lks-json.h"
#include "lks-run-private.h"

#include <string.h>

static const char *
read_text (JsonObject *data, const char *member)
{
  JsonNode *node = json_object_get_member (data, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/**
 * lks_recipe_claim_to_json:
 * @claim: what a recipe says
 * @object: gets "policy", "catalog", "product" and "deviceGroup"
 */
void
lks_recipe_claim_to_json (const LksRecipeClaim *claim, JsonObject *object)
{
  json_object_set_string_member (object, "policy",
                                 lks_enum_to_nick (LKS_TYPE_CLAIM_POLICY, (int) claim->policy));
  lks_json_set_text (object, "catalog", claim->catalog_id);
  lks_json_set_text (object, "product", claim->product);
  lks_json_set_text (object, "deviceGroup", claim->device_group);
}

/**
 * lks_claim_outcome_to_json:
 * @outcome: one of the words of lks-claim-note.h
 * @catalog_id: of the catalog
 * @place: (nullable): ID of where the board was seen
 * @account: (nullable): who asked
 * @message: (nullable): why it failed or was given up
 *
 * What lks_claim_note_derive() reads.
 *
 * Returns: (transfer full): the evidence for the journal
 */
JsonObject *
lks_claim_outcome_to_json (const char *outcome,
                           const char *catalog_id,
                           const char *place,
                           const char *account,
                           const char *message)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "outcome", outcome);
  json_object_set_string_member (data, "catalog", catalog_id);
  lks_json_set_text (data, "place", place);
  lks_json_set_text (data, "account", account);
  lks_json_set_text (data, "message", message);
  return data;
}

/**
 * lks_claim_note_free:
 * @self: (transfer full) (nullable): a note
 */
void
lks_claim_note_free (LksClaimNote *self)
{
  if (self == NULL)
    return;

  g_free (self->claim.catalog_id);
  g_free (self->claim.catalog);
  g_free (self->claim.product);
  g_free (self->claim.device_group);
  g_free (self->device_id);
  g_free (self->run_id);
  g_free (self->target);
  g_free (self->outcome);
  g_free (self->place);
  g_free (self->account);
  g_free (self->message);
  g_free (self);
}

/* Names of the cloud are compared without case. */
static gboolean
is_catalog (const LksClaimNote *self, const char *catalog_id)
{
  return catalog_id != NULL && g_ascii_strcasecmp (self->claim.catalog_id, catalog_id) == 0;
}

static LksClaimPolicy
read_policy (JsonObject *data)
{
  int policy = LKS_CLAIM_POLICY_NONE;

  lks_enum_from_nick (LKS_TYPE_CLAIM_POLICY, read_text (data, "policy"), &policy);
  return (LksClaimPolicy) policy;
}

static LksClaimNote *
note_new (const LksJournalEntry *entry, JsonObject *data)
{
  LksClaimNote *self = g_new0 (LksClaimNote, 1);
  const char *catalog_id = read_text (data, "catalog");
  const char *slash = catalog_id != NULL ? strrchr (catalog_id, '/') : NULL;

  self->claim.policy = read_policy (data);
  self->claim.catalog_id = g_strdup (catalog_id != NULL ? catalog_id : "");
  self->claim.catalog = g_strdup (slash != NULL ? slash + 1 : self->claim.catalog_id);
  self->claim.product = g_strdup (read_text (data, "product"));
  self->claim.device_group = g_strdup (read_text (data, "deviceGroup"));
  self->device_id = g_strdup (entry->device_id);
  self->run_id = g_strdup (entry->run_id);
  self->target = g_strdup (entry->target);
  self->is_waiting = self->claim.policy == LKS_CLAIM_POLICY_QUEUE;
  self->noted_us = entry->at_us;
  return self;
}

static void
set_text (char **text, JsonObject *data, const char *member)
{
  g_free (*text);
  *text = g_strdup (read_text (data, member));
}

static void
apply_evidence (LksClaimNote *self, const LksJournalEntry *entry, JsonObject *data)
{
  set_text (&self->outcome, data, "outcome");
  set_text (&self->place, data, "place");
  set_text (&self->account, data, "account");
  set_text (&self->message, data, "message");
  self->outcome_us = entry->at_us;
  if (lks_claim_note_is_settled (self) || g_strcmp0 (self->outcome, LKS_CLAIM_GIVEN_UP) == 0)
    self->is_waiting = FALSE;
}

/* A run that asks the catalog itself leaves a claim that waits where it is, until it was seen. */
static void
apply (LksClaimNote **self, const LksJournalEntry *entry)
{
  g_autoptr (JsonNode) node = json_from_string (entry->data, NULL);
  JsonObject *data;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  data = json_node_get_object (node);
  if (g_str_equal (entry->phase, "intent"))
    {
      if (*self != NULL && (*self)->is_waiting)
        return;
      lks_claim_note_free (*self);
      *self = note_new (entry, data);
    }
  else if (*self != NULL && is_catalog (*self, read_text (data, "catalog")))
    apply_evidence (*self, entry, data);
}

/**
 * lks_claim_note_derive:
 * @entries: (element-type LksJournalEntry): the journal of one board, oldest first
 *
 * A table in disguise: no I/O.
 *
 * Returns: (transfer full) (nullable): the claim that was wanted last, and what became of it; NULL
 *   when none ever was
 */
LksClaimNote *
lks_claim_note_derive (GPtrArray *entries)
{
  LksClaimNote *self = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->step, LKS_CLAIM_STEP))
        apply (&self, entry);
    }
  return self;
}

/**
 * lks_claim_note_read:
 * @ledger: a ledger
 * @device_id: (nullable): which board
 * @out_note: (out) (transfer full) (nullable): what its journal says of a claim; NULL when no claim
 *   was wanted
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: whether the journal could be read
 */
gboolean
lks_claim_note_read (LksLedger *ledger,
                     const char *device_id,
                     LksClaimNote **out_note,
                     GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;

  *out_note = NULL;
  if (device_id == NULL)
    return TRUE;

  entries = lks_ledger_journal_read (ledger, device_id, error);
  if (entries != NULL)
    *out_note = lks_claim_note_derive (entries);
  return entries != NULL;
}

/**
 * lks_claim_note_is_settled:
 * @self: a note
 *
 * Returns: whether the board was seen in the catalog
 */
gboolean
lks_claim_note_is_settled (const LksClaimNote *self)
{
  return g_strcmp0 (self->outcome, LKS_CLAIM_DONE) == 0 ||
         g_strcmp0 (self->outcome, LKS_CLAIM_FOUND) == 0;
}

/**
 * lks_claim_note_is_about:
 * @self: a note
 * @claim: what a recipe says
 *
 * Returns: whether both are about the same catalog
 */
gboolean
lks_claim_note_is_about (const LksClaimNote *self, const LksRecipeClaim *claim)
{
  return is_catalog (self, claim->catalog_id);
}

/**
 * lks_claim_note_to_json:
 * @self: a note
 *
 * Returns: (transfer full): the object that `locksmithctl` prints: "deviceId", "state" ("waiting",
 *   or an outcome), "catalog", "product", "deviceGroup", "notedAt", "runId", and of the last
 *   outcome "outcome", "at", "place", "account" and "message"
 */
JsonObject *
lks_claim_note_to_json (const LksClaimNote *self)
{
  JsonObject *object = json_object_new ();
  const char *outcome = self->outcome != NULL ? self->outcome : "unknown";

  lks_json_set_text (object, "deviceId", self->device_id);
  lks_json_set_text (object, "state", self->is_waiting ? "waiting" : outcome);
  lks_recipe_claim_to_json (&self->claim, object);
  lks_json_set_time (object, "notedAt", self->noted_us);
  lks_json_set_text (object, "runId", self->run_id);
  lks_json_set_text (object, "outcome", self->outcome);
  if (self->outcome != NULL)
    lks_json_set_time (object, "at", self->outcome_us);
  else
    json_object_set_null_member (object, "at");
  lks_json_set_text (object, "place", self->place);
  lks_json_set_text (object, "account", self->account);
  lks_json_set_text (object, "message", self->message);
  return object;
}
