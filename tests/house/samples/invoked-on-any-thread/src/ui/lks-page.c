/* SPDX-License-Identifier: GPL-3.0-or-later */
void tell (Page *self) { g_main_context_invoke (NULL, tell_cb, self); }
