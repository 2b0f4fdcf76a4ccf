/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-service-record.h"
#include "lks-service-task.h"
#include "lks-session-limits.h"

G_BEGIN_DECLS

/* Words for servicing sessions and their records. */
const char *lks_service_task_title           (LksServiceTask        task);
const char *lks_session_end_sentence         (LksSessionEnd         end);

char       *lks_service_record_to_title      (LksServiceRecord     *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_service_record_to_subtitle   (LksServiceRecord     *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_service_record_to_search_text (LksServiceRecord    *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_service_record_to_task       (LksServiceRecord     *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_service_record_to_ending     (LksServiceRecord     *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_service_record_to_capability (LksServiceRecord     *record) G_GNUC_WARN_UNUSED_RESULT;
LksSign     lks_sign_for_service_record      (LksServiceRecord     *record);

char       *lks_service_change_to_words      (const char           *method,
                                              const char           *path) G_GNUC_WARN_UNUSED_RESULT;
LksSign     lks_sign_for_service_change      (const LksServiceEvent *event);

G_END_DECLS
