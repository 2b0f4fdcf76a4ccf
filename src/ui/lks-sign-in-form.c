/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-form.h"

#include "lks-error-note.h"
#include "lks-file-opener.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksSignInForm
{
  AdwBin parent_instance;

  LksErrorNote *error_note;     /* template child */
  AdwEntryRow *name_row;        /* template child */
  AdwEntryRow *batch_row;       /* template child */
  AdwExpanderRow *engineer_row; /* template child */
  AdwPasswordEntryRow *pin_row; /* template child */
  AdwActionRow *key_row;        /* template child */
  GtkButton *sign_in_button;    /* template child */
  GtkSpinner *spinner;          /* template child */

  LksOperatorSession *session; /* (owned) (nullable) */
  GCancellable *cancellable;   /* (owned) */
  char *key_path;              /* (owned) (nullable): of a recipe-signing key */
};

G_DEFINE_FINAL_TYPE (LksSignInForm, lks_sign_in_form, ADW_TYPE_BIN)

static guint done_signal;

static gboolean
is_engineer (LksSignInForm *self)
{
  return adw_expander_row_get_enable_expansion (self->engineer_row);
}

static const char *
get_text (gpointer row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
update (LksSignInForm *self)
{
  const gboolean is_busy = self->session != NULL && lks_operator_session_get_busy (self->session);
  const gboolean has_proof = *get_text (self->pin_row) != '\0' || self->key_path != NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->sign_in_button),
                            !is_busy && *get_text (self->name_row) != '\0' &&
                                (!is_engineer (self) || has_proof));
  gtk_spinner_set_spinning (self->spinner, is_busy);
}

static void
set_key_path (LksSignInForm *self, const char *path)
{
  g_autofree char *name = path != NULL ? g_filename_display_basename (path) : NULL;

  g_free (self->key_path);
  self->key_path = g_strdup (path);
  adw_action_row_set_subtitle (self->key_row, name != NULL
                                                  ? name
                                                  : _ ("Instead of the PIN, on a USB stick or so"));
  update (self);
}

/* GTK's buffer for passwords wipes what it held. */
static void
forget_proof (LksSignInForm *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->pin_row), "");
  set_key_path (self, NULL);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSignInForm) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean is_good =
      lks_operator_session_sign_in_finish (LKS_OPERATOR_SESSION (source), result, &error);

  if (self->session == NULL) /* the form has gone */
    return;
  update (self);
  if (is_good)
    {
      lks_sign_in_form_begin (self, FALSE);
      g_signal_emit (self, done_signal, 0);
      return;
    }
  lks_error_note_set_error (self->error_note, error);
  gtk_widget_grab_focus (
      GTK_WIDGET (is_engineer (self) ? (GtkWidget *) self->pin_row : (GtkWidget *) self->name_row));
}

static void
sign_in_cb (LksSignInForm *self)
{
  const char *pin_text = get_text (self->pin_row);
  const gboolean has_key = is_engineer (self) && self->key_path != NULL;
  g_autoptr (LksSecret) pin =
      is_engineer (self) && !has_key ? lks_secret_new (pin_text, strlen (pin_text)) : NULL;
  g_autofree char *key_path = has_key ? g_strdup (self->key_path) : NULL;
  const LksOperatorProof sign_in = {
    .text = get_text (self->name_row),
    .pin = pin,
    .key_path = key_path,
    .batch = get_text (self->batch_row),
  };

  if (self->session == NULL || !gtk_widget_get_sensitive (GTK_WIDGET (self->sign_in_button)))
    return;

  lks_error_note_set_error (self->error_note, NULL);
  lks_operator_session_sign_in_async (self->session, &sign_in, self->cancellable, signed_in_cb,
                                      g_object_ref (self));
  forget_proof (self);
}

static void
key_chosen_cb (GtkWidget *owner, const char *const *paths)
{
  set_key_path (LKS_SIGN_IN_FORM (owner), paths[0]);
}

static void
choose_key_cb (LksSignInForm *self)
{
  lks_file_opener_ask (GTK_WIDGET (self), _ ("Choose a Recipe-Signing Key"),
                       _ ("Private keys (*.pem)"), "*.pem", FALSE, key_chosen_cb);
}

static void
lks_sign_in_form_dispose (GObject *object)
{
  LksSignInForm *self = LKS_SIGN_IN_FORM (object);

  g_cancellable_cancel (self->cancellable);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SIGN_IN_FORM);
  g_clear_object (&self->session);
  g_clear_pointer (&self->key_path, g_free);
  G_OBJECT_CLASS (lks_sign_in_form_parent_class)->dispose (object);
}

static void
lks_sign_in_form_finalize (GObject *object)
{
  g_object_unref (LKS_SIGN_IN_FORM (object)->cancellable);
  G_OBJECT_CLASS (lks_sign_in_form_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, batch_row);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, engineer_row);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, pin_row);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, key_row);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, sign_in_button);
  gtk_widget_class_bind_template_child (widget_class, LksSignInForm, spinner);
  gtk_widget_class_bind_template_callback (widget_class, choose_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
lks_sign_in_form_class_init (LksSignInFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  object_class->dispose = lks_sign_in_form_dispose;
  object_class->finalize = lks_sign_in_form_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-sign-in-form.ui");
  bind_children (widget_class);

  /**
   * LksSignInForm::done:
   * @self: the form
   *
   * Somebody is signed in.
   */
  done_signal = g_signal_new ("done", LKS_TYPE_SIGN_IN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
lks_sign_in_form_init (LksSignInForm *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  set_key_path (self, NULL);
}

/**
 * lks_sign_in_form_set_session:
 * @self: a form without a session
 * @session: where people sign in
 */
void
lks_sign_in_form_set_session (LksSignInForm *self, LksOperatorSession *session)
{
  g_return_if_fail (LKS_IS_SIGN_IN_FORM (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/**
 * lks_sign_in_form_begin:
 * @self: a form
 * @as_engineer: whether an engineer is asked for
 *
 * Empties the form and puts the focus where a name is typed or a badge is scanned.
 */
void
lks_sign_in_form_begin (LksSignInForm *self, gboolean as_engineer)
{
  g_return_if_fail (LKS_IS_SIGN_IN_FORM (self));

  lks_error_note_set_error (self->error_note, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), "");
  forget_proof (self);
  adw_expander_row_set_enable_expansion (self->engineer_row, as_engineer);
  adw_expander_row_set_expanded (self->engineer_row, as_engineer);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}
