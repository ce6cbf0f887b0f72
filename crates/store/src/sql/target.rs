//! The table a statement writes to, for messages about constraints.

use super::lexer::{Kind, pieces};
use crate::Dialect;

/// The bare name of the table after `INSERT INTO`, `UPDATE` or `DELETE FROM`, with its qualifier dropped.
pub(crate) fn written_table(sql: &str) -> Option<String> {
    let all = pieces(sql, Dialect::Sqlite);
    let mut rest = all.iter().filter(|piece| piece.kind != Kind::Space);
    rest.find(|piece| {
        piece.kind == Kind::Word
            && ["into", "update", "from"]
                .iter()
                .any(|word| piece.text.eq_ignore_ascii_case(word))
    })?;
    let mut name = rest.next()?;
    while name.text.eq_ignore_ascii_case("or") {
        rest.next();
        name = rest.next()?;
    }
    if rest.next().is_some_and(|piece| piece.text == ".") {
        name = rest.next()?;
    }
    match name.kind {
        Kind::Word => Some(name.text.to_owned()),
        Kind::Quoted => Some(name.text[1..name.text.len() - 1].replace("\"\"", "\"")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_table_is_found_past_quotes_and_qualifiers() {
        for (sql, table) in [
            ("INSERT INTO \"my \"\"t\" (a) VALUES (1)", Some("my \"t")),
            ("insert or ignore into t values (1)", Some("t")),
            ("UPDATE main.t SET a = 1", Some("t")),
            ("update or replace t set a = 1", Some("t")),
            ("delete from \"auth.users\" where id = ?1", Some("auth.users")),
            ("select 1", None),
        ] {
            assert_eq!(written_table(sql).as_deref(), table, "{sql}");
        }
    }
}
