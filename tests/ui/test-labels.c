/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-error-text.h"
#include "lks-labels.h"
#include "lks-target-text.h"
#include "lks-verdict-book.h"
#include "status-builder.h"

#include "lks-board.h"
#include "lks-device-error-private.h"
#include "lks-device-error.h"
#include "lks-service-error.h"
#include "lks-usb-error.h"
#include "lks-vault-error.h"

#include <gio/gio.h>
#include <string.h>

static void
test_manufacturing_states (void)
{
  static const struct
  {
    const char *state;
    int step;
    const char *word;
    LksTone tone;
  } rows[] = {
    { "Blank", 0, "Blank", LKS_TONE_NOTICE },
    { "Module1Complete", 1, "Module 1 complete", LKS_TONE_NOTICE },
    { "DeviceComplete", 2, "Device complete", LKS_TONE_GOOD },
    { "Unknown", -1, "Unknown state", LKS_TONE_BAD },
    { "devicecomplete", -1, "Unknown state", LKS_TONE_BAD },
    { "", -1, "Unknown state", LKS_TONE_BAD },
    { NULL, -1, "Not known yet", LKS_TONE_PLAIN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LksSign sign = lks_sign_for_manufacturing_state (rows[i].state);

      g_assert_cmpint (lks_manufacturing_step (rows[i].state), ==, rows[i].step);
      g_assert_cmpstr (sign.word, ==, rows[i].word);
      g_assert_cmpint (sign.tone, ==, rows[i].tone);
    }
}

/* Every state a board can be in has an icon, a word and a meaning: none is a colour alone. */
static void
test_every_board_state_has_a_sign (void)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (LKS_TYPE_BOARD_STATE);

  for (guint i = 0; i < states->n_values; i++)
    {
      LksBoardState state = (LksBoardState) states->values[i].value;
      g_autoptr (LksBoardStatus) status = status_of_state (state);
      LksSign sign = lks_sign_for_status (status);

      g_assert_cmpstr (sign.icon_name, !=, "");
      g_assert_cmpstr (sign.word, !=, "");
      if (state != LKS_BOARD_STATE_READY)
        g_assert_cmpstr (sign.meaning, !=, "");
    }
}

/* A finished board that a capability keeps open does not look finished in the list. */
static void
test_open_complete_board (void)
{
  g_autoptr (LksBoardStatus) status = status_of_board ("DeviceComplete");

  g_assert_cmpint (lks_sign_for_status (status).tone, ==, LKS_TONE_GOOD);
  status_add_capability (status, 11);
  g_assert_cmpint (lks_sign_for_status (status).tone, ==, LKS_TONE_WARNING);
  g_assert_cmpstr (lks_sign_for_status (status).word, ==, "Device complete, still open");
}

