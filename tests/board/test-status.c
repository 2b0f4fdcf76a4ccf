/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-advice.h"
#include "lks-board-status-private.h"
#include "lks-board.h"
#include "lks-cursor.h"

#include <gio/gio.h>

static void
test_nothing_known (void)
{
  g_autoptr (LksBoardStatus) status = lks_board_status_new ("1-2.3");
  g_autoptr (JsonNode) node = lks_board_status_to_json (status);
  JsonObject *object = json_node_get_object (node);
  static const char *const nulls[] = { "usbSerial",      "deviceId",       "manufacturingState",
                                       "capabilities",   "osVersion",      "uptimeSeconds",
                                       "restApiVersion", "session",        "error",
                                       "images",         "capabilityNames" };
  gsize n = 99;
  guint64 uptime_s;

  g_assert_cmpstr (json_object_get_string_member (object, "port"), ==, "1-2.3");
  g_assert_cmpstr (json_object_get_string_member (object, "adapter"), ==, "unknown");
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "unknown");
  g_assert_cmpstr (json_object_get_string_member (object, "peripheralLock"), ==, "unknown");
  g_assert_nonnull (json_object_get_string_member (object, "peripheralLockReason"));
  for (gsize i = 0; i < G_N_ELEMENTS (nulls); i++)
    {
      g_assert_true (json_object_has_member (object, nulls[i]));
      g_assert_true (json_object_get_null_member (object, nulls[i]));
    }

  g_assert_null (lks_board_status_get_capabilities (status, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_false (lks_board_status_get_uptime (status, &uptime_s));
}

static void
test_capabilities (void)
{
  g_autoptr (LksBoardStatus) status = lks_board_status_new ("1-1");
  static const guint32 numbers[] = { 11, 13, 4711 };
  g_autoptr (JsonNode) node = NULL;
  JsonArray *names;
  gsize n;

  lks_board_status_set_known (status, LKS_FACT_ID_CAPABILITIES);
  g_assert_nonnull (lks_board_status_get_capabilities (status, &n)); /* known to be none */
  g_assert_cmpuint (n, ==, 0);

  g_array_append_vals (status->capabilities, numbers, G_N_ELEMENTS (numbers));
  g_assert_true (lks_board_status_has_capability (status, 11));
  g_assert_false (lks_board_status_has_capability (status, 12));
  node = lks_board_status_to_json (status);
  names = json_object_get_array_member (json_node_get_object (node), "capabilityNames");
  g_assert_cmpstr (json_array_get_string_element (names, 0), ==, "appDevelopment");
  g_assert_cmpstr (json_array_get_string_element (names, 1), ==, "fieldServicing");
  g_assert_cmpstr (json_array_get_string_element (names, 2), ==, "unknown (4711)");
}

/* A refusal hides an older value; a mere failure leaves it, marked. */
static void
test_refusal_and_failure (void)
{
  g_autoptr (LksBoardStatus) status = lks_board_status_new ("1-1");
  g_autoptr (LksBoardStatus) copy = NULL;
  LksFact fact;

  status->os_version = g_strdup ("24.06");
  lks_board_status_set_known (status, LKS_FACT_ID_OS_VERSION);
  g_assert_false (
      lks_board_status_is_stale (status, LKS_FACT_ID_OS_VERSION, g_get_monotonic_time ()));

  lks_board_status_take_error (status, LKS_FACT_ID_OS_VERSION, LKS_FACT_STATE_FAILED,
                               g_error_new_literal (LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INTERNAL,
                                                    "the board failed"));
  g_assert_cmpstr (lks_board_status_get_os_version (status), ==, "24.06");
  g_assert_true (
      lks_board_status_is_stale (status, LKS_FACT_ID_OS_VERSION, g_get_monotonic_time ()));

  copy = lks_board_status_copy (status);
  lks_board_status_take_error (copy, LKS_FACT_ID_OS_VERSION, LKS_FACT_STATE_REFUSED,
                               g_error_new_literal (LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED,
                                                    "the board refuses"));
  fact = lks_board_status_get_fact (copy, LKS_FACT_ID_OS_VERSION);
  g_assert_cmpint (fact.state, ==, LKS_FACT_STATE_REFUSED);
  g_assert_cmpstr (fact.source, ==, "GET /osversion");
  g_assert_nonnull (fact.error);
  g_assert_null (lks_board_status_get_os_version (copy));
  g_assert_cmpstr (lks_board_status_get_os_version (status), ==, "24.06");
}

static void
test_stale (void)
{
  g_autoptr (LksBoardStatus) status = lks_board_status_new ("1-1");
  gint64 now_us = g_get_monotonic_time ();

  g_assert_false (lks_board_status_is_stale (status, LKS_FACT_ID_UPTIME, now_us));
  status->state = LKS_BOARD_STATE_READY;
  lks_board_status_set_known (status, LKS_FACT_ID_UPTIME);
  lks_board_status_set_known (status, LKS_FACT_ID_IMAGES);
  g_assert_false (lks_board_status_is_stale (status, LKS_FACT_ID_UPTIME, now_us));
  now_us += 20 * G_USEC_PER_SEC;
  g_assert_true (lks_board_status_is_stale (status, LKS_FACT_ID_UPTIME, now_us));
  g_assert_false (lks_board_status_is_stale (status, LKS_FACT_ID_IMAGES, now_us));
  status->state = LKS_BOARD_STATE_NO_ANSWER;
  g_assert_true (lks_board_status_is_stale (status, LKS_FACT_ID_IMAGES, now_us));
}

static void
test_advice (void)
{
  static const struct
  {
    const char *domain;
    const char *code;
  } expected[] = {
    { "usb", "busy" },     { "board", "duplicate" }, { "device", "lost" },
    { "io", "cancelled" }, { "parse", "too-large" },
  };
  g_autoptr (GError) usb = g_error_new_literal (LKS_USB_ERROR, LKS_USB_ERROR_BUSY, "m");
  g_autoptr (GError) board = g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE, "m");
  g_autoptr (GError) device = g_error_new_literal (LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST, "m");
  g_autoptr (GError) io = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "m");
  g_autoptr (GError) parse = g_error_new_literal (LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE, "m");
  const GError *errors[] = { usb, board, device, io, parse };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (JsonNode) node = lks_advice_to_json (errors[i]);
      JsonObject *object = json_node_get_object (node);

      g_assert_cmpstr (json_object_get_string_member (object, "domain"), ==, expected[i].domain);
      g_assert_cmpstr (json_object_get_string_member (object, "code"), ==, expected[i].code);
      g_assert_cmpstr (json_object_get_string_member (object, "message"), ==, "m");
      g_assert_cmpuint (strlen (json_object_get_string_member (object, "advice")), >, 10);
    }
}

