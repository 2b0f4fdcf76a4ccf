/* SPDX-License-Identifier: GPL-3.0-or-later */
static gboolean is_number (const char *text) { return g_ascii_string_to_unsigned (text, 10, 0, 9, NULL, NULL); }
