/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-run.h"

#include "lks-device-id.h"
#include "lks-elsewhere-text.h"
#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-verdict-book.h"
#include "lks-waiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksBoardRun
{
  GObject parent_instance;

  LksFinalizer *finalizer; /* (owned) */
  LksElsewhere *elsewhere; /* (owned) (nullable): what other stations say */
  char *typed;             /* (owned) */
  char *label;             /* (owned): what stands on the unit, as it was typed or scanned */
};

G_DEFINE_FINAL_TYPE (LksBoardRun, lks_board_run, G_TYPE_OBJECT)

typedef enum
{
  PROP_FINALIZER = 1,
  PROP_TITLE,
  PROP_PLACE,
  PROP_DETAIL,
  PROP_PROGRESS,
  PROP_BUSY,
  PROP_VERDICT,
  PROP_OUTCOME,
  PROP_CONFIRMABLE,
  PROP_TYPED,
  PROP_LABEL,
  PROP_CONFIRMED,
} LksBoardRunProperty;

static GParamSpec *properties[PROP_CONFIRMED + 1];

static const char *
get_device_id (LksBoardRun *self)
{
  const char *device_id = lks_finalizer_get_device_id (self->finalizer);

  if (device_id != NULL)
    return device_id;
  return lks_board_get_device_id (lks_finalizer_get_board (self->finalizer));
}

static char *
dup_title (LksBoardRun *self)
{
  const char *device_id = get_device_id (self);

  if (device_id == NULL)
    return g_strdup (_ ("Board Without an ID"));
  /* Translators: the last six digits of a device ID */
  return g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (device_id));
}

/* Errors whose message names what the person needs: a recipe, a label. */
static gboolean
is_message_needed (const GError *error)
{
  return g_error_matches (error, LKS_RUN_ERROR, LKS_RUN_ERROR_OTHER_RECIPE) ||
         g_error_matches (error, LKS_RUN_ERROR, LKS_RUN_ERROR_LABEL);
}

static char *
dup_stop_reason (LksBoardRun *self)
{
  LksRunResult *result = lks_finalizer_get_result (self->finalizer);
  const char *message = lks_finalizer_get_message (self->finalizer);
  g_autofree char *sentence = NULL;
  g_autofree char *advice = NULL;

  if (result == NULL || result->error == NULL)
    return lks_format_sentence (message);

  sentence = is_message_needed (result->error) ? lks_format_sentence (result->error->message)
                                               : lks_error_to_sentence (result->error);
  advice = lks_error_to_advice (result->error);
  /* Translators: what went wrong, then what to do */
  return g_strstrip (g_strdup_printf (_ ("%s %s"), sentence, advice));
}

static char *
dup_pass_text (LksBoardRun *self)
{
  switch (lks_finalizer_get_outcome (self->finalizer))
    {
    case LKS_OUTCOME_READY:
      return g_strdup (lks_finalizer_get_result (self->finalizer)->n_waived > 0
                           ? _ ("Every other check passed. Nothing was changed yet.")
                           : _ ("Every check passed. Nothing was changed yet."));
    case LKS_OUTCOME_VERIFIED:
      return g_strdup (
          _ ("It already was in this state, and it is as it should be. There is nothing "
             "to lock."));
    case LKS_OUTCOME_FINALIZED:
      return g_strdup (_ ("Locked, restarted, and proven."));
    case LKS_OUTCOME_NONE:
      break;
    }
  return g_strdup ("");
}

/* A PASS that somebody answers for never looks like any other. */
static char *
dup_pass_detail (LksBoardRun *self)
{
  guint n_waived = lks_finalizer_get_result (self->finalizer)->n_waived;
  g_autofree char *text = dup_pass_text (self);
  g_autofree char *waived = lks_format_waived (n_waived);

  return n_waived > 0 ? g_strjoin (" ", waived, text, NULL) : g_steal_pointer (&text);
}

