/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-runtime.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench-emulator.h"
#include "bench-wire.h"

#define PRELOAD "liblocksmith-bench-preload.so"
#define CONFIG_DIR "config"
#define TRUST_DIR CONFIG_DIR "/locksmith/trust.d"
#define CLOUD_TRUST_DIR CONFIG_DIR "/locksmith/cloud-trust.d"
#define SIGNERS_DIR CONFIG_DIR "/locksmith/signers.d"
#define TEMPLATE "locksmith-bench-XXXXXX"
/* A Unix socket's path has 107 characters, and ours are the longest below the directory. */
#define DIR_MAX_CHARS 80

static const char *const preload_dirs[] = { ".", BENCH_LIB_DIR_FROM_BIN, BENCH_LIB_DIR, NULL };

/**
 * bench_runtime_add_link:
 * @runtime_dir: the launcher's directory
 * @name: name in it
 * @target: what lies elsewhere
 *
 * Shows something of the user's in the directory, where programs look for it; what has that name
 * already stays.
 */
void
bench_runtime_add_link (const char *runtime_dir, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (runtime_dir, name, NULL);
  g_autofree char *absolute = g_canonicalize_filename (target, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && symlink (absolute, path) != 0)
    g_debug ("no link %s: %s", path, g_strerror (errno));
}

/**
 * bench_runtime_make_dir:
 * @error: return location for an error
 *
 * Makes the private directory (mode 0700) that launcher and programs share, with a link to our
 * preload in it: LD_PRELOAD cannot name a path with spaces or colons.
 *
 * Returns: (transfer full): its absolute path
 */
char *
bench_runtime_make_dir (GError **error)
{
  const char *parents[] = { g_getenv ("XDG_RUNTIME_DIR"), g_get_tmp_dir (), "/tmp" };
  g_autofree char *preload = bench_find_file (PRELOAD, preload_dirs, error);

  if (preload == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      g_autofree char *path = NULL;

      if (parents[i] == NULL || !g_path_is_absolute (parents[i]) ||
          strpbrk (parents[i], " :") != NULL ||
          strlen (parents[i]) + strlen (TEMPLATE) >= DIR_MAX_CHARS)
        continue;
      path = g_build_filename (parents[i], TEMPLATE, NULL);
      if (g_mkdtemp_full (path, 0700) != NULL)
        {
          bench_runtime_add_link (path, PRELOAD, preload);
          return g_steal_pointer (&path);
        }
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "Making a directory below XDG_RUNTIME_DIR, TMPDIR or /tmp: %s", g_strerror (errno));
  return NULL;
}

static gboolean
copy_pem (const char *runtime_dir, const char *to_dir, const char *from_path, GError **error)
{
  g_autofree char *dir = g_build_filename (runtime_dir, to_dir, NULL);
  g_autofree char *path = g_build_filename (dir, "emulator.pem", NULL);
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (from_path, &text, &size, error))
    return FALSE;

  g_mkdir_with_parents (dir, 0700);
  return g_file_set_contents (path, text, size, error);
}

/**
 * bench_runtime_add_trust:
 * @runtime_dir: the launcher's directory
 * @ca_path: certificate (PEM) that signs the boards'
 * @error: return location for an error
 *
 * Makes a configuration directory in which the boards' certificate authority is trusted.
 *
 * Returns: whether it worked
 */
gboolean
bench_runtime_add_trust (const char *runtime_dir, const char *ca_path, GError **error)
{
  return copy_pem (runtime_dir, TRUST_DIR, ca_path, error);
}

/**
 * bench_runtime_add_signer:
 * @runtime_dir: the launcher's directory
 * @path: certificate (PEM) of who signs the boards' capability files
 * @error: return location for an error
 *
 * Makes a configuration directory in which the signer of capability files is known.
 *
 * Returns: whether it worked
 */
gboolean
bench_runtime_add_signer (const char *runtime_dir, const char *path, GError **error)
{
  return copy_pem (runtime_dir, SIGNERS_DIR, path, error);
}

