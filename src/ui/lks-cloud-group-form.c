/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-group-form.h"

#include <glib/gi18n-lib.h>

/* A value of the service's, and what it means to a person. */
typedef struct
{
  const char *value;
  const char *title;
  const char *meaning;
} Choice;

#define N_CHOICES 2

/* The service's default comes first. */
static const Choice policies[N_CHOICES] = {
  { "UpdateAll", N_ ("OS and applications"),
    N_ ("Devices get new OS versions and what is deployed to the group. An update comes in phases: "
        "first keystore and certificates, then the OS with a restart, then applications.") },
  { "No3rdPartyAppUpdates", N_ ("OS only"),
    N_ ("Devices get new OS versions; what is deployed to the group does not reach them. For "
        "development, where an application is loaded over the cable.") },
};
static const Choice feeds[N_CHOICES] = {
  { "Retail", N_ ("Retail: released versions"), N_ ("What everybody gets.") },
  { "RetailEval", N_ ("RetailEval: early versions"),
    N_ ("A version comes about two weeks before everybody gets it. For some devices that show in "
        "time whether your application still works with it.") },
};
static const Choice dumps[N_CHOICES] = {
  { "Disabled", N_ ("Not collected"),
    N_ ("When an application crashes, its memory stays on the device.") },
  { "Enabled", N_ ("Collected by the vendor"),
    N_ ("When an application crashes, what it had in memory then may go to the vendor, with "
        "whatever secrets were in it.") },
};
static const Choice regions[N_CHOICES] = {
  { "None", N_ ("Anywhere"), N_ ("Its data may lie anywhere in the cloud.") },
  { "EU", N_ ("European Union"), N_ ("Its data stays in the European Union.") },
};

typedef struct
{
  AdwComboRow *row; /* template child */
  GtkLabel *note;   /* template child */
  const Choice *choices;
  char *before; /* (owned) (nullable): as the service told it */
} Field;

enum
{
  FIELD_POLICY,
  FIELD_FEED,
  FIELD_DUMPS,
  FIELD_REGION,
  N_FIELDS,
};

struct _LksCloudGroupForm
{
  AdwBin parent_instance;

  AdwComboRow *policy_row; /* template child */
  GtkLabel *policy_note;   /* template child */
  AdwComboRow *feed_row;   /* template child */
  GtkLabel *feed_note;     /* template child */
  AdwComboRow *dumps_row;  /* template child */
  GtkLabel *dumps_note;    /* template child */
  AdwComboRow *region_row; /* template child */
  GtkLabel *region_note;   /* template child */

  Field fields[N_FIELDS];
};

G_DEFINE_FINAL_TYPE (LksCloudGroupForm, lks_cloud_group_form, ADW_TYPE_BIN)

/* The position of a value among what is known, or that of the item behind it. */
static guint
find_value (const Field *field, const char *value)
{
  for (guint i = 0; i < N_CHOICES; i++)
    if (g_strcmp0 (field->choices[i].value, value) == 0)
      return i;
  return value != NULL ? N_CHOICES : 0;
}

static void
show_meaning (const Field *field)
{
  guint selected = adw_combo_row_get_selected (field->row);

  gtk_label_set_label (field->note, selected < N_CHOICES
                                        ? _ (field->choices[selected].meaning)
                                        : _ ("A value that is not known here. It is kept."));
}

static void
selected_cb (LksCloudGroupForm *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    if (adw_combo_row_get_model (self->fields[i].row) != NULL)
      show_meaning (&self->fields[i]);
}

/* A value of a newer service is offered as it is, to be kept. */
static void
set_value (Field *field, const char *value)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = find_value (field, value);

  for (guint i = 0; i < N_CHOICES; i++)
    gtk_string_list_append (titles, _ (field->choices[i].title));
  if (selected == N_CHOICES)
    gtk_string_list_append (titles, value);
  g_free (field->before);
  field->before = g_strdup (value);
  adw_combo_row_set_model (field->row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (field->row, selected);
  show_meaning (field);
}

