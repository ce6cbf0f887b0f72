//! The keys of a bucket as S3 lists them: in order, by prefix, folded at a delimiter, from a key on.

use busbar_kernel::{Actor, Result};
use busbar_store::params;

use super::{COLUMNS, Object, Objects};
use crate::BucketName;
use crate::rules::administrator;

/// Which keys are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyList {
    /// What they begin with.
    pub prefix: String,
    /// Keys that share what stands before this text, behind the prefix, count as one.
    pub delimiter: Option<String>,
    /// They come after this key or common prefix.
    pub after: String,
    /// How many, at most [`KeyList::MOST`].
    pub limit: usize,
}

impl KeyList {
    /// The most entries of one page.
    pub const MOST: usize = 1000;
}

/// An object, or what several keys have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyEntry {
    /// An object.
    Object(Box<Object>),
    /// What its keys begin with, up to and with the delimiter.
    Prefix(String),
}

impl KeyEntry {
    /// Its place in the order.
    pub fn text(&self) -> &str {
        match self {
            Self::Object(object) => object.key.as_str(),
            Self::Prefix(prefix) => prefix,
        }
    }
}

/// A page of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// In the order of their bytes.
    pub entries: Vec<KeyEntry>,
    /// Whether more follow after the last of them.
    pub truncated: bool,
}

impl Objects {
    /// A page of a bucket's keys.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; trouble with the database.
    pub async fn keys(&self, actor: &Actor, bucket: &BucketName, list: &KeyList) -> Result<KeyPage> {
        administrator(actor)?;
        let limit = list.limit.min(KeyList::MOST);
        let mut entries: Vec<KeyEntry> = Vec::new();
        let end = successor(&list.prefix);
        // Where to look on, and whether that key itself counts.
        let (mut from, mut with) = if list.after >= list.prefix && !list.after.is_empty() {
            (list.after.clone(), false)
        } else {
            (list.prefix.clone(), true)
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM storage.objects AS o
             WHERE o.bucket = $1 AND o.key >= $2 AND ($3 OR o.key > $2) AND ($4 OR o.key < $5)
             ORDER BY o.key LIMIT $6"
        );
        let batch = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        loop {
            let values = params![
                bucket.as_str(),
                from.as_str(),
                with,
                end.is_none(),
                end.clone().unwrap_or_default(),
                batch,
            ];
            let rows: Vec<Object> = self.0.db.all(&sql, values).await?;
            let more = rows.len() as u64 == batch;
            for object in rows {
                with = false;
                from = object.key.as_str().to_owned();
                let entry = match common(object.key.as_str(), list) {
                    // The page before ended with it.
                    Some(prefix) if prefix == list.after => continue,
                    Some(prefix) if entries.last().is_some_and(|last| last.text() == prefix) => continue,
                    Some(prefix) => KeyEntry::Prefix(prefix.to_owned()),
                    None => KeyEntry::Object(Box::new(object)),
                };
                if entries.len() == limit {
                    return Ok(KeyPage {
                        entries,
                        truncated: limit > 0,
                    });
                }
                entries.push(entry);
            }
            if !more {
                return Ok(KeyPage {
                    entries,
                    truncated: false,
                });
            }
            // All further keys of a common prefix are passed over at once.
            if let Some(prefix) = common(&from, list)
                && let Some(next) = successor(prefix)
            {
                (from, with) = (next, true);
            }
        }
    }
}

/// What a key shares with its neighbours, when the delimiter stands in it behind the prefix.
fn common<'k>(key: &'k str, list: &KeyList) -> Option<&'k str> {
    let delimiter = list
        .delimiter
        .as_deref()
        .filter(|delimiter| !delimiter.is_empty())?;
    let at = key.get(list.prefix.len()..)?.find(delimiter)?;
    key.get(..list.prefix.len() + at + delimiter.len())
}

/// The first text that no longer begins with `prefix`, in the order of bytes; `None` when there is no such text.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_text_without_a_prefix() {
        for (prefix, next) in [
            ("a/", Some("a0")),
            ("a", Some("b")),
            ("ä", Some("å")),
            ("a\u{10ffff}", Some("b")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("", None),
            ("\u{10ffff}", None),
        ] {
            assert_eq!(successor(prefix).as_deref(), next, "{prefix:?}");
        }
    }
}