/* Every code of the rooms below has an advice of its own, not the general one. */
static void
test_advice_is_complete (void)
{
  const struct
  {
    GQuark domain;
    GType type;
  } domains[] = {
    { LKS_USB_ERROR, LKS_TYPE_USB_ERROR },
    { LKS_BOARD_ERROR, LKS_TYPE_BOARD_ERROR },
    { LKS_DEVICE_ERROR, LKS_TYPE_DEVICE_ERROR },
  };
  g_autoptr (GError) strange = g_error_new_literal (g_quark_from_static_string ("x"), 1, "m");

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (GEnumClass) codes = g_type_class_ref (domains[i].type);

      for (guint j = 0; j < codes->n_values; j++)
        {
          g_autoptr (GError) error =
              g_error_new_literal (domains[i].domain, codes->values[j].value, "m");

          g_assert_cmpstr (lks_advice_for_error (error), !=, lks_advice_for_error (strange));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/board-status/nothing-known", test_nothing_known);
  g_test_add_func ("/board-status/capabilities", test_capabilities);
  g_test_add_func ("/board-status/refusal-and-failure", test_refusal_and_failure);
  g_test_add_func ("/board-status/stale", test_stale);
  g_test_add_func ("/advice/names", test_advice);
  g_test_add_func ("/advice/complete", test_advice_is_complete);
  return g_test_run ();
}
