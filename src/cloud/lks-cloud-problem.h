/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksCloudTrace:
 * @request_id: (owned) (nullable): the service's ID of the request
 * @correlation_id: (owned) (nullable): joins the requests of one action
 * @routing_id: (owned) (nullable): region, time, ID
 * @client_id: (owned) (nullable): the ID that we gave the request
 * @failure_cause: (owned) (nullable): "gateway" or "service"
 * @date: (owned) (nullable): the service's clock
 *
 * By what a request can be found again at the vendor's.
 */
typedef struct {
  char *request_id;
  char *correlation_id;
  char *routing_id;
  char *client_id;
  char *failure_cause;
  char *date;
} LksCloudTrace;

/**
 * LksCloudProblem:
 * @http_status: the HTTP status
 * @code: (owned) (nullable): the service's word for it
 * @text: (owned) (nullable): its own explanation, one line, bounded
 *
 * What a failing answer says.
 */
typedef struct {
  guint http_status;
  char *code;
  char *text;
} LksCloudProblem;

void lks_cloud_trace_clear   (LksCloudTrace    *self);

void lks_cloud_problem_parse (LksCloudProblem         *self,
                              guint                    http_status,
                              GBytes                  *body,
                              const LksSecret *const  *secrets);
void lks_cloud_problem_take  (LksCloudProblem         *self,
                              const char              *code,
                              const char              *text,
                              const LksSecret *const  *secrets);
void lks_cloud_problem_clear (LksCloudProblem         *self);

char *lks_cloud_clean_text   (const char       *text,
                              gsize             bytes_max) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCloudTrace, lks_cloud_trace_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCloudProblem, lks_cloud_problem_clear)

G_END_DECLS
