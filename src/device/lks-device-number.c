/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-number.h"

#include <curl/curl.h>
#include <string.h>

#define CATEGORY_ERRNO 0
#define CATEGORY_CURL 21

typedef struct
{
  guint32 number;
  const char *name;
  const char *meaning;
} Entry;

#define NUMBER(number, name, meaning) { number, name, meaning },
static const Entry entries[] = {
#include "lks-device-numbers.inc"
};
#undef NUMBER

/* 22 and 28 carry numbers of the TLS library, 29 of the provisioning client, 36 was used by
 * one early release only. */
static const char *const categories[] = {
  [CATEGORY_ERRNO] = "errno",
  [1] = "AppManagerError",
  [2] = "AppManifestError",
  [3] = "LifetimeManagerError",
  [4] = "MounterError",
  [5] = "PeripheralError",
  [6] = "PermissionsError",
  [7] = "ImageUpdateError",
  [10] = "RestError",
  [11] = "NetworkdError",
  [12] = "WifiRequestError",
  [13] = "WifiError",
  [14] = "RestAppError",
  [15] = "HttpError",
  [16] = "RestUpdateError",
  [17] = "LogManagerError",
  [18] = "JsonError",
  [CATEGORY_CURL] = "curl",
  [22] = "TLS",
  [23] = "DeviceAuthError",
  [25] = "FlashImageBuilderError",
  [26] = "PartitionError",
  [27] = "RecoveryTableBuilderError",
  [28] = "TLS",
  [29] = "provisioning",
  [30] = "NetConfigError",
  [31] = "IpcError",
  [32] = "HalError",
  [33] = "SpiError",
  [34] = "I2cError",
  [35] = "ResourceManagerError",
  [36] = "DeviceAuthHttp",
  [37] = "CertStorageError",
  [38] = "SystemEventManagerError",
  [39] = "RecoveryError",
  [40] = "HalMt3620Error",
  [42] = "ImageMetadataError",
  [43] = "ByteReaderError",
  [44] = "FirewallRulesError",
  [45] = "AzcoreError",
  [46] = "PlutonRtError",
  [47] = "SdEmmcError",
  [48] = "BspGenericError",
  [49] = "SecurityMonitorSyscallErrors",
};

/* What to do next, for the numbers people really meet. */
static const struct
{
  guint32 number;
  const char *advice;
} advices[] = {
  { 13, "Open a session with a capability for app development that names this board." },
  { 1048596, "Open a session with a capability for app development that names this board." },
  { 3145729, "It is installed already; delete it first if it must be replaced." },
  { 3145735, "Restart the board, then try again." },
  { 3145738, "Install the debugger component, or enable app development on this board." },
  { 4194306, "It is installed already; delete it first if it must be replaced." },
  { 7340047, "Use a production-signed image, or a session for app development." },
  { 7340050, "Check that the file is a complete image package for this kind of board." },
  { 7340056, "Read the board's log, then stage and install again." },
  { 7340069, "Open a session with a capability for app development that names this board." },
  { 7340071, "Wait until the update over the air has ended, or take the board off the network." },
  { 10485765, "Another request is being served; try again in a moment." },
  { 10485778, "The board is locked: open a session with a capability that names this board." },
  { 13631491, "List the configured networks and choose one of them." },
  { 13631505, "The Wi-Fi interface is starting; try again in a few seconds." },
  { 13631506, "Bring the interface wlan0 up, then try again." },
  { 13631513, "Use a key of 8 to 63 characters." },
  { 14680076, "List the installed images and choose one of them." },
  { 14680081, "Use a production-signed image, or a session for app development." },
  { 14680082, "Delete images that are no longer needed, then try again." },
  { 15728642, "The name is not known to this board, or its OS is too old for the request." },
  { 31457295, "This setting can be changed on Ethernet only." },
  { 38797319, "List the certificates in the store and choose one of them." },
  { 38797323, "Delete certificates that are no longer needed, then try again." },
};

static const Entry *
find (guint32 number)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (entries);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (entries[middle].number == number)
        return &entries[middle];
      if (entries[middle].number < number)
        low = middle + 1;
      else
        high = middle;
    }

  return NULL;
}

/**
 * lks_device_number_get_name:
 * @number: an error number of a board
 *
 * Returns: (transfer none) (nullable): its identifier within its category, or NULL
 */
const char *
lks_device_number_get_name (guint32 number)
{
  const Entry *entry = find (number);

  if (entry != NULL)
    return entry->name;
  if (LKS_DEVICE_NUMBER_CATEGORY (number) == CATEGORY_ERRNO && number != 0)
    return strerrorname_np ((int) number);
  return NULL;
}

/**
 * lks_device_number_get_category:
 * @number: an error number of a board
 *
 * Returns: (transfer none) (nullable): the name of its category, or NULL
 */
const char *
lks_device_number_get_category (guint32 number)
{
  guint32 category = LKS_DEVICE_NUMBER_CATEGORY (number);

  return category < G_N_ELEMENTS (categories) ? categories[category] : NULL;
}

/**
 * lks_device_number_get_meaning:
 * @number: an error number of a board
 *
 * Returns: (transfer none) (nullable): what it means in English, lower case, or NULL when it is
 *   not known here
 */
const char *
lks_device_number_get_meaning (guint32 number)
{
  const Entry *entry = find (number);

  if (entry != NULL)
    return entry->meaning;
  if (number == LKS_DEVICE_NUMBER_PERMISSION_DENIED)
    return "permission denied (usually the app development capability is missing)";
  if (LKS_DEVICE_NUMBER_CATEGORY (number) == CATEGORY_ERRNO && number != 0)
    return strerrordesc_np ((int) number);
  if (LKS_DEVICE_NUMBER_CATEGORY (number) == CATEGORY_CURL &&
      LKS_DEVICE_NUMBER_ID (number) < CURL_LAST)
    return curl_easy_strerror ((CURLcode) LKS_DEVICE_NUMBER_ID (number));
  return NULL;
}

/**
 * lks_device_number_get_advice:
 * @number: an error number of a board
 *
 * Returns: (transfer none) (nullable): what to do next, a sentence, or NULL
 */
const char *
lks_device_number_get_advice (guint32 number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (advices[i].number == number)
      return advices[i].advice;

  return NULL;
}

/**
 * lks_device_number_describe:
 * @number: an error number of a board
 *
 * Puts a number into words: "interface busy, try again (RestError/InterfaceIsBusy, 10485765)".
 * A number that is not known is shown as category and id: "RestError/77 (10485837)".
 *
 * Returns: (transfer full): the text
 */
char *
lks_device_number_describe (guint32 number)
{
  const char *category = lks_device_number_get_category (number);
  const char *name = lks_device_number_get_name (number);
  const char *meaning = lks_device_number_get_meaning (number);
  g_autofree char *category_text =
      category != NULL ? g_strdup (category)
                       : g_strdup_printf ("%u", LKS_DEVICE_NUMBER_CATEGORY (number));
  g_autofree char *id_text =
      name != NULL ? g_strdup (name) : g_strdup_printf ("%u", LKS_DEVICE_NUMBER_ID (number));

  if (meaning == NULL)
    return g_strdup_printf ("%s/%s (%u)", category_text, id_text, number);

  return g_strdup_printf ("%s (%s/%s, %u)", meaning, category_text, id_text, number);
}
