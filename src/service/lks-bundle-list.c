/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-advice.h"
#include "lks-bundle-private.h"
#include "lks-json-member-private.h"
#include "lks-log-writer.h"
#include "lks-redaction.h"
#include "lks-service-error.h"
#include "lks-words-private.h"

#include <archive.h>
#include <string.h>

/* One walk through a bundle. */
typedef struct
{
  LksBundle *bundle;         /* (unowned) */
  const LksBundleWish *wish; /* (unowned) */
  LksRedaction *redaction;   /* (unowned) */
  GPtrArray *entries;        /* (unowned) */
} Listing;

static void
entry_free (gpointer data)
{
  LksBundleEntry *entry = data;

  g_free (entry->name);
  g_bytes_unref (entry->bytes);
  g_clear_error (&entry->error);
  g_free (entry);
}

static void
add_entry (Listing *self, char *name, const char *title, guint holds, GBytes *bytes)
{
  LksBundleEntry *entry = g_new0 (LksBundleEntry, 1);

  if (self->wish->hide_names)
    holds &= ~(guint) LKS_BUNDLE_HOLDS_NETWORK_NAMES;
  if (self->wish->hide_addresses)
    holds &= ~(guint) LKS_BUNDLE_HOLDS_HARDWARE_ADDRESSES;
  entry->name = name;
  entry->title = title;
  entry->holds = holds;
  entry->bytes = bytes;
  g_ptr_array_add (self->entries, entry);
}

static GBytes *
node_to_bytes (JsonNode *node)
{
  char *text = json_to_string (node, TRUE);
  GString *line = g_string_new (text);

  g_free (text);
  g_string_append_c (line, '\n');
  return g_string_free_to_bytes (line);
}

/* Cleans a copy: the same bundle may be written again, with other wishes. */
static GBytes *
clean_node (Listing *self, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (JsonNode) copy = json_from_string (text, NULL);

  lks_redaction_clean_json (self->redaction, copy);
  return node_to_bytes (copy);
}

static void
add_json (Listing *self, const char *name, const char *title, guint holds, JsonNode *node)
{
  add_entry (self, g_strconcat (name, ".json", NULL), title, holds, clean_node (self, node));
}

/* ---- parts that are missing ---- */

/* As everywhere; of what this room leaves out itself, the room below knows no advice. */
static JsonNode *
error_to_json (const GError *error)
{
  JsonNode *node;

  g_type_ensure (LKS_TYPE_SERVICE_ERROR);
  node = lks_advice_to_json (error);
  if (error != NULL && error->domain == LKS_SERVICE_ERROR)
    json_object_set_string_member (json_node_get_object (node), "advice",
                                   "Nothing is to be done; a bundle may be made again with other "
                                   "choices.");
  return node;
}

static void
add_missing (Listing *self, const char *name, const char *title, const GError *error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  LksBundleEntry *entry;

  json_object_set_member (object, "error", error_to_json (error));
  json_node_take_object (node, object);
  add_entry (self, g_strconcat (name, ".error.json", NULL), title, 0, clean_node (self, node));
  entry = g_ptr_array_index (self->entries, self->entries->len - 1);
  entry->error = g_error_copy (error);
}

static GError *
why_not_asked (void)
{
  return g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY,
                              "the board was gone, or the reading was ended, before this was "
                              "asked for");
}

/* ---- log and telemetry ---- */

static GBytes *
log_to_text (LksLogRing *ring, LksLogMessages *messages)
{
  const LksLogWish wish = { .messages = messages };
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  lks_log_write (ring, &wish, LKS_LOG_FORMAT_TEXT, stream, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

/* The words are made from the cleaned log: what is not in it cannot be in them. */
static void
add_log (Listing *self, const LksBundlePartKind *kind, LksLogRing *ring)
{
  GBytes *bytes = lks_redaction_clean_log (self->redaction, ring);
  g_autoptr (LksLogRing) clean = lks_log_ring_parse (bytes, NULL);

  add_entry (self, g_strdup ("log.bin"), kind->title, kind->holds, bytes);
  add_entry (self, g_strdup ("log.txt"), N_ ("Diagnostic log in words, as far as it is known"),
             kind->holds, log_to_text (clean, self->wish->messages));
}

/* Nobody but the vendor knows where in it a name could stand. */
static void
add_telemetry (Listing *self, const LksBundlePartKind *kind, const LksTelemetry *telemetry)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (telemetry->bytes, &size);
  g_autoptr (GError) error = NULL;

  if (self->wish->hide_names || self->wish->hide_addresses)
    error =
        g_error_new_literal (LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                             "left out, because nobody but the vendor can tell whether it holds "
                             "what is to be hidden");
  else if (size > 0 && lks_log_holds_secret (data, size))
    error = g_error_new_literal (LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                                 "left out, because it may hold a key or a password");
  if (error != NULL)
    add_missing (self, kind->name, kind->title, error);
  else
    add_entry (self, g_strdup ("telemetry.bin"), kind->title, kind->holds,
               g_bytes_ref (telemetry->bytes));
}

static void
add_part (Listing *self, guint i)
{
  const LksBundlePartKind *kind = &lks_bundle_parts[i];
  const LksBundlePart *part = &self->bundle->parts[i];

  if (part->json != NULL)
    add_json (self, kind->name, kind->title, kind->holds, part->json);
  else if (part->ring != NULL)
    add_log (self, kind, part->ring);
  else if (part->telemetry != NULL)
    add_telemetry (self, kind, part->telemetry);
  else
    {
      g_autoptr (GError) error =
          part->error != NULL ? g_error_copy (part->error) : why_not_asked ();

      add_missing (self, kind->name, kind->title, error);
    }
}

/* ---- what is known without asking ---- */

static JsonNode *
counters_to_json (const LksLinkCounters *counters)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_flag (builder, "open", counters->is_open);
  lks_json_add_int (builder, "uptimeMs", counters->uptime_us / G_TIME_SPAN_MILLISECOND);
  lks_json_add_int (builder, "receivedBytes", (gint64) counters->received_bytes);
  lks_json_add_int (builder, "sentBytes", (gint64) counters->sent_bytes);
  lks_json_add_int (builder, "receivedPackets", (gint64) counters->received_packets);
  lks_json_add_int (builder, "sentPackets", (gint64) counters->sent_packets);
  lks_json_add_int (builder, "droppedPackets", (gint64) counters->dropped_packets);
  lks_json_add_int (builder, "refusedPackets", (gint64) counters->refused_packets);
  lks_json_add_int (builder, "overruns", (gint64) counters->overruns);
  lks_json_add_int (builder, "retransmissions", (gint64) counters->retransmissions);
  lks_json_add_int (builder, "stalls", (gint64) counters->stalls);
  lks_json_add_int (builder, "connections", counters->connections);
  lks_json_add_int (builder, "roundTripUs", counters->round_trip_us);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
add_known (Listing *self)
{
  const char *board_title = N_ ("State, capabilities, lock and system of the board");
  const char *link_title = N_ ("What the line to the board did");
  g_autoptr (GError) missing =
      g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY, "the board has no line");

  if (self->bundle->status != NULL)
    {
      g_autoptr (JsonNode) node = lks_board_status_to_json (self->bundle->status);

      add_json (self, "board", board_title, LKS_BUNDLE_HOLDS_DEVICE_ID, node);
    }
  else
    add_missing (self, "board", board_title, missing);

  if (self->bundle->has_counters)
    {
      g_autoptr (JsonNode) node = counters_to_json (&self->bundle->counters);

      add_json (self, "link", link_title, 0, node);
    }
  else
    add_missing (self, "link", link_title, missing);
}

