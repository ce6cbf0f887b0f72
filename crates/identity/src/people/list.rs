//! Listing people, newest first.

use busbar_kernel::Result;
use busbar_store::params;
use serde::Deserialize;

use super::{User, UserRow};
use crate::Directory;

/// The most people of one page.
pub const MOST_LISTED: u32 = 100;

/// Which page of which people.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    /// How many, up to [`MOST_LISTED`]; more is taken as that.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
    /// A part of the address or the name, whatever the case; empty for everybody.
    pub search: String,
}

/// One page and how many there are in all.
#[derive(Clone, Debug)]
pub struct People {
    /// The page.
    pub users: Vec<User>,
    /// How many the search finds over all pages.
    pub total: u64,
}

#[derive(Deserialize)]
struct Total {
    total: i64,
}

impl Directory {
    /// One page of people, newest first.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn users(&self, query: &UserQuery) -> Result<People> {
        let found = "lower(u.email) LIKE $1 ESCAPE '!' OR lower(u.profile ->> 'name') LIKE $1 ESCAPE '!'";
        let pattern = pattern(&query.search);
        let page = format!(
            "SELECT {} FROM auth.users u WHERE {found} ORDER BY u.created_at DESC, u.id DESC LIMIT $2 OFFSET $3",
            UserRow::COLUMNS
        );
        let (limit, offset) = (query.limit.min(MOST_LISTED), query.offset);
        let rows: Vec<UserRow> = self
            .db()
            .all(
                &page,
                params![pattern.clone(), i64::from(limit), i64::from(offset)],
            )
            .await?;
        let total = format!("SELECT count(*) AS total FROM auth.users u WHERE {found}");
        let total: Total = self.db().one(&total, params![pattern]).await?;
        Ok(People {
            users: rows.into_iter().map(User::from).collect(),
            total: total.total.unsigned_abs(),
        })
    }
}

/// The search as a LIKE pattern in which its own signs mean themselves.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for character in search.trim().to_lowercase().chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(pattern(" 50%_A! "), "%50!%!_a!!%");
        assert_eq!(pattern(""), "%%");
    }
}
