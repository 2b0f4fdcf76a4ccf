/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-watch.h"

#include <unistd.h>

#define LOGIN_NAME "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define LOGIN_MANAGER "org.freedesktop.login1.Manager"
#define LOGIN_SESSION "org.freedesktop.login1.Session"
#define PROPERTIES "org.freedesktop.DBus.Properties"

#define SAVERS 2
#define SUBSCRIPTIONS_MAX 8

/* A service that hangs must not keep a session from beginning. */
#define CALL_TIMEOUT_MS 3000

/* Screen savers that say when they lock: the freedesktop interface and GNOME's. */
static const struct
{
  const char *name;
  const char *path;
} savers[SAVERS] = {
  { "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver" },
  { "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver" },
};

typedef struct
{
  GDBusConnection *connection; /* (owned) (nullable) */
  guint subscriptions[SUBSCRIPTIONS_MAX];
  guint n_subscriptions;
} Bus;

struct _LksSessionWatch
{
  GObject parent_instance;

  Bus session;
  Bus system;
  GCancellable *cancellable; /* (owned) */
  char *own_session;         /* (owned) (nullable): object path of our login session */
  guint pending;             /* questions under way at the start */
  gboolean has_saver;
  gboolean has_login;
  gboolean is_locked;
};

G_DEFINE_FINAL_TYPE (LksSessionWatch, lks_session_watch, G_TYPE_OBJECT)

typedef enum
{
  PROP_READY = 1,
} LksSessionWatchProperty;

static GParamSpec *properties[PROP_READY + 1];

typedef enum
{
  SIGNAL_SEEN,
} LksSessionWatchSignal;

static guint signals[SIGNAL_SEEN + 1];

static void
see (LksSessionWatch *self, LksSessionEnd end)
{
  g_signal_emit (self, signals[SIGNAL_SEEN], 0, end);
}

static void
set_locked (LksSessionWatch *self, gboolean is_locked)
{
  if (self->is_locked == is_locked)
    return;

  self->is_locked = is_locked;
  if (is_locked)
    see (self, LKS_SESSION_END_SCREEN_LOCKED);
}

static void
begin_question (LksSessionWatch *self)
{
  self->pending++;
}

static void
end_question (LksSessionWatch *self)
{
  if (--self->pending == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
bus_clear (Bus *bus)
{
  for (guint i = 0; i < bus->n_subscriptions; i++)
    g_dbus_connection_signal_unsubscribe (bus->connection, bus->subscriptions[i]);
  bus->n_subscriptions = 0;
  g_clear_object (&bus->connection);
}

static void
subscribe (LksSessionWatch *self,
           Bus *bus,
           const char *sender,
           const char *interface,
           const char *member,
           const char *path,
           GDBusSignalCallback callback)
{
  g_assert (bus->n_subscriptions < SUBSCRIPTIONS_MAX);
  bus->subscriptions[bus->n_subscriptions++] =
      g_dbus_connection_signal_subscribe (bus->connection, sender, interface, member, path, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, callback, self, NULL);
}

/* ---- the desktop ---- */

static void
saver_changed_cb (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *member,
                  GVariant *parameters,
                  gpointer user_data)
{
  gboolean is_active = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &is_active);
  set_locked (user_data, is_active);
}

static void
saver_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (LksSessionWatch) self = user_data;
  gboolean is_active = FALSE;

  if (answer != NULL)
    {
      self->has_saver = TRUE;
      g_variant_get (answer, "(b)", &is_active);
      if (is_active)
        set_locked (self, TRUE);
    }
  end_question (self);
}

static void
ask_savers (LksSessionWatch *self)
{
  for (guint i = 0; i < SAVERS; i++)
    {
      subscribe (self, &self->session, NULL, savers[i].name, "ActiveChanged", NULL,
                 saver_changed_cb);
      begin_question (self);
      g_dbus_connection_call (self->session.connection, savers[i].name, savers[i].path,
                              savers[i].name, "GetActive", NULL, G_VARIANT_TYPE ("(b)"),
                              G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, self->cancellable,
                              saver_told_cb, g_object_ref (self));
    }
}

/* The session bus ends with the login. */
static void
bus_closed_cb (LksSessionWatch *self)
{
  see (self, LKS_SESSION_END_LOGGED_OUT);
}

/* ---- the login manager ---- */

