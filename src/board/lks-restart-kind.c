/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-restart-kind.h"

G_DEFINE_ENUM_TYPE (LksRestartKind,
                    lks_restart_kind,
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_ORDERED, "ordered"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_POWER_CYCLE, "power-cycle"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_UPDATE, "update"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_UNEXPLAINED, "unexplained"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_KIND_APPLICATION, "application"))

static LksRestartKind
explain (const LksRestartFacts *facts, const char **out_reason)
{
  if (facts->was_ordered)
    {
      *out_reason = facts->system_changed
                        ? "Locksmith told the board to restart; an update was installed with it."
                        : "Locksmith told the board to restart.";
      return LKS_RESTART_KIND_ORDERED;
    }
  if (facts->was_unplugged)
    {
      *out_reason = "The cable was out, and the board had no power meanwhile.";
      return LKS_RESTART_KIND_POWER_CYCLE;
    }
  if (facts->system_changed)
    {
      *out_reason = "The board's system is another one than before: an update was installed.";
      return LKS_RESTART_KIND_UPDATE;
    }
  if (facts->was_updating)
    {
      *out_reason = "An update was under way or waited for a restart before.";
      return LKS_RESTART_KIND_UPDATE;
    }

  *out_reason = "Locksmith did not order it and no update is seen: the reset button, its own power "
                "supply, another program, or a crash.";
  return LKS_RESTART_KIND_UNEXPLAINED;
}

/**
 * lks_restart_kind_derive:
 * @facts: what was seen between two readings
 * @out_reason: (out) (nullable): why, an English sentence that lives for ever; NULL for
 *   %LKS_RESTART_KIND_NONE
 *
 * Tells the kinds of restart apart. Applications start again alone when one of them is replaced;
 * the board then goes on counting its uptime. Pure.
 *
 * Returns: what started again, and who is behind it
 */
LksRestartKind
lks_restart_kind_derive (const LksRestartFacts *facts, const char **out_reason)
{
  if (facts->has_restarted)
    return explain (facts, out_reason);

  if (facts->applications_changed)
    {
      *out_reason = "Applications were replaced or removed; the board itself went on.";
      return LKS_RESTART_KIND_APPLICATION;
    }

  *out_reason = NULL;
  return LKS_RESTART_KIND_NONE;
}
