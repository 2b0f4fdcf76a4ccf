/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-page.h"

#include "lks-bell.h"
#include "lks-boot-clock.h"
#include "lks-clock.h"
#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-labels.h"
#include "lks-message-page.h"
#include "lks-operator-gate.h"
#include "lks-recipe-claim.h"
#include "lks-recipe-text.h"
#include "lks-scan-keys.h"
#include "lks-sign-in-dialog.h"
#include "lks-teach-dialog.h"
#include "lks-wall-grid.h"
#include "lks-wall-scan.h"

#include <glib/gi18n-lib.h>

struct _LksWallPage
{
  AdwBin parent_instance;

  GtkStack *stack;          /* template child */
  GtkLabel *recipe_label;   /* template child */
  GtkEntry *scan_entry;     /* template child */
  GtkLabel *message_label;  /* template child */
  GtkButton *lock_button;   /* template child */
  GtkButton *arm_button;    /* template child */
  GtkWidget *armed_bar;     /* template child */
  GtkLabel *armed_label;    /* template child */
  GtkLabel *counts_label;   /* template child */
  GtkWidget *problem_box;   /* template child */
  GtkLabel *problem_label;  /* template child */
  GtkWidget *missing_bar;   /* template child */
  GtkLabel *missing_label;  /* template child */
  LksWallGrid *grid;        /* template child */
  GtkWidget *detail_bar;    /* template child */
  GtkLabel *detail_title;   /* template child */
  GtkLabel *detail_text;    /* template child */
  GtkButton *allow_button;  /* template child */
  GtkWidget *strangers_bar; /* template child */
  GtkLabel *strangers;      /* template child */

  LksWall *wall;          /* (owned) */
  LksBell *bell;          /* (owned) */
  LksClock *clock;        /* (owned) (nullable): while the page is shown */
  GSettings *settings;    /* (owned) (nullable) */
  GCancellable *loading;  /* (owned) (nullable): of the recipe that is being read */
  char *loading_path;     /* (owned) (nullable) */
  gboolean is_offer;      /* whether that one was used last, and nobody chose it */
  gboolean was_armed;     /* as last shown */
  LksWallPlace *selected; /* (owned) (nullable): what the details are about */
};

G_DEFINE_FINAL_TYPE (LksWallPage, lks_wall_page, ADW_TYPE_BIN)

static void
show_problem (LksWallPage *self, const GError *error)
{
  g_autofree char *text = error != NULL ? lks_error_to_text (error) : g_strdup ("");

  gtk_label_set_label (self->problem_label, text);
  gtk_widget_set_visible (self->problem_box, error != NULL);
}

static void
say (LksWallPage *self, const char *message, LksTone tone)
{
  for (int i = LKS_TONE_PLAIN; i <= (int) LKS_TONE_BAD; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->message_label), lks_tone_to_css_class (i));
  gtk_widget_add_css_class (GTK_WIDGET (self->message_label), lks_tone_to_css_class (tone));
  gtk_label_set_label (self->message_label, message);
}

/* ---- what the wall says ---- */

static void
show_recipe (LksWallPage *self)
{
  GtkWidget *button = gtk_widget_get_ancestor (GTK_WIDGET (self->recipe_label), GTK_TYPE_BUTTON);
  LksRecipe *recipe = lks_wall_get_recipe (self->wall);
  const char *text = recipe != NULL ? lks_recipe_get_name (recipe) : _ ("Choose a Recipe…");
  g_autofree char *spoken = NULL;

  if (self->loading != NULL)
    text = _ ("The recipe is being read…");
  gtk_label_set_label (self->recipe_label, text);
  /* Translators: the name of the recipe in use */
  spoken = recipe != NULL && self->loading == NULL ? g_strdup_printf (_ ("Recipe: %s"), text)
                                                   : g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

static void
show_counts (LksWallPage *self)
{
  static const LksTileKind kinds[] = { LKS_TILE_KIND_WORKING, LKS_TILE_KIND_READY,
                                       LKS_TILE_KIND_PASS, LKS_TILE_KIND_FAIL,
                                       LKS_TILE_KIND_STOPPED };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint count = lks_wall_count (self->wall, kinds[i]);

      if (count > 0)
        g_string_append_printf (text, "%s%u %s", text->len > 0 ? "  ·  " : "", count,
                                lks_tile_kind_to_word (kinds[i]));
    }
  gtk_label_set_label (self->counts_label, text->str);
}

