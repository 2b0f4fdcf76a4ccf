/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-refusal.h"

#include "lks-capability.h"
#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-device-number.h"

G_DEFINE_ENUM_TYPE (LksSessionRefusal,
                    lks_session_refusal,
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_OTHER_BOARD, "other-board"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_GRANTS_NOTHING, "grants-nothing"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_KEYSTORE, "keystore"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_UPDATING, "updating"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_REFUSAL_BUSY, "busy"))

static gboolean
opens_finished_board (const GArray *capabilities)
{
  for (guint i = 0; i < capabilities->len; i++)
    {
      guint number = g_array_index (capabilities, guint, i);

      if (number == LKS_CAPABILITY_APP_DEVELOPMENT || number == LKS_CAPABILITY_FIELD_SERVICING)
        return TRUE;
    }
  return FALSE;
}

/**
 * lks_session_refusal_judge:
 * @facts: what is known
 *
 * Checks the reasons that are known to happen, in the order in which they are met in the field:
 * the file of another board, a keystore older than the file, an update under way, a busy board.
 *
 * Returns: the first that fits
 */
LksSessionRefusal
lks_session_refusal_judge (const LksSessionRefusalFacts *facts)
{
  guint32 number = 0;
  gboolean has_number = lks_device_error_get_number (facts->error, &number);

  if (facts->device_id != NULL && g_ascii_strcasecmp (facts->device_id, facts->file_device_id) != 0)
    return LKS_SESSION_REFUSAL_OTHER_BOARD;
  if (!opens_finished_board (facts->capabilities))
    return LKS_SESSION_REFUSAL_GRANTS_NOTHING;
  if (has_number && number == LKS_DEVICE_NUMBER_OTA_IN_PROGRESS)
    return LKS_SESSION_REFUSAL_UPDATING;
  if (g_error_matches (facts->error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY))
    return LKS_SESSION_REFUSAL_BUSY;
  if (facts->keystore == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    return LKS_SESSION_REFUSAL_KEYSTORE;
  return LKS_SESSION_REFUSAL_UNKNOWN;
}

/**
 * lks_session_refusal_passes:
 * @refusal: why a board does not accept a capability
 *
 * Returns: whether waiting helps, so that the session can go on
 */
gboolean
lks_session_refusal_passes (LksSessionRefusal refusal)
{
  return refusal == LKS_SESSION_REFUSAL_UPDATING || refusal == LKS_SESSION_REFUSAL_BUSY;
}

static char *
describe_keystore (const LksSessionRefusalFacts *facts)
{
  g_autofree char *steps = g_strjoinv (" ", (char **) lks_keystore_get_cure ());

  return g_strdup_printf ("the board's trusted keystore is probably older than the capability "
                          "file. %s %s",
                          facts->keystore_reason != NULL ? facts->keystore_reason : "", steps);
}

static char *
describe_unknown (const LksSessionRefusalFacts *facts)
{
  const char *about_keystore =
      facts->keystore == LKS_KEYSTORE_FIT_FITS
          ? "its keystore should know the signature"
          : "whether its keystore knows the signature could not be found out";

  return g_strdup_printf ("the board does not say why it refuses. The file is for this board, no "
                          "update is under way, the board is not busy, and %s. Try a file that was "
                          "downloaded anew, or a newer keystore",
                          about_keystore);
}

/**
 * lks_session_refusal_describe:
 * @refusal: what lks_session_refusal_judge() says
 * @facts: the same facts
 *
 * Returns: (transfer full): why, and what helps, in English
 */
char *
lks_session_refusal_describe (LksSessionRefusal refusal, const LksSessionRefusalFacts *facts)
{
  switch (refusal)
    {
    case LKS_SESSION_REFUSAL_OTHER_BOARD:
      return g_strdup_printf ("the capability file is for the board %s, and this is %s",
                              lks_device_id_get_short (facts->file_device_id),
                              lks_device_id_get_short (facts->device_id));
    case LKS_SESSION_REFUSAL_GRANTS_NOTHING:
      return g_strdup ("the capability file grants neither fieldServicing nor appDevelopment, and "
                       "nothing else opens a finished board");
    case LKS_SESSION_REFUSAL_KEYSTORE:
      return describe_keystore (facts);
    case LKS_SESSION_REFUSAL_UPDATING:
      return g_strdup ("the board is being updated over the air, which takes up to 20 minutes; "
                       "wait until it is done");
    case LKS_SESSION_REFUSAL_BUSY:
      return g_strdup ("the board is busy; wait a moment and try again");
    case LKS_SESSION_REFUSAL_UNKNOWN:
      break;
    }
  return describe_unknown (facts);
}
