//! The objects of a bucket, a page at a time.

use busbar_kernel::{Actor, Error, Result};
use busbar_schema::policy::Command;
use busbar_store::{Step, params};

use super::{COLUMNS, Object, Objects};
use crate::BucketName;

/// Which objects are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectList {
    /// What their keys begin with, exactly.
    pub prefix: String,
    /// What their keys hold anywhere, without regard to ASCII case.
    pub search: String,
    /// How many, at most [`ObjectList::MAX_LIMIT`].
    pub limit: u64,
    /// How many to pass over.
    pub offset: u64,
}

impl ObjectList {
    /// The most objects of one page.
    pub const MAX_LIMIT: u64 = 1000;
    /// The objects of one page where the caller names no number.
    pub const DEFAULT_LIMIT: u64 = 100;
}

impl Default for ObjectList {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            search: String::new(),
            limit: Self::DEFAULT_LIMIT,
            offset: 0,
        }
    }
}

/// A page of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPage {
    /// In the order of their keys.
    pub objects: Vec<Object>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Objects {
    /// The objects of a bucket that `actor` may see. A bucket that does not exist holds none.
    ///
    /// # Errors
    /// `Unauthenticated` for nobody, `Forbidden` for the application without a person.
    pub async fn list(&self, actor: &Actor, bucket: &BucketName, list: &ObjectList) -> Result<ObjectPage> {
        let reach = self.0.reach(actor).await?;
        let within = reach.condition(&[Command::Select], 4)?;
        // `key >= prefix` lets the primary key find the place; `substr` decides, because LIKE's case differs.
        let condition = format!(
            "FROM storage.objects AS o WHERE o.bucket = $1 AND o.key >= $2
             AND substr(o.key, 1, length($2)) = $2
             AND lower(o.key) LIKE lower($3) ESCAPE '\\' AND {}",
            within.sql
        );
        let mut values = params![bucket.as_str(), list.prefix.as_str(), anywhere(&list.search)];
        values.extend(within.params);
        let count = Step::new(format!("SELECT count(*) {condition}"), values.clone());
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        values.extend(params![list.limit.min(ObjectList::MAX_LIMIT), list.offset]);
        let page = Step::new(
            format!("SELECT {COLUMNS} {condition} ORDER BY o.key LIMIT ${limit} OFFSET ${offset}"),
            values,
        );
        let answers = self
            .0
            .db
            .batch_as(&reach.session(true), vec![count, page])
            .await?;
        let [total, objects] = answers.as_slice() else {
            return Err(Error::internal("a batch of two answered otherwise"));
        };
        Ok(ObjectPage {
            total: total.read()?.first().copied().unwrap_or_default(),
            objects: objects.read()?,
        })
    }
}

/// The pattern of a text anywhere, taken literally.
fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
