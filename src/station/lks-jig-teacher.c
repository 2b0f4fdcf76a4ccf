/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-jig-teacher.h"

#include "lks-jig.h"

/* Two boards that appear within this time, and are both there, were plugged in together, or a hub
 * with both was: which of them is which place would be a guess. One person needs longer. */
#define AT_ONCE_US (700 * G_TIME_SPAN_MILLISECOND)

struct _LksJigTeacher
{
  GObject parent_instance;

  guint rows, columns;
  GPtrArray *ports;   /* (owned) (element-type char): one for each place asked for, "" skipped */
  GHashTable *others; /* (owned): ports that hold a board which teaches nothing before it goes */
  LksJigLesson lesson;
  char *known;      /* (owned) (nullable): the name of the place with which KNOWN is about */
  gint64 taught_us; /* when the last place was taught; 0 when it was not taught just now */
};

G_DEFINE_ENUM_TYPE (LksJigLesson,
                    lks_jig_lesson,
                    G_DEFINE_ENUM_VALUE (LKS_JIG_LESSON_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (LKS_JIG_LESSON_TAUGHT, "taught"),
                    G_DEFINE_ENUM_VALUE (LKS_JIG_LESSON_KNOWN, "known"),
                    G_DEFINE_ENUM_VALUE (LKS_JIG_LESSON_TWO_AT_ONCE, "two-at-once"),
                    G_DEFINE_ENUM_VALUE (LKS_JIG_LESSON_DONE, "done"))
G_DEFINE_FINAL_TYPE (LksJigTeacher, lks_jig_teacher, G_TYPE_OBJECT)

static GParamSpec *lesson_property;
static guint changed_signal;

static void
lks_jig_teacher_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_enum (value, (int) LKS_JIG_TEACHER (object)->lesson);
}

static void
lks_jig_teacher_finalize (GObject *object)
{
  LksJigTeacher *self = LKS_JIG_TEACHER (object);

  g_ptr_array_unref (self->ports);
  g_hash_table_unref (self->others);
  g_free (self->known);
  G_OBJECT_CLASS (lks_jig_teacher_parent_class)->finalize (object);
}

