/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-server.h"

#include "board-server.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <string.h>

#define HEAD_MAX (64 * 1024)
#define NAMES "DNS:localhost,IP:127.0.0.1"

typedef struct
{
  char *bytes;
  CloudAfter after;
} Reply;

struct _CloudServer
{
  GMutex mutex; /* guards the replies and what was seen */
  GCond cond;
  GQueue replies;
  GPtrArray *seen;
  GThread *thread;
  GCancellable *cancellable;
  GSocketListener *listener;
  GTlsCertificate *certificate;
  LksCloudTrust *trust;
  char *base;
  char *other;
};

static void
seen_free (gpointer data)
{
  CloudSeen *self = data;

  g_free (self->line);
  g_free (self->head);
  g_free (self->body);
  g_free (self);
}

static void
reply_free (gpointer data)
{
  Reply *self = data;

  g_free (self->bytes);
  g_free (self);
}

/* ---- certificate ---- */

static GTlsCertificate *
make_certificate (LksCloudTrust *trust)
{
  const IdentityPlan ca_plan = { .is_ca = TRUE };
  Identity *ca = identity_new (&ca_plan);
  const IdentityPlan plan = { .issuer = ca->leaf, .issuer_key = ca->key, .name = NAMES };
  Identity *server = identity_new (&plan);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("test-cloud-XXXXXX.pem", &path, NULL);
  BIO *pem = BIO_new (BIO_s_mem ());
  GTlsCertificate *certificate;
  g_autoptr (GError) error = NULL;
  char *text;
  long size_bytes;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  identity_save (ca, path);
  g_assert_true (lks_cloud_trust_add_file (trust, path, &error));
  g_assert_no_error (error);
  g_unlink (path);

  PEM_write_bio_PrivateKey (pem, server->key, NULL, NULL, 0, NULL, NULL);
  PEM_write_bio_X509 (pem, server->leaf);
  size_bytes = BIO_get_mem_data (pem, &text);
  certificate = g_tls_certificate_new_from_pem (text, size_bytes, &error);
  g_assert_no_error (error);
  BIO_free (pem);
  identity_free (server);
  identity_free (ca);
  return certificate;
}

/* ---- connections ---- */

static char *
read_head (CloudServer *self, GInputStream *input)
{
  GString *head = g_string_new (NULL);
  char byte;

  while (head->len < HEAD_MAX && !g_str_has_suffix (head->str, "\r\n\r\n"))
    {
      if (g_input_stream_read (input, &byte, 1, self->cancellable, NULL) != 1)
        {
          g_string_free (head, TRUE);
          return NULL;
        }
      g_string_append_c (head, byte);
    }
  return g_string_free (head, FALSE);
}

static CloudSeen *
read_request (CloudServer *self, GInputStream *input)
{
  char *head = read_head (self, input);
  CloudSeen *seen;
  const char *length;
  gsize body_bytes;

  if (head == NULL)
    return NULL;

  seen = g_new0 (CloudSeen, 1);
  seen->head = head;
  seen->line = g_strndup (head, strcspn (head, "\r"));
  length = strstr (head, "\r\nContent-Length: ");
  body_bytes = length != NULL ? g_ascii_strtoull (length + 18, NULL, 10) : 0;
  seen->body = g_malloc0 (body_bytes + 1);
  g_input_stream_read_all (input, seen->body, body_bytes, NULL, self->cancellable, NULL);
  return seen;
}

static Reply *
note_request (CloudServer *self, CloudSeen *seen)
{
  Reply *reply;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->seen, seen);
  reply = g_queue_pop_head (&self->replies);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return reply;
}

static void
serve (CloudServer *self, GIOStream *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  CloudSeen *seen;
  char byte;

  while ((seen = read_request (self, input)) != NULL)
    {
      Reply *reply = note_request (self, seen);
      CloudAfter after = reply != NULL ? reply->after : CLOUD_CLOSE;

      if (reply != NULL)
        {
          g_output_stream_write_all (output, reply->bytes, strlen (reply->bytes), NULL,
                                     self->cancellable, NULL);
          reply_free (reply);
        }
      if (after == CLOUD_HANG)
        g_input_stream_read (input, &byte, 1, self->cancellable, NULL);
      if (after != CLOUD_KEEP)
        break;
    }
  g_io_stream_close (stream, NULL, NULL);
}

static gpointer
run (gpointer data)
{
  CloudServer *self = data;

  for (;;)
    {
      g_autoptr (GSocketConnection) connection =
          g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);
      g_autoptr (GIOStream) tls = NULL;

      if (connection == NULL)
        return NULL;
      tls = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
      if (g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, NULL))
        serve (self, tls);
    }
}

CloudServer *
cloud_server_new (void)
{
  CloudServer *self = g_new0 (CloudServer, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->replies);
  self->seen = g_ptr_array_new_with_free_func (seen_free);
  self->cancellable = g_cancellable_new ();
  self->trust = lks_cloud_trust_new ();
  self->certificate = make_certificate (self->trust);
  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->base = g_strdup_printf ("https://127.0.0.1:%u", port);
  self->other = g_strdup_printf ("https://127.0.0.2:%u", port);
  self->thread = g_thread_new ("cloud-server", run, self);
  return self;
}

void
cloud_server_free (CloudServer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_queue_clear_full (&self->replies, reply_free);
  g_ptr_array_unref (self->seen);
  g_object_unref (self->listener);
  g_object_unref (self->certificate);
  g_object_unref (self->cancellable);
  lks_cloud_trust_unref (self->trust);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->base);
  g_free (self->other);
  g_free (self);
}

const char *
cloud_server_get_base (CloudServer *self)
{
  return self->base;
}

/* An address that belongs to somebody else. */
const char *
cloud_server_get_other (CloudServer *self)
{
  return self->other;
}

LksCloudTrust *
cloud_server_get_trust (CloudServer *self)
{
  return self->trust;
}

/* ---- the script ---- */

/* The whole reply, status line and all. */
void
cloud_server_reply_raw (CloudServer *self, const char *bytes, CloudAfter after)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->bytes = g_strdup (bytes);
  reply->after = after;
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->replies, reply);
  g_mutex_unlock (&self->mutex);
}

/* @headers are whole lines, each with its \r\n. */
void
cloud_server_reply (CloudServer *self, guint status, const char *headers, const char *body)
{
  g_autofree char *bytes =
      g_strdup_printf ("HTTP/1.1 %u X\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen (body),
                       headers != NULL ? headers : "", body);

  cloud_server_reply_raw (self, bytes, CLOUD_KEEP);
}

guint
cloud_server_get_n_seen (CloudServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->seen->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

const CloudSeen *
cloud_server_get_seen (CloudServer *self, guint index)
{
  const CloudSeen *seen;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->seen->len);
  seen = g_ptr_array_index (self->seen, index);
  g_mutex_unlock (&self->mutex);
  return seen;
}

void
cloud_server_wait_seen (CloudServer *self, guint n_seen)
{
  g_mutex_lock (&self->mutex);
  while (self->seen->len < n_seen)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
