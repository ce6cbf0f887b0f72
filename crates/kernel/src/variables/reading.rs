//! How a text becomes a value, type by type.

use std::path::PathBuf;

use crate::Secret;

/// A type that a variable may have.
pub trait Reading: Sized {
    /// Reads the text in force, `None` when nothing sets it and there is no default.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that begins with the variable's name.
    fn read(raw: Option<&str>) -> Result<Self, String>;
}

fn required(raw: Option<&str>) -> Result<&str, String> {
    raw.ok_or_else(|| "is required and not set".to_owned())
}

impl Reading for String {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        required(raw).map(str::to_owned)
    }
}

impl Reading for PathBuf {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        required(raw).map(PathBuf::from)
    }
}

impl Reading for Secret {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        required(raw).map(Secret::new)
    }
}

impl Reading for bool {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        match required(raw)?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" | "" => Ok(false),
            _ => Err("is neither true nor false".to_owned()),
        }
    }
}

macro_rules! whole_number {
    ($($number:ty),*) => {$(
        impl Reading for $number {
            fn read(raw: Option<&str>) -> Result<Self, String> {
                required(raw)?.trim().parse().map_err(|_| {
                    format!("is not a whole number from {} to {}", <$number>::MIN, <$number>::MAX)
                })
            }
        }
    )*};
}
whole_number!(u16, u32, u64, usize);

/// A list is written with commas; empty members are dropped.
impl Reading for Vec<String> {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        Ok(raw
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|member| !member.is_empty())
            .map(str::to_owned)
            .collect())
    }
}

/// An empty text counts as not set.
impl<T: Reading> Reading for Option<T> {
    fn read(raw: Option<&str>) -> Result<Self, String> {
        match raw {
            None | Some("") => Ok(None),
            some => T::read(some).map(Some),
        }
    }
}
