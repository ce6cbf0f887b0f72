//! Providers of `ports::objects`: where the bytes of files lie.

mod folder;

pub use folder::Folder;
