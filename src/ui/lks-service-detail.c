/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-detail.h"

#include "lks-aspect-row.h"
#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-json.h"
#include "lks-record-text.h"
#include "lks-service-text.h"
#include "lks-sign-label.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The ledger is written by this program, but the file may be anybody's. */
#define DOCUMENT_MAX_BYTES (16 * 1024 * 1024)

struct _LksServiceDetail
{
  AdwBin parent_instance;

  GtkLabel *title;              /* template child */
  GtkLabel *subtitle;           /* template child */
  LksSignLabel *sign;           /* template child */
  GtkLabel *ending;             /* template child */
  GtkListBox *changes;          /* template child */
  GtkLabel *no_changes;         /* template child */
  GtkLabel *changes_error;      /* template child */
  AdwActionRow *task_row;       /* template child */
  AdwActionRow *note_row;       /* template child */
  AdwActionRow *capability_row; /* template child */
  AdwActionRow *before_row;     /* template child */
  AdwActionRow *after_row;      /* template child */
  AdwActionRow *device_row;     /* template child */
  AdwActionRow *place_row;      /* template child */
  AdwActionRow *time_row;       /* template child */
  AdwActionRow *person_row;     /* template child */
  AdwActionRow *record_row;     /* template child */

  LksServiceRecord *record;  /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) of the reading of the events */
};

G_DEFINE_FINAL_TYPE (LksServiceDetail, lks_service_detail, ADW_TYPE_BIN)

static void
clear_changes (LksServiceDetail *self)
{
  lks_widget_clear_list (self->changes);
  gtk_widget_set_visible (GTK_WIDGET (self->changes), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->no_changes), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->changes_error), FALSE);
}

static LksAspectRow *
new_change_row (const LksServiceEvent *event)
{
  g_autofree char *words = lks_service_change_to_words (event->method, event->path);
  g_autofree char *time = lks_record_format_time (event->at_us);
  g_autofree char *status = g_strdup_printf ("%u", event->http_status);
  /* Translators: a time, then a request to the board and its answer, such as “POST /restart: 200”
   */
  g_autofree char *explanation =
      g_strdup_printf (_ ("%s · %s %s: %s"), time, event->method, event->path,
                       event->http_status != 0 ? status : _ ("no answer"));
  LksAspectRow *row = lks_aspect_row_new (words);
  LksSign sign = lks_sign_for_service_change (event);

  lks_aspect_row_set_explanation (row, explanation);
  lks_aspect_row_set_sign (row, &sign);
  return row;
}

static void
show_changes (LksServiceDetail *self, GPtrArray *events)
{
  guint n_changes = 0;

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const LksServiceEvent *event = g_ptr_array_index (events, i);

      if (event->method == NULL)
        continue;
      gtk_list_box_append (self->changes, GTK_WIDGET (new_change_row (event)));
      n_changes++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->changes), n_changes > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->no_changes), n_changes == 0);
}

static JsonObject *
find_state (LksJson *json, const char *member)
{
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  JsonNode *node = root != NULL ? json_object_get_member (root, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* @document: (nullable): holds the status of the board as its member @member */
static char *
describe_state (const char *document, const char *member)
{
  g_autoptr (LksJson) json =
      document != NULL
          ? lks_json_parse ("document", document, strlen (document), DOCUMENT_MAX_BYTES, NULL)
          : NULL;
  JsonObject *state = find_state (json, member);
  const char *manufacturing = state != NULL ? get_text (state, "manufacturingState") : NULL;
  const char *os_version = state != NULL ? get_text (state, "osVersion") : NULL;
  JsonNode *networks = state != NULL ? json_object_get_member (state, "wifiNetworks") : NULL;
  GString *text;

  if (manufacturing == NULL)
    return g_strdup (_ ("Not known"));

  text = g_string_new (manufacturing);
  if (os_version != NULL)
    /* Translators: the version of a board's system; follows its manufacturing state */
    g_string_append_printf (text, _ (", system %s"), os_version);
  if (networks != NULL && json_node_get_value_type (networks) == G_TYPE_INT64)
    {
      guint n = (guint) CLAMP (json_node_get_int (networks), 0, G_MAXINT);

      /* Translators: follows the manufacturing state and the version of the system */
      g_string_append_printf (text, ngettext (", %u Wi-Fi network", ", %u Wi-Fi networks", n), n);
    }
  return g_string_free (text, FALSE);
}

/* Who, as what, where and on what; role and batch where somebody had signed in at the station. */
static void
show_person (LksServiceDetail *self, const LksServiceFields *fields)
{
  g_autoptr (LksJson) json =
      fields->document != NULL
          ? lks_json_parse ("document", fields->document, strlen (fields->document),
                            DOCUMENT_MAX_BYTES, NULL)
          : NULL;
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  const char *role = root != NULL ? get_text (root, "operatorRole") : NULL;
  const char *batch = root != NULL ? get_text (root, "batch") : NULL;
  g_autofree char *person = NULL;
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;

  if (role != NULL)
    person = g_strdup_printf (g_str_equal (role, "engineer") ? /* Translators: a person */
                                  _ ("%s, engineer")
                                                             : _ ("%s, operator"),
                              fields->operator_name);
  /* Translators: a person and a computer */
  place = g_strdup_printf (_ ("%s on %s"), person != NULL ? person : fields->operator_name,
                           fields->station);
  if (batch != NULL && *batch != '\0')
    /* Translators: a person on a computer, and what was being worked on there */
    text = g_strdup_printf (_ ("%s · batch %s"), place, batch);
  adw_action_row_set_subtitle (self->person_row, text != NULL ? text : place);
}

static void
show_states (LksServiceDetail *self, LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  g_autofree char *before = describe_state (fields->document, "before");
  g_autofree char *after = describe_state (fields->end_document, "after");

  adw_action_row_set_subtitle (self->before_row, before);
  adw_action_row_set_subtitle (self->after_row, after);
}

static void
got_record_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksServiceRecord) record =
      lks_ledger_service_get_finish (LKS_LEDGER (source), result, &error);
  g_autofree char *sentence = NULL;
  LksServiceDetail *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another record is shown by now, or the widget is gone */

  clear_changes (self);
  if (record != NULL)
    {
      show_changes (self, lks_service_record_get_events (record));
      show_states (self, record);
      show_person (self, lks_service_record_get_fields (record));
      return;
    }
  sentence = lks_error_to_sentence (error);
  gtk_label_set_label (self->changes_error, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->changes_error), TRUE);
}

