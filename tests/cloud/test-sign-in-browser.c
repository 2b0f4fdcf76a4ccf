/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-sign-in-browser EMULATOR: signing in with a browser on this computer, at the emulated
 * service. The browser is libcurl on a thread, which follows where it is sent. */
#include "emulator-process.h"

#include "lks-cloud-error.h"
#include "lks-loopback.h"
#include "lks-sign-in.h"

#include <curl/curl.h>
#include <string.h>

#define MARK "EMUTOKEN"
#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define LIMIT_S 60

static const char *emulator;

/* ---- a browser ---- */

typedef struct
{
  char *url;           /* (owned) */
  const char *ca;      /* (nullable) */
  const char *cookies; /* (nullable) */
  GThread *thread;     /* (nullable) */
  GString *page;       /* (owned) */
  long status;
  CURLcode result;
} Browser;

static size_t
take_page (char *data, size_t size, size_t n, void *browser)
{
  g_string_append_len (((Browser *) browser)->page, data, (gssize) (size * n));
  return size * n;
}

static gpointer
browse_in_thread (gpointer data)
{
  Browser *self = data;
  CURL *curl = curl_easy_init ();

  curl_easy_setopt (curl, CURLOPT_URL, self->url);
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) LIMIT_S);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take_page);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, self);
  if (self->cookies != NULL)
    curl_easy_setopt (curl, CURLOPT_COOKIE, self->cookies);
  if (self->ca != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, self->ca);
  self->result = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &self->status);
  curl_easy_cleanup (curl);
  return NULL;
}

static void
browser_open (Browser *self, const char *url)
{
  self->url = g_strdup (url);
  self->page = g_string_new (NULL);
  self->thread = g_thread_new ("browser", browse_in_thread, self);
}

static void
browser_close (Browser *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  g_free (self->url);
  g_string_free (self->page, TRUE);
}

/* ---- the emulated service ---- */

typedef struct
{
  EmulatorProcess process;
  char *ca;
  LksCloudTrust *trust;
  LksSignIn *sign_in;
  Browser browser;
  char *asked; /* (owned): where the person was sent */
} Fixture;

static void
set_up (Fixture *f, gconstpointer settings)
{
  g_autofree char *scenario =
      g_strdup_printf ("{\"cloud\":{%s\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT "\"}}",
                       (const char *) settings);
  g_autoptr (LksCloudPlace) place = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&f->process, emulator, scenario);
  f->ca = emulator_process_get_path (&f->process, "ca.pem");
  f->trust = lks_cloud_trust_new ();
  g_assert_true (lks_cloud_trust_add_file (f->trust, f->ca, &error));
  place = lks_cloud_place_new (f->process.cloud, f->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  f->sign_in = lks_sign_in_new (place, f->trust, NULL);
  f->browser.ca = f->ca;
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  lks_sign_in_free (f->sign_in);
  lks_cloud_trust_unref (f->trust);
  emulator_process_stop (&f->process);
  g_free (f->ca);
  g_free (f->asked);
}

static void
open_browser (const char *url, gpointer data)
{
  Fixture *f = data;

  f->asked = g_strdup (url);
  browser_open (&f->browser, url);
}

static void
test_approved (Fixture *f, gconstpointer unused)
{
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_done =
      lks_sign_in_with_browser (f->sign_in, open_browser, f, LIMIT_S, NULL, &tokens, &error);

  g_assert_no_error (error);
  g_assert_true (is_done);
  g_assert_nonnull (strstr (lks_secret_get_text (tokens.access), MARK));
  g_assert_nonnull (tokens.refresh);
  g_assert_cmpstr (tokens.user, ==, "operator@plant.example");
  g_thread_join (g_steal_pointer (&f->browser.thread));
  g_assert_cmpint (f->browser.result, ==, CURLE_OK);
  g_assert_cmpint (f->browser.status, ==, 200);
  g_assert_nonnull (strstr (f->browser.page->str, "go back to Locksmith"));
  g_assert_null (strstr (f->browser.page->str, MARK));
  g_assert_nonnull (strstr (f->asked, "code_challenge_method=S256"));
  g_assert_nonnull (strstr (f->asked, "redirect_uri=http%3A%2F%2Flocalhost%3A"));
  browser_close (&f->browser);
}

