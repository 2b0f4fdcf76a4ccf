/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The things a board consists of. */
#include "emu-board-private.h"

/* Time since the machine started, as all of a board's clocks count it. */
gint64
emu_board_now_us (void)
{
  return g_get_monotonic_time ();
}

void
emu_component_free (EmuComponent *self)
{
  g_free (self->component_id);
  g_free (self->image_id);
  g_free (self->name);
  g_strfreev (self->peripherals);
  g_free (self);
}

void
emu_staged_free (EmuStaged *self)
{
  g_clear_pointer (&self->package, lks_image_package_free);
  g_clear_pointer (&self->metadata, lks_image_metadata_free);
  g_bytes_unref (self->bytes);
  g_free (self);
}

void
emu_cert_unref (EmuCert *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  g_free (self->id);
  g_free (self->not_before);
  g_free (self->not_after);
  g_free (self->subject_name);
  g_free (self->issuer_name);
  g_free (self);
}

void
emu_proxy_free (EmuProxy *self)
{
  g_free (self->address);
  g_free (self->authentication);
  g_free (self->username);
  g_free (self->password);
  g_strfreev (self->no_proxy);
  g_free (self);
}

/* Interfaces follow a request some time later. */
gboolean
emu_switch_is_up (const EmuSwitch *self)
{
  return emu_board_now_us () >= self->changes_at_us ? self->wanted_up : self->was_up;
}

void
emu_switch_set (EmuSwitch *self, gboolean up, guint delay_ms)
{
  self->was_up = emu_switch_is_up (self);
  self->wanted_up = up;
  self->changes_at_us = emu_board_now_us () + (gint64) delay_ms * G_TIME_SPAN_MILLISECOND;
}

EmuComponent *
emu_board_find_component (EmuBoard *self, const char *component_id)
{
  for (guint i = 0; i < self->components->len; i++)
    {
      EmuComponent *component = g_ptr_array_index (self->components, i);

      if (g_ascii_strcasecmp (component->component_id, component_id) == 0)
        return component;
    }

  return NULL;
}

EmuCert *
emu_board_find_cert (EmuBoard *self, const char *id)
{
  for (guint i = 0; i < self->certs->len; i++)
    {
      EmuCert *cert = g_ptr_array_index (self->certs, i);

      if (g_str_equal (cert->id, id))
        return cert;
    }

  return NULL;
}

EmuNetwork *
emu_board_find_network (EmuBoard *self, gint64 id)
{
  for (guint i = 0; i < self->networks->len; i++)
    {
      EmuNetwork *network = g_ptr_array_index (self->networks, i);

      if (network->id == id)
        return network;
    }

  return NULL;
}
