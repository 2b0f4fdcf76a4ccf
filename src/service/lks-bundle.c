/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bundle-private.h"

#include "lks-device-error.h"
#include "lks-whole-file.h"
#include "lks-words-private.h"
#include "lks-zip.h"

#include <string.h>

/* After so many parts in a row for which nobody answered, the board is not asked for the rest. */
#define SILENCE_MAX 2

static const struct
{
  const char *nick;
  const char *title;
} holds_words[LKS_BUNDLE_N_HOLDS] = {
  { "device-id", N_ ("identity of the board") },
  { "network-names", N_ ("network names") },
  { "hardware-addresses", N_ ("hardware addresses") },
  { "ip-addresses", N_ ("IP addresses") },
  { "persons", N_ ("names of persons or organisations") },
  { "unknown", N_ ("what only the vendor can read") },
};

/**
 * lks_bundle_holds_get_nick:
 * @holds: one flag
 *
 * Returns: its nick
 */
const char *
lks_bundle_holds_get_nick (LksBundleHolds holds)
{
  return holds_words[g_bit_nth_lsf (holds, -1)].nick;
}

/**
 * lks_bundle_holds_get_title:
 * @holds: one flag
 *
 * Returns: what it means, a text for gettext
 */
const char *
lks_bundle_holds_get_title (LksBundleHolds holds)
{
  return holds_words[g_bit_nth_lsf (holds, -1)].title;
}

/**
 * lks_bundle_new:
 *
 * Returns: (transfer full): an empty bundle
 */
LksBundle *
lks_bundle_new (void)
{
  LksBundle *self = g_new0 (LksBundle, 1);

  self->made_s = g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

/**
 * lks_bundle_free:
 * @self: (transfer full) (nullable): a bundle
 */
void
lks_bundle_free (LksBundle *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < LKS_BUNDLE_N_PARTS; i++)
    lks_bundle_part_clear (&self->parts[i]);
  g_clear_pointer (&self->status, lks_board_status_unref);
  g_free (self);
}

/* ---- reading ---- */

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT);
}

/* The parts that were not asked for any more are missing for the same reason. */
static void
give_up (LksBundle *self, guint from, const GError *why)
{
  for (guint i = from; i < LKS_BUNDLE_N_PARTS; i++)
    if (self->parts[i].error == NULL)
      self->parts[i].error = g_error_copy (why);
}

/**
 * lks_bundle_read:
 * @self: an empty bundle
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`, or for a [error@Lks.DeviceError] of a board
 *   that does not answer any more
 *
 * Asks the board for everything. What it refuses or cannot tell is part of the bundle as the
 * reason why it is missing, and no failure. When the board vanishes, or this is cancelled, which is
 * also what happens when it is unplugged, the bundle keeps what was read until then. Blocks; worker
 * threads only.
 *
 * Returns: whether the board was asked for every part; what is missing counts
 *   lks_bundle_get_missing()
 */
gboolean
lks_bundle_read (LksBundle *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  guint silences = 0;

  for (guint i = 0; i < LKS_BUNDLE_N_PARTS; i++)
    {
      LksBundlePart *part = &self->parts[i];

      if (lks_bundle_parts[i].read (device, part, cancellable, &part->error))
        {
          silences = 0;
          continue;
        }
      silences = is_silence (part->error) ? silences + 1 : 0;
      if (silences == SILENCE_MAX)
        {
          give_up (self, i + 1, part->error);
          g_propagate_error (error, g_error_copy (part->error));
          return FALSE;
        }
      if (g_error_matches (part->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_clear_error (&part->error);
          return g_cancellable_set_error_if_cancelled (cancellable, error) ? FALSE : TRUE;
        }
    }
  return TRUE;
}

/**
 * lks_bundle_set_board:
 * @self: a bundle
 * @status: what the window shows of the board
 * @counters: (nullable): what its line did; NULL keeps what was told before
 *
 * Adds what is known of the board without asking it.
 */
void
lks_bundle_set_board (LksBundle *self, LksBoardStatus *status, const LksLinkCounters *counters)
{
  lks_board_status_ref (status);
  g_clear_pointer (&self->status, lks_board_status_unref);
  self->status = status;
  if (counters == NULL)
    return;

  self->has_counters = TRUE;
  self->counters = *counters;
}

static gboolean
has_part (const LksBundlePart *part)
{
  return part->json != NULL || part->ring != NULL || part->telemetry != NULL;
}

/**
 * lks_bundle_get_read:
 * @self: a bundle
 *
 * Returns: how many parts the board told
 */
guint
lks_bundle_get_read (LksBundle *self)
{
  guint n = 0;

  for (guint i = 0; i < LKS_BUNDLE_N_PARTS; i++)
    n += has_part (&self->parts[i]) ? 1 : 0;
  return n;
}

/**
 * lks_bundle_get_missing:
 * @self: a bundle
 *
 * Returns: how many parts the board did not tell
 */
guint
lks_bundle_get_missing (LksBundle *self)
{
  return LKS_BUNDLE_N_PARTS - lks_bundle_get_read (self);
}

/* ---- writing ---- */

/**
 * lks_bundle_dup_file_name:
 * @self: a bundle
 *
 * Returns: (transfer full): a name for its file, with the short form of the device ID and the
 *   date (UTC)
 */
char *
lks_bundle_dup_file_name (LksBundle *self)
{
  const char *id = self->status != NULL ? lks_board_status_get_device_id (self->status) : NULL;
  const char *short_id = id != NULL && strlen (id) >= 6 ? id + strlen (id) - 6 : "unknown";
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_utc (self->made_s);
  g_autofree char *date = g_date_time_format (made, "%Y-%m-%d");

  return g_strdup_printf ("board-%s-%s.zip", short_id, date);
}

/**
 * lks_bundle_write:
 * @self: a bundle
 * @wish: how
 * @stream: where to; stays open
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of @stream
 *
 * Writes the entries of lks_bundle_list() as one zip archive. Blocks where the stream does.
 *
 * Returns: whether all was written
 */
gboolean
lks_bundle_write (LksBundle *self,
                  const LksBundleWish *wish,
                  GOutputStream *stream,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) entries = lks_bundle_list (self, wish);
  g_autoptr (LksZip) zip = lks_zip_new (stream, self->made_s, cancellable, error);

  if (zip == NULL)
    return FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const LksBundleEntry *entry = g_ptr_array_index (entries, i);

      if (!lks_zip_add (zip, entry->name, entry->bytes, error))
        return FALSE;
    }
  return lks_zip_finish (zip, error);
}

/* A bundle, and how it is wished. */
typedef struct
{
  LksBundle *bundle;
  const LksBundleWish *wish;
} Save;

static gboolean
write_file (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Save *save = user_data;

  return lks_bundle_write (save->bundle, save->wish, stream, cancellable, error);
}

/**
 * lks_bundle_save:
 * @self: a bundle
 * @wish: how
 * @file: where to
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes the archive into a file that only its owner may read. An older file is replaced once
 * everything is there. Blocks.
 *
 * Returns: whether the file is whole
 */
gboolean
lks_bundle_save (LksBundle *self,
                 const LksBundleWish *wish,
                 GFile *file,
                 GCancellable *cancellable,
                 GError **error)
{
  Save save = { self, wish };

  return lks_whole_file_write (file, G_FILE_CREATE_PRIVATE, write_file, &save, cancellable, error);
}
