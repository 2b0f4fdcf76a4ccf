/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"
#include "emu-wire.h"

#include "lks-json.h"

G_BEGIN_DECLS

/* The largest body of a JSON request: a certificate with its key and room for escapes. */
#define EMU_REST_JSON_SIZE_MAX_BYTES (64 * 1024)
#define EMU_REST_IMAGE_SIZE_MAX_BYTES (8 * 1024 * 1024)
#define EMU_REST_HEADER_SIZE_MAX_BYTES 8192

/**
 * EmuRequest:
 *
 * One request, free of the HTTP library.
 */
typedef struct {
  const char *method;
  const char *path;         /* percent-decoded, without query */
  const char *content_type; /* (nullable): without parameters, lower case */
  const char *capability;   /* (nullable): the AZSPHERE-CAPABILITIES header */
  gsize header_bytes;       /* size of the whole header block */
  gboolean chunked;         /* the body's length was not announced */
  gboolean too_large;       /* the body was larger than anything allowed and is not here */
  GBytes *body;             /* (nullable) */

  /* filled while the request is routed */
  char *argument;           /* (owned) (nullable): the variable part of the path */
  guint64 granted;          /* bit n: capability n, stored or in the header */
} EmuRequest;

/**
 * EmuAnswer:
 *
 * One answer, free of the HTTP library.
 */
typedef struct {
  guint status;
  const char *content_type;
  GBytes *body;             /* (owned) */
  guint delay_ms;           /* how long the board needs */
  gboolean restart;         /* the system restarts after this answer */
} EmuAnswer;

typedef void (*EmuHandler) (EmuBoard         *board,
                            const EmuRequest *request,
                            EmuAnswer        *answer);

void     emu_rest_answer         (EmuBoard         *board,
                                  EmuRequest       *request,
                                  EmuAnswer        *out_answer);
void     emu_answer_clear        (EmuAnswer        *self);

void     emu_answer_set_empty    (EmuAnswer        *self);
void     emu_answer_set_wire     (EmuAnswer        *self,
                                  EmuWire          *wire);
void     emu_answer_set_binary   (EmuAnswer        *self,
                                  GBytes           *body);
void     emu_answer_set_error    (EmuAnswer        *self,
                                  guint             status,
                                  gint64            number);

LksJson *emu_request_parse_json  (const EmuRequest *request,
                                  JsonObject      **out_object,
                                  EmuAnswer        *answer) G_GNUC_WARN_UNUSED_RESULT;

/* Values of a JSON object; FALSE when the member is there and of another type. */
gboolean emu_json_get_text       (JsonObject       *object,
                                  const char       *member,
                                  const char      **out_text);
gboolean emu_json_get_bool       (JsonObject       *object,
                                  const char       *member,
                                  gboolean         *out_value);

/* FALSE with an answer set when wlan0 is down. */
gboolean emu_rest_check_wifi_up  (EmuBoard         *board,
                                  EmuAnswer        *answer);

/* Handlers, by room of the API; each is named after its operation, runs only when the request
 * may be carried out, and fills @answer. */
void emu_rest_get_abi_versions        (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_app_status          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_patch_app_status        (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_delete_image            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_quota               (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_memory              (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

void emu_rest_get_certs               (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_cert                (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_post_cert               (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_delete_cert             (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_cert_space          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

void emu_rest_get_capabilities        (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_security_state      (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_manufacturing_state (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_put_manufacturing_state (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_os_version          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_status              (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_post_restart            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_log                 (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_telemetry           (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_delete_telemetry        (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

void emu_rest_get_images              (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_put_stage               (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_post_install            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

void emu_rest_get_firewall            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_interfaces          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_interface           (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_patch_interface         (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_proxy               (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_post_proxy              (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_delete_proxy            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_net_status          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

void emu_rest_get_networks            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_post_network            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_network             (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_patch_network           (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_delete_network          (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_failures            (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_failure             (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_wifi_interface      (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_patch_wifi_interface    (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);
void emu_rest_get_scan                (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer);

G_END_DECLS
