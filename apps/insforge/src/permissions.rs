//! Every permission of this app, with one sentence.

use busbar_kernel::Holder;
use busbar_platform::Permission;

/// Buckets and the settings of storage.
pub static STORAGE_MANAGE: Permission = Permission::new(
    "insforge.storage.manage",
    &[Holder::Service, Holder::Operator],
    "Make, open, close and remove buckets, and set the limit of one file",
);

/// Objects; the finer rule stands in `files`, which refuses the application without a person.
pub static OBJECTS_USE: Permission = Permission::new(
    "insforge.objects.use",
    &[Holder::Anonymous, Holder::User, Holder::Service, Holder::Operator],
    "Upload, list and remove one's own objects; administrators all of them",
);

/// Every permission, in the order of the reference.
pub static ALL: &[&Permission] = &[&STORAGE_MANAGE, &OBJECTS_USE];
