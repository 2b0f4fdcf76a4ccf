/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of a board's configuration: networks, certificates, interfaces. */
#include "lks-run-private.h"

#include "lks-device-cert.h"
#include "lks-device-error.h"
#include "lks-device-net.h"
#include "lks-device-wifi.h"
#include "lks-enums.h"
#include "lks-recipe-expect.h"

#define NETWORKS "GET /wifi/config/networks"
#define CERTIFICATES "GET /certstore/certs"
#define INTERFACES "GET /net/interfaces"

/* What a check of a list found: each an array of words for people. */
typedef struct
{
  JsonArray *read;
  JsonArray *expected;
  JsonArray *missing;
  JsonArray *wrong;
  JsonArray *unexpected;
} Comparison;

static Comparison
comparison_new (void)
{
  return (Comparison){ json_array_new (), json_array_new (), json_array_new (), json_array_new (),
                       json_array_new () };
}

static void
end_comparison (LksRun *run, const char *source, const char *what, const Comparison *found)
{
  JsonObject *evidence = json_object_new ();
  guint n_missing = json_array_get_length (found->missing);
  guint n_wrong = json_array_get_length (found->wrong);
  guint n_unexpected = json_array_get_length (found->unexpected);

  json_object_set_string_member (evidence, "source", source);
  json_object_set_array_member (evidence, "read", found->read);
  json_object_set_array_member (evidence, "expected", found->expected);
  json_object_set_array_member (evidence, "missing", found->missing);
  json_object_set_array_member (evidence, "wrong", found->wrong);
  json_object_set_array_member (evidence, "unexpected", found->unexpected);
  if (n_wrong > 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "%s: %s", what,
                 json_array_get_string_element (found->wrong, 0));
  else if (n_missing > 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "%s: “%s” is missing%s", what,
                 json_array_get_string_element (found->missing, 0),
                 n_missing > 1 ? ", and it is not the only one" : "");
  else if (n_unexpected > 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "%s: “%s” must not be there%s: remove %s",
                 what, json_array_get_string_element (found->unexpected, 0),
                 n_unexpected > 1 ? ", and it is not the only one" : "",
                 n_unexpected == 1 ? "it" : "them");
  else if (json_array_get_length (found->expected) == 0)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "none");
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "exactly the %u of the recipe",
                 json_array_get_length (found->expected));
}

static void
add_format (JsonArray *array, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  json_array_add_string_element (array, text);
}

static gboolean
is_network_as_wanted (const LksWifiNetwork *network, const LksRecipeNetwork *wanted)
{
  return g_strcmp0 (network->ssid, wanted->ssid) == 0 &&
         (wanted->security == LKS_WIFI_SECURITY_UNKNOWN || wanted->security == network->security);
}

/* Which of @networks is the one that the recipe wants: one that is as it wants, or else one of that
 * name. NULL: none. */
static const LksWifiNetwork *
find_network (GPtrArray *networks, const LksRecipeNetwork *wanted)
{
  const LksWifiNetwork *namesake = NULL;

  for (guint i = 0; i < networks->len; i++)
    {
      const LksWifiNetwork *network = networks->pdata[i];

      if (is_network_as_wanted (network, wanted))
        return network;
      if (namesake == NULL && g_strcmp0 (network->ssid, wanted->ssid) == 0)
        namesake = network;
    }
  return namesake;
}

static const char *
name_security (const LksWifiNetwork *network)
{
  return network->security_text != NULL ? network->security_text : "-";
}

static void
compare_network (GPtrArray *networks,
                 const LksRecipeNetwork *wanted,
                 GHashTable *taken,
                 const Comparison *found)
{
  const LksWifiNetwork *network = find_network (networks, wanted);

  json_array_add_string_element (found->expected, wanted->ssid);
  if (network == NULL)
    {
      json_array_add_string_element (found->missing, wanted->ssid);
      return;
    }
  g_hash_table_add (taken, (gpointer) network);
  if (!is_network_as_wanted (network, wanted))
    add_format (found->wrong, "“%s” has the security “%s”, the recipe demands “%s”", wanted->ssid,
                name_security (network),
                lks_enum_to_nick (LKS_TYPE_WIFI_SECURITY, (int) wanted->security));
}

/* A board may know a name twice: what the recipe wants once may be there once. */
static void
compare_networks (GPtrArray *networks, GPtrArray *expected, const Comparison *found)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

  for (guint i = 0; expected != NULL && i < expected->len; i++)
    compare_network (networks, expected->pdata[i], taken, found);
  for (guint i = 0; i < networks->len; i++)
    {
      const LksWifiNetwork *network = networks->pdata[i];
      const char *ssid = network->ssid != NULL ? network->ssid : "";

      json_array_add_string_element (found->read, ssid);
      if (!g_hash_table_contains (taken, network))
        add_format (found->unexpected, "%s (%s)", ssid, name_security (network));
    }
}

