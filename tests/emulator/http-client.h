/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"

G_BEGIN_DECLS

#define HTTP_CLIENT_WAIT_US (60 * G_TIME_SPAN_SECOND)

/**
 * HttpClient:
 *
 * A raw HTTP/1.1 client on one end of a socket pair, whose other end a board serves. It knows
 * nothing of the emulator's HTTP library.
 */
typedef struct {
  EmuBoard *board; /* (unowned) */
  GSocket *socket; /* (owned) (nullable) */
  GString *input;  /* (owned): received, not yet taken */
  gboolean ended;  /* the other side closed */
  guint n_resets;    /* connections the board wanted reset */
  guint n_farewells; /* times it wanted all of them reset */
} HttpClient;

typedef struct {
  guint status;    /* 0: the connection ended before a whole answer */
  char *headers;   /* (owned) (nullable) */
  char *body;      /* (owned) (nullable): what came of it, NUL-terminated */
  gsize body_bytes;
} HttpReply;

HttpClient *http_client_new       (EmuBoard    *board);
void        http_client_free      (HttpClient  *self);
void        http_client_connect   (HttpClient  *self);
void        http_client_send      (HttpClient  *self,
                                   const char  *text,
                                   gsize        size_bytes);
HttpReply  *http_client_receive   (HttpClient  *self);
HttpReply  *http_client_exchange  (HttpClient  *self,
                                   const char  *request,
                                   const char  *header_lines,
                                   const char  *type,
                                   const void  *body,
                                   gsize        size_bytes);
void        http_client_wait_input (HttpClient *self,
                                    gsize       size_bytes);

void        http_reply_free       (HttpReply   *self);
char       *http_reply_get_header (HttpReply   *self,
                                   const char  *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpClient, http_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpReply, http_reply_free)

G_END_DECLS
