/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-loopback.h"

#include "lks-cloud-error.h"

#include <string.h>

/* Browsers open connections beforehand and send nothing on them. */
#define VISITORS_MAX 8
#define LISTENERS 2
#define RESTS_MAX 16
#define VISIT_LIMIT_US (15 * G_USEC_PER_SEC)

#define PAGE                                                                                       \
  "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %" G_GSIZE_FORMAT      \
  "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s"
#define BODY                                                                                       \
  "<!DOCTYPE html><html lang=\"en\"><head><title>Locksmith</title></head><body><p>%s</p></body>"   \
  "</html>"

typedef struct
{
  GSocket *socket; /* (owned) (nullable) */
  char *request;   /* (owned) on the secret heap: it has the code in it */
  gsize size;
  gint64 until_us;
} Visitor;

struct _LksLoopback
{
  GSocket *listeners[LISTENERS]; /* (owned) (nullable) */
  Visitor visitors[VISITORS_MAX];
  char *address; /* (owned) */
};

/* ---- visitors ---- */

static void
visitor_clear (Visitor *visitor)
{
  g_clear_object (&visitor->socket);
  g_clear_pointer (&visitor->request, lks_secret_heap_free);
  visitor->size = 0;
}

/* The place of the one who has been here longest is given away when all are taken. */
static Visitor *
find_place (LksLoopback *self)
{
  Visitor *oldest = &self->visitors[0];

  for (gsize i = 0; i < VISITORS_MAX; i++)
    {
      if (self->visitors[i].socket == NULL)
        return &self->visitors[i];
      if (self->visitors[i].until_us < oldest->until_us)
        oldest = &self->visitors[i];
    }
  visitor_clear (oldest);
  return oldest;
}

static void
accept_visitor (LksLoopback *self, GSocket *listener)
{
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  Visitor *visitor;

  if (socket == NULL)
    return;
  g_socket_set_blocking (socket, FALSE);
  visitor = find_place (self);
  visitor->socket = g_steal_pointer (&socket);
  visitor->request = lks_secret_heap_alloc_zero (1, LKS_REDIRECT_BYTES_MAX);
  visitor->until_us = g_get_monotonic_time () + VISIT_LIMIT_US;
}

/* What is left unread would end the connection before the page is read. */
static gboolean
drop_rest (Visitor *visitor)
{
  return g_socket_receive (visitor->socket, visitor->request, LKS_REDIRECT_BYTES_MAX, NULL, NULL) >
         0;
}

/* A page is far smaller than what a socket takes at once; who does not read it is told nothing. */
static void
answer (Visitor *visitor, const char *status, const char *text)
{
  g_autofree char *body = g_strdup_printf (BODY, text);
  g_autofree char *page = g_strdup_printf (PAGE, status, strlen (body), body);

  g_socket_send (visitor->socket, page, strlen (page), NULL, NULL);
  g_socket_shutdown (visitor->socket, FALSE, TRUE, NULL);
  for (guint i = 0; i < RESTS_MAX && drop_rest (visitor); i++)
    ;
  visitor_clear (visitor);
}

static void
answer_kind (Visitor *visitor, LksRedirectKind kind)
{
  switch (kind)
    {
    case LKS_REDIRECT_CODE:
      answer (visitor, "200 OK", "You can close this page and go back to Locksmith.");
      break;
    case LKS_REDIRECT_REFUSED:
      answer (visitor, "200 OK", "The sign-in was refused. Locksmith tells more.");
      break;
    case LKS_REDIRECT_STRANGE:
      answer (visitor, "400 Bad Request", "This is not the sign-in that Locksmith waits for.");
      break;
    case LKS_REDIRECT_OTHER:
      answer (visitor, "404 Not Found", "There is nothing here.");
      break;
    case LKS_REDIRECT_INCOMPLETE:
      answer (visitor, "414 URI Too Long", "This address is too long.");
      break;
    }
}

/* Who is answered in the middle of a request may not hear it: the rest is waited for, as far as
 * there is room for it. */
static gboolean
is_heard (const Visitor *visitor)
{
  return visitor->size == LKS_REDIRECT_BYTES_MAX ||
         g_strstr_len (visitor->request, (gssize) visitor->size, "\r\n\r\n") != NULL;
}

/* Whether the one who is waited for was here. */
static gboolean
hear (Visitor *visitor, const char *state, LksRedirect *out_redirect)
{
  gssize got = g_socket_receive (visitor->socket, visitor->request + visitor->size,
                                 LKS_REDIRECT_BYTES_MAX - visitor->size, NULL, NULL);
  g_auto (LksRedirect) redirect = { 0 };

  if (got <= 0)
    {
      visitor_clear (visitor);
      return FALSE;
    }
  visitor->size += (gsize) got;
  if (!is_heard (visitor))
    return FALSE;
  lks_redirect_parse (&redirect, visitor->request, visitor->size, state);
  answer_kind (visitor, redirect.kind);
  if (redirect.kind != LKS_REDIRECT_CODE && redirect.kind != LKS_REDIRECT_REFUSED)
    return FALSE;

  *out_redirect = redirect;
  redirect = (LksRedirect){ 0 };
  return TRUE;
}

/* ---- waiting ---- */

