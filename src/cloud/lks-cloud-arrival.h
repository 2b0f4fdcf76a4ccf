/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksArrivalTest:
 * @LKS_ARRIVAL_TEST_CLAIMED: the catalog owns the device
 * @LKS_ARRIVAL_TEST_GROUP: it is in a device group
 * @LKS_ARRIVAL_TEST_POLICY: the group gets updates of applications
 * @LKS_ARRIVAL_TEST_DEPLOYMENT: images are deployed to the group
 * @LKS_ARRIVAL_TEST_CAPABILITY: the device has no capability for development
 *
 * What must be true for an application to arrive on a device. Nicks: "claimed", "group", "policy",
 * "deployment", "capability".
 */
typedef enum {
  LKS_ARRIVAL_TEST_CLAIMED,
  LKS_ARRIVAL_TEST_GROUP,
  LKS_ARRIVAL_TEST_POLICY,
  LKS_ARRIVAL_TEST_DEPLOYMENT,
  LKS_ARRIVAL_TEST_CAPABILITY,
} LksArrivalTest;

#define LKS_ARRIVAL_N_TESTS 5

#define LKS_TYPE_ARRIVAL_TEST (lks_arrival_test_get_type ())
GType lks_arrival_test_get_type (void);

/**
 * LksArrival:
 * @answers: for each test whether it is true; unknown where an earlier one is not, where the
 *   service refused to tell, and where it told what nobody here knows
 * @notes: (nullable): for each test what was seen, an English sentence, marked for translation
 * @subjects: (owned) (nullable): for each test what stands after its note: names
 * @deployment: (owned) (nullable): what the devices of its group shall have, an LksCloudDeployment
 * @error: (owned) (nullable): why the service did not tell the first that it refused to tell
 *
 * Why an application does not arrive.
 */
typedef struct {
  LksCloudFlag answers[LKS_ARRIVAL_N_TESTS];
  const char *notes[LKS_ARRIVAL_N_TESTS];
  char *subjects[LKS_ARRIVAL_N_TESTS];
  LksCloudResource *deployment;
  GError *error;
} LksArrival;

gboolean    lks_arrival_check      (LksArrival           *self,
                                    LksCloudClient       *client,
                                    const LksCloudScope  *catalog,
                                    const char           *device_id,
                                    LksCloudFlag          is_development,
                                    GCancellable         *cancellable,
                                    GError              **error);
void        lks_arrival_clear      (LksArrival           *self);
char       *lks_arrival_dup_detail (const LksArrival     *self,
                                    LksArrivalTest        test) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_arrival_get_advice (LksArrivalTest        test);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksArrival, lks_arrival_clear)

G_END_DECLS
