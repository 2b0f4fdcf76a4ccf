/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-server.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_LIMIT_US (60 * G_USEC_PER_SEC)
#define DAY_S (24 * 60 * 60)
#define HEAD_MAX (64 * 1024)

/* Certificates. */

static void
add_extension (X509 *leaf, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;

  X509V3_set_ctx (&context, issuer, leaf, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  X509_add_ext (leaf, extension, -1);
  X509_EXTENSION_free (extension);
}

Identity *
identity_new (const IdentityPlan *plan)
{
  static int serial = 1;
  const char *names = "DNS:*.devices.sphere.azure.local,DNS:192.168.35.2,IP:192.168.35.2";
  Identity *self = g_new0 (Identity, 1);
  X509 *leaf = X509_new ();
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509_NAME *name;

  X509_set_version (leaf, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (leaf), serial++);
  X509_gmtime_adj (X509_getm_notBefore (leaf),
                   (long) (plan->begin_days != 0 ? plan->begin_days : -1) * DAY_S);
  X509_gmtime_adj (X509_getm_notAfter (leaf),
                   (long) (plan->end_days != 0 ? plan->end_days : 365) * DAY_S);
  X509_set_pubkey (leaf, plan->subject_key != NULL ? plan->subject_key : key);
  name = X509_get_subject_name (leaf);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC,
                              (const guchar *) (plan->is_ca ? "Test CA" : "192.168.35.2"), -1, -1,
                              0);
  X509_set_issuer_name (leaf, plan->issuer != NULL ? X509_get_subject_name (plan->issuer) : name);
  if (plan->is_ca)
    add_extension (leaf, leaf, NID_basic_constraints, "critical,CA:TRUE");
  else
    {
      add_extension (leaf, leaf, NID_subject_alt_name, plan->name != NULL ? plan->name : names);
      add_extension (leaf, leaf, NID_ext_key_usage, "serverAuth");
    }
  g_assert_cmpint (X509_sign (leaf, plan->issuer_key != NULL ? plan->issuer_key : key,
                              EVP_sha256 ()),
                   >, 0);

  self->key = key;
  self->leaf = leaf;
  return self;
}

void
identity_free (Identity *self)
{
  X509_free (self->leaf);
  EVP_PKEY_free (self->key);
  g_free (self);
}

void
identity_save (Identity *self, const char *path)
{
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (PEM_write_X509 (file, self->leaf), ==, 1);
  fclose (file);
}

/* The script. */

typedef struct
{
  char *request;
  char *body;
  GBytes *reply;
  After after;
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_free (self->request);
  g_free (self->body);
  g_bytes_unref (self->reply);
  g_free (self);
}

struct _BoardServer
{
  BoardServerResponder responder; /* (nullable): guarded by the mutex */
  gpointer responder_data;

  GMutex mutex; /* guards all below that both threads touch */
  GCond cond;
  GThread *thread;
  char *dir;
  char *path;
  char *version_header;
  LksConnector *connector;
  int listener;
  int client; /* -1 when there is none */
  gboolean quit;
  GQueue steps;
  Identity *identity; /* (unowned) */
  char *problem;      /* first thing that did not go as the script says */
  char *head;         /* of the last request */
  GBytes *body;
  guint requests;
  guint connections;
  guint aborts;
  GError *refusal;
  gboolean is_hanging;
};

/* The connector. */

#define TEST_TYPE_CONNECTOR (test_connector_get_type ())
G_DECLARE_FINAL_TYPE (TestConnector, test_connector, TEST, CONNECTOR, GObject)

struct _TestConnector
{
  GObject parent_instance;

  BoardServer *server; /* (unowned) */
};

static const char *
test_connector_get_socket_path (LksConnector *connector)
{
  return TEST_CONNECTOR (connector)->server->path;
}

static gboolean
test_connector_prepare (LksConnector *connector,
                        guint timeout_ms,
                        GCancellable *cancellable,
                        GError **error)
{
  BoardServer *server = TEST_CONNECTOR (connector)->server;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&server->mutex);

  g_assert_cmpuint (timeout_ms, >=, 1000);
  g_assert_cmpuint (timeout_ms, <=, 3000);
  if (server->is_hanging)
    {
      GPollFD fd = { .fd = -1 };

      g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
      g_poll (&fd, 1, (int) timeout_ms);
      g_cancellable_release_fd (cancellable);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (server->refusal != NULL)
    {
      g_propagate_error (error, g_error_copy (server->refusal));
      return FALSE;
    }

  return TRUE;
}

static void
test_connector_abort (LksConnector *connector)
{
  BoardServer *server = TEST_CONNECTOR (connector)->server;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&server->mutex);

  server->aborts++;
  if (server->client >= 0)
    shutdown (server->client, SHUT_RDWR);
}

static void
test_connector_iface_init (LksConnectorInterface *iface)
{
  iface->get_socket_path = test_connector_get_socket_path;
  iface->prepare = test_connector_prepare;
  iface->abort = test_connector_abort;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestConnector,
                               test_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CONNECTOR,
                                                      test_connector_iface_init))

