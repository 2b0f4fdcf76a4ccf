/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a board's claim, beside its record: a record never changes, and a claim that was
 * queued is made later. */
#include "lks-cli-records-private.h"

JsonNode *
lks_cli_claim_to_json (const LksClaimNote *note)
{
  JsonNode *node;

  if (note == NULL)
    return json_node_new (JSON_NODE_NULL);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, lks_claim_note_to_json (note));
  return node;
}

static char *
tell_state (const LksClaimNote *note)
{
  g_autofree char *at =
      lks_cli_format_time (note->outcome != NULL ? note->outcome_us : note->noted_us);
  g_autofree char *place = lks_recipe_claim_tell (&note->claim);

  if (note->is_waiting)
    return g_strdup_printf ("waits for %s%s%s", place, note->message != NULL ? ": " : "",
                            note->message != NULL ? note->message : "");
  if (note->outcome == NULL)
    return g_strdup_printf ("unknown, begun at %s: %s", at, place);
  return g_strdup_printf ("%s at %s: %s", note->outcome, at,
                          note->place != NULL ? note->place : place);
}

void
lks_cli_print_claim (const LksClaimNote *note)
{
  g_autofree char *text = note != NULL ? tell_state (note) : NULL;

  if (text != NULL)
    lks_cli_print_field ("Claim", text);
}
