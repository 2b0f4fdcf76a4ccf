/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bell.h"

#include <gtk/gtk.h>

struct _LksBell
{
  GObject parent_instance;

  gboolean is_enabled;
  LksSound playing;
  GtkMediaStream *stream; /* (owned) (nullable): what plays */
};

G_DEFINE_FINAL_TYPE (LksBell, lks_bell, G_TYPE_OBJECT)

/**
 * lks_sound_for_change:
 * @before: what a tile showed
 * @now: what it shows
 *
 * Decides what is heard when a tile changes. Depends on nothing else.
 *
 * Returns: the sound
 */
LksSound
lks_sound_for_change (LksTileLook before, LksTileLook now)
{
  if (now.next == LKS_TILE_NEXT_PLUG_IN_AGAIN && before.next != now.next)
    return LKS_SOUND_ATTENTION;
  if (before.kind == now.kind)
    return LKS_SOUND_NONE;

  switch (now.kind)
    {
    case LKS_TILE_KIND_PASS:
      return LKS_SOUND_PASS;
    case LKS_TILE_KIND_FAIL:
    case LKS_TILE_KIND_STOPPED:
      return LKS_SOUND_FAIL;
    case LKS_TILE_KIND_UNPLUG:
      return LKS_SOUND_ATTENTION;
    case LKS_TILE_KIND_EMPTY:
    case LKS_TILE_KIND_NOT_ALLOWED:
    case LKS_TILE_KIND_WORKING:
    case LKS_TILE_KIND_READY:
      break;
    }
  return LKS_SOUND_NONE;
}

static const char *
get_resource (LksSound sound)
{
  static const char *const paths[] = {
    [LKS_SOUND_NONE] = NULL,
    [LKS_SOUND_PASS] = "/io/github/locksmith/Locksmith/sounds/pass.wav",
    [LKS_SOUND_ATTENTION] = "/io/github/locksmith/Locksmith/sounds/attention.wav",
    [LKS_SOUND_FAIL] = "/io/github/locksmith/Locksmith/sounds/fail.wav",
  };

  return paths[sound];
}

static void
stop (LksBell *self)
{
  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  g_clear_object (&self->stream);
  self->playing = LKS_SOUND_NONE;
}

static void
ended_cb (LksBell *self)
{
  const GError *error = gtk_media_stream_get_error (self->stream);

  if (error != NULL)
    g_debug ("no sound: %s", error->message);
  if (error != NULL || gtk_media_stream_get_ended (self->stream))
    stop (self);
}

static void
lks_bell_dispose (GObject *object)
{
  stop (LKS_BELL (object));
  G_OBJECT_CLASS (lks_bell_parent_class)->dispose (object);
}

static void
lks_bell_class_init (LksBellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_bell_dispose;
}

static void
lks_bell_init (LksBell *self)
{
}

/**
 * lks_bell_new:
 *
 * Returns: (transfer full): a bell that is not heard yet
 */
LksBell *
lks_bell_new (void)
{
  return g_object_new (LKS_TYPE_BELL, NULL);
}

/* The first stream loads all that GTK plays sounds with, which takes a quarter of a second: now,
 * and not in the middle of a run. */
static void
load_player (void)
{
  g_object_unref (gtk_media_file_new_for_resource (get_resource (LKS_SOUND_PASS)));
}

/**
 * lks_bell_set_enabled:
 * @self: a bell
 * @enabled: whether it is heard
 *
 * Silences the bell, also in the middle of a sound, or lets it be heard.
 */
void
lks_bell_set_enabled (LksBell *self, gboolean enabled)
{
  g_return_if_fail (LKS_IS_BELL (self));

  if (self->is_enabled == enabled)
    return;

  self->is_enabled = enabled;
  if (enabled)
    load_player ();
  else
    stop (self);
}

/**
 * lks_bell_ring:
 * @self: a bell
 * @sound: what is to be heard
 *
 * Plays a sound. One that is less urgent, or the same, does not interrupt what plays: thirty-two
 * boards that pass together are one sound.
 */
void
lks_bell_ring (LksBell *self, LksSound sound)
{
  g_return_if_fail (LKS_IS_BELL (self));

  if (!self->is_enabled || sound <= self->playing)
    return;

  stop (self);
  self->playing = sound;
  self->stream = gtk_media_file_new_for_resource (get_resource (sound));
  g_signal_connect_object (self->stream, "notify::ended", G_CALLBACK (ended_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stream, "notify::error", G_CALLBACK (ended_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_media_stream_play (self->stream);
  ended_cb (self); /* without anything that plays, the error is there at once */
}

/**
 * lks_bell_get_playing:
 * @self: a bell
 *
 * Returns: what is heard now
 */
LksSound
lks_bell_get_playing (LksBell *self)
{
  g_return_val_if_fail (LKS_IS_BELL (self), LKS_SOUND_NONE);

  return self->playing;
}
