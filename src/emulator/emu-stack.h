/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_STACK_BOARD_ADDRESS 0xC0A82302 /* 192.168.35.2 */
#define EMU_STACK_HOST_ADDRESS 0xC0A82301  /* 192.168.35.1 */
#define EMU_STACK_INTERFACES_MAX 250

/**
 * EmuStack:
 *
 * The TCP/IP stack of all boards: lwIP, turned by one main context. There is one per process.
 */
typedef struct _EmuStack EmuStack;

/**
 * EmuInterface:
 *
 * One board's network interface "azspheresvc" on the stack, and its connections.
 */
typedef struct _EmuInterface EmuInterface;

/**
 * EmuTcp:
 *
 * One TCP connection to a board, bridged to a socket.
 */
typedef struct _EmuTcp EmuTcp;

/**
 * EmuInterfaceFuncs:
 * @output: sends a packet; FALSE when there is no room for it now
 * @accepted: a connection to @port came in; @fd is its other end, to be closed by whoever returns
 *   TRUE; FALSE refuses the connection with a reset
 * @ended: a connection is gone, @tcp is freed after the call
 *
 * What an interface needs of its line.
 */
typedef struct {
  gboolean (*output)   (const guint8 *packet,
                        gsize         size_bytes,
                        gpointer      user_data);
  gboolean (*accepted) (EmuTcp       *tcp,
                        guint16       port,
                        int           fd,
                        gpointer      user_data);
  void     (*ended)    (EmuTcp       *tcp,
                        gpointer      user_data);
} EmuInterfaceFuncs;

EmuStack     *emu_stack_new                (GMainContext            *context) G_GNUC_WARN_UNUSED_RESULT;
void          emu_stack_free               (EmuStack                *self);
GMainContext *emu_stack_get_context        (EmuStack                *self);

EmuInterface *emu_interface_new            (EmuStack                *stack,
                                            guint                    mtu_bytes,
                                            const EmuInterfaceFuncs *funcs,
                                            gpointer                 user_data) G_GNUC_WARN_UNUSED_RESULT;
void          emu_interface_free           (EmuInterface            *self);
gboolean      emu_interface_open_port      (EmuInterface            *self,
                                            guint16                  port);
void          emu_interface_close_port     (EmuInterface            *self,
                                            guint16                  port);
void          emu_interface_close_ports    (EmuInterface            *self);
void          emu_interface_set_muted      (EmuInterface            *self,
                                            gboolean                 muted);
void          emu_interface_set_ping       (EmuInterface            *self,
                                            gboolean                 answer);
void          emu_interface_input          (EmuInterface            *self,
                                            const guint8            *packet,
                                            gsize                    size_bytes);
void          emu_interface_output_drained (EmuInterface            *self);
void          emu_interface_abort_all      (EmuInterface            *self);
guint         emu_interface_get_n_tcp      (EmuInterface            *self);
guint64       emu_interface_get_n_udp      (EmuInterface            *self);
EmuTcp       *emu_interface_get_idlest     (EmuInterface            *self);

void          emu_tcp_abort                (EmuTcp                  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuStack, emu_stack_free)

G_END_DECLS
