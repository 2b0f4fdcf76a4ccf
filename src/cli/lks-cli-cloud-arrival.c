/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-arrival.h"

#include "lks-capability.h"
#include "lks-cli-cloud-work.h"
#include "lks-cli-os-age.h"
#include "lks-cli-output.h"
#include "lks-cli-session.h"
#include "lks-cloud-arrival.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-target-images.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  char *id; /* (owned) (nullable) */
  gboolean attached;
  LksCloudFlag is_development;
  LksBoardStatus *status; /* (owned) (nullable): what the attached board says of itself */
  LksArrival arrival;
} Why;

static void
why_clear (Why *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->id);
  g_clear_pointer (&self->status, lks_board_status_unref);
  lks_arrival_clear (&self->arrival);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Why, why_clear)

/* ---- what the board itself knows ---- */

static LksCloudFlag
read_capabilities (LksBoard *board)
{
  g_autoptr (JsonNode) node = lks_board_status_to_json (lks_board_get_status (board));
  JsonNode *numbers = json_object_get_member (json_node_get_object (node), "capabilities");

  if (numbers == NULL || !JSON_NODE_HOLDS_ARRAY (numbers))
    return LKS_CLOUD_FLAG_UNKNOWN;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (numbers)); i++)
    if (json_array_get_int_element (json_node_get_array (numbers), i) ==
        LKS_CAPABILITY_APP_DEVELOPMENT)
      return LKS_CLOUD_FLAG_YES;
  return LKS_CLOUD_FLAG_NO;
}

static gboolean
ask_board (Why *self, GError **error)
{
  g_autoptr (LksCliSession) session = lks_cli_session_open (error);
  const char *const wanted[] = { self->id, NULL };
  g_autoptr (GPtrArray) boards = NULL;
  LksBoard *board;

  if (session == NULL || !lks_cli_session_settle (session, error) ||
      (boards = lks_cli_session_select (session, self->id != NULL ? wanted : NULL, TRUE, error)) ==
          NULL)
    return FALSE;
  board = g_ptr_array_index (boards, 0);
  if (self->id == NULL)
    self->id = g_strdup (lks_board_get_device_id (board));
  self->is_development = read_capabilities (board);
  self->status = lks_board_status_ref (lks_board_get_status (board));
  if (self->id != NULL)
    return TRUE;
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NO_IDENTITY,
                       "The attached board does not tell its device ID");
  return FALSE;
}

/* ---- what the cloud knows ---- */

static gboolean
check_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Why *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_arrival_check (&self->arrival, self->work.client, self->work.scope, self->id,
                            self->is_development, cloud->cancellable, error);
}

static const char *
get_word (LksCloudFlag answer)
{
  return answer == LKS_CLOUD_FLAG_YES ? "yes" : answer == LKS_CLOUD_FLAG_NO ? "no" : "unknown";
}

/* ---- what it shall have, and what it has ---- */

/* (nullable): nothing is deployed, or it is not known */
static GPtrArray *
compare_images (Why *self)
{
  return self->arrival.deployment != NULL
             ? lks_target_images_compare ((const LksCloudDeployment *) self->arrival.deployment,
                                          self->status)
             : NULL;
}

static JsonNode *
images_to_json (GPtrArray *images)
{
  JsonNode *node = json_node_new (images != NULL ? JSON_NODE_ARRAY : JSON_NODE_NULL);
  JsonArray *array;

  if (images == NULL)
    return node;
  array = json_array_new ();
  for (guint i = 0; i < images->len; i++)
    {
      const LksTargetImage *image = g_ptr_array_index (images, i);
      JsonObject *object = json_object_new ();

      lks_json_set_text (object, "name", image->name);
      lks_json_set_text (object, "imageId", image->image_id);
      json_object_set_string_member (object, "state",
                                     lks_enum_to_nick (LKS_TYPE_TARGET_MATCH, (int) image->match));
      json_array_add_object_element (array, object);
    }
  json_node_take_array (node, array);
  return node;
}

