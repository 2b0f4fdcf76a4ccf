/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-arrival.h"

#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-group.h"
#include "lks-cloud-words-private.h"

/* clang-format off */
G_DEFINE_ENUM_TYPE (LksArrivalTest, lks_arrival_test,
  G_DEFINE_ENUM_VALUE (LKS_ARRIVAL_TEST_CLAIMED, "claimed"),
  G_DEFINE_ENUM_VALUE (LKS_ARRIVAL_TEST_GROUP, "group"),
  G_DEFINE_ENUM_VALUE (LKS_ARRIVAL_TEST_POLICY, "policy"),
  G_DEFINE_ENUM_VALUE (LKS_ARRIVAL_TEST_DEPLOYMENT, "deployment"),
  G_DEFINE_ENUM_VALUE (LKS_ARRIVAL_TEST_CAPABILITY, "capability"))
/* clang-format on */

/* One check while it lasts. */
typedef struct
{
  LksArrival *arrival;
  LksCloudClient *client;
  GCancellable *cancellable;
} Check;

static void
note (LksArrival *self, LksArrivalTest test, LksCloudFlag answer, const char *seen, char *subject)
{
  self->answers[test] = answer;
  self->notes[test] = seen;
  self->subjects[test] = subject;
}

static void
answer (LksArrival *self, LksArrivalTest test, gboolean is_true, const char *seen, char *subject)
{
  note (self, test, is_true ? LKS_CLOUD_FLAG_YES : LKS_CLOUD_FLAG_NO, seen, subject);
}

/* What one question meets keeps no other from its answer, unless all would meet it. @reason is
 * taken. FALSE: all has to end. */
static gboolean
note_refusal (LksArrival *self, LksArrivalTest test, GError *reason, GError **error)
{
  if (lks_cloud_error_concerns_all (reason))
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  note (self, test, LKS_CLOUD_FLAG_UNKNOWN, N_ ("The service did not tell:"),
        g_strdup (reason->message));
  if (self->error == NULL)
    self->error = reason;
  else
    g_error_free (reason);
  return TRUE;
}

static gboolean
check_policy (Check *check, const LksCloudScope *scope, GError **error)
{
  GError *reason = NULL;
  g_autoptr (LksCloudResource) resource =
      lks_cloud_resource_get (check->client, &lks_cloud_group_kind, scope, check->cancellable,
                              &reason);
  const LksCloudGroup *group = (const LksCloudGroup *) resource;

  if (group == NULL)
    return note_refusal (check->arrival, LKS_ARRIVAL_TEST_POLICY, reason, error);
  if (group->update_policy != NULL)
    note (check->arrival, LKS_ARRIVAL_TEST_POLICY, lks_cloud_group_gets_apps (group),
          N_ ("The device group and its update policy:"),
          g_strdup_printf ("%s, %s", scope->group, group->update_policy));
  return TRUE;
}

static void
check_images (LksArrival *self, const LksCloudScope *group)
{
  g_autofree char *images =
      lks_cloud_deployment_dup_images ((const LksCloudDeployment *) self->deployment);

  if (images == NULL)
    note (self, LKS_ARRIVAL_TEST_DEPLOYMENT, LKS_CLOUD_FLAG_UNKNOWN,
          N_ ("The service does not tell which images the deployment has:"),
          g_strdup (group->group));
  else if (images[0] == '\0')
    answer (self, LKS_ARRIVAL_TEST_DEPLOYMENT, FALSE,
            N_ ("The deployment of the device group has no images:"), g_strdup (group->group));
  else
    answer (self, LKS_ARRIVAL_TEST_DEPLOYMENT, TRUE, N_ ("Deployed to the device group:"),
            g_steal_pointer (&images));
}

static gboolean
check_deployment (Check *check, const LksCloudScope *group, GError **error)
{
  LksArrival *self = check->arrival;
  GError *reason = NULL;

  if (!lks_cloud_deployment_get_current (check->client, group, &self->deployment,
                                         check->cancellable, &reason))
    return note_refusal (self, LKS_ARRIVAL_TEST_DEPLOYMENT, reason, error);
  if (self->deployment != NULL)
    check_images (self, group);
  else
    answer (self, LKS_ARRIVAL_TEST_DEPLOYMENT, FALSE,
            N_ ("Nothing is deployed to the device group:"), g_strdup (group->group));
  return TRUE;
}

