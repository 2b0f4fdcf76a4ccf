/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emulator-process.h"
#include "wait-until.h"
#include "widgets.h"

#include "lks-cloud-home.h"

#define PAGE_CLIENT "11111111-2222-4333-8444-555555555555"
#define PAGE_TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define PAGE_DEVICES 3000 /* of plant7, whose products are Pump and Valve; lab has 2 */

/**
 * CloudPage:
 *
 * The page of the cloud in a window of its own, with the emulated service and the real keyring.
 */
typedef struct {
  EmulatorProcess process;
  GSettings *settings;
  GtkWindow *window;
  LksCloudHome *home;
} CloudPage;

typedef void (*CloudPageTest) (CloudPage *f, gconstpointer unused);

void        page_init            (int *argc, char ***argv);
void        page_add_test        (const char *path, CloudPageTest test);
void        page_add_test_alone  (const char *path, CloudPageTest test);
const char *page_get_emulator    (void);

void        page_open            (CloudPage *f, const char *scenario);
void        page_close           (CloudPage *f);

GtkWidget  *page_find            (CloudPage *f, GType type);
gboolean    page_shows           (CloudPage *f, const char *text);
GListModel *page_get_rows        (CloudPage *f);
guint       page_count_rows      (CloudPage *f);
guint       page_find_row        (CloudPage *f, const char *name);
guint       page_get_depth       (CloudPage *f);
void        page_take_picture    (CloudPage *f, const char *name);
void        page_take_picture_of (GtkWindow *window, const char *name);

void        page_activate        (CloudPage *f, const char *action);
void        page_open_row        (CloudPage *f, guint position);
void        page_choose_listing  (CloudPage *f, guint position);
void        page_search_for      (CloudPage *f, const char *text);
void        page_sign_in         (CloudPage *f);
void        page_sign_out        (CloudPage *f);

GtkWidget  *page_find_dialog     (GType type);
GtkWidget  *page_open_dialog     (CloudPage *f, const char *action, GType type);
void        page_finish_dialog   (GtkWidget *dialog, const char *action);
void        page_close_dialog    (GtkWidget *dialog);
void        page_save_into       (CloudPage *f, const char *proposed, const char *name);