static void
test_declined (Fixture *f, gconstpointer unused)
{
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (
      lks_sign_in_with_browser (f->sign_in, open_browser, f, LIMIT_S, NULL, &tokens, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_null (tokens.access);
  browser_close (&f->browser);
}

/* No browser, nobody comes. */
static void
ignore (const char *url, gpointer unused)
{
}

static void
test_nobody (Fixture *f, gconstpointer unused)
{
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) cancelled = NULL;

  g_assert_false (lks_sign_in_with_browser (f->sign_in, ignore, NULL, 1, NULL, &tokens, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_cancellable_cancel (cancellable);
  g_assert_false (lks_sign_in_with_browser (f->sign_in, ignore, NULL, LIMIT_S, cancellable, &tokens,
                                            &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_challenge (void)
{
  /* The pair of RFC 7636, appendix B. */
  g_autoptr (LksSecret) verifier =
      lks_secret_new ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 43);
  g_autofree char *challenge = lks_sign_in_dup_challenge (verifier);

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/* ---- where the browser comes back to ---- */

#define STATE "s-1"

static const struct
{
  const char *path;
  long status;
} visits[] = {
  { "/favicon.ico", 404 },   { "/?code=evil&state=other", 400 },         { "/?code=evil", 400 },
  { "/?error=denied", 400 }, { "/?code=good%2Bcode&state=" STATE, 200 },
};

/* One after the other, each waits for its page. */
static gpointer
visit_in_thread (gpointer base)
{
  for (gsize i = 0; i < G_N_ELEMENTS (visits); i++)
    {
      g_autofree char *url = g_strconcat (base, visits[i].path, NULL);
      Browser browser = { 0 };

      browser_open (&browser, url);
      g_thread_join (g_steal_pointer (&browser.thread));
      g_assert_cmpint (browser.status, ==, visits[i].status);
      g_assert_null (strstr (browser.page->str, "evil"));
      browser_close (&browser);
    }
  return NULL;
}

/* Connections that say nothing, an icon, strangers: none of them ends the waiting. */
static void
test_strangers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLoopback) loopback = lks_loopback_new (&error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (LksRedirect) redirect = { 0 };
  g_autofree char *host = NULL;
  GThread *thread;

  g_assert_no_error (error);
  host = g_strdup_printf ("127.0.0.1%s", strrchr (lks_loopback_get_address (loopback), ':'));
  g_socket_client_set_enable_proxy (client, FALSE);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (silent, g_socket_client_connect_to_host (client, host, 0, NULL, &error));
  g_assert_no_error (error);

  thread = g_thread_new ("visits", visit_in_thread, (gpointer) lks_loopback_get_address (loopback));
  g_assert_true (lks_loopback_await (loopback, STATE, LIMIT_S, NULL, &redirect, &error));
  g_assert_no_error (error);
  g_thread_join (thread);
  g_assert_cmpint (redirect.kind, ==, LKS_REDIRECT_CODE);
  g_assert_cmpstr (lks_secret_get_text (redirect.code), ==, "good+code");
}

/* Cookies of everything that ever ran at localhost are more than there is room for: the sign-in is
 * heard all the same, and its browser is answered. */
static gpointer
visit_with_cookies (gpointer base)
{
  g_autofree char *url = g_strconcat (base, "/?code=c&state=" STATE, NULL);
  g_autofree char *cookies = g_strnfill (LKS_REDIRECT_BYTES_MAX + 4000, 'c');
  Browser browser = { .cookies = cookies };

  browser_open (&browser, url);
  g_thread_join (g_steal_pointer (&browser.thread));
  g_assert_cmpint (browser.status, ==, 200);
  browser_close (&browser);
  return NULL;
}

static void
test_cookies (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLoopback) loopback = lks_loopback_new (&error);
  g_auto (LksRedirect) redirect = { 0 };
  GThread *thread;

  g_assert_no_error (error);
  thread =
      g_thread_new ("visits", visit_with_cookies, (gpointer) lks_loopback_get_address (loopback));
  g_assert_true (lks_loopback_await (loopback, STATE, LIMIT_S, NULL, &redirect, &error));
  g_assert_no_error (error);
  g_thread_join (thread);
  g_assert_cmpint (redirect.kind, ==, LKS_REDIRECT_CODE);
}

static void
test_requests (void)
{
  static const struct
  {
    const char *request;
    LksRedirectKind kind;
  } cases[] = {
    { "", LKS_REDIRECT_INCOMPLETE },
    { "GET /?code=a&state=" STATE " HTTP/1.1", LKS_REDIRECT_INCOMPLETE },
    { "GET /?code=a&state=" STATE " HTTP/1.1\r\nCookie: a", LKS_REDIRECT_CODE },
    { "GET /?code=a&state=" STATE " HTTP/1.1\r\n\r\n", LKS_REDIRECT_CODE },
    { "GET /?state=" STATE "&x&code=a HTTP/1.1\r\nHost: localhost\r\n\r\n", LKS_REDIRECT_CODE },
    { "POST /?code=a&state=" STATE " HTTP/1.1\r\n\r\n", LKS_REDIRECT_OTHER },
    { "GET /x?code=a&state=" STATE " HTTP/1.1\r\n\r\n", LKS_REDIRECT_OTHER },
    { "GET /?code=a&state=" STATE "\r\n\r\n", LKS_REDIRECT_OTHER },
    { "GET / HTTP/1.1\r\n\r\n", LKS_REDIRECT_OTHER },
    { "\r\n\r\n", LKS_REDIRECT_OTHER },
    { "GET /?code=a&state=" STATE "x HTTP/1.1\r\n\r\n", LKS_REDIRECT_STRANGE },
    { "GET /?code=a HTTP/1.1\r\n\r\n", LKS_REDIRECT_STRANGE },
    { "GET /?code=%4&state=" STATE " HTTP/1.1\r\n\r\n", LKS_REDIRECT_STRANGE },
    { "GET /?code=a%00b&state=" STATE " HTTP/1.1\r\n\r\n", LKS_REDIRECT_STRANGE },
    { "GET /?error=access_denied&error_description=a%0Ab&state=" STATE " HTTP/1.1\r\n\r\n",
      LKS_REDIRECT_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LksRedirect) redirect = { 0 };

      g_test_message ("%s", cases[i].request);
      lks_redirect_parse (&redirect, cases[i].request, strlen (cases[i].request), STATE);
      g_assert_cmpint (redirect.kind, ==, cases[i].kind);
      g_assert_true ((redirect.code != NULL) == (redirect.kind == LKS_REDIRECT_CODE));
      if (redirect.kind == LKS_REDIRECT_REFUSED)
        g_assert_cmpstr (redirect.text, ==, "a b");
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  emulator = argv[1];
  curl_global_init (CURL_GLOBAL_DEFAULT);

  g_test_add_func ("/sign-in-browser/challenge", test_challenge);
  g_test_add_func ("/sign-in-browser/requests", test_requests);
  g_test_add_func ("/sign-in-browser/strangers", test_strangers);
  g_test_add_func ("/sign-in-browser/cookies", test_cookies);
  g_test_add ("/sign-in-browser/approved", Fixture, "", set_up, test_approved, tear_down);
  g_test_add ("/sign-in-browser/declined", Fixture, "\"person\":\"declines\",", set_up,
              test_declined, tear_down);
  g_test_add ("/sign-in-browser/nobody", Fixture, "", set_up, test_nobody, tear_down);

  status = g_test_run ();
  curl_global_cleanup ();
  return status;
}
