/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-status-panel.h"

#include "lks-aspect-row.h"
#include "lks-clock.h"
#include "lks-error-text.h"
#include "lks-fact-row.h"
#include "lks-format.h"
#include "lks-labels.h"
#include "lks-message-page.h"
#include "lks-sign-label.h"
#include "lks-state-step.h"
#include "lks-status-closures.h"

#include <glib/gi18n-lib.h>

struct _LksStatusPanel
{
  AdwBin parent_instance;

  GtkListBox *capability_list; /* template child */
  LksAspectRow *quality_row;   /* template child */
  LksAspectRow *traffic_row;   /* template child */

  LksBoard *board;             /* (owned) (nullable) */
  LksBoardStatus *status;      /* (owned) (nullable) */
  LksClock *clock;             /* (owned) */
  GtkStringList *capabilities; /* (owned) numbers, as the board lists them */
  GCancellable *cancellable;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksStatusPanel, lks_status_panel, ADW_TYPE_BIN)

typedef enum
{
  PROP_BOARD = 1,
  PROP_STATUS,
  PROP_CLOCK,
} LksStatusPanelProperty;

static GParamSpec *properties[PROP_CLOCK + 1];

static GtkWidget *
create_capability_row_cb (gpointer item, gpointer user_data)
{
  guint32 number = g_ascii_strtoull (gtk_string_object_get_string (item), NULL, 10);
  g_autofree char *title = lks_capability_title (number);
  LksSign sign = lks_sign_for_capability (number);
  LksAspectRow *row = lks_aspect_row_new (title);

  lks_aspect_row_set_sign (row, &sign);
  lks_aspect_row_set_explanation (row, sign.meaning);
  return GTK_WIDGET (row);
}

static void
update_capabilities (LksStatusPanel *self)
{
  g_autoptr (GStrvBuilder) numbers = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  GListModel *model = G_LIST_MODEL (self->capabilities);
  gsize n_capabilities = 0;
  const guint32 *capabilities = NULL;
  gboolean is_same;

  if (self->status != NULL)
    capabilities = lks_board_status_get_capabilities (self->status, &n_capabilities);

  is_same = g_list_model_get_n_items (model) == n_capabilities;
  for (gsize i = 0; i < n_capabilities; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", capabilities[i]);

      is_same = is_same && g_str_equal (number, gtk_string_list_get_string (self->capabilities, i));
      g_strv_builder_add (numbers, number);
    }
  if (is_same)
    return;

  texts = g_strv_builder_end (numbers);
  gtk_string_list_splice (self->capabilities, 0, g_list_model_get_n_items (model),
                          (const char *const *) texts);
}

static LksSign
sign_for_line (const LksLinkCounters *counters)
{
  if (!counters->is_open)
    return (LksSign){ "lks-skipped-symbolic", _ ("Closed"), "", LKS_TONE_PLAIN };
  if (counters->overruns > 0 || counters->dropped_packets > 0)
    return (LksSign){ "lks-warning-symbolic", _ ("Bytes were lost"), "", LKS_TONE_WARNING };
  if (counters->retransmissions > 0)
    return (LksSign){ "lks-warning-symbolic", _ ("Some were sent again"), "", LKS_TONE_WARNING };
  return (LksSign){ "lks-pass-symbolic", _ ("Good"), "", LKS_TONE_GOOD };
}

/* The line counts without telling; it is asked once a second while somebody looks. */
static void
update_line (LksStatusPanel *self)
{
  g_autofree char *quality = NULL;
  g_autofree char *traffic = NULL;
  g_autofree char *received = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *latency = NULL;
  LksLinkCounters counters = { 0 };
  LksSign sign;

  if (self->board == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      !lks_board_get_link_counters (self->board, &counters))
    counters.is_open = FALSE;

  sign = sign_for_line (&counters);
  latency = lks_format_latency (counters.round_trip_us);
  /* Translators: a time such as “3.4 ms”, then three numbers */
  quality = g_strdup_printf (_ ("Round trip %s. Sent again: %u. Dropped: %u. Overruns: %u."),
                             latency, (guint) counters.retransmissions,
                             (guint) (counters.dropped_packets + counters.refused_packets),
                             (guint) counters.overruns);
  lks_aspect_row_set_sign (self->quality_row, &sign);
  lks_aspect_row_set_explanation (self->quality_row, quality);

  received = g_format_size (counters.received_bytes);
  sent = g_format_size (counters.sent_bytes);
  /* Translators: two sizes such as “4.2 kB” */
  traffic =
      g_strdup_printf (_ ("%s received, %s sent since the board was plugged in"), received, sent);
  lks_aspect_row_set_explanation (self->traffic_row, traffic);
}

