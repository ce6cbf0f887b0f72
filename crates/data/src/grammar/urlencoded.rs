//! `a=1&b=2` to pairs, borrowed where nothing is encoded.

use std::borrow::Cow;

use busbar_kernel::Result;

use crate::refusal::{pgrst, sqlstate};

/// The pairs of a query string or a form; a pair without `=` or with an empty name is left out.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = Result<(Cow<'_, str>, Cow<'_, str>)>> {
    text.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        if name.is_empty() {
            return None;
        }
        Some(decode(name).and_then(|name| Ok((name, decode(value)?))))
    })
}

/// Percent-encoding and `+`; a broken escape stands for itself.
fn decode(text: &str) -> Result<Cow<'_, str>> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'%' | b'+' | 0)) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex_pair(bytes.get(at + 1..at + 3))) {
            (b'%', Some(value)) => {
                decoded.push(value);
                at += 3;
                continue;
            }
            (b'+', _) => decoded.push(b' '),
            _ => decoded.push(byte),
        }
        at += 1;
    }
    if decoded.contains(&0) {
        return Err(sqlstate(
            "22021",
            "invalid byte sequence for encoding \"UTF8\": 0x00",
        ));
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        pgrst("PGRST100", "The query string is not valid UTF-8").details(format!("byte 0x{byte:02x}"))
    })
}

fn hex_pair(digits: Option<&[u8]>) -> Option<u8> {
    let [high, low] = digits? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text)
            .map(|pair| {
                pair.map(|(name, value)| (name.into_owned(), value.into_owned()))
                    .unwrap()
            })
            .collect()
    }

    #[test]
    fn pairs_are_decoded_and_empty_names_left_out() {
        let expected = [("a b", "1 2"), ("c", "%zz"), ("c", "")];
        let read = read("a+b=1%202&=x&y&c=%zz&c=");
        assert_eq!(read.len(), expected.len());
        for ((name, value), expected) in read.iter().zip(expected) {
            assert_eq!((name.as_str(), value.as_str()), expected);
        }
    }

    #[test]
    fn bytes_that_no_text_holds_are_refused() {
        assert_eq!(
            pairs("a=%00").next().unwrap().unwrap_err().wire_code_str(),
            Some("22021")
        );
        assert_eq!(
            pairs("%ff=1").next().unwrap().unwrap_err().wire_code_str(),
            Some("PGRST100")
        );
    }
}
