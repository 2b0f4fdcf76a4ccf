/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-guard.h"

#include "lks-enums.h"
#include "lks-session-watch.h"

/* How often the clocks are looked at while there is a session: they tell of its end, and of a
 * sleep that nobody has announced. */
#define TICK_MS 1000

struct _LksSessionGuard
{
  GObject parent_instance;

  LksSessionStore *store; /* (owned) */
  LksLedger *ledger;      /* (owned) (nullable) */
  LksSessionWatch *watch; /* (owned) */
  LksSessionDescribe describe;
  gpointer describe_data;

  LksSession *session;   /* (owned) (nullable) */
  char *ended_id;        /* (owned) (nullable): a session that is over, whatever its file says */
  LksSessionPlace place; /* what was seen at the place of @session */
  guint attach_number;
  char *device_id; /* (owned) (nullable) */
  guint tick_id;
  gboolean is_ending;
};

G_DEFINE_FINAL_TYPE (LksSessionGuard, lks_session_guard, G_TYPE_OBJECT)

typedef enum
{
  PROP_SESSION = 1,
} LksSessionGuardProperty;

static GParamSpec *properties[PROP_SESSION + 1];

typedef enum
{
  SIGNAL_ENDING,
  SIGNAL_ENDED,
  SIGNAL_PROBLEM,
} LksSessionGuardSignal;

static guint signals[SIGNAL_PROBLEM + 1];

static void
tell_problem (LksSessionGuard *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error);
}

/* ---- the record ---- */

static char *
build_end_document (LksSessionGuard *self, LksSession *session, LksSessionEnd end)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonNode *after = session != NULL && self->describe != NULL
                        ? self->describe (session, self->describe_data)
                        : NULL;

  json_object_set_string_member (object, "words", lks_session_end_get_sentence (end));
  if (after != NULL)
    json_object_set_member (object, "after", after);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

static void
record_end (LksSessionGuard *self, const char *session_id, LksSession *session, LksSessionEnd end)
{
  g_autofree char *document = build_end_document (self, session, end);
  g_autoptr (GError) error = NULL;
  LksServiceEvent event = {
    .session_id = session_id,
    .at_us = g_get_real_time (),
    .reason = lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) end),
    .document = document,
  };

  if (self->ledger != NULL && !lks_ledger_service_append (self->ledger, &event, &error))
    tell_problem (self, error);
}

static char *
build_begin_document (const LksSessionBeginning *beginning)
{
  const LksSessionFields *fields = &beginning->fields;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "minutes",
                              (fields->ends_us - fields->started_us) / G_TIME_SPAN_MINUTE);
  json_object_set_int_member (object, "graceSeconds", fields->grace_s);
  json_object_set_boolean_member (object, "survivesProgram", fields->survives_program);
  json_object_set_boolean_member (object, "endsOnLock", fields->ends_on_lock);
  json_object_set_string_member (object, "userName", g_get_user_name ());
  if (beginning->operator_role != NULL)
    json_object_set_string_member (object, "operatorRole", beginning->operator_role);
  if (beginning->batch != NULL)
    json_object_set_string_member (object, "batch", beginning->batch);
  if (beginning->before != NULL)
    json_object_set_member (object, "before", json_node_copy (beginning->before));
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

