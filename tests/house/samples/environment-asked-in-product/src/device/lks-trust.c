/* SPDX-License-Identifier: GPL-3.0-or-later */
const char *path = g_getenv ("LKS_TRUST");
