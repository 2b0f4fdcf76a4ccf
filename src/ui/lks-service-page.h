/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksServicePage:
 *
 * A page of servicing work on the selected board. It is the frame around what a subclass shows
 * (its property "content"): no board, a silent board, a locked board, work under way, and errors
 * with what to do next all look alike, and a subclass writes none of it.
 *
 * Properties: "board", "content" (the subclass's widget), "state" ("none", "unavailable",
 * "locked", "loading", "content") and "work" (what is being done, NULL when nothing is).
 */
#define LKS_TYPE_SERVICE_PAGE (lks_service_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (LksServicePage, lks_service_page, LKS, SERVICE_PAGE, AdwBin)

/**
 * LksServicePageClass:
 * @clear: another board is selected: forget what is shown
 * @refresh: read everything again, with lks_service_page_read(); called when the page becomes
 *   visible, when a session begins or ends, after a change, and by F5
 */
struct _LksServicePageClass {
  AdwBinClass parent_class;

  void (*clear)   (LksServicePage *self);
  void (*refresh) (LksServicePage *self);
};

/**
 * LksServicePageDone:
 * @self: a page that still shows the same board
 * @job_data: as given to lks_service_page_read() or lks_service_page_change()
 * @is_ok: whether the job succeeded; if not, the page has shown why
 */
typedef void (*LksServicePageDone) (LksServicePage *self,
                                    gpointer        job_data,
                                    gboolean        is_ok);

LksBoard *lks_service_page_get_board  (LksServicePage     *self);
gboolean  lks_service_page_is_working (LksServicePage     *self);
void      lks_service_page_refresh    (LksServicePage     *self);

void      lks_service_page_read       (LksServicePage     *self,
                                       LksBoardFunc        func,
                                       gpointer            job_data,
                                       GDestroyNotify      job_data_free,
                                       LksServicePageDone  done);
void      lks_service_page_change     (LksServicePage     *self,
                                       const char         *what,
                                       LksBoardFunc        func,
                                       gpointer            job_data,
                                       GDestroyNotify      job_data_free,
                                       LksServicePageDone  done);
void      lks_service_page_show_error (LksServicePage     *self,
                                       const GError       *error);
void      lks_service_page_toast      (LksServicePage     *self,
                                       const char         *text);

G_END_DECLS