static char *
build_capabilities (const LksSessionFields *fields)
{
  GString *text = g_string_new ("[");

  for (gsize i = 0; i < fields->n_capabilities; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", fields->capabilities[i]);
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static gboolean
record_begin (LksSessionGuard *self, const LksSessionBeginning *beginning, GError **error)
{
  const LksSessionFields *fields = &beginning->fields;
  g_autofree char *document = build_begin_document (beginning);
  g_autofree char *capabilities = build_capabilities (fields);

  if (self->ledger == NULL)
    {
      g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FAILED,
                           "there is no ledger, and no session is begun that is not recorded");
      return FALSE;
    }
  return lks_ledger_service_begin (self->ledger,
                                   &(LksServiceFields){
                                       .id = fields->id,
                                       .device_id = fields->device_id,
                                       .port = fields->port,
                                       .usb_serial = beginning->usb_serial,
                                       .operator_name = fields->operator_name,
                                       .station = g_get_host_name (),
                                       .started_us = fields->started_wall_us,
                                       .task = lks_enum_to_nick (LKS_TYPE_SERVICE_TASK,
                                                                 (int) fields->task),
                                       .note = fields->note,
                                       .fingerprint = fields->fingerprint,
                                       .capabilities = capabilities,
                                       .signer = beginning->signer,
                                       .document = document,
                                   },
                                   error);
}

/* Sessions without an end whose programs were killed, so that they could not say so. */
static void
close_orphans (LksSessionGuard *self, LksSession *going_on)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = self->ledger != NULL
                           ? lks_ledger_service_list_open (self->ledger, g_get_host_name (), &error)
                           : NULL;

  for (gsize i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      LksSessionEnd end = lks_session_store_get_end (self->store, ids[i]);

      if (going_on != NULL && g_str_equal (ids[i], lks_session_get_id (going_on)))
        continue;
      record_end (self, ids[i], NULL,
                  end != LKS_SESSION_END_NONE ? end : LKS_SESSION_END_PROGRAM_DIED);
    }
  if (error != NULL)
    tell_problem (self, error);
}

/* ---- limits ---- */

static void
fill_facts (LksSessionGuard *self, LksSessionFacts *facts, gboolean is_kept)
{
  lks_session_facts_read_clocks (facts);
  facts->is_kept = is_kept;
  facts->place = self->place;
  facts->attach_number = self->attach_number;
  facts->device_id = self->device_id;
}

static void
forget_place (LksSessionGuard *self)
{
  self->place = LKS_SESSION_PLACE_UNKNOWN;
  self->attach_number = 0;
  g_clear_pointer (&self->device_id, g_free);
}

static void
end_session (LksSessionGuard *self, LksSessionEnd end)
{
  g_autoptr (LksSession) session = lks_session_ref (self->session);
  g_autoptr (GError) error = NULL;
  gboolean is_ours;

  g_signal_emit (self, signals[SIGNAL_ENDING], 0, session);
  self->is_ending = TRUE;
  g_free (self->ended_id);
  self->ended_id = g_strdup (lks_session_get_id (session));
  is_ours = lks_session_store_end (self->store, lks_session_get_id (session), end, &error);
  if (is_ours)
    record_end (self, lks_session_get_id (session), session, end);
  self->is_ending = FALSE;
  if (error != NULL)
    tell_problem (self, error);
}

static void take_session (LksSessionGuard *self);

static void
judge (LksSessionGuard *self)
{
  LksSessionFacts facts = { 0 };
  LksSessionEnd end;

  if (self->session == NULL)
    return;

  fill_facts (self, &facts, TRUE);
  end = lks_session_judge (self->session, &facts);
  if (end == LKS_SESSION_END_NONE)
    return;

  end_session (self, end);
  take_session (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  judge (user_data);
  return G_SOURCE_CONTINUE;
}

static void
set_ticking (LksSessionGuard *self, gboolean is_ticking)
{
  if (!is_ticking)
    g_clear_handle_id (&self->tick_id, g_source_remove);
  else if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
}

static void
tell_end (LksSessionGuard *self, LksSession *session)
{
  LksSessionEnd end = lks_session_store_get_end (self->store, lks_session_get_id (session));

  if (end == LKS_SESSION_END_NONE)
    end = lks_session_store_is_damaged (self->store) ? LKS_SESSION_END_DAMAGED
                                                     : LKS_SESSION_END_LOGGED_OUT;
  g_debug ("session %s: ended, %s", lks_session_get_id (session),
           lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) end));
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, session, end);
}