static char *
dup_run_detail (LksBoardRun *self)
{
  if (g_strcmp0 (lks_finalizer_get_needs (self->finalizer), "power-cycle") == 0)
    return g_strdup (_ ("Unplug this board now and plug it in again at the same place."));
  if (lks_finalizer_get_busy (self->finalizer))
    return g_strdup (lks_finalizer_get_step (self->finalizer));

  switch (lks_finalizer_get_verdict (self->finalizer))
    {
    case LKS_VERDICT_PASS:
      return dup_pass_detail (self);
    case LKS_VERDICT_FAIL:
    case LKS_VERDICT_STOPPED:
      return dup_stop_reason (self);
    case LKS_VERDICT_NONE:
      break;
    }
  return g_strdup ("");
}

/* What others say about a board that was not locked here. */
static char *
dup_detail (LksBoardRun *self)
{
  g_autofree char *detail = dup_run_detail (self);
  g_autofree char *elsewhere = NULL;

  if (lks_finalizer_get_busy (self->finalizer) ||
      lks_finalizer_get_outcome (self->finalizer) == LKS_OUTCOME_FINALIZED ||
      lks_board_run_get_elsewhere (self, &elsewhere) == LKS_ELSEWHERE_NOTHING)
    return g_steal_pointer (&detail);

  /* Translators: what other stations say about a board, then how its run went */
  return g_strstrip (g_strdup_printf (_ ("%s %s"), elsewhere, detail));
}

/* Everything here is derived from the finalizer; telling too much is cheap, too little is not. */
static void
finalizer_changed_cb (LksBoardRun *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_TITLE; i < G_N_ELEMENTS (properties); i++)
    if (i != PROP_TYPED && i != PROP_LABEL)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_word (LksBoardRun *self, char **word, const char *typed, LksBoardRunProperty property)
{
  if (g_strcmp0 (*word, typed) == 0)
    return;

  g_free (*word);
  *word = g_strdup (typed);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONFIRMED]);
}

static void
lks_board_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksBoardRun *self = LKS_BOARD_RUN (object);

  switch ((LksBoardRunProperty) prop_id)
    {
    case PROP_FINALIZER:
      g_value_set_object (value, self->finalizer);
      break;
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self));
      break;
    case PROP_PLACE:
      g_value_set_string (value, lks_board_get_path (lks_finalizer_get_board (self->finalizer)));
      break;
    case PROP_DETAIL:
      g_value_take_string (value, dup_detail (self));
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, lks_finalizer_get_progress (self->finalizer));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, lks_finalizer_get_busy (self->finalizer));
      break;
    case PROP_VERDICT:
      g_value_set_enum (value, lks_finalizer_get_verdict (self->finalizer));
      break;
    case PROP_OUTCOME:
      g_value_set_enum (value, lks_finalizer_get_outcome (self->finalizer));
      break;
    case PROP_CONFIRMABLE:
      g_value_set_boolean (value, lks_board_run_is_confirmable (self));
      break;
    case PROP_TYPED:
      g_value_set_string (value, self->typed);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_CONFIRMED:
      g_value_set_boolean (value, lks_board_run_is_confirmed (self));
      break;
    }
}

