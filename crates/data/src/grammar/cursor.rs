//! A place in a text that is being parsed.

use std::borrow::Cow;

use busbar_kernel::{Error, Result};

use crate::refusal;

/// The text, where we are in it, and what to call it when it does not parse.
pub(super) struct Cursor<'t> {
    what: &'static str,
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(what: &'static str, text: &'t str) -> Self {
        Self { what, text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn advance(&mut self, bytes: usize) -> &'t str {
        let taken = self.rest().get(..bytes).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    /// Takes `literal` when it comes next.
    pub(super) fn eat(&mut self, literal: &str) -> bool {
        let comes = self.rest().starts_with(literal);
        if comes {
            self.at += literal.len();
        }
        comes
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| matches!(c, ' ' | '\t'));
    }

    pub(super) fn take_while(&mut self, mut belongs: impl FnMut(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.advance(length)
    }

    /// A text in double quotes, after the opening one; `\` escapes.
    pub(super) fn quoted(&mut self) -> Option<Cow<'t, str>> {
        let rest = self.rest();
        let plain = rest.find(['"', '\\'])?;
        if rest.as_bytes().get(plain) == Some(&b'"') {
            self.at += plain + 1;
            return rest.get(..plain).map(Cow::Borrowed);
        }
        let mut unescaped = String::new();
        let mut characters = rest.char_indices();
        while let Some((index, c)) = characters.next() {
            match c {
                '"' => {
                    self.at += index + 1;
                    return Some(Cow::Owned(unescaped));
                }
                '\\' => unescaped.push(characters.next()?.1),
                _ => unescaped.push(c),
            }
        }
        None
    }

    /// A name: quoted, or letters, digits, `_`, `$`, blanks and inner `-`; blanks around it do not count.
    pub(super) fn name(&mut self) -> Result<Cow<'t, str>> {
        if self.eat("\"") {
            let start = self.at;
            return self.quoted().filter(|name| !name.is_empty()).ok_or_else(|| {
                self.at = start;
                self.failure("field name (* or [a..z0..9_$])")
            });
        }
        let rest = self.rest();
        let mut length = 0;
        for (index, c) in rest.char_indices() {
            let inner_dash = c == '-' && index > 0 && !rest[index + 1..].starts_with(['>', '-']);
            if !(c.is_alphanumeric() || matches!(c, '_' | '$' | ' ') || inner_dash) {
                break;
            }
            length = index + c.len_utf8();
        }
        let name = rest[..length].trim();
        if name.is_empty() {
            return Err(self.failure("field name (* or [a..z0..9_$])"));
        }
        self.at += length;
        Ok(Cow::Borrowed(name))
    }

    /// Refuses a list or path that has become too long for the databases' own limits.
    pub(super) fn bounded(&self, count: usize, most: usize) -> Result<()> {
        if count > most {
            return Err(self.failure(&format!("at most {most}")));
        }
        Ok(())
    }

    /// The refusal: what stands here, and what could have stood here.
    pub(super) fn failure(&self, expecting: &str) -> Error {
        let unexpected = match self.peek() {
            Some(c) => format!("unexpected {c:?}"),
            None => "unexpected end of input".to_owned(),
        };
        let column = self.text.get(..self.at).unwrap_or_default().chars().count() + 1;
        refusal::parse(
            self.what,
            self.text,
            column,
            format!("{unexpected} expecting {expecting}"),
        )
    }
}
