/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link that cannot be made. */
#include "lks-link.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/resource.h>

/* A line that stays open until it is closed, whoever drops it, as that of an adapter does. */
#define TEST_TYPE_LINE (test_line_get_type ())
G_DECLARE_FINAL_TYPE (TestLine, test_line, TEST, LINE, GObject)

struct _TestLine
{
  GObject parent_instance;
  GThread *closed_on; /* (unowned) (nullable): the thread that closed it */
};

static void test_line_byte_stream_init (LksByteStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLine,
                               test_line,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_BYTE_STREAM,
                                                      test_line_byte_stream_init))

static void
test_line_set_handler (LksByteStream *stream,
                       const LksByteStreamHandler *handler,
                       gpointer user_data)
{
}

static gsize
test_line_write (LksByteStream *stream, const guint8 *data, gsize size_bytes)
{
  return size_bytes;
}

static void
test_line_close (LksByteStream *stream)
{
  TestLine *self = TEST_LINE (stream);

  g_assert_null (self->closed_on);
  self->closed_on = g_thread_self ();
  g_object_unref (self);
}

static void
test_line_byte_stream_init (LksByteStreamInterface *iface)
{
  iface->set_handler = test_line_set_handler;
  iface->write = test_line_write;
  iface->close = test_line_close;
}

static void
test_line_class_init (TestLineClass *klass)
{
}

static void
test_line_init (TestLine *self)
{
  g_object_ref (self);
}

static void
find_thread (gpointer user_data)
{
  *(GThread **) user_data = g_thread_self ();
}

static struct rlimit
forbid_files (void)
{
  struct rlimit before;
  struct rlimit none;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &before));
  none = before;
  none.rlim_cur = 3;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &none));
  return before;
}

static void
assert_folder_is_empty (void)
{
  g_autoptr (GDir) dir = g_dir_open (g_get_user_runtime_dir (), 0, NULL);

  g_assert_null (g_dir_read_name (dir));
}

/* Whoever tries again later must find the adapter free. */
static void
test_no_files_left (void)
{
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();
  TestLine *line = g_object_new (TEST_TYPE_LINE, NULL);
  g_autoptr (LksLink) link = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  GThread *expected;

  lks_io_thread_call (io_thread, find_thread, &expected);
  before = forbid_files ();
  link = lks_link_new (io_thread, LKS_BYTE_STREAM (line), &error);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &before));

  g_assert_null (link);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_assert_true (line->closed_on == expected);
  g_assert_finalize_object (line);
  assert_folder_is_empty ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/unmade/no-files-left", test_no_files_left);
  return g_test_run ();
}
