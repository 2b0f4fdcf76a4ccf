/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

#define LKS_PROXY_ADDRESS_MAX 255
#define LKS_PROXY_NAME_MAX 63

typedef enum {
  LKS_TIME_SYNC_UNKNOWN,
  LKS_TIME_SYNC_COMPLETE,
  LKS_TIME_SYNC_INCOMPLETE,
  LKS_TIME_SYNC_DISABLED,
} LksTimeSync;

typedef enum {
  LKS_PROXY_STATE_UNKNOWN,
  LKS_PROXY_STATE_DISABLED,
  LKS_PROXY_STATE_ENABLED,
  LKS_PROXY_STATE_RESOLVING_NAME,
  LKS_PROXY_STATE_READY,
} LksProxyState;

typedef enum {
  LKS_PROXY_AUTHENTICATION_UNKNOWN,
  LKS_PROXY_AUTHENTICATION_ANONYMOUS,
  LKS_PROXY_AUTHENTICATION_BASIC,
} LksProxyAuthentication;

typedef enum {
  LKS_IP_ASSIGNMENT_UNKNOWN,
  LKS_IP_ASSIGNMENT_STATIC,
  LKS_IP_ASSIGNMENT_DYNAMIC,
} LksIpAssignment;

typedef enum {
  LKS_FIREWALL_HOOK_UNKNOWN,
  LKS_FIREWALL_HOOK_PREROUTING,
  LKS_FIREWALL_HOOK_INPUT,
  LKS_FIREWALL_HOOK_FORWARD,
  LKS_FIREWALL_HOOK_OUTPUT,
  LKS_FIREWALL_HOOK_POSTROUTING,
} LksFirewallHook;

typedef enum {
  LKS_FIREWALL_ACTION_UNKNOWN,
  LKS_FIREWALL_ACTION_DROP,
  LKS_FIREWALL_ACTION_ACCEPT,
} LksFirewallAction;

typedef enum {
  LKS_FIREWALL_STATE_UNKNOWN,
  LKS_FIREWALL_STATE_NONE,
  LKS_FIREWALL_STATE_ESTABLISHED,
  LKS_FIREWALL_STATE_RELATED,
} LksFirewallState;

typedef enum {
  LKS_FIREWALL_PROTOCOL_UNKNOWN,
  LKS_FIREWALL_PROTOCOL_ANY,
  LKS_FIREWALL_PROTOCOL_ICMP,
  LKS_FIREWALL_PROTOCOL_IGMP,
  LKS_FIREWALL_PROTOCOL_TCP,
  LKS_FIREWALL_PROTOCOL_UDP,
} LksFirewallProtocol;

#define LKS_TYPE_TIME_SYNC (lks_time_sync_get_type ())
#define LKS_TYPE_PROXY_STATE (lks_proxy_state_get_type ())
#define LKS_TYPE_PROXY_AUTHENTICATION (lks_proxy_authentication_get_type ())
#define LKS_TYPE_IP_ASSIGNMENT (lks_ip_assignment_get_type ())
#define LKS_TYPE_FIREWALL_HOOK (lks_firewall_hook_get_type ())
#define LKS_TYPE_FIREWALL_ACTION (lks_firewall_action_get_type ())
#define LKS_TYPE_FIREWALL_STATE (lks_firewall_state_get_type ())
#define LKS_TYPE_FIREWALL_PROTOCOL (lks_firewall_protocol_get_type ())

GType lks_time_sync_get_type            (void);
GType lks_proxy_state_get_type          (void);
GType lks_proxy_authentication_get_type (void);
GType lks_ip_assignment_get_type        (void);
GType lks_firewall_hook_get_type        (void);
GType lks_firewall_action_get_type      (void);
GType lks_firewall_state_get_type       (void);
GType lks_firewall_protocol_get_type    (void);

/**
 * LksNetStatus:
 * @is_device_authentication_ready: the board has proved itself to the cloud
 * @time_sync: whether the board knows the time
 * @proxy: state of the web proxy
 *
 * Each word comes with the text the board used.
 */
typedef struct {
  gboolean is_device_authentication_ready;
  LksTimeSync time_sync;
  char *time_sync_text;
  LksProxyState proxy;
  char *proxy_text;
} LksNetStatus;