static void
lks_board_run_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksBoardRun *self = LKS_BOARD_RUN (object);

  switch ((LksBoardRunProperty) prop_id)
    {
    case PROP_FINALIZER:
      self->finalizer = g_value_dup_object (value);
      g_signal_connect_object (self->finalizer, "notify", G_CALLBACK (finalizer_changed_cb), self,
                               G_CONNECT_SWAPPED);
      break;
    case PROP_TYPED:
      set_word (self, &self->typed, g_value_get_string (value), PROP_TYPED);
      break;
    case PROP_LABEL:
      set_word (self, &self->label, g_value_get_string (value), PROP_LABEL);
      break;
    case PROP_TITLE:
    case PROP_PLACE:
    case PROP_DETAIL:
    case PROP_PROGRESS:
    case PROP_BUSY:
    case PROP_VERDICT:
    case PROP_OUTCOME:
    case PROP_CONFIRMABLE:
    case PROP_CONFIRMED:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_board_run_dispose (GObject *object)
{
  g_clear_object (&LKS_BOARD_RUN (object)->finalizer);
  G_OBJECT_CLASS (lks_board_run_parent_class)->dispose (object);
}

static void
lks_board_run_finalize (GObject *object)
{
  g_clear_pointer (&LKS_BOARD_RUN (object)->elsewhere, lks_elsewhere_unref);
  g_free (LKS_BOARD_RUN (object)->typed);
  g_free (LKS_BOARD_RUN (object)->label);
  G_OBJECT_CLASS (lks_board_run_parent_class)->finalize (object);
}

static void
lks_board_run_class_init (LksBoardRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_board_run_get_property;
  object_class->set_property = lks_board_run_set_property;
  object_class->dispose = lks_board_run_dispose;
  object_class->finalize = lks_board_run_finalize;

  properties[PROP_FINALIZER] =
      g_param_spec_object ("finalizer", NULL, NULL, LKS_TYPE_FINALIZER,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_PLACE] = g_param_spec_string ("place", NULL, NULL, NULL, readable);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, readable);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, readable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  properties[PROP_VERDICT] =
      g_param_spec_enum ("verdict", NULL, NULL, LKS_TYPE_VERDICT, LKS_VERDICT_NONE, readable);
  properties[PROP_OUTCOME] =
      g_param_spec_enum ("outcome", NULL, NULL, LKS_TYPE_OUTCOME, LKS_OUTCOME_NONE, readable);
  properties[PROP_CONFIRMABLE] = g_param_spec_boolean ("confirmable", NULL, NULL, FALSE, readable);
  properties[PROP_TYPED] =
      g_param_spec_string ("typed", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONFIRMED] = g_param_spec_boolean ("confirmed", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_board_run_init (LksBoardRun *self)
{
}

/**
 * lks_board_run_new:
 * @finalizer: the runs of one board
 *
 * Takes a board into the wizard.
 *
 * Returns: (transfer full): a new object
 */
LksBoardRun *
lks_board_run_new (LksFinalizer *finalizer)
{
  return g_object_new (LKS_TYPE_BOARD_RUN, "finalizer", finalizer, NULL);
}

/**
 * lks_board_run_get_finalizer:
 * @self: a board in the wizard
 *
 * Gets its runs.
 *
 * Returns: (transfer none): the finalizer
 */
LksFinalizer *
lks_board_run_get_finalizer (LksBoardRun *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), NULL);

  return self->finalizer;
}

/**
 * lks_board_run_set_elsewhere:
 * @self: a board in the wizard
 * @elsewhere: (nullable): what other stations say
 *
 * Notes it for whoever is to confirm the board.
 */
void
lks_board_run_set_elsewhere (LksBoardRun *self, LksElsewhere *elsewhere)
{
  g_return_if_fail (LKS_IS_BOARD_RUN (self));

  if (self->elsewhere == elsewhere)
    return;

  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  self->elsewhere = elsewhere != NULL ? lks_elsewhere_ref (elsewhere) : NULL;
  finalizer_changed_cb (self);
}

/**
 * lks_board_run_get_elsewhere:
 * @self: a board in the wizard
 * @out_text: (out) (nullable) (optional): it in one translated sentence, or NULL for nothing
 *
 * Returns: what other stations say about the board
 */
LksElsewhereKind
lks_board_run_get_elsewhere (LksBoardRun *self, char **out_text)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), LKS_ELSEWHERE_NOTHING);

  return lks_elsewhere_describe (self->elsewhere, get_device_id (self),
                                 lks_finalizer_get_recipe (self->finalizer), out_text);
}

/**
 * lks_board_run_is_confirmable:
 * @self: a board in the wizard
 *
 * Asks whether the board may be confirmed: its check has passed, and it is not in the target
 * state already.
 *
 * Returns: whether there is something to confirm
 */
gboolean
lks_board_run_is_confirmable (LksBoardRun *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), FALSE);

  return !lks_finalizer_get_busy (self->finalizer) &&
         lks_finalizer_get_verdict (self->finalizer) == LKS_VERDICT_PASS &&
         lks_finalizer_get_outcome (self->finalizer) == LKS_OUTCOME_READY &&
         lks_finalizer_get_device_id (self->finalizer) != NULL;
}

/**
 * lks_board_run_get_label:
 * @self: a board in the wizard
 *
 * Returns: (transfer none) (nullable): what stands on the unit, as it was typed or scanned
 */
