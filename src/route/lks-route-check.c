/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-check.h"

#include "lks-capability.h"
#include "lks-keystore.h"
#include "lks-os-shelf.h"
#include "lks-route-private.h"

/* The vendor publishes a version every few months. */
#define OS_LIST_OLD_DAYS 60

G_DEFINE_ENUM_TYPE (LksRouteState,
                    lks_route_state,
                    G_DEFINE_ENUM_VALUE (LKS_ROUTE_STATE_THERE, "there"),
                    G_DEFINE_ENUM_VALUE (LKS_ROUTE_STATE_MIND, "mind"),
                    G_DEFINE_ENUM_VALUE (LKS_ROUTE_STATE_MISSING, "missing"))

typedef struct
{
  const LksRoute *route;
  const LksRouteLook *look;
  GCancellable *cancellable;
  GPtrArray *findings;   /* (owned) (element-type LksRouteFinding) */
  GHashTable *sound;     /* (owned) (element-type utf8): IDs of images that are there */
  gboolean has_keystore; /* and it is what was taken along */
} Check;

static void
finding_free (LksRouteFinding *self)
{
  g_free (self->device_id);
  g_free (self->subject);
  g_free (self);
}

/* @subject is taken. */
static LksRouteFinding *
add (Check *self,
     LksRouteThing thing,
     LksRouteState state,
     const LksRouteDevice *device,
     char *subject,
     const char *note)
{
  LksRouteFinding *finding = g_new0 (LksRouteFinding, 1);

  finding->thing = thing;
  finding->state = state;
  finding->device_id = device != NULL ? g_strdup (device->device_id) : NULL;
  finding->subject = subject;
  finding->note = note;
  g_ptr_array_add (self->findings, finding);
  return finding;
}

static char *
dup_date (gint64 unix_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_s);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("?");
}

/* ---- what is for all ---- */

static void
check_vault (Check *self)
{
  if (self->look->door != NULL)
    {
      add (self, LKS_ROUTE_THING_VAULT, LKS_ROUTE_STATE_THERE, NULL, NULL,
           N_ ("The vault is open, and needs no network for that."));
      return;
    }
  add (self, LKS_ROUTE_THING_VAULT, LKS_ROUTE_STATE_MISSING, NULL,
       g_strdup (self->look->vault_problem), N_ ("The vault cannot be opened:"))
      ->advice = N_ ("Unlock the keyring of this computer; its password must be known on the way.");
}

static void
check_image (Check *self, const LksRouteImage *image)
{
  g_autofree char *path = lks_route_dup_image_path (self->look->folder, image->image_id);
  g_autofree char *hash = lks_route_hash_file (path);
  char *subject = image->name != NULL ? g_strdup_printf ("%s (%s)", image->name, image->image_id)
                                      : g_strdup (image->image_id);

  if (hash != NULL && g_strcmp0 (hash, image->sha256) == 0)
    {
      g_hash_table_add (self->sound, image->image_id);
      add (self, LKS_ROUTE_THING_IMAGE, LKS_ROUTE_STATE_THERE, NULL, subject,
           N_ ("The file is as it was signed:"));
      return;
    }
  add (self, LKS_ROUTE_THING_IMAGE, LKS_ROUTE_STATE_MISSING, NULL, subject,
       hash != NULL ? N_ ("The file is not the one that was fetched:")
                    : N_ ("The file is not there:"))
      ->advice = N_ ("Pack the route again while there is a network.");
}

/* Wanted, but never found: it has no file. */
static void
check_wanted (Check *self, const char *wanted)
{
  for (guint i = 0; i < self->route->images->len; i++)
    {
      const LksRouteImage *image = g_ptr_array_index (self->route->images, i);

      if (g_strcmp0 (image->name, wanted) == 0 || g_ascii_strcasecmp (image->image_id, wanted) == 0)
        return;
    }
  add (self, LKS_ROUTE_THING_IMAGE, LKS_ROUTE_STATE_MISSING, NULL, g_strdup (wanted),
       N_ ("The catalog was not found to have just one such image:"))
      ->advice = N_ ("Look at the list of images of the catalog, and name it by its ID.");
}