static void
test_connector_class_init (TestConnectorClass *klass)
{
}

static void
test_connector_init (TestConnector *self)
{
}

/* The server's thread. */

static void complain (BoardServer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (BoardServer *self, const char *format, ...)
{
  va_list args;

  g_mutex_lock (&self->mutex);
  va_start (args, format);
  if (self->problem == NULL)
    self->problem = g_strdup_vprintf (format, args);
  va_end (args);
  g_mutex_unlock (&self->mutex);
}

static gsize
get_content_length (const char *head)
{
  const char *field = strcasestr (head, "\r\ncontent-length:");

  return field != NULL ? strtoull (field + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

/* One request with its body. FALSE when the client has left. */
static gboolean
read_request (SSL *ssl, char **out_head, GBytes **out_body)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  char buffer[16384];
  gsize head_bytes = 0;

  for (;;)
    {
      const char *end =
          head_bytes == 0 && got->len > 0 ? memmem (got->data, got->len, "\r\n\r\n", 4) : NULL;
      int size;

      if (end != NULL)
        {
          head_bytes = (gsize) (end + 4 - (char *) got->data);
          g_free (*out_head);
          *out_head = g_strndup ((char *) got->data, head_bytes);
        }
      if (head_bytes != 0 && got->len >= head_bytes + get_content_length (*out_head))
        {
          *out_body = g_bytes_new (got->data + head_bytes, got->len - head_bytes);
          return TRUE;
        }
      size = SSL_read (ssl, buffer, sizeof buffer);
      if (size <= 0 || (head_bytes == 0 && got->len > HEAD_MAX))
        return FALSE;
      g_byte_array_append (got, (guint8 *) buffer, (guint) size);
    }
}

static void
check_request (BoardServer *self, Step *step, const char *head, GBytes *body)
{
  g_autofree char *line = g_strdup_printf ("%s HTTP/1.1\r\n", step->request);
  gsize size = g_bytes_get_size (body);

  if (!g_str_has_prefix (head, line))
    complain (self, "expected “%s”, got “%.*s”", step->request, (int) strcspn (head, "\r"), head);
  if (step->body != NULL &&
      (size != strlen (step->body) ||
       (size > 0 && memcmp (g_bytes_get_data (body, NULL), step->body, size) != 0)))
    complain (self, "%s: expected the body %s, got %.*s", step->request, step->body, (int) size,
              (const char *) g_bytes_get_data (body, NULL));
}

static void
wait_until_client_leaves (SSL *ssl)
{
  char buffer[1024];

  while (SSL_read (ssl, buffer, sizeof buffer) > 0)
    ;
}

/* Returns whether the connection goes on. */
static gboolean
play_step (SSL *ssl, Step *step)
{
  static const char line[] = "X-More: and more and more and more and more and more\r\n";
  gsize size;
  const char *reply = g_bytes_get_data (step->reply, &size);

  if (size > 0 && SSL_write (ssl, reply, (int) size) <= 0)
    return FALSE;

  switch (step->after)
    {
    case AFTER_KEEP:
      return TRUE;
    case AFTER_CLOSE:
      SSL_shutdown (ssl);
      return FALSE;
    case AFTER_RESET:
      return FALSE;
    case AFTER_STALL:
      wait_until_client_leaves (ssl);
      return FALSE;
    case AFTER_HEADERS:
      while (SSL_write (ssl, line, (int) strlen (line)) > 0)
        ;
      return FALSE;
    }

  g_assert_not_reached ();
}

static void
note_request (BoardServer *self, char *head, GBytes *body)
{
  g_mutex_lock (&self->mutex);
  g_free (self->head);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->head = head;
  self->body = body;
  self->requests++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* What the script says, or the responder. */
static Step *
next_step (BoardServer *self, const char *head)
{
  Step *step;

  g_mutex_lock (&self->mutex);
  if (self->responder != NULL)
    {
      step = g_new0 (Step, 1);
      step->request = g_strndup (head, strcspn (head, "\r") - strlen (" HTTP/1.1"));
      step->reply = self->responder (head, self->connections, &step->after, self->responder_data);
    }
  else
    step = g_queue_pop_head (&self->steps);
  g_mutex_unlock (&self->mutex);
  return step;
}

static void
serve (BoardServer *self, SSL *ssl)
{
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      char *head = NULL;
      GBytes *body = NULL;
      Step *step;

      if (!read_request (ssl, &head, &body))
        {
          g_free (head);
          return;
        }
      step = next_step (self, head);
      if (step == NULL)
        {
          complain (self, "unexpected request “%.*s”", (int) strcspn (head, "\r"), head);
          note_request (self, head, body);
          return;
        }
      check_request (self, step, head, body);
      note_request (self, head, body);
      goes_on = play_step (ssl, step);
      step_free (step);
    }
}

static void
serve_client (BoardServer *self, int fd)
{
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  SSL *ssl;

  g_mutex_lock (&self->mutex);
  self->client = fd;
  self->connections++;
  SSL_CTX_use_certificate (context, self->identity->leaf);
  SSL_CTX_use_PrivateKey (context, self->identity->key);
  g_mutex_unlock (&self->mutex);

  ssl = SSL_new (context);
  SSL_set_fd (ssl, fd);
  if (SSL_accept (ssl) == 1)
    serve (self, ssl);

  g_mutex_lock (&self->mutex);
  self->client = -1;
  g_mutex_unlock (&self->mutex);
  SSL_free (ssl);
  SSL_CTX_free (context);
  close (fd);
}

static gpointer
server_thread (gpointer data)
{
  BoardServer *self = data;

  for (;;)
    {
      int fd = accept (self->listener, NULL, NULL);
      gboolean quit;

      g_mutex_lock (&self->mutex);
      quit = self->quit;
      g_mutex_unlock (&self->mutex);
      if (fd < 0 || quit)
        {
          if (fd >= 0)
            close (fd);
          return NULL;
        }
      serve_client (self, fd);
    }
}

/* The test's side. */

static int
listen_at (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  return fd;
}

BoardServer *
board_server_new (void)
{
  BoardServer *self = g_new0 (BoardServer, 1);
  TestConnector *connector = g_object_new (TEST_TYPE_CONNECTOR, NULL);

  connector->server = self;
  self->connector = LKS_CONNECTOR (connector);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->steps);
  self->client = -1;
  self->version_header = g_strdup ("REST-API-Version: 4.6.0\r\n");
  self->dir = g_dir_make_tmp ("lks-device-XXXXXX", NULL);
  self->path = g_build_filename (self->dir, "board", NULL);
  self->listener = listen_at (self->path);
  self->thread = g_thread_new ("board-server", server_thread, self);
  return self;
}

void
board_server_free (BoardServer *self)
{
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  if (self->client >= 0)
    shutdown (self->client, SHUT_RDWR);
  g_mutex_unlock (&self->mutex);
  shutdown (self->listener, SHUT_RDWR);
  g_thread_join (self->thread);

  g_assert_finalize_object (self->connector);
  close (self->listener);
  g_unlink (self->path);
  g_rmdir (self->dir);
  g_queue_clear_full (&self->steps, step_free);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->head);
  g_free (self->problem);
  g_free (self->version_header);
  g_free (self->path);
  g_free (self->dir);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
board_server_set_identity (BoardServer *self, Identity *identity)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  self->identity = identity;
}

