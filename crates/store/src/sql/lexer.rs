//! Cuts SQL into words, quoted names, literals, comments and the rest, without judging it.

use crate::Dialect;

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: keyword or name.
    Word,
    /// A quoted name.
    Quoted,
    /// A literal: text, dollar-quoted text or number.
    Literal,
    /// `$1`.
    Placeholder,
    /// White space or a comment.
    Space,
    /// One other character.
    Mark,
}

/// One piece; all pieces together are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
}

/// Cuts `sql` into pieces. What is never closed reaches to the end, where the database will complain.
pub(super) fn pieces(sql: &str, dialect: Dialect) -> Vec<Piece<'_>> {
    let mut found = Vec::with_capacity(sql.len() / 4);
    let mut rest = sql;
    let mut escapes = false;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = next(rest, first, dialect, escapes);
        let (text, after) = rest.split_at(length);
        escapes = kind == Kind::Word && text.eq_ignore_ascii_case("e") && after.starts_with('\'');
        found.push(Piece { kind, text });
        rest = after;
    }
    found
}

fn next(rest: &str, first: char, dialect: Dialect, escapes: bool) -> (Kind, usize) {
    match first {
        '\'' => (
            Kind::Literal,
            quoted(rest, '\'', escapes && dialect == Dialect::Postgres),
        ),
        '"' => (Kind::Quoted, quoted(rest, '"', false)),
        '`' if dialect == Dialect::Sqlite => (Kind::Quoted, quoted(rest, '`', false)),
        '[' if dialect == Dialect::Sqlite => (Kind::Quoted, rest.find(']').map_or(rest.len(), |end| end + 1)),
        '-' if rest.starts_with("--") => (Kind::Space, rest.find('\n').map_or(rest.len(), |end| end + 1)),
        '/' if rest.starts_with("/*") => (Kind::Space, comment(rest, dialect == Dialect::Postgres)),
        '$' => dollar(rest, dialect),
        c if c.is_whitespace() => (Kind::Space, span(rest, char::is_whitespace)),
        c if c.is_ascii_digit() => (
            Kind::Literal,
            span(rest, |c| c.is_ascii_alphanumeric() || c == '_'),
        ),
        c if is_word(c) => (Kind::Word, span(rest, |c| is_word(c) || c == '$')),
        c => (Kind::Mark, c.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace())
}

fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of a quoted piece; a doubled quote stands for one, a backslash escapes where asked.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if escapes && c == '\\' {
            characters.next();
        } else if c == quote {
            match characters.peek() {
                Some((_, again)) if *again == quote => {
                    characters.next();
                }
                _ => return at + quote.len_utf8(),
            }
        }
    }
    text.len()
}

/// The length of a block comment; PostgreSQL's nest.
fn comment(text: &str, nests: bool) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (2, 1);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            b"/*" if nests => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// A placeholder, a dollar-quoted text (PostgreSQL), or a lone dollar.
fn dollar(text: &str, dialect: Dialect) -> (Kind, usize) {
    let digits = span(&text[1..], |c| c.is_ascii_digit());
    if digits > 0 {
        return (Kind::Placeholder, 1 + digits);
    }
    let tag = span(&text[1..], is_word) + 1;
    if dialect == Dialect::Postgres && text[tag..].starts_with('$') {
        let fence = &text[..=tag];
        let body = &text[fence.len()..];
        let length = body.find(fence).map_or(text.len(), |end| fence.len() * 2 + end);
        return (Kind::Literal, length);
    }
    (Kind::Mark, 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(kind: Kind, sql: &str, dialect: Dialect) -> Vec<&str> {
        let all = pieces(sql, dialect).into_iter();
        all.filter(|piece| piece.kind == kind)
            .map(|piece| piece.text)
            .collect()
    }

    #[test]
    fn literals_and_comments_hide_what_they_hold() {
        let sql =
            "select 'it''s $1', $2 -- $3\n, /* $4 /* $5 */ $6 */ \"a\"\"$7\" from t$8 where x = $9::int";
        assert_eq!(of(Kind::Placeholder, sql, Dialect::Postgres), ["$2", "$9"]);
        assert_eq!(of(Kind::Placeholder, sql, Dialect::Sqlite), ["$2", "$6", "$9"]);
        assert_eq!(of(Kind::Quoted, sql, Dialect::Postgres), ["\"a\"\"$7\""]);
    }

    #[test]
    fn each_dialect_quotes_its_own_way() {
        assert_eq!(
            of(Kind::Literal, "$a$ $1 $b$ $a$ $2", Dialect::Postgres),
            ["$a$ $1 $b$ $a$"]
        );
        assert_eq!(
            of(Kind::Literal, r"E'\' $1' || '\' || $2", Dialect::Postgres),
            [r"'\' $1'", r"'\'"]
        );
        assert_eq!(
            of(Kind::Quoted, "[a $1] `b $2`", Dialect::Sqlite),
            ["[a $1]", "`b $2`"]
        );
        assert_eq!(of(Kind::Placeholder, "a[$1]", Dialect::Postgres), ["$1"]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(sql in ".{0,200}") {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let whole: String = pieces(&sql, dialect).iter().map(|piece| piece.text).collect();
                prop_assert_eq!(&whole, &sql);
            }
        }

        #[test]
        fn a_quoted_text_is_one_piece(text in "[^\\\\]{0,50}", name in ".{0,50}") {
            let literal = format!("'{}'", text.replace('\'', "''"));
            let quoted = format!("\"{}\"", name.replace('"', "\"\""));
            let sql = format!("select {literal} , {quoted} , $1");
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let found: Vec<_> = pieces(&sql, dialect).into_iter().filter(|piece| piece.kind != Kind::Space).collect();
                prop_assert_eq!(found.len(), 6);
                prop_assert_eq!(found[1].text, literal.as_str());
                prop_assert_eq!(found[3].text, quoted.as_str());
            }
        }
    }
}