static void
check_os_versions (Check *self)
{
  g_autoptr (LksOsShelf) shelf = lks_os_shelf_load (self->look->os_path, NULL);
  const char *newest = shelf != NULL ? lks_os_shelf_get_newest (shelf) : NULL;
  g_autofree char *date = shelf != NULL ? dup_date (shelf->kept_unix_s) : NULL;
  gint64 age = shelf != NULL ? lks_os_shelf_get_age (shelf, self->look->leave_unix_s) : 0;

  if (shelf == NULL)
    add (self, LKS_ROUTE_THING_OS_VERSIONS, LKS_ROUTE_STATE_MISSING, NULL, NULL,
         N_ ("There is no list of OS versions: the version of a board cannot be told."))
        ->advice = N_ ("Pack the route again while there is a network, or import the list.");
  else if (age > OS_LIST_OLD_DAYS)
    add (self, LKS_ROUTE_THING_OS_VERSIONS, LKS_ROUTE_STATE_MIND, NULL, g_steal_pointer (&date),
         N_ ("The list of OS versions will be too old to know the newest ones; it is of"))
        ->advice = N_ ("Pack the route again shortly before leaving.");
  else
    add (self, LKS_ROUTE_THING_OS_VERSIONS, LKS_ROUTE_STATE_THERE, NULL,
         newest != NULL ? g_strdup (newest) : g_steal_pointer (&date),
         newest != NULL ? N_ ("The list of OS versions is there; the newest one is")
                        : N_ ("The list of OS versions is there; it is of"));
}

static void
check_keystore (Check *self)
{
  g_autofree char *path = lks_route_dup_keystore_path (self->look->folder);
  g_autofree char *hash = self->route->keystore_sha256 != NULL ? lks_route_hash_file (path) : NULL;

  self->has_keystore = hash != NULL && g_str_equal (hash, self->route->keystore_sha256);
  if (self->has_keystore)
    add (self, LKS_ROUTE_THING_KEYSTORE, LKS_ROUTE_STATE_THERE, NULL, NULL,
         N_ ("A trusted keystore is there, for boards that were offline for years."));
  else if (self->route->keystore_sha256 != NULL)
    add (self, LKS_ROUTE_THING_KEYSTORE, LKS_ROUTE_STATE_MISSING, NULL, NULL,
         N_ ("The trusted keystore is not the one that was taken along."))
        ->advice = N_ ("Take it along again from its file.");
  else
    add (self, LKS_ROUTE_THING_KEYSTORE, LKS_ROUTE_STATE_MIND, NULL, NULL,
         N_ ("No trusted keystore is taken along. The vendor's cloud offers none: it comes from "
             "the recovery images of a newer OS."))
        ->advice = N_ ("Only a board that was offline while the vendor changed its signing keys "
                       "needs it.");
}

/* ---- what is for one device ---- */

static gboolean
is_readable (Check *self, const LksVaultKept *kept, const char *device_id, char **out_problem)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCapabilityKey) key =
      lks_vault_door_fetch (self->look->door, kept->fingerprint, self->cancellable, &reason);

  if (key != NULL && lks_capability_key_is_for (key, device_id))
    return TRUE;
  *out_problem = g_strdup (reason != NULL ? reason->message : "it is for another device");
  return FALSE;
}

