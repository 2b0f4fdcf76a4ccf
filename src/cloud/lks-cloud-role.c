/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-role.h"

#include "lks-cloud-words-private.h"

/* The vendor's built-in roles (page "Azure Sphere RBAC"). */
static const char *
get_role_in_catalog (LksCloudAction action)
{
  switch (action)
    {
    case LKS_CLOUD_ACTION_LOOK:
      return N_ ("This needs the role Azure Sphere Reader or more; the general Reader role is not "
                 "enough.");
    case LKS_CLOUD_ACTION_LIST_DEPLOYMENTS:
      return N_ ("This needs the role Azure Sphere Reader, Contributor or Owner; Publisher is not "
                 "enough.");
    case LKS_CLOUD_ACTION_PUBLISH:
      return N_ ("This needs the role Azure Sphere Publisher, Contributor or Owner.");
    case LKS_CLOUD_ACTION_PROVE:
      return N_ ("This needs the role Azure Sphere Publisher, Contributor or Owner; Reader is not "
                 "enough.");
    case LKS_CLOUD_ACTION_CHANGE:
    case LKS_CLOUD_ACTION_CLAIM:
      return N_ ("This needs the role Azure Sphere Contributor or Owner.");
    case LKS_CLOUD_ACTION_MOVE:
      return N_ ("This needs the role Azure Sphere Contributor or Owner on the device's present "
                 "group and on the new one.");
    case LKS_CLOUD_ACTION_CAPABILITY:
      return N_ ("This needs the role Azure Sphere Contributor or Owner; Publisher cannot make "
                 "capabilities.");
    case LKS_CLOUD_ACTION_DEPLOY:
      return N_ ("This needs the role Azure Sphere Contributor or Owner; Publisher cannot deploy.");
    }
  return NULL;
}

/* A tenant's own roles (vendor's page "Manage roles"). */
static const char *
get_role_in_tenant (LksCloudAction action)
{
  switch (action)
    {
    case LKS_CLOUD_ACTION_LOOK:
    case LKS_CLOUD_ACTION_LIST_DEPLOYMENTS:
      return N_ ("This needs the tenant's role Reader or more.");
    case LKS_CLOUD_ACTION_CHANGE:
      return N_ ("This needs the tenant's role Contributor or Administrator; only an Administrator "
                 "deletes.");
    case LKS_CLOUD_ACTION_PUBLISH:
    case LKS_CLOUD_ACTION_PROVE:
    case LKS_CLOUD_ACTION_CLAIM:
    case LKS_CLOUD_ACTION_MOVE:
    case LKS_CLOUD_ACTION_CAPABILITY:
    case LKS_CLOUD_ACTION_DEPLOY:
      break;
    }
  return N_ ("This needs the tenant's role Contributor or Administrator.");
}

/**
 * lks_cloud_action_get_role:
 * @action: what is to be done
 * @service: by which interface; each has roles of its own
 *
 * What a role of the organization's own permits is not known here: the service alone decides.
 *
 * Returns: (transfer none): which role suffices, as an English sentence, marked for translation
 */
const char *
lks_cloud_action_get_role (LksCloudAction action, LksCloudService service)
{
  return service == LKS_CLOUD_SERVICE_LEGACY ? get_role_in_tenant (action)
                                             : get_role_in_catalog (action);
}
