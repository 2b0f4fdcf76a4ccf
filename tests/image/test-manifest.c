/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an application asks for, and what two of them cannot have both. */
#include "lks-cursor.h"
#include "lks-peripheral.h"

#include <string.h>

#define ONE "11111111-2222-3333-4444-555555555555"
#define OTHER "99999999-2222-3333-4444-555555555555"

static LksManifest *
parse (const char *component_id, const char *members, const char *capabilities, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":\"%s\"%s,"
                       "\"Capabilities\":{%s}}",
                       component_id, members, capabilities);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return lks_manifest_parse (bytes, error);
}

static LksManifest *
parse_good (const char *component_id, const char *members, const char *capabilities)
{
  g_autoptr (GError) error = NULL;
  LksManifest *manifest = parse (component_id, members, capabilities, &error);

  g_assert_no_error (error);
  return manifest;
}

static void
test_everything (void)
{
  g_autoptr (LksManifest) manifest = parse_good (
      ONE,
      ",\"EntryPoint\":\"/bin/app\",\"CmdArgs\":[\"-v\",\"x y\"],"
      "\"ApplicationType\":\"RealTimeCapable\",\"MallocVersion\":2",
      "\"Gpio\":[12,8],\"Uart\":[\"ISU0\"],\"Adc\":[\"ADC-CONTROLLER-0\"],"
      "\"AllowedConnections\":[\"example.com\",\"10.0.0.1\"],\"AllowedTcpServerPorts\":[80,443],"
      "\"AllowedUdpServerPorts\":[],\"AllowedApplicationConnections\":["
      "\"ABCDEFAB-2222-3333-4444-555555555555\"],\"MutableStorage\":{\"SizeKB\":64},"
      "\"DeviceAuthentication\":\"77777777-2222-3333-4444-555555555555\","
      "\"PowerControls\":[\"ForceReboot\"],\"WifiConfig\":true,\"SystemTime\":false,"
      "\"SoftwareUpdateDeferral\":[\"Application\"],\"SystemEventNotifications\":[],"
      "\"NewThing\":{\"a\":1}");

  g_assert_cmpstr (manifest->entry_point, ==, "/bin/app");
  g_assert_cmpstrv (manifest->arguments, ((const char *[]){ "-v", "x y", NULL }));
  g_assert_cmpint (manifest->type, ==, LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE);
  g_assert_cmpstrv (manifest->peripherals, ((const char *[]){ "Adc ADC-CONTROLLER-0", "Gpio 8",
                                                              "Gpio 12", "Uart ISU0", NULL }));
  g_assert_false (manifest->is_asked_twice);
  g_assert_cmpstrv (manifest->connections, ((const char *[]){ "example.com", "10.0.0.1", NULL }));
  g_assert_cmpuint (manifest->tcp_ports->len, ==, 2);
  g_assert_cmpuint (g_array_index (manifest->tcp_ports, guint, 1), ==, 443);
  g_assert_cmpuint (manifest->udp_ports->len, ==, 0);
  g_assert_cmpstr (manifest->partners[0], ==, "abcdefab-2222-3333-4444-555555555555");
  g_assert_cmpuint (manifest->storage_kib, ==, 64);
  g_assert_cmpstr (manifest->authentication, ==, "77777777-2222-3333-4444-555555555555");
  g_assert_cmpstr (manifest->power_controls[0], ==, "ForceReboot");
  g_assert_cmpstrv (manifest->permissions,
                    ((const char *[]){ "NewThing", "SoftwareUpdateDeferral", "WifiConfig", NULL }));
}

static void
test_nothing (void)
{
  g_autoptr (LksManifest) manifest = parse_good (ONE, "", "");

  g_assert_null (manifest->entry_point);
  g_assert_null (manifest->arguments[0]);
  g_assert_null (manifest->peripherals[0]);
  g_assert_null (manifest->permissions[0]);
  g_assert_null (manifest->authentication);
  g_assert_cmpint (manifest->type, ==, LKS_APPLICATION_TYPE_DEFAULT);
  g_assert_false (lks_manifest_uses_peripherals (manifest));
}

