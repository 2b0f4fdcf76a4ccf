/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ip-stack-private.h"

#include <lwip/tcpip.h>
#include <stdlib.h>
#include <sys/random.h>

static void
started_cb (void *user_data)
{
  sys_sem_signal (user_data);
}

/* The library's LWIP_RAND() is rand(): without a seed every start of the program would begin
 * with the same local port, and a board that still knows that connection would stay silent. */
static void
seed (void)
{
  unsigned int value;

  if (getrandom (&value, sizeof value, 0) != (gssize) sizeof value)
    value = (unsigned int) g_get_real_time ();
  srand (value);
}

/**
 * lks_ip_stack_ensure:
 *
 * Starts the process's one lwIP stack. Any thread; the stack stays until the process ends.
 */
void
lks_ip_stack_ensure (void)
{
  static gsize started = 0;
  sys_sem_t is_up;

  if (!g_once_init_enter (&started))
    return;

  seed ();
  sys_sem_new (&is_up, 0);
  tcpip_init (started_cb, &is_up);
  sys_sem_wait (&is_up);
  sys_sem_free (&is_up);
  g_once_init_leave (&started, 1);
}

/**
 * lks_ip_stack_lock:
 *
 * Takes lwIP's core lock, which guards the stack and everything its callbacks touch: they
 * run on the I/O thread (packets) and on lwIP's own thread (timers). Not recursive; held
 * only for moments.
 */
void
lks_ip_stack_lock (void)
{
  LOCK_TCPIP_CORE ();
}

/**
 * lks_ip_stack_unlock:
 *
 * Releases the core lock.
 */
void
lks_ip_stack_unlock (void)
{
  UNLOCK_TCPIP_CORE ();
}
