/* SPDX-License-Identifier: GPL-3.0-or-later */
void wait (void) { g_usleep (1000); }
