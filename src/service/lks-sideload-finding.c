/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sideload-finding.h"

#include "lks-explanation.h"
#include "lks-words-private.h"

G_DEFINE_ENUM_TYPE (LksFindingLevel,
                    lks_finding_level,
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_LEVEL_NOTE, "note"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_LEVEL_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_LEVEL_PROBLEM, "problem"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_LEVEL_FORBIDDEN, "forbidden"))

G_DEFINE_ENUM_TYPE (LksFindingCode,
                    lks_finding_code,
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_FLAW, "flaw"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_UNKNOWN_STATE, "unknown-state"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_FINISHED_BOARD, "finished-board"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_OTHER_BOARD, "other-board"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_STAYS_OPEN, "stays-open"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_NOTHING_STORED, "nothing-stored"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_DELETE_FIRST, "delete-first"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_NEEDS_DEVELOPMENT, "needs-development"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_MAY_NEED_DEVELOPMENT,
                                         "may-need-development"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_NEEDS_NEWER_OS, "needs-newer-os"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_KEYSTORE, "keystore"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_OTA, "ota"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_CLASH, "clash"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_SAME_COMPONENT, "same-component"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_ALREADY_INSTALLED, "already-installed"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_STORAGE, "storage"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_UNKNOWN_KIND, "unknown-kind"),
                    G_DEFINE_ENUM_VALUE (LKS_FINDING_CODE_STAGED_BEFORE, "staged-before"))

static void
finding_free (gpointer data)
{
  LksFinding *self = data;

  g_free (self->detail);
  g_free (self);
}

/**
 * lks_findings_new:
 *
 * Returns: (transfer full) (element-type LksFinding): an empty list of findings
 */
GPtrArray *
lks_findings_new (void)
{
  return g_ptr_array_new_with_free_func (finding_free);
}

/**
 * lks_findings_add:
 * @findings: (element-type LksFinding): findings
 * @level: how grave it is
 * @code: what it is
 * @package: which package it is about, or %LKS_FINDING_ALL_PACKAGES
 * @format: what exactly, English sentences
 * @...: for @format
 */
void
lks_findings_add (GPtrArray *findings,
                  LksFindingLevel level,
                  LksFindingCode code,
                  int package,
                  const char *format,
                  ...)
{
  LksFinding *finding = g_new0 (LksFinding, 1);
  va_list args;

  va_start (args, format);
  finding->detail = g_strdup_vprintf (format, args);
  va_end (args);
  finding->level = level;
  finding->code = code;
  finding->package = package;
  g_ptr_array_add (findings, finding);
}

static int
compare_findings_cb (gconstpointer a, gconstpointer b)
{
  const LksFinding *one = *(const LksFinding *const *) a;
  const LksFinding *other = *(const LksFinding *const *) b;

  if (one->level != other->level)
    return one->level > other->level ? -1 : 1;
  if (one->package != other->package)
    return one->package < other->package ? -1 : 1;
  return one->code < other->code ? -1 : one->code > other->code;
}

/**
 * lks_findings_sort:
 * @findings: (element-type LksFinding): findings
 *
 * Puts the gravest first.
 */
void
lks_findings_sort (GPtrArray *findings)
{
  g_ptr_array_sort (findings, compare_findings_cb);
}

/**
 * lks_finding_code_get_title:
 * @code: what was found
 *
 * Returns: (transfer none): a short English title for translation
 */
const char *
lks_finding_code_get_title (LksFindingCode code)
{
  switch (code)
    {
    case LKS_FINDING_CODE_FLAW:
      return N_ ("The image is faulty");
    case LKS_FINDING_CODE_UNKNOWN_STATE:
      return N_ ("The board's state means a fault");
    case LKS_FINDING_CODE_FINISHED_BOARD:
      return N_ ("A finished board gets no stored capability");
    case LKS_FINDING_CODE_OTHER_BOARD:
      return N_ ("The capability is for another board");
    case LKS_FINDING_CODE_STAYS_OPEN:
      return N_ ("The board stays open afterwards");
    case LKS_FINDING_CODE_NOTHING_STORED:
      return N_ ("No capability is stored on the board");
    case LKS_FINDING_CODE_DELETE_FIRST:
      return N_ ("Something should be deleted first");
    case LKS_FINDING_CODE_NEEDS_DEVELOPMENT:
      return N_ ("The board trusts no development images");
    case LKS_FINDING_CODE_MAY_NEED_DEVELOPMENT:
      return N_ ("The image may be a development image");
    case LKS_FINDING_CODE_NEEDS_NEWER_OS:
      return N_ ("The image needs a newer OS");
    case LKS_FINDING_CODE_KEYSTORE:
      return N_ ("The board may not know the signing key");
    case LKS_FINDING_CODE_OTA:
      return N_ ("An update over the air is in progress");
    case LKS_FINDING_CODE_CLASH:
      return N_ ("Peripherals or ports are wanted twice");
    case LKS_FINDING_CODE_SAME_COMPONENT:
      return N_ ("Two files are one component");
    case LKS_FINDING_CODE_ALREADY_INSTALLED:
      return N_ ("This very image is installed already");
    case LKS_FINDING_CODE_STORAGE:
      return N_ ("The application wants much storage");
    case LKS_FINDING_CODE_UNKNOWN_KIND:
      return N_ ("This kind of image is not known to be accepted");
    case LKS_FINDING_CODE_STAGED_BEFORE:
      return N_ ("Other images wait for installation");
    }

  return "";
}