/* Nobody looks for a board that was plugged in where nothing can be found. */
static void
show_missing (LksWallPage *self)
{
  GListModel *jig = G_LIST_MODEL (lks_wall_get_jig (self->wall));
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (jig); i++)
    {
      g_autoptr (LksJigPlace) place = g_list_model_get_item (jig, i);

      if (lks_jig_place_get_port (place) == NULL)
        g_string_append_printf (names, "%s%s", count++ > 0 ? ", " : "",
                                lks_jig_place_get_name (place));
    }
  /* Translators: the names of places: "A3, A4" */
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "The USB controller of place %s is not connected. Connect "
                                       "the dock or card that it is on, or teach the jig again.",
                                       "The USB controller of places %s is not connected. Connect "
                                       "the dock or card that it is on, or teach the jig again.",
                                       count),
                          names->str);
  gtk_label_set_label (self->missing_label, text);
  gtk_widget_set_visible (self->missing_bar, count > 0);
}

static void
show_detail (LksWallPage *self)
{
  LksJigPlace *jig_place;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  gtk_widget_set_visible (self->detail_bar, self->selected != NULL);
  if (self->selected == NULL)
    return;

  jig_place = lks_wall_place_get_jig_place (self->selected);
  title = lks_wall_place_dup_spoken (self->selected);
  detail = lks_wall_place_dup_detail (self->selected);
  gtk_label_set_label (self->detail_title, title);
  gtk_label_set_label (self->detail_text, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_text), *detail != '\0');
  gtk_button_set_label (self->allow_button, lks_jig_place_get_allowed (jig_place)
                                                ? _ ("Forbid This Place")
                                                : _ ("Allow This Place"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wall.identify",
                                 lks_wall_place_get_board (self->selected) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wall.check-again",
                                 lks_wall_place_get_board (self->selected) != NULL &&
                                     !lks_wall_place_is_busy (self->selected));
}

static void
show_strangers (LksWallPage *self)
{
  GListModel *strangers = lks_wall_get_strangers (self->wall);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (strangers); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (strangers, i);
      const char *device_id = lks_board_get_device_id (board);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ",  " : "", lks_board_get_path (board));
      if (device_id != NULL)
        g_string_append_printf (text, " (%s)", lks_device_id_get_short (device_id));
    }
  gtk_label_set_label (self->strangers, text->str);
  gtk_widget_set_visible (self->strangers_bar, text->len > 0);
}

/* ---- locking ---- */

static void
show_lock_button (LksWallPage *self)
{
  guint count = lks_wall_count_confirmed (self->wall);
  LksRecipe *recipe = lks_wall_get_recipe (self->wall);
  const LksRecipeClaim *claim = recipe != NULL ? lks_recipe_get_claim (recipe) : NULL;
  g_autofree char *lock = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Lock %u Board Forever",
                                                        "Lock %u Boards Forever", count),
                                           count);
  g_autofree char *label = NULL;

  /* Translators: “Lock 3 Boards Forever”, and the name of a catalog of the cloud */
  label = claim != NULL ? g_strdup_printf (_ ("%s and Claim into %s"), lock, claim->catalog)
                        : g_strdup (lock);
  gtk_button_set_label (self->lock_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->lock_button), count > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wall.lock",
                                 count > 0 && self->loading == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wall.arm", self->loading == NULL);
}

static void
show_armed (LksWallPage *self)
{
  gboolean is_armed = lks_wall_is_armed (self->wall);
  const char *reason = lks_wall_get_disarm_reason (self->wall);
  g_autofree char *text = NULL;

  if (is_armed == self->was_armed)
    return;

  self->was_armed = is_armed;
  text = g_strdup_printf (_ ("ARMED BY %s: every board that is plugged in is locked forever"),
                          lks_wall_get_operator_name (self->wall));
  gtk_label_set_label (self->armed_label, text);
  gtk_widget_set_visible (self->armed_bar, is_armed);
  gtk_button_set_label (self->arm_button, is_armed ? _ ("Disarm") : _ ("Arm…"));
  if (is_armed)
    gtk_widget_add_css_class (GTK_WIDGET (self), "armed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "armed");
  if (!is_armed && reason != NULL)
    {
      g_autofree char *why = g_strdup_printf (_ ("Not armed any more. %s"), reason);

      say (self, why, LKS_TONE_WARNING);
    }
  else
    {
      say (self, "", LKS_TONE_PLAIN);
    }
}

static void
wall_changed_cb (LksWallPage *self)
{
  show_lock_button (self);
  show_armed (self);
  show_recipe (self);
  show_counts (self);
  show_detail (self);
  show_strangers (self);
}

static gboolean
is_in_wall (LksWallPage *self, LksWallPlace *place)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->wall)); i++)
    {
      g_autoptr (LksWallPlace) other = g_list_model_get_item (G_LIST_MODEL (self->wall), i);

      if (other == place)
        return TRUE;
    }
  return FALSE;
}

