//! PostgreSQL's `numeric`, of any precision, as text.

use std::error::Error;
use std::fmt::Write as _;

type Failure = Box<dyn Error + Sync + Send>;

const NEGATIVE: u16 = 0x4000;
const NOT_A_NUMBER: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;

/// The text of a binary numeric: groups of four decimal digits, a weight, a sign and a scale.
pub(super) fn text(raw: &[u8]) -> Result<String, Failure> {
    let words: Vec<u16> = raw
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    let [count, weight, sign, scale, groups @ ..] = words.as_slice() else {
        return Err("a short numeric".into());
    };
    if groups.len() != usize::from(*count) {
        return Err("a numeric with missing digits".into());
    }
    match *sign {
        NOT_A_NUMBER => return Ok("NaN".to_owned()),
        INFINITY => return Ok("Infinity".to_owned()),
        MINUS_INFINITY => return Ok("-Infinity".to_owned()),
        _ => {}
    }
    let weight = i32::from(weight.cast_signed());
    let group = |position: i32| {
        let index = usize::try_from(weight - position).ok();
        index.and_then(|index| groups.get(index)).copied().unwrap_or(0)
    };
    let mut text = String::new();
    if *sign == NEGATIVE {
        text.push('-');
    }
    write!(text, "{}", if weight < 0 { 0 } else { group(weight) })?;
    for position in (0..weight.max(0)).rev() {
        write!(text, "{:04}", group(position))?;
    }
    if *scale > 0 {
        text.push('.');
        let start = text.len();
        let mut position = -1;
        while text.len() - start < usize::from(*scale) {
            write!(text, "{:04}", group(position))?;
            position -= 1;
        }
        text.truncate(start + usize::from(*scale));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[u16]) -> String {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        text(&raw).unwrap()
    }

    #[test]
    fn groups_become_digits() {
        assert_eq!(of(&[2, 0, 0, 2, 12, 3400]), "12.34");
        assert_eq!(of(&[2, 1, NEGATIVE, 0, 1, 5]), "-10005");
        assert_eq!(of(&[1, 0xFFFF, 0, 4, 5]), "0.0005");
        assert_eq!(of(&[1, 2, 0, 0, 7]), "700000000");
        assert_eq!(of(&[0, 0, 0, 3]), "0.000");
        assert_eq!(of(&[0, 0, NOT_A_NUMBER, 0]), "NaN");
    }
}
