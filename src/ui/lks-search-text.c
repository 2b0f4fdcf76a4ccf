/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-search-text.h"

#include "lks-record-text.h"
#include "lks-service-text.h"

static GQuark
search_text_quark (void)
{
  return g_quark_from_static_string ("lks-search-text");
}

/**
 * lks_search_text_get:
 * @record: a [class@Lks.Record] or a [class@Lks.ServiceRecord], which never changes
 *
 * Returns: (transfer none): everything it can be found by, case folded; made once, since thousands
 *   of records are asked at each key. The main thread.
 */
const char *
lks_search_text_get (gpointer record)
{
  const char *known = g_object_get_qdata (record, search_text_quark ());
  g_autofree char *text = NULL;
  char *folded;

  if (known != NULL)
    return known;

  text = LKS_IS_RECORD (record) ? lks_record_to_search_text (record)
                                : lks_service_record_to_search_text (record);
  folded = g_utf8_casefold (text, -1);
  g_object_set_qdata_full (record, search_text_quark (), folded, g_free);
  return folded;
}
