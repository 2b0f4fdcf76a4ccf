/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-cloud.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-role.h"

G_BEGIN_DECLS

/**
 * LksCliCloudWork:
 * @account: (owned) (nullable): what --account said
 * @subscription: (owned) (nullable): what --subscription said
 * @resource_group: (owned) (nullable): what --resource-group said
 * @catalog: (owned) (nullable): what --catalog said
 * @product: (owned) (nullable): what --product said
 * @group: (owned) (nullable): what --group said
 * @json: whether --json was given
 * @csv: whether --csv was given
 * @yes: whether --yes was given
 * @limit: what --limit said, 0 for none
 * @arguments: (unowned): what is no option
 * @action: which role is needed
 * @client: (owned) (nullable): the service, once it is opened
 * @scope: (owned) (nullable): the catalog that is meant, once it is found
 *
 * What commands about things in the cloud have in common. Initialise with { 0 }.
 */
typedef struct {
  char *account;
  char *subscription;
  char *resource_group;
  char *catalog;
  char *product;
  char *group;
  gboolean json;
  gboolean csv;
  gboolean yes;
  int limit;
  char **arguments;
  LksCloudAction action;
  LksCloudClient *client;
  LksCloudScope *scope;
} LksCliCloudWork;

/**
 * LksCliCloudUsage:
 * @usage: command and arguments as the help text shows them
 * @summary: what it does
 * @n_arguments_min: how many arguments there must be
 * @n_arguments_max: how many there may be
 * @action: which role it needs
 * @entries: (nullable): options of its own
 *
 * How a command is called.
 */
typedef struct {
  const char *usage;
  const char *summary;
  guint n_arguments_min;
  guint n_arguments_max;
  LksCloudAction action;
  const GOptionEntry *entries;
} LksCliCloudUsage;

gboolean lks_cli_cloud_work_parse   (LksCliCloudWork         *self,
                                     const LksCliCloudUsage  *usage,
                                     int                     *argc,
                                     char                  ***argv,
                                     GError                 **error);
gboolean lks_cli_cloud_work_confirm (LksCliCloudWork         *self,
                                     const char              *what,
                                     GError                 **error);
gboolean lks_cli_cloud_work_need_product (LksCliCloudWork    *self,
                                     GError                 **error);
gboolean lks_cli_cloud_work_open    (LksCliCloudWork         *self,
                                     LksCliCloud             *cloud,
                                     GError                 **error);
gboolean lks_cli_cloud_work_find    (LksCliCloudWork         *self,
                                     LksCliCloud             *cloud,
                                     GError                 **error);
void     lks_cli_cloud_work_clear   (LksCliCloudWork         *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCliCloudWork, lks_cli_cloud_work_clear)

G_END_DECLS