static GPollFD
watch (GSocket *socket)
{
  return (GPollFD){ .fd = socket != NULL ? g_socket_get_fd (socket) : -1, .events = G_IO_IN };
}

/* Waits until something happens, at most until @until_us; says who has something to tell. */
static gboolean
poll_all (LksLoopback *self,
          gint64 until_us,
          GCancellable *cancellable,
          GPollFD fds[LISTENERS + VISITORS_MAX + 1],
          GError **error)
{
  gboolean has_fd;
  gint64 left_us;

  for (gsize i = 0; i < LISTENERS; i++)
    fds[i] = watch (self->listeners[i]);
  for (gsize i = 0; i < VISITORS_MAX; i++)
    {
      fds[LISTENERS + i] = watch (self->visitors[i].socket);
      if (self->visitors[i].socket != NULL)
        until_us = MIN (until_us, self->visitors[i].until_us);
    }
  fds[LISTENERS + VISITORS_MAX] = (GPollFD){ .fd = -1, .events = G_IO_IN };
  has_fd = g_cancellable_make_pollfd (cancellable, &fds[LISTENERS + VISITORS_MAX]);
  left_us = MAX (until_us - g_get_monotonic_time (), 0);
  g_poll (fds, LISTENERS + VISITORS_MAX + (has_fd ? 1 : 0), (int) (left_us / 1000) + 1);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
hear_all (LksLoopback *self, const GPollFD *fds, const char *state, LksRedirect *out_redirect)
{
  gint64 now_us = g_get_monotonic_time ();

  for (gsize i = 0; i < VISITORS_MAX; i++)
    {
      Visitor *visitor = &self->visitors[i];

      if (visitor->socket == NULL)
        continue;
      if (fds[LISTENERS + i].revents != 0 && hear (visitor, state, out_redirect))
        return TRUE;
      if (visitor->socket != NULL && visitor->until_us < now_us)
        visitor_clear (visitor);
    }
  for (gsize i = 0; i < LISTENERS; i++)
    if (self->listeners[i] != NULL && fds[i].revents != 0)
      accept_visitor (self, self->listeners[i]);
  return FALSE;
}

/**
 * lks_loopback_await:
 * @self: where a browser will come
 * @state: what it must bring along
 * @limit_s: how long to wait, in seconds
 * @cancellable: (nullable): a cancellable
 * @out_redirect: (out caller-allocates): zeroed; CODE or REFUSED
 * @error: return location for a [error@Lks.CloudError], SIGN_IN when nobody came, or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Waits until the person has signed in. Whoever comes without the state is turned away, and the
 * waiting goes on. Blocks.
 *
 * Returns: whether somebody came
 */
gboolean
lks_loopback_await (LksLoopback *self,
                    const char *state,
                    guint limit_s,
                    GCancellable *cancellable,
                    LksRedirect *out_redirect,
                    GError **error)
{
  gint64 until_us = g_get_monotonic_time () + (gint64) limit_s * G_USEC_PER_SEC;
  GPollFD fds[LISTENERS + VISITORS_MAX + 1];

  while (g_get_monotonic_time () < until_us)
    {
      if (!poll_all (self, until_us, cancellable, fds, error))
        return FALSE;
      if (hear_all (self, fds, state, out_redirect))
        return TRUE;
    }
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN,
               "nobody signed in in the browser within %u minutes", (limit_s + 59) / 60);
  return FALSE;
}

/* ---- the place ---- */

static GSocket *
listen_at (GSocketFamily family, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
      g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, VISITORS_MAX);
  return g_socket_bind (socket, address, FALSE, error) && g_socket_listen (socket, error)
             ? g_steal_pointer (&socket)
             : NULL;
}

/* "localhost" may be either address; where there is no IPv6, it is the first. */
static gboolean
listen_everywhere (LksLoopback *self, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  guint16 port;

  self->listeners[0] = listen_at (G_SOCKET_FAMILY_IPV4, 0, error);
  if (self->listeners[0] == NULL)
    return FALSE;
  address = g_socket_get_local_address (self->listeners[0], error);
  if (address == NULL)
    return FALSE;
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->listeners[1] = listen_at (G_SOCKET_FAMILY_IPV6, port, NULL);
  self->address = g_strdup_printf ("http://localhost:%u", port);
  return TRUE;
}

/**
 * lks_loopback_new:
 * @error: return location for a `G_IO_ERROR`
 *
 * Listens on a port that the system chooses, at the loopback addresses only.
 *
 * Returns: (transfer full): the place, or NULL with @error set
 */
LksLoopback *
lks_loopback_new (GError **error)
{
  g_autoptr (LksLoopback) self = g_new0 (LksLoopback, 1);

  return listen_everywhere (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_loopback_free:
 * @self: (transfer full): a place
 */
void
lks_loopback_free (LksLoopback *self)
{
  for (gsize i = 0; i < VISITORS_MAX; i++)
    visitor_clear (&self->visitors[i]);
  for (gsize i = 0; i < LISTENERS; i++)
    g_clear_object (&self->listeners[i]);
  g_free (self->address);
  g_free (self);
}

/**
 * lks_loopback_get_address:
 * @self: a place
 *
 * Returns: (transfer none): where a browser reaches it: registered applications name
 *   http://localhost, of which the port does not count
 */
const char *
lks_loopback_get_address (LksLoopback *self)
{
  return self->address;
}
