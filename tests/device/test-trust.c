/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-server.h"
#include "lks-device-error.h"
#include "lks-trust-private.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

static void
assert_trusted (LksTrust *trust, const Identity *identity)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = lks_trust_verify (trust, identity->leaf, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
assert_distrusted (LksTrust *trust, X509 *leaf, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_trust_verify (trust, leaf, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED);
  g_assert_nonnull (strstr (error->message, says));
}

/* The pin of the CA's key, from the vendor's open-source clients. */
static void
test_vendor_key (void)
{
  g_autoptr (LksTrust) trust = lks_trust_new ();
  guint8 digest[32];
  g_autofree char *pin = NULL;
  guchar *der = NULL;
  int size = i2d_PUBKEY (lks_trust_get_key (trust), &der);

  g_assert_cmpint (EVP_Digest (der, (size_t) size, digest, NULL, EVP_sha256 (), NULL), ==, 1);
  OPENSSL_free (der);
  pin = g_base64_encode (digest, sizeof digest);
  g_assert_cmpstr (pin, ==, "4FRTfri706T90xhO1Vh9Gi/FWW2vQxQBebZnM76+frs=");
  g_assert_cmpuint (lks_trust_get_anchors (trust), ==, 0);
}

/* Whoever presents the CA's own key must own it, which TLS proves; what stands beside the key in
 * the certificate does not matter, except its dates. */
static void
test_vendor_certificate (void)
{
  g_autoptr (LksTrust) trust = lks_trust_new ();
  const IdentityPlan plan = { .is_ca = TRUE, .subject_key = lks_trust_get_key (trust) };
  const IdentityPlan expired_plan = {
    .is_ca = TRUE,
    .subject_key = lks_trust_get_key (trust),
    .begin_days = -9,
    .end_days = -8,
  };
  const IdentityPlan other_plan = { .is_ca = TRUE };
  g_autoptr (Identity) vendor = identity_new (&plan);
  g_autoptr (Identity) expired = identity_new (&expired_plan);
  g_autoptr (Identity) other = identity_new (&other_plan);

  assert_trusted (trust, vendor);
  assert_distrusted (trust, expired->leaf, "expired");
  assert_distrusted (trust, other->leaf, "not issued by");
}

static void
test_signed_by_key (void)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autoptr (Identity) ca = identity_new (&ca_plan);
  g_autoptr (Identity) other_ca = identity_new (&ca_plan);
  const IdentityPlan good_plan = { .issuer = ca->leaf, .issuer_key = ca->key };
  const IdentityPlan forged_plan = { .issuer = ca->leaf, .issuer_key = other_ca->key };
  const IdentityPlan named_plan = {
    .issuer = ca->leaf,
    .issuer_key = ca->key,
    .name = "DNS:devices.sphere.azure.local,IP:192.168.35.3",
  };
  const IdentityPlan third_board_plan = {
    .issuer = ca->leaf,
    .issuer_key = ca->key,
    .name = "DNS:*.devices.sphere.azure.local",
  };
  g_autoptr (Identity) good = identity_new (&good_plan);
  g_autoptr (Identity) forged = identity_new (&forged_plan);
  g_autoptr (Identity) named = identity_new (&named_plan);
  g_autoptr (Identity) wildcard = identity_new (&third_board_plan);
  g_autoptr (LksTrust) trust = NULL;

  EVP_PKEY_up_ref (ca->key);
  trust = lks_trust_new_for_key (ca->key);
  assert_trusted (trust, good);
  assert_trusted (trust, wildcard);
  assert_distrusted (trust, forged->leaf, "not issued by");
  assert_distrusted (trust, named->leaf, "another name");
}

