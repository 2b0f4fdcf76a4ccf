/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-step.h"

#include "lks-enums.h"

struct _LksRunStep
{
  GObject parent_instance;

  char *name;     /* (owned) */
  char *message;  /* (owned) */
  char *evidence; /* (owned): JSON text, because JSON trees are not counted atomically */
  LksStepResult result;
};

G_DEFINE_FINAL_TYPE (LksRunStep, lks_run_step, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (LksStepResult,
                    lks_step_result,
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_PASS, "pass"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_SKIP, "skip"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_FAIL, "fail"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (LKS_STEP_RESULT_WAIVED, "waived"))

typedef enum
{
  PROP_NAME = 1,
  PROP_TITLE,
  PROP_RESULT,
  PROP_MESSAGE,
  PROP_EVIDENCE,
} LksRunStepProperty;

static GParamSpec *properties[PROP_EVIDENCE + 1];

static void
lks_run_step_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksRunStep *self = LKS_RUN_STEP (object);

  switch ((LksRunStepProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TITLE:
      g_value_set_string (value, lks_run_step_get_title (self));
      break;
    case PROP_RESULT:
      g_value_set_enum (value, (int) self->result);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_EVIDENCE:
      g_value_set_string (value, self->evidence);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lks_run_step_finalize (GObject *object)
{
  LksRunStep *self = LKS_RUN_STEP (object);

  g_free (self->name);
  g_free (self->message);
  g_free (self->evidence);

  G_OBJECT_CLASS (lks_run_step_parent_class)->finalize (object);
}

static void
lks_run_step_class_init (LksRunStepClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_run_step_get_property;
  object_class->finalize = lks_run_step_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_RESULT] = g_param_spec_enum ("result", NULL, NULL, LKS_TYPE_STEP_RESULT,
                                               LKS_STEP_RESULT_RUNNING, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_EVIDENCE] = g_param_spec_string ("evidence", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_run_step_init (LksRunStep *self)
{
}

/**
 * lks_run_step_new:
 * @name: its name, one of those lks_step_name_to_title() knows
 * @result: what came out
 * @message: (nullable): one English sentence: what was found, and what to do about it
 * @evidence: (nullable): what was read and expected, and from where
 *
 * Returns: (transfer full): a step
 */
LksRunStep *
lks_run_step_new (const char *name, LksStepResult result, const char *message, JsonObject *evidence)
{
  LksRunStep *self = g_object_new (LKS_TYPE_RUN_STEP, NULL);

  self->name = g_strdup (name);
  self->result = result;
  self->message = g_strdup (message != NULL ? message : "");
  if (evidence != NULL)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (node, evidence);
      self->evidence = json_to_string (node, FALSE);
    }
  else
    self->evidence = g_strdup ("{}");

  return self;
}

/**
 * lks_run_step_get_name:
 * @self: a step
 *
 * Returns: (transfer none): its name, the one in JSON, such as "os-version"
 */
const char *
lks_run_step_get_name (LksRunStep *self)
{
  return self->name;
}

/**
 * lks_step_name_to_title:
 * @name: the name of a step, the one in JSON
 *
 * Returns: (transfer none): what such a step is about, in English; @name itself when it is none
 *   that this version knows
 */
const char *
lks_step_name_to_title (const char *name)
{
  static const struct
  {
    const char *name;
    const char *title;
  } titles[] = {
    { "identify", "Device ID read twice" },
    { "journal", "Journal of earlier runs" },
    { "load-images", "Missing images loaded" },
    { "rest-version", "REST version" },
    { "label", "Label of the unit" },
    { "state", "Manufacturing state" },
    { "capabilities", "Capabilities" },
    { "os-version", "OS version" },
    { "components", "Installed components" },
    { "updates", "No update under way" },
    { "os-images", "OS recognised by its images" },
    { "absent-components", "Test and debug servers absent" },
    { "images", "Application images" },
    { "board-configuration", "Board configuration" },
    { "wifi-networks", "Wi-Fi networks" },
    { "certificates", "Certificates" },
    { "interfaces", "Network interfaces" },
    { "time-limits", "Time the checks took" },
    { "consent", "Consent for this board" },
    { "claim", "Claim into the catalog" },
    { "set-state", "Set the manufacturing state" },
    { "read-back", "Read the state back" },
    { "restart", "Restart" },
    { "prove-restart", "Restart proven" },
    { "verify-identity", "Device ID read twice again" },
    { "verify-state", "State after the restart" },
    { "verify-capabilities", "Capabilities after the restart" },
    { "verify-os-version", "OS version after the restart" },
    { "service-lock", "Service port locked" },
    { "record", "Record" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, name))
      return titles[i].title;

  return name;
}

/**
 * lks_run_step_get_title:
 * @self: a step
 *
 * Returns: (transfer none): what it is about, in English
 */
const char *
lks_run_step_get_title (LksRunStep *self)
{
  return lks_step_name_to_title (self->name);
}

/**
 * lks_run_step_get_result:
 * @self: a step
 *
 * Returns: what came out
 */
LksStepResult
lks_run_step_get_result (LksRunStep *self)
{
  return self->result;
}

/**
 * lks_run_step_get_message:
 * @self: a step
 *
 * Returns: (transfer none): one English sentence, may be empty
 */
const char *
lks_run_step_get_message (LksRunStep *self)
{
  return self->message;
}

/**
 * lks_run_step_get_evidence:
 * @self: a step
 *
 * Returns: (transfer none): a JSON object as text: what was read and expected, and the
 *   exchanges with the board it was read from
 */
const char *
lks_run_step_get_evidence (LksRunStep *self)
{
  return self->evidence;
}

/**
 * lks_run_step_to_json:
 * @self: a step
 *
 * Returns: (transfer full): an object with "name", "result", "message" and "evidence"
 */
JsonNode *
lks_run_step_to_json (LksRunStep *self)
{
  g_autoptr (JsonNode) evidence = json_from_string (self->evidence, NULL);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "result",
                                 lks_enum_to_nick (LKS_TYPE_STEP_RESULT, (int) self->result));
  json_object_set_string_member (object, "message", self->message);
  json_object_set_member (object, "evidence", g_steal_pointer (&evidence));
  json_node_set_object (node, object);
  return node;
}