const char *
lks_board_run_get_label (LksBoardRun *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), NULL);

  return self->label;
}

/**
 * lks_board_run_check_label:
 * @self: a board in the wizard
 * @error: return location for a [error@Lks.RecipeError]
 *
 * Returns: whether the label is one that the recipe takes, which may be none
 */
gboolean
lks_board_run_check_label (LksBoardRun *self, GError **error)
{
  g_autofree char *word = NULL;

  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), FALSE);

  word = g_strstrip (g_strdup (self->label != NULL ? self->label : ""));
  return lks_recipe_match_label (lks_finalizer_get_recipe (self->finalizer), word, error);
}

/**
 * lks_board_run_is_confirmed:
 * @self: a board in the wizard
 *
 * Asks whether a person has confirmed exactly this board.
 *
 * Returns: whether it is confirmable, what was typed is the end of its device ID, and its label is
 *   as the recipe demands
 */
gboolean
lks_board_run_is_confirmed (LksBoardRun *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), FALSE);

  return lks_board_run_is_confirmable (self) &&
         lks_confirmation_matches (lks_finalizer_get_device_id (self->finalizer), self->typed) &&
         lks_board_run_check_label (self, NULL);
}

/**
 * lks_board_run_may_waive:
 * @self: a board in the wizard
 * @check: the name of a step
 *
 * Asks whether a waiver of a check could help: the board failed by it, and by nothing but checks
 * that its recipe lets somebody waive.
 *
 * Returns: whether it is worth asking for
 */
gboolean
lks_board_run_may_waive (LksBoardRun *self, const char *check)
{
  LksRunResult *result = lks_finalizer_get_result (self->finalizer);
  LksRecipe *recipe = lks_finalizer_get_recipe (self->finalizer);
  gboolean has_failed = FALSE;

  if (lks_finalizer_get_busy (self->finalizer) || result == NULL || result->error != NULL ||
      result->verdict != LKS_VERDICT_FAIL || result->device_id == NULL)
    return FALSE;

  for (guint i = 0; i < result->steps->len; i++)
    {
      const char *name = lks_run_step_get_name (result->steps->pdata[i]);

      if (lks_run_step_get_result (result->steps->pdata[i]) != LKS_STEP_RESULT_FAIL)
        continue;
      if (!lks_recipe_may_waive (recipe, name, NULL))
        return FALSE;
      has_failed |= g_str_equal (name, check);
    }
  return has_failed;
}

/**
 * lks_board_run_get_sign:
 * @self: a board in the wizard
 *
 * Gets the sign of where its run stands.
 *
 * Returns: the verdict, or that it runs or waits
 */
LksSign
lks_board_run_get_sign (LksBoardRun *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_RUN (self), lks_sign_for_verdict (LKS_VERDICT_NONE));

  if (lks_finalizer_get_needs (self->finalizer) != NULL)
    return (LksSign){ "lks-warning-symbolic", _ ("Needs you"), "", LKS_TONE_WARNING };
  if (lks_finalizer_get_busy (self->finalizer))
    return (LksSign){ "lks-pending-symbolic", _ ("Running…"), "", LKS_TONE_NOTICE };
  if (lks_finalizer_get_verdict (self->finalizer) == LKS_VERDICT_NONE)
    return (LksSign){ "lks-pending-symbolic", _ ("Waiting"), "", LKS_TONE_PLAIN };
  return lks_sign_for_verdict (lks_finalizer_get_verdict (self->finalizer));
}

/**
 * lks_confirmation_matches:
 * @device_id: (nullable): the device ID of a board
 * @typed: (nullable): what a person typed or scanned
 *
 * Asks whether somebody named exactly this board: at least the last six digits of its ID, in
 * either case, with spaces around them forgiven.
 *
 * Returns: whether it does
 */
gboolean
lks_confirmation_matches (const char *device_id, const char *typed)
{
  g_autofree char *trimmed = NULL;

  if (device_id == NULL || typed == NULL)
    return FALSE;

  trimmed = g_strstrip (g_strdup (typed));
  return strlen (trimmed) >= LKS_DEVICE_ID_SHORT_DIGITS &&
         lks_device_id_matches (device_id, trimmed);
}
