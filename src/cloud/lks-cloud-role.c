/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-role.h"

/**
 * lks_cloud_action_get_role:
 * @action: what is to be done
 *
 * The vendor's built-in roles (page "Azure Sphere RBAC"). What a role of the organization's own
 * permits is not known here: the service alone decides.
 *
 * Returns: (transfer none): which role suffices, as an English sentence
 */
const char *
lks_cloud_action_get_role (LksCloudAction action)
{
  switch (action)
    {
    case LKS_CLOUD_ACTION_LOOK:
      return "This needs the role Azure Sphere Reader or more; the general Reader role is not "
             "enough.";
    case LKS_CLOUD_ACTION_LIST_DEPLOYMENTS:
      return "This needs the role Azure Sphere Reader, Contributor or Owner; Publisher is not "
             "enough.";
    case LKS_CLOUD_ACTION_PUBLISH:
      return "This needs the role Azure Sphere Publisher, Contributor or Owner.";
    case LKS_CLOUD_ACTION_PROVE:
      return "This needs the role Azure Sphere Publisher, Contributor or Owner; Reader is not "
             "enough.";
    case LKS_CLOUD_ACTION_CHANGE:
    case LKS_CLOUD_ACTION_CLAIM:
      return "This needs the role Azure Sphere Contributor or Owner.";
    case LKS_CLOUD_ACTION_MOVE:
      return "This needs the role Azure Sphere Contributor or Owner on the device's present group "
             "and on the new one.";
    case LKS_CLOUD_ACTION_CAPABILITY:
      return "This needs the role Azure Sphere Contributor or Owner; Publisher cannot make "
             "capabilities.";
    case LKS_CLOUD_ACTION_DEPLOY:
      return "This needs the role Azure Sphere Contributor or Owner; Publisher cannot deploy.";
    }
  return NULL;
}
