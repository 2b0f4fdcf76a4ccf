/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-keyring-private.h"

#include <libsecret/secret.h>

G_BEGIN_DECLS

/* libsecret calls back in @context, which is iterated only while somebody waits. So an answer
 * that nobody waits for any more does no harm. */
struct _LksKeyring {
  GMainContext *context; /* (owned) */
  char *turn;            /* (owned): one thread at a time */
  gboolean has_service;  /* libsecret is connected with it */
};

/* One question to libsecret. Held by who asks and by libsecret's callback. */
typedef struct {
  guint refs;
  LksKeyring *keyring;       /* (unowned) */
  GCancellable *cancellable; /* (owned) (nullable): of who asks */
  GCancellable *inner;       /* (owned) (nullable): of libsecret */
  GAsyncResult *result;      /* (owned) (nullable) */
} LksKeyringQuestion;

LksKeyringQuestion *lks_keyring_ask              (LksKeyring          *keyring,
                                                  GCancellable        *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void                lks_keyring_answered_cb      (GObject             *source,
                                                  GAsyncResult        *result,
                                                  gpointer             user_data);
GAsyncResult       *lks_keyring_await            (LksKeyringQuestion  *self,
                                                  GError             **error);
void                lks_keyring_question_unref   (LksKeyringQuestion  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksKeyringQuestion, lks_keyring_question_unref)

/* One operation; it may be repeated. */
typedef gboolean (*LksKeyringAttempt) (LksKeyring    *self,
                                       gpointer       data,
                                       GCancellable  *cancellable,
                                       GError       **error);

gboolean            lks_keyring_run               (LksKeyring          *self,
                                                   LksKeyringAttempt    attempt,
                                                   gpointer             data,
                                                   GCancellable        *cancellable,
                                                   GError             **error);

/* Within an operation. */
gboolean            lks_keyring_is_file           (void);
gboolean            lks_keyring_is_open           (LksKeyring          *self);
void                lks_keyring_disconnect        (void);

/* What follows may ask a person. */
gboolean            lks_keyring_ensure_unlocked   (LksKeyring          *self,
                                                   GCancellable        *cancellable,
                                                   GError             **error);
/* What follows asks nobody. */
gboolean            lks_keyring_ensure_not_locked (LksKeyring          *self,
                                                   GCancellable        *cancellable,
                                                   GError             **error);

/* libsecret's own operations on items of any schema, each one question. */
gboolean            lks_keyring_search            (LksKeyring          *self,
                                                   const SecretSchema  *schema,
                                                   GHashTable          *attributes,
                                                   GList              **out_items,
                                                   GCancellable        *cancellable,
                                                   GError             **error);
gboolean            lks_keyring_store_item        (LksKeyring          *self,
                                                   const SecretSchema  *schema,
                                                   GHashTable          *attributes,
                                                   const char          *label,
                                                   const LksSecret     *secret,
                                                   GCancellable        *cancellable,
                                                   GError             **error);
LksSecret          *lks_keyring_retrieve          (LksKeyring          *self,
                                                   SecretRetrievable   *item,
                                                   GCancellable        *cancellable,
                                                   GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean            lks_keyring_clear             (LksKeyring          *self,
                                                   const SecretSchema  *schema,
                                                   GHashTable          *attributes,
                                                   gboolean            *out_removed,
                                                   GCancellable        *cancellable,
                                                   GError             **error);

G_END_DECLS
