/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli.h"
#include "lks-cloud-account.h"

G_BEGIN_DECLS

/**
 * LksCliCloud:
 * @trust: (owned): whose certificates count
 * @store: (owned): where sign-ins are kept
 * @cancellable: (owned): cancelled when the person at the terminal wants to stop
 *
 * What every command about the cloud needs.
 */
typedef struct {
  LksCloudTrust *trust;
  LksSecretStore *store;
  GCancellable *cancellable;
} LksCliCloud;

gboolean         lks_cli_cloud_init         (LksCliCloud      *self,
                                             GError          **error);
void             lks_cli_cloud_clear        (LksCliCloud      *self);

/* Blocks; runs on a thread of its own, so that signals are heard. */
typedef gboolean (*LksCliCloudFunc) (LksCliCloud  *cloud,
                                     gpointer      data,
                                     GError      **error);

/* Runs on the main thread, where the vault and boards are. */
typedef void (*LksCliCloudMainFunc) (gpointer data);

gboolean         lks_cli_cloud_run          (LksCliCloudFunc   func,
                                             gpointer          data,
                                             GError          **error);
void             lks_cli_cloud_on_main      (LksCliCloudMainFunc func,
                                             gpointer          data);
LksCloudAccount *lks_cli_cloud_find_account (LksCliCloud      *self,
                                             const char       *name,
                                             GError          **error) G_GNUC_WARN_UNUSED_RESULT;

int              lks_cli_cloud_capability   (int               argc,
                                             char            **argv);
int              lks_cli_cloud_catalog      (int               argc,
                                             char            **argv);
int              lks_cli_cloud_certificate  (int               argc,
                                             char            **argv);
int              lks_cli_cloud_claim        (int               argc,
                                             char            **argv);
int              lks_cli_claim_queue        (int               argc,
                                             char            **argv);
int              lks_cli_cloud_image        (int               argc,
                                             char            **argv);
int              lks_cli_cloud_os           (int               argc,
                                             char            **argv);
int              lks_cli_cloud_route        (int               argc,
                                             char            **argv);
int              lks_cli_cloud_test         (int               argc,
                                             char            **argv);
int              lks_cli_cloud_product      (int               argc,
                                             char            **argv);
int              lks_cli_cloud_group        (int               argc,
                                             char            **argv);
int              lks_cli_cloud_deployment   (int               argc,
                                             char            **argv);
int              lks_cli_cloud_device       (int               argc,
                                             char            **argv);

void lks_cli_cloud_warn_of_end (void);

G_END_DECLS
