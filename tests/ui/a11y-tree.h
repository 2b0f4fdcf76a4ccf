/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <atspi/atspi.h>

/* All objects of a program, asked for at once. libatspi asks for every property of every object by
 * a question of its own: looking for one button takes thousands, and each wakes the program. */

/**
 * A11yNode:
 * @path: D-Bus path; the same as long as the object lives
 * @parent: (nullable): NULL: the top of the tree
 * @index: among the children of @parent
 * @states: bit n: the #AtspiStateType n
 * @children: (element-type A11yNode): visible ones, in order
 */
typedef struct A11yNode A11yNode;
struct A11yNode
{
  char *path;
  A11yNode *parent;
  int index;
  AtspiRole role;
  guint64 states;
  char *name;
  GPtrArray *children;
};

typedef struct A11yTree A11yTree;

typedef gboolean (*A11yVisit) (const A11yNode *node, int depth, gpointer user_data);

A11yTree *a11y_tree_read (const char *bus_name,
                          const char *top_path) G_GNUC_WARN_UNUSED_RESULT;
void      a11y_tree_free (A11yTree   *tree);

gboolean  a11y_tree_walk      (A11yTree       *tree,
                               A11yVisit       visit,
                               gpointer        user_data);
gboolean  a11y_node_has_state (const A11yNode *node,
                               AtspiStateType  state);

void      a11y_tree_settle    (const char     *bus_name,
                               const char     *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (A11yTree, a11y_tree_free)
