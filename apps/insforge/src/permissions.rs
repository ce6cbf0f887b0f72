//! Every permission of this app, with one sentence.

use busbar_platform::Permission;

/// Every permission, in the order of the reference.
pub static ALL: &[&Permission] = &[];