/* Only the device itself knows; the caller may have asked it. */
static void
check_capability (LksArrival *self, LksCloudFlag is_development)
{
  if (is_development == LKS_CLOUD_FLAG_UNKNOWN)
    self->notes[LKS_ARRIVAL_TEST_CAPABILITY] =
        N_ ("Only the board itself can tell which capabilities it has: attach it.");
  else if (is_development == LKS_CLOUD_FLAG_NO)
    answer (self, LKS_ARRIVAL_TEST_CAPABILITY, TRUE,
            N_ ("The board has no capability for development."), NULL);
  else
    answer (self, LKS_ARRIVAL_TEST_CAPABILITY, FALSE,
            N_ ("The board has the capability for development."), NULL);
}

/**
 * lks_arrival_check:
 * @self: zeroed
 * @client: a client
 * @catalog: a catalog
 * @device_id: a device, 128 digits, lower case
 * @is_development: whether the board has the capability appDevelopment, as far as it was asked
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error that would meet every question; what meets one alone is in
 *   @self
 *
 * Answers why an application does not arrive on a device, by the five conditions of the vendor's
 * documentation on updates. Blocks; worker threads only.
 *
 * Returns: whether the questions could be asked
 */
gboolean
lks_arrival_check (LksArrival *self,
                   LksCloudClient *client,
                   const LksCloudScope *catalog,
                   const char *device_id,
                   LksCloudFlag is_development,
                   GCancellable *cancellable,
                   GError **error)
{
  Check check = { self, client, cancellable };
  GError *reason = NULL;
  g_autoptr (LksCloudScope) place =
      lks_cloud_device_find_in (client, catalog, device_id, cancellable, &reason);
  g_autoptr (LksCloudScope) group = NULL;

  check_capability (self, is_development);
  if (reason != NULL)
    return note_refusal (self, LKS_ARRIVAL_TEST_CLAIMED, reason, error);
  answer (self, LKS_ARRIVAL_TEST_CLAIMED, place != NULL,
          place != NULL ? N_ ("The device belongs to the catalog:")
                        : N_ ("The device does not belong to the catalog:"),
          g_strdup (catalog->catalog));
  if (place == NULL)
    return TRUE;
  if (!lks_cloud_scope_is_assigned (place))
    {
      answer (self, LKS_ARRIVAL_TEST_GROUP, FALSE, N_ ("The device is in no device group."), NULL);
      return TRUE;
    }
  answer (self, LKS_ARRIVAL_TEST_GROUP, TRUE, N_ ("The device is in:"),
          g_strdup_printf ("%s › %s", place->product, place->group));
  group = lks_cloud_scope_dup_group (place, place->product, place->group);
  return check_policy (&check, group, error) && check_deployment (&check, group, error);
}

/**
 * lks_arrival_clear:
 * @self: used
 */
void
lks_arrival_clear (LksArrival *self)
{
  for (gsize i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    g_clear_pointer (&self->subjects[i], g_free);
  g_clear_pointer (&self->deployment, lks_cloud_resource_unref);
  g_clear_error (&self->error);
}

/**
 * lks_arrival_dup_detail:
 * @self: checked
 * @test: a test
 *
 * Returns: (transfer full) (nullable): what was seen, in English
 */
char *
lks_arrival_dup_detail (const LksArrival *self, LksArrivalTest test)
{
  const char *note = self->notes[test];

  return note != NULL ? g_strjoin (" ", note, self->subjects[test], NULL) : NULL;
}

/**
 * lks_arrival_get_advice:
 * @test: a test that is not true
 *
 * Returns: (transfer none): what to do about it, an English sentence, marked for translation
 */
const char *
lks_arrival_get_advice (LksArrivalTest test)
{
  switch (test)
    {
    case LKS_ARRIVAL_TEST_CLAIMED:
      return N_ ("Claim the device, or look for it in another catalog.");
    case LKS_ARRIVAL_TEST_GROUP:
      return N_ ("Put it into a device group.");
    case LKS_ARRIVAL_TEST_POLICY:
      return N_ ("Put it into a group that gets updates of applications, such as Field Test or "
                 "Production.");
    case LKS_ARRIVAL_TEST_DEPLOYMENT:
      return N_ ("Upload the image and deploy it to the group.");
    case LKS_ARRIVAL_TEST_CAPABILITY:
      return N_ (
          "Take the capability off the board: while it is there, the cloud installs nothing.");
    }
  return NULL;
}
