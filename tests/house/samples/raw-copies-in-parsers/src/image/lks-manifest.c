/* SPDX-License-Identifier: GPL-3.0-or-later */
void copy (char *a, const char *b) { strcpy (a, b); }
