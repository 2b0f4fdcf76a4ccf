/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back from a development sequence that was begun. */
#include "lks-development-private.h"

#include "lks-capability.h"
#include "lks-device-error.h"
#include "lks-restart.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-words-private.h"

static const char *
describe_file (const LksStoredCapabilities *before)
{
  if (before->development)
    return "the capability file with appDevelopment";
  return before->servicing ? "the capability file with fieldServicing"
                           : "the empty capability file (downloaded without naming a capability)";
}

static gboolean
leads_back (const LksCapabilityFile *file, const LksStoredCapabilities *before)
{
  return lks_capability_file_has (file, LKS_CAPABILITY_APP_DEVELOPMENT) == before->development &&
         lks_capability_file_has (file, LKS_CAPABILITY_FIELD_SERVICING) == before->servicing;
}

/* The file that led to where the board is does not lead back. */
static gboolean
check_file (const LksDevelopment *self, GError **error)
{
  g_autoptr (GBytes) bytes = self->file != NULL ? lks_secret_share_bytes (self->file) : NULL;
  g_autoptr (LksCapabilityFile) file =
      bytes != NULL ? lks_capability_file_parse (bytes, NULL) : NULL;

  return lks_service_check (file != NULL && leads_back (file, &self->before), error,
                            "the way back takes %s for this board", describe_file (&self->before));
}

/* A file that was given counts; the one that led to where the board is does not. */
static gboolean
ensure_file (const LksDevelopmentWork *work, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (GError) unfit = NULL;
  guint capability = self->before.development ? LKS_CAPABILITY_APP_DEVELOPMENT
                     : self->before.servicing ? LKS_CAPABILITY_FIELD_SERVICING
                                              : 0;

  if (self->cloud != NULL && !check_file (self, &unfit) &&
      !lks_development_fetch_file (work, capability, error))
    return FALSE;
  return check_file (self, error);
}

static gboolean
is_finished (const LksDevelopmentWork *work, gboolean *out_finished, GError **error)
{
  g_autoptr (LksDeviceManufacturing) manufacturing =
      lks_device_get_manufacturing_state (work->device, work->cancellable, error);

  if (manufacturing == NULL)
    return FALSE;

  *out_finished = manufacturing->state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  return TRUE;
}

static gboolean
is_as_before (const LksDevelopment *self, const LksStoredCapabilities *stored)
{
  return stored->development == self->before.development &&
         stored->servicing == self->before.servicing;
}

static gboolean
restart_board (const LksDevelopmentWork *work, GError **error)
{
  guint limit_s = work->development->restart_limit_s;
  g_auto (LksRestart) restart = { 0 };

  return lks_restart_order (work->device, &restart, work->cancellable, error) &&
         lks_restart_prove (work->device, &restart,
                            limit_s != 0 ? limit_s : LKS_RESTART_WATCH_LIMIT_S, work->cancellable,
                            error);
}

/* A board that refuses to tell was locked by what was installed: nothing waits there. */
static gboolean
read_staged (const LksDevelopmentWork *work, gboolean *out_staged, GError **error)
{
  GError *local = NULL;
  g_autoptr (LksSoftware) software =
      lks_software_read (work->device, NULL, work->cancellable, &local);

  *out_staged = software != NULL && software->has_staged_updates;
  if (software != NULL || g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    {
      g_clear_error (&local);
      return TRUE;
    }

  g_propagate_error (error, local);
  return FALSE;
}

/* A restart drops what is staged, as far as is known; so it is asked afterwards. */
static gboolean
drop (const LksDevelopmentWork *work, GError **error)
{
  LksStoredCapabilities stored;
  gboolean is_staged;

  if (!restart_board (work, error) || !read_staged (work, &is_staged, error) ||
      !lks_development_read_stored (work, &stored, error))
    return FALSE;
  if (!is_staged && is_as_before (work->development, &stored))
    return TRUE;

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       is_staged ? "the capability file is on the board, not installed, and a "
                                   "restart did not drop it: the next installation would take it "
                                   "along"
                                 : "the restart has installed the capability file");
  return FALSE;
}

/* A capability file that was sent, and whose installation failed, lies on the board and would be
 * installed with whatever comes next. */
static gboolean
drop_staged (const LksDevelopmentWork *work, GError **error)
{
  gboolean is_staged;

  if (!read_staged (work, &is_staged, error))
    return FALSE;
  if (!is_staged)
    return TRUE;
  if (!drop (work, error))
    return FALSE;

  lks_development_note (work->development, LKS_DEVELOPMENT_STEP_APPLY,
                        N_ ("The file was on the board, not installed. A restart has dropped it."),
                        NULL);
  return TRUE;
}

/* The board is asked: when nothing came of what failed, there is little to undo. A finished board
 * that has lost a forgotten capability does not get it again. */
static gboolean
apply_back (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  LksStoredCapabilities stored;
  gboolean finished;

  *out_state = LKS_DEVELOPMENT_STATE_BACK;
  if (!lks_development_read_stored (work, &stored, error) || !is_finished (work, &finished, error))
    return FALSE;
  if (is_as_before (self, &stored))
    return drop_staged (work, error);
  if (!finished || (!self->before.development && !self->before.servicing))
    return ensure_file (work, error) && lks_development_install (work, error);

  *out_state = LKS_DEVELOPMENT_STATE_STAYS;
  lks_development_note (self, LKS_DEVELOPMENT_STEP_APPLY,
                        N_ ("The board is finished and no capability is stored on it, as it should "
                            "be. For further work on it, start a servicing session."),
                        NULL);
  return TRUE;
}

/* A board that refuses to tell is locked; then all of them may be gone. */
static gboolean
delete_back (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (GError) local = NULL;
  g_autoptr (LksSoftware) software =
      lks_software_read (work->device, NULL, work->cancellable, &local);
  g_autofree char *names = NULL;

  if (software == NULL && !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  names = lks_development_dup_names (self, software);
  *out_state = self->apps != NULL && names == NULL ? LKS_DEVELOPMENT_STATE_BACK
                                                   : LKS_DEVELOPMENT_STATE_STAYS;
  if (names != NULL)
    lks_development_note (self, LKS_DEVELOPMENT_STEP_DELETE,
                          N_ ("Boards do not give deleted applications back. Install again:"),
                          names);
  else if (self->apps == NULL)
    lks_development_note (self, LKS_DEVELOPMENT_STEP_DELETE,
                          N_ ("Boards do not give deleted applications back, and which ones were "
                              "on this board before is not known here. Install them again."),
                          NULL);
  return TRUE;
}

static gboolean
group_back (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  if (lks_development_can_move_back (work->development))
    return lks_development_move_back (work, out_state, error);
  lks_development_note (work->development, LKS_DEVELOPMENT_STEP_GROUP,
                        N_ ("If the board was moved already: in the cloud, move it back to the "
                            "device group it was in, or it does not get that group's updates."),
                        NULL);
  *out_state = LKS_DEVELOPMENT_STATE_BY_HAND;
  return TRUE;
}

/* Undoes one step. */
gboolean
lks_development_undo (const LksDevelopmentWork *work,
                      LksDevelopmentStep step,
                      LksDevelopmentState *out_state,
                      GError **error)
{
  switch (step)
    {
    case LKS_DEVELOPMENT_STEP_CHECK:
      return lks_development_check_board (work, error);
    case LKS_DEVELOPMENT_STEP_DELETE:
      return delete_back (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_APPLY:
      return apply_back (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_GROUP:
      return group_back (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_FILE:
    case LKS_DEVELOPMENT_STEP_VERIFY:
      break;
    }

  return TRUE;
}
