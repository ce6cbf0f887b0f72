//! A permission: its key, who holds it, and one sentence.

use busbar_kernel::Holder;

/// What a route asks for. Declare each as a `static` in the app's `permissions.rs`.
#[derive(Debug)]
pub struct Permission {
    /// `<app>.<resource>.<verb>`.
    pub key: &'static str,
    /// One sentence for the permission page.
    pub help: &'static str,
    /// The sorts of actors that hold it without being granted it by name.
    pub holders: &'static [Holder],
}

impl Permission {
    /// A permission held by `holders`.
    pub const fn new(key: &'static str, holders: &'static [Holder], help: &'static str) -> Self {
        Self { key, help, holders }
    }

    /// Whether this sort of actor holds it.
    pub fn is_held_by(&self, holder: Option<Holder>) -> bool {
        holder.is_some_and(|holder| self.holders.contains(&holder))
    }
}
