/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a tile of the wall shows is a function of a few facts. */
#include "lks-bell.h"
#include "lks-tile-look.h"

#define BASE .is_allowed = TRUE, .has_recipe = TRUE

static void
test_table (void)
{
  static const struct
  {
    LksTileFacts facts;
    LksTileKind kind;
    LksTileNext next;
  } cases[] = {
    /* no board */
    { { BASE, .board_state = LKS_BOARD_STATE_GONE }, LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN },
    { { BASE, .board_state = LKS_BOARD_STATE_GONE, .was_interrupted = TRUE },
      LKS_TILE_KIND_EMPTY,
      LKS_TILE_NEXT_PLUG_IN_AGAIN },
    { { .board_state = LKS_BOARD_STATE_GONE, .was_interrupted = TRUE },
      LKS_TILE_KIND_NOT_ALLOWED,
      LKS_TILE_NEXT_NOTHING },
    /* nobody is asked to plug a board in where nothing would see it */
    { { BASE, .is_unreachable = TRUE, .board_state = LKS_BOARD_STATE_GONE,
        .was_interrupted = TRUE },
      LKS_TILE_KIND_EMPTY,
      LKS_TILE_NEXT_CONNECT },
    /* a place that is not allowed says so, whatever the board says */
    { { .has_recipe = TRUE, .board_state = LKS_BOARD_STATE_READY },
      LKS_TILE_KIND_NOT_ALLOWED,
      LKS_TILE_NEXT_UNPLUG },
    { { .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS },
      LKS_TILE_KIND_NOT_ALLOWED,
      LKS_TILE_NEXT_UNPLUG },
    /* but a run that was under way when it was forbidden is not hidden */
    { { .board_state = LKS_BOARD_STATE_READY, .is_busy = TRUE },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    /* before a run */
    { { BASE, .board_state = LKS_BOARD_STATE_CONNECTING },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_RESTARTING },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_NO_ANSWER, .is_new = TRUE },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_NO_ANSWER },
      LKS_TILE_KIND_STOPPED,
      LKS_TILE_NEXT_UNPLUG },
    { { BASE, .board_state = LKS_BOARD_STATE_NOT_PROGRAMMED },
      LKS_TILE_KIND_STOPPED,
      LKS_TILE_NEXT_UNPLUG },
    { { BASE, .board_state = LKS_BOARD_STATE_ERROR }, LKS_TILE_KIND_STOPPED, LKS_TILE_NEXT_UNPLUG },
    { { .is_allowed = TRUE, .board_state = LKS_BOARD_STATE_READY },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_CHOOSE_RECIPE },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .wants_label = TRUE, .is_armed = TRUE },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_SCAN_LABEL },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .is_late = TRUE, .is_armed = TRUE },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN },
    /* nobody agrees before it is known, or known not to be known, what other stations say */
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .is_armed = TRUE, .is_asking = TRUE },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_READY, .is_asking = TRUE },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_FAIL,
        .is_asking = TRUE },
      LKS_TILE_KIND_FAIL,
      LKS_TILE_NEXT_UNPLUG },
    /* a run, and the restart that belongs to it */
    { { BASE, .board_state = LKS_BOARD_STATE_RESTARTING, .is_busy = TRUE },
      LKS_TILE_KIND_WORKING,
      LKS_TILE_NEXT_WAIT },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .is_busy = TRUE, .needs_power_cycle = TRUE,
        .verdict = LKS_VERDICT_STOPPED },
      LKS_TILE_KIND_UNPLUG,
      LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN },
    /* a check that passed proves nothing yet */
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_READY },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_SCAN_ID },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_READY, .is_confirmed = TRUE },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_LOCK },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_READY, .is_confirmed = TRUE, .wants_label = TRUE },
      LKS_TILE_KIND_READY,
      LKS_TILE_NEXT_SCAN_LABEL },
    /* verdicts */
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_FINALIZED },
      LKS_TILE_KIND_PASS,
      LKS_TILE_NEXT_UNPLUG },
    { { BASE, .board_state = LKS_BOARD_STATE_NO_ANSWER, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_VERIFIED },
      LKS_TILE_KIND_PASS,
      LKS_TILE_NEXT_UNPLUG },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_FAIL },
      LKS_TILE_KIND_FAIL,
      LKS_TILE_NEXT_UNPLUG },
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .verdict = LKS_VERDICT_STOPPED },
      LKS_TILE_KIND_STOPPED,
      LKS_TILE_NEXT_UNPLUG },
    /* what the wall itself stopped */
    { { BASE, .board_state = LKS_BOARD_STATE_READY, .is_stopped = TRUE, .verdict = LKS_VERDICT_PASS,
        .outcome = LKS_OUTCOME_READY },
      LKS_TILE_KIND_STOPPED,
      LKS_TILE_NEXT_UNPLUG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LksTileLook look = lks_tile_look (&cases[i].facts);

      g_test_message ("case %u", i);
      g_assert_cmpint (look.kind, ==, cases[i].kind);
      g_assert_cmpint (look.next, ==, cases[i].next);
    }
}

