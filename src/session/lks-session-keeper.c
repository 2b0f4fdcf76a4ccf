/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-keeper.h"

#include "lks-service-action.h"
#include "lks-session-keeper-private.h"

struct _LksSessionKeeper
{
  GObject parent_instance;

  LksSessionGuard *guard; /* (owned) */
  LksBoardList *boards;   /* (owned) (nullable): NULL once closed */
  LksVault *vault;        /* (owned) */
  LksLedger *ledger;      /* (owned) (nullable) */

  LksCapabilityKey *key;  /* (owned) (nullable): of the session, once it is at hand */
  char *key_session;      /* (owned) (nullable): the session that @key was fetched for */
  LksBoard *board;        /* (owned) (nullable): has @key */
  LksSession *last;       /* (owned) (nullable): whose requests may still be under way */
  GError *problem;        /* (owned) (nullable) */
  GCancellable *fetching; /* (owned) (nullable) */
  gboolean has_refreshed; /* the vault was read again for this session */
  guint pending;          /* records that are being written */
};

G_DEFINE_FINAL_TYPE (LksSessionKeeper, lks_session_keeper, G_TYPE_OBJECT)

typedef enum
{
  PROP_SESSION = 1,
  PROP_BOARD,
  PROP_PROBLEM,
} LksSessionKeeperProperty;

static GParamSpec *properties[PROP_PROBLEM + 1];

typedef enum
{
  SIGNAL_ENDED,
  SIGNAL_TROUBLE,
} LksSessionKeeperSignal;

static guint signals[SIGNAL_TROUBLE + 1];

static void follow (LksSessionKeeper *self);

static void
set_problem (LksSessionKeeper *self, const GError *error)
{
  if (self->problem == NULL && error == NULL)
    return;

  g_clear_error (&self->problem);
  if (error != NULL)
    self->problem = g_error_copy (error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static guint
get_n_boards (LksSessionKeeper *self)
{
  return self->boards != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->boards)) : 0;
}

static LksBoard *
ref_board (LksSessionKeeper *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->boards), position);
}

/* ---- the key ---- */

/* From here on it opens nothing, whoever still holds it. */
static void
drop_key (LksSessionKeeper *self)
{
  g_autoptr (LksBoard) board = g_steal_pointer (&self->board);

  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  g_clear_object (&self->fetching);
  if (self->key != NULL)
    lks_capability_key_revoke (self->key);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_clear_pointer (&self->key_session, g_free);
  if (board == NULL)
    return;
  lks_board_set_key (board, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARD]);
}

/* The board that says that it is the session's; none when two places say so, because then one of
 * them is not. */
static LksBoard *
find_session_board (LksSessionKeeper *self)
{
  LksSession *session = lks_session_guard_get_session (self->guard);
  LksBoard *found = NULL;

  for (guint i = 0; session != NULL && i < get_n_boards (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      if (g_strcmp0 (lks_board_get_device_id (board), lks_session_get_device_id (session)) != 0)
        continue;
      if (found != NULL)
        return NULL;
      found = board; /* the list keeps it alive */
    }
  return found;
}

/* The one place that hands a key to a board. */
static void
hand_out (LksSessionKeeper *self)
{
  LksBoard *board = self->key != NULL ? find_session_board (self) : NULL;

  if (board == self->board)
    return;

  if (self->board != NULL)
    lks_board_set_key (self->board, NULL);
  g_set_object (&self->board, board);
  if (board != NULL)
    lks_board_set_key (board, self->key);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARD]);
}

/* Takes a key for the session that goes on; FALSE when it is none for its board. */
gboolean
lks_session_keeper_take_key (LksSessionKeeper *self, LksCapabilityKey *key)
{
  LksSession *session = lks_session_guard_get_session (self->guard);

  if (session == NULL || !lks_capability_key_is_for (key, lks_session_get_device_id (session)))
    return FALSE;

  drop_key (self);
  self->key = lks_capability_key_ref (key);
  self->key_session = g_strdup (lks_session_get_id (session));
  set_problem (self, NULL);
  hand_out (self);
  return TRUE;
}

