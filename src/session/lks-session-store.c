/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-store.h"

#include "lks-enums.h"
#include "lks-json.h"
#include "lks-session-folder-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_SESSION "session.json"
#define FILE_END "ended.json"
#define FILE_LOCK "lock"
#define FILE_KEPT "kept"

#define TEXT_MAX_BYTES (64 * 1024)

/* Where all instances of a sandboxed program share a runtime folder (flatpak-metadata(5)). */
#define SANDBOX_MARK "/.flatpak-info"
#define SANDBOX_FOLDER "app/io.github.locksmith.Locksmith"

struct _LksSessionStore
{
  GObject parent_instance;

  char *folder;          /* (owned) */
  GFileMonitor *monitor; /* (owned) (nullable) */
  LksSession *session;   /* (owned) (nullable) */
  GBytes *text;          /* (owned) (nullable): of which @session was read */
  gboolean is_damaged;   /* there is a file, but it is no session */
  int kept_fd;           /* -1 when this program does not keep watch */
};

G_DEFINE_FINAL_TYPE (LksSessionStore, lks_session_store, G_TYPE_OBJECT)

typedef enum
{
  PROP_SESSION = 1,
} LksSessionStoreProperty;

static GParamSpec *properties[PROP_SESSION + 1];

static void
lks_session_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((LksSessionStoreProperty) id)
    {
    case PROP_SESSION:
      g_value_set_boxed (value, LKS_SESSION_STORE (object)->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_session_store_dispose (GObject *object)
{
  LksSessionStore *self = LKS_SESSION_STORE (object);

  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->monitor, self);
      g_file_monitor_cancel (self->monitor);
    }
  g_clear_object (&self->monitor);
  lks_session_store_release (self);

  G_OBJECT_CLASS (lks_session_store_parent_class)->dispose (object);
}

static void
lks_session_store_finalize (GObject *object)
{
  LksSessionStore *self = LKS_SESSION_STORE (object);

  g_clear_pointer (&self->session, lks_session_unref);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->folder);

  G_OBJECT_CLASS (lks_session_store_parent_class)->finalize (object);
}

