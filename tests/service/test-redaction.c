/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-redaction.h"

#include <string.h>

/* ---- texts ---- */

static LksRedaction *
make_redaction (gboolean hide_names, gboolean hide_addresses)
{
  LksRedaction *redaction = lks_redaction_new (hide_names, hide_addresses);
  g_autoptr (JsonNode) told = json_from_string (
      "{\"radio\":{\"ssid\":\"Plant\",\"hardwareAddress\":\"02:FE:4B:8E:49:D8\"},"
      "\"networks\":[{\"ssid\":\"Plant-2\",\"configName\":\"\"},{\"ssid\":\"b1\",\"configName\":"
      "\"Wärme\"}]}",
      NULL);

  lks_redaction_learn (redaction, told);
  return redaction;
}

static const struct
{
  const char *text;
  const char *without_names;
  const char *without_addresses;
} texts[] = {
  { "", "", "" },
  { "nothing of it", "nothing of it", "nothing of it" },
  { "Plant", "network-1", "Plant" },
  { "to Plant-2, from Plant", "to network-2, from network-1", "to Plant-2, from Plant" },
  { "thePlantx", "thenetwork-1x", "thePlantx" },
  { "b1", "network-3", "b1" },
  { "a b1, b12 and ab1", "a network-3, b12 and ab1", "a b1, b12 and ab1" },
  { "Wärme", "network-4", "Wärme" },
  { "at 02:fe:4b:8e:49:d8.", "at 02:fe:4b:8e:49:d8.", "at xx:xx:xx:xx:xx:xx." },
  { "AA-BB-CC-DD-EE-FF", "AA-BB-CC-DD-EE-FF", "xx:xx:xx:xx:xx:xx" },
  { "aa:bb:cc:dd:ee:f", "aa:bb:cc:dd:ee:f", "aa:bb:cc:dd:ee:f" },
};

static void
test_texts (void)
{
  g_autoptr (LksRedaction) names = make_redaction (TRUE, FALSE);
  g_autoptr (LksRedaction) addresses = make_redaction (FALSE, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *without_names = lks_redaction_clean_text (names, texts[i].text);
      g_autofree char *without_addresses = lks_redaction_clean_text (addresses, texts[i].text);

      g_assert_cmpstr (without_names, ==, texts[i].without_names);
      g_assert_cmpstr (without_addresses, ==, texts[i].without_addresses);
    }
}

static void
test_json (void)
{
  g_autoptr (LksRedaction) redaction = make_redaction (TRUE, TRUE);
  g_autoptr (JsonNode) node =
      json_from_string ("{\"Plant\":[\"Plant\",1,true,null,{\"x\":\"02-fe-4b-8e-49-d8\"}]}", NULL);
  g_autofree char *text = NULL;

  lks_redaction_clean_json (redaction, node);
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"Plant\":[\"network-1\",1,true,null,{\"x\":\"xx:xx:xx:xx:xx:xx\"}]}");
}

/* ---- logs ---- */

typedef struct
{
  const char *name;
  const char *parameters;
  gsize size;
  gboolean hide_names;
  gboolean hide_addresses;
  const char *clean;
} Record;

#define RECORD(name, parameters, hide_names, hide_addresses, clean)                                \
  {                                                                                                \
    name, parameters, sizeof (parameters) - 1, hide_names, hide_addresses, clean                   \
  }