gboolean
lks_run_check_networks (LksRun *run)
{
  const LksRunTarget *target = run->target;
  GPtrArray *expected = lks_recipe_get_networks (run->recipe);
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (GError) error = NULL;
  Comparison found;
  guint tries = 0;

  lks_run_begin (run, "wifi-networks");
  do
    networks = target->ops->get_networks (target->data, lks_run_cancellable (run), &error);
  while (networks == NULL && lks_run_try_again (run, &tries, &error));
  if (networks == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  found = comparison_new ();
  compare_networks (networks, expected, &found);
  end_comparison (run, NETWORKS, "Wi-Fi networks", &found);
  return TRUE;
}

/* The board writes no time zone; it is UTC (Azure Sphere device REST API 4.6, certificates). */
static GDateTime *
parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  return text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;
}

static void
compare_dates (const LksCertInfo *info, guint valid_days, const Comparison *found)
{
  g_autoptr (GDateTime) not_before = parse_time (info->not_before);
  g_autoptr (GDateTime) not_after = parse_time (info->not_after);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) until = g_date_time_add_days (now, (int) valid_days);

  if (not_before == NULL || not_after == NULL)
    add_format (found->wrong, "“%s” has dates that cannot be read: “%s”, “%s”", info->id,
                info->not_before, info->not_after);
  else if (g_date_time_compare (not_before, now) > 0)
    add_format (found->wrong, "“%s” is not valid before %s", info->id, info->not_before);
  else if (g_date_time_compare (not_after, until) < 0)
    add_format (found->wrong, "“%s” is valid until %s only; the recipe demands %u more days",
                info->id, info->not_after, valid_days);
}

static void
compare_certificate (const LksCertInfo *info,
                     const LksRecipeCertificate *wanted,
                     const Comparison *found)
{
  if (wanted->subject != NULL && g_strcmp0 (wanted->subject, info->subject) != 0)
    add_format (found->wrong, "“%s” has the subject “%s”, the recipe demands “%s”", info->id,
                info->subject != NULL ? info->subject : "", wanted->subject);
  if (wanted->valid_days > 0)
    compare_dates (info, wanted->valid_days, found);
}