static void
lks_session_store_class_init (LksSessionStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_session_store_get_property;
  object_class->dispose = lks_session_store_dispose;
  object_class->finalize = lks_session_store_finalize;

  properties[PROP_SESSION] =
      g_param_spec_boxed ("session", NULL, NULL, LKS_TYPE_SESSION,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_session_store_init (LksSessionStore *self)
{
  self->kept_fd = -1;
}

static void
changed_cb (LksSessionStore *self)
{
  lks_session_store_reload (self);
}

static gboolean
watch (LksSessionStore *self, GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (self->monitor == NULL)
    return FALSE;

  g_file_monitor_set_rate_limit (self->monitor, 0);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

/**
 * lks_session_store_dup_default_folder:
 *
 * Returns: (transfer full): the folder of this user, which goes when the user logs out
 */
char *
lks_session_store_dup_default_folder (void)
{
  return g_build_filename (g_get_user_runtime_dir (),
                           g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS) ? SANDBOX_FOLDER
                                                                          : "locksmith",
                           NULL);
}

/**
 * lks_session_store_new:
 * @folder: where the session's files are; made when absent
 * @error: return location for a [error@Lks.SessionError], NO_PLACE
 *
 * Reads the session and begins to follow it.
 *
 * Returns: (transfer full): a store, or NULL with @error set
 */
LksSessionStore *
lks_session_store_new (const char *folder, GError **error)
{
  g_autoptr (LksSessionStore) self = g_object_new (LKS_TYPE_SESSION_STORE, NULL);

  self->folder = g_strdup (folder);
  if (!lks_session_folder_make (folder, error) || !watch (self, error))
    return NULL;

  lks_session_store_reload (self);
  return g_steal_pointer (&self);
}

/**
 * lks_session_store_get_session:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): the session as last read. Whether it is over is for
 *   lks_session_judge() to say
 */
LksSession *
lks_session_store_get_session (LksSessionStore *self)
{
  return self->session;
}

/**
 * lks_session_store_is_damaged:
 * @self: a store
 *
 * Returns: whether there is a file that cannot be read as a session
 */
gboolean
lks_session_store_is_damaged (LksSessionStore *self)
{
  return self->is_damaged;
}

/**
 * lks_session_store_reload:
 * @self: a store
 *
 * Reads the session now.
 */
void
lks_session_store_reload (LksSessionStore *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text =
      lks_session_folder_read (self->folder, FILE_SESSION, TEXT_MAX_BYTES, &error);
  g_autoptr (LksSession) session = NULL;

  if (text != NULL && self->text != NULL && g_bytes_equal (text, self->text))
    return;

  if (text != NULL)
    session = lks_session_parse (text, &error);
  self->is_damaged = session == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  if (self->is_damaged)
    g_debug ("no session can be read: %s", error->message);
  g_clear_pointer (&self->text, g_bytes_unref);
  self->text = g_steal_pointer (&text);
  if (session == NULL && self->session == NULL)
    return;

  g_clear_pointer (&self->session, lks_session_unref);
  self->session = g_steal_pointer (&session);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/* Waits for other programs, which hold it for some milliseconds. */
static int
lock (LksSessionStore *self, GError **error)
{
  int fd = -1;

  if (lks_session_folder_make (self->folder, error))
    fd = lks_session_folder_open (self->folder, FILE_LOCK, error);
  if (fd < 0)
    return -1;

  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      {
        g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_PLACE, "%s: %s", self->folder,
                     g_strerror (errno));
        g_close (fd, NULL);
        return -1;
      }
  return fd;
}

static gboolean
write_session (LksSessionStore *self, LksSession *session, GError **error)
{
  g_autoptr (GBytes) text = NULL;

  if (session == NULL)
    return lks_session_folder_remove (self->folder, FILE_SESSION, error);

  text = lks_session_build (session);
  return lks_session_folder_write (self->folder, FILE_SESSION, text, error);
}

/* The file as it is now; NULL when there is none or it is no session. */
static LksSession *
read_locked (LksSessionStore *self)
{
  g_autoptr (GBytes) text =
      lks_session_folder_read (self->folder, FILE_SESSION, TEXT_MAX_BYTES, NULL);

  return text != NULL ? lks_session_parse (text, NULL) : NULL;
}

/**
 * lks_session_store_change:
 * @self: a store
 * @change: (scope call): decides on the change
 * @user_data: for @change
 * @error: return location for a [error@Lks.SessionError], or what @change says
 *
 * Changes the session while no other program can.
 *
 * Returns: whether the change was made
 */
gboolean
lks_session_store_change (LksSessionStore *self,
                          LksSessionChange change,
                          gpointer user_data,
                          GError **error)
{
  g_autoptr (LksSession) before = NULL;
  g_autoptr (LksSession) after = NULL;
  gboolean good;
  int fd = lock (self, error);

  if (fd < 0)
    return FALSE;

  before = read_locked (self);
  after = before != NULL ? lks_session_ref (before) : NULL;
  good = change (before, &after, user_data, error) &&
         (after == before || write_session (self, after, error));
  g_close (fd, NULL);
  lks_session_store_reload (self);
  return good;
}

static GBytes *
build_end (const char *session_id, LksSessionEnd end)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  char *text;

  json_object_set_string_member (object, "id", session_id);
  json_object_set_string_member (object, "end", lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) end));
  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

typedef struct
{
  LksSessionStore *store;
  const char *session_id;
  LksSessionEnd end;
  gboolean has_ended;
} Ending;

/* What the others are to be told is there before the session is gone. */
static gboolean
end_session (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  Ending *ending = user_data;
  g_autoptr (GBytes) text = NULL;

  if (session != NULL && !g_str_equal (lks_session_get_id (session), ending->session_id))
    return TRUE;

  if (session != NULL)
    {
      text = build_end (ending->session_id, ending->end);
      lks_session_folder_write (ending->store->folder, FILE_END, text, NULL);
      ending->has_ended = TRUE;
    }
  g_clear_pointer (out_session, lks_session_unref);
  return lks_session_folder_remove (ending->store->folder, FILE_SESSION, error);
}