LksConnector *
board_server_get_connector (BoardServer *self)
{
  return self->connector;
}

static void
push_step (BoardServer *self, const char *request, const char *body, GBytes *reply, After after)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  Step *step = g_new0 (Step, 1);

  step->request = g_strdup (request);
  step->body = g_strdup (body);
  step->reply = reply;
  step->after = after;
  g_queue_push_tail (&self->steps, step);
}

void
board_server_expect (BoardServer *self,
                     const char *request,
                     const char *body,
                     guint status,
                     const char *json)
{
  char *reply = g_strdup_printf ("HTTP/1.1 %u Whatever\r\n%sContent-Type: application/json\r\n"
                                 "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                 status, self->version_header, strlen (json), json);

  push_step (self, request, body, g_bytes_new_take (reply, strlen (reply)), AFTER_KEEP);
}

void
board_server_expect_raw (BoardServer *self,
                         const char *request,
                         const char *reply,
                         gsize reply_bytes,
                         After after)
{
  push_step (self, request, NULL, g_bytes_new (reply, reply_bytes), after);
}

void
board_server_set_responder (BoardServer *self, BoardServerResponder responder, gpointer user_data)
{
  g_mutex_lock (&self->mutex);
  self->responder = responder;
  self->responder_data = user_data;
  g_mutex_unlock (&self->mutex);
}

void
board_server_set_version (BoardServer *self, const char *header)
{
  g_free (self->version_header);
  self->version_header = g_strdup (header);
}

void
board_server_refuse (BoardServer *self, const GError *error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_clear_error (&self->refusal);
  self->refusal = error != NULL ? g_error_copy (error) : NULL;
}

void
board_server_hang_prepare (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  self->is_hanging = TRUE;
}

void
board_server_wait_for (BoardServer *self, guint requests)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  gint64 end = g_get_monotonic_time () + WAIT_LIMIT_US;

  while (self->requests < requests)
    if (!g_cond_wait_until (&self->cond, &self->mutex, end))
      g_error ("only %u of %u requests came", self->requests, requests);
}

void
board_server_assert_done (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_assert_cmpstr (self->problem, ==, NULL);
  g_assert_cmpuint (g_queue_get_length (&self->steps), ==, 0);
}

guint
board_server_get_connections (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->connections;
}

guint
board_server_get_aborts (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return self->aborts;
}

char *
board_server_dup_head (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->head);
}

GBytes *
board_server_dup_body (BoardServer *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return g_bytes_ref (self->body);
}