static void
sleep_cb (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *member,
          GVariant *parameters,
          gpointer user_data)
{
  gboolean begins = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  if (begins)
    see (user_data, g_str_equal (member, "PrepareForSleep") ? LKS_SESSION_END_SUSPENDED
                                                            : LKS_SESSION_END_LOGGED_OUT);
}

static void
session_removed_cb (GDBusConnection *connection,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *member,
                    GVariant *parameters,
                    gpointer user_data)
{
  LksSessionWatch *self = user_data;
  const char *removed = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(so)")))
    return;
  g_variant_get (parameters, "(&s&o)", NULL, &removed);
  if (g_strcmp0 (removed, self->own_session) == 0)
    see (self, LKS_SESSION_END_LOGGED_OUT);
}

/* Whether a login session with this "User" (its number and its object) is ours. */
static gboolean
is_own_user (GVariant *answer)
{
  g_autoptr (GVariant) value = NULL;
  guint32 uid = G_MAXUINT32;

  g_variant_get (answer, "(v)", &value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("(uo)")))
    g_variant_get (value, "(uo)", &uid, NULL);
  return uid == getuid ();
}

/* Only another user's screen does not count; when the login manager does not say whose it is, it
 * may be ours. */
static void
owner_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (LksSessionWatch) self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL || is_own_user (answer))
    set_locked (self, TRUE);
}

static void
ask_whose (LksSessionWatch *self, const char *path)
{
  g_dbus_connection_call (self->system.connection, LOGIN_NAME, path, PROPERTIES, "Get",
                          g_variant_new ("(ss)", LOGIN_SESSION, "User"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, self->cancellable,
                          owner_told_cb, g_object_ref (self));
}

static void
lock_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *member,
         GVariant *parameters,
         gpointer user_data)
{
  if (g_str_equal (member, "Unlock"))
    set_locked (user_data, FALSE);
  else
    ask_whose (user_data, path);
}

static void
hint_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *member,
         GVariant *parameters,
         gpointer user_data)
{
  g_autoptr (GVariant) changed = NULL;
  const char *about = NULL;
  gboolean is_locked = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (parameters, "(&s@a{sv}^a&s)", &about, &changed, NULL);
  if (!g_str_equal (about, LOGIN_SESSION) ||
      !g_variant_lookup (changed, "LockedHint", "b", &is_locked))
    return;
  if (is_locked)
    ask_whose (user_data, path);
  else
    set_locked (user_data, FALSE);
}

static void
hint_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (LksSessionWatch) self = user_data;
  g_autoptr (GVariant) value = NULL;

  if (answer != NULL)
    {
      g_variant_get (answer, "(v)", &value);
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (value))
        set_locked (self, TRUE);
    }
  end_question (self);
}

static void
take_own_session (LksSessionWatch *self, const char *path)
{
  self->has_login = TRUE;
  self->own_session = g_strdup (path);
  begin_question (self);
  g_dbus_connection_call (self->system.connection, LOGIN_NAME, path, PROPERTIES, "Get",
                          g_variant_new ("(ss)", LOGIN_SESSION, "LockedHint"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS,
                          self->cancellable, hint_told_cb, g_object_ref (self));
}

/* The answer lists (id, uid, user, seat, path). Programs that the desktop starts as services
 * belong to no session; then it is the one of this user that has a seat. */
static void
sessions_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (LksSessionWatch) self = user_data;
  g_autoptr (GVariantIter) iter = NULL;
  const char *seat;
  const char *path;
  guint32 uid;

  if (answer != NULL)
    {
      g_variant_get (answer, "(a(susso))", &iter);
      while (self->own_session == NULL &&
             g_variant_iter_next (iter, "(&su&s&s&o)", NULL, &uid, NULL, &seat, &path))
        if (uid == getuid () && *seat != '\0')
          take_own_session (self, path);
    }
  end_question (self);
}

static void
own_session_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (LksSessionWatch) self = user_data;
  const char *path;

  if (answer != NULL)
    {
      g_variant_get (answer, "(&o)", &path);
      take_own_session (self, path);
    }
  else if (self->system.connection != NULL)
    {
      begin_question (self);
      g_dbus_connection_call (self->system.connection, LOGIN_NAME, LOGIN_PATH, LOGIN_MANAGER,
                              "ListSessions", NULL, G_VARIANT_TYPE ("(a(susso))"),
                              G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, self->cancellable,
                              sessions_told_cb, g_object_ref (self));
    }
  end_question (self);
}

