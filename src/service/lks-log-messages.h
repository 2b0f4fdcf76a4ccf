/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksLogParameterType:
 *
 * How a parameter is written in a record. The nicks are the words of the definition files.
 */
typedef enum {
  LKS_LOG_PARAMETER_INTEGER,
  LKS_LOG_PARAMETER_UNSIGNED_INTEGER,
  LKS_LOG_PARAMETER_IP_ADDRESS,
  LKS_LOG_PARAMETER_UNIQUE_ID,
  LKS_LOG_PARAMETER_COMMON_ERROR,
  LKS_LOG_PARAMETER_STRING,
} LksLogParameterType;

#define LKS_TYPE_LOG_PARAMETER_TYPE (lks_log_parameter_type_get_type ())
GType lks_log_parameter_type_get_type (void);

/**
 * LksLogParameter:
 * @name: (owned): what it is called
 * @type: how it is written
 *
 * One parameter of a message.
 */
typedef struct {
  char *name;
  LksLogParameterType type;
} LksLogParameter;

/**
 * LksLogMessage:
 * @name: (owned) (nullable): its identifier
 * @text: (owned): what it says
 * @parameters: (owned) (element-type LksLogParameter): in the order of the record
 *
 * The definition of one message.
 */
typedef struct {
  char *name;
  char *text;
  GPtrArray *parameters;
} LksLogMessage;

/**
 * LksLogMessages:
 *
 * What the numbers in a log mean, as the vendor publishes it for each release of the system:
 * immutable, counted, safe to pass between threads.
 */
#define LKS_TYPE_LOG_MESSAGES (lks_log_messages_get_type ())
typedef struct _LksLogMessages LksLogMessages;

GType                lks_log_messages_get_type     (void);
LksLogMessages      *lks_log_messages_load         (const char      *folder,
                                                    GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksLogMessages      *lks_log_messages_parse        (const char      *name,
                                                    gconstpointer    data,
                                                    gsize            size_bytes,
                                                    GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksLogMessages      *lks_log_messages_ref          (LksLogMessages  *self);
void                 lks_log_messages_unref        (LksLogMessages  *self);

guint                lks_log_messages_get_length   (LksLogMessages  *self);
const char          *lks_log_messages_get_category (LksLogMessages  *self,
                                                    guint            category);
const LksLogMessage *lks_log_messages_find         (LksLogMessages  *self,
                                                    guint            category,
                                                    guint            message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLogMessages, lks_log_messages_unref)

G_END_DECLS
