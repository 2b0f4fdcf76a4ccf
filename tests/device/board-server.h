/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-connector.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

/* A small HTTPS server behind a Unix socket, in a thread of its own. It plays a script: for each
 * request one exchange with what is expected and what to reply. It is no model of a board; it
 * says exactly the bytes a test wants, right or wrong. */

typedef enum {
  AFTER_KEEP,    /* keep the connection */
  AFTER_CLOSE,   /* end TLS and the connection properly */
  AFTER_RESET,   /* drop the connection without a word */
  AFTER_STALL,   /* say nothing more until the client leaves */
  AFTER_HEADERS, /* send header lines until the client leaves */
} After;

typedef struct {
  EVP_PKEY *key; /* (owned) */
  X509 *leaf;    /* (owned) */
} Identity;

typedef struct {
  const char *name;    /* SAN; NULL for a board's names */
  int begin_days;      /* from now; default 0 means a day ago */
  int end_days;        /* from now; default 0 means in a year */
  X509 *issuer;        /* NULL: self-signed */
  EVP_PKEY *issuer_key;
  EVP_PKEY *subject_key; /* NULL: a new one */
  gboolean is_ca;
} IdentityPlan;

Identity *identity_new  (const IdentityPlan *plan);
void      identity_free (Identity           *self);
void      identity_save (Identity           *self,
                         const char         *path);

typedef struct _BoardServer BoardServer;

BoardServer  *board_server_new             (void);
void          board_server_free            (BoardServer *self);
void          board_server_set_identity    (BoardServer *self,
                                            Identity    *identity);
LksConnector *board_server_get_connector   (BoardServer *self);

/* The script. @request is "METHOD /path", @body the exact body or NULL for none or any upload. */
void          board_server_expect          (BoardServer *self,
                                            const char  *request,
                                            const char  *body,
                                            guint        status,
                                            const char  *json);
void          board_server_expect_raw      (BoardServer *self,
                                            const char  *request,
                                            const char  *reply,
                                            gsize        reply_bytes,
                                            After        after);
/* Instead of the script: asked on the server's thread for every request; @connection counts from
 * 1. Returns the whole reply; empty with AFTER_RESET to drop the connection unanswered. */
typedef GBytes *(*BoardServerResponder)    (const char  *head,
                                            guint        connection,
                                            After       *out_after,
                                            gpointer     user_data);
void          board_server_set_responder   (BoardServer          *self,
                                            BoardServerResponder  responder,
                                            gpointer              user_data);
void          board_server_set_version     (BoardServer *self,
                                            const char  *header);
/* The connections still to come are refused with @error. */
void          board_server_refuse          (BoardServer  *self,
                                            const GError *error);
/* prepare() does not return before it is cancelled. */
void          board_server_hang_prepare    (BoardServer *self);

/* What was seen. Both wait for the condition, with a bound. */
void          board_server_wait_for        (BoardServer *self,
                                            guint        requests);
void          board_server_assert_done     (BoardServer *self);
guint         board_server_get_connections (BoardServer *self);
guint         board_server_get_aborts      (BoardServer *self);
char         *board_server_dup_head        (BoardServer *self);
GBytes       *board_server_dup_body        (BoardServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Identity, identity_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoardServer, board_server_free)

G_END_DECLS
