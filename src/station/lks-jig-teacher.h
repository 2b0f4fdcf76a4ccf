/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-jig-place.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksJigLesson:
 * @LKS_JIG_LESSON_WAITING: "waiting": plug a board in at the next place
 * @LKS_JIG_LESSON_TAUGHT: "taught": the last board was in the place that was asked for; go on
 * @LKS_JIG_LESSON_KNOWN: "known": the last board is at a port that is another place already
 * @LKS_JIG_LESSON_TWO_AT_ONCE: "two-at-once": nobody can say which is which; unplug them all
 * @LKS_JIG_LESSON_DONE: "done": every place is taught or was skipped
 *
 * What there is to tell the person who teaches.
 */
typedef enum {
  LKS_JIG_LESSON_WAITING,
  LKS_JIG_LESSON_TAUGHT,
  LKS_JIG_LESSON_KNOWN,
  LKS_JIG_LESSON_TWO_AT_ONCE,
  LKS_JIG_LESSON_DONE,
} LksJigLesson;

#define LKS_TYPE_JIG_LESSON (lks_jig_lesson_get_type ())
GType lks_jig_lesson_get_type (void);

/**
 * LksJigTeacher:
 *
 * Teaches a map by plugging a board round the jig: whichever unknown port it appears at is the
 * place that was asked for. It does no I/O: somebody tells it what is plugged and unplugged. The
 * property "lesson" says where it stands; the signal "changed" that something did.
 */
#define LKS_TYPE_JIG_TEACHER (lks_jig_teacher_get_type ())
G_DECLARE_FINAL_TYPE (LksJigTeacher, lks_jig_teacher, LKS, JIG_TEACHER, GObject)

LksJigTeacher *lks_jig_teacher_new         (guint          rows,
                                            guint          columns) G_GNUC_WARN_UNUSED_RESULT;

void           lks_jig_teacher_start_with  (LksJigTeacher *self,
                                            const char    *port);
void           lks_jig_teacher_plugged     (LksJigTeacher *self,
                                            const char    *port,
                                            gint64         now_us);
void           lks_jig_teacher_unplugged   (LksJigTeacher *self,
                                            const char    *port);
gboolean       lks_jig_teacher_skip        (LksJigTeacher *self);
gboolean       lks_jig_teacher_undo        (LksJigTeacher *self);

LksJigLesson   lks_jig_teacher_get_lesson  (LksJigTeacher *self);
gboolean       lks_jig_teacher_can_undo    (LksJigTeacher *self);
char          *lks_jig_teacher_dup_next    (LksJigTeacher *self) G_GNUC_WARN_UNUSED_RESULT;
const char    *lks_jig_teacher_get_known   (LksJigTeacher *self);
guint          lks_jig_teacher_get_rows    (LksJigTeacher *self);
guint          lks_jig_teacher_get_columns (LksJigTeacher *self);
const char    *lks_jig_teacher_get_port    (LksJigTeacher *self,
                                            guint          row,
                                            guint          column);
guint          lks_jig_teacher_get_n_taught (LksJigTeacher *self);
GPtrArray     *lks_jig_teacher_dup_places  (LksJigTeacher *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