/* ---- contents ---- */

static void
add_holds (JsonBuilder *builder, guint holds)
{
  json_builder_set_member_name (builder, "holds");
  json_builder_begin_array (builder);
  for (guint bit = 0; bit < LKS_BUNDLE_N_HOLDS; bit++)
    if (holds & 1u << bit)
      json_builder_add_string_value (builder, lks_bundle_holds_get_nick (1u << bit));
  json_builder_end_array (builder);
}

/**
 * lks_bundle_entries_to_json:
 * @entries: what lks_bundle_list() returned
 *
 * Returns: (transfer full): a list of `name`, `title`, `sizeBytes`, `holds` (nicks of
 *   [flags@Lks.BundleHolds]) and `error`, which is null where nothing is missing
 */
JsonNode *
lks_bundle_entries_to_json (GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const LksBundleEntry *entry = g_ptr_array_index (entries, i);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "name", entry->name);
      lks_json_add_text (builder, "title", entry->title);
      lks_json_add_int (builder, "sizeBytes", (gint64) g_bytes_get_size (entry->bytes));
      add_holds (builder, entry->holds);
      json_builder_set_member_name (builder, "error");
      json_builder_add_value (builder, error_to_json (entry->error));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static void
add_program (JsonBuilder *builder)
{
  g_autofree char *glib =
      g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  json_builder_set_member_name (builder, "program");
  json_builder_begin_object (builder);
  lks_json_add_text (builder, "name", "Locksmith");
  lks_json_add_text (builder, "version", LKS_VERSION);
  lks_json_add_text (builder, "glib", glib);
  lks_json_add_text (builder, "libarchive", archive_version_string ());
  lks_json_add_text (builder, "system", system);
  json_builder_end_object (builder);
}

/* The table of contents, which stands first, of what was listed. */
static LksBundleEntry *
make_contents (Listing *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_utc (self->bundle->made_s);
  g_autofree char *time = g_date_time_format_iso8601 (made);
  g_autoptr (JsonNode) node = NULL;
  LksBundleEntry *entry = g_new0 (LksBundleEntry, 1);

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "made", time);
  add_program (builder);
  lks_json_add_flag (builder, "networkNamesHidden", self->wish->hide_names);
  lks_json_add_flag (builder, "hardwareAddressesHidden", self->wish->hide_addresses);
  json_builder_set_member_name (builder, "entries");
  json_builder_add_value (builder, lks_bundle_entries_to_json (self->entries));
  json_builder_end_object (builder);
  node = json_builder_get_root (builder);

  entry->name = g_strdup ("contents.json");
  entry->title = N_ ("This list, and the version of the program");
  entry->bytes = node_to_bytes (node);
  return entry;
}

/**
 * lks_bundle_list:
 * @self: a bundle
 * @wish: how it is to be written
 *
 * Makes the files of the archive, in their order, which is always the same: a table of contents,
 * what is known without asking the board, then what it told. A part that is missing is a file that
 * says why. A log's texts that may hold a key or a password are masked whatever @wish says.
 *
 * Returns: (transfer full) (element-type LksBundleEntry): the files
 */
GPtrArray *
lks_bundle_list (LksBundle *self, const LksBundleWish *wish)
{
  g_autoptr (LksRedaction) redaction = lks_redaction_new (wish->hide_names, wish->hide_addresses);
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  Listing listing = { self, wish, redaction, entries };

  for (guint i = 0; i < LKS_BUNDLE_N_PARTS; i++)
    if (self->parts[i].json != NULL)
      lks_redaction_learn (redaction, self->parts[i].json);

  add_known (&listing);
  for (guint i = 0; i < LKS_BUNDLE_N_PARTS; i++)
    add_part (&listing, i);
  g_ptr_array_insert (entries, 0, make_contents (&listing));
  return entries;
}