/* Whatever else is the case, PASS is shown for a verdict that proves it and for nothing else. */
static void
test_pass_is_proven (void)
{
  for (guint bits = 0; bits < 1u << 9; bits++)
    for (int verdict = LKS_VERDICT_NONE; verdict <= LKS_VERDICT_STOPPED; verdict++)
      for (int outcome = LKS_OUTCOME_NONE; outcome <= LKS_OUTCOME_FINALIZED; outcome++)
        for (int state = LKS_BOARD_STATE_UNKNOWN; state <= LKS_BOARD_STATE_GONE; state++)
          {
            LksTileFacts facts = {
              .is_allowed = bits & 1,
              .has_recipe = (bits >> 1) & 1,
              .is_armed = (bits >> 2) & 1,
              .is_late = (bits >> 3) & 1,
              .is_busy = (bits >> 4) & 1,
              .needs_power_cycle = (bits >> 5) & 1,
              .wants_label = (bits >> 6) & 1,
              .is_stopped = (bits >> 7) & 1,
              .was_interrupted = (bits >> 8) & 1,
              .board_state = (LksBoardState) state,
              .verdict = (LksVerdict) verdict,
              .outcome = (LksOutcome) outcome,
            };

            if (lks_tile_look (&facts).kind == LKS_TILE_KIND_PASS)
              {
                g_assert_cmpint (verdict, ==, LKS_VERDICT_PASS);
                g_assert_cmpint (outcome, !=, LKS_OUTCOME_READY);
                g_assert_true (facts.is_allowed && !facts.is_busy && !facts.is_stopped);
                g_assert_cmpint (state, !=, LKS_BOARD_STATE_GONE);
              }
          }
}

/* Colour and shape and word: no two kinds share any of them. */
static void
test_signs_differ (void)
{
  for (int i = 0; i < LKS_TILE_KINDS; i++)
    for (int j = 0; j < i; j++)
      {
        g_assert_cmpstr (lks_tile_kind_to_icon_name (i), !=, lks_tile_kind_to_icon_name (j));
        g_assert_cmpstr (lks_tile_kind_to_word (i), !=, lks_tile_kind_to_word (j));
        g_assert_cmpstr (lks_tile_kind_to_css_class (i), !=, lks_tile_kind_to_css_class (j));
      }
  for (int next = LKS_TILE_NEXT_CONNECT; next <= LKS_TILE_NEXT_LOCK; next++)
    g_assert_cmpstr (lks_tile_next_to_text (next), !=, "");
}

/* What is heard when a tile changes: nothing that nobody has to hear, and verdicts always. */
static void
test_sounds (void)
{
  static const struct
  {
    LksTileLook before, now;
    LksSound sound;
  } rows[] = {
    { { LKS_TILE_KIND_WORKING, 0 }, { LKS_TILE_KIND_PASS, 0 }, LKS_SOUND_PASS },
    { { LKS_TILE_KIND_PASS, 0 }, { LKS_TILE_KIND_PASS, 0 }, LKS_SOUND_NONE },
    { { LKS_TILE_KIND_WORKING, 0 }, { LKS_TILE_KIND_FAIL, 0 }, LKS_SOUND_FAIL },
    { { LKS_TILE_KIND_READY, 0 }, { LKS_TILE_KIND_STOPPED, 0 }, LKS_SOUND_FAIL },
    { { LKS_TILE_KIND_WORKING, 0 }, { LKS_TILE_KIND_UNPLUG, 0 }, LKS_SOUND_ATTENTION },
    { { LKS_TILE_KIND_WORKING, LKS_TILE_NEXT_WAIT },
      { LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN_AGAIN },
      LKS_SOUND_ATTENTION },
    { { LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN_AGAIN },
      { LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN_AGAIN },
      LKS_SOUND_NONE },
    { { LKS_TILE_KIND_PASS, LKS_TILE_NEXT_UNPLUG },
      { LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN },
      LKS_SOUND_NONE },
    { { LKS_TILE_KIND_EMPTY, 0 }, { LKS_TILE_KIND_WORKING, 0 }, LKS_SOUND_NONE },
    { { LKS_TILE_KIND_WORKING, 0 }, { LKS_TILE_KIND_READY, 0 }, LKS_SOUND_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (lks_sound_for_change (rows[i].before, rows[i].now), ==, rows[i].sound);
}

/* Each sound is in the program, as what everything plays: PCM of a second at most. */
static void
test_sound_files (void)
{
  static const char *const names[] = { "pass", "attention", "fail" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/io/github/locksmith/Locksmith/sounds/%s.wav", names[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, &error);
      gsize size;
      const char *data;

      g_assert_no_error (error);
      data = g_bytes_get_data (bytes, &size);
      g_assert_cmpuint (size, >, 44);
      g_assert_cmpuint (size, <, 44 + 2 * 22050);
      g_assert_cmpmem (data, 4, "RIFF", 4);
      g_assert_cmpmem (data + 8, 8, "WAVEfmt ", 8);
    }
}

/* A bell that nobody has asked for is silent. */
static void
test_silence (void)
{
  g_autoptr (LksBell) bell = lks_bell_new ();

  lks_bell_ring (bell, LKS_SOUND_FAIL);
  g_assert_cmpint (lks_bell_get_playing (bell), ==, LKS_SOUND_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tile-look/table", test_table);
  g_test_add_func ("/tile-look/pass-is-proven", test_pass_is_proven);
  g_test_add_func ("/tile-look/signs-differ", test_signs_differ);
  g_test_add_func ("/tile-look/sounds", test_sounds);
  g_test_add_func ("/tile-look/sound-files", test_sound_files);
  g_test_add_func ("/tile-look/silence", test_silence);
  return g_test_run ();
}