/* What the details are about stays, so that the focus does, too. */
static void
places_changed_cb (LksWallPage *self)
{
  gboolean is_taught = g_list_model_get_n_items (G_LIST_MODEL (self->wall)) > 0;

  if (self->selected != NULL && !is_in_wall (self, self->selected))
    g_clear_object (&self->selected);
  gtk_stack_set_visible_child_name (self->stack, is_taught ? "wall" : "untaught");
  show_missing (self);
  wall_changed_cb (self);
}

static void
selected_cb (LksWallPage *self, LksWallPlace *place)
{
  if (g_set_object (&self->selected, place))
    show_detail (self);
}

/* ---- what a person does ---- */

static void
recipe_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksWallPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another one was chosen, or the page is gone */

  g_clear_object (&self->loading);
  if (recipe != NULL)
    lks_wall_set_recipe (self->wall, recipe);
  if (recipe != NULL && !self->is_offer && self->settings != NULL)
    g_settings_set_string (self->settings, "last-recipe", self->loading_path);
  if (!self->is_offer)
    show_problem (self, error);
  else if (error != NULL)
    g_debug ("the last recipe is not used: %s", error->message);
  wall_changed_cb (self);
}

/* The recipe chosen last counts, also when an older one takes longer to read. Nothing is locked by
 * the one before. */
static void
load_recipe (LksWallPage *self, const char *path, gboolean is_offer)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  self->is_offer = is_offer;
  g_free (self->loading_path);
  self->loading_path = g_strdup (path);
  wall_changed_cb (self);
  lks_recipe_load_async (path, self->loading, recipe_loaded_cb, g_object_ref (self));
}

static void
recipe_opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksWallPage *self = LKS_WALL_PAGE (owner);

  lks_wall_disarm (self->wall, _ ("Another recipe was chosen."));
  load_recipe (self, paths[0], FALSE);
}

static void
choose_recipe_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (!lks_operator_permit (widget, LKS_OPERATOR_ACT_CHANGE_RECIPE))
    return;
  lks_file_opener_ask (widget, _ ("Choose a Recipe"), _ ("Recipes (*.json)"), "*.json", FALSE,
                       recipe_opened_cb);
}

static gboolean
teach_closed_cb (LksWallPage *self)
{
  lks_wall_set_paused (self->wall, FALSE);
  return FALSE;
}

/* While boards are plugged round the jig nothing is done to them. */
static void
teach_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);
  GListModel *boards = lks_wall_get_boards (self->wall);
  LksTeachDialog *dialog;

  if (boards == NULL || !lks_operator_permit (widget, LKS_OPERATOR_ACT_TEACH))
    return;

  lks_wall_set_paused (self->wall, TRUE);
  dialog = lks_teach_dialog_new (lks_wall_get_jig (self->wall), boards);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  g_signal_connect_object (dialog, "close-request", G_CALLBACK (teach_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
allow_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);
  LksJig *jig = lks_wall_get_jig (self->wall);
  g_autoptr (GError) error = NULL;
  LksJigPlace *jig_place;

  if (self->selected == NULL || !lks_operator_permit (widget, LKS_OPERATOR_ACT_TEACH))
    return;

  jig_place = lks_wall_place_get_jig_place (self->selected);
  lks_jig_set_allowed (jig, lks_jig_place_get_taught_port (jig_place),
                       !lks_jig_place_get_allowed (jig_place));
  lks_jig_save (jig, &error);
  show_problem (self, error);
}

static void
check_again_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);

  if (self->selected != NULL)
    lks_wall_check_again (self->wall, self->selected);
}

static void
identify_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);

  if (self->selected != NULL && lks_wall_place_get_board (self->selected) != NULL)
    lks_board_identify (lks_wall_place_get_board (self->selected));
}