/**
 * LksNetInterface:
 * @ip_addresses: (array zero-terminated=1): addresses in text form
 * @ip_assignment_text: (nullable): the word the board used, NULL when it used none
 * @hardware_address: (nullable): MAC address, from boards with REST 4.3.0 on
 */
typedef struct {
  char *name;
  gboolean is_up;
  gboolean is_connected_to_network;
  gboolean has_ip_address;
  gboolean is_connected_to_internet;
  char **ip_addresses;
  LksIpAssignment ip_assignment;
  char *ip_assignment_text;
  char *hardware_address;
} LksNetInterface;

typedef struct {
  guint min;
  guint max;
} LksPortRange;

/**
 * LksFirewallRule:
 * @tcp_mask: (array zero-terminated=1) (nullable): flags looked at: fin, syn, rst, psh, ack, urg
 * @tcp_compare: (array zero-terminated=1) (nullable): flags that must be set
 */
typedef struct {
  char *source_ip;
  char *source_mask;
  char *destination_ip;
  char *destination_mask;
  guint32 uid;
  LksFirewallAction action;
  char *action_text;
  char *interface_in;
  char *interface_out;
  LksFirewallState state;
  char *state_text;
  char **tcp_mask;
  char **tcp_compare;
  gboolean is_tcp_inverted;
  LksFirewallProtocol protocol;
  char *protocol_text;
  LksPortRange source_ports;
  LksPortRange destination_ports;
  guint64 packets;
  guint64 bytes;
} LksFirewallRule;

/**
 * LksFirewallRuleset:
 * @rules: (element-type LksFirewallRule): its rules in order
 */
typedef struct {
  LksFirewallHook hook;
  char *hook_text;
  gboolean is_valid;
  GPtrArray *rules;
} LksFirewallRuleset;

/**
 * LksProxy:
 * @is_configured: FALSE when the board has no proxy; then nothing else is set
 * @no_proxy_addresses: (array zero-terminated=1) (nullable): reached directly
 * @username: (nullable): with basic authentication; the password is never read back
 */
typedef struct {
  gboolean is_configured;
  gboolean is_enabled;
  char *address;
  guint port;
  char **no_proxy_addresses;
  LksProxyAuthentication authentication;
  char *authentication_text;
  char *username;
} LksProxy;

/**
 * LksProxyRequest:
 * @address: host name or address, 1 to 255 bytes
 * @no_proxy_addresses: (array zero-terminated=1) (nullable): at most 255 bytes each
 * @username: (nullable): 1 to 63 bytes; together with @password means basic authentication
 * @password: (nullable): 1 to 63 bytes
 *
 * A proxy to use. Borrowed texts; wipe the password yourself.
 */
typedef struct {
  gboolean is_enabled;
  const char *address;
  guint port;
  const char *const *no_proxy_addresses;
  const char *username;
  const char *password;
} LksProxyRequest;

/**
 * LksNetInterfaceChange:
 * @set_up: whether to change @is_up
 * @is_up: the interface shall be up; takes effect some seconds later
 * @hardware_address: (nullable): a new MAC address "a1:b2:c3:4d:e5:6f"; Ethernet only
 */
typedef struct {
  gboolean set_up;
  gboolean is_up;
  const char *hardware_address;
} LksNetInterfaceChange;

void             lks_net_status_free              (LksNetStatus                 *self);
void             lks_net_interface_free           (LksNetInterface              *self);
void             lks_proxy_free                   (LksProxy                     *self);

LksNetStatus    *lks_device_get_net_status        (LksDevice                    *self,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
GPtrArray       *lks_device_get_interfaces        (LksDevice                    *self,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
LksNetInterface *lks_device_get_interface         (LksDevice                    *self,
                                                   const char                   *name,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
gboolean         lks_device_change_interface      (LksDevice                    *self,
                                                   const char                   *name,
                                                   const LksNetInterfaceChange  *change,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
GPtrArray       *lks_device_get_firewall_rulesets (LksDevice                    *self,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
LksProxy        *lks_device_get_proxy             (LksDevice                    *self,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
LksProxy        *lks_device_set_proxy             (LksDevice                    *self,
                                                   const LksProxyRequest        *request,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);
gboolean         lks_device_delete_proxy          (LksDevice                    *self,
                                                   GCancellable                 *cancellable,
                                                   GError                      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksNetStatus, lks_net_status_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksNetInterface, lks_net_interface_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksProxy, lks_proxy_free)

G_END_DECLS
