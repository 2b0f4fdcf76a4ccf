/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"
#include "image-builder.h"

#include "lks-cursor.h"
#include "lks-device-state.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"

#include <string.h>

/* A key is shown to the board that it names, and to no other, whatever is plugged in when. */

#define HEADER "\r\nAZSPHERE-CAPABILITIES: "

/* builder_capability() fills the device ID with one byte. */
#define OWN_BYTE 0x5a
#define OTHER_BYTE 0xa5

#define RANDOM_WORLDS 150
#define CALLS_PER_WORLD 24

static LksCapabilityKey *
new_key (void)
{
  g_autoptr (GByteArray) file = builder_capability (OWN_BYTE, 13);
  g_autoptr (LksSecret) bytes = NULL;
  g_autoptr (GError) error = NULL;
  LksCapabilityKey *key;

  bytes = lks_secret_new (file->data, file->len);
  key = lks_capability_key_new (bytes, &error);
  g_assert_no_error (error);
  return key;
}

static char *
dup_identity (guint8 byte)
{
  guint8 id[64];
  GString *json = g_string_new ("{\"securityState\":\"SECURE\",\"deviceIdentifier\":\"");

  memset (id, byte, sizeof id);
  for (gsize i = 0; i < sizeof id; i++)
    g_string_append_printf (json, "%02X", id[i]);
  g_string_append (json, "\",\"deviceIdentityPublicKey\":\"\"}");
  return g_string_free (json, FALSE);
}

/* What a board at the other end saw. */
typedef struct
{
  GRand *random;    /* (nullable): without it every connection is the own board and stays */
  guint connection; /* the last one seen */
  guint8 id_byte;   /* of the board on it */
  guint breaks_after;
  guint with_key; /* requests to the own board that carried the key */
  guint without_key;
  guint leaks; /* requests with a key that must not have one */
} World;

static GBytes *
reply (const char *json)
{
  char *text = g_strdup_printf ("HTTP/1.1 200 OK\r\nREST-API-Version: 4.6.0\r\nContent-Length: "
                                "%" G_GSIZE_FORMAT "\r\n\r\n%s",
                                strlen (json), json);

  return g_bytes_new_take (text, strlen (text));
}

static gboolean
asks_for (const char *head, const char *request)
{
  return g_str_has_prefix (head, request) && head[strlen (request)] == ' ';
}

static GBytes *
respond_cb (const char *head, guint connection, After *out_after, gpointer user_data)
{
  World *world = user_data;
  gboolean has_key = strstr (head, HEADER) != NULL;
  gboolean is_open =
      asks_for (head, "GET /status") || asks_for (head, "GET /device/security_state");
  g_autofree char *identity = NULL;

  if (connection != world->connection)
    {
      world->connection = connection;
      if (world->random != NULL)
        {
          world->id_byte = g_rand_boolean (world->random) ? OWN_BYTE : OTHER_BYTE;
          world->breaks_after = (guint) g_rand_int_range (world->random, 1, 9);
        }
    }

  if (has_key && (is_open || world->id_byte != OWN_BYTE))
    world->leaks++;
  else if (has_key)
    world->with_key++;
  else if (!is_open)
    world->without_key++;

  *out_after = AFTER_KEEP;
  if (world->breaks_after > 0 && --world->breaks_after == 0)
    {
      *out_after = g_rand_boolean (world->random) ? AFTER_CLOSE : AFTER_RESET;
      if (g_rand_int_range (world->random, 0, 3) == 0)
        return g_bytes_new_static ("", 0);
    }

  identity = dup_identity (world->id_byte);
  if (asks_for (head, "GET /device/security_state"))
    return reply (identity);
  if (asks_for (head, "GET /status"))
    return reply ("{\"uptime\":5}");
  if (asks_for (head, "GET /wifi/config/networks"))
    return reply ("{\"values\":[]}");
  return reply ("{}");
}

/* Some call or other: an open one, a question, or a change. */
static gboolean
call_something (LksDevice *device, guint which, GError **error)
{
  g_autoptr (GPtrArray) networks = NULL;
  guint64 uptime_s;

  switch (which)
    {
    case 0:
      return lks_device_get_status (device, &uptime_s, NULL, error);
    case 1:
      networks = lks_device_get_wifi_networks (device, NULL, error);
      return networks != NULL;
    default:
      return lks_device_delete_wifi_network (device, 1, NULL, error);
    }
}

