//! The objects of a bucket, a page at a time.

use busbar_kernel::{Actor, Result};
use busbar_store::params;
use futures_util::FutureExt;

use super::{COLUMNS, Object, Objects};
use crate::BucketName;
use crate::rules::reach;

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
        let reach = reach(actor, self.0.settings.rule)?;
        // `key >= prefix` lets the primary key find the place; `substr` decides, because LIKE's case differs.
        let condition = "FROM storage.objects AS o WHERE o.bucket = $1 AND o.key >= $2
                         AND substr(o.key, 1, length($2)) = $2
                         AND lower(o.key) LIKE lower($3) ESCAPE '\\' AND ($4 OR o.uploaded_by = $5)";
        let count = format!("SELECT count(*) {condition}");
        let page = format!("SELECT {COLUMNS} {condition} ORDER BY o.key LIMIT $6 OFFSET $7");
        let mut params = params![
            bucket.as_str(),
            list.prefix.as_str(),
            anywhere(&list.search),
            reach.all(),
            reach.owner(),
        ];
        let counted = params.clone();
        params.extend(params![list.limit.min(ObjectList::MAX_LIMIT), list.offset]);
        self.0
            .db
            .snapshot(move |tx| {
                async move {
                    Ok(ObjectPage {
                        total: tx.one(&count, counted).await?,
                        objects: tx.all(&page, params).await?,
                    })
                }
                .boxed()
            })
            .await
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
