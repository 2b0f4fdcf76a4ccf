/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y-tree.h"

#include <gio/gio.h>

/* GTK tells everything about all objects that somebody has asked for before, in one answer
 * (org.a11y.atspi.Cache.GetItems). Who is whose child is asked of each parent, because objects that
 * were hidden are still told there; all these questions are on their way at once. */

#define CACHE "org.a11y.atspi.Cache"
#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define ITEMS "(a((so)(so)(so)iiassusau))"
#define TIMEOUT_MS 60000
#define DEPTH_MAX 60

struct A11yTree
{
  GHashTable *nodes; /* (owned): path → A11yNode */
  A11yNode *top;
};

/* One read of what is below an object. */
typedef struct
{
  GDBusConnection *bus;
  GMainContext *context;
  const char *bus_name;
  GHashTable *items;    /* (owned) (nullable): path → GVariant: what is known */
  GHashTable *children; /* (owned): path → GVariant, the answer of GetChildren */
  guint pending;
  guint n_new; /* objects that are not among the items */
} Reading;

typedef struct
{
  Reading *reading;
  char *path;
} Question;

static GDBusConnection *
get_bus (void)
{
  static GDBusConnection *bus;
  g_autoptr (GDBusConnection) session = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  const char *address;

  if (bus != NULL)
    return bus;

  session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus",
                                        "GetAddress", NULL, G_VARIANT_TYPE ("(s)"), 0, TIMEOUT_MS,
                                        NULL, &error);
  g_assert_no_error (error);
  g_variant_get (answer, "(&s)", &address);
  bus = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  return bus;
}

static void
ask (Reading *reading,
     const char *path,
     const char *method,
     const char *answer_type,
     GAsyncReadyCallback callback)
{
  Question *question = g_new0 (Question, 1);

  question->reading = reading;
  question->path = g_strdup (path);
  reading->pending++;
  g_dbus_connection_call (reading->bus, reading->bus_name, path, ACCESSIBLE, method, NULL,
                          G_VARIANT_TYPE (answer_type), 0, TIMEOUT_MS, NULL, callback, question);
}

/* (nullable) (transfer full): NULL: the object went while it was asked */
static GVariant *
question_finish (Question *question, GAsyncResult *result)
{
  question->reading->pending--;
  return g_dbus_connection_call_finish (question->reading->bus, result, NULL);
}

static void
question_free (Question *question)
{
  g_free (question->path);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* ---- who is whose child ---- */

static guint64
join_states (GVariant *words)
{
  guint64 states = 0;

  for (gsize i = 0; i < MIN (2, g_variant_n_children (words)); i++)
    {
      guint32 word;

      g_variant_get_child (words, i, "u", &word);
      states |= (guint64) word << (32 * i);
    }
  return states;
}

/* What is on a hidden page of a stack is no object for a person; GTK 4.8 does not say SHOWING,
 * but it says VISIBLE. */
static gboolean
is_visible (guint64 states)
{
  return (states >> ATSPI_STATE_VISIBLE & 1) != 0;
}

static void ask_children (Reading *reading, const char *path);

static void
states_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GVariant) answer = question_finish (question, result);
  g_autoptr (GVariant) words = NULL;

  if (answer == NULL)
    return;

  words = g_variant_get_child_value (answer, 0);
  if (is_visible (join_states (words)))
    ask_children (question->reading, question->path);
}

/* Nobody looks below what is hidden, and those without children are not asked for them. */
static void
visit_child (Reading *reading, const char *path)
{
  GVariant *item = reading->items != NULL ? g_hash_table_lookup (reading->items, path) : NULL;
  g_autoptr (GVariant) words = NULL;
  int n_children;

  if (item == NULL)
    {
      reading->n_new++;
      ask (reading, path, "GetState", "(au)", states_cb);
      return;
    }
  words = g_variant_get_child_value (item, 9);
  g_variant_get_child (item, 4, "i", &n_children);
  if (n_children > 0 && is_visible (join_states (words)))
    ask_children (reading, path);
}

static void
children_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  GVariant *answer = question_finish (question, result);
  g_autoptr (GVariantIter) children = NULL;
  const char *path;

  if (answer == NULL)
    return;

  g_hash_table_replace (question->reading->children, g_strdup (question->path), answer);
  g_variant_get (answer, "(a(so))", &children);
  while (g_variant_iter_next (children, "(&s&o)", NULL, &path))
    if (!g_hash_table_contains (question->reading->children, path))
      visit_child (question->reading, path);
}

static void
ask_children (Reading *reading, const char *path)
{
  ask (reading, path, "GetChildren", "(a(so))", children_cb);
}

/* FALSE: the program does not answer */
static gboolean
read_items (Reading *reading)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariantIter) items = NULL;
  GVariant *item;

  answer = g_dbus_connection_call_sync (reading->bus, reading->bus_name, "/org/a11y/atspi/cache",
                                        CACHE, "GetItems", NULL, G_VARIANT_TYPE (ITEMS), 0,
                                        TIMEOUT_MS, NULL, NULL);
  if (answer == NULL)
    return FALSE;

  g_hash_table_remove_all (reading->items);
  g_variant_get (answer, ITEMS, &items);
  while ((item = g_variant_iter_next_value (items)) != NULL)
    {
      const char *path;

      g_variant_get_child (item, 0, "(&s&o)", NULL, &path);
      g_hash_table_replace (reading->items, g_strdup (path), item);
    }
  return TRUE;
}

