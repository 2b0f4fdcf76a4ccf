/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* lwIP as the link uses it, for packages that build their own: IPv4, TCP, ICMP and UDP over point to
 * point lines, one thread of its own for timers, entered under the core lock. */

#define NO_SYS 0
#define LWIP_TCPIP_CORE_LOCKING 1
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_UDP 1
#define LWIP_TCP 1
#define LWIP_TCP_KEEPALIVE 1
#define IP_FORWARD 0 /* never from board to board */
#define IP_REASSEMBLY 0
#define IP_FRAG 0

#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1 /* no fixed number of connections */
#define MEM_ALIGNMENT 8
#define LWIP_NETIF_TX_SINGLE_PBUF 1
#define LWIP_CHECKSUM_ON_COPY 1
#define LWIP_STATS 0

#define TCP_MSS 1460
#define TCP_WND (16 * TCP_MSS)
#define TCP_SND_BUF (16 * TCP_MSS)
#define TCP_SND_QUEUELEN 128
#define LWIP_TCP_SACK_OUT 1
#define TCP_TMR_INTERVAL 50 /* delayed ACK, ms; on lossy lines twice the speed of the usual 250 */
#define LWIP_TCP_RTO_TIME 1000
#define LWIP_RANDOMIZE_INITIAL_LOCAL_PORTS 1
#define LWIP_RAND() ((unsigned int) rand ())

#define TCPIP_MBOX_SIZE 64
#define DEFAULT_THREAD_STACKSIZE 0
#define DEFAULT_THREAD_PRIO 0

/* A raw call without the core lock is a bug: stop there. */
void sys_check_core_locking (void);
void sys_mark_tcpip_thread (void);
void sys_lock_tcpip_core (void);
void sys_unlock_tcpip_core (void);
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking ()
#define LWIP_MARK_TCPIP_THREAD() sys_mark_tcpip_thread ()
#define LOCK_TCPIP_CORE() sys_lock_tcpip_core ()
#define UNLOCK_TCPIP_CORE() sys_unlock_tcpip_core ()