static void
lock_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_wall_lock_confirmed (LKS_WALL_PAGE (widget)->wall);
}

static void
arm_answered_cb (LksWallPage *self, const char *response)
{
  if (g_strcmp0 (response, "arm") == 0 && !lks_wall_arm (self->wall))
    say (self, lks_wall_get_arm_obstacle (self->wall), LKS_TONE_BAD);
}

static void
ask_to_arm (LksWallPage *self)
{
  g_autofree char *text = g_strdup_printf (
      /* Translators: the name of a recipe */
      _ ("From now on every board that is plugged in at an allowed place is locked by the recipe "
         "“%s” at once, without a further question. Nobody can undo that: not you, not the vendor. "
         "Boards that are there already wait until they are plugged in again."),
      lks_recipe_get_name (lks_wall_get_recipe (self->wall)));
  g_autofree char *claim = lks_recipe_claim_to_text (lks_wall_get_recipe (self->wall));
  g_autofree char *body = claim != NULL ? g_strdup_printf ("%s\n\n%s", text, claim) : NULL;
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              _ ("Arm the Wall?"), body != NULL ? body : text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "arm",
                                    _ ("_Arm"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "arm",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (arm_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
arm_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);
  const char *obstacle = lks_wall_get_arm_obstacle (self->wall);
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();

  if (lks_wall_is_armed (self->wall))
    lks_wall_disarm (self->wall, NULL);
  else if (lks_wall_needs_sign_in (self->wall))
    lks_sign_in_dialog_present (GTK_WINDOW (gtk_widget_get_root (widget)),
                                lks_operator_gate_get_session (gate), FALSE);
  else if (obstacle != NULL)
    say (self, obstacle, LKS_TONE_BAD);
  else
    ask_to_arm (self);
}

/* ---- scanning ---- */

static void
take_scan (LksWallPage *self, const char *text, const char *as_us, const char *how)
{
  g_autofree char *message = NULL;
  LksScanResult result = lks_wall_scan (self->wall, text, how, self->selected, &message);

  /* Many scanners press the keys of a US keyboard, whatever this computer makes of them. */
  if (result == LKS_SCAN_RESULT_NOTHING && as_us != NULL && !g_str_equal (text, as_us))
    {
      g_clear_pointer (&message, g_free);
      result = lks_wall_scan (self->wall, as_us, how, self->selected, &message);
    }
  if (result == LKS_SCAN_RESULT_NOTHING || result == LKS_SCAN_RESULT_REFUSED)
    {
      say (self, message, LKS_TONE_BAD);
      lks_bell_ring (self->bell, LKS_SOUND_ATTENTION);
    }
  else
    {
      say (self, message, LKS_TONE_GOOD);
    }
}

static void
scanned_cb (GtkWidget *widget, const char *text, const char *as_us)
{
  take_scan (LKS_WALL_PAGE (widget), text, as_us, "scanned");
}

static void
entry_activated_cb (LksWallPage *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->scan_entry)));

  gtk_editable_set_text (GTK_EDITABLE (self->scan_entry), "");
  if (*g_strstrip (text) != '\0')
    take_scan (self, text, NULL, "typed");
}

static gboolean
event_cb (LksWallPage *self)
{
  lks_wall_touch (self->wall, lks_boot_clock_us ());
  return GDK_EVENT_PROPAGATE;
}

/* A controller comes and goes without any board, and whoever connects it wants to see that. */
static void
lks_wall_page_map (GtkWidget *widget)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);

  GTK_WIDGET_CLASS (lks_wall_page_parent_class)->map (widget);
  self->clock = lks_clock_ref_default ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (lks_wall_look_at_buses),
                           self->wall, G_CONNECT_SWAPPED);
  lks_wall_look_at_buses (self->wall);
}

/* Whoever armed the wall has to see it. */
static void
lks_wall_page_unmap (GtkWidget *widget)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);

  lks_wall_disarm (self->wall, _ ("The wall was left."));
  g_signal_handlers_disconnect_by_func (self->clock, lks_wall_look_at_buses, self->wall);
  g_clear_object (&self->clock);
  GTK_WIDGET_CLASS (lks_wall_page_parent_class)->unmap (widget);
}

static void
lks_wall_page_dispose (GObject *object)
{
  LksWallPage *self = LKS_WALL_PAGE (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->wall != NULL)
    g_signal_handlers_disconnect_by_data (self->wall, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WALL_PAGE);
  g_clear_object (&self->selected);
  g_clear_object (&self->wall);
  g_clear_object (&self->bell);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lks_wall_page_parent_class)->dispose (object);
}