static const Record records[] = {
  RECORD ("as-it-is", "Plant\0\1\2", FALSE, FALSE, "Plant\0\1\2"),
  RECORD ("known-name", "Plant\0\1\2", TRUE, FALSE, "xxxxx\0\1\2"),
  RECORD ("forgotten-name", "\5\0\0\0Old one\0", TRUE, FALSE, "\5\0\0\0xxxxxxx\0"),
  RECORD ("name-of-two-bytes", "\1b1\0\7ab\0", TRUE, FALSE, "\1xx\0\7ab\0"),
  RECORD ("name-in-utf8", "W\xc3\xa4rme\0", TRUE, FALSE, "xxxxxx\0"),
  RECORD ("without-end", "\1Plant", TRUE, FALSE, "\1xxxxx"),
  RECORD ("number",
          "\x06\x00\xd0\x00\xff\xff\xff\xff",
          TRUE,
          TRUE,
          "\x06\x00\xd0\x00\xff\xff\xff\xff"),
  RECORD ("guid",
          "3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a11\0",
          TRUE,
          FALSE,
          "3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a11\0"),
  RECORD ("no-guid",
          "3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a1z\0",
          TRUE,
          FALSE,
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\0"),
  RECORD ("address-in-words", "at aa:bb:cc:dd:ee:ff\0", FALSE, TRUE, "at xxxxxxxxxxxxxxxxx\0"),
  RECORD ("known-address", "\2\x02\xfe\x4b\x8e\x49\xd8\3", FALSE, TRUE, "\2xxxxxx\3"),
  RECORD ("other-bytes",
          "\2\x02\xfe\x4b\x8e\x49\xd9\3",
          FALSE,
          TRUE,
          "\2\x02\xfe\x4b\x8e\x49\xd9\3"),
  RECORD ("secret", "{\"psk\":\"hidden\"}\0", FALSE, FALSE, "xxxxxxxxxxxxxxxxx"),
  RECORD ("secret-in-capitals", "PSK=hidden\0\1", FALSE, FALSE, "xxxxxxxxxxxx"),
};

/* A bank with one record at its begin. */
static guint8 *
make_bank (const char *parameters, gsize size)
{
  guint8 *bank = g_malloc (LKS_LOG_BANK_BYTES);

  memset (bank, 0xff, LKS_LOG_BANK_BYTES);
  memset (bank, 0, 12);
  bank[0] = (guint8) (12 + size);
  bank[3] = LKS_LOG_PRIORITY_INFO;
  bank[4] = 2;
  memcpy (bank + 12, parameters, size);
  memcpy (bank + LKS_LOG_BANK_BYTES - 4, "\1\0\0\0", 4);
  return bank;
}

static GBytes *
clean_bank (const guint8 *bank, gsize size, gboolean hide_names, gboolean hide_addresses)
{
  g_autoptr (LksRedaction) redaction = make_redaction (hide_names, hide_addresses);
  g_autoptr (GBytes) bytes = g_bytes_new (bank, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) ring = lks_log_ring_parse (bytes, &error);

  g_assert_no_error (error);
  return lks_redaction_clean_log (redaction, ring);
}

/* What is in the record changes, and nothing else. */
static void
test_record (gconstpointer data)
{
  const Record *record = data;
  g_autofree guint8 *bank = make_bank (record->parameters, record->size);
  g_autofree guint8 *expected = make_bank (record->clean, record->size);
  g_autoptr (GBytes) clean =
      clean_bank (bank, LKS_LOG_BANK_BYTES, record->hide_names, record->hide_addresses);

  g_assert_cmpmem (g_bytes_get_data (clean, NULL), g_bytes_get_size (clean), expected,
                   LKS_LOG_BANK_BYTES);
}

static gboolean
holds (GBytes *bytes, const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return memmem (data, size, text, strlen (text)) != NULL;
}

/* Behind the records of a bank older ones may still stand. */
static void
test_outside_of_records (void)
{
  g_autofree guint8 *bank = make_bank ("\1", 1);
  g_autoptr (GBytes) as_it_is = NULL;
  g_autoptr (GBytes) hidden = NULL;
  g_autoptr (GBytes) secret = NULL;

  memcpy (bank + 1000, "Plant", 5);
  as_it_is = clean_bank (bank, LKS_LOG_BANK_BYTES, FALSE, FALSE);
  g_assert_cmpmem (g_bytes_get_data (as_it_is, NULL), g_bytes_get_size (as_it_is), bank,
                   LKS_LOG_BANK_BYTES);
  hidden = clean_bank (bank, LKS_LOG_BANK_BYTES, TRUE, FALSE);
  g_assert_false (holds (hidden, "Plant"));

  memcpy (bank + 1000, "psk=hidden", 10);
  secret = clean_bank (bank, LKS_LOG_BANK_BYTES, FALSE, FALSE);
  g_assert_false (holds (secret, "hidden"));
}

/* A log that was cut within a bank. */
static void
test_cut (void)
{
  g_autofree guint8 *bank = make_bank ("Plant", 6);
  g_autoptr (GBytes) clean = NULL;

  memcpy (bank + 60, "Plant", 5);
  clean = clean_bank (bank, 70, TRUE, TRUE);
  g_assert_cmpuint (g_bytes_get_size (clean), ==, 70);
  g_assert_false (holds (clean, "Plant"));
}

static void
test_empty (void)
{
  g_autoptr (GBytes) clean = clean_bank ((const guint8 *) "", 0, TRUE, TRUE);

  g_assert_cmpuint (g_bytes_get_size (clean), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/redaction/texts", test_texts);
  g_test_add_func ("/redaction/json", test_json);
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autofree char *path = g_strconcat ("/redaction/record/", records[i].name, NULL);

      g_test_add_data_func (path, &records[i], test_record);
    }
  g_test_add_func ("/redaction/outside-of-records", test_outside_of_records);
  g_test_add_func ("/redaction/cut", test_cut);
  g_test_add_func ("/redaction/empty", test_empty);

  return g_test_run ();
}
