/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"
#include "lks-cloud-scope.h"

G_BEGIN_DECLS

typedef struct _LksCloudResource LksCloudResource;

/**
 * LksCloudFlag:
 *
 * Yes or no, or what the service did not tell.
 */
typedef enum {
  LKS_CLOUD_FLAG_UNKNOWN,
  LKS_CLOUD_FLAG_NO,
  LKS_CLOUD_FLAG_YES,
} LksCloudFlag;

/**
 * LksCloudFieldType:
 * @LKS_CLOUD_FIELD_TEXT: `char *`, NULL when the service did not tell
 * @LKS_CLOUD_FIELD_FLAG: `LksCloudFlag`
 * @LKS_CLOUD_FIELD_COUNT: `gint64`, -1 when the service did not tell
 * @LKS_CLOUD_FIELD_LIST: `char **`, NULL when the service did not tell
 *
 * How a field lies in memory.
 */
typedef enum {
  LKS_CLOUD_FIELD_TEXT,
  LKS_CLOUD_FIELD_FLAG,
  LKS_CLOUD_FIELD_COUNT,
  LKS_CLOUD_FIELD_LIST,
} LksCloudFieldType;

/**
 * LksCloudField:
 * @member: the service's name for it
 * @heading: (nullable): what stands above it in a table; NULL to leave it out there
 * @type: how it lies in memory
 * @offset: where
 *
 * One thing that a resource tells about itself.
 */
typedef struct {
  const char *member;
  const char *heading;
  LksCloudFieldType type;
  gsize offset;
} LksCloudField;

/**
 * LksCloudKind:
 * @name: what one is called, "device"
 * @size: of the whole structure
 * @fields: (array length=n_fields): what it tells
 * @n_fields: how many
 * @is_flat: its fields stand beside its name, it has no place of its own
 * @read: (nullable): reads what does not fit a field
 * @read_head: (nullable): reads what stands beside the properties
 * @check: (nullable): completes and checks what was read
 * @clear: (nullable): frees what @read and @read_head made
 *
 * A kind of resource.
 */
typedef struct {
  const char *name;
  gsize size;
  const LksCloudField *fields;
  gsize n_fields;
  gboolean is_flat;
  gboolean (*read)  (LksCloudResource  *self,
                     LksJson           *json,
                     JsonObject        *properties,
                     GError           **error);
  gboolean (*read_head)
                    (LksCloudResource  *self,
                     LksJson           *json,
                     JsonObject        *object,
                     GError           **error);
  gboolean (*check) (LksCloudResource  *self,
                     GError           **error);
  void     (*clear) (LksCloudResource  *self);
} LksCloudKind;

/**
 * LksCloudResource:
 * @kind: which kind
 * @scope: (owned) (nullable): where it is
 * @name: (owned) (nullable): its name there
 * @state: (owned) (nullable): the service's word for whether it is finished, "Succeeded"
 *
 * The beginning of everything that the service lists. Immutable, counted, any thread.
 */
#define LKS_TYPE_CLOUD_RESOURCE (lks_cloud_resource_get_type ())
struct _LksCloudResource {
  const LksCloudKind *kind;
  LksCloudScope *scope;
  char *name;
  char *state;
};

GType             lks_cloud_resource_get_type   (void);

LksCloudResource *lks_cloud_resource_read       (const LksCloudKind      *kind,
                                                 LksJson                 *json,
                                                 JsonObject              *object,
                                                 GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_resource_parse      (const LksCloudKind      *kind,
                                                 GBytes                  *body,
                                                 GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_resource_ref        (LksCloudResource        *self);
void              lks_cloud_resource_unref      (LksCloudResource        *self);

const char       *lks_cloud_resource_get_text   (const LksCloudResource  *self,
                                                 const LksCloudField     *field);
LksCloudFlag      lks_cloud_resource_get_flag   (const LksCloudResource  *self,
                                                 const LksCloudField     *field);
gint64            lks_cloud_resource_get_count  (const LksCloudResource  *self,
                                                 const LksCloudField     *field);
char            **lks_cloud_resource_get_list   (const LksCloudResource  *self,
                                                 const LksCloudField     *field);

/**
 * LksCloudResourceFunc:
 * @resource: (transfer none): one of a list
 * @user_data: as given
 * @error: return location for an error that ends the listing
 *
 * Returns: whether to go on
 */
typedef gboolean (*LksCloudResourceFunc) (LksCloudResource  *resource,
                                          gpointer           user_data,
                                          GError           **error);

gboolean          lks_cloud_resource_list       (LksCloudClient          *client,
                                                 const LksCloudKind      *kind,
                                                 const LksCloudCall      *call,
                                                 guint                    items_max,
                                                 LksCloudResourceFunc     func,
                                                 gpointer                 user_data,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
LksCloudResource *lks_cloud_resource_get        (LksCloudClient          *client,
                                                 const LksCloudKind      *kind,
                                                 const LksCloudScope     *scope,
                                                 GCancellable            *cancellable,
                                                 GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_resource_change     (LksCloudClient          *client,
                                                 const LksCloudKind      *kind,
                                                 const char              *method,
                                                 const LksCloudScope     *scope,
                                                 JsonObject              *body,
                                                 GCancellable            *cancellable,
                                                 GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          lks_cloud_resource_delete     (LksCloudClient          *client,
                                                 const LksCloudScope     *scope,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
gboolean          lks_cloud_resource_count_devices (LksCloudClient       *client,
                                                    const LksCloudScope  *scope,
                                                    gint64               *out_count,
                                                    GCancellable         *cancellable,
                                                    GError              **error);

char             *lks_cloud_body_to_text        (JsonObject              *body) G_GNUC_WARN_UNUSED_RESULT;
JsonObject       *lks_cloud_body_new_properties (JsonObject             **out_properties) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudResource, lks_cloud_resource_unref)

G_END_DECLS
