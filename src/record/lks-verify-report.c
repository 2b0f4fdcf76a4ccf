/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"

G_DEFINE_ENUM_TYPE (LksVerifyFault,
                    lks_verify_fault,
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_CHANGED, "changed"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_REMOVED, "removed"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_ADDED, "added"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_ORDER, "order"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_HEAD, "head"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_FAULT_SIGNATURE, "signature"))

G_DEFINE_ENUM_TYPE (LksVerifyProof,
                    lks_verify_proof,
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_PROOF_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_PROOF_NOTE, "note"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_PROOF_SHARED, "shared"),
                    G_DEFINE_ENUM_VALUE (LKS_VERIFY_PROOF_HEAD, "head"))

static void
problem_free (gpointer data)
{
  LksVerifyProblem *problem = data;

  g_free (problem->kind);
  g_free (problem->id);
  g_free (problem->text);
  g_free (problem);
}

static void
signer_free (gpointer data)
{
  LksVerifySigner *signer = data;

  g_free (signer->key);
  g_free (signer);
}

/* (transfer full): a report of nothing */
LksVerifyReport *
lks_verify_report_new (void)
{
  LksVerifyReport *self = g_new0 (LksVerifyReport, 1);

  self->signers = g_ptr_array_new_with_free_func (signer_free);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  return self;
}

/**
 * lks_verify_report_free:
 * @self: (transfer full): a report
 */
void
lks_verify_report_free (LksVerifyReport *self)
{
  g_free (self->ledger_id);
  g_free (self->head);
  g_free (self->signer);
  g_ptr_array_unref (self->problems);
  g_ptr_array_unref (self->signers);
  g_free (self);
}

/* Counts a problem. (transfer none) (nullable): it, to be told; NULL when there are too many */
LksVerifyProblem *
lks_verify_report_add (LksVerifyReport *self, LksVerifyFault fault, gint64 sequence)
{
  LksVerifyProblem *problem;

  self->n_problems++;
  if (self->problems->len >= LKS_VERIFY_PROBLEMS_MAX)
    return NULL;

  problem = g_new0 (LksVerifyProblem, 1);
  problem->fault = fault;
  problem->sequence = sequence;
  g_ptr_array_add (self->problems, problem);
  return problem;
}

/* @text: (transfer full) */
void
lks_verify_report_add_text (LksVerifyReport *self,
                            LksVerifyFault fault,
                            gint64 sequence,
                            char *text)
{
  LksVerifyProblem *problem = lks_verify_report_add (self, fault, sequence);

  if (problem != NULL)
    problem->text = text;
  else
    g_free (text);
}

static LksVerifySigner *
find_signer (LksVerifyReport *self, const char *key)
{
  for (guint i = 0; i < self->signers->len; i++)
    if (g_str_equal (((LksVerifySigner *) self->signers->pdata[i])->key, key))
      return self->signers->pdata[i];
  return NULL;
}

/* A good signature of @key; they come in the order of the entries. */
void
lks_verify_report_count (LksVerifyReport *self, const char *key, gint64 sequence)
{
  LksVerifySigner *signer = find_signer (self, key);

  if (signer == NULL)
    {
      signer = g_new0 (LksVerifySigner, 1);
      signer->key = g_strdup (key);
      g_ptr_array_add (self->signers, signer);
    }
  signer->n_signatures++;
  signer->last_sequence = sequence;
}

static const LksVerifySigner *
find_newest (LksVerifyReport *self)
{
  const LksVerifySigner *newest = NULL;

  for (guint i = 0; i < self->signers->len; i++)
    {
      const LksVerifySigner *signer = self->signers->pdata[i];

      if (newest == NULL || signer->last_sequence > newest->last_sequence)
        newest = signer;
    }
  return newest;
}

/**
 * lks_verify_report_believe:
 * @self: what was found when any key counted
 * @fingerprint: (nullable): of the one key that counts; NULL: any
 *
 * Counts anew how many entries no signature covers, each of which covers all before it, and who
 * signed last. That the key has signed nothing is a problem.
 */
void
lks_verify_report_believe (LksVerifyReport *self, const char *fingerprint)
{
  const LksVerifySigner *signer =
      fingerprint != NULL ? find_signer (self, fingerprint) : find_newest (self);

  g_free (self->signer);
  self->signer = signer != NULL ? g_strdup (signer->key) : NULL;
  self->n_unsigned = self->n_entries;
  if (signer != NULL && signer->last_sequence > 0)
    self->n_unsigned -= MIN ((guint64) signer->last_sequence, self->n_entries);
  if (fingerprint != NULL && signer == NULL)
    lks_verify_report_add_text (
        self, LKS_VERIFY_FAULT_SIGNATURE, 0,
        g_strdup_printf ("no good signature is of the key %s: the records were signed "
                         "elsewhere, or written again; when the station got a new key, check "
                         "with the public half of the former one",
                         fingerprint));
}
