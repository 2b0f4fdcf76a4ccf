/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-labels.h"

#include "lks-format.h"

#include <glib/gi18n-lib.h>

#define CAPABILITY_APP_DEVELOPMENT 11
#define CAPABILITY_RF_TEST_MODE 12
#define CAPABILITY_FIELD_SERVICING 13
#define CAPABILITY_INTERNAL_MAX 10

G_DEFINE_ENUM_TYPE (LksTone,
                    lks_tone,
                    G_DEFINE_ENUM_VALUE (LKS_TONE_PLAIN, "plain"),
                    G_DEFINE_ENUM_VALUE (LKS_TONE_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (LKS_TONE_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (LKS_TONE_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (LKS_TONE_BAD, "bad"))

/* The words of the device's API; they are in none of our enums because unknown ones must survive.
 */
static const char *const manufacturing_words[] = { "Blank", "Module1Complete", "DeviceComplete" };

/**
 * lks_manufacturing_step:
 * @state: (nullable): a manufacturing state in the device's words
 *
 * Finds the step a board has reached on the way from blank to finished.
 *
 * Returns: 0 for Blank, 1 for Module1Complete, 2 for DeviceComplete, -1 for anything else
 */
int
lks_manufacturing_step (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (manufacturing_words); i++)
    if (g_strcmp0 (state, manufacturing_words[i]) == 0)
      return (int) i;
  return -1;
}

/**
 * lks_sign_for_manufacturing_state:
 * @state: (nullable): a manufacturing state in the device's words
 *
 * Explains a manufacturing state.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_manufacturing_state (const char *state)
{
  switch (lks_manufacturing_step (state))
    {
    case 0:
      return (LksSign){ "lks-open-symbolic", _ ("Blank"),
                        _ ("As it leaves the chip maker: everything can be changed."),
                        LKS_TONE_NOTICE };
    case 1:
      return (LksSign){ "lks-open-symbolic", _ ("Module 1 complete"),
                        _ ("The radio is calibrated and closed; the board can still be serviced by "
                           "anyone who holds it."),
                        LKS_TONE_NOTICE };
    case 2:
      return (LksSign){ "lks-locked-symbolic", _ ("Device complete"),
                        _ ("Ready to ship: only a capability made for this board opens it."),
                        LKS_TONE_GOOD };
    default:
      break;
    }

  if (state == NULL)
    return (LksSign){ "lks-unknown-symbolic", _ ("Not known yet"), "", LKS_TONE_PLAIN };
  return (LksSign){ "lks-warning-symbolic", _ ("Unknown state"),
                    _ ("The board could not say where it stands. Do not finalize it; set it "
                       "aside."),
                    LKS_TONE_BAD };
}

/**
 * lks_sign_for_peripheral_lock:
 * @lock: the derived lock
 *
 * Explains the peripheral lock.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_peripheral_lock (LksPeripheralLock lock)
{
  switch (lock)
    {
    case LKS_PERIPHERAL_LOCK_LOCKED:
      return (LksSign){ "lks-locked-symbolic", _ ("Locked"),
                        _ ("Changing which application uses which peripheral makes the board "
                           "restart."),
                        LKS_TONE_GOOD };
    case LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART:
      return (LksSign){ "lks-pending-symbolic", _ ("Locks at the next restart"),
                        _ ("The lock takes effect when the board starts again."), LKS_TONE_NOTICE };
    case LKS_PERIPHERAL_LOCK_OPEN:
      return (LksSign){ "lks-open-symbolic", _ ("Open"),
                        _ ("Applications may still change which core has which peripheral."),
                        LKS_TONE_NOTICE };
    case LKS_PERIPHERAL_LOCK_UNKNOWN:
      break;
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Unknown"), _ ("What was read does not decide it."),
                    LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_capability:
 * @number: a capability number as the device lists it
 *
 * Judges a capability by its risk on a board that is to be shipped.
 *
 * Returns: its sign; the word is the risk
 */
LksSign
lks_sign_for_capability (guint32 number)
{
  if (number == CAPABILITY_APP_DEVELOPMENT)
    return (LksSign){ "lks-warning-symbolic", _ ("High risk"),
                      _ ("Trusts test-signed software, opens debugging and keeps the peripherals "
                         "unlocked. Never ship a board with it."),
                      LKS_TONE_BAD };
  if (number == CAPABILITY_RF_TEST_MODE)
    return (LksSign){ "lks-warning-symbolic", _ ("Medium risk"),
                      _ ("Opens the radio test mode. A blank board always has it; it is gone once "
                         "module 1 is complete."),
                      LKS_TONE_WARNING };
  if (number == CAPABILITY_FIELD_SERVICING)
    return (LksSign){ "lks-warning-symbolic", _ ("Medium risk"),
                      _ ("Opens the service port of a finished board. Fine during a servicing "
                         "session, not on a board that is shipped."),
                      LKS_TONE_WARNING };
  if (number <= CAPABILITY_INTERNAL_MAX)
    return (LksSign){ "lks-fail-symbolic", _ ("Must not be here"),
                      _ ("Internal to the chip vendor. No board outside the vendor should have "
                         "it."),
                      LKS_TONE_BAD };
  return (LksSign){ "lks-unknown-symbolic", _ ("Unknown risk"),
                    _ ("This number is not known. Find out what it opens before you ship the "
                       "board."),
                    LKS_TONE_BAD };
}

/**
 * lks_capability_title:
 * @number: a capability number as the device lists it
 *
 * Names a capability.
 *
 * Returns: (transfer full): its name and number
 */
char *
lks_capability_title (guint32 number)
{
  const char *name = _ ("Unknown capability");

  if (number == CAPABILITY_APP_DEVELOPMENT)
    name = "appDevelopment";
  else if (number == CAPABILITY_RF_TEST_MODE)
    name = "enableRfTestMode";
  else if (number == CAPABILITY_FIELD_SERVICING)
    name = "fieldServicing";
  else if (number <= CAPABILITY_INTERNAL_MAX)
    name = _ ("Internal capability");

  /* Translators: the name of a capability and its number */
  return g_strdup_printf (_ ("%s · number %u"), name, number);
}

/**
 * lks_capabilities_to_text:
 * @numbers: (array length=n_numbers): capability numbers
 * @n_numbers: how many
 *
 * Returns: (transfer full): the names of all of them in a line
 */
char *
lks_capabilities_to_text (const guint32 *numbers, gsize n_numbers)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_numbers; i++)
    {
      g_autofree char *title = lks_capability_title (numbers[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", title);
    }
  return g_string_free (text, FALSE);
}

/**
 * lks_sign_for_status:
 * @status: (nullable): what is known about a board
 *
 * Says where a board stands, for the list: a problem first, else its manufacturing state.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_status (const LksBoardStatus *status)
{
  const char *state;
  gsize n_capabilities = 0;

  if (status == NULL)
    return (LksSign){ "lks-unknown-symbolic", "", "", LKS_TONE_PLAIN };

  switch (lks_board_status_get_state (status))
    {
    case LKS_BOARD_STATE_CONNECTING:
    case LKS_BOARD_STATE_UNKNOWN:
      return (LksSign){ "lks-pending-symbolic", _ ("Connecting…"),
                        _ ("The line is being opened and the first facts are being read."),
                        LKS_TONE_PLAIN };
    case LKS_BOARD_STATE_RESTARTING:
      return (LksSign){ "lks-pending-symbolic", _ ("Restarting…"),
                        _ ("The board was told to restart and is not back yet."), LKS_TONE_NOTICE };
    case LKS_BOARD_STATE_NO_ANSWER:
      return (LksSign){ "lks-warning-symbolic", _ ("Does not answer"),
                        _ ("The adapter is there, but the board behind it is silent. Locksmith "
                           "keeps trying."),
                        LKS_TONE_WARNING };
    case LKS_BOARD_STATE_NOT_PROGRAMMED:
      return (LksSign){ "lks-unknown-symbolic", _ ("Adapter not programmed"),
                        _ ("The USB adapter does not carry the names of a board, so nothing is "
                           "sent to it."),
                        LKS_TONE_PLAIN };
    case LKS_BOARD_STATE_NO_PERMISSION:
      return (LksSign){ "lks-stopped-symbolic", _ ("No permission"),
                        _ ("The operating system does not let you use this USB device."),
                        LKS_TONE_WARNING };
    case LKS_BOARD_STATE_ERROR:
      return (LksSign){ "lks-fail-symbolic", _ ("Needs attention"),
                        _ ("Something is wrong that a person must look at."), LKS_TONE_BAD };
    case LKS_BOARD_STATE_GONE:
      return (LksSign){ "lks-skipped-symbolic", _ ("Unplugged"),
                        _ ("The board is not attached any more."), LKS_TONE_PLAIN };
    case LKS_BOARD_STATE_READY:
      break;
    }

  state = lks_board_status_get_manufacturing_state (status);
  lks_board_status_get_capabilities (status, &n_capabilities);
  if (lks_manufacturing_step (state) == 2 && n_capabilities > 0)
    return (LksSign){ "lks-warning-symbolic", _ ("Device complete, still open"),
                      _ ("A capability keeps parts of the board open. It is not ready to ship."),
                      LKS_TONE_WARNING };
  return lks_sign_for_manufacturing_state (state);
}

/**
 * lks_sign_for_fact:
 * @fact: the provenance of a fact
 * @is_stale: whether its value is too old to be relied on
 *
 * Says how far a fact can be believed.
 *
 * Returns: its sign; the word is empty for a fact that is known and fresh
 */
LksSign
lks_sign_for_fact (const LksFact *fact, gboolean is_stale)
{
  switch (fact->state)
    {
    case LKS_FACT_STATE_KNOWN:
      if (fact->error != NULL)
        return (LksSign){ "lks-clock-symbolic", _ ("Stale"),
                          _ ("It could not be read again; this is the last value."),
                          LKS_TONE_WARNING };
      if (is_stale)
        return (LksSign){ "lks-clock-symbolic", _ ("Stale"),
                          _ ("Read a while ago; it may be different now."), LKS_TONE_WARNING };
      return (LksSign){ "", "", "", LKS_TONE_PLAIN };
    case LKS_FACT_STATE_REFUSED:
      return (LksSign){ "lks-locked-symbolic", _ ("Refused"),
                        _ ("The board is locked and tells this only to the holder of a "
                           "capability."),
                        LKS_TONE_NOTICE };
    case LKS_FACT_STATE_UNSUPPORTED:
      return (LksSign){ "lks-skipped-symbolic", _ ("Not available"),
                        _ ("The board’s system is too old to know it."), LKS_TONE_PLAIN };
    case LKS_FACT_STATE_FAILED:
      return (LksSign){ "lks-warning-symbolic", _ ("Not readable"),
                        _ ("The board did not give a usable answer."), LKS_TONE_WARNING };
    case LKS_FACT_STATE_UNREAD:
      break;
    }
  return (LksSign){ "lks-pending-symbolic", _ ("Not read yet"), "", LKS_TONE_PLAIN };
}

/**
 * lks_sign_for_network_fact:
 * @name: "authentication", "time" or "proxy"
 * @value: (nullable): the device's word for it
 *
 * Explains one lamp of the network readiness.
 *
 * Returns: its sign
 */
LksSign
lks_sign_for_network_fact (const char *name, const char *value)
{
  static const struct
  {
    const char *name, *value;
    LksSign sign;
  } lamps[] = {
    { "authentication", "ready", { "lks-pass-symbolic", N_ ("Ready"), "", LKS_TONE_GOOD } },
    { "authentication", "not-ready", { "lks-skipped-symbolic", N_ ("Not ready"), "", 0 } },
    { "time", "complete", { "lks-pass-symbolic", N_ ("Complete"), "", LKS_TONE_GOOD } },
    { "time", "incomplete", { "lks-skipped-symbolic", N_ ("Incomplete"), "", 0 } },
    { "time", "disabled", { "lks-skipped-symbolic", N_ ("Disabled"), "", 0 } },
    { "proxy", "disabled", { "lks-skipped-symbolic", N_ ("Not used"), "", 0 } },
    { "proxy", "enabled", { "lks-pass-symbolic", N_ ("Enabled"), "", LKS_TONE_GOOD } },
    { "proxy",
      "resolvingProxyName",
      { "lks-pending-symbolic", N_ ("Looking up its name"), "", LKS_TONE_NOTICE } },
    { "proxy", "ready", { "lks-pass-symbolic", N_ ("Ready"), "", LKS_TONE_GOOD } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lamps); i++)
    if (g_strcmp0 (name, lamps[i].name) == 0 && g_strcmp0 (value, lamps[i].value) == 0)
      {
        LksSign sign = lamps[i].sign;

        sign.word = _ (sign.word);
        return sign;
      }

  /* A word of a newer system: shown as it is. */
  return (LksSign){ "lks-unknown-symbolic", value != NULL ? value : _ ("Not known yet"), "",
                    LKS_TONE_PLAIN };
}

static char *
abi_to_text (const LksBoardStatus *status)
{
  gint64 secure_world, os, application;

  if (!lks_board_status_get_abi_versions (status, &secure_world, &os, &application))
    return NULL;
  /* Translators: three version numbers of the board's runtimes */
  return g_strdup_printf (_ ("Secure world %d, OS %d, applications %d"), (int) secure_world,
                          (int) os, (int) application);
}

static char *
images_to_text (const LksBoardStatus *status)
{
  gsize n_images = 0;
  guint applications = 0;
  const LksBoardImage *images = lks_board_status_get_images (status, &n_images);

  for (gsize i = 0; i < n_images; i++)
    applications += images[i].image_type == 10;
  return g_strdup_printf (ngettext ("%u application", "%u applications", applications),
                          applications);
}

static char *
networks_to_text (const LksBoardStatus *status)
{
  guint networks;

  if (!lks_board_status_get_wifi_networks (status, &networks))
    return NULL;
  if (networks == 0)
    return g_strdup (_ ("None"));
  return g_strdup_printf (ngettext ("%u network", "%u networks", networks), networks);
}

static char *
uptime_to_text (const LksBoardStatus *status)
{
  guint64 seconds;

  return lks_board_status_get_uptime (status, &seconds) ? lks_format_duration (seconds) : NULL;
}

static char *
capabilities_to_text (const LksBoardStatus *status)
{
  gsize n_capabilities = 0;

  lks_board_status_get_capabilities (status, &n_capabilities);
  if (n_capabilities == 0)
    return g_strdup (_ ("None"));
  return g_strdup_printf (ngettext ("%u capability", "%u capabilities", (guint) n_capabilities),
                          (guint) n_capabilities);
}

static char *
value_to_text (const LksBoardStatus *status, LksFactId id)
{
  switch (id)
    {
    case LKS_FACT_ID_UPTIME:
      return uptime_to_text (status);
    case LKS_FACT_ID_REST_VERSION:
      return g_strdup (lks_board_status_get_rest_version (status));
    case LKS_FACT_ID_DEVICE_ID:
      return lks_format_device_id (lks_board_status_get_device_id (status));
    case LKS_FACT_ID_SECURITY_STATE:
      return g_strdup (lks_board_status_get_security_state (status));
    case LKS_FACT_ID_MANUFACTURING_STATE:
      return g_strdup (
          lks_sign_for_manufacturing_state (lks_board_status_get_manufacturing_state (status))
              .word);
    case LKS_FACT_ID_CAPABILITIES:
      return capabilities_to_text (status);
    case LKS_FACT_ID_OS_VERSION:
      return g_strdup (lks_board_status_get_os_version (status));
    case LKS_FACT_ID_NET_STATUS:
      return g_strdup ("");
    case LKS_FACT_ID_ABI_VERSIONS:
      return abi_to_text (status);
    case LKS_FACT_ID_IMAGES:
      return images_to_text (status);
    case LKS_FACT_ID_WIFI_NETWORKS:
      return networks_to_text (status);
    }
  return NULL;
}

/**
 * lks_fact_to_text:
 * @status: (nullable): what is known about a board
 * @id: a fact
 *
 * Writes the value of a fact, or the sentence that says why there is none.
 *
 * Returns: (transfer full): never empty for a fact that is not known
 */
char *
lks_fact_to_text (const LksBoardStatus *status, LksFactId id)
{
  LksFact fact;
  LksSign sign;
  char *text = NULL;

  if (status == NULL)
    return g_strdup ("");

  fact = lks_board_status_get_fact (status, id);
  if (fact.state == LKS_FACT_STATE_KNOWN)
    text = value_to_text (status, id);
  if (text != NULL)
    return text;

  sign = lks_sign_for_fact (&fact, FALSE);
  return g_strdup (*sign.meaning != '\0' ? sign.meaning : sign.word);
}

/**
 * lks_tone_to_css_class:
 * @tone: a tone
 *
 * Gets the style class that gives an icon or a word its tone.
 *
 * Returns: a class of our style sheet
 */
const char *
lks_tone_to_css_class (LksTone tone)
{
  switch (tone)
    {
    case LKS_TONE_GOOD:
      return "tone-good";
    case LKS_TONE_NOTICE:
      return "tone-notice";
    case LKS_TONE_WARNING:
      return "tone-warning";
    case LKS_TONE_BAD:
      return "tone-bad";
    case LKS_TONE_PLAIN:
      break;
    }
  return "tone-plain";
}
