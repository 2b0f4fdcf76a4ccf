/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include "lks-number.h"

#include <string.h>

#define POSITION "skiptoken"
#define FOREIGN_HOST "https://127.0.0.2:9"

/* What a page holds, by the request's query. */
typedef struct
{
  guint64 position;
  guint left;  /* of the page */
  guint64 top; /* of the whole list, G_MAXUINT64: no limit */
  EmuCall *call;
  EmuWire *wire;
  gboolean in_group_list;
} Page;

static guint64
get_number (EmuCall *call, const char *name, guint64 otherwise)
{
  const char *text = call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
  guint64 number;

  return text != NULL && lks_number_read_unsigned (text, 0, G_MAXINT, &number) ? number : otherwise;
}

static void
page_init (Page *page, EmuCall *call, EmuWire *wire)
{
  guint64 size = get_number (call, "$maxpagesize", call->cloud->config->page_size);

  page->call = call;
  page->wire = wire;
  page->top = get_number (call, "$top", G_MAXUINT64);
  page->position = get_number (call, POSITION, get_number (call, "$skip", 0));
  page->left = (guint) CLAMP (MIN (size, page->top), 1, call->cloud->config->page_size);
}

/* The next page's address, on another host when a fault says so; null on the last page. */
static void
write_next (Page *page, guint64 next, guint taken)
{
  EmuCall *call = page->call;
  const char *base = call->fault != NULL && call->fault->kind == EMU_CLOUD_FAULT_FOREIGN_LINK
                         ? FOREIGN_HOST
                         : call->cloud->base;
  g_autoptr (GString) url = NULL;

  if (next == EMU_WALK_END || page->top <= taken)
    {
      emu_wire_null (page->wire, "nextLink");
      return;
    }

  url = g_string_new (base);
  g_string_append_printf (url,
                          "%s?api-version=" EMU_CLOUD_API_VERSION "&" POSITION
                          "=%" G_GUINT64_FORMAT,
                          call->path, next);
  if (page->top != G_MAXUINT64)
    g_string_append_printf (url, "&$top=%" G_GUINT64_FORMAT, page->top - taken);
  if (get_number (call, "$maxpagesize", 0) != 0)
    g_string_append_printf (url, "&$maxpagesize=%" G_GUINT64_FORMAT,
                            get_number (call, "$maxpagesize", 0));
  emu_wire_text (page->wire, "nextLink", url->str);
}

/* Answers with one page of @items. */
void
emu_page_reply (EmuCall *call, GPtrArray *items, gboolean has_filter, EmuItemFunc write)
{
  EmuWire *wire = emu_wire_new_plain ();
  Page page = { 0 };
  guint64 i;
  guint taken = 0;

  page_init (&page, call, wire);
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "value", '[');
  for (i = page.position; i < items->len && taken < page.left; i++, taken++)
    write (call, wire, g_ptr_array_index (items, i));
  emu_wire_close (wire, ']');
  write_next (&page, i < items->len ? i : EMU_WALK_END, taken);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

static gboolean
take_device (const EmuDeviceView *view, gpointer user_data)
{
  Page *page = user_data;

  if (page->left == 0)
    return FALSE;
  page->left--;
  emu_device_write (page->call, page->wire, view, page->in_group_list);
  return TRUE;
}

/* Answers with one page of devices, which are made as they are written. */
void
emu_page_reply_devices (EmuCall *call, gboolean in_group_only)
{
  EmuWire *wire = emu_wire_new_plain ();
  Page page = { 0 };
  guint size;
  guint64 next;

  page_init (&page, call, wire);
  page.in_group_list = in_group_only;
  size = page.left;
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "value", '[');
  next = emu_catalog_walk (call->catalog, call->group, in_group_only, page.position, take_device,
                           &page);
  emu_wire_close (wire, ']');
  write_next (&page, next, size - page.left);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}
