/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksFindingLevel:
 * @LKS_FINDING_LEVEL_NOTE: good to know
 * @LKS_FINDING_LEVEL_WARNING: may fail, or has consequences
 * @LKS_FINDING_LEVEL_PROBLEM: the board will refuse it, as far as is known; sent only when asked to
 * @LKS_FINDING_LEVEL_FORBIDDEN: never sent
 *
 * How grave a finding is. Nicks: "note", "warning", "problem", "forbidden".
 */
typedef enum {
  LKS_FINDING_LEVEL_NOTE,
  LKS_FINDING_LEVEL_WARNING,
  LKS_FINDING_LEVEL_PROBLEM,
  LKS_FINDING_LEVEL_FORBIDDEN,
} LksFindingLevel;

#define LKS_TYPE_FINDING_LEVEL (lks_finding_level_get_type ())
GType       lks_finding_level_get_type   (void);

/**
 * LksFindingCode:
 *
 * What was found before an installation. Nicks: "flaw", "unknown-state", "finished-board",
 * "other-board", "stays-open", "nothing-stored", "delete-first", "needs-development",
 * "may-need-development", "needs-newer-os", "keystore", "ota", "clash", "same-component",
 * "already-installed", "storage", "unknown-kind", "staged-before".
 */
typedef enum {
  LKS_FINDING_CODE_FLAW,
  LKS_FINDING_CODE_UNKNOWN_STATE,
  LKS_FINDING_CODE_FINISHED_BOARD,
  LKS_FINDING_CODE_OTHER_BOARD,
  LKS_FINDING_CODE_STAYS_OPEN,
  LKS_FINDING_CODE_NOTHING_STORED,
  LKS_FINDING_CODE_DELETE_FIRST,
  LKS_FINDING_CODE_NEEDS_DEVELOPMENT,
  LKS_FINDING_CODE_MAY_NEED_DEVELOPMENT,
  LKS_FINDING_CODE_NEEDS_NEWER_OS,
  LKS_FINDING_CODE_KEYSTORE,
  LKS_FINDING_CODE_OTA,
  LKS_FINDING_CODE_CLASH,
  LKS_FINDING_CODE_SAME_COMPONENT,
  LKS_FINDING_CODE_ALREADY_INSTALLED,
  LKS_FINDING_CODE_STORAGE,
  LKS_FINDING_CODE_UNKNOWN_KIND,
  LKS_FINDING_CODE_STAGED_BEFORE,
} LksFindingCode;

#define LKS_TYPE_FINDING_CODE (lks_finding_code_get_type ())
GType       lks_finding_code_get_type    (void);

#define LKS_FINDING_ALL_PACKAGES (-1)

/**
 * LksFinding:
 * @level: how grave it is
 * @code: what it is
 * @package: which package it is about, counted from 0, or %LKS_FINDING_ALL_PACKAGES
 * @detail: (owned): what exactly, English sentences
 */
typedef struct {
  LksFindingLevel level;
  LksFindingCode code;
  int package;
  char *detail;
} LksFinding;

GPtrArray  *lks_findings_new             (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_findings_add             (GPtrArray        *findings,
                                          LksFindingLevel   level,
                                          LksFindingCode    code,
                                          int               package,
                                          const char       *format,
                                          ...) G_GNUC_PRINTF (5, 6);
void        lks_findings_sort            (GPtrArray        *findings);

const char *lks_finding_code_get_title   (LksFindingCode    code);

G_END_DECLS
