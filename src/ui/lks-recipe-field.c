/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a recipe can say, in the order and the words of the form. What is legal is not here: the
 * checker of recipe files says it. */
#include "lks-recipe-field.h"

#include <glib/gi18n-lib.h>

#define NO_ID "00000000-0000-0000-0000-000000000000"

/* ---- what the recipe is for ---- */

static const LksRecipeField recipe_fields[] = {
  { "name", LKS_FIELD_TEXT, N_ ("Name of the recipe"), NULL, .is_required = TRUE },
  { "product", LKS_FIELD_TEXT, N_ ("Product"), N_ ("Stands in the record of each board.") },
  { "deviceGroup", LKS_FIELD_TEXT, N_ ("Device group"),
    N_ ("The group of the product that the units go to.") },
  { NULL },
};

static const LksFieldChoice targets[] = {
  { "DeviceComplete", N_ ("DeviceComplete") },
  { "Module1Complete", N_ ("Module1Complete") },
  { NULL },
};

static const LksRecipeField target_fields[] = {
  { "targetState", LKS_FIELD_CHOICE, N_ ("Set the board to"), N_ ("Permanent."), targets,
    .is_required = TRUE },
  { "allowSkipModule1", LKS_FIELD_SWITCH, N_ ("From Blank in one step"),
    N_ ("Whether a Blank board may skip Module1Complete. Only with DeviceComplete.") },
  { "allowArmed", LKS_FIELD_SWITCH, N_ ("May be armed"),
    N_ ("Whether boards may start as soon as they are plugged in, while an operator has armed the "
        "wall.") },
  { NULL },
};

static const LksRecipeField label_fields[] = {
  { "label.pattern", LKS_FIELD_TEXT, N_ ("Pattern"),
    N_ ("A regular expression that the whole label must match, such as TH-[0-9]{6}. Without it any "
        "label will do.") },
  { "label.required", LKS_FIELD_SWITCH, N_ ("No unit without a label"), NULL },
  { NULL },
};

/* ---- software ---- */

static const LksRecipeField version_fields[] = {
  { "", LKS_FIELD_TEXT, N_ ("Version"), NULL, .is_required = TRUE },
  { NULL },
};

static const LksRecipeField os_list_fields[] = {
  { "osList", LKS_FIELD_TEXT, N_ ("List of versions"),
    N_ ("A file beside the recipe, the vendor’s mt3620an.json. With it a version is recognised by "
        "the images on the board too.") },
  { "osListSha256", LKS_FIELD_TEXT, N_ ("SHA-256 of the list"),
    N_ ("With it the recipe answers for the list.") },
  { "minimumRestApiVersion", LKS_FIELD_TEXT, N_ ("Oldest REST version"),
    N_ ("At least 4.0.0, which counts when nothing stands here.") },
  { NULL },
};

static const LksRecipeField image_fields[] = {
  { "name", LKS_FIELD_TEXT, N_ ("Name"), N_ ("For people.") },
  { "imageId", LKS_FIELD_ID, N_ ("Image ID"), NULL, .is_required = TRUE },
  { "componentId", LKS_FIELD_ID, N_ ("Component ID"),
    N_ ("When given, the image must belong to it.") },
  { "package", LKS_FIELD_TEXT, N_ ("Package"),
    N_ ("A file beside the recipe from which the image is loaded when a board lacks it.") },
  { "packageSha256", LKS_FIELD_TEXT, N_ ("SHA-256 of the package"), N_ ("Needed with a package.") },
  { NULL },
};

static const LksRecipeField configuration_fields[] = {
  { "boardConfiguration.componentId", LKS_FIELD_ID, N_ ("Component ID"), NULL },
  { "boardConfiguration.imageId", LKS_FIELD_ID, N_ ("Image ID"),
    N_ ("When given, exactly this image of it.") },
  { "boardConfiguration.name", LKS_FIELD_TEXT, N_ ("Name"), N_ ("For people.") },
  { NULL },
};

static const LksRecipeField absent_fields[] = {
  { "", LKS_FIELD_ID, N_ ("Component ID"), NULL, .is_required = TRUE },
  { NULL },
};

/* ---- configuration ---- */