static void
lks_jig_teacher_class_init (LksJigTeacherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_jig_teacher_get_property;
  object_class->finalize = lks_jig_teacher_finalize;
  lesson_property =
      g_param_spec_enum ("lesson", NULL, NULL, LKS_TYPE_JIG_LESSON, LKS_JIG_LESSON_WAITING,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property (object_class, 1, lesson_property);
  changed_signal = g_signal_new ("changed", LKS_TYPE_JIG_TEACHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_jig_teacher_init (LksJigTeacher *self)
{
  self->ports = g_ptr_array_new_with_free_func (g_free);
  self->others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* ---- the places that were asked for ---- */

static guint
count_places (LksJigTeacher *self)
{
  return self->rows * self->columns;
}

static char *
name_of (LksJigTeacher *self, guint index)
{
  return lks_jig_name_for (index / self->columns + 1, index % self->columns + 1);
}

static gboolean
find_port (LksJigTeacher *self, const char *port, guint *out_index)
{
  return g_ptr_array_find_with_equal_func (self->ports, port, g_str_equal, out_index);
}

/* Where it stands when nothing special has happened. */
static LksJigLesson
rest (LksJigTeacher *self, LksJigLesson lesson)
{
  return self->ports->len == count_places (self) ? LKS_JIG_LESSON_DONE : lesson;
}

static void
set_lesson (LksJigTeacher *self, LksJigLesson lesson)
{
  if (lesson != LKS_JIG_LESSON_KNOWN)
    g_clear_pointer (&self->known, g_free);
  if (self->lesson != lesson)
    {
      self->lesson = lesson;
      g_object_notify_by_pspec (G_OBJECT (self), lesson_property);
    }
  g_signal_emit (self, changed_signal, 0);
}

/**
 * lks_jig_teacher_new:
 * @rows: how many rows the jig has
 * @columns: how many columns; at most [const@Lks.JIG_PLACES_MAX] places in all
 *
 * Returns: (transfer full): a teacher that asks for the place at the top left
 */
LksJigTeacher *
lks_jig_teacher_new (guint rows, guint columns)
{
  LksJigTeacher *self;

  g_return_val_if_fail (rows > 0 && columns > 0, NULL);
  g_return_val_if_fail (rows <= LKS_JIG_LINES_MAX && columns <= LKS_JIG_LINES_MAX, NULL);
  g_return_val_if_fail (rows * columns <= LKS_JIG_PLACES_MAX, NULL);

  self = g_object_new (LKS_TYPE_JIG_TEACHER, NULL);
  self->rows = rows;
  self->columns = columns;
  return self;
}

/**
 * lks_jig_teacher_start_with:
 * @self: a teacher
 * @port: where a board is plugged in already
 *
 * Such a board teaches nothing before it is plugged in anew.
 */
void
lks_jig_teacher_start_with (LksJigTeacher *self, const char *port)
{
  g_return_if_fail (LKS_IS_JIG_TEACHER (self));

  g_hash_table_add (self->others, g_strdup (port));
}

/* Neither this one nor the last one counts, and nothing counts before they are gone. */
static void
take_back (LksJigTeacher *self, const char *port)
{
  guint last = self->ports->len - 1;

  g_hash_table_add (self->others, g_strdup (self->ports->pdata[last]));
  g_hash_table_add (self->others, g_strdup (port));
  g_ptr_array_remove_index (self->ports, last);
  self->taught_us = 0;
  set_lesson (self, LKS_JIG_LESSON_TWO_AT_ONCE);
}

static void
teach (LksJigTeacher *self, const char *port, gint64 now_us)
{
  g_ptr_array_add (self->ports, g_strdup (port));
  self->taught_us = now_us;
  set_lesson (self, rest (self, LKS_JIG_LESSON_TAUGHT));
}

/**
 * lks_jig_teacher_plugged:
 * @self: a teacher
 * @port: where a board has appeared
 * @now_us: a clock that never jumps, in microseconds
 *
 * A board appeared. At an unknown port it teaches the place that was asked for; a second one right
 * behind it makes both unsure.
 */
void
lks_jig_teacher_plugged (LksJigTeacher *self, const char *port, gint64 now_us)
{
  gboolean is_at_once;
  guint index;

  g_return_if_fail (LKS_IS_JIG_TEACHER (self));

  is_at_once = self->taught_us != 0 && now_us - self->taught_us < AT_ONCE_US;
  if (find_port (self, port, &index))
    {
      g_free (self->known);
      self->known = name_of (self, index);
      set_lesson (self, rest (self, LKS_JIG_LESSON_KNOWN));
    }
  else if (self->lesson == LKS_JIG_LESSON_TWO_AT_ONCE)
    {
      g_hash_table_add (self->others, g_strdup (port));
      set_lesson (self, LKS_JIG_LESSON_TWO_AT_ONCE);
    }
  else if (is_at_once)
    {
      take_back (self, port);
    }
  else if (self->ports->len == count_places (self))
    {
      g_hash_table_add (self->others, g_strdup (port));
    }
  else
    {
      g_hash_table_remove (self->others, port);
      teach (self, port, now_us);
    }
}

/**
 * lks_jig_teacher_unplugged:
 * @self: a teacher
 * @port: where a board has gone
 *
 * A board went. What it has taught stays.
 */
void
lks_jig_teacher_unplugged (LksJigTeacher *self, const char *port)
{
  g_return_if_fail (LKS_IS_JIG_TEACHER (self));

  g_hash_table_remove (self->others, port);
  if (self->ports->len > 0 && g_str_equal (self->ports->pdata[self->ports->len - 1], port))
    self->taught_us = 0;
  if (self->lesson == LKS_JIG_LESSON_KNOWN)
    set_lesson (self, LKS_JIG_LESSON_WAITING);
  else if (self->lesson == LKS_JIG_LESSON_TWO_AT_ONCE && g_hash_table_size (self->others) == 0)
    set_lesson (self, rest (self, LKS_JIG_LESSON_WAITING));
}

/**
 * lks_jig_teacher_skip:
 * @self: a teacher
 *
 * Leaves out the place that is asked for: there is no socket, or it is broken.
 *
 * Returns: whether there was a place to leave out
 */
gboolean
lks_jig_teacher_skip (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), FALSE);

  if (self->ports->len == count_places (self) || self->lesson == LKS_JIG_LESSON_TWO_AT_ONCE)
    return FALSE;

  g_ptr_array_add (self->ports, g_strdup (""));
  self->taught_us = 0;
  set_lesson (self, rest (self, LKS_JIG_LESSON_WAITING));
  return TRUE;
}

/**
 * lks_jig_teacher_undo:
 * @self: a teacher
 *
 * Asks for the last place again, whether it was taught or left out.
 *
 * Returns: whether there was one
 */
gboolean
lks_jig_teacher_undo (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), FALSE);

  if (!lks_jig_teacher_can_undo (self))
    return FALSE;

  g_ptr_array_set_size (self->ports, (int) self->ports->len - 1);
  self->taught_us = 0;
  set_lesson (self, LKS_JIG_LESSON_WAITING);
  return TRUE;
}