/**
 * bench_runtime_add_cloud:
 * @runtime_dir: the launcher's directory
 * @address: where the emulated cloud is
 * @ca_path: certificate (PEM) that signs the service's
 * @error: return location for an error
 *
 * Notes the address and makes a configuration directory in which the service is trusted.
 *
 * Returns: whether it worked
 */
gboolean
bench_runtime_add_cloud (const char *runtime_dir,
                         const char *address,
                         const char *ca_path,
                         GError **error)
{
  g_autofree char *path = g_build_filename (runtime_dir, BENCH_WIRE_CLOUD_FILE, NULL);

  return copy_pem (runtime_dir, CLOUD_TRUST_DIR, ca_path, error) &&
         g_file_set_contents (path, address, -1, error);
}

/* Puts @value in front of the list in @name; @fallback is what an unset variable means. */
static char **
prepend (char **environment, const char *name, const char *value, const char *fallback)
{
  const char *old = g_environ_getenv (environment, name);
  g_autofree char *list = NULL;

  if (old == NULL || *old == '\0')
    old = fallback;
  list = old != NULL ? g_strconcat (value, ":", old, NULL) : g_strdup (value);
  return g_environ_setenv (environment, name, list, TRUE);
}

/**
 * bench_runtime_environment:
 * @runtime_dir: the launcher's directory
 *
 * What a program needs to see the boards. A program built with the address sanitizer would refuse a
 * library in front of its runtime; putting the runtime first instead would force it on every child
 * of the program too.
 *
 * Returns: (transfer full): the environment
 */
char **
bench_runtime_environment (const char *runtime_dir)
{
  char **environment = g_get_environ ();
  g_autofree char *config = g_build_filename (runtime_dir, CONFIG_DIR, NULL);
  g_autofree char *preload = g_build_filename (runtime_dir, PRELOAD, NULL);

  environment = g_environ_setenv (environment, BENCH_WIRE_DIR_VARIABLE, runtime_dir, TRUE);
  environment = prepend (environment, "LD_PRELOAD", preload, NULL);
  environment = prepend (environment, "XDG_CONFIG_DIRS", config, "/etc/xdg");
  environment = prepend (environment, "ASAN_OPTIONS", "verify_asan_link_order=0", NULL);
  return environment;
}

/* TRUE: the launcher answered; *out_code is 0 or an errno. */
static gboolean
exchange (int fd, const char *place, gboolean is_allowed, int *out_code)
{
  BenchWireHeader header = { .command = BENCH_WIRE_PERMIT, .args = { is_allowed, strlen (place) } };
  guint8 bytes[BENCH_WIRE_HEADER_BYTES];

  bench_wire_encode (&header, bytes);
  if (send (fd, bytes, sizeof bytes, MSG_NOSIGNAL) != sizeof bytes ||
      send (fd, place, strlen (place), MSG_NOSIGNAL) != (gssize) strlen (place) ||
      recv (fd, bytes, sizeof bytes, MSG_WAITALL) != sizeof bytes)
    return FALSE;

  bench_wire_decode (bytes, &header);
  *out_code = (int) header.args[0];
  return header.command == BENCH_WIRE_REPLY;
}

/**
 * bench_runtime_permit:
 * @runtime_dir: directory of a running launcher
 * @place: a place: "1-2"
 * @is_allowed: whether programs may open the board there
 * @error: return location for an error
 *
 * Tells another launcher.
 *
 * Returns: whether it worked
 */
gboolean
bench_runtime_permit (const char *runtime_dir,
                      const char *place,
                      gboolean is_allowed,
                      GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean is_done;
  int code = 0;

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/" BENCH_WIRE_BUS_SOCKET, runtime_dir);
  is_done = fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof address) == 0 &&
            exchange (fd, place, is_allowed, &code);
  if (!is_done || code != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No locksmith-bench serves %s: %s",
                 runtime_dir, g_strerror (code != 0 ? code : errno));
  if (fd >= 0)
    close (fd);
  return is_done && code == 0;
}