static const LksRecipeField expectation_fields[] = {
  { "noCapabilities", LKS_FIELD_SWITCH, N_ ("No capabilities"),
    N_ ("But for the RF test mode of a Blank board. Off: only internal and unknown ones are "
        "refused, and those that keep a board open that is to be locked."),
    .is_on = TRUE },
  { "noWifiNetworks", LKS_FIELD_SWITCH, N_ ("No Wi-Fi networks"),
    N_ ("Does not count when networks are listed below."), .is_on = TRUE },
  { "noCertificates", LKS_FIELD_SWITCH, N_ ("No certificates"),
    N_ ("Does not count when certificates are listed below."), .is_on = TRUE },
  { NULL },
};

static const LksFieldChoice securities[] = {
  { NULL, N_ ("Any") },
  { "open", N_ ("Open") },
  { "psk", N_ ("WPA2 password") },
  { "eaptls", N_ ("EAP-TLS certificates") },
  { NULL },
};

static const LksRecipeField network_fields[] = {
  { "ssid", LKS_FIELD_TEXT, N_ ("Name (SSID)"), NULL, .is_required = TRUE },
  { "security", LKS_FIELD_CHOICE, N_ ("Protection"), NULL, securities },
  { NULL },
};

static const LksRecipeField certificate_fields[] = {
  { "id", LKS_FIELD_TEXT, N_ ("Identifier"), N_ ("Its name in the board’s certificate store."),
    .is_required = TRUE },
  { "subject", LKS_FIELD_TEXT, N_ ("Subject"),
    N_ ("As the board writes it, such as /CN=thermostat.") },
  { "validDays", LKS_FIELD_NUMBER, N_ ("Valid for at least"), N_ ("Days from now.") },
  { NULL },
};

static const LksRecipeField interface_fields[] = {
  { "name", LKS_FIELD_TEXT, N_ ("Name"), N_ ("Such as eth0."), .is_required = TRUE },
  { "up", LKS_FIELD_SWITCH, N_ ("Up"), N_ ("Off: it must be down.") },
  { NULL },
};

/* ---- how ---- */

static const LksFieldChoice policies[] = {
  { "none", N_ ("Not at all") },
  { "before-lock", N_ ("Before the lock") },
  { "queue", N_ ("When there is a network") },
  { NULL },
};

static const LksRecipeField claim_fields[] = {
  { "claim.policy", LKS_FIELD_CHOICE, N_ ("Claim"),
    N_ ("Before the lock: a board that cannot be claimed is not locked."), policies },
  { "claim.catalog", LKS_FIELD_TEXT, N_ ("Catalog"),
    N_ ("Its whole ID: /subscriptions/…/resourceGroups/…/providers/Microsoft.AzureSphere/"
        "catalogs/…") },
  { "claim.product", LKS_FIELD_TEXT, N_ ("Product in the catalog"),
    N_ ("Without it the board is claimed into the catalog alone.") },
  { "claim.deviceGroup", LKS_FIELD_TEXT, N_ ("Device group in the catalog"),
    N_ ("Needed with a product.") },
  { NULL },
};

static const LksRecipeField limit_fields[] = {
  { "limits.checkSeconds", LKS_FIELD_NUMBER, N_ ("All checks"), N_ ("Seconds. Empty: no limit.") },
  { "limits.stepSeconds", LKS_FIELD_NUMBER, N_ ("Each check"), N_ ("Seconds. Empty: no limit.") },
  { "limits.runSeconds", LKS_FIELD_NUMBER, N_ ("The whole run"),
    N_ ("Seconds, after which nothing new is begun. Empty: no limit.") },
  { "restart.waitSeconds", LKS_FIELD_NUMBER, N_ ("Restart of the board"),
    N_ ("Seconds it may take. Empty: 60.") },
  { "restart.powerCycleSeconds", LKS_FIELD_NUMBER, N_ ("Switching off and on by hand"),
    N_ ("Seconds that are waited for a person. Empty: 120.") },
  { "restart.alwaysProve", LKS_FIELD_SWITCH, N_ ("Always prove a restart"),
    N_ ("Even when the board is found in its target state.") },
  { NULL },
};