static void
test_shown (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCapabilityKey) key = new_key ();
  World world = { .id_byte = OWN_BYTE };
  g_autoptr (GError) error = NULL;

  board_server_set_responder (f->server, respond_cb, &world);
  g_assert_true (call_something (f->device, 1, &error));
  g_assert_cmpuint (world.without_key, ==, 1);

  lks_device_set_key (f->device, key);
  for (guint which = 0; which < 3; which++)
    g_assert_true (call_something (f->device, which, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world.with_key, ==, 2);
  g_assert_cmpuint (world.leaks, ==, 0);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 1);

  /* Revoked for all who hold it, not only where it was set. */
  lks_capability_key_revoke (key);
  g_assert_true (call_something (f->device, 1, &error));
  g_assert_cmpuint (world.with_key, ==, 2);
  g_assert_cmpuint (world.without_key, ==, 2);
}

static void
test_other_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCapabilityKey) key = new_key ();
  World world = { .id_byte = OTHER_BYTE };
  g_autoptr (GError) error = NULL;

  board_server_set_responder (f->server, respond_cb, &world);
  lks_device_set_key (f->device, key);
  g_assert_true (call_something (f->device, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world.without_key, ==, 1);
  g_assert_cmpuint (world.leaks + world.with_key, ==, 0);
}

/* A board that names the right ID once and another one the second time. */
static void
test_fickle_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCapabilityKey) key = new_key ();
  g_autofree char *own = dup_identity (OWN_BYTE);
  g_autofree char *other = dup_identity (OTHER_BYTE);
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;

  lks_device_set_key (f->device, key);
  board_server_expect (f->server, "GET /device/security_state", "", 200, own);
  board_server_expect (f->server, "GET /device/security_state", "", 200, other);
  board_server_expect (f->server, "GET /wifi/config/networks", "", 200, "{\"values\":[]}");
  g_assert_true (call_something (f->device, 1, &error));
  head = board_server_dup_head (f->server);
  g_assert_nonnull (strstr (head, "GET /wifi"));
  g_assert_null (strstr (head, HEADER));
}

/* Connections break at random, before and after answers, and at the end of each new one is a
 * board chosen at random. */
static void
test_random_boards (Fixture *f, gconstpointer unused)
{
  guint32 seed = g_random_int ();
  g_autoptr (LksCapabilityKey) key = new_key ();
  World world = { .random = g_rand_new_with_seed (seed) };
  g_autoptr (GRand) calls = g_rand_new_with_seed (seed + 1);

  g_test_message ("seed %u", seed);
  board_server_set_responder (f->server, respond_cb, &world);
  for (guint i = 0; i < RANDOM_WORLDS * CALLS_PER_WORLD; i++)
    {
      g_autoptr (GError) error = NULL;

      if (i % CALLS_PER_WORLD == 0)
        {
          lks_device_set_key (f->device, g_rand_int_range (calls, 0, 4) > 0 ? key : NULL);
          lks_device_disconnect (f->device);
        }
      if (!call_something (f->device, (guint) g_rand_int_range (calls, 0, 3), &error))
        g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST);
      g_assert_cmpuint (world.leaks, ==, 0);
    }
  /* The test would be worth nothing if the key were never shown. */
  g_assert_cmpuint (world.with_key, >, RANDOM_WORLDS);
  g_assert_cmpuint (world.without_key, >, RANDOM_WORLDS);
  g_rand_free (world.random);
}

/* The key is nowhere but in the request itself. */
static void
watch_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  guint *with_key = user_data;

  g_assert_null (strstr (exchange->path, "/VxcXQ")); /* the file's first bytes in base64 */
  if (exchange->with_key)
    {
      g_assert_cmpstr (exchange->path, ==, "/wifi/config/networks");
      (*with_key)++;
    }
}

static void
test_evidence (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCapabilityKey) key = new_key ();
  World world = { .id_byte = OWN_BYTE };
  g_autoptr (GError) error = NULL;
  guint with_key = 0;

  board_server_set_responder (f->server, respond_cb, &world);
  lks_device_set_key (f->device, key);
  lks_device_set_watcher (f->device, watch_cb, &with_key);
  g_assert_true (call_something (f->device, 0, &error));
  g_assert_true (call_something (f->device, 1, &error));
  g_assert_cmpuint (with_key, ==, 1);
}

static void
test_no_key (void)
{
  g_autoptr (GByteArray) file = builder_capability (OWN_BYTE, 0);
  g_autoptr (LksSecret) none = NULL;
  g_autoptr (LksSecret) nonsense = lks_secret_new ("nonsense", 8);
  g_autoptr (GError) error = NULL;

  none = lks_secret_new (file->data, file->len);
  g_assert_null (lks_capability_key_new (none, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "opens nothing"));
  g_clear_error (&error);
  g_assert_null (lks_capability_key_new (nonsense, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/key/shown", test_shown);
  add_test ("/key/other-board", test_other_board);
  add_test ("/key/fickle-board", test_fickle_board);
  add_test ("/key/random-boards", test_random_boards);
  add_test ("/key/evidence", test_evidence);
  g_test_add_func ("/key/no-key", test_no_key);
  return g_test_run ();
}