static void
test_capabilities (void)
{
  static const struct
  {
    guint32 number;
    const char *title;
    LksTone tone;
  } rows[] = {
    { 11, "appDevelopment · number 11", LKS_TONE_BAD },
    { 12, "enableRfTestMode · number 12", LKS_TONE_WARNING },
    { 13, "fieldServicing · number 13", LKS_TONE_WARNING },
    { 1, "Internal capability · number 1", LKS_TONE_BAD },
    { 10, "Internal capability · number 10", LKS_TONE_BAD },
    { 14, "Unknown capability · number 14", LKS_TONE_BAD },
    { G_MAXUINT32, "Unknown capability · number 4294967295", LKS_TONE_BAD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *title = lks_capability_title (rows[i].number);

      g_assert_cmpstr (title, ==, rows[i].title);
      g_assert_cmpint (lks_sign_for_capability (rows[i].number).tone, ==, rows[i].tone);
    }
}

static void
test_facts (void)
{
  static const struct
  {
    LksFactId id;
    const char *text;
  } rows[] = {
    { LKS_FACT_ID_UPTIME, "2 h 1 min" },    { LKS_FACT_ID_OS_VERSION, "24.06" },
    { LKS_FACT_ID_REST_VERSION, "4.6.0" },  { LKS_FACT_ID_SECURITY_STATE, "SECURE" },
    { LKS_FACT_ID_CAPABILITIES, "None" },   { LKS_FACT_ID_MANUFACTURING_STATE, "Device complete" },
    { LKS_FACT_ID_IMAGES, "Not read yet" },
  };
  g_autoptr (LksBoardStatus) status = status_of_board ("DeviceComplete");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_fact_to_text (status, rows[i].id);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* A refusal is shown as a refusal, never as an empty field. */
static void
test_refused_fact (void)
{
  g_autoptr (LksBoardStatus) status = status_of_board ("DeviceComplete");
  g_autofree char *text = NULL;
  LksFact fact;
  LksSign sign;

  status_refuse (status, LKS_FACT_ID_IMAGES);
  fact = lks_board_status_get_fact (status, LKS_FACT_ID_IMAGES);
  sign = lks_sign_for_fact (&fact, FALSE);
  text = lks_fact_to_text (status, LKS_FACT_ID_IMAGES);

  g_assert_cmpstr (sign.word, ==, "Refused");
  g_assert_cmpstr (sign.icon_name, ==, "lks-locked-symbolic");
  g_assert_cmpstr (text, ==, sign.meaning);
}

static void
test_stale_fact (void)
{
  g_autoptr (LksBoardStatus) status = status_of_board ("Blank");
  LksFact fact = lks_board_status_get_fact (status, LKS_FACT_ID_UPTIME);

  g_assert_cmpstr (lks_sign_for_fact (&fact, FALSE).word, ==, "");
  g_assert_cmpstr (lks_sign_for_fact (&fact, TRUE).word, ==, "Stale");
}

static void
test_network_lamps (void)
{
  g_assert_cmpint (lks_sign_for_network_fact ("time", "complete").tone, ==, LKS_TONE_GOOD);
  g_assert_cmpstr (lks_sign_for_network_fact ("time", "complete").word, ==, "Complete");
  g_assert_cmpstr (lks_sign_for_network_fact ("proxy", "ready").word, ==, "Ready");
  /* A word of a newer system is shown as it is. */
  g_assert_cmpstr (lks_sign_for_network_fact ("time", "sundial").word, ==, "sundial");
  g_assert_cmpstr (lks_sign_for_network_fact ("time", NULL).word, ==, "Not known yet");
}

static void
assert_domain_has_texts (GQuark domain, GType type)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (type);

  for (guint i = 0; i < codes->n_values; i++)
    {
      g_autoptr (GError) error = g_error_new_literal (domain, codes->values[i].value, "raw detail");
      g_autofree char *sentence = lks_error_to_sentence (error);
      g_autofree char *advice = lks_error_to_advice (error);

      g_assert_cmpstr (sentence, !=, "raw detail");
      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_true (g_str_has_suffix (advice, "."));
    }
}

/* Everything that can go wrong has a sentence and a next step of its own. */
static void
test_errors_have_texts (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, 99, "raw detail");
  g_autofree char *sentence = lks_error_to_sentence (foreign);

  assert_domain_has_texts (LKS_USB_ERROR, LKS_TYPE_USB_ERROR);
  assert_domain_has_texts (LKS_DEVICE_ERROR, LKS_TYPE_DEVICE_ERROR);
  assert_domain_has_texts (LKS_SERVICE_ERROR, LKS_TYPE_SERVICE_ERROR);
  assert_domain_has_texts (LKS_VAULT_ERROR, LKS_TYPE_VAULT_ERROR);
  g_assert_cmpstr (sentence, ==, "raw detail");
}

/* What a board refuses with a number of its own is told by that number, not by the kind of error:
 * that something is full, or there already, is not for the details. */
static void
test_board_numbers (void)
{
  static const struct
  {
    guint32 number;
    const char *sentence;
    const char *advice;
  } rows[] = {
    { 38797323, "The board’s certificate store is full.", "Remove certificates*" },
    { 13631510, "The board has stored as many networks as it can.", "Forget networks*" },
    { 12582933, "The board has stored as many networks as it can.", "Forget networks*" },
    { 13631507, "The board has no room to store another network.", "Forget networks*" },
    { 12582930, "The board has no room to store another network.", "Forget networks*" },
    { 13631490, "The board has this network already.", "Forget the one*" },
    { 13631511, "A network of the board has this configuration name already.", "Choose another*" },
    { 14680082, "The board’s flash memory has no room for this image.", "Delete images*" },
    { 7340034, "The board’s flash memory has no room for this image.", "Delete images*" },
    { 6291467, "The board has not enough storage left *", "Delete an application*" },
    { 7340071, "The board is being updated over the air.", "Wait *" },
    { 7340047, "The board does not trust this image.", "Use the production-signed*" },
    { 38797326, "The board found the request impossible.", "See the details*" },
    { 0, "The board found the request impossible.", "See the details*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REJECTED, "raw detail");
      g_autofree char *sentence = NULL;
      g_autofree char *advice = NULL;

      lks_device_error_set_answer (error, 400, rows[i].number != 0, rows[i].number);
      sentence = lks_error_to_sentence (error);
      advice = lks_error_to_advice (error);
      g_assert_true (g_pattern_match_simple (rows[i].sentence, sentence));
      g_assert_true (g_pattern_match_simple (rows[i].advice, advice));
    }
}

/* What is wrong, what to do, and the details where they say more than that. */
static void
test_whole_texts (void)
{
  g_autoptr (GError) known = g_error_new_literal (LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE, "raw");
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, 99, "raw detail");
  g_autofree char *known_text = lks_error_to_text (known);
  g_autofree char *foreign_text = lks_error_to_text (foreign);
  g_autofree char *nothing = lks_error_to_text (NULL);

  g_assert_cmpstr (known_text, ==,
                   "The USB adapter is not attached any more. Plug it in again.\n\nraw");
  g_assert_true (g_str_has_prefix (foreign_text, "raw detail"));
  g_assert_null (strstr (foreign_text + 1, "raw detail"));
  g_assert_cmpstr (nothing, ==, "");
}