static void
update_actions (LksStatusPanel *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_id = self->status != NULL && lks_board_status_get_device_id (self->status) != NULL;

  gtk_widget_action_set_enabled (widget, "board.refresh", self->board != NULL);
  gtk_widget_action_set_enabled (widget, "board.identify", self->board != NULL);
  gtk_widget_action_set_enabled (widget, "board.copy-id", has_id);
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (widget);

  /* What comes of it shows itself: every fact carries its own error. */
  lks_board_refresh_async (self->board, self->cancellable, NULL, NULL);
}

static void
identify_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_board_identify (LKS_STATUS_PANEL (widget)->board);
}

static void
copy_id_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          lks_board_status_get_device_id (self->status));
  gtk_widget_activate_action (widget, "win.show-toast", "s", _ ("The device ID was copied."));
}

static void
set_board (LksStatusPanel *self, LksBoard *board)
{
  if (!g_set_object (&self->board, board))
    return;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();

  update_actions (self);
  update_line (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARD]);
}

static void
set_status (LksStatusPanel *self, LksBoardStatus *status)
{
  if (self->status == status)
    return;

  g_clear_pointer (&self->status, lks_board_status_unref);
  if (status != NULL)
    self->status = lks_board_status_ref (status);
  update_capabilities (self);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
lks_status_panel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (object);

  switch ((LksStatusPanelProperty) prop_id)
    {
    case PROP_BOARD:
      g_value_set_object (value, self->board);
      break;
    case PROP_STATUS:
      g_value_set_boxed (value, self->status);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    }
}

static void
lks_status_panel_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (object);

  switch ((LksStatusPanelProperty) prop_id)
    {
    case PROP_BOARD:
      set_board (self, g_value_get_object (value));
      break;
    case PROP_STATUS:
      set_status (self, g_value_get_boxed (value));
      break;
    case PROP_CLOCK:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_status_panel_dispose (GObject *object)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_STATUS_PANEL);
  g_clear_object (&self->board);
  g_clear_object (&self->clock);
  g_clear_object (&self->capabilities);
  G_OBJECT_CLASS (lks_status_panel_parent_class)->dispose (object);
}

static void
lks_status_panel_finalize (GObject *object)
{
  LksStatusPanel *self = LKS_STATUS_PANEL (object);

  g_clear_pointer (&self->status, lks_board_status_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (lks_status_panel_parent_class)->finalize (object);
}

static void
lks_status_panel_class_init (LksStatusPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_status_panel_get_property;
  object_class->set_property = lks_status_panel_set_property;
  object_class->dispose = lks_status_panel_dispose;
  object_class->finalize = lks_status_panel_finalize;

  properties[PROP_BOARD] =
      g_param_spec_object ("board", NULL, NULL, LKS_TYPE_BOARD,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_STATUS] =
      g_param_spec_boxed ("status", NULL, NULL, LKS_TYPE_BOARD_STATUS,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, LKS_TYPE_CLOCK,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_ASPECT_ROW);
  g_type_ensure (LKS_TYPE_FACT_ID);
  g_type_ensure (LKS_TYPE_FACT_ROW);
  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  g_type_ensure (LKS_TYPE_STATE_STEP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-status-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LksStatusPanel, capability_list);
  gtk_widget_class_bind_template_child (widget_class, LksStatusPanel, quality_row);
  gtk_widget_class_bind_template_child (widget_class, LksStatusPanel, traffic_row);
  lks_status_closures_bind (widget_class);

  gtk_widget_class_install_action (widget_class, "board.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "board.identify", NULL, identify_action);
  gtk_widget_class_install_action (widget_class, "board.copy-id", NULL, copy_id_action);
}

static void
lks_status_panel_init (LksStatusPanel *self)
{
  self->clock = lks_clock_ref_default ();
  self->cancellable = g_cancellable_new ();
  self->capabilities = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->capability_list, G_LIST_MODEL (self->capabilities),
                           create_capability_row_cb, NULL, NULL);
  update_actions (self);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update_line), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (update_line), NULL);
}