static void
test_refuses (void)
{
  static const char *const cases[][2] = {
    { "\"Gpio\":8", "Gpio" },
    { "\"Gpio\":[true]", "Gpio" },
    { "\"AllowedTcpServerPorts\":[65536]", "AllowedTcpServerPorts" },
    { "\"AllowedUdpServerPorts\":[-1]", "AllowedUdpServerPorts" },
    { "\"AllowedUdpServerPorts\":[\"53\"]", "AllowedUdpServerPorts" },
    { "\"AllowedApplicationConnections\":[\"me\"]", "“me” is not a component ID" },
    { "\"AllowedConnections\":\"all\"", "AllowedConnections" },
    { "\"MutableStorage\":8", "MutableStorage" },
    { "\"MutableStorage\":{}", "SizeKB" },
    { "\"DeviceAuthentication\":1", "DeviceAuthentication" },
    { "\"PowerControls\":\"ForceReboot\"", "PowerControls" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (ONE, "", cases[i][0], &error));
      g_assert_true (error->domain == LKS_PARSE_ERROR);
      if (strstr (error->message, cases[i][1]) == NULL)
        g_error ("“%s” does not name %s", error->message, cases[i][1]);
    }
}

static void
test_same_peripherals (void)
{
  static const struct
  {
    const char *one;
    const char *other;
    gboolean same;
  } cases[] = {
    { "\"Gpio\":[8,9]", "\"Gpio\":[9,8]", TRUE },
    { "\"Gpio\":[8,8]", "\"Gpio\":[8]", TRUE },
    { "\"Gpio\":[8]", "\"Gpio\":[8],\"SystemTime\":true", TRUE },
    { "\"Gpio\":[8]", "\"Gpio\":[8,9]", FALSE },
    { "\"Gpio\":[8,9]", "\"Gpio\":[8]", FALSE },
    { "\"Uart\":[\"ISU0\"]", "\"I2cMaster\":[\"ISU0\"]", FALSE },
    { "", "", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksManifest) one = parse_good (ONE, "", cases[i].one);
      g_autoptr (LksManifest) other = parse_good (OTHER, "", cases[i].other);

      g_assert_cmpint (lks_manifest_has_same_peripherals (one, other), ==, cases[i].same);
    }
}

