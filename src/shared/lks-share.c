/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share.h"

#include "lks-compat.h"
#include "lks-share-private.h"

struct _LksShare
{
  LksPg *pg;  /* (owned) */
  char *name; /* (owned): of the place */
};

GQuark
lks_share_error_quark (void)
{
  return g_quark_from_static_string ("lks-share-error");
}

G_DEFINE_ENUM_TYPE (LksShareError,
                    lks_share_error,
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_UNREACHABLE, "unreachable"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_DENIED, "denied"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_NOT_SET_UP, "not-set-up"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_NEWER, "newer"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_DIFFERS, "differs"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_LOSS, "loss"),
                    G_DEFINE_ENUM_VALUE (LKS_SHARE_ERROR_INVALID, "invalid"))

/**
 * lks_share_error_get_advice:
 * @code: what went wrong
 *
 * Returns: (transfer none): what a person can do about it
 */
const char *
lks_share_error_get_advice (LksShareError code)
{
  switch (code)
    {
    case LKS_SHARE_ERROR_UNREACHABLE:
      return "Records are kept on this station meanwhile, and copied when the server answers "
             "again.";
    case LKS_SHARE_ERROR_DENIED:
      return "Check the user, the password and the certificate of the server; "
             "“locksmithctl records share password” keeps another password.";
    case LKS_SHARE_ERROR_NOT_SET_UP:
      return "Whoever owns the database runs “locksmithctl records share init” once.";
    case LKS_SHARE_ERROR_NEWER:
      return "Install the newer Locksmith on this station, too.";
    case LKS_SHARE_ERROR_DIFFERS:
      return "Nothing was overwritten, and nothing more is copied. “locksmithctl records verify” "
             "and "
             "“locksmithctl records verify --shared” tell which of the two was changed.";
    case LKS_SHARE_ERROR_LOSS:
      return "Keep the shared ledger as it is, or copy its records elsewhere first.";
    case LKS_SHARE_ERROR_INVALID:
      return "Correct the file that the message names.";
    case LKS_SHARE_ERROR_BUSY:
      return "Try again.";
    case LKS_SHARE_ERROR_FAILED:
      break;
    }
  return "Look at the server's log for the same time.";
}

/**
 * lks_share_open:
 * @place: where
 * @password: (nullable): NULL: what `~/.pgpass` has
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Blocks until the server has let us in; what is in its database does not matter yet.
 *
 * Returns: (transfer full): the connection, or NULL with @error set
 */
LksShare *
lks_share_open (const LksSharePlace *place,
                const LksSecret *password,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (LksShare) self = g_new0 (LksShare, 1);

  self->name = lks_share_place_dup_name (place);
  self->pg = lks_pg_open (place, password, cancellable, error);
  return self->pg != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_share_close:
 * @self: (transfer full): a connection
 */
void
lks_share_close (LksShare *self)
{
  g_clear_pointer (&self->pg, lks_pg_close);
  g_free (self->name);
  g_free (self);
}

LksPg *
lks_share_get_pg (LksShare *self)
{
  return self->pg;
}

/**
 * lks_share_get_name:
 * @self: a connection
 *
 * Returns: (transfer none): what lks_share_place_dup_name() calls its place
 */
const char *
lks_share_get_name (LksShare *self)
{
  return self->name;
}