/* Follows the store: a session began, changed or ended, here or in another program. */
static void
take_session (LksSessionGuard *self)
{
  LksSession *now = lks_session_store_get_session (self->store);
  g_autoptr (LksSession) before = NULL;

  if (now != NULL && g_strcmp0 (lks_session_get_id (now), self->ended_id) == 0)
    now = NULL;
  if (self->is_ending || now == self->session)
    return;

  before = g_steal_pointer (&self->session);
  self->session = now != NULL ? lks_session_ref (now) : NULL;
  if (!lks_session_is_same (before, now))
    forget_place (self);
  set_ticking (self, now != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
  if (before != NULL && !lks_session_is_same (before, now))
    tell_end (self, before);
  judge (self);
}

static void
store_changed_cb (LksSessionGuard *self)
{
  take_session (self);
}

static void
seen_cb (LksSessionGuard *self, LksSessionEnd end)
{
  if (self->session == NULL || (end == LKS_SESSION_END_SCREEN_LOCKED &&
                                !lks_session_get_fields (self->session)->ends_on_lock))
    return;

  end_session (self, end);
  take_session (self);
}

/* ---- joining ---- */

/* Before anybody says that it keeps watch: is there a session that nobody has watched over? */
static gboolean
join (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  LksSessionGuard *self = user_data;
  LksSessionFacts facts = { 0 };
  LksSessionEnd end;

  fill_facts (self, &facts, lks_session_store_is_kept (self->store));
  end = session != NULL ? lks_session_judge (session, &facts) : LKS_SESSION_END_NONE;
  if (end != LKS_SESSION_END_NONE)
    {
      g_clear_pointer (out_session, lks_session_unref);
      record_end (self, lks_session_get_id (session), NULL, end);
    }
  if (!lks_session_store_keep (self->store, error))
    return FALSE;

  close_orphans (self, *out_session);
  return TRUE;
}

static void
lks_session_guard_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((LksSessionGuardProperty) id)
    {
    case PROP_SESSION:
      g_value_set_boxed (value, LKS_SESSION_GUARD (object)->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_session_guard_dispose (GObject *object)
{
  LksSessionGuard *self = LKS_SESSION_GUARD (object);

  set_ticking (self, FALSE);
  if (self->watch != NULL)
    g_object_run_dispose (G_OBJECT (self->watch));
  g_clear_object (&self->watch);

  G_OBJECT_CLASS (lks_session_guard_parent_class)->dispose (object);
}

static void
lks_session_guard_finalize (GObject *object)
{
  LksSessionGuard *self = LKS_SESSION_GUARD (object);

  g_clear_pointer (&self->session, lks_session_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->ledger);
  g_free (self->ended_id);
  g_free (self->device_id);

  G_OBJECT_CLASS (lks_session_guard_parent_class)->finalize (object);
}

static void
lks_session_guard_class_init (LksSessionGuardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_session_guard_get_property;
  object_class->dispose = lks_session_guard_dispose;
  object_class->finalize = lks_session_guard_finalize;

  properties[PROP_SESSION] =
      g_param_spec_boxed ("session", NULL, NULL, LKS_TYPE_SESSION,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * LksSessionGuard::ending:
   * @self: a guard
   * @session: the session
   *
   * The session is over and about to be ended here: what opens the board must go now, before
   * anything is written down.
   */
  signals[SIGNAL_ENDING] = g_signal_new ("ending", LKS_TYPE_SESSION_GUARD, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, LKS_TYPE_SESSION);

  /**
   * LksSessionGuard::ended:
   * @self: a guard
   * @session: the session
   * @end: why
   *
   * The session has ended, in whatever program that was decided.
   */
  signals[SIGNAL_ENDED] =
      g_signal_new ("ended", LKS_TYPE_SESSION_GUARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, LKS_TYPE_SESSION, LKS_TYPE_SESSION_END);

  /**
   * LksSessionGuard::problem:
   * @self: a guard
   * @error: what went wrong
   *
   * Something could not be written down or changed; the session is as safe as before.
   */
  signals[SIGNAL_PROBLEM] = g_signal_new ("problem", LKS_TYPE_SESSION_GUARD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
lks_session_guard_init (LksSessionGuard *self)
{
}

/**
 * lks_session_guard_new:
 * @store: the session of this user
 * @ledger: (nullable): where sessions are recorded; without one none can begin
 * @error: return location for a [error@Lks.SessionError]
 *
 * Ends and records what should not go on, and watches from now on.
 *
 * Returns: (transfer full): a guard, or NULL with @error set
 */
LksSessionGuard *
lks_session_guard_new (LksSessionStore *store, LksLedger *ledger, GError **error)
{
  g_autoptr (LksSessionGuard) self = g_object_new (LKS_TYPE_SESSION_GUARD, NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->ledger, ledger);
  if (!lks_session_store_change (store, join, self, error))
    return NULL;

  self->watch = lks_session_watch_new ();
  g_signal_connect_object (self->watch, "seen", G_CALLBACK (seen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "notify::session", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  take_session (self);
  return g_steal_pointer (&self);
}

/**
 * lks_session_guard_set_describe:
 * @self: a guard
 * @describe: (nullable) (scope forever): asked for the state of the board when a session ends here
 * @user_data: for @describe
 */
void
lks_session_guard_set_describe (LksSessionGuard *self,
                                LksSessionDescribe describe,
                                gpointer user_data)
{
  self->describe = describe;
  self->describe_data = user_data;
}

/**
 * lks_session_guard_leave:
 * @self: a guard
 *
 * Stops watching: for the end of a program. A session that no other program watches over is over
 * from now on.
 */
void
lks_session_guard_leave (LksSessionGuard *self)
{
  set_ticking (self, FALSE);
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_signal_handlers_disconnect_by_data (self->watch, self);
  lks_session_store_release (self->store);
}

/**
 * lks_session_guard_get_session:
 * @self: a guard
 *
 * Returns: (transfer none) (nullable): the session that goes on
 */
LksSession *
lks_session_guard_get_session (LksSessionGuard *self)
{
  return self->session;
}

/**
 * lks_session_guard_is_ready:
 * @self: a guard
 *
 * Returns: whether it listens to everything that there is, see lks_session_watch_is_ready()
 */
gboolean
lks_session_guard_is_ready (LksSessionGuard *self)
{
  return lks_session_watch_is_ready (self->watch);
}

/**
 * lks_session_guard_watches_lock:
 * @self: a guard that is ready
 *
 * Returns: whether anything in this login says when the screen is locked
 */
gboolean
lks_session_guard_watches_lock (LksSessionGuard *self)
{
  return lks_session_watch_watches_lock (self->watch);
}

/* ---- changes ---- */

typedef struct
{
  LksSessionGuard *guard;
  const LksSessionBeginning *beginning;
} Begin;

static gboolean
begin (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  Begin *data = user_data;

  if (session != NULL)
    {
      g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_ACTIVE,
                   "a servicing session of the board %s goes on already",
                   lks_session_get_device_id (session));
      return FALSE;
    }
  if (!record_begin (data->guard, data->beginning, error))
    return FALSE;

  *out_session = lks_session_new (&data->beginning->fields);
  return TRUE;
}

/**
 * lks_session_guard_begin:
 * @self: a guard
 * @beginning: the session; its clocks are filled in here
 * @error: return location for a [error@Lks.SessionError] or a [error@Lks.LedgerError]
 *
 * Begins a session for all programs of this user, after it was written down. @beginning's
 * `ends_us` says how long it may last.
 *
 * Returns: whether it has begun
 */
gboolean
lks_session_guard_begin (LksSessionGuard *self,
                         const LksSessionBeginning *beginning,
                         GError **error)
{
  LksSessionBeginning filled = *beginning;
  LksSessionFacts facts = { 0 };
  Begin data = { .guard = self, .beginning = &filled };

  judge (self); /* one that is over is no obstacle */
  lks_session_facts_read_clocks (&facts);
  filled.fields.started_wall_us = g_get_real_time ();
  filled.fields.started_us = facts.now_us;
  filled.fields.ends_us = facts.now_us + beginning->fields.ends_us;
  filled.fields.boot_id = facts.boot_id;
  filled.fields.suspended_us = facts.suspended_us;
  filled.fields.absent_since_us = 0;
  return lks_session_store_change (self->store, begin, &data, error);
}

/**
 * lks_session_guard_end:
 * @self: a guard
 * @end: why
 * @error: return location for a [error@Lks.SessionError]: NONE_ACTIVE
 *
 * Ends the session for all programs of this user, and writes it down.
 *
 * Returns: whether there was one
 */
gboolean
lks_session_guard_end (LksSessionGuard *self, LksSessionEnd end, GError **error)
{
  lks_session_store_reload (self->store);
  if (self->session == NULL)
    {
      g_set_error_literal (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NONE_ACTIVE,
                           "there is no servicing session");
      return FALSE;
    }

  end_session (self, end);
  take_session (self);
  return TRUE;
}

typedef struct
{
  const char *session_id;
  const LksSessionFields *wanted;
} Update;

static gboolean
update (LksSession *session, LksSession **out_session, gpointer user_data, GError **error)
{
  Update *data = user_data;

  if (session == NULL || !g_str_equal (lks_session_get_id (session), data->session_id))
    return TRUE;

  lks_session_unref (*out_session);
  *out_session = lks_session_new (data->wanted);
  return TRUE;
}

static gboolean
update_session (LksSessionGuard *self, const LksSessionFields *wanted, GError **error)
{
  g_autoptr (LksSession) session = lks_session_ref (self->session);
  Update data = { .session_id = lks_session_get_id (session), .wanted = wanted };

  return lks_session_store_change (self->store, update, &data, error);
}

/**
 * lks_session_guard_set_survives:
 * @self: a guard
 * @survives_program: whether the session goes on when the program that began it is closed
 * @error: return location for a [error@Lks.SessionError]
 *
 * Returns: whether it is so now
 */
gboolean
lks_session_guard_set_survives (LksSessionGuard *self, gboolean survives_program, GError **error)
{
  LksSessionFields fields;

  if (self->session == NULL)
    {
      g_set_error_literal (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NONE_ACTIVE,
                           "there is no servicing session");
      return FALSE;
    }

  fields = *lks_session_get_fields (self->session);
  if (fields.survives_program == survives_program)
    return TRUE;
  fields.survives_program = survives_program;
  return update_session (self, &fields, error);
}

/* ---- what is plugged in ---- */

static void
write_place (LksSessionGuard *self, const char *port, guint attach_number, gint64 absent_since_us)
{
  LksSessionFields fields = *lks_session_get_fields (self->session);
  g_autoptr (GError) error = NULL;

  fields.port = port;
  fields.attach_number = attach_number;
  fields.absent_since_us = absent_since_us;
  if (!update_session (self, &fields, &error))
    tell_problem (self, error);
}

/* A board that comes back in time goes on where it was, or at another place when it has told who
 * it is. */
static void
welcome_back (LksSessionGuard *self, const char *port, guint attach_number)
{
  const LksSessionFields *fields = lks_session_get_fields (self->session);

  if (fields->absent_since_us != 0)
    write_place (self, port, attach_number, 0);
}

/**
 * lks_session_guard_see_board:
 * @self: a guard
 * @port: a place
 * @attach_number: which plugging-in of the adapter there
 * @device_id: (nullable): the board, when it has told its ID twice alike
 *
 * Says what is plugged in at a place now; call it again when the board tells its ID.
 */
void
lks_session_guard_see_board (LksSessionGuard *self,
                             const char *port,
                             guint attach_number,
                             const char *device_id)
{
  const LksSessionFields *fields =
      self->session != NULL ? lks_session_get_fields (self->session) : NULL;
  gboolean is_here;

  if (fields == NULL)
    return;

  is_here = g_str_equal (port, fields->port);
  if (!is_here && g_strcmp0 (device_id, fields->device_id) != 0)
    return;
  if (is_here || fields->absent_since_us != 0)
    {
      self->place = LKS_SESSION_PLACE_PRESENT;
      self->attach_number = attach_number;
      g_free (self->device_id);
      self->device_id = g_strdup (device_id);
    }
  judge (self);
  if (self->session != NULL)
    welcome_back (self, port, attach_number);
}

/**
 * lks_session_guard_see_absence:
 * @self: a guard
 *
 * Says that nothing is plugged in at the session's place.
 */
void
lks_session_guard_see_absence (LksSessionGuard *self)
{
  LksSessionFacts facts = { 0 };
  const LksSessionFields *fields;

  if (self->session == NULL)
    return;

  self->place = LKS_SESSION_PLACE_ABSENT;
  g_clear_pointer (&self->device_id, g_free);
  judge (self);
  if (self->session == NULL)
    return;

  fields = lks_session_get_fields (self->session);
  lks_session_facts_read_clocks (&facts);
  if (fields->absent_since_us == 0)
    write_place (self, fields->port, fields->attach_number, facts.now_us);
}
