/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls-client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_S 60

struct _TlsClient
{
  SSL_CTX *context;
  SSL *ssl;
  int fd;
};

static gboolean
set_up (TlsClient *self, const char *ca_path, const char *host)
{
  self->context = SSL_CTX_new (TLS_client_method ());
  g_assert_nonnull (self->context);
  SSL_CTX_set_verify (self->context, SSL_VERIFY_PEER, NULL);
  if (SSL_CTX_load_verify_file (self->context, ca_path) != 1)
    return FALSE;

  self->ssl = SSL_new (self->context);
  return SSL_set1_host (self->ssl, host) == 1 && SSL_set_fd (self->ssl, self->fd) == 1;
}

/* Takes @fd. Fails with G_TLS_ERROR_BAD_CERTIFICATE when the certificate is not what @ca_path and
 * @host say, else with G_TLS_ERROR_MISC. */
TlsClient *
tls_client_new (int fd, const char *ca_path, const char *host, GError **error)
{
  g_autoptr (TlsClient) self = g_new0 (TlsClient, 1);
  struct timeval wait = { .tv_sec = WAIT_S };
  long verdict;

  self->fd = fd;
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  g_assert_true (set_up (self, ca_path, host));
  if (SSL_connect (self->ssl) == 1)
    return g_steal_pointer (&self);

  verdict = SSL_get_verify_result (self->ssl);
  g_set_error (error, G_TLS_ERROR,
               verdict != X509_V_OK ? G_TLS_ERROR_BAD_CERTIFICATE : G_TLS_ERROR_MISC, "no TLS: %s",
               X509_verify_cert_error_string (verdict));
  ERR_clear_error ();
  return NULL;
}

void
tls_client_free (TlsClient *self)
{
  if (SSL_is_init_finished (self->ssl))
    SSL_shutdown (self->ssl);
  ERR_clear_error ();
  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  close (self->fd);
  g_free (self);
}

gboolean
tls_client_send (TlsClient *self, gconstpointer data, gsize size_bytes)
{
  gsize sent;

  return SSL_write_ex (self->ssl, data, size_bytes, &sent) == 1;
}

/* All of @size_bytes, or FALSE. */
gboolean
tls_client_read (TlsClient *self, gpointer data, gsize size_bytes)
{
  guint8 *bytes = data;
  gsize received;

  for (gsize done = 0; done < size_bytes; done += received)
    {
      if (SSL_read_ex (self->ssl, bytes + done, size_bytes - done, &received) != 1)
        return FALSE;
    }
  return TRUE;
}