static void
test_blocks (void)
{
  static const char *const cases[][2] = {
    { "Gpio 0", "PWM-CONTROLLER-0" },
    { "Gpio 3", "PWM-CONTROLLER-0" },
    { "Gpio 4", "PWM-CONTROLLER-1" },
    { "Pwm PWM-CONTROLLER-2", "PWM-CONTROLLER-2" },
    { "Gpio 24", NULL },
    { "Gpio 26", "ISU0" },
    { "Gpio 30", "ISU0" },
    { "Gpio 40", "ISU2" },
    { "Gpio 41", "ADC-CONTROLLER-0" },
    { "Gpio 75", "ISU4" },
    { "Gpio 80", NULL },
    { "Uart ISU4", "ISU4" },
    { "Uart ISU9", NULL },
    { "Gpio x", NULL },
    { "nothing", NULL },
    { "Gpio 4294967296", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (lks_peripheral_get_block (cases[i][0]), ==, cases[i][1]);
}

#define NONE (-1)
#define CERTAIN LKS_CLASH_KIND_CERTAIN
#define POSSIBLE LKS_CLASH_KIND_POSSIBLE
#define REAL_TIME ",\"ApplicationType\":\"RealTimeCapable\""

/* Two packages, and whether a board can have both. */
static void
test_clashes (void)
{
  static const struct
  {
    const char *other_id;
    const char *one_type;
    const char *one;
    const char *other;
    int kind; /* of the only clash */
  } cases[] = {
    { OTHER, "", "\"Gpio\":[8]", "\"Gpio\":[8]", CERTAIN },
    { OTHER, "", "\"Gpio\":[8]", "\"Gpio\":[12]", NONE },
    { OTHER, "", "\"Gpio\":[8]", "\"Gpio\":[9]", NONE },
    { OTHER, REAL_TIME, "\"Gpio\":[8]", "\"Gpio\":[9]", POSSIBLE },
    { OTHER, REAL_TIME, "\"Gpio\":[8]", "\"Gpio\":[12]", NONE },
    { OTHER, "", "\"Uart\":[\"ISU0\"]", "\"Uart\":[\"ISU0\"]", CERTAIN },
    { OTHER, "", "\"Uart\":[\"ISU0\"]", "\"SpiMaster\":[\"ISU0\"]", CERTAIN },
    { OTHER, "", "\"Uart\":[\"ISU0\"]", "\"Uart\":[\"ISU1\"]", NONE },
    { OTHER, "", "\"Uart\":[\"ISU0\"]", "\"Gpio\":[26]", POSSIBLE },
    { OTHER, "", "\"Pwm\":[\"PWM-CONTROLLER-2\"]", "\"Gpio\":[8]", POSSIBLE },
    { OTHER, "", "\"Adc\":[\"ADC-CONTROLLER-0\"]", "\"Gpio\":[40]", NONE },
    { OTHER, "", "\"AllowedTcpServerPorts\":[80,81]", "\"AllowedTcpServerPorts\":[82,81]",
      CERTAIN },
    { OTHER, "", "\"AllowedTcpServerPorts\":[80]", "\"AllowedUdpServerPorts\":[80]", NONE },
    { OTHER, "", "", "", NONE },
    { ONE, "", "\"Gpio\":[8]", "\"Gpio\":[8]", NONE }, /* an update of the same component */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksManifest) one = parse_good (ONE, cases[i].one_type, cases[i].one);
      g_autoptr (LksManifest) other = parse_good (cases[i].other_id, "", cases[i].other);
      g_autoptr (GPtrArray) there = lks_manifest_find_clashes (one, other);
      g_autoptr (GPtrArray) back = lks_manifest_find_clashes (other, one);

      g_test_message ("%s / %s", cases[i].one, cases[i].other);
      g_assert_cmpuint (there->len, ==, cases[i].kind == NONE ? 0 : 1);
      g_assert_cmpuint (back->len, ==, there->len);
      if (there->len > 0)
        {
          const LksClash *clash = g_ptr_array_index (there, 0);

          g_assert_cmpint ((int) clash->kind, ==, cases[i].kind);
          g_assert_nonnull (clash->one);
          g_assert_nonnull (clash->other);
        }
    }
}

static void
test_clashes_with_itself (void)
{
  g_autoptr (LksManifest) good =
      parse_good (ONE, REAL_TIME, "\"Gpio\":[8,9],\"Uart\":[\"ISU0\",\"ISU1\"]");
  g_autoptr (LksManifest) bad =
      parse_good (ONE, "", "\"Uart\":[\"ISU0\"],\"I2cMaster\":[\"ISU0\"]");
  g_autoptr (LksManifest) twice = parse_good (ONE, "", "\"Gpio\":[8,8]");
  g_autoptr (GPtrArray) none = lks_manifest_find_clashes (good, good);
  g_autoptr (GPtrArray) one = lks_manifest_find_clashes (bad, bad);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_true (twice->is_asked_twice);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manifest/everything", test_everything);
  g_test_add_func ("/manifest/nothing", test_nothing);
  g_test_add_func ("/manifest/refuses", test_refuses);
  g_test_add_func ("/manifest/same-peripherals", test_same_peripherals);
  g_test_add_func ("/manifest/blocks", test_blocks);
  g_test_add_func ("/manifest/clashes", test_clashes);
  g_test_add_func ("/manifest/clashes-with-itself", test_clashes_with_itself);

  return g_test_run ();
}