static void
lks_wall_page_finalize (GObject *object)
{
  g_free (LKS_WALL_PAGE (object)->loading_path);
  G_OBJECT_CLASS (lks_wall_page_parent_class)->finalize (object);
}

static void
lks_wall_page_class_init (LksWallPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_wall_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_wall_page_finalize;
  widget_class->map = lks_wall_page_map;
  widget_class->unmap = lks_wall_page_unmap;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_WALL_GRID);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-wall-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, recipe_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, scan_entry);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, lock_button);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, arm_button);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, armed_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, armed_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, problem_box);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, missing_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, missing_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, grid);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_title);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_text);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, allow_button);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, strangers_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, strangers);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);

  gtk_widget_class_install_action (widget_class, "wall.choose-recipe", NULL, choose_recipe_action);
  gtk_widget_class_install_action (widget_class, "wall.teach", NULL, teach_action);
  gtk_widget_class_install_action (widget_class, "wall.allow", NULL, allow_action);
  gtk_widget_class_install_action (widget_class, "wall.check-again", NULL, check_again_action);
  gtk_widget_class_install_action (widget_class, "wall.identify", NULL, identify_action);
  gtk_widget_class_install_action (widget_class, "wall.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "wall.arm", NULL, arm_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "wall.lock",
                                       NULL);
}

static void
lks_wall_page_init (LksWallPage *self)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  GtkEventController *events = gtk_event_controller_legacy_new ();
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();
  g_autoptr (GError) error = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  lks_jig_load (jig, &error);
  self->bell = lks_bell_new ();
  self->wall = lks_wall_new (jig);
  lks_wall_set_operator (self->wall, lks_operator_gate_get_session (gate));
  lks_wall_grid_set_places (self->grid, G_LIST_MODEL (self->wall));
  g_signal_connect_object (self->wall, "changed", G_CALLBACK (wall_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wall, "items-changed", G_CALLBACK (places_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wall, "sound", G_CALLBACK (lks_bell_ring), self->bell,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), events);
  lks_scan_keys_listen (GTK_WIDGET (self), scanned_cb);
  places_changed_cb (self);
  show_problem (self, error);
}

static void
settings_changed_cb (LksWallPage *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "operator-name");

  lks_wall_set_name (self->wall, g_strstrip (name));
  lks_wall_set_idle_limit (self->wall, g_settings_get_uint (self->settings, "wall-idle-minutes"));
  lks_bell_set_enabled (self->bell, g_settings_get_boolean (self->settings, "wall-sounds"));
}

/**
 * lks_wall_page_set_settings:
 * @self: a page
 * @settings: the settings of the program
 *
 * Follows what the settings say of the wall, and begins to read the recipe used last; to be called
 * once. A file that has gone or has changed for the worse is not offered.
 */
void
lks_wall_page_set_settings (LksWallPage *self, GSettings *settings)
{
  g_autofree char *path = g_settings_get_string (settings, "last-recipe");

  g_return_if_fail (LKS_IS_WALL_PAGE (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  settings_changed_cb (self);
  if (*path != '\0')
    load_recipe (self, path, TRUE);
}

/**
 * lks_wall_page_set_sysfs:
 * @self: a page
 * @sysfs: the folder where sysfs is
 *
 * Lets the places follow their USB controllers. To be called once.
 */
void
lks_wall_page_set_sysfs (LksWallPage *self, const char *sysfs)
{
  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  lks_wall_set_sysfs (self->wall, sysfs);
}

/**
 * lks_wall_page_set_boards:
 * @self: a page
 * @boards: (nullable): a list model of [class@Lks.Board]
 *
 * Shows the attached boards at their places.
 */
void
lks_wall_page_set_boards (LksWallPage *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  lks_wall_set_boards (self->wall, boards);
}

/**
 * lks_wall_page_set_ledger:
 * @self: a page
 * @ledger: (nullable): where the records go
 * @error: (nullable): why there is none: then nothing runs
 *
 * Hands the ledger in.
 */
void
lks_wall_page_set_ledger (LksWallPage *self, LksLedger *ledger, const GError *error)
{
  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  if (error != NULL)
    show_problem (self, error);
  lks_wall_set_ledger (self->wall, ledger);
}
