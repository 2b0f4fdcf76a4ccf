/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-servicing.h"

#include "lks-capability.h"
#include "lks-cli-output.h"
#include "lks-enums.h"
#include "lks-record.h"

#include <stdio.h>

static gint64
get_left_us (LksSession *session)
{
  LksSessionFacts facts = { 0 };

  lks_session_facts_read_clocks (&facts);
  return MAX (lks_session_get_fields (session)->ends_us - facts.now_us, 0);
}

static void
add_time (JsonObject *object, const char *member, gint64 unix_us)
{
  g_autofree char *text = lks_record_time_to_text (unix_us);

  json_object_set_string_member (object, member, text);
}

static void
add_capabilities (JsonObject *object, const LksSessionFields *fields)
{
  JsonArray *numbers = json_array_new ();
  JsonArray *names = json_array_new ();

  for (gsize i = 0; i < fields->n_capabilities; i++)
    {
      const char *name = lks_capability_get_name (fields->capabilities[i]);
      g_autofree char *number = g_strdup_printf ("unknown (%u)", fields->capabilities[i]);

      json_array_add_int_element (numbers, fields->capabilities[i]);
      json_array_add_string_element (names, name != NULL ? name : number);
    }
  json_object_set_array_member (object, "capabilities", numbers);
  json_object_set_array_member (object, "capabilityNames", names);
}

/* The session as the JSON documents tell it; never the capability. */
JsonObject *
lks_cli_servicing_to_json (LksSession *session)
{
  const LksSessionFields *fields = lks_session_get_fields (session);
  gint64 length_us = fields->ends_us - fields->started_us;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", fields->id);
  json_object_set_string_member (object, "deviceId", fields->device_id);
  json_object_set_string_member (object, "port", fields->port);
  add_capabilities (object, fields);
  json_object_set_string_member (object, "fingerprint", fields->fingerprint);
  json_object_set_string_member (object, "task",
                                 lks_enum_to_nick (LKS_TYPE_SERVICE_TASK, (int) fields->task));
  if (fields->note != NULL)
    json_object_set_string_member (object, "note", fields->note);
  else
    json_object_set_null_member (object, "note");
  json_object_set_string_member (object, "operator", fields->operator_name);
  add_time (object, "startedAt", fields->started_wall_us);
  add_time (object, "endsAt", fields->started_wall_us + length_us);
  json_object_set_int_member (object, "secondsLeft", get_left_us (session) / G_USEC_PER_SEC);
  json_object_set_int_member (object, "graceSeconds", fields->grace_s);
  json_object_set_boolean_member (object, "attached", fields->absent_since_us == 0);
  json_object_set_boolean_member (object, "endsOnLock", fields->ends_on_lock);
  json_object_set_boolean_member (object, "survivesProgram", fields->survives_program);
  return object;
}

/* "fieldServicing (13)" */
char *
lks_cli_servicing_dup_capabilities (const guint *numbers, gsize n)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      const char *name = lks_capability_get_name (numbers[i]);

      g_string_append_printf (text, "%s%s (%u)", i > 0 ? ", " : "", name != NULL ? name : "unknown",
                              numbers[i]);
    }
  return g_string_free (text, FALSE);
}

/* "12:30, 29 minutes left" */
char *
lks_cli_servicing_dup_until (LksSession *session)
{
  gint64 left_us = get_left_us (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) end = g_date_time_add (now, left_us);
  g_autofree char *time = g_date_time_format (end, "%H:%M:%S");
  gint64 minutes = (left_us + G_TIME_SPAN_MINUTE / 2) / G_TIME_SPAN_MINUTE;

  return g_strdup_printf ("%s (%" G_GINT64_FORMAT " minutes left)", time, minutes);
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("  %-14s %s\n", label, clean);
}

/* For people. */
void
lks_cli_servicing_print (LksSession *session)
{
  const LksSessionFields *fields = lks_session_get_fields (session);
  g_autofree char *capabilities =
      lks_cli_servicing_dup_capabilities (fields->capabilities, fields->n_capabilities);
  g_autofree char *until = lks_cli_servicing_dup_until (session);

  printf ("Servicing session %s\n", fields->id);
  print_line ("Device ID", fields->device_id);
  print_line ("Port", fields->port);
  print_line ("Capability", capabilities);
  print_line ("Task", lks_service_task_get_rule (fields->task)->summary);
  print_line ("Note", fields->note);
  print_line ("Operator", fields->operator_name);
  print_line ("Ends at", until);
  if (fields->absent_since_us != 0)
    print_line ("Board", "unplugged; the session ends if it does not come back");
}