static const LksFieldChoice waivers[] = {
  { NULL, N_ ("Nobody") },
  { "engineer", N_ ("Engineers") },
  { "operator", N_ ("Operators and engineers") },
  { NULL },
};

#define WAIVER(check, title)                                                                       \
  {                                                                                                \
    "mayWaive", LKS_FIELD_CHOICE, title, NULL, waivers, .waived = check                            \
  }

static const LksRecipeField waiver_fields[] = {
  WAIVER ("rest-version", N_ ("REST version")),
  WAIVER ("label", N_ ("Label")),
  WAIVER ("os-version", N_ ("OS version")),
  WAIVER ("images", N_ ("Applications")),
  WAIVER ("board-configuration", N_ ("Board configuration")),
  WAIVER ("wifi-networks", N_ ("Wi-Fi networks")),
  WAIVER ("certificates", N_ ("Certificates")),
  WAIVER ("interfaces", N_ ("Network interfaces")),
  WAIVER ("time-limits", N_ ("Time limits")),
  { NULL },
};

static const LksRecipeGroup groups[] = {
  { N_ ("Recipe"), NULL, recipe_fields },
  { N_ ("Target State"), NULL, target_fields },
  { N_ ("Label of the Unit"), N_ ("The serial number or label, as it is scanned or typed."),
    label_fields },
  { N_ ("Allowed OS Versions"), N_ ("A board with any other version is not locked."),
    version_fields, .list = "allowedOsVersions", .thing = N_ ("Version"), .example = "\"\"",
    .none = N_ ("No version yet: at least one must be allowed."), .is_required = TRUE },
  { N_ ("Recognising the Software"), NULL, os_list_fields },
  { N_ ("Applications"), N_ ("Exactly these images must be on the board."), image_fields,
    .list = "images", .thing = N_ ("Image"), .example = "{ \"imageId\": \"" NO_ID "\" }",
    .shorthand = "imageId", .none = N_ ("No application may be on the board."),
    .is_required = TRUE },
  { N_ ("Board Configuration"),
    N_ ("The one that must be there, for instance for Ethernet. Empty: none is demanded."),
    configuration_fields },
  { N_ ("Components That Must Be Absent"), N_ ("The RF test server always is among them."),
    absent_fields, .list = "absentComponents", .thing = N_ ("Component"),
    .example = "\"" NO_ID "\"",
    .unlisted = N_ ("Not listed: the RF test server and the debug server."),
    .none = N_ ("An empty list: the RF test server alone.") },
  { N_ ("What Must Not Be There"), NULL, expectation_fields },
  { N_ ("Wi-Fi Networks"), N_ ("When listed, exactly these must be configured."), network_fields,
    .list = "wifiNetworks", .thing = N_ ("Network"), .example = "{ \"ssid\": \"\" }",
    .unlisted = N_ ("Not listed: the switch above counts."),
    .none = N_ ("An empty list: there must be none.") },
  { N_ ("Certificates"), N_ ("When listed, exactly these must be in the certificate store."),
    certificate_fields, .list = "certificates", .thing = N_ ("Certificate"),
    .example = "{ \"id\": \"\" }", .unlisted = N_ ("Not listed: the switch above counts."),
    .none = N_ ("An empty list: there must be none.") },
  { N_ ("Network Interfaces"), N_ ("Others do not matter."), interface_fields, .list = "interfaces",
    .thing = N_ ("Interface"), .example = "{ \"name\": \"\", \"up\": true }",
    .unlisted = N_ ("None is demanded."), .none = N_ ("None is demanded.") },
  { N_ ("Claim"), N_ ("A claim is for ever: a board can never leave its catalog again."),
    claim_fields },
  { N_ ("Time Limits"), N_ ("A board that is slow to answer is often about to fail."),
    limit_fields },
  { N_ ("Who May Waive a Failed Check"),
    N_ ("With a reason and for a time; it stands in the record. Other checks can never be waived."),
    waiver_fields },
};

/**
 * lks_recipe_group_list_all:
 * @out_groups: (out): how many
 *
 * Returns: (transfer none) (array length=out_groups): all that a recipe can say
 */
const LksRecipeGroup *
lks_recipe_group_list_all (guint *out_groups)
{
  *out_groups = G_N_ELEMENTS (groups);
  return groups;
}
