/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Marks a text of this room for translators; gettext itself belongs to the window. */
#define N_(text) (text)
