/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-trust.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What happens to the connection after a reply. */
typedef enum {
  CLOUD_KEEP,
  CLOUD_CLOSE,
  CLOUD_HANG, /* nothing more comes, until the client gives up */
} CloudAfter;

/* One request as it arrived. */
typedef struct {
  char *line; /* "GET /path HTTP/1.1" */
  char *head; /* all header lines, and the request line */
  char *body;
} CloudSeen;

/**
 * CloudServer:
 *
 * An HTTPS server on loopback that gives the replies of a script, whatever it is asked, and keeps
 * what it was asked.
 */
typedef struct _CloudServer CloudServer;

CloudServer     *cloud_server_new          (void);
void             cloud_server_free         (CloudServer      *self);

const char      *cloud_server_get_base     (CloudServer      *self);
const char      *cloud_server_get_other    (CloudServer      *self);
LksCloudTrust   *cloud_server_get_trust    (CloudServer      *self);

void             cloud_server_reply        (CloudServer      *self,
                                            guint             status,
                                            const char       *headers,
                                            const char       *body);
void             cloud_server_reply_raw    (CloudServer      *self,
                                            const char       *bytes,
                                            CloudAfter        after);

guint            cloud_server_get_n_seen   (CloudServer      *self);
const CloudSeen *cloud_server_get_seen     (CloudServer      *self,
                                            guint             index);
void             cloud_server_wait_seen    (CloudServer      *self,
                                            guint             n_seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudServer, cloud_server_free)

G_END_DECLS
