/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-gdb-runner.h"

#include <string.h>

/* A packet has 4 bytes at least, and what is asked again is bounded. */
#define SENT_MAX(size) ((size) + 200)

static void
news_cb (LksGdbNews news, guint number, gpointer user_data)
{
  g_assert_cmpuint (number, <=, 255);
  g_string_append_printf (user_data, "%u:%u ", news, number);
}

/* The same dialogue, however the bytes come. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GString) news = g_string_new (NULL);
  g_autoptr (GString) pieces_news = g_string_new (NULL);
  g_autoptr (LksGdbRunner) whole = lks_gdb_runner_new (LKS_GDB_WISH_RUN, news_cb, news);
  g_autoptr (LksGdbRunner) pieces = lks_gdb_runner_new (LKS_GDB_WISH_RUN, news_cb, pieces_news);
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  g_autoptr (GByteArray) pieces_sent = g_byte_array_new ();

  lks_gdb_runner_ask (whole, sent);
  lks_gdb_runner_ask (pieces, pieces_sent);
  lks_gdb_runner_feed (whole, data, size, sent);
  for (gsize i = 0; i < size; i++)
    lks_gdb_runner_feed (pieces, data + i, 1, pieces_sent);

  g_assert_cmpuint (sent->len, <=, SENT_MAX (size));
  g_assert_cmpmem (sent->data, sent->len, pieces_sent->data, pieces_sent->len);
  g_assert_cmpstr (news->str, ==, pieces_news->str);
  return 0;
}