#define WANTED "3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a11"
#define MISSING "4a0d2b6f-8b5e-4d8f-8c63-1e7a2d3c9b22"
#define OTHER "5b1e3c7a-9c6f-4e9a-9d74-2f8b3e4dac33"

static void
assert_target (GPtrArray *rows, guint index, const char *title, const char *word)
{
  const LksTargetRow *row;

  g_assert_cmpuint (index, <, rows->len);
  row = rows->pdata[index];
  g_assert_cmpstr (row->title, ==, title);
  g_assert_cmpstr (row->sign.word, ==, word);
}

/* What a device shall have beside what it has; without the board nothing is claimed. */
static void
test_target_images (void)
{
  char *ids[] = { (char *) WANTED, (char *) MISSING, NULL };
  char *names[] = { (char *) "Kettle", (char *) "", NULL };
  const LksCloudDeployment deployment = { .image_ids = ids, .image_names = names };
  g_autoptr (LksBoardStatus) status = status_of_board ("DeviceComplete");
  g_autoptr (GPtrArray) unknown = lks_target_compare (&deployment, NULL);
  g_autoptr (GPtrArray) unread = NULL;
  g_autoptr (GPtrArray) known = NULL;

  g_assert_cmpuint (unknown->len, ==, 2);
  assert_target (unknown, 0, "Kettle", "Not known");
  assert_target (unknown, 1, MISSING, "Not known");

  status_refuse (status, LKS_FACT_ID_IMAGES);
  unread = lks_target_compare (&deployment, status);
  g_assert_cmpuint (unread->len, ==, 2);
  assert_target (unread, 0, "Kettle", "Not known");

  status_add_image (status, "Kettle", WANTED);
  status_add_image (status, "Old Kettle", OTHER);
  known = lks_target_compare (&deployment, status);
  g_assert_cmpuint (known->len, ==, 3);
  assert_target (known, 0, "Kettle", "Installed");
  assert_target (known, 1, MISSING, "Not there yet");
  assert_target (known, 2, "Old Kettle", "Not deployed");
}

/* A book that is full forgets the board that came first, and nothing else. */
static void
test_verdict_book (void)
{
  g_autoptr (LksVerdictBook) book = lks_verdict_book_ref_default ();

  for (guint i = 0; i <= LKS_VERDICT_BOOK_MAX; i++)
    {
      g_autofree char *device_id = g_strdup_printf ("%0128x", i);

      lks_verdict_book_enter (book, device_id, LKS_VERDICT_FAIL);
      lks_verdict_book_enter (book, device_id, LKS_VERDICT_PASS);
      g_assert_cmpint (lks_verdict_book_look_up (book, device_id), ==, LKS_VERDICT_PASS);
    }
  for (guint i = 0; i <= LKS_VERDICT_BOOK_MAX; i++)
    {
      g_autofree char *device_id = g_strdup_printf ("%0128x", i);

      g_assert_cmpint (lks_verdict_book_look_up (book, device_id), ==,
                       i == 0 ? LKS_VERDICT_NONE : LKS_VERDICT_PASS);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/labels/manufacturing-states", test_manufacturing_states);
  g_test_add_func ("/ui/labels/every-board-state-has-a-sign", test_every_board_state_has_a_sign);
  g_test_add_func ("/ui/labels/open-complete-board", test_open_complete_board);
  g_test_add_func ("/ui/labels/capabilities", test_capabilities);
  g_test_add_func ("/ui/labels/facts", test_facts);
  g_test_add_func ("/ui/labels/refused-fact", test_refused_fact);
  g_test_add_func ("/ui/labels/stale-fact", test_stale_fact);
  g_test_add_func ("/ui/labels/network-lamps", test_network_lamps);
  g_test_add_func ("/ui/labels/errors-have-texts", test_errors_have_texts);
  g_test_add_func ("/ui/labels/board-numbers", test_board_numbers);
  g_test_add_func ("/ui/labels/whole-texts", test_whole_texts);
  g_test_add_func ("/ui/labels/target-images", test_target_images);
  g_test_add_func ("/ui/labels/verdict-book", test_verdict_book);
  return g_test_run ();
}
