/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-peripheral.h"

#include "lks-number.h"

#include <string.h>

#define GPIO_PREFIX "Gpio "

/* The chip's blocks and the GPIO pins they share (vendor's hardware definition of the MT3620,
 * "pin shared with …"). Pins 12 to 23 have blocks of four without another function. */
static const struct
{
  const char *name;
  guint first_pin;
  guint last_pin;
} blocks[] = {
  { "PWM-CONTROLLER-0", 0, 3 },
  { "PWM-CONTROLLER-1", 4, 7 },
  { "PWM-CONTROLLER-2", 8, 11 },
  { "GPIO 12–15", 12, 15 },
  { "GPIO 16–19", 16, 19 },
  { "GPIO 20–23", 20, 23 },
  { "ISU0", 26, 30 },
  { "ISU1", 31, 35 },
  { "ISU2", 36, 40 },
  { "ADC-CONTROLLER-0", 41, 48 },
  { "ISU3", 66, 70 },
  { "ISU4", 71, 75 },
};

static gboolean
read_pin (const char *peripheral, guint64 *out_pin)
{
  return g_str_has_prefix (peripheral, GPIO_PREFIX) &&
         lks_number_read_unsigned (peripheral + strlen (GPIO_PREFIX), 0, G_MAXUINT32, out_pin);
}

/**
 * lks_peripheral_compare:
 * @one: (type utf8): pointer to a peripheral's text
 * @other: (type utf8): pointer to another
 *
 * Orders by kind, pins by number; for g_ptr_array_sort().
 *
 * Returns: as strcmp()
 */
int
lks_peripheral_compare (gconstpointer one, gconstpointer other)
{
  const char *a = *(const char *const *) one;
  const char *b = *(const char *const *) other;
  guint64 pin_a;
  guint64 pin_b;

  if (read_pin (a, &pin_a) && read_pin (b, &pin_b))
    return pin_a < pin_b ? -1 : pin_a > pin_b;
  return strcmp (a, b);
}

/**
 * lks_peripheral_get_block:
 * @peripheral: a peripheral as [struct@Lks.Manifest] writes it, such as "Uart ISU0", "Gpio 8"
 *
 * Returns: (transfer none) (nullable): the block of the chip it belongs to, such as "ISU0" or
 *   "PWM-CONTROLLER-2"; NULL when it is not known
 */
const char *
lks_peripheral_get_block (const char *peripheral)
{
  const char *space = strchr (peripheral, ' ');
  guint64 pin;

  if (space == NULL)
    return NULL;

  if (!read_pin (peripheral, &pin))
    pin = G_MAXUINT64;
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (strcmp (space + 1, blocks[i].name) == 0 ||
        (pin >= blocks[i].first_pin && pin <= blocks[i].last_pin))
      return blocks[i].name;

  return NULL;
}

static gboolean
has_all (const char *const *list, const char *const *wanted)
{
  for (gsize i = 0; wanted[i] != NULL; i++)
    if (!g_strv_contains (list, wanted[i]))
      return FALSE;

  return TRUE;
}

/**
 * lks_peripherals_are_equal:
 * @one: (array zero-terminated=1): peripherals as [struct@Lks.Manifest] writes them
 * @other: (array zero-terminated=1): others
 *
 * Returns: whether both are the same peripheral configuration, in whatever order
 */
gboolean
lks_peripherals_are_equal (const char *const *one, const char *const *other)
{
  return has_all (one, other) && has_all (other, one);
}

/* One peripheral, or one block as two things. */
static gboolean
is_same_thing (const char *one, const char *other)
{
  const char *block = lks_peripheral_get_block (one);

  return g_str_equal (one, other) || (block != NULL && !g_str_has_prefix (one, GPIO_PREFIX) &&
                                      !g_str_has_prefix (other, GPIO_PREFIX) &&
                                      g_strcmp0 (block, lks_peripheral_get_block (other)) == 0);
}

/**
 * lks_peripherals_exclude:
 * @one: (array zero-terminated=1): peripherals of an application
 * @other: (array zero-terminated=1): those of another
 *
 * Returns: whether it is certain that no board can give both what they ask for
 */
