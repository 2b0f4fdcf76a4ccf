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
emu_network_free (EmuNetwork *self)
{
  g_free (self->ssid);
  g_free (self->config_name);
  g_free (self->security);
  g_free (self->client_cert_id);
  g_free (self->client_identity);
  g_free (self->root_ca_id);
  g_free (self);
}

void
emu_cert_free (EmuCert *self)
{
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
