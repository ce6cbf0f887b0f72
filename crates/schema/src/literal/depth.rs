//! How deep a document may be.

use busbar_kernel::Result;

use crate::refusal::pgrst;

/// Documents nested deeper than this are refused.
const DEEPEST: usize = 100;

/// Refuses a document nested deeper than 100.
///
/// # Errors
/// `PGRST102`.
pub fn check_depth(document: &str) -> Result<()> {
    if !document.trim_start().starts_with(['{', '[']) {
        return Ok(());
    }
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in document.bytes() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(pgrst("PGRST102", "Empty or invalid json")
                        .details(format!("The document is nested deeper than {DEEPEST}")));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_documents_are_refused() {
        assert!(check_depth(&"[".repeat(100)).is_ok());
        assert!(check_depth(&"[".repeat(101)).is_err());
        assert!(check_depth(&format!("\"{}\"", "[".repeat(500))).is_ok());
    }
}
