/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-net-facts.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* From the access point to the cloud; each lamp needs those before it, but for the time, which
 * may come without internet. */
typedef enum {
  LKS_LAMP_RADIO,
  LKS_LAMP_ADDRESS,
  LKS_LAMP_TIME,
  LKS_LAMP_INTERNET,
  LKS_LAMP_AUTHENTICATION,
} LksLampId;

#define LKS_TYPE_LAMP_ID (lks_lamp_id_get_type ())
GType lks_lamp_id_get_type (void);

#define LKS_N_LAMPS (LKS_LAMP_AUTHENTICATION + 1)

/**
 * LksLampState:
 * @LKS_LAMP_STATE_UNKNOWN: the board did not tell
 * @LKS_LAMP_STATE_OFF: not there; what must come before is missing, or it is not wanted
 * @LKS_LAMP_STATE_WAITING: it may come by itself
 * @LKS_LAMP_STATE_FAULT: something stands in its way that a person must mend
 * @LKS_LAMP_STATE_ON: there
 *
 * Nicks: "unknown", "off", "waiting", "fault", "on".
 */
typedef enum {
  LKS_LAMP_STATE_UNKNOWN,
  LKS_LAMP_STATE_OFF,
  LKS_LAMP_STATE_WAITING,
  LKS_LAMP_STATE_FAULT,
  LKS_LAMP_STATE_ON,
} LksLampState;

#define LKS_TYPE_LAMP_STATE (lks_lamp_state_get_type ())
GType lks_lamp_state_get_type (void);

/**
 * LksLamp:
 * @reason: why it is so, an English sentence for gettext
 * @advice: what to do next, English sentences for gettext; may be empty
 * @detail: (nullable): name or address, borrowed from the facts
 *
 * One of the five steps from a radio to the cloud.
 */
typedef struct {
  LksLampState state;
  const char *reason;
  const char *advice;
  const char *detail;
} LksLamp;

LksLamp     lks_lamp_judge       (const LksNetFacts  *facts,
                                  LksLampId           id);
const char *lks_lamp_get_title   (LksLampId           id);
JsonNode   *lks_lamps_to_json    (const LksNetFacts  *facts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
