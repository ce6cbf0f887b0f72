//! A text of several statements, cut into them, each with its words.

use super::lexer::{Kind, Piece, pieces};
use crate::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A bare word: keyword or name, in lower case.
    Word,
    /// A quoted name, without its quotes.
    Name,
    /// A literal; texts without their quotes.
    Literal,
    /// `$1`, or one other character.
    Mark,
}

/// One token; white space and comments are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// What it says.
    pub text: String,
}

impl Token {
    /// Whether it is this keyword, given in lower case.
    pub fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }
}

/// One statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// As it was written, without the semicolon at its end.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The line it begins on, from 1.
    pub line: usize,
}

/// Cuts `sql` at its semicolons, those within the body of a trigger or a function apart; empty statements are left out.
/// Nothing is judged.
pub fn statements(sql: &str, dialect: Dialect) -> Vec<Statement> {
    let cut = pieces(sql, dialect);
    let mut found = Vec::new();
    let mut open: Vec<Piece<'_>> = Vec::new();
    let mut depth = 0_u32;
    let (mut line, mut begins) = (1, 1);
    for (at, piece) in cut.iter().enumerate() {
        if open.iter().all(|piece| piece.kind == Kind::Space) {
            begins = line;
        }
        line += piece.text.matches('\n').count();
        if piece.text == ";" && depth == 0 {
            found.extend(statement(&open, begins));
            open.clear();
            continue;
        }
        if piece.kind == Kind::Word {
            let word = piece.text.to_ascii_lowercase();
            match word.as_str() {
                "begin" if has_body(&open, &cut[at + 1..], dialect) => depth += 1,
                "case" if depth > 0 => depth += 1,
                "end" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        open.push(*piece);
    }
    found.extend(statement(&open, begins));
    found
}

/// Whether a `BEGIN` after `before` opens a body: a trigger's on SQLite, `BEGIN ATOMIC` on PostgreSQL.
fn has_body(before: &[Piece<'_>], after: &[Piece<'_>], dialect: Dialect) -> bool {
    let mut words = before.iter().filter(|piece| piece.kind == Kind::Word);
    let creates = words
        .next()
        .is_some_and(|first| first.text.eq_ignore_ascii_case("create"));
    match dialect {
        Dialect::Sqlite => {
            creates
                && words
                    .take(2)
                    .any(|word| word.text.eq_ignore_ascii_case("trigger"))
        }
        Dialect::Postgres => {
            let next = after.iter().find(|piece| piece.kind != Kind::Space);
            creates && next.is_some_and(|next| next.text.eq_ignore_ascii_case("atomic"))
        }
    }
}

fn statement(pieces: &[Piece<'_>], line: usize) -> Option<Statement> {
    let tokens: Vec<Token> = pieces.iter().filter_map(token).collect();
    if tokens.is_empty() {
        return None;
    }
    let text: String = pieces.iter().map(|piece| piece.text).collect();
    Some(Statement {
        text: text.trim().to_owned(),
        tokens,
        line,
    })
}

fn token(piece: &Piece<'_>) -> Option<Token> {
    let (kind, text) = match piece.kind {
        Kind::Space => return None,
        Kind::Word => (TokenKind::Word, piece.text.to_ascii_lowercase()),
        Kind::Quoted => (TokenKind::Name, unquoted(piece.text)),
        Kind::Literal => (TokenKind::Literal, unquoted(piece.text)),
        Kind::Placeholder | Kind::Mark => (TokenKind::Mark, piece.text.to_owned()),
    };
    Some(Token { kind, text })
}

fn unquoted(text: &str) -> String {
    let Some(quote) = text.chars().next() else {
        return String::new();
    };
    match quote {
        '\'' | '"' | '`' => {
            let inner = text.strip_prefix(quote).unwrap_or(text);
            let inner = inner.strip_suffix(quote).unwrap_or(inner);
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        }
        '[' => text.trim_start_matches('[').trim_end_matches(']').to_owned(),
        '$' => match text[1..].find('$') {
            Some(tag) => {
                let fence = &text[..tag + 2];
                let inner = text.strip_prefix(fence).unwrap_or(text);
                inner.strip_suffix(fence).unwrap_or(inner).to_owned()
            }
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str, dialect: Dialect) -> Vec<String> {
        statements(sql, dialect)
            .into_iter()
            .map(|statement| statement.text)
            .collect()
    }

    #[test]
    fn statements_end_at_semicolons_that_are_not_quoted() {
        let sql = "SELECT 'a;b', \"c;d\" -- e;\n; ; SELECT $q$;$q$;";
        assert_eq!(
            texts(sql, Dialect::Postgres),
            ["SELECT 'a;b', \"c;d\" -- e;", "SELECT $q$;$q$"]
        );
    }

    #[test]
    fn bodies_of_triggers_and_functions_stay_whole() {
        let trigger =
            "CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE t SET x = CASE WHEN 1 THEN 2 END; SELECT 1; END";
        assert_eq!(
            texts(&format!("{trigger}; SELECT 1"), Dialect::Sqlite),
            [trigger, "SELECT 1"]
        );
        let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END";
        assert_eq!(
            texts(&format!("{function}; BEGIN; END;"), Dialect::Postgres),
            [function, "BEGIN", "END"]
        );
    }

    #[test]
    fn statements_know_the_line_they_begin_on() {
        let found = statements(
            "-- one\n\nSELECT 1\n, 2;\n SELECT 'a\nb';;SELECT 3",
            Dialect::Sqlite,
        );
        let lines: Vec<usize> = found.iter().map(|statement| statement.line).collect();
        assert_eq!(lines, [3, 5, 6]);
    }

    #[test]
    fn tokens_lose_their_quotes() {
        let found = statements("SELECT \"A\"\"b\", 'it''s', $x$y$x$, [z]", Dialect::Postgres);
        let texts: Vec<&str> = found[0].tokens.iter().map(|token| token.text.as_str()).collect();
        assert!(texts.contains(&"A\"b") && texts.contains(&"it's") && texts.contains(&"y"));
    }
}
