/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-claim EMULATOR [FOLDER]: devices that are claimed from the window: into a group, where
 * a list says, into the catalog alone, and when the service fails in the middle. */
#include "cloud-page.h"

#include "lks-claim-dialog.h"
#include "lks-device-field.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static GtkWidget *
open_dialog (CloudPage *f, const char *devices)
{
  GtkWidget *dialog = page_open_dialog (f, "place.claim", LKS_TYPE_CLAIM_DIALOG);
  GtkTextView *view = GTK_TEXT_VIEW (widget_find (dialog, GTK_TYPE_TEXT_VIEW));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), devices, -1);
  return dialog;
}

static void
confirm (GtkWidget *dialog, const char *name)
{
  gtk_editable_set_text (GTK_EDITABLE (widget_find (dialog, ADW_TYPE_ENTRY_ROW)), name);
}

static void
close_dialog (GtkWidget *dialog)
{
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_UNTIL (dialog == NULL);
}

/* A device of a list, whose ID is one digit all over. */
static char *
make_line (char digit, const char *rest)
{
  g_autofree char *id = g_strnfill (128, digit);

  return g_strconcat (id, rest, "\n", NULL);
}

static void
open_catalog (CloudPage *f)
{
  page_open_row (f, page_find_row (f, "plant7"));
  WAIT_UNTIL (page_count_rows (f) == 2);
}

/* Into Production of Pump. */
static void
open_group (CloudPage *f)
{
  open_catalog (f);
  page_open_row (f, page_find_row (f, "Pump"));
  WAIT_UNTIL (page_count_rows (f) == 5);
  page_open_row (f, page_find_row (f, "Production"));
  WAIT_UNTIL (page_count_rows (f) > 5);
}

/* ---- into the group where the dialog was opened ---- */

/* Only the catalog's whole name opens the way, and a second time finds what the first one did. */
static void
claim (CloudPage *f, const char *ids, const char *outcome)
{
  GtkWidget *dialog = open_dialog (f, ids);

  g_assert_true (widget_shows (dialog, "2 devices"));
  g_assert_false (widget_can (dialog, "claim.claim"));
  confirm (dialog, "plant");
  g_assert_false (widget_can (dialog, "claim.claim"));
  confirm (dialog, "plant7");
  g_assert_true (widget_can (dialog, "claim.claim"));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-claim");
  gtk_widget_activate_action (dialog, "claim.claim", NULL);
  WAIT_UNTIL (widget_shows (dialog, "In the catalog: 2. Not: 0."));
  WAIT_UNTIL (widget_shows (dialog, outcome));
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-claimed");
  close_dialog (dialog);
}

static void
test_group (CloudPage *f, gconstpointer unused)
{
  g_autofree char *one = make_line ('a', "");
  g_autofree char *two = make_line ('b', "");
  g_autofree char *ids = g_strconcat (one, two, NULL);

  open_group (f);
  claim (f, ids, "claimed, into Pump › Production");
  claim (f, ids, "was in the catalog already, in Pump › Production");
  page_sign_out (f);
}

/* ---- where a list says ---- */

/* What the list says is shown before, and done. */
static void
claim_list (CloudPage *f)
{
  g_autofree char *named = make_line ('a', ",Valve,Field Test");
  g_autofree char *other = make_line ('b', ",,");
  g_autofree char *list =
      g_strconcat ("DeviceId,ProductName,DeviceGroupName\n", named, other, NULL);
  GtkWidget *dialog = open_dialog (f, list);

  WAIT_UNTIL (widget_shows (dialog, "aaaa → Valve › Field Test"));
  WAIT_UNTIL (widget_shows (dialog, "bbbb → Pump › Production"));
  confirm (dialog, "plant7");
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-claim-list");
  gtk_widget_activate_action (dialog, "claim.claim", NULL);
  WAIT_UNTIL (widget_shows (dialog, "In the catalog: 2. Not: 0."));
  WAIT_UNTIL (widget_shows (dialog, "aaaa: claimed, into Valve › Field Test"));
  WAIT_UNTIL (widget_shows (dialog, "bbbb: claimed, into Pump › Production"));
  close_dialog (dialog);
}

static void
test_list (CloudPage *f, gconstpointer unused)
{
  g_autofree char *half = make_line ('c', ",Valve,");
  g_autofree char *list = g_strconcat ("DeviceId,ProductName,DeviceGroupName\n", half, NULL);
  GtkWidget *dialog;

  open_group (f);
  dialog = open_dialog (f, list);
  confirm (dialog, "plant7");
  g_assert_true (widget_shows (dialog, "a product is named together with its device group"));
  g_assert_false (widget_can (dialog, "claim.claim"));
  close_dialog (dialog);
  claim_list (f);
  page_sign_out (f);
}

/* ---- a list from a file ---- */

static void
load (GtkWidget *dialog, const char *path, const char *shown)
{
  lks_device_field_load (LKS_DEVICE_FIELD (widget_find (dialog, LKS_TYPE_DEVICE_FIELD)), path);
  WAIT_UNTIL (widget_shows (dialog, shown));
}

static void
load_bytes (GtkWidget *dialog, const char *bytes, gsize size_bytes, const char *shown)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "list.csv", NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) size_bytes, NULL));
  load (dialog, path, shown);
  g_unlink (path);
}

/* As large as a disk, and without a byte on it. */
static void
load_large (GtkWidget *dialog)
{
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "large.csv", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, (off_t) 1 << 40), ==, 0);
  load (dialog, path, "The file is too large");
  g_unlink (path);
}

