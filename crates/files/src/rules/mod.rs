//! What may be called what, who may do what, and what a file is taken for: rules without I/O.

mod automatic_key;
mod bucket_name;
mod caller;
mod content_type;
mod object_key;
mod part;

pub use bucket_name::BucketName;
pub use caller::ObjectRule;
pub(crate) use caller::{administrator, no_credential, somebody};
pub use content_type::{FALLBACK, SNIFFED, is_active, stored_type};
pub use object_key::ObjectKey;
pub use part::{Part, requested_part};
