/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate store, with certificates made on the spot. */
#include "made-cert.h"
#include "world.h"

#include "emu-wire.h"

#include <string.h>

#define NOT_BEFORE "20220617091246Z"
#define NOT_AFTER "20230617093246Z"

static char *
build_body (const char *type, const char *cert, const char *key, const char *password)
{
  EmuWire *wire = emu_wire_new ();
  g_autoptr (GBytes) bytes = NULL;

  emu_wire_open (wire, NULL, '{');
  if (type != NULL)
    emu_wire_text (wire, "certType", type);
  if (cert != NULL)
    emu_wire_text (wire, "publicCert", cert);
  if (key != NULL)
    emu_wire_text (wire, "privateKey", key);
  if (password != NULL)
    emu_wire_text (wire, "password", password);
  emu_wire_close (wire, '}');
  bytes = emu_wire_end (wire);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
add (World *world,
     const char *id,
     const char *type,
     const char *cert,
     const char *key,
     const char *password,
     int number)
{
  g_autofree char *body = build_body (type, cert, key, password);
  g_autofree char *request = g_strdup_printf ("POST /certstore/certs/%s", id);

  if (number == 0)
    world_expect (world, request, body, 200, "{}");
  else
    world_expect_error (world, request, body, 400, number);
}

static void
test_store (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (MadeCert) identity = made_cert_new ("TestRootCert", NOT_BEFORE, NOT_AFTER);
  g_autofree char *space =
      g_strdup_printf ("{\"AvailableSpace\":\"%u\"}", (guint) (24514 - strlen (identity->cert)));

  world_expect (world, "GET /certstore/certs", NULL, 200, "{\"identifiers\":[]}");
  world_expect (world, "GET /certstore/space", NULL, 200, "{\"AvailableSpace\":\"24514\"}");
  add (world, "test_cert", "rootca", identity->cert, NULL, NULL, 0);
  world_expect (world, "GET /certstore/certs", NULL, 200, "{\"identifiers\":[\"test_cert\"]}");
  world_expect (world, "GET /certstore/certs/test_cert", NULL, 200,
                "{\"id\":\"test_cert\",\"notBefore\":\"2022-06-17T09:12:46\","
                "\"notAfter\":\"2023-06-17T09:32:46\",\"subjectName\":\"\\/CN=TestRootCert\","
                "\"issuerName\":\"\\/CN=TestRootCert\"}");
  world_expect (world, "GET /certstore/space", NULL, 200, space);
  add (world, "test_cert", "RootCA", identity->cert, NULL, NULL, 0);
  world_expect (world, "GET /certstore/space", NULL, 200, space);
  world_expect (world, "DELETE /certstore/certs/test_cert", NULL, 200, "{}");
  world_expect_error (world, "GET /certstore/certs/test_cert", NULL, 404, 38797319);
  world_expect_error (world, "DELETE /certstore/certs/test_cert", NULL, 404, 38797319);
  world_expect (world, "GET /certstore/space", NULL, 200, "{\"AvailableSpace\":\"24514\"}");
}

static void
test_client (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (MadeCert) identity = made_cert_new ("Client", NOT_BEFORE, NOT_AFTER);
  g_autoptr (MadeCert) other = made_cert_new ("Other", NOT_BEFORE, NOT_AFTER);

  add (world, "a", "client", identity->cert, identity->key, NULL, 0);
  add (world, "a", "Client", identity->cert, identity->encrypted, MADE_CERT_PASSWORD, 0);
  add (world, "a", "client", identity->cert, NULL, NULL, 38797327);
  add (world, "a", "client", identity->cert, "no key", NULL, 38797327);
  add (world, "a", "client", identity->cert, identity->encrypted, "wrong", 38797327);
  add (world, "a", "client", identity->cert, identity->encrypted, NULL, 38797327);
  add (world, "a", "client", identity->cert, identity->key, MADE_CERT_PASSWORD, 38797333);
  add (world, "a", "client", identity->cert, other->key, NULL, 38797332);
}

static void
test_refusals (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (MadeCert) identity = made_cert_new ("Root", NOT_BEFORE, NOT_AFTER);
  g_autofree char *much = g_strnfill (8193, 'x');

  add (world, "a", NULL, identity->cert, NULL, NULL, 38797324);
  add (world, "a", "server", identity->cert, NULL, NULL, 38797324);
  add (world, "a", "rootca", NULL, NULL, NULL, 38797325);
  add (world, "a", "rootca", "rubbish", NULL, NULL, 38797325);
  add (world, "a", "rootca", much, NULL, NULL, 38797326);
  add (world, "a", "client", identity->cert, much, NULL, 38797328);
  add (world, "a", "client", identity->cert, identity->key, much, 38797330);
  add (world, "a", "rootca", identity->cert, identity->key, NULL, 38797329);
  add (world, "a", "rootca", identity->cert, NULL, MADE_CERT_PASSWORD, 38797331);
  add (world, "12345678901234567", "rootca", identity->cert, NULL, NULL, 38797316);
  add (world, "a%20b", "rootca", identity->cert, NULL, NULL, 38797314);
  add (world, "a.-_9", "rootca", identity->cert, NULL, NULL, 0);
  world_expect_error (world, "GET /certstore/certs/a%20b", NULL, 400, 38797314);
}

static void
test_full (void)
{
  g_autoptr (World) world = world_new ("\"certificateSpaceBytes\":700");
  g_autoptr (MadeCert) identity = made_cert_new ("Root", NOT_BEFORE, NOT_AFTER);

  add (world, "a", "rootca", identity->cert, NULL, NULL, 0);
  add (world, "b", "rootca", identity->cert, NULL, NULL, 38797323);
}

/* What the scenario puts there is there. */
static void
test_scenario (void)
{
  g_autoptr (MadeCert) identity = made_cert_new ("Scenario", NOT_BEFORE, NOT_AFTER);
  EmuWire *wire = emu_wire_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *list = NULL;
  g_autofree char *members = NULL;
  g_autoptr (World) world = NULL;

  emu_wire_open (wire, NULL, '[');
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "id", "plant");
  emu_wire_text (wire, "publicCert", identity->cert);
  emu_wire_bool (wire, "rootCa", TRUE);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, ']');
  bytes = emu_wire_end (wire);
  list = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  members = g_strdup_printf ("\"certificates\":%s", list);
  world = world_new (members);
  world_expect (world, "GET /certstore/certs", NULL, 200, "{\"identifiers\":[\"plant\"]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/certs/store", test_store);
  g_test_add_func ("/emulator/certs/client", test_client);
  g_test_add_func ("/emulator/certs/refusals", test_refusals);
  g_test_add_func ("/emulator/certs/full", test_full);
  g_test_add_func ("/emulator/certs/scenario", test_scenario);

  return world_run ();
}