static void
give_up_capability (LksSessionKeeper *self)
{
  drop_key (self);
  lks_session_guard_end (self->guard, LKS_SESSION_END_CAPABILITY_GONE, NULL);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionKeeper) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityKey) key =
      lks_vault_fetch_key_finish (LKS_VAULT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->fetching == NULL)
    return;

  g_clear_object (&self->fetching);
  if (key != NULL && lks_session_keeper_take_key (self, key))
    return;
  if (key != NULL || g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND) ||
      g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED))
    give_up_capability (self);
  else
    set_problem (self, error); /* the keyring is locked or away: another program may have it */
}

static void
fetch (LksSessionKeeper *self, LksVaultItem *item)
{
  lks_vault_fetch_key_async (self->vault, item, self->fetching, fetched_cb, g_object_ref (self));
}

static void find_item (LksSessionKeeper *self);

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionKeeper) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = lks_vault_open_finish (LKS_VAULT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->fetching == NULL)
    return;
  if (good)
    {
      find_item (self);
      return;
    }
  g_clear_object (&self->fetching);
  set_problem (self, error);
}

/* What another program has put into the vault is seen after a refresh only. */
static void
find_item (LksSessionKeeper *self)
{
  LksSession *session = lks_session_guard_get_session (self->guard);
  LksVaultItem *item =
      lks_vault_get_item (self->vault, lks_session_get_fields (session)->fingerprint);

  if (item != NULL)
    fetch (self, item);
  else if (!self->has_refreshed)
    {
      self->has_refreshed = TRUE;
      lks_vault_refresh_async (self->vault, self->fetching, listed_cb, g_object_ref (self));
    }
  else
    {
      g_clear_object (&self->fetching);
      give_up_capability (self);
    }
}

static void
ensure_key (LksSessionKeeper *self)
{
  LksSession *session = lks_session_guard_get_session (self->guard);

  if (session == NULL || self->fetching != NULL ||
      g_strcmp0 (self->key_session, lks_session_get_id (session)) == 0)
    return;
  if (find_session_board (self) == NULL)
    return; /* nothing to open: the capability stays in the keyring */

  self->fetching = g_cancellable_new ();
  self->has_refreshed = FALSE;
  lks_vault_open_async (self->vault, self->fetching, listed_cb, g_object_ref (self));
}

/* ---- what is plugged in ---- */

static void
report_places (LksSessionKeeper *self)
{
  gboolean is_there = FALSE;
  LksSession *session = lks_session_guard_get_session (self->guard);
  g_autofree char *port =
      session != NULL ? g_strdup (lks_session_get_fields (session)->port) : NULL;

  if (port == NULL || self->boards == NULL || !lks_board_list_is_settled (self->boards))
    return;

  for (guint i = 0; i < get_n_boards (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      is_there |= g_str_equal (lks_board_get_path (board), port);
    }
  if (!is_there)
    lks_session_guard_see_absence (self->guard);

  for (guint i = 0; i < get_n_boards (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      lks_session_guard_see_board (self->guard, lks_board_get_path (board),
                                   lks_port_get_attach_number (lks_board_get_port (board)),
                                   lks_board_get_device_id (board));
    }
}

/* Something is different: a session, a board, the vault. */
static void
follow (LksSessionKeeper *self)
{
  LksSession *session;

  report_places (self);
  session = lks_session_guard_get_session (self->guard);
  if (session == NULL ||
      (self->key_session != NULL && !g_str_equal (self->key_session, lks_session_get_id (session))))
    drop_key (self);
  if (session == NULL)
    set_problem (self, NULL);
  hand_out (self);
  ensure_key (self);
}

/* ---- the record ---- */

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksSessionKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  self->pending--;
  if (!lks_ledger_service_append_finish (LKS_LEDGER (source), result, &error))
    g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, error);
}