static char *
describe_times (const LksServiceFields *fields)
{
  g_autofree char *started = lks_record_format_time (fields->started_us);
  g_autofree char *ended = NULL;
  g_autofree char *duration = NULL;

  if (fields->ended_us == 0)
    /* Translators: a time in the past */
    return g_strdup_printf (_ ("Since %s"), started);

  ended = lks_record_format_time (fields->ended_us);
  duration = lks_format_duration (MAX (0, fields->ended_us - fields->started_us) / G_USEC_PER_SEC);
  /* Translators: two times and a length of time */
  return g_strdup_printf (_ ("%s to %s (%s)"), started, ended, duration);
}

static void
show_fields (LksServiceDetail *self)
{
  const LksServiceFields *fields = lks_service_record_get_fields (self->record);
  g_autofree char *title = lks_service_record_to_title (self->record);
  g_autofree char *subtitle = lks_service_record_to_subtitle (self->record);
  g_autofree char *ending = lks_service_record_to_ending (self->record);
  g_autofree char *task = lks_service_record_to_task (self->record);
  g_autofree char *capability = lks_service_record_to_capability (self->record);
  g_autofree char *device_id = lks_format_device_id (fields->device_id);
  g_autofree char *times = describe_times (fields);
  gboolean has_note = fields->note != NULL && *fields->note != '\0';
  LksSign sign = lks_sign_for_service_record (self->record);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_label_set_label (self->ending, ending);
  lks_sign_label_set_sign (self->sign, &sign);
  adw_action_row_set_subtitle (self->task_row, task);
  adw_action_row_set_subtitle (self->note_row, has_note ? fields->note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_row), has_note);
  adw_action_row_set_subtitle (self->capability_row, capability);
  adw_action_row_set_subtitle (self->device_row, device_id);
  adw_action_row_set_subtitle (self->place_row, fields->port);
  adw_action_row_set_subtitle (self->time_row, times);
  show_person (self, fields);
  adw_action_row_set_subtitle (self->record_row, fields->id);
}

static void
lks_service_detail_dispose (GObject *object)
{
  LksServiceDetail *self = LKS_SERVICE_DETAIL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->record);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SERVICE_DETAIL);
  G_OBJECT_CLASS (lks_service_detail_parent_class)->dispose (object);
}

static void
lks_service_detail_class_init (LksServiceDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_service_detail_dispose;

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-service-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, title);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, sign);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, ending);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, changes);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, no_changes);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, changes_error);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, task_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, note_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, capability_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, before_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, after_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, device_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, place_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, time_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, person_row);
  gtk_widget_class_bind_template_child (widget_class, LksServiceDetail, record_row);
}

static void
lks_service_detail_init (LksServiceDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_service_detail_show:
 * @self: a detail view
 * @ledger: where the record is kept
 * @record: a record of a list, without its events
 *
 * Shows a record; what was done follows as soon as it is read.
 */
void
lks_service_detail_show (LksServiceDetail *self, LksLedger *ledger, LksServiceRecord *record)
{
  gboolean is_same;

  g_return_if_fail (LKS_IS_SERVICE_DETAIL (self));

  is_same = self->record != NULL && g_str_equal (lks_service_record_get_id (self->record),
                                                 lks_service_record_get_id (record));
  if (!g_set_object (&self->record, record))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  show_fields (self);
  if (!is_same)
    {
      clear_changes (self);
      show_states (self, record);
    }
  self->cancellable = g_cancellable_new ();
  lks_ledger_service_get_async (ledger, lks_service_record_get_id (record), self->cancellable,
                                got_record_cb, self);
}
