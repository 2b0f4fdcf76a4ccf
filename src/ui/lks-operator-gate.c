/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-gate.h"

#include "lks-enums.h"
#include "lks-sign-in-dialog.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _LksOperatorGate
{
  GObject parent_instance;

  LksOperatorSession *session; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksOperatorGate, lks_operator_gate, G_TYPE_OBJECT)

typedef enum
{
  PROP_SESSION = 1,
} LksOperatorGateProperty;

static GParamSpec *properties[PROP_SESSION + 1];

static void
lks_operator_gate_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_assert (prop_id == PROP_SESSION);
  g_value_set_object (value, LKS_OPERATOR_GATE (object)->session);
}

static void
lks_operator_gate_dispose (GObject *object)
{
  g_clear_object (&LKS_OPERATOR_GATE (object)->session);
  G_OBJECT_CLASS (lks_operator_gate_parent_class)->dispose (object);
}

static void
lks_operator_gate_class_init (LksOperatorGateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_operator_gate_get_property;
  object_class->dispose = lks_operator_gate_dispose;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, LKS_TYPE_OPERATOR_SESSION,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_operator_gate_init (LksOperatorGate *self)
{
}

/**
 * lks_operator_gate_ref_default:
 *
 * Gets the one that all windows share. Main thread only.
 *
 * Returns: (transfer full): it
 */
LksOperatorGate *
lks_operator_gate_ref_default (void)
{
  static LksOperatorGate *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_OPERATOR_GATE, NULL));
  return shared;
}

/**
 * lks_operator_gate_get_session:
 * @self: the gate
 *
 * Returns: (transfer none) (nullable): who is at the station
 */
LksOperatorSession *
lks_operator_gate_get_session (LksOperatorGate *self)
{
  g_return_val_if_fail (LKS_IS_OPERATOR_GATE (self), NULL);

  return self->session;
}

/**
 * lks_operator_gate_set_session:
 * @self: the gate
 * @session: (nullable): who is at the station
 */
void
lks_operator_gate_set_session (LksOperatorGate *self, LksOperatorSession *session)
{
  g_return_if_fail (LKS_IS_OPERATOR_GATE (self));

  if (g_set_object (&self->session, session))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * lks_operator_may:
 * @act: what is to be done
 *
 * Returns: whether whoever is at the station may do it; asks nobody
 */
gboolean
lks_operator_may (LksOperatorAct act)
{
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();

  return gate->session == NULL || lks_operator_session_may (gate->session, act);
}

static void
answered_cb (GtkWindow *parent, const char *response, GtkWidget *dialog)
{
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();

  if (g_strcmp0 (response, "sign-in") == 0 && gate->session != NULL)
    lks_sign_in_dialog_present (parent, gate->session, TRUE);
}

/**
 * lks_operator_permit:
 * @widget: where it is asked for
 * @act: what is to be done
 *
 * Asks whether it may be done now. Whoever may not is told who may, and can sign in.
 *
 * Returns: whether to go on
 */
gboolean
lks_operator_permit (GtkWidget *widget, LksOperatorAct act)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkWidget *dialog;

  if (lks_operator_may (act))
    return TRUE;

  dialog = adw_message_dialog_new (parent, _ ("Not in This Role"),
                                   _ (lks_operator_act_get_refusal (act)));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"), "sign-in",
                                    _ ("_Sign In…"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  if (parent != NULL)
    g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), parent,
                             G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

/**
 * lks_operator_make_order:
 * @session: (nullable): who is at the station
 * @preferred: (nullable): whom Preferences name
 *
 * On whose behalf a run that begins now is made: of whoever signed in, else of whom Preferences
 * name.
 *
 * Returns: an order whose texts belong to the arguments; copy it to keep it
 */
LksRunOrder
lks_operator_make_order (LksOperatorSession *session, const char *preferred)
{
  if (session == NULL || !lks_operator_session_get_signed_in (session))
    return (LksRunOrder){ .operator_name = preferred };

  return (LksRunOrder){
    .operator_name = lks_operator_session_get_name (session),
    .operator_role =
        lks_enum_to_nick (LKS_TYPE_OPERATOR_ROLE, (int) lks_operator_session_get_role (session)),
    .batch = lks_operator_session_get_batch (session),
  };
}

/**
 * lks_operator_dup_order:
 * @settings: the settings of the program
 *
 * The same for whoever is at this station.
 *
 * Returns: (transfer full): an order; without a name it is the user of the computer's
 */
LksRunOrder *
lks_operator_dup_order (GSettings *settings)
{
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();
  g_autofree char *preferred = g_settings_get_string (settings, "operator-name");
  LksRunOrder order = lks_operator_make_order (gate->session, preferred);

  return lks_run_order_copy (&order);
}