/* FALSE: the program does not answer */
static gboolean
read_all (Reading *reading, const char *top_path)
{
  if (!read_items (reading))
    return FALSE;

  ask_children (reading, top_path);
  while (reading->pending > 0)
    g_main_context_iteration (reading->context, TRUE);
  return reading->n_new == 0 || read_items (reading);
}

/* ---- nodes ---- */

static void
node_free (gpointer data)
{
  A11yNode *node = data;

  g_ptr_array_unref (node->children);
  g_free (node->name);
  g_free (node->path);
  g_free (node);
}

/* @item: (nullable): NULL: the program itself, which is not among what it tells */
static A11yNode *
node_new (const char *path, GVariant *item)
{
  A11yNode *node = g_new0 (A11yNode, 1);
  g_autoptr (GVariant) words = NULL;
  guint32 role = ATSPI_ROLE_APPLICATION;

  node->path = g_strdup (path);
  node->children = g_ptr_array_new ();
  if (item != NULL)
    {
      g_variant_get_child (item, 6, "s", &node->name);
      g_variant_get_child (item, 7, "u", &role);
      words = g_variant_get_child_value (item, 9);
      node->states = join_states (words);
    }
  else
    node->name = g_strdup ("");
  node->role = (AtspiRole) role;
  return node;
}

static A11yNode *build (A11yTree *tree, Reading *reading, const char *path, int depth);

static void
build_children (A11yTree *tree, Reading *reading, A11yNode *parent, int depth)
{
  GVariant *answer = g_hash_table_lookup (reading->children, parent->path);
  g_autoptr (GVariantIter) children = NULL;
  const char *path;

  if (answer == NULL)
    return;

  g_variant_get (answer, "(a(so))", &children);
  for (int i = 0; g_variant_iter_next (children, "(&s&o)", NULL, &path); i++)
    {
      GVariant *item = g_hash_table_lookup (reading->items, path);
      A11yNode *node;

      if (item == NULL || g_hash_table_contains (tree->nodes, path))
        continue;
      node = build (tree, reading, path, depth + 1);
      node->parent = parent;
      node->index = i;
      if (is_visible (node->states))
        g_ptr_array_add (parent->children, node);
    }
}

static A11yNode *
build (A11yTree *tree, Reading *reading, const char *path, int depth)
{
  A11yNode *node = node_new (path, g_hash_table_lookup (reading->items, path));

  g_hash_table_insert (tree->nodes, node->path, node);
  if (depth < DEPTH_MAX)
    build_children (tree, reading, node, depth);
  return node;
}

/* Everything below @top_path, as it is now. (nullable): NULL: there is no such object any more */
A11yTree *
a11y_tree_read (const char *bus_name, const char *top_path)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GHashTable) items = NULL;
  g_autoptr (GHashTable) children = NULL;
  Reading reading = { .bus = get_bus (), .context = context, .bus_name = bus_name };
  A11yTree *tree = NULL;

  items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  children =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  reading.items = items;
  reading.children = children;

  g_main_context_push_thread_default (context);
  if (read_all (&reading, top_path) && g_hash_table_contains (children, top_path))
    {
      tree = g_new0 (A11yTree, 1);
      tree->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
      tree->top = build (tree, &reading, top_path, 0);
    }
  g_main_context_pop_thread_default (context);
  return tree;
}

void
a11y_tree_free (A11yTree *tree)
{
  g_hash_table_unref (tree->nodes);
  g_free (tree);
}

gboolean
a11y_node_has_state (const A11yNode *node, AtspiStateType state)
{
  return (node->states >> state & 1) != 0;
}

static gboolean
walk (const A11yNode *node, int depth, A11yVisit visit, gpointer user_data)
{
  if (visit (node, depth, user_data))
    return TRUE;

  for (guint i = 0; i < node->children->len; i++)
    if (walk (g_ptr_array_index (node->children, i), depth + 1, visit, user_data))
      return TRUE;
  return FALSE;
}

/* Depth first, until @visit says that it has seen enough; whether it did. */
gboolean
a11y_tree_walk (A11yTree *tree, A11yVisit visit, gpointer user_data)
{
  return walk (tree->top, 0, visit, user_data);
}

/* ---- keys ---- */

/* Keys come to the program by another way than questions: one question can overtake them. */
#define SETTLE_ROUNDS 3

/* Returns when the program has done what the keys before this demand of it, if it lives. A key is
 * in its queue by the time that its sender hears so, and the main loop looks at both ways in each
 * of its rounds. */
void
a11y_tree_settle (const char *bus_name, const char *path)
{
  for (guint i = 0; i < SETTLE_ROUNDS; i++)
    {
      g_autoptr (GVariant) answer =
          g_dbus_connection_call_sync (get_bus (), bus_name, path, ACCESSIBLE, "GetState", NULL,
                                       NULL, 0, TIMEOUT_MS, NULL, NULL);
    }
}