gboolean
lks_peripherals_exclude (const char *const *one, const char *const *other)
{
  for (gsize i = 0; one[i] != NULL; i++)
    for (gsize k = 0; other[k] != NULL; k++)
      if (is_same_thing (one[i], other[k]))
        return TRUE;

  return FALSE;
}

static void
clash_free (gpointer data)
{
  LksClash *self = data;

  g_free (self->one);
  g_free (self->other);
  g_free (self);
}

static void
take_clash (GPtrArray *clashes, LksClashKind kind, char *one, char *other)
{
  LksClash *clash = g_new0 (LksClash, 1);

  clash->kind = kind;
  clash->one = one;
  clash->other = other;
  g_ptr_array_add (clashes, clash);
}

/* A block has one owner. Pins of one block may be shared by applications of one core: the
 * board objects when they run on different ones (error 5242895). */
static void
compare_peripherals (const LksManifest *one,
                     const char *peripheral,
                     const LksManifest *other,
                     const char *other_peripheral,
                     GPtrArray *clashes)
{
  const char *block = lks_peripheral_get_block (peripheral);
  const char *other_block = lks_peripheral_get_block (other_peripheral);
  guint pins =
      g_str_has_prefix (peripheral, GPIO_PREFIX) + g_str_has_prefix (other_peripheral, GPIO_PREFIX);
  gboolean same_core = one == other || (one->type != LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE &&
                                        other->type != LKS_APPLICATION_TYPE_REAL_TIME_CAPABLE);

  if (is_same_thing (peripheral, other_peripheral))
    take_clash (clashes, LKS_CLASH_KIND_CERTAIN, g_strdup (peripheral),
                g_strdup (other_peripheral));
  else if (block != NULL && g_strcmp0 (block, other_block) == 0 && (pins == 1 || !same_core))
    take_clash (clashes, LKS_CLASH_KIND_POSSIBLE, g_strdup (peripheral),
                g_strdup (other_peripheral));
}

static void
compare_ports (const char *protocol, const GArray *ports, const GArray *others, GPtrArray *clashes)
{
  for (guint i = 0; i < ports->len; i++)
    for (guint k = 0; k < others->len; k++)
      if (g_array_index (ports, guint, i) == g_array_index (others, guint, k))
        take_clash (clashes, LKS_CLASH_KIND_CERTAIN,
                    g_strdup_printf ("%s port %u", protocol, g_array_index (ports, guint, i)),
                    g_strdup_printf ("%s port %u", protocol, g_array_index (ports, guint, i)));
}

static void
compare_with_itself (const LksManifest *self, GPtrArray *clashes)
{
  for (gsize i = 0; self->peripherals[i] != NULL; i++)
    for (gsize k = i + 1; self->peripherals[k] != NULL; k++)
      compare_peripherals (self, self->peripherals[i], self, self->peripherals[k], clashes);
}

/**
 * lks_manifest_find_clashes:
 * @one: a manifest
 * @other: another, or the same for what contradicts itself
 *
 * Finds what two applications cannot have both: a peripheral has one owner, an ISU block is
 * one of UART, I2C and SPI, a port is served by one (device error numbers 1048601, 5242884,
 * 5242888, 5242895, 2097187, 3145748). Two manifests of one component replace each other and
 * never clash.
 *
 * Returns: (transfer full) (element-type LksClash): what was found, maybe nothing
 */
GPtrArray *
lks_manifest_find_clashes (const LksManifest *one, const LksManifest *other)
{
  GPtrArray *clashes = g_ptr_array_new_with_free_func (clash_free);

  if (one == other)
    {
      compare_with_itself (one, clashes);
      return clashes;
    }
  if (g_str_equal (one->component_id, other->component_id))
    return clashes;

  for (gsize i = 0; one->peripherals[i] != NULL; i++)
    for (gsize k = 0; other->peripherals[k] != NULL; k++)
      compare_peripherals (one, one->peripherals[i], other, other->peripherals[k], clashes);
  compare_ports ("TCP", one->tcp_ports, other->tcp_ports, clashes);
  compare_ports ("UDP", one->udp_ports, other->udp_ports, clashes);
  return clashes;
}