/* Derived from dates: no board tells what its keystore knows. */
static void
check_signature (Check *self, const LksRouteDevice *device, const LksVaultKept *kept)
{
  if (self->has_keystore || device->os_version == NULL || kept->signed_unix_s <= 0 ||
      lks_keystore_judge ((guint64) kept->signed_unix_s, device->os_version, NULL) !=
          LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    return;
  add (
      self, LKS_ROUTE_THING_KEYSTORE, LKS_ROUTE_STATE_MIND, device, g_strdup (device->os_version),
      N_ ("The board may be too old to know the key that the capability is signed with; its system "
          "was last told to be"))
      ->advice = N_ ("Take a trusted keystore of a newer OS along.");
}

static void
check_kept (Check *self, const LksRouteDevice *device, const char *name, const LksVaultKept *kept)
{
  g_autofree char *date = dup_date (kept->signed_unix_s);
  char *problem = NULL;

  if (!is_readable (self, kept, device->device_id, &problem))
    {
      add (self, LKS_ROUTE_THING_CAPABILITY, LKS_ROUTE_STATE_MISSING, device,
           g_strdup_printf ("%s (%s)", name, problem), N_ ("The vault does not hand it out:"))
          ->advice = N_ ("Download it again while there is a network.");
      g_free (problem);
      return;
    }
  add (self, LKS_ROUTE_THING_CAPABILITY, LKS_ROUTE_STATE_THERE, device,
       kept->signed_unix_s > 0 ? g_strdup_printf ("%s, %s", name, date) : g_strdup (name),
       N_ ("It is in the vault, and has no date on which it ends:"));
  check_signature (self, device, kept);
}

static gboolean
check_capability (Check *self, const LksRouteDevice *device, guint capability, GError **error)
{
  const char *name = lks_capability_get_name (capability);
  g_autoptr (LksVaultKept) kept = NULL;

  if (self->look->door != NULL &&
      !lks_vault_door_find (self->look->door, device->device_id, capability, &kept,
                            self->cancellable, error))
    return FALSE;
  if (kept != NULL)
    check_kept (self, device, name, kept);
  else
    add (self, LKS_ROUTE_THING_CAPABILITY, LKS_ROUTE_STATE_MISSING, device, g_strdup (name),
         self->look->door != NULL ? N_ ("The vault has none for this board:")
                                  : N_ ("The vault is not open; nobody knows whether it has:"))
        ->advice = self->look->door == NULL ? N_ ("Unlock the vault and check again.")
                   : device->is_owned || self->route->made_unix_s == 0
                       ? N_ ("Pack the route again while there is a network.")
                       : N_ ("Find the catalog that owns the board; only that one makes it.");
  return TRUE;
}

/* Nobody knows whether what is there is all. */
static void
check_images_known (Check *self, const LksRouteDevice *device)
{
  if (device->group == NULL || device->are_images_known)
    return;
  add (self, LKS_ROUTE_THING_IMAGES, LKS_ROUTE_STATE_MISSING, device,
       device->images_problem != NULL
           ? g_strdup_printf ("%s (%s)", device->group, device->images_problem)
           : g_strdup (device->group),
       N_ ("Which images its device group shall have is not known:"))
      ->advice = N_ ("Pack the route again while there is a network. When the service refuses it, "
                     "look at the rights of the account.");
}

static void
check_device_images (Check *self, const LksRouteDevice *device)
{
  guint n_missing = 0;

  for (guint i = 0; i < device->image_ids->len; i++)
    n_missing += !g_hash_table_contains (self->sound, g_ptr_array_index (device->image_ids, i));
  if (n_missing > 0)
    add (self, LKS_ROUTE_THING_IMAGES, LKS_ROUTE_STATE_MISSING, device,
         g_strdup_printf ("%u / %u", n_missing, device->image_ids->len),
         N_ ("Images of its device group are missing:"))
        ->advice = N_ ("Pack the route again while there is a network.");
  else if (device->image_ids->len > 0)
    add (self, LKS_ROUTE_THING_IMAGES, LKS_ROUTE_STATE_THERE, device,
         g_strdup_printf ("%u", device->image_ids->len),
         N_ ("The images of its device group are there:"));
  else if (device->group != NULL && device->are_images_known)
    add (self, LKS_ROUTE_THING_IMAGES, LKS_ROUTE_STATE_MIND, device, g_strdup (device->group),
         N_ ("Nothing is deployed to its device group:"));
}

/* With its keys at hand it can be visited all the same. */
static void
check_place (Check *self, const LksRouteDevice *device, gboolean has_all)
{
  if (!device->is_owned)
    add (self, LKS_ROUTE_THING_DEVICE, has_all ? LKS_ROUTE_STATE_MIND : LKS_ROUTE_STATE_MISSING,
         device, self->route->made_unix_s > 0 ? g_strdup (self->route->catalog) : NULL,
         self->route->made_unix_s > 0 ? N_ ("It is not in the catalog that was asked:")
                                      : N_ ("It was not looked for yet: the route is not packed."))
        ->advice = N_ ("Make sure of the device ID and of the catalog, and pack the route again.");
  else if (device->group == NULL)
    add (self, LKS_ROUTE_THING_DEVICE, LKS_ROUTE_STATE_MIND, device, NULL,
         N_ ("It is in no device group: which images it shall have is not known."))
        ->advice = N_ ("Name the images that you need.");
}

static gboolean
check_device (Check *self, const LksRouteDevice *device, GError **error)
{
  for (guint i = 0; i < self->route->capabilities->len; i++)
    if (!check_capability (self, device, g_array_index (self->route->capabilities, guint, i),
                           error))
      return FALSE;
  check_place (self, device,
               lks_route_judge_device (self->findings, device->device_id) !=
                   LKS_ROUTE_STATE_MISSING);
  check_images_known (self, device);
  check_device_images (self, device);
  return TRUE;
}

/* ---- all ---- */

static gboolean
check_all (Check *self, GError **error)
{
  check_vault (self);
  check_os_versions (self);
  check_keystore (self);
  for (guint i = 0; i < self->route->images->len; i++)
    check_image (self, g_ptr_array_index (self->route->images, i));
  for (guint i = 0; i < self->route->wanted->len; i++)
    check_wanted (self, g_ptr_array_index (self->route->wanted, i));
  for (guint i = 0; i < self->route->devices->len; i++)
    if (!check_device (self, g_ptr_array_index (self->route->devices, i), error))
      return FALSE;
  return TRUE;
}

/**
 * lks_route_check:
 * @self: a route
 * @look: what is looked at
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Finds out, without a network, whether everything is there that a day without one needs: files
 * are compared with what was fetched, and every capability is really read from the vault. What a
 * capability file says has no end, so that none is told; the list of OS versions ages. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full) (element-type LksRouteFinding): what was found, first what is for all,
 *   then by device; or NULL with @error set
 */
GPtrArray *
lks_route_check (const LksRoute *self,
                 const LksRouteLook *look,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free);
  g_autoptr (GHashTable) sound = g_hash_table_new (g_str_hash, g_str_equal);
  Check check = { self, look, cancellable, findings, sound, FALSE };

  return check_all (&check, error) ? g_steal_pointer (&findings) : NULL;
}

/**
 * lks_route_is_ready:
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 *
 * Returns: whether nothing is missing
 */
gboolean
lks_route_is_ready (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    if (((LksRouteFinding *) g_ptr_array_index (findings, i))->state == LKS_ROUTE_STATE_MISSING)
      return FALSE;
  return TRUE;
}

/**
 * lks_route_judge_device:
 * @findings: (element-type LksRouteFinding): of lks_route_check()
 * @device_id: a device of the route
 *
 * Returns: the worst that was found about it
 */
LksRouteState
lks_route_judge_device (GPtrArray *findings, const char *device_id)
{
  LksRouteState worst = LKS_ROUTE_STATE_THERE;

  for (guint i = 0; i < findings->len; i++)
    {
      const LksRouteFinding *finding = g_ptr_array_index (findings, i);

      if (g_strcmp0 (finding->device_id, device_id) == 0)
        worst = MAX (worst, finding->state);
    }
  return worst;
}
