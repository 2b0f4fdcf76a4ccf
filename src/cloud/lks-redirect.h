/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

/* A sign-in service's codes have 1 to 2 KB, its addresses less than twice that. */
#define LKS_REDIRECT_BYTES_MAX (16 * 1024)

/**
 * LksRedirectKind:
 * @LKS_REDIRECT_INCOMPLETE: more of the request must come
 * @LKS_REDIRECT_OTHER: a request for something else, such as an icon
 * @LKS_REDIRECT_STRANGE: not of the sign-in that is waited for
 * @LKS_REDIRECT_CODE: the person signed in
 * @LKS_REDIRECT_REFUSED: the sign-in service or the person refused
 *
 * What a browser came back with.
 */
typedef enum {
  LKS_REDIRECT_INCOMPLETE,
  LKS_REDIRECT_OTHER,
  LKS_REDIRECT_STRANGE,
  LKS_REDIRECT_CODE,
  LKS_REDIRECT_REFUSED,
} LksRedirectKind;

/**
 * LksRedirect:
 * @kind: what it is
 * @code: (owned) (nullable): what the tokens are got with
 * @problem: (owned) (nullable): the service's word for why not
 * @text: (owned) (nullable): its explanation, one line
 *
 * A request of a browser that was sent back by the sign-in service. Initialise with { 0 }.
 */
typedef struct {
  LksRedirectKind kind;
  LksSecret *code;
  char *problem;
  char *text;
} LksRedirect;

void lks_redirect_parse (LksRedirect  *self,
                         const char   *request,
                         gsize         size_bytes,
                         const char   *state);
void lks_redirect_clear (LksRedirect  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksRedirect, lks_redirect_clear)

G_END_DECLS
