//! What may be called what, who may do what, and what a file is taken for: rules without I/O.

mod automatic_key;
mod bucket_name;
mod content_type;
mod object_key;
mod part;
mod reach;

pub use bucket_name::BucketName;
pub use content_type::{FALLBACK, SNIFFED, is_active, stored_type};
pub use object_key::ObjectKey;
pub use part::{Part, requested_part};
pub use reach::ObjectRule;
pub(crate) use reach::{Reach, administrator, no_credential, reach};