static char *
build_document (const LksBoardExchange *exchange)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  LksServiceAction action = lks_service_action_from_request (exchange->method, exchange->path);
  g_autofree char *text = lks_service_action_describe (action, exchange->http_status);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "words", text);
  json_object_set_int_member (object, "durationMilliseconds", exchange->duration_us / 1000);
  json_object_set_boolean_member (object, "withCapability", exchange->with_key);
  if (exchange->problem != NULL)
    json_object_set_string_member (object, "problem", exchange->problem);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

/* A request that was under way when the session ended belongs to it, too. */
static LksSession *
find_session_of (LksSessionKeeper *self, const LksBoardExchange *exchange)
{
  LksSession *session = lks_session_guard_get_session (self->guard);

  if (session == NULL && exchange->with_key)
    session = self->last;
  if (session == NULL ||
      g_strcmp0 (exchange->device_id, lks_session_get_device_id (session)) != 0 ||
      exchange->started_at_us < lks_session_get_fields (session)->started_wall_us)
    return NULL;
  return session;
}

static void
exchanged_cb (LksSessionKeeper *self, const LksBoardExchange *exchange)
{
  LksSession *session = find_session_of (self, exchange);
  g_autofree char *document = NULL;
  LksServiceEvent event;

  if (session == NULL || self->ledger == NULL)
    return;

  document = build_document (exchange);
  event = (LksServiceEvent){
    .session_id = lks_session_get_id (session),
    .at_us = exchange->started_at_us,
    .method = exchange->method,
    .path = exchange->path,
    .http_status = exchange->http_status,
    .document = document,
  };
  self->pending++;
  lks_ledger_service_append_async (self->ledger, &event, NULL, recorded_cb, g_object_ref (self));
}

