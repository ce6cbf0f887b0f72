//! JSON rows to CSV, in PostgreSQL's text forms, in constant memory.

use busbar_kernel::Result;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::functions::printed_moment;
use crate::values::{Body, Token, read_body};
use busbar_schema::catalogue::ColumnType;

/// A whole array.
pub(crate) fn whole(columns: Vec<(String, ColumnType)>, array: &[u8]) -> Result<Bytes> {
    let mut writer = Writer::new(columns);
    let mut lines = Vec::with_capacity(array.len());
    writer.feed(array, &mut lines)?;
    writer.finish(&mut lines);
    Ok(Bytes::from(lines))
}

/// An array in pieces.
pub(super) fn stream(
    columns: Vec<(String, ColumnType)>,
    pieces: BoxStream<'static, Result<Bytes>>,
) -> BoxStream<'static, Result<Bytes>> {
    let mut writer = Writer::new(columns);
    pieces
        .map(move |piece| {
            let piece = piece?;
            let mut lines = Vec::with_capacity(piece.len());
            writer.feed(&piece, &mut lines)?;
            Ok(Bytes::from(lines))
        })
        .boxed()
}

/// Cuts the objects out of an array that comes in pieces, and writes each as a line.
struct Writer {
    columns: Vec<(String, ColumnType)>,
    object: Vec<u8>,
    depth: usize,
    in_text: bool,
    escaped: bool,
    lines: u64,
}

impl Writer {
    fn new(columns: Vec<(String, ColumnType)>) -> Self {
        Self {
            columns,
            object: Vec::new(),
            depth: 0,
            in_text: false,
            escaped: false,
            lines: 0,
        }
    }

    fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<()> {
        for &byte in piece {
            if self.depth > 0 || byte == b'{' {
                self.object.push(byte);
            }
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' => self.depth += 1,
                b'[' if self.depth > 0 => self.depth += 1,
                b']' if self.depth > 0 => self.depth -= 1,
                b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.line(out)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn line(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let object = std::mem::take(&mut self.object);
        let text = String::from_utf8_lossy(&object);
        if self.lines == 0 {
            let names: Vec<String> = self.columns.iter().map(|(name, _)| field(name)).collect();
            out.extend_from_slice(names.join(",").as_bytes());
        }
        out.push(b'\n');
        self.lines += 1;
        let columns = &self.columns;
        read_body(Body::Json, &text, &mut |row| {
            for (index, (_, token)) in row.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                let kind = columns.get(index).map_or(ColumnType::Other, |(_, kind)| *kind);
                out.extend_from_slice(printed(token, kind).as_bytes());
            }
            Ok(())
        })?;
        self.object = object;
        self.object.clear();
        Ok(())
    }

    fn finish(&self, out: &mut Vec<u8>) {
        if self.lines == 0 {
            out.push(b'\n');
        }
    }
}

fn printed(token: &Token<'_>, kind: ColumnType) -> String {
    let Token::Json(raw) = token else {
        return String::new();
    };
    match *raw {
        "null" => String::new(),
        "true" => "t".to_owned(),
        "false" => "f".to_owned(),
        raw if raw.starts_with('"') => {
            let text: String = serde_json::from_str(raw).unwrap_or_default();
            match kind {
                ColumnType::Timestamp | ColumnType::TimestampTz => field(&printed_moment(&text)),
                kind if kind.is_json() => field(raw),
                _ => field(&text),
            }
        }
        raw => field(raw),
    }
}

/// A value as PostgreSQL writes it inside a record.
fn field(text: &str) -> String {
    let plain = |c: char| !(c.is_ascii_whitespace() || matches!(c, '"' | '\\' | '(' | ')' | ','));
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_lines_however_they_are_cut() {
        let columns = vec![
            ("id".to_owned(), ColumnType::Integer),
            ("at".to_owned(), ColumnType::TimestampTz),
            ("note x".to_owned(), ColumnType::Text),
            ("doc".to_owned(), ColumnType::Jsonb),
        ];
        let array = r#"[{"id":1,"at":"2026-11-21T13:15:38+00:00","note x":"a}\"{","doc":{"k":[1]}},{"id":null,"at":null,"note x":"","doc":true}]"#;
        let expected =
            "id,at,\"note x\",doc\n1,\"2026-11-21 13:15:38+00\",\"a}\"\"{\",\"{\"\"k\"\":[1]}\"\n,,\"\",t";
        assert_eq!(whole(columns.clone(), array.as_bytes()).unwrap(), expected);
        let mut writer = Writer::new(columns);
        let mut lines = Vec::new();
        for byte in array.as_bytes() {
            writer.feed(&[*byte], &mut lines).unwrap();
        }
        assert_eq!(lines, expected.as_bytes());
        assert_eq!(whole(Vec::new(), b"[]").unwrap(), "\n");
    }
}