static void
test_file (void)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autoptr (Identity) ca = identity_new (&ca_plan);
  const IdentityPlan leaf_plan = { .issuer = ca->leaf, .issuer_key = ca->key };
  g_autoptr (Identity) leaf = identity_new (&leaf_plan);
  g_autoptr (LksTrust) trust = lks_trust_new ();
  g_autofree char *dir = g_dir_make_tmp ("lks-trust-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.pem", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_trust_add_file (trust, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  identity_save (ca, path);
  assert_distrusted (trust, leaf->leaf, "not issued by");
  g_assert_true (lks_trust_add_file (trust, path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lks_trust_get_anchors (trust), ==, 1);
  assert_trusted (trust, leaf);

  g_unlink (path);
  g_rmdir (dir);
}

static void
test_bad_files (void)
{
  static const char *const texts[] = {
    "",
    "no certificate at all\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
  };
  g_autofree char *dir = g_dir_make_tmp ("lks-trust-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "bad.pem", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LksTrust) trust = lks_trust_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_false (lks_trust_add_file (trust, path, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED);
      g_assert_nonnull (strstr (error->message, path));
    }

  g_unlink (path);
  g_rmdir (dir);
}

/* XDG_CONFIG_HOME and XDG_CONFIG_DIRS are set in main(), before GLib reads them. */
static void
test_load_default (void)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  g_autoptr (Identity) ca = identity_new (&ca_plan);
  const IdentityPlan leaf_plan = { .issuer = ca->leaf, .issuer_key = ca->key };
  g_autoptr (Identity) leaf = identity_new (&leaf_plan);
  g_autofree char *user = g_build_filename (g_get_user_config_dir (), "locksmith/trust.d", NULL);
  g_autofree char *system =
      g_build_filename (g_get_system_config_dirs ()[0], "locksmith/trust.d", NULL);
  g_autofree char *first = g_build_filename (user, "first.pem", NULL);
  g_autofree char *second = g_build_filename (system, "second.pem", NULL);
  g_autofree char *ignored = g_build_filename (system, "README", NULL);
  g_autoptr (LksTrust) none = lks_trust_load_default (NULL);
  g_autoptr (LksTrust) two = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (lks_trust_get_anchors (none), ==, 0);

  g_mkdir_with_parents (user, 0700);
  g_mkdir_with_parents (system, 0700);
  identity_save (ca, first);
  identity_save (ca, second);
  g_assert_true (g_file_set_contents (ignored, "hello", -1, NULL));
  two = lks_trust_load_default (&error);
  g_assert_no_error (error);
  g_assert_cmpuint (lks_trust_get_anchors (two), ==, 2);
  assert_trusted (two, leaf);
  assert_distrusted (two, ca->leaf, "another name"); /* anchors must carry a board's name too */

  g_assert_true (g_file_set_contents (second, "hello", -1, NULL));
  g_assert_null (lks_trust_load_default (&error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED);

  g_unlink (first);
  g_unlink (second);
  g_unlink (ignored);
}

/* The public CAs of this machine, if it has any. */
static void
test_public_cas (void)
{
  g_autoptr (LksTrust) trust = lks_trust_new ();
  FILE *file = g_fopen ("/etc/ssl/certs/ca-certificates.crt", "r");
  guint count = 0;
  X509 *ca;

  if (file == NULL)
    {
      g_test_skip ("this machine knows no public CA");
      return;
    }
  while ((ca = PEM_read_X509 (file, NULL, NULL, NULL)) != NULL)
    {
      assert_distrusted (trust, ca, "not issued by");
      X509_free (ca);
      count++;
    }
  fclose (file);
  g_assert_cmpuint (count, >, 10);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = g_dir_make_tmp ("lks-config-XXXXXX", NULL);
  g_autofree char *home = g_build_filename (dir, "home", NULL);
  g_autofree char *system = g_build_filename (dir, "system", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_setenv ("XDG_CONFIG_DIRS", system, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device/trust/vendor-key", test_vendor_key);
  g_test_add_func ("/device/trust/vendor-certificate", test_vendor_certificate);
  g_test_add_func ("/device/trust/signed-by-key", test_signed_by_key);
  g_test_add_func ("/device/trust/file", test_file);
  g_test_add_func ("/device/trust/bad-files", test_bad_files);
  g_test_add_func ("/device/trust/load-default", test_load_default);
  g_test_add_func ("/device/trust/public-cas", test_public_cas);

  status = g_test_run ();
  remove_tree (dir);
  return status;
}