/* What the board is like when the session ends. */
static JsonNode *
describe (LksSession *session, gpointer user_data)
{
  LksSessionKeeper *self = user_data;

  for (guint i = 0; i < get_n_boards (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      if (g_strcmp0 (lks_board_get_device_id (board), lks_session_get_device_id (session)) == 0)
        return lks_board_status_to_json (lks_board_get_status (board));
    }
  return NULL;
}

/* ---- following ---- */

static void
follow_board (LksSessionKeeper *self, LksBoard *board)
{
  g_signal_connect_object (board, "notify::device-id", G_CALLBACK (follow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (board, "exchanged", G_CALLBACK (exchanged_cb), self, G_CONNECT_SWAPPED);
}

static void
boards_changed_cb (GListModel *boards,
                   guint position,
                   guint removed,
                   guint added,
                   LksSessionKeeper *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, position + i);

      follow_board (self, board);
    }
  follow (self);
}

/* First the key, then everything else. */
static void
ending_cb (LksSessionKeeper *self, LksSession *session)
{
  g_clear_pointer (&self->last, lks_session_unref);
  self->last = lks_session_ref (session);
  drop_key (self);
}

static void
guard_ended_cb (LksSessionKeeper *self, LksSession *session, LksSessionEnd end)
{
  ending_cb (self, session); /* another program may have ended it */
  follow (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, session, end);
}

static void
guard_session_cb (LksSessionKeeper *self)
{
  follow (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
guard_problem_cb (LksSessionKeeper *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, error);
}

/* A capability that is taken out of the vault opens nothing any more. */
static void
items_changed_cb (LksSessionKeeper *self)
{
  LksSession *session = lks_session_guard_get_session (self->guard);

  if (session == NULL || self->key == NULL ||
      lks_vault_get_state (self->vault) != LKS_VAULT_STATE_OPEN ||
      lks_vault_get_item (self->vault, lks_session_get_fields (session)->fingerprint) != NULL)
    return;
  give_up_capability (self);
}

/* A keyring that was locked may be open now. */
static void
vault_state_cb (LksSessionKeeper *self)
{
  if (lks_vault_get_state (self->vault) == LKS_VAULT_STATE_OPEN)
    ensure_key (self);
}

static void
lks_session_keeper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LksSessionKeeper *self = LKS_SESSION_KEEPER (object);

  switch ((LksSessionKeeperProperty) id)
    {
    case PROP_SESSION:
      g_value_set_boxed (value, lks_session_keeper_get_session (self));
      break;
    case PROP_BOARD:
      g_value_set_object (value, self->board);
      break;
    case PROP_PROBLEM:
      g_value_set_boxed (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_session_keeper_dispose (GObject *object)
{
  lks_session_keeper_close (LKS_SESSION_KEEPER (object));

  G_OBJECT_CLASS (lks_session_keeper_parent_class)->dispose (object);
}

static void
lks_session_keeper_finalize (GObject *object)
{
  LksSessionKeeper *self = LKS_SESSION_KEEPER (object);

  g_clear_object (&self->guard);
  g_clear_object (&self->vault);
  g_clear_object (&self->ledger);
  g_clear_pointer (&self->last, lks_session_unref);
  g_clear_error (&self->problem);

  G_OBJECT_CLASS (lks_session_keeper_parent_class)->finalize (object);
}

static void
lks_session_keeper_class_init (LksSessionKeeperClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_session_keeper_get_property;
  object_class->dispose = lks_session_keeper_dispose;
  object_class->finalize = lks_session_keeper_finalize;

  properties[PROP_SESSION] = g_param_spec_boxed ("session", NULL, NULL, LKS_TYPE_SESSION, flags);
  properties[PROP_BOARD] = g_param_spec_object ("board", NULL, NULL, LKS_TYPE_BOARD, flags);
  properties[PROP_PROBLEM] = g_param_spec_boxed ("problem", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * LksSessionKeeper::ended:
   * @self: a keeper
   * @session: the session
   * @end: why
   *
   * The session has ended, here or in another program; its key is wiped.
   */
  signals[SIGNAL_ENDED] =
      g_signal_new ("ended", LKS_TYPE_SESSION_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, LKS_TYPE_SESSION, LKS_TYPE_SESSION_END);

  /**
   * LksSessionKeeper::trouble:
   * @self: a keeper
   * @error: what went wrong
   *
   * Something could not be written down; the session is as safe as before.
   */
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", LKS_TYPE_SESSION_KEEPER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
lks_session_keeper_init (LksSessionKeeper *self)
{
}

static void
connect_all (LksSessionKeeper *self)
{
  g_signal_connect_object (self->guard, "ending", G_CALLBACK (ending_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->guard, "ended", G_CALLBACK (guard_ended_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->guard, "problem", G_CALLBACK (guard_problem_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->guard, "notify::session", G_CALLBACK (guard_session_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->boards, "items-changed", G_CALLBACK (boards_changed_cb), self, 0);
  g_signal_connect_object (self->boards, "notify::settled", G_CALLBACK (follow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lks_vault_get_items (self->vault), "items-changed",
                           G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->vault, "notify::state", G_CALLBACK (vault_state_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * lks_session_keeper_new:
 * @store: the session of this user
 * @boards: the attached boards
 * @vault: the user's capabilities
 * @ledger: (nullable): where sessions are recorded; without one none can begin
 * @error: return location for a [error@Lks.SessionError]
 *
 * Begins to keep the session: one that another program began goes on here, too.
 *
 * Returns: (transfer full): a keeper, or NULL with @error set
 */
LksSessionKeeper *
lks_session_keeper_new (LksSessionStore *store,
                        LksBoardList *boards,
                        LksVault *vault,
                        LksLedger *ledger,
                        GError **error)
{
  g_autoptr (LksSessionKeeper) self = g_object_new (LKS_TYPE_SESSION_KEEPER, NULL);

  self->boards = g_object_ref (boards);
  self->vault = g_object_ref (vault);
  g_set_object (&self->ledger, ledger);
  self->guard = lks_session_guard_new (store, ledger, error);
  if (self->guard == NULL)
    return NULL;

  lks_session_guard_set_describe (self->guard, describe, self);
  connect_all (self);
  boards_changed_cb (G_LIST_MODEL (boards), 0, 0, get_n_boards (self), self);
  return g_steal_pointer (&self);
}

/**
 * lks_session_keeper_get_guard:
 * @self: a keeper
 *
 * Returns: (transfer none): what enforces the session's limits
 */
LksSessionGuard *
lks_session_keeper_get_guard (LksSessionKeeper *self)
{
  return self->guard;
}

/**
 * lks_session_keeper_get_vault:
 * @self: a keeper
 *
 * Returns: (transfer none): where the capabilities are
 */
LksVault *
lks_session_keeper_get_vault (LksSessionKeeper *self)
{
  return self->vault;
}

/**
 * lks_session_keeper_get_session:
 * @self: a keeper
 *
 * Returns: (transfer none) (nullable): the session that goes on
 */
LksSession *
lks_session_keeper_get_session (LksSessionKeeper *self)
{
  return self->guard != NULL ? lks_session_guard_get_session (self->guard) : NULL;
}

/**
 * lks_session_keeper_get_board:
 * @self: a keeper
 *
 * Returns: (transfer none) (nullable): the board that has the session's key
 */
LksBoard *
lks_session_keeper_get_board (LksSessionKeeper *self)
{
  return self->board;
}

/**
 * lks_session_keeper_get_problem:
 * @self: a keeper
 *
 * Returns: (transfer none) (nullable): why the session's key is not at hand here, a
 *   [error@Lks.VaultError]
 */
const GError *
lks_session_keeper_get_problem (LksSessionKeeper *self)
{
  return self->problem;
}

/**
 * lks_session_keeper_is_settled:
 * @self: a keeper
 *
 * Returns: whether nothing is under way: no key is being fetched, no change being written down
 */
gboolean
lks_session_keeper_is_settled (LksSessionKeeper *self)
{
  return self->fetching == NULL && self->pending == 0;
}

static gboolean
too_late_cb (gpointer user_data)
{
  gboolean *is_late = user_data;

  *is_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * lks_session_keeper_settle:
 * @self: a keeper, closed or not
 * @limit_ms: how long it may take, in milliseconds; LKS_SESSION_SETTLE_LIMIT_MS
 *
 * Turns the main context until what was done in the session is written down: for the end of a
 * program. What boards have answered may still be on its way from their workers; once the list of
 * boards is closed, too, nothing more comes.
 *
 * Returns: whether it is; FALSE when it takes too long
 */
gboolean
lks_session_keeper_settle (LksSessionKeeper *self, guint limit_ms)
{
  gboolean is_late = FALSE;
  guint timer_id = g_timeout_add (limit_ms, too_late_cb, &is_late);

  while (!is_late && g_main_context_iteration (NULL, FALSE))
    ;
  while (!is_late && !lks_session_keeper_is_settled (self))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer_id);
  return lks_session_keeper_is_settled (self);
}

/**
 * lks_session_keeper_end:
 * @self: a keeper
 * @end: why
 * @error: return location for a [error@Lks.SessionError]: NONE_ACTIVE
 *
 * Ends the session for all programs of this user: the key is wiped first.
 *
 * Returns: whether there was one
 */
gboolean
lks_session_keeper_end (LksSessionKeeper *self, LksSessionEnd end, GError **error)
{
  drop_key (self);
  return lks_session_guard_end (self->guard, end, error);
}

/**
 * lks_session_keeper_close:
 * @self: a keeper
 *
 * Takes the key away from its board and wipes it: for the end of a program. The session itself
 * goes on if another program watches over it.
 */
void
lks_session_keeper_close (LksSessionKeeper *self)
{
  g_autoptr (LksBoardList) boards = g_steal_pointer (&self->boards);

  if (boards == NULL)
    return;

  g_signal_handlers_disconnect_by_data (boards, self);
  g_signal_handlers_disconnect_by_data (self->vault, self);
  g_signal_handlers_disconnect_by_data (lks_vault_get_items (self->vault), self);
  drop_key (self);
  if (self->guard == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->guard, self);
  lks_session_guard_set_describe (self->guard, NULL, NULL);
  lks_session_guard_leave (self->guard);
}
