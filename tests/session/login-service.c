/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login-service.h"

#include <unistd.h>

#define LOGIN_NAME "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define MANAGER "org.freedesktop.login1.Manager"
#define SESSION "org.freedesktop.login1.Session"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define OWN "/org/freedesktop/login1/session/own"
#define FOREIGN "/org/freedesktop/login1/session/foreign"
#define SAVER_PATH "/org/freedesktop/ScreenSaver"
#define GNOME_SAVER_PATH "/org/gnome/ScreenSaver"

static const char interfaces[] =
    "<node>"
    "  <interface name='" MANAGER "'>"
    "    <method name='GetSessionByPID'><arg type='u' direction='in'/>"
    "      <arg type='o' direction='out'/></method>"
    "    <method name='ListSessions'><arg type='a(susso)' direction='out'/></method>"
    "  </interface>"
    "  <interface name='" SESSION "'>"
    "    <property name='User' type='(uo)' access='read'/>"
    "    <property name='LockedHint' type='b' access='read'/>"
    "  </interface>"
    "  <interface name='org.freedesktop.ScreenSaver'>"
    "    <method name='GetActive'><arg type='b' direction='out'/></method>"
    "  </interface>"
    "  <interface name='org.gnome.ScreenSaver'>"
    "    <method name='GetActive'><arg type='b' direction='out'/></method>"
    "  </interface>"
    "</node>";

/* A thread of its own answers, as other programs would. */
struct _LoginService
{
  GMainContext *context;       /* (owned) */
  GMainLoop *loop;             /* (owned) */
  GThread *thread;             /* (owned) */
  GDBusConnection *connection; /* (owned) */
  GDBusNodeInfo *node;         /* (owned) */
  gint is_saver_active;
  gint is_locked;
};

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  LoginService *self = user_data;

  if (g_str_equal (method, "GetActive"))
    g_dbus_method_invocation_return_value (
        invocation, g_variant_new ("(b)", g_atomic_int_get (&self->is_saver_active)));
  else if (g_str_equal (method, "GetSessionByPID")) /* as for a service of the desktop */
    g_dbus_method_invocation_return_dbus_error (invocation,
                                                "org.freedesktop.login1.NoSessionForPID",
                                                "belongs to no session");
  else
    g_dbus_method_invocation_return_value (
        invocation, g_variant_new_parsed (
                        "([('1', %u, 'other', 'seat0', objectpath "
                        "'" FOREIGN "'),"
                        " ('2', %u, 'me', '', objectpath '/org/freedesktop/login1/session/ssh'),"
                        " ('3', %u, 'me', 'seat0', objectpath '" OWN "')],)",
                        (guint32) getuid () + 1, (guint32) getuid (), (guint32) getuid ()));
}

static GVariant *
get_cb (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *property,
        GError **error,
        gpointer user_data)
{
  LoginService *self = user_data;

  if (g_str_equal (property, "LockedHint"))
    return g_variant_new_boolean (g_str_equal (path, OWN) && g_atomic_int_get (&self->is_locked));
  return g_variant_new ("(uo)", (guint32) getuid () + (g_str_equal (path, OWN) ? 0 : 1),
                        "/org/freedesktop/login1/user");
}

static gpointer
run_thread (gpointer data)
{
  LoginService *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
add_object (LoginService *self, const char *path, const char *interface)
{
  static const GDBusInterfaceVTable vtable = { call_cb, get_cb, NULL, { 0 } };
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (self->connection, path,
                                     g_dbus_node_info_lookup_interface (self->node, interface),
                                     &vtable, self, NULL, &error);
  g_assert_no_error (error);
}

static void
own_name (LoginService *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus",
                                   "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                   g_variant_new ("(su)", name, 0), NULL, G_DBUS_CALL_FLAGS_NONE,
                                   -1, NULL, &error);

  g_assert_no_error (error);
}

LoginService *
login_service_new (const char *address)
{
  LoginService *self = g_new0 (LoginService, 1);
  g_autoptr (GError) error = NULL;

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->node = g_dbus_node_info_new_for_xml (interfaces, &error);
  g_assert_no_error (error);
  g_main_context_push_thread_default (self->context);
  self->connection =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  add_object (self, LOGIN_PATH, MANAGER);
  add_object (self, OWN, SESSION);
  add_object (self, FOREIGN, SESSION);
  add_object (self, SAVER_PATH, "org.freedesktop.ScreenSaver");
  add_object (self, GNOME_SAVER_PATH, "org.gnome.ScreenSaver");
  g_main_context_pop_thread_default (self->context);
  self->thread = g_thread_new ("login", run_thread, self);
  own_name (self, LOGIN_NAME);
  own_name (self, "org.freedesktop.ScreenSaver");
  own_name (self, "org.gnome.ScreenSaver");
  return self;
}

void
login_service_free (LoginService *self)
{
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_object_unref (self->connection);
  g_dbus_node_info_unref (self->node);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
emit (LoginService *self,
      const char *path,
      const char *interface,
      const char *member,
      GVariant *parameters)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->connection, NULL, path, interface, member, parameters,
                                 &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (self->connection, NULL, &error);
  g_assert_no_error (error);
}

void
login_service_set_saver (LoginService *self, const char *interface, gboolean is_active)
{
  g_atomic_int_set (&self->is_saver_active, is_active);
  emit (self, g_str_equal (interface, "org.gnome.ScreenSaver") ? GNOME_SAVER_PATH : SAVER_PATH,
        interface, "ActiveChanged", g_variant_new ("(b)", is_active));
}

void
login_service_lock (LoginService *self)
{
  emit (self, OWN, SESSION, "Lock", NULL);
}

void
login_service_hint (LoginService *self, gboolean is_own, gboolean is_locked)
{
  if (is_own)
    g_atomic_int_set (&self->is_locked, is_locked);
  emit (self, is_own ? OWN : FOREIGN, PROPERTIES, "PropertiesChanged",
        g_variant_new_parsed ("('" SESSION "', {'LockedHint': <%b>}, @as [])", is_locked));
}

void
login_service_prepare (LoginService *self, const char *member, gboolean begins)
{
  emit (self, LOGIN_PATH, MANAGER, member, g_variant_new ("(b)", begins));
}

void
login_service_remove_session (LoginService *self, gboolean is_own)
{
  emit (self, LOGIN_PATH, MANAGER, "SessionRemoved",
        g_variant_new ("(so)", "3", is_own ? OWN : FOREIGN));
}
