/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-os-book.h"

#include "lks-os-versions.h"
#include "lks-recipe-os.h"
#include "lks-whole-file.h"
#include "lks-worker.h"

struct _LksOsBook
{
  GObject parent_instance;

  LksOsShelf *shelf; /* (owned) (nullable): NULL while there is none */
};

G_DEFINE_FINAL_TYPE (LksOsBook, lks_os_book, G_TYPE_OBJECT)

static guint changed_signal;

/* ---- on a thread ---- */

typedef struct
{
  char *place;                                              /* (owned): an address, or a file */
  GBytes *(*get) (const char *, GCancellable *, GError **); /* (nullable): to read what is kept */
} Order;

static void
order_free (gpointer data)
{
  Order *self = data;

  g_free (self->place);
  g_free (self);
}

static GBytes *
fetch (const char *address, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_load_default (error);

  return trust != NULL
             ? lks_os_versions_fetch (*address != '\0' ? address : NULL, trust, cancellable, error)
             : NULL;
}

static GBytes *
read_file (const char *path, GCancellable *cancellable, GError **error)
{
  return lks_whole_file_read (path, LKS_OS_LIST_SIZE_MAX_BYTES, cancellable, error);
}

static LksOsShelf *
carry_out (const Order *order, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = lks_os_shelf_dup_path ();
  g_autoptr (GBytes) text = NULL;

  if (order->get == NULL)
    return lks_os_shelf_load (path, error);
  text = order->get (order->place, cancellable, error);
  return text != NULL ? lks_os_shelf_keep (path, text, error) : NULL;
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  LksOsShelf *shelf = carry_out (data, cancellable, &error);

  if (shelf != NULL)
    g_task_return_pointer (task, shelf, (GDestroyNotify) lks_os_shelf_free);
  else
    g_task_return_error (task, error);
}

/* ---- on the main thread ---- */

static void
begin (LksOsBook *self,
       GBytes *(*get) (const char *, GCancellable *, GError **),
       const char *place,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->get = get;
  order->place = g_strdup (place);
  g_task_set_task_data (task, order, order_free);
  lks_worker_run_alone (task, work_in_thread);
}

/* That there is none yet is no problem. */
static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  lks_os_book_finish (LKS_OS_BOOK (source), result, NULL);
}

/**
 * lks_os_book_reload:
 * @self: the book
 *
 * Reads what is kept anew: something else has changed it.
 */
void
lks_os_book_reload (LksOsBook *self)
{
  g_return_if_fail (LKS_IS_OS_BOOK (self));

  begin (self, NULL, NULL, NULL, loaded_cb, NULL);
}

/**
 * lks_os_book_fetch_async:
 * @self: the book
 * @address: who publishes the list, empty for the vendor
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Fetches the list and keeps it. Needs no sign-in.
 */
void
lks_os_book_fetch_async (LksOsBook *self,
                         const char *address,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (LKS_IS_OS_BOOK (self));

  begin (self, fetch, address, cancellable, callback, user_data);
}

/**
 * lks_os_book_import_async:
 * @self: the book
 * @path: a file with the list
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps a list from a file, such as one that was fetched on another computer.
 */
void
lks_os_book_import_async (LksOsBook *self,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (LKS_IS_OS_BOOK (self));

  begin (self, read_file, path, cancellable, callback, user_data);
}

/**
 * lks_os_book_finish:
 * @self: the book
 * @result: what the callback got
 * @error: return location for an error of lks_os_versions_fetch() or lks_os_shelf_keep()
 *
 * Returns: whether there is another list now; the one of before stays otherwise
 */
gboolean
lks_os_book_finish (LksOsBook *self, GAsyncResult *result, GError **error)
{
  LksOsShelf *shelf = g_task_propagate_pointer (G_TASK (result), error);

  if (shelf == NULL)
    return FALSE;
  g_clear_pointer (&self->shelf, lks_os_shelf_free);
  self->shelf = shelf;
  g_signal_emit (self, changed_signal, 0);
  return TRUE;
}

/**
 * lks_os_book_get_shelf:
 * @self: the book
 *
 * Returns: (transfer none) (nullable): the list, NULL while none is known
 */
const LksOsShelf *
lks_os_book_get_shelf (LksOsBook *self)
{
  return self->shelf;
}

/**
 * lks_os_book_is_older:
 * @self: the book
 * @version: (nullable): the OS version of a board
 *
 * Returns: whether the list knows a newer one; never without a list
 */
gboolean
lks_os_book_is_older (LksOsBook *self, const char *version)
{
  return lks_os_shelf_get_newer (self->shelf, version) != NULL;
}

/* ---- the object ---- */

static void
lks_os_book_finalize (GObject *object)
{
  g_clear_pointer (&LKS_OS_BOOK (object)->shelf, lks_os_shelf_free);
  G_OBJECT_CLASS (lks_os_book_parent_class)->finalize (object);
}

static void
lks_os_book_class_init (LksOsBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_os_book_finalize;

  changed_signal = g_signal_new ("changed", LKS_TYPE_OS_BOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_os_book_init (LksOsBook *self)
{
}

/**
 * lks_os_book_ref_default:
 *
 * Returns: (transfer full): the book of all windows, made when the first one asks
 */
LksOsBook *
lks_os_book_ref_default (void)
{
  static LksOsBook *book; /* (unowned): NULL when nobody holds it */

  if (book != NULL)
    return g_object_ref (book);

  g_set_weak_pointer (&book, g_object_new (LKS_TYPE_OS_BOOK, NULL));
  lks_os_book_reload (book);
  return book;
}
