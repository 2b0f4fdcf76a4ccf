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

  GListStore *found;         /* (owned) of LksRecord, newest first */
  GListModel *listed;        /* (owned) (nullable) of LksRecord, newest first: while it searches */
  guint n_asked;             /* questions that the ledger has not answered */
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

/* The newest first. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer unused)
{
  gint64 start_a = get_start ((LksRecord *) a);
  gint64 start_b = get_start ((LksRecord *) b);

  return (start_a < start_b) - (start_a > start_b);
}

/* Those that began with the oldest are both listed and asked for; and a label may be a batch. */
static void
add (LksOlderRecords *self, LksRecord *record)
{
  if (!lks_record_is_listed (record, self->listed) &&
      !lks_record_is_listed (record, G_LIST_MODEL (self->found)))
    g_list_store_insert_sorted (self->found, record, compare_cb, NULL);
}

/* What cannot be read is told where the records are listed. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksOlderRecords) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (LKS_LEDGER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  for (guint i = 0; records != NULL && i < records->len; i++)
    add (self, g_ptr_array_index (records, i));
  if (--self->n_asked == 0)
    g_clear_object (&self->listed);
}

static gboolean
is_device_id_end (const char *text)
{
  gsize length = strlen (text);

  return length >= DIGITS_MIN && length <= DIGITS_MAX &&
         strspn (text, "0123456789abcdefABCDEF") == length;
}

static void
ask (LksOlderRecords *self, LksLedger *ledger, const LksLedgerQuery *query)
{
  self->n_asked++;
  lks_ledger_list_async (ledger, query, self->cancellable, found_cb, g_object_ref (self));
}

/* By everything that the ledger has an index for, among those that @filter lets through. */
static void
start (LksOlderRecords *self,
       LksLedger *ledger,
       const char *text,
       const LksLedgerQuery *filter,
       LksRecord *oldest)
{
  g_autofree char *serial = g_ascii_strup (text, -1);
  const LksLedgerQuery queries[] = {
    { .label = text },
    { .batch = text },
    { .device_id_end = text },
    { .usb_serial = serial },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      LksLedgerQuery query = queries[i];

      query.verdict = filter->verdict;
      query.recipe = filter->recipe;
      query.since_us = filter->since_us;
      query.until_us = get_start (oldest) + 1;
      query.limit = FOUND_MAX;
      if ((query.device_id_end == NULL || is_device_id_end (text)) &&
          (query.usb_serial == NULL || strlen (text) >= SERIAL_CHARACTERS_MIN))
        ask (self, ledger, &query);
    }
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
 * @filter: which verdict, recipe and days are wanted at all
 * @listed: the records that are shown already, newest first, all within @filter; empty when there
 *   are no others
 *
 * Looks among the older records, and forgets what was found before. They are found by the last
 * digits of a device ID, four or more, and by a whole label, a whole batch, as they were written,
 * or an adapter's whole serial number of six characters or more.
 */
void
lks_older_records_search (LksOlderRecords *self,
                          LksLedger *ledger,
                          const char *text,
                          const LksLedgerQuery *filter,
                          GListModel *listed)
{
  g_autoptr (LksRecord) oldest = ref_oldest (listed);

  g_return_if_fail (LKS_IS_OLDER_RECORDS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_list_store_remove_all (self->found);
  self->n_asked = 0;
  g_set_object (&self->listed, listed);
  if (oldest != NULL && *text != '\0')
    start (self, ledger, text, filter, oldest);
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
