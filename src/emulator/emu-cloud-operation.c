/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-operation.h"

/* The addresses of the live service have about 3.5 kB, most of it a certificate. */
#define FILLER_CHARACTERS 3000
#define KEPT_MAX 10000

struct _EmuCloudOperations
{
  GHashTable *by_key; /* (owned) (element-type EmuCloudOperation) */
  GQueue waiting;     /* (element-type EmuCloudOperation): borrowed, not applied yet */
};

static void
operation_free (gpointer data)
{
  EmuCloudOperation *self = data;

  if (self->free_data != NULL && self->data != NULL)
    self->free_data (self->data);
  g_clear_pointer (&self->result, g_bytes_unref);
  g_free (self->key);
  g_free (self->name);
  g_free (self->kind);
  g_free (self->resource_id);
  g_free (self->target_id);
  g_free (self->code);
  g_free (self->message);
  g_free (self);
}

EmuCloudOperations *
emu_cloud_operations_new (void)
{
  EmuCloudOperations *self = g_new0 (EmuCloudOperations, 1);

  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, operation_free);
  g_queue_init (&self->waiting);
  return self;
}

void
emu_cloud_operations_free (EmuCloudOperations *self)
{
  g_queue_clear (&self->waiting);
  g_hash_table_unref (self->by_key);
  g_free (self);
}

/* 64 digits that belong to a name, in upper case as the service writes them. */
static char *
make_digits (const char *name)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  return g_ascii_strup (sum, -1);
}

static char *
make_key (EmuCloudOperation *self, const char *subscription)
{
  g_autoptr (GString) filler = g_string_new (NULL);
  g_autofree char *signature = make_digits (self->name);

  while (filler->len < FILLER_CHARACTERS)
    {
      g_autofree char *seed = g_strdup_printf ("%s %zu", self->name, filler->len);
      g_autofree char *part = make_digits (seed);

      g_string_append (filler, part);
    }
  return g_strdup_printf (
      "/subscriptions/%s/providers/Microsoft.AzureSphere/locations/"
      "WESTCENTRALUS/operationStatuses/%s?api-version=2024-04-01&t=%" G_GINT64_FORMAT
      "&c=MII%s&s=%s_-%s&h=%.40s",
      subscription, self->name, self->begun_us, filler->str, signature, signature, signature);
}

static EmuCloudOperation *
operation_new (char *name)
{
  EmuCloudOperation *self = g_new0 (EmuCloudOperation, 1);

  self->name = name;
  self->begun_us = g_get_real_time ();
  return self;
}

static EmuCloudOperation *
keep (EmuCloudOperations *self, EmuCloudOperation *operation)
{
  if (g_hash_table_size (self->by_key) >= KEPT_MAX && g_queue_is_empty (&self->waiting))
    g_hash_table_remove_all (self->by_key);
  g_hash_table_insert (self->by_key, operation->key, operation);
  g_queue_push_tail (&self->waiting, operation);
  return operation;
}

/* Begins one; the caller fills in the rest. Its GUID is the ID of the request that began it. */
EmuCloudOperation *
emu_cloud_operations_add (EmuCloudOperations *self,
                          const char *subscription,
                          const char *request_id)
{
  g_autofree char *digits = make_digits (request_id);
  EmuCloudOperation *operation = operation_new (g_strdup_printf ("%s*%s", request_id, digits));

  operation->key = make_key (operation, subscription);
  return keep (self, operation);
}

/* The same, asked about at @key. */
EmuCloudOperation *
emu_cloud_operations_add_at (EmuCloudOperations *self, const char *key, const char *request_id)
{
  EmuCloudOperation *operation = operation_new (g_strdup (request_id));

  operation->key = g_strdup (key);
  return keep (self, operation);
}

EmuCloudOperation *
emu_cloud_operations_find (EmuCloudOperations *self, const char *key)
{
  return g_hash_table_lookup (self->by_key, key);
}

gboolean
emu_cloud_operation_is_due (const EmuCloudOperation *self, gint64 now_us)
{
  return self->end != EMU_CLOUD_FAULT_OPERATION_STUCK && now_us >= self->due_us;
}

gboolean
emu_cloud_operation_succeeds (const EmuCloudOperation *self)
{
  return self->end == EMU_CLOUD_FAULT_NONE || self->end == EMU_CLOUD_FAULT_OPERATION_SLOW ||
         self->end == EMU_CLOUD_FAULT_OPERATION_LOST;
}

/* Makes the changes of all whose time has come. */
void
emu_cloud_operations_run (EmuCloudOperations *self, gint64 now_us)
{
  GList *link = self->waiting.head;

  while (link != NULL)
    {
      EmuCloudOperation *operation = link->data;
      GList *next = link->next;

      if (emu_cloud_operation_is_due (operation, now_us))
        {
          g_queue_delete_link (&self->waiting, link);
          /* Half a bulk claim is done before it fails. */
          if (operation->apply != NULL &&
              (emu_cloud_operation_succeeds (operation) || operation->end == EMU_CLOUD_FAULT_HALF))
            operation->apply (operation->data);
        }
      link = next;
    }
}

static const char *
get_word (const EmuCloudOperation *self, gint64 now_us)
{
  if (!emu_cloud_operation_is_due (self, now_us))
    return "InProgress";
  if (emu_cloud_operation_succeeds (self))
    return "Succeeded";
  return self->end == EMU_CLOUD_FAULT_OPERATION_ENDS ? "Canceled" : "Failed";
}

static void
write_time (EmuWire *wire, const char *member, gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *whole = g_strdup_printf ("%s.%06d0Z", text, (int) (time_us % G_USEC_PER_SEC));

  emu_wire_text (wire, member, whole);
}

static void
write_error (EmuWire *wire, const EmuCloudOperation *self, gboolean is_failure)
{
  emu_wire_open (wire, "error", '{');
  if (is_failure)
    {
      emu_wire_text (wire, "code", self->code != NULL ? self->code : "OperationFailed");
      emu_wire_text (wire, "message",
                     self->message != NULL ? self->message : "The operation failed.");
    }
  emu_wire_text (wire, "target", self->kind);
  emu_wire_open (wire, "details", '[');
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
}

/* What the address of an operation answers: with an error object also on success. */
GBytes *
emu_cloud_operation_write (EmuCloudOperation *self, const char *subscription, gint64 now_us)
{
  gboolean is_due = emu_cloud_operation_is_due (self, now_us);
  g_autofree char *id =
      g_strdup_printf ("/subscriptions/%s/providers/Microsoft.AzureSphere/locations/WESTCENTRALUS/"
                       "operationStatuses/%s",
                       subscription, self->name);
  EmuWire *wire = emu_wire_new_plain ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", id);
  emu_wire_text (wire, "name", self->name);
  emu_wire_text (wire, "resourceId", self->resource_id);
  emu_wire_text (wire, "status", get_word (self, now_us));
  write_time (wire, "startTime", self->begun_us);
  if (is_due)
    write_time (wire, "endTime", self->due_us);
  write_error (wire, self, is_due && !emu_cloud_operation_succeeds (self));
  emu_wire_open (wire, "properties", '{');
  emu_wire_text_or_null (wire, "targetResourceId",
                         is_due && emu_cloud_operation_succeeds (self) ? self->target_id : NULL);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
  return emu_wire_end (wire);
}
