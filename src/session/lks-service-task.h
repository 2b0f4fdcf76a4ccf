/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksServiceTask:
 * @LKS_SERVICE_TASK_OTHER: something else that every board serves when it is open
 * @LKS_SERVICE_TASK_WIFI: add, change or remove Wi-Fi networks
 * @LKS_SERVICE_TASK_NETWORK: interfaces, proxy, firewall
 * @LKS_SERVICE_TASK_CERTIFICATES: certificates for networks
 * @LKS_SERVICE_TASK_LOGS: save the log, telemetry and a support bundle
 * @LKS_SERVICE_TASK_RESTART: restart the board
 * @LKS_SERVICE_TASK_APPLICATION: install a production-signed application
 * @LKS_SERVICE_TASK_KEYSTORE: install a trusted keystore or a board configuration
 * @LKS_SERVICE_TASK_CONTROL: start and stop applications
 * @LKS_SERVICE_TASK_REMOVE: delete applications
 * @LKS_SERVICE_TASK_DEVELOPMENT: install an application signed by the SDK
 * @LKS_SERVICE_TASK_DEBUG: debug an application
 * @LKS_SERVICE_TASK_MEMORY: read the memory use of applications
 *
 * What a servicing session is for. Nicks: "other", "wifi", "network", "certificates", "logs",
 * "restart", "application", "keystore", "control", "remove", "development", "debug", "memory".
 */
typedef enum {
  LKS_SERVICE_TASK_OTHER,
  LKS_SERVICE_TASK_WIFI,
  LKS_SERVICE_TASK_NETWORK,
  LKS_SERVICE_TASK_CERTIFICATES,
  LKS_SERVICE_TASK_LOGS,
  LKS_SERVICE_TASK_RESTART,
  LKS_SERVICE_TASK_APPLICATION,
  LKS_SERVICE_TASK_KEYSTORE,
  LKS_SERVICE_TASK_CONTROL,
  LKS_SERVICE_TASK_REMOVE,
  LKS_SERVICE_TASK_DEVELOPMENT,
  LKS_SERVICE_TASK_DEBUG,
  LKS_SERVICE_TASK_MEMORY,
} LksServiceTask;

#define LKS_SERVICE_TASKS (LKS_SERVICE_TASK_MEMORY + 1)

#define LKS_TYPE_SERVICE_TASK (lks_service_task_get_type ())
GType                     lks_service_task_get_type (void);

/**
 * LksServiceTaskRule:
 * @needs: the weakest capability that suffices
 * @is_confirmed: whether the vendor's documents agree on it
 * @summary: what the task is, in English
 * @reason: why that capability, in English
 *
 * What a task needs on a finished board.
 */
typedef struct {
  guint       needs;
  gboolean    is_confirmed;
  const char *summary;
  const char *reason;
} LksServiceTaskRule;

/**
 * LksServiceChoice:
 * @LKS_SERVICE_CHOICE_NONE: no capability suffices
 * @LKS_SERVICE_CHOICE_WEAKEST: it grants what is needed, and no more
 * @LKS_SERVICE_CHOICE_STRONGER: it grants more than is needed, but there is none that grants less
 * @LKS_SERVICE_CHOICE_UNCONFIRMED: the weakest that should suffice; whether the board thinks so
 *   too must be tried
 *
 * How good a choice of lks_service_task_choose() is. Nicks: "none", "weakest", "stronger",
 * "unconfirmed".
 */
typedef enum {
  LKS_SERVICE_CHOICE_NONE,
  LKS_SERVICE_CHOICE_WEAKEST,
  LKS_SERVICE_CHOICE_STRONGER,
  LKS_SERVICE_CHOICE_UNCONFIRMED,
} LksServiceChoice;

#define LKS_TYPE_SERVICE_CHOICE (lks_service_choice_get_type ())
GType                     lks_service_choice_get_type (void);

const LksServiceTaskRule *lks_service_task_get_rule (LksServiceTask       task);
gboolean                  lks_service_task_suffices (LksServiceTask       task,
                                                     const GArray        *capabilities);
LksServiceChoice          lks_service_task_choose   (LksServiceTask       task,
                                                     GPtrArray           *choices,
                                                     guint               *out_index);

G_END_DECLS
