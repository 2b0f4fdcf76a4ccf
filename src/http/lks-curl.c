/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-curl.h"

#include "lks-secret.h"

#include <signal.h>

/* Must come before every other use of libcurl in the process, and only once: it decides where
 * libcurl's memory lies. */
static void
ensure_init (void)
{
  static gsize is_ready = 0;

  if (!g_once_init_enter (&is_ready))
    return;

  /* libcurl copies every header: its memory is kept out of core dumps, and wiped. */
  if (curl_global_init_mem (CURL_GLOBAL_DEFAULT, lks_secret_heap_alloc, lks_secret_heap_free,
                            lks_secret_heap_realloc, lks_secret_heap_dup_text,
                            lks_secret_heap_alloc_zero) != CURLE_OK)
    g_error ("libcurl could not be initialised");
  /* The other end may close a socket under TLS's hands. GSocket does the same. */
  signal (SIGPIPE, SIG_IGN);
  g_once_init_leave (&is_ready, 1);
}

/**
 * lks_curl_multi_new:
 * @connections_max: how many connections are kept alive
 *
 * Makes a multi handle, after initialising libcurl with memory that is wiped. Handles of libcurl
 * may only be made while one from here exists. Any thread.
 *
 * Returns: (transfer full): a handle for curl_multi_cleanup()
 */
CURLM *
lks_curl_multi_new (guint connections_max)
{
  CURLM *multi;

  ensure_init ();
  multi = curl_multi_init ();
  if (multi == NULL)
    g_error ("libcurl has no memory");
  curl_multi_setopt (multi, CURLMOPT_MAXCONNECTS, (long) connections_max);
  return multi;
}

/**
 * lks_curl_run:
 * @multi: a multi handle with one transfer
 * @cancellable: (nullable): wakes @tick at once when it is cancelled; to give up is its decision
 * @tick: (scope call): looks at the transfer
 * @user_data: for @tick
 *
 * Turns libcurl's wheel until the transfer has ended or @tick gives up. Polling ourselves makes a
 * cancellation felt at once, wherever the transfer is. Blocks; worker threads only.
 *
 * Returns: how the transfer ended, CURLE_ABORTED_BY_CALLBACK when it was given up
 */
CURLcode
lks_curl_run (CURLM *multi, GCancellable *cancellable, LksCurlTickFunc tick, gpointer user_data)
{
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  GPollFD cancel_fd = { .fd = -1 };
  struct curl_waitfd extra = { .events = CURL_WAIT_POLLIN };
  unsigned int n_extra = g_cancellable_make_pollfd (cancellable, &cancel_fd) ? 1 : 0;
  int running = 1;
  int left;
  CURLMsg *message;

  extra.fd = cancel_fd.fd;
  for (;;)
    {
      int wait_ms;

      if (curl_multi_perform (multi, &running) != CURLM_OK || running == 0)
        break;
      wait_ms = tick (user_data);
      if (wait_ms == LKS_CURL_GIVE_UP ||
          curl_multi_poll (multi, &extra, n_extra, wait_ms, NULL) != CURLM_OK)
        break;
    }
  if (n_extra > 0)
    g_cancellable_release_fd (cancellable);

  while ((message = curl_multi_info_read (multi, &left)) != NULL)
    if (message->msg == CURLMSG_DONE)
      result = message->data.result;
  return result;
}
