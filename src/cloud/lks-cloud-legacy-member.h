/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-scope.h"
#include "lks-json.h"

G_BEGIN_DECLS

/**
 * LksLegacyMemberType:
 * @LKS_LEGACY_MEMBER_TEXT: a text
 * @LKS_LEGACY_MEMBER_WORD: a number that stands for a word
 * @LKS_LEGACY_MEMBER_SWITCH: a boolean that the Integrated interface tells as a word
 * @LKS_LEGACY_MEMBER_TIME: seconds since 1970
 * @LKS_LEGACY_MEMBER_COUNT: a number
 *
 * What a member of the Legacy interface is.
 */
typedef enum {
  LKS_LEGACY_MEMBER_TEXT,
  LKS_LEGACY_MEMBER_WORD,
  LKS_LEGACY_MEMBER_SWITCH,
  LKS_LEGACY_MEMBER_TIME,
  LKS_LEGACY_MEMBER_COUNT,
} LksLegacyMemberType;

/* A number and the word it stands for; a list ends with NULL for a word. */
typedef struct {
  gint64 number;
  const char *word;
} LksLegacyWord;

/* A member, its name in the Integrated interface, and how the one becomes the other. */
typedef struct {
  const char *legacy;
  const char *member;
  LksLegacyMemberType type;
  const LksLegacyWord *words;
} LksLegacyMember;

extern const LksLegacyWord lks_legacy_feeds[];
extern const LksLegacyWord lks_legacy_policies[];
extern const LksLegacyWord lks_legacy_chips[];
extern const LksLegacyWord lks_legacy_image_types[];

gboolean    lks_legacy_find_number       (const char             *member,
                                          const char             *word,
                                          gint64                 *out_number);
gboolean    lks_legacy_read_members      (LksJson                *json,
                                          JsonObject             *item,
                                          const LksLegacyMember  *members,
                                          gsize                   n_members,
                                          JsonObject             *out,
                                          GError                **error);
gboolean    lks_legacy_read_guid         (LksJson                *json,
                                          JsonObject             *item,
                                          const char             *member,
                                          char                  **out_guid,
                                          GError                **error);
gboolean    lks_legacy_read_guid_or_null (LksJson                *json,
                                          JsonObject             *item,
                                          const char             *member,
                                          char                  **out,
                                          GError                **error);
JsonObject *lks_legacy_make_resource     (const LksCloudScope    *scope,
                                          const char             *name,
                                          JsonObject             *properties,
                                          gboolean                is_read) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