/**
 * lks_session_store_end:
 * @self: a store
 * @session_id: which session
 * @end: why
 * @error: return location for a [error@Lks.SessionError]
 *
 * Ends a session for all programs of this user. A file that is no session goes, too.
 *
 * Returns: whether this program has ended it; without @error set when another one was first
 */
gboolean
lks_session_store_end (LksSessionStore *self,
                       const char *session_id,
                       LksSessionEnd end,
                       GError **error)
{
  Ending ending = { .store = self, .session_id = session_id, .end = end };

  return lks_session_store_change (self, end_session, &ending, error) && ending.has_ended;
}

/**
 * lks_session_store_get_end:
 * @self: a store
 * @session_id: a session that is not there any more
 *
 * Returns: why it was ended, by this program or another; %LKS_SESSION_END_NONE when nobody said
 */
LksSessionEnd
lks_session_store_get_end (LksSessionStore *self, const char *session_id)
{
  static const char *const members[] = { "id", "end", NULL };
  g_autoptr (GBytes) text = lks_session_folder_read (self->folder, FILE_END, TEXT_MAX_BYTES, NULL);
  g_autoptr (LksJson) json = NULL;
  g_autofree char *id = NULL;
  JsonObject *root;
  gsize size;
  gconstpointer data = text != NULL ? g_bytes_get_data (text, &size) : NULL;
  int end;

  if (data != NULL)
    json = lks_json_parse (FILE_END, data, size, TEXT_MAX_BYTES, NULL);
  root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  if (root == NULL || !lks_json_check_members (json, root, members, NULL) ||
      !lks_json_read_string (json, root, "id", &id, NULL) || !g_str_equal (id, session_id) ||
      !lks_json_read_enum (json, root, "end", LKS_TYPE_SESSION_END, &end, NULL))
    return LKS_SESSION_END_NONE;

  return (LksSessionEnd) end;
}

/**
 * lks_session_store_keep:
 * @self: a store
 * @error: return location for a [error@Lks.SessionError]
 *
 * Says to all programs of this user that this one watches over the session, until
 * lks_session_store_release() or the end of this program, however it comes: it is a lock that the
 * kernel gives back.
 *
 * Returns: whether it is known now
 */
gboolean
lks_session_store_keep (LksSessionStore *self, GError **error)
{
  if (self->kept_fd >= 0)
    return TRUE;

  self->kept_fd = lks_session_folder_open (self->folder, FILE_KEPT, error);
  if (self->kept_fd < 0)
    return FALSE;

  while (flock (self->kept_fd, LOCK_SH) != 0)
    if (errno != EINTR)
      {
        g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_PLACE, "%s: %s", self->folder,
                     g_strerror (errno));
        lks_session_store_release (self);
        return FALSE;
      }
  return TRUE;
}

/**
 * lks_session_store_release:
 * @self: a store
 *
 * Says that this program does not watch over the session any more.
 */
void
lks_session_store_release (LksSessionStore *self)
{
  if (self->kept_fd < 0)
    return;

  g_close (self->kept_fd, NULL);
  self->kept_fd = -1;
}

/**
 * lks_session_store_is_kept:
 * @self: a store
 *
 * Returns: whether any program, this one included, watches over the session
 */
gboolean
lks_session_store_is_kept (LksSessionStore *self)
{
  gboolean is_free;
  int fd;

  if (self->kept_fd >= 0)
    return TRUE;

  fd = lks_session_folder_open (self->folder, FILE_KEPT, NULL);
  if (fd < 0)
    return FALSE;
  is_free = flock (fd, LOCK_EX | LOCK_NB) == 0;
  g_close (fd, NULL);
  return !is_free;
}