/* Only of what the recipe wants to know more than that it is there. */
static gboolean
look_at_certificate (LksRun *run, const LksRecipeCertificate *wanted, const Comparison *found)
{
  const LksRunTarget *target = run->target;
  g_autoptr (LksCertInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  if (wanted->subject == NULL && wanted->valid_days == 0)
    return TRUE;

  do
    info =
        target->ops->get_certificate (target->data, wanted->id, lks_run_cancellable (run), &error);
  while (info == NULL && lks_run_try_again (run, &tries, &error));
  if (info == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  compare_certificate (info, wanted, found);
  return TRUE;
}

static gboolean
compare_certificates (LksRun *run, char **ids, GPtrArray *expected, const Comparison *found)
{
  g_autoptr (GHashTable) wanted_ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; expected != NULL && i < expected->len; i++)
    {
      const LksRecipeCertificate *wanted = expected->pdata[i];

      g_hash_table_add (wanted_ids, wanted->id);
      json_array_add_string_element (found->expected, wanted->id);
      if (!g_strv_contains ((const char *const *) ids, wanted->id))
        json_array_add_string_element (found->missing, wanted->id);
      else if (!look_at_certificate (run, wanted, found))
        return FALSE;
    }
  for (char **id = ids; *id != NULL; id++)
    {
      json_array_add_string_element (found->read, *id);
      if (!g_hash_table_contains (wanted_ids, *id))
        json_array_add_string_element (found->unexpected, *id);
    }
  return TRUE;
}

static void
comparison_clear (Comparison *found)
{
  json_array_unref (found->read);
  json_array_unref (found->expected);
  json_array_unref (found->missing);
  json_array_unref (found->wrong);
  json_array_unref (found->unexpected);
}

gboolean
lks_run_check_certificates (LksRun *run)
{
  const LksRunTarget *target = run->target;
  g_auto (GStrv) ids = NULL;
  g_autoptr (GError) error = NULL;
  Comparison found;
  guint tries = 0;

  lks_run_begin (run, "certificates");
  do
    ids = target->ops->get_certificates (target->data, lks_run_cancellable (run), &error);
  while (ids == NULL && lks_run_try_again (run, &tries, &error));
  if (ids == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  found = comparison_new ();
  if (!compare_certificates (run, ids, lks_recipe_get_certificates (run->recipe), &found))
    {
      comparison_clear (&found);
      return FALSE;
    }
  end_comparison (run, CERTIFICATES, "certificates", &found);
  return TRUE;
}

static const LksNetInterface *
find_interface (GPtrArray *interfaces, const char *name)
{
  for (guint i = 0; i < interfaces->len; i++)
    if (g_strcmp0 (((LksNetInterface *) interfaces->pdata[i])->name, name) == 0)
      return interfaces->pdata[i];

  return NULL;
}

static void
compare_interface (GPtrArray *interfaces, const LksRecipeInterface *wanted, const Comparison *found)
{
  const LksNetInterface *interface = find_interface (interfaces, wanted->name);

  add_format (found->expected, "%s %s", wanted->name, wanted->is_up ? "up" : "down");
  if (interface == NULL)
    json_array_add_string_element (found->missing, wanted->name);
  else if (interface->is_up != wanted->is_up)
    add_format (found->wrong, "“%s” is %s, the recipe demands that it is %s", wanted->name,
                interface->is_up ? "up" : "down", wanted->is_up ? "up" : "down");
}

gboolean
lks_run_check_interfaces (LksRun *run)
{
  const LksRunTarget *target = run->target;
  GPtrArray *expected = lks_recipe_get_interfaces (run->recipe);
  g_autoptr (GPtrArray) interfaces = NULL;
  g_autoptr (GError) error = NULL;
  Comparison found;
  guint tries = 0;

  lks_run_begin (run, "interfaces");
  do
    interfaces = target->ops->get_interfaces (target->data, lks_run_cancellable (run), &error);
  while (interfaces == NULL && lks_run_try_again (run, &tries, &error));
  if (interfaces == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  found = comparison_new ();
  for (guint i = 0; i < interfaces->len; i++)
    {
      const LksNetInterface *interface = interfaces->pdata[i];

      add_format (found.read, "%s %s", interface->name, interface->is_up ? "up" : "down");
    }
  for (guint i = 0; i < expected->len; i++)
    compare_interface (interfaces, expected->pdata[i], &found);
  end_comparison (run, INTERFACES, "network interfaces", &found);
  return TRUE;
}

#define WAIT_MIN_S 5 /* as in a recipe */

static double
seconds_since (LksRun *run, gint64 since_us)
{
  return (double) (run->target->ops->now_us (run->target->data) - since_us) / G_USEC_PER_SEC;
}

/* For every step that ends, while the checks are made. */
void
lks_run_note_duration (LksRun *run)
{
  guint limit_s = lks_recipe_get_step_limit_s (run->recipe);
  double took_s = seconds_since (run, run->step_started_us);

  if (limit_s > 0 && took_s > limit_s && run->phase <= LKS_RUN_PHASE_CHECK &&
      run->phase != LKS_RUN_PHASE_LOAD && run->slowest_step_s < took_s)
    {
      run->slowest_step = run->step;
      run->slowest_step_s = took_s;
    }
}

/* A board that is slow to answer is often about to fail. Only the checks are judged: what follows
 * has limits of its own, and once a board is changed nothing counts but the proof. */
void
lks_run_check_limits (LksRun *run)
{
  guint check_limit_s = lks_recipe_get_check_limit_s (run->recipe);
  guint step_limit_s = lks_recipe_get_step_limit_s (run->recipe);
  double took_s = seconds_since (run, run->started_us);
  JsonObject *evidence;

  if (check_limit_s + step_limit_s == 0)
    return;

  lks_run_begin (run, "time-limits");
  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "the clock of this computer");
  json_object_set_int_member (evidence, "checkSeconds", check_limit_s);
  json_object_set_int_member (evidence, "stepSeconds", step_limit_s);
  json_object_set_double_member (evidence, "read", took_s);
  if (run->slowest_step != NULL)
    {
      json_object_set_string_member (evidence, "slowestStep", run->slowest_step);
      json_object_set_double_member (evidence, "slowestStepRead", run->slowest_step_s);
      lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                   "the check “%s” took %.1f s, the recipe allows %u s: check the board's power "
                   "and cable",
                   run->slowest_step, run->slowest_step_s, step_limit_s);
    }
  else if (check_limit_s > 0 && took_s > check_limit_s)
    lks_run_end (
        run, LKS_STEP_RESULT_FAIL, evidence,
        "the checks took %.1f s, the recipe allows %u s: check the board's power and cable", took_s,
        check_limit_s);
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%.1f s", took_s);
}

/* Whether the run has taken too long to begin @next. What is begun is done: nothing is broken off,
 * and once the board has been told to change, nothing counts but the proof. */
gboolean
lks_run_is_overdue (LksRun *run, LksRunPhase next)
{
  guint limit_s = lks_recipe_get_run_limit_s (run->recipe);
  gboolean changes_nothing_yet = next == LKS_RUN_PHASE_LOAD || next == LKS_RUN_PHASE_CHECK ||
                                 next == LKS_RUN_PHASE_CONSENT || next == LKS_RUN_PHASE_CLAIM ||
                                 next == LKS_RUN_PHASE_SET_STATE;

  return limit_s > 0 && changes_nothing_yet && run->history.run_id == NULL &&
         seconds_since (run, run->begun_us) > limit_s;
}

/* How long may be waited for a restart, of @wait_s. The proof can be gone on with later; somebody
 * who waits for the tile to end cannot. */
guint
lks_run_limit_wait (LksRun *run, guint wait_s)
{
  guint limit_s = lks_recipe_get_run_limit_s (run->recipe);
  double left_s = limit_s - seconds_since (run, run->begun_us);

  return limit_s == 0 || left_s >= wait_s ? wait_s : MIN (wait_s, (guint) MAX (left_s, WAIT_MIN_S));
}
