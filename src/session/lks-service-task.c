/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-task.h"

#include "lks-capability.h"

G_DEFINE_ENUM_TYPE (LksServiceTask,
                    lks_service_task,
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_OTHER, "other"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_WIFI, "wifi"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_NETWORK, "network"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_CERTIFICATES, "certificates"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_LOGS, "logs"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_RESTART, "restart"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_APPLICATION, "application"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_KEYSTORE, "keystore"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_CONTROL, "control"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_REMOVE, "remove"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_DEVELOPMENT, "development"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_DEBUG, "debug"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_TASK_MEMORY, "memory"))

G_DEFINE_ENUM_TYPE (LksServiceChoice,
                    lks_service_choice,
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_CHOICE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_CHOICE_WEAKEST, "weakest"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_CHOICE_STRONGER, "stronger"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_CHOICE_UNCONFIRMED, "unconfirmed"))

#define SERVICING LKS_CAPABILITY_FIELD_SERVICING
#define DEVELOPMENT LKS_CAPABILITY_APP_DEVELOPMENT

/* The one table of what needs which access. Sources: the authorizers in the published OpenAPI file
 * of the device REST API (Wi-Fi, network, certificates, log, restart and update carry the general
 * one, memory statistics the one of app development), and the vendor's text on device
 * capabilities. Its editions contradict each other on images: one says that fieldServicing does
 * not manipulate image packages, later ones that it sideloads production-signed images but does
 * not delete them. Those lines are marked as not confirmed. */
static const LksServiceTaskRule rules[LKS_SERVICE_TASKS] = {
  [LKS_SERVICE_TASK_OTHER] = { SERVICING, TRUE, "other servicing work",
                               "fieldServicing opens everything that a board serves to a "
                               "technician, and no application work." },
  [LKS_SERVICE_TASK_WIFI] = { SERVICING, TRUE, "change Wi-Fi networks",
                              "Wi-Fi needs service access only, which fieldServicing gives." },
  [LKS_SERVICE_TASK_NETWORK] = { SERVICING, TRUE, "change interfaces, proxy or firewall",
                                 "The network settings need service access only, which "
                                 "fieldServicing gives." },
  [LKS_SERVICE_TASK_CERTIFICATES] = { SERVICING, TRUE, "change certificates",
                                      "The certificate store needs service access only, which "
                                      "fieldServicing gives." },
  [LKS_SERVICE_TASK_LOGS] = { SERVICING, TRUE, "save the log and support data",
                              "The log and telemetry need service access only, which "
                              "fieldServicing gives." },
  [LKS_SERVICE_TASK_RESTART] = { SERVICING, TRUE, "restart the board",
                                 "A restart needs service access only, which fieldServicing "
                                 "gives." },
  [LKS_SERVICE_TASK_APPLICATION] = { SERVICING, FALSE, "replace a production-signed application",
                                     "A board should take production-signed images with "
                                     "fieldServicing. The vendor's documents disagree, so it is "
                                     "tried first; if the board refuses, use appDevelopment." },
  [LKS_SERVICE_TASK_KEYSTORE] = { SERVICING, FALSE, "install a keystore or a board configuration",
                                  "These are production-signed images, which a board should take "
                                  "with fieldServicing. The vendor's documents do not say so "
                                  "clearly; if the board refuses, use appDevelopment." },
  [LKS_SERVICE_TASK_CONTROL] = { DEVELOPMENT, TRUE, "start or stop applications",
                                 "A board starts and stops applications with appDevelopment "
                                 "only." },
  [LKS_SERVICE_TASK_REMOVE] = { DEVELOPMENT, FALSE, "delete applications",
                                "Deleting needs appDevelopment by most of the vendor's documents; "
                                "they do not all agree." },
  [LKS_SERVICE_TASK_DEVELOPMENT] = { DEVELOPMENT, TRUE, "install an SDK-signed application",
                                     "A board trusts images signed by the SDK with "
                                     "appDevelopment only." },
  [LKS_SERVICE_TASK_DEBUG] = { DEVELOPMENT, TRUE, "debug an application",
                               "Debugging needs appDevelopment." },
  [LKS_SERVICE_TASK_MEMORY] = { DEVELOPMENT, TRUE, "read the memory use of applications",
                                "Memory statistics need appDevelopment." },
};

/**
 * lks_service_task_get_rule:
 * @task: a task
 *
 * Returns: (transfer none): what it needs on a finished board, and why
 */
const LksServiceTaskRule *
lks_service_task_get_rule (LksServiceTask task)
{
  return &rules[task];
}

static gboolean
has (const GArray *capabilities, guint number)
{
  for (guint i = 0; i < capabilities->len; i++)
    if (g_array_index (capabilities, guint, i) == number)
      return TRUE;
  return FALSE;
}

/**
 * lks_service_task_suffices:
 * @task: a task
 * @capabilities: (element-type guint): what a capability file grants
 *
 * Returns: whether that is enough for @task, as far as is known
 */
gboolean
lks_service_task_suffices (LksServiceTask task, const GArray *capabilities)
{
  return has (capabilities, DEVELOPMENT) ||
         (rules[task].needs == SERVICING && has (capabilities, SERVICING));
}

/* How much a file grants: any number that only the chip's maker should have outweighs all that a
 * customer may have. */
static guint
weigh (const GArray *capabilities)
{
  guint weight = 0;

  for (guint i = 0; i < capabilities->len; i++)
    switch (g_array_index (capabilities, guint, i))
      {
      case SERVICING:
      case LKS_CAPABILITY_RF_TEST_MODE:
        weight += 1;
        break;
      case DEVELOPMENT:
        weight += 100;
        break;
      default:
        weight += 10000;
        break;
      }
  return weight;
}

static LksServiceChoice
judge (LksServiceTask task, guint weight)
{
  guint enough = rules[task].needs == SERVICING ? 1 : 100;

  if (weight > enough)
    return LKS_SERVICE_CHOICE_STRONGER;
  return rules[task].is_confirmed ? LKS_SERVICE_CHOICE_WEAKEST : LKS_SERVICE_CHOICE_UNCONFIRMED;
}

/**
 * lks_service_task_choose:
 * @task: a task
 * @choices: (element-type GArray): what each of the capability files at hand grants, as arrays of
 *   guint
 * @out_index: (out): which of them; written only when there is one
 *
 * Chooses by least privilege: the weakest that suffices, among equals the first.
 *
 * Returns: how good the choice is
 */
LksServiceChoice
lks_service_task_choose (LksServiceTask task, GPtrArray *choices, guint *out_index)
{
  guint best_weight = G_MAXUINT;
  guint best = 0;

  for (guint i = 0; i < choices->len; i++)
    {
      const GArray *capabilities = g_ptr_array_index (choices, i);
      guint weight = weigh (capabilities);

      if (!lks_service_task_suffices (task, capabilities) || weight >= best_weight)
        continue;
      best_weight = weight;
      best = i;
    }
  if (best_weight == G_MAXUINT)
    return LKS_SERVICE_CHOICE_NONE;

  *out_index = best;
  return judge (task, best_weight);
}