/* All of it can be claimed, and the first of them are shown. */
static void
load_long (GtkWidget *dialog)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i <= 1500; i++)
    g_string_append_printf (text, "%0128x\n", i);
  load_bytes (dialog, text->str, text->len, "A list of 1500 devices");
  WAIT_UNTIL (widget_shows (dialog, "0001 → Pump › Production"));
  g_string_free (text, TRUE);
  confirm (dialog, "plant7");
  g_assert_true (widget_can (dialog, "claim.claim"));
}

/* What is no list is refused, and what was in the field stays. */
static void
test_file (CloudPage *f, gconstpointer unused)
{
  static const char utf_16[] = "\xff\xfe"
                               "a\0"
                               "a\0";
  g_autofree char *line = make_line ('a', "");
  g_autofree char *two = make_line ('b', "");
  g_autofree char *latin = make_line ('b', ",\xfc");
  GtkWidget *dialog;

  open_group (f);
  dialog = open_dialog (f, line);
  load_bytes (dialog, utf_16, sizeof utf_16 - 1, "line 1: this looks like UTF-16 text");
  load_bytes (dialog, latin, strlen (latin), "line 1: this is not UTF-8");
  load_large (dialog);
  g_assert_true (widget_shows (dialog, "aaaa → Pump › Production"));
  load_long (dialog);
  load_bytes (dialog, two, strlen (two), "1 device");
  WAIT_UNTIL (widget_shows (dialog, "bbbb → Pump › Production"));
  lks_device_field_load (LKS_DEVICE_FIELD (widget_find (dialog, LKS_TYPE_DEVICE_FIELD)),
                         "/dev/zero");
  close_dialog (dialog); /* while it is read */
  page_sign_out (f);
}

/* ---- the catalog alone ---- */

static void
test_catalog (CloudPage *f, gconstpointer unused)
{
  g_autofree char *ids = make_line ('d', "");
  GtkWidget *dialog;

  open_catalog (f);
  g_assert_true (page_shows (f, "Claim…"));
  dialog = open_dialog (f, ids);
  g_assert_true (widget_shows (dialog, "the catalog plant7, into no device group"));
  WAIT_UNTIL (widget_shows (dialog, "dddd → no device group"));
  g_assert_false (widget_can (dialog, "claim.claim"));
  confirm (dialog, "plant7");
  page_take_picture_of (GTK_WINDOW (dialog), "cloud-claim-catalog");
  gtk_widget_activate_action (dialog, "claim.claim", NULL);
  WAIT_UNTIL (widget_shows (dialog, "In the catalog: 1. Not: 0."));
  WAIT_UNTIL (widget_shows (dialog, "dddd: claimed, into no device group"));
  close_dialog (dialog);

  page_open_row (f, page_find_row (f, "Pump")); /* a product is no place for a device */
  WAIT_UNTIL (page_count_rows (f) == 5);
  WAIT_UNTIL (!page_shows (f, "Claim…"));
  page_sign_out (f);
}

/* ---- when it fails in the middle ---- */

/* The service claims both, and then once knows the sign-in no more when it is asked about the
 * second, and once when it is asked what the catalog has. */
#define FORGETFUL                                                                                  \
  "{\"cloud\":{\"clientId\":\"" PAGE_CLIENT "\",\"tenant\":\"" PAGE_TENANT                         \
  "\",\"pollSeconds\":0,\"operationMs\":0,\"operations\":\"retry-after\","                         \
  "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\",\"Valve\"]},{\"name\":\"lab\"}],"     \
  "\"faults\":["                                                                                   \
  "{\"kind\":\"expired-token\",\"method\":\"GET\",\"path\":\"devices/9999\",\"times\":2},"         \
  "{\"kind\":\"expired-token\",\"path\":\"listDevices\",\"skip\":1,\"times\":2}]}}"

static void
set_up_forgetful (CloudPage *f, gconstpointer unused)
{
  page_open (f, FORGETFUL);
}

static void
tear_down_forgetful (CloudPage *f, gconstpointer unused)
{
  page_close (f);
}

/* What was seen before stays told, also when the next time ends before it begins. */
static void
test_unknown (CloudPage *f, gconstpointer unused)
{
  g_autofree char *one = make_line ('8', "");
  g_autofree char *two = make_line ('9', "");
  g_autofree char *ids = g_strconcat (one, two, NULL);
  GtkWidget *dialog;

  open_catalog (f);
  dialog = open_dialog (f, ids);
  confirm (dialog, "plant7");
  for (int pass = 0; pass < 2; pass++)
    {
      gtk_widget_activate_action (dialog, pass == 0 ? "claim.claim" : "claim.go-on", NULL);
      WAIT_UNTIL (
          widget_shows (dialog, "In the catalog: 1. Not: 0. Not known: 1. Not reached: 0."));
      WAIT_UNTIL (widget_shows (dialog, "8888: claimed, into no device group"));
      WAIT_UNTIL (widget_shows (dialog, "9999: not known. The cloud may have claimed it."));
      g_assert_true (widget_shows (dialog, "The sign-in is missing"));
      page_take_picture_of (GTK_WINDOW (dialog), "cloud-claim-unknown");
    }
  gtk_widget_activate_action (dialog, "claim.go-on", NULL);
  WAIT_UNTIL (widget_shows (dialog, "In the catalog: 2. Not: 0."));
  WAIT_UNTIL (widget_shows (dialog, "9999: was in the catalog already"));
  close_dialog (dialog);
  page_sign_out (f);
}

int
main (int argc, char **argv)
{
  page_init (&argc, &argv);

  page_add_test ("/cloud-claim/group", test_group);
  page_add_test ("/cloud-claim/list", test_list);
  page_add_test ("/cloud-claim/file", test_file);
  page_add_test ("/cloud-claim/catalog", test_catalog);
  g_test_add ("/cloud-claim/unknown", CloudPage, NULL, set_up_forgetful, test_unknown,
              tear_down_forgetful);
  return g_test_run ();
}