static void
ask_login (LksSessionWatch *self)
{
  Bus *bus = &self->system;

  subscribe (self, bus, LOGIN_NAME, LOGIN_MANAGER, "PrepareForSleep", LOGIN_PATH, sleep_cb);
  subscribe (self, bus, LOGIN_NAME, LOGIN_MANAGER, "PrepareForShutdown", LOGIN_PATH, sleep_cb);
  subscribe (self, bus, LOGIN_NAME, LOGIN_MANAGER, "SessionRemoved", LOGIN_PATH,
             session_removed_cb);
  subscribe (self, bus, LOGIN_NAME, LOGIN_SESSION, "Lock", NULL, lock_cb);
  subscribe (self, bus, LOGIN_NAME, LOGIN_SESSION, "Unlock", NULL, lock_cb);
  subscribe (self, bus, LOGIN_NAME, PROPERTIES, "PropertiesChanged", NULL, hint_cb);
  begin_question (self);
  g_dbus_connection_call (bus->connection, LOGIN_NAME, LOGIN_PATH, LOGIN_MANAGER, "GetSessionByPID",
                          g_variant_new ("(u)", 0), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, self->cancellable,
                          own_session_told_cb, g_object_ref (self));
}

/* ---- the buses ---- */

static void
session_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionWatch) self = user_data;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, NULL);

  if (connection != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->session.connection = g_steal_pointer (&connection);
      g_signal_connect_object (self->session.connection, "closed", G_CALLBACK (bus_closed_cb), self,
                               G_CONNECT_SWAPPED);
      ask_savers (self);
    }
  end_question (self);
}

static void
system_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionWatch) self = user_data;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, NULL);

  if (connection != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->system.connection = g_steal_pointer (&connection);
      ask_login (self);
    }
  end_question (self);
}

static void
lks_session_watch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((LksSessionWatchProperty) id)
    {
    case PROP_READY:
      g_value_set_boolean (value, lks_session_watch_is_ready (LKS_SESSION_WATCH (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_session_watch_dispose (GObject *object)
{
  LksSessionWatch *self = LKS_SESSION_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  bus_clear (&self->session);
  bus_clear (&self->system);

  G_OBJECT_CLASS (lks_session_watch_parent_class)->dispose (object);
}

static void
lks_session_watch_finalize (GObject *object)
{
  LksSessionWatch *self = LKS_SESSION_WATCH (object);

  g_object_unref (self->cancellable);
  g_free (self->own_session);

  G_OBJECT_CLASS (lks_session_watch_parent_class)->finalize (object);
}

static void
lks_session_watch_class_init (LksSessionWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_session_watch_get_property;
  object_class->dispose = lks_session_watch_dispose;
  object_class->finalize = lks_session_watch_finalize;

  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * LksSessionWatch::seen:
   * @self: a watch
   * @end: what was seen
   *
   * Something happened that ends servicing sessions.
   */
  signals[SIGNAL_SEEN] = g_signal_new ("seen", LKS_TYPE_SESSION_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, LKS_TYPE_SESSION_END);
}

static void
lks_session_watch_init (LksSessionWatch *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * lks_session_watch_new:
 *
 * Begins to listen. What is so already when it becomes ready is told like everything else.
 *
 * Returns: (transfer full): a watch
 */
LksSessionWatch *
lks_session_watch_new (void)
{
  LksSessionWatch *self = g_object_new (LKS_TYPE_SESSION_WATCH, NULL);

  begin_question (self);
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, session_bus_cb, g_object_ref (self));
  begin_question (self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, system_bus_cb, g_object_ref (self));
  return self;
}

/**
 * lks_session_watch_is_ready:
 * @self: a watch
 *
 * Returns: whether everything that can be listened to is, and the present state is known
 */
gboolean
lks_session_watch_is_ready (LksSessionWatch *self)
{
  return self->pending == 0;
}

/**
 * lks_session_watch_watches_lock:
 * @self: a watch that is ready
 *
 * Returns: whether there is anything that says when the screen is locked
 */
gboolean
lks_session_watch_watches_lock (LksSessionWatch *self)
{
  return self->has_saver || self->has_login;
}

/**
 * lks_session_watch_is_locked:
 * @self: a watch
 *
 * Returns: whether the screen is locked as far as is known
 */
gboolean
lks_session_watch_is_locked (LksSessionWatch *self)
{
  return self->is_locked;
}
