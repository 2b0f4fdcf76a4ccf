/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-older-records.h"

#include <string.h>

#define FOUND_MAX 500
#define DIGITS_MIN 4
#define DIGITS_MAX 128
#define SERIAL_CHARACTERS_MIN 6

struct _LksOlderRecords
{
  GObject parent_instance;

  GListStore *found;         /* (owned) of LksRecord */
  GListModel *listed;        /* (owned) (nullable) of LksRecord, newest first: while it searches */
  GCancellable *cancellable; /* (owned) of the search that goes on */
};

G_DEFINE_FINAL_TYPE (LksOlderRecords, lks_older_records, G_TYPE_OBJECT)

static gint64
get_start (LksRecord *record)
{
  return lks_record_get_fields (record)->started_us;
}

/* (transfer full) (nullable) */
static LksRecord *
ref_oldest (GListModel *listed)
{
  guint n_listed = g_list_model_get_n_items (listed);

  return n_listed > 0 ? g_list_model_get_item (listed, n_listed - 1) : NULL;
}

/* What cannot be read is told where the records are listed. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksOlderRecords) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (LKS_LEDGER (source), result, &error);
  g_autoptr (GListModel) listed = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  listed = g_steal_pointer (&self->listed);
  for (guint i = 0; records != NULL && i < records->len; i++)
    /* Those that began with the oldest are both listed and asked for. */
    if (!lks_record_is_listed (g_ptr_array_index (records, i), listed))
      g_list_store_append (self->found, g_ptr_array_index (records, i));
}

/* What the ledger has an index for: the end of a device ID, or an adapter's whole serial number. */
static gboolean
read_query (const char *text, char **out_serial, LksLedgerQuery *out_query)
{
  gsize length = strlen (text);

  if (length >= DIGITS_MIN && length <= DIGITS_MAX &&
      strspn (text, "0123456789abcdefABCDEF") == length)
    out_query->device_id_end = text;
  else if (length >= SERIAL_CHARACTERS_MIN)
    out_query->usb_serial = *out_serial = g_ascii_strup (text, -1);
  return out_query->device_id_end != NULL || out_query->usb_serial != NULL;
}

static void
start (LksOlderRecords *self, LksLedger *ledger, const char *text, LksRecord *oldest)
{
  g_autofree char *serial = NULL;
  LksLedgerQuery query = { .until_us = get_start (oldest) + 1, .limit = FOUND_MAX };

  if (read_query (text, &serial, &query))
    lks_ledger_list_async (ledger, &query, self->cancellable, found_cb, g_object_ref (self));
}

static void
lks_older_records_dispose (GObject *object)
{
  LksOlderRecords *self = LKS_OLDER_RECORDS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->listed);
  G_OBJECT_CLASS (lks_older_records_parent_class)->dispose (object);
}

static void
lks_older_records_finalize (GObject *object)
{
  LksOlderRecords *self = LKS_OLDER_RECORDS (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->found);
  G_OBJECT_CLASS (lks_older_records_parent_class)->finalize (object);
}

static void
lks_older_records_class_init (LksOlderRecordsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_older_records_dispose;
  object_class->finalize = lks_older_records_finalize;
}

static void
lks_older_records_init (LksOlderRecords *self)
{
  self->found = g_list_store_new (LKS_TYPE_RECORD);
  self->cancellable = g_cancellable_new ();
}

/**
 * lks_older_records_new:
 *
 * Returns: (transfer full): a search that has found nothing yet
 */
LksOlderRecords *
lks_older_records_new (void)
{
  return g_object_new (LKS_TYPE_OLDER_RECORDS, NULL);
}

/**
 * lks_older_records_get_found:
 * @self: a search
 *
 * Returns: (transfer none): what was found, of [class@Lks.Record]; it follows the search
 */
GListModel *
lks_older_records_get_found (LksOlderRecords *self)
{
  g_return_val_if_fail (LKS_IS_OLDER_RECORDS (self), NULL);

  return G_LIST_MODEL (self->found);
}

/**
 * lks_older_records_search:
 * @self: a search
 * @ledger: where to look
 * @text: what somebody has typed
 * @listed: the records that are shown already, newest first; empty when there are no others
 *
 * Looks among the older records, and forgets what was found before. Nothing is found by less than
 * four digits of a device ID or six characters of a serial number.
 */
void
lks_older_records_search (LksOlderRecords *self,
                          LksLedger *ledger,
                          const char *text,
                          GListModel *listed)
{
  g_autoptr (LksRecord) oldest = ref_oldest (listed);

  g_return_if_fail (LKS_IS_OLDER_RECORDS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_list_store_remove_all (self->found);
  g_set_object (&self->listed, listed);
  if (oldest != NULL)
    start (self, ledger, text, oldest);
}

/**
 * lks_record_is_listed:
 * @record: a record
 * @listed: (element-type LksRecord): records, newest first
 *
 * Looks from the oldest on.
 *
 * Returns: whether @record is among them
 */
gboolean
lks_record_is_listed (LksRecord *record, GListModel *listed)
{
  for (guint i = g_list_model_get_n_items (listed); i > 0; i--)
    {
      g_autoptr (LksRecord) other = g_list_model_get_item (listed, i - 1);

      if (get_start (other) > get_start (record))
        return FALSE;
      if (g_str_equal (lks_record_get_id (other), lks_record_get_id (record)))
        return TRUE;
    }
  return FALSE;
}
