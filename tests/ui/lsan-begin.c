/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GLib keeps all quarks in an array; when there are more than 2048, of types, properties and
 * signals, it makes a larger one and leaves the first one behind on purpose. That was allocated
 * when the library was initialised: what libraries allocate then is no leak of the program. */
#ifdef __SANITIZE_ADDRESS__

#include <sanitizer/lsan_interface.h>

static void
begin (void)
{
  __lsan_disable ();
}

/* Before the libraries are initialised … */
__attribute__ ((section (".preinit_array"), used)) static void (*const begin_early) (void) = begin;

/* … and after that. */
__attribute__ ((constructor)) static void
end (void)
{
  __lsan_enable ();
}

#endif

/* A file must have something in it. */
typedef int LsanBegin;
