/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wizard-page.h"

typedef struct
{
  LksLockJob *job; /* (owned) (nullable) */
  char *title;     /* (owned) (nullable) */
  gboolean is_complete;
} LksWizardPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LksWizardPage, lks_wizard_page, ADW_TYPE_BIN)

#define PRIVATE(self) ((LksWizardPagePrivate *) lks_wizard_page_get_instance_private (self))

typedef enum
{
  PROP_JOB = 1,
  PROP_TITLE,
  PROP_COMPLETE,
} LksWizardPageProperty;

static GParamSpec *properties[PROP_COMPLETE + 1];

static void
set_job (LksWizardPage *self, LksLockJob *job)
{
  if (!g_set_object (&PRIVATE (self)->job, job))
    return;

  if (job != NULL)
    LKS_WIZARD_PAGE_GET_CLASS (self)->bind_job (self, job);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_JOB]);
}

static void
set_title (LksWizardPage *self, const char *title)
{
  if (g_strcmp0 (PRIVATE (self)->title, title) == 0)
    return;

  g_free (PRIVATE (self)->title);
  PRIVATE (self)->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
lks_wizard_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksWizardPagePrivate *priv = PRIVATE (LKS_WIZARD_PAGE (object));

  switch ((LksWizardPageProperty) prop_id)
    {
    case PROP_JOB:
      g_value_set_object (value, priv->job);
      break;
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, priv->is_complete);
      break;
    }
}

static void
lks_wizard_page_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  LksWizardPage *self = LKS_WIZARD_PAGE (object);

  switch ((LksWizardPageProperty) prop_id)
    {
    case PROP_JOB:
      set_job (self, g_value_get_object (value));
      break;
    case PROP_TITLE:
      set_title (self, g_value_get_string (value));
      break;
    case PROP_COMPLETE:
      lks_wizard_page_set_complete (self, g_value_get_boolean (value));
      break;
    }
}

static void
lks_wizard_page_dispose (GObject *object)
{
  g_clear_object (&PRIVATE (LKS_WIZARD_PAGE (object))->job);
  G_OBJECT_CLASS (lks_wizard_page_parent_class)->dispose (object);
}

static void
lks_wizard_page_finalize (GObject *object)
{
  g_free (PRIVATE (LKS_WIZARD_PAGE (object))->title);
  G_OBJECT_CLASS (lks_wizard_page_parent_class)->finalize (object);
}

static void
lks_wizard_page_real_bind_job (LksWizardPage *self, LksLockJob *job)
{
}

static void
lks_wizard_page_real_enter (LksWizardPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static gboolean
lks_wizard_page_real_apply (LksWizardPage *self, GError **error)
{
  return TRUE;
}

static void
lks_wizard_page_class_init (LksWizardPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_wizard_page_get_property;
  object_class->set_property = lks_wizard_page_set_property;
  object_class->dispose = lks_wizard_page_dispose;
  object_class->finalize = lks_wizard_page_finalize;
  klass->bind_job = lks_wizard_page_real_bind_job;
  klass->enter = lks_wizard_page_real_enter;
  klass->apply = lks_wizard_page_real_apply;

  properties[PROP_JOB] =
      g_param_spec_object ("job", NULL, NULL, LKS_TYPE_LOCK_JOB,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_COMPLETE] =
      g_param_spec_boolean ("complete", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_wizard_page_init (LksWizardPage *self)
{
}

/**
 * lks_wizard_page_get_job:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what the wizard works on
 */
LksLockJob *
lks_wizard_page_get_job (LksWizardPage *self)
{
  g_return_val_if_fail (LKS_IS_WIZARD_PAGE (self), NULL);

  return PRIVATE (self)->job;
}

/**
 * lks_wizard_page_get_title:
 * @self: a page
 *
 * Returns: (nullable): its title, translated
 */
const char *
lks_wizard_page_get_title (LksWizardPage *self)
{
  g_return_val_if_fail (LKS_IS_WIZARD_PAGE (self), NULL);

  return PRIVATE (self)->title;
}

/**
 * lks_wizard_page_get_complete:
 * @self: a page
 *
 * Returns: whether the user may go on
 */
gboolean
lks_wizard_page_get_complete (LksWizardPage *self)
{
  g_return_val_if_fail (LKS_IS_WIZARD_PAGE (self), FALSE);

  return PRIVATE (self)->is_complete;
}

/**
 * lks_wizard_page_set_complete:
 * @self: a page
 * @is_complete: whether the user may go on
 *
 * For the page itself.
 */
void
lks_wizard_page_set_complete (LksWizardPage *self, gboolean is_complete)
{
  g_return_if_fail (LKS_IS_WIZARD_PAGE (self));

  if (PRIVATE (self)->is_complete == is_complete)
    return;

  PRIVATE (self)->is_complete = is_complete;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
}

/**
 * lks_wizard_page_enter:
 * @self: a page
 *
 * Tells the page that it is shown now, so that it can put the focus where the next action is.
 */
void
lks_wizard_page_enter (LksWizardPage *self)
{
  g_return_if_fail (LKS_IS_WIZARD_PAGE (self));

  LKS_WIZARD_PAGE_GET_CLASS (self)->enter (self);
}

/**
 * lks_wizard_page_apply:
 * @self: a page
 * @error: return location for an error
 *
 * Makes what the user chose on this page part of the job.
 *
 * Returns: whether the wizard may go on
 */
gboolean
lks_wizard_page_apply (LksWizardPage *self, GError **error)
{
  g_return_val_if_fail (LKS_IS_WIZARD_PAGE (self), FALSE);

  return LKS_WIZARD_PAGE_GET_CLASS (self)->apply (self, error);
}
