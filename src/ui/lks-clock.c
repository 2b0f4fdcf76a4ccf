/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-clock.h"

struct _LksClock
{
  GObject parent_instance;

  gint64 now_us; /* monotonic */
  guint timer_id;
};

G_DEFINE_FINAL_TYPE (LksClock, lks_clock, G_TYPE_OBJECT)

typedef enum
{
  PROP_NOW = 1,
} LksClockProperty;

static GParamSpec *properties[PROP_NOW + 1];

static gboolean
tick_cb (gpointer user_data)
{
  lks_clock_tick (user_data);
  return G_SOURCE_CONTINUE;
}

static void
lks_clock_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksClock *self = LKS_CLOCK (object);

  switch ((LksClockProperty) prop_id)
    {
    case PROP_NOW:
      g_value_set_int64 (value, self->now_us);
      break;
    }
}

static void
lks_clock_finalize (GObject *object)
{
  LksClock *self = LKS_CLOCK (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  G_OBJECT_CLASS (lks_clock_parent_class)->finalize (object);
}

static void
lks_clock_class_init (LksClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_clock_get_property;
  object_class->finalize = lks_clock_finalize;

  /**
   * LksClock:now:
   *
   * The monotonic time of the last tick, in microseconds.
   */
  properties[PROP_NOW] =
      g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_clock_init (LksClock *self)
{
  self->now_us = g_get_monotonic_time ();
  self->timer_id = g_timeout_add_seconds (1, tick_cb, self);
}

/**
 * lks_clock_ref_default:
 *
 * Gets the clock that all widgets share. It ticks as long as somebody holds it. Main thread only.
 *
 * Returns: (transfer full): the clock
 */
LksClock *
lks_clock_ref_default (void)
{
  static LksClock *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_CLOCK, NULL));
  return shared;
}

/**
 * lks_clock_get_now:
 * @self: a clock
 *
 * Gets the time of the last tick, so that all ages on a screen agree.
 *
 * Returns: a monotonic time in microseconds
 */
gint64
lks_clock_get_now (LksClock *self)
{
  g_return_val_if_fail (LKS_IS_CLOCK (self), 0);

  return self->now_us;
}

/**
 * lks_clock_tick:
 * @self: a clock
 *
 * Moves the clock to the present, as its timer does every second.
 */
void
lks_clock_tick (LksClock *self)
{
  g_return_if_fail (LKS_IS_CLOCK (self));

  self->now_us = g_get_monotonic_time ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOW]);
}