/**
 * lks_jig_teacher_get_lesson:
 * @self: a teacher
 *
 * Returns: what there is to tell the person who teaches
 */
LksJigLesson
lks_jig_teacher_get_lesson (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), LKS_JIG_LESSON_WAITING);

  return self->lesson;
}

/**
 * lks_jig_teacher_can_undo:
 * @self: a teacher
 *
 * Returns: whether lks_jig_teacher_undo() would do something
 */
gboolean
lks_jig_teacher_can_undo (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), FALSE);

  return self->ports->len > 0 && self->lesson != LKS_JIG_LESSON_TWO_AT_ONCE;
}

/**
 * lks_jig_teacher_dup_next:
 * @self: a teacher
 *
 * Returns: (transfer full) (nullable): the name of the place that is asked for; NULL when done
 */
char *
lks_jig_teacher_dup_next (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), NULL);

  return self->ports->len < count_places (self) ? name_of (self, self->ports->len) : NULL;
}

/**
 * lks_jig_teacher_get_known:
 * @self: a teacher
 *
 * Returns: (transfer none) (nullable): with KNOWN, the place that the board's port is already
 */
const char *
lks_jig_teacher_get_known (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), NULL);

  return self->known;
}

/**
 * lks_jig_teacher_get_rows:
 * @self: a teacher
 *
 * Returns: how many rows the jig has
 */
guint
lks_jig_teacher_get_rows (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), 0);

  return self->rows;
}

/**
 * lks_jig_teacher_get_columns:
 * @self: a teacher
 *
 * Returns: how many columns the jig has
 */
guint
lks_jig_teacher_get_columns (LksJigTeacher *self)
{
  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), 0);

  return self->columns;
}

/**
 * lks_jig_teacher_get_port:
 * @self: a teacher
 * @row: from 1
 * @column: from 1
 *
 * Returns: (transfer none) (nullable): what that place was taught; empty when it was left out,
 *   NULL before it was asked for
 */
const char *
lks_jig_teacher_get_port (LksJigTeacher *self, guint row, guint column)
{
  guint index;

  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), NULL);
  g_return_val_if_fail (row >= 1 && column >= 1 && column <= self->columns, NULL);

  index = (row - 1) * self->columns + column - 1;
  return index < self->ports->len ? self->ports->pdata[index] : NULL;
}

/**
 * lks_jig_teacher_get_n_taught:
 * @self: a teacher
 *
 * Returns: how many places are taught
 */
guint
lks_jig_teacher_get_n_taught (LksJigTeacher *self)
{
  guint count = 0;

  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), 0);

  for (guint i = 0; i < self->ports->len; i++)
    count += *(const char *) self->ports->pdata[i] != '\0';
  return count;
}

/**
 * lks_jig_teacher_dup_places:
 * @self: a teacher
 *
 * Gets what was taught so far; what was left out is not in it. All places are allowed.
 *
 * Returns: (transfer full) (element-type LksJigPlace): for lks_jig_set_places()
 */
GPtrArray *
lks_jig_teacher_dup_places (LksJigTeacher *self)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (LKS_IS_JIG_TEACHER (self), places);

  for (guint i = 0; i < self->ports->len; i++)
    {
      const char *port = self->ports->pdata[i];
      g_autofree char *name = name_of (self, i);

      if (*port != '\0')
        g_ptr_array_add (places, lks_jig_place_new (port, name, i / self->columns + 1,
                                                    i % self->columns + 1, TRUE));
    }
  return places;
}