static void
print_images (GPtrArray *images)
{
  for (guint i = 0; images != NULL && i < images->len; i++)
    {
      const LksTargetImage *image = g_ptr_array_index (images, i);
      g_autofree char *name = lks_cli_clean (image->name);
      g_autofree char *id = lks_cli_clean (image->image_id);

      printf ("%-11s %-12s %s  %s\n", i == 0 ? "images" : "",
              lks_enum_to_nick (LKS_TYPE_TARGET_MATCH, (int) image->match), name, id);
    }
}

/* ---- both ---- */

static void
print_json (Why *self)
{
  g_autoptr (GPtrArray) images = compare_images (self);
  JsonObject *object = json_object_new ();
  JsonArray *tests = json_array_new ();

  for (int i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    {
      JsonObject *test = json_object_new ();
      g_autofree char *detail = lks_arrival_dup_detail (&self->arrival, (LksArrivalTest) i);

      json_object_set_string_member (test, "test", lks_enum_to_nick (LKS_TYPE_ARRIVAL_TEST, i));
      json_object_set_string_member (test, "answer", get_word (self->arrival.answers[i]));
      if (detail != NULL)
        json_object_set_string_member (test, "detail", detail);
      else
        json_object_set_null_member (test, "detail");
      json_array_add_object_element (tests, test);
    }
  json_object_set_string_member (object, "deviceId", self->id);
  json_object_set_array_member (object, "tests", tests);
  json_object_set_member (object, "images", images_to_json (images));
  json_object_set_member (object, "error", lks_cli_error_to_json (self->arrival.error));
  lks_cli_print_object (object);
}

static void
print_text (Why *self)
{
  g_autoptr (GPtrArray) images = compare_images (self);

  for (int i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    {
      g_autofree char *seen = lks_arrival_dup_detail (&self->arrival, (LksArrivalTest) i);
      g_autofree char *detail = lks_cli_clean (seen);

      printf ("%-11s %-8s %s\n", lks_enum_to_nick (LKS_TYPE_ARRIVAL_TEST, i),
              get_word (self->arrival.answers[i]), detail);
      if (self->arrival.answers[i] == LKS_CLOUD_FLAG_NO)
        printf ("  %s\n", lks_arrival_get_advice ((LksArrivalTest) i));
    }
  print_images (images);
}

static int
report (Why *self)
{
  gboolean is_hindered = FALSE;

  for (gsize i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    is_hindered = is_hindered || self->arrival.answers[i] == LKS_CLOUD_FLAG_NO;
  if (self->work.json)
    print_json (self);
  else
    print_text (self);
  if (self->status != NULL)
    lks_cli_os_warn (lks_device_id_get_short (self->id),
                     lks_board_status_get_os_version (self->status));
  if (self->arrival.error != NULL)
    lks_cli_print_error (lks_device_id_get_short (self->id), self->arrival.error);
  if (!is_hindered && self->arrival.error != NULL)
    return (int) lks_cli_exit_for_error (self->arrival.error);
  return is_hindered ? LKS_CLI_EXIT_FAIL : LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_cloud_why:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud device why`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_why (int argc, char **argv)
{
  g_auto (Why) self = { 0 };
  const GOptionEntry entries[] = {
    { "attached", 0, 0, G_OPTION_ARG_NONE, &self.attached,
      "It is attached: ask it for its capabilities, too", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud device why (DEVICE-ID | --attached)",
                                   "Says why an application does not arrive on a device.",
                                   0,
                                   1,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    {
      if (self.work.arguments[0] != NULL)
        self.id = lks_device_id_normalize (self.work.arguments[0], &error);
      else if (!self.attached)
        g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                             "Name the device, or attach it and say --attached");
    }
  if (error != NULL || (self.attached && !ask_board (&self, &error)) ||
      !lks_cli_cloud_run (check_in_thread, &self, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  return report (&self);
}