/* Only what was changed is sent; of a new group, all. */
static const char *
get_value (const Field *field)
{
  guint selected = adw_combo_row_get_selected (field->row);
  const char *value = selected < N_CHOICES ? field->choices[selected].value : NULL;

  return g_strcmp0 (value, field->before) != 0 ? value : NULL;
}

/**
 * lks_cloud_group_form_set_group:
 * @self: a form
 * @group: (nullable): the group as it is; NULL for a new one
 *
 * Shows how a group is.
 */
void
lks_cloud_group_form_set_group (LksCloudGroupForm *self, const LksCloudGroup *group)
{
  g_return_if_fail (LKS_IS_CLOUD_GROUP_FORM (self));

  set_value (&self->fields[FIELD_POLICY], group != NULL ? group->update_policy : NULL);
  set_value (&self->fields[FIELD_FEED], group != NULL ? group->os_feed : NULL);
  set_value (&self->fields[FIELD_DUMPS], group != NULL ? group->crash_dumps : NULL);
  set_value (&self->fields[FIELD_REGION], group != NULL ? group->region : NULL);
}

/**
 * lks_cloud_group_form_get_settings:
 * @self: a form
 * @out_settings: (out caller-allocates): what was chosen; NULL where nothing changed. Its texts are
 *   constants. The description is not touched.
 */
void
lks_cloud_group_form_get_settings (LksCloudGroupForm *self, LksCloudGroupSettings *out_settings)
{
  g_return_if_fail (LKS_IS_CLOUD_GROUP_FORM (self));

  out_settings->update_policy = get_value (&self->fields[FIELD_POLICY]);
  out_settings->os_feed = get_value (&self->fields[FIELD_FEED]);
  out_settings->crash_dumps = get_value (&self->fields[FIELD_DUMPS]);
  out_settings->region = get_value (&self->fields[FIELD_REGION]);
}

/* ---- the widget ---- */

static void
lks_cloud_group_form_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_CLOUD_GROUP_FORM);
  G_OBJECT_CLASS (lks_cloud_group_form_parent_class)->dispose (object);
}

static void
lks_cloud_group_form_finalize (GObject *object)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (LKS_CLOUD_GROUP_FORM (object)->fields[i].before);
  G_OBJECT_CLASS (lks_cloud_group_form_parent_class)->finalize (object);
}

static void
lks_cloud_group_form_class_init (LksCloudGroupFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_group_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_group_form_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-group-form.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, policy_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, policy_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, feed_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, feed_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, dumps_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, dumps_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, region_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudGroupForm, region_note);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lks_cloud_group_form_init (LksCloudGroupForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->fields[FIELD_POLICY] = (Field){ self->policy_row, self->policy_note, policies, NULL };
  self->fields[FIELD_FEED] = (Field){ self->feed_row, self->feed_note, feeds, NULL };
  self->fields[FIELD_DUMPS] = (Field){ self->dumps_row, self->dumps_note, dumps, NULL };
  self->fields[FIELD_REGION] = (Field){ self->region_row, self->region_note, regions, NULL };
  lks_cloud_group_form_set_group (self, NULL);
}

/**
 * lks_cloud_group_form_get_words:
 * @member: the service's name of a setting: "updatePolicy" or "osFeedType"
 * @value: (nullable): what the service says about it
 * @out_meaning: (out) (nullable): what that means, translated; NULL when it is not known here
 *
 * Returns: (transfer none): @value in the user's language, or as it is
 */
const char *
lks_cloud_group_form_get_words (const char *member, const char *value, const char **out_meaning)
{
  const Choice *choices = g_str_equal (member, "osFeedType") ? feeds : policies;

  *out_meaning = NULL;
  for (gsize i = 0; i < N_CHOICES; i++)
    if (g_strcmp0 (choices[i].value, value) == 0)
      {
        *out_meaning = _ (choices[i].meaning);
        return _ (choices[i].title);
      }
  return value != NULL ? value : _ ("not told");
}
