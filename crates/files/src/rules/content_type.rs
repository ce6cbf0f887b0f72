//! What a file is taken for, so that no upload can become a script in somebody's page.

/// The type of what is unknown or could act.
pub const FALLBACK: &str = "application/octet-stream";

/// How many of a file's first bytes decide.
pub const SNIFFED: usize = 4096;

/// Types that a browser may execute or that may load something that it executes.
const ACTIVE: [&str; 21] = [
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "image/svg",
    "text/xml",
    "application/xml",
    "text/xsl",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/ecmascript",
    "text/ecmascript",
    "text/jscript",
    "text/livescript",
    "application/x-shockwave-flash",
    "application/x-httpd-php",
    "multipart/x-mixed-replace",
    "multipart/related",
    "message/rfc822",
    "text/cache-manifest",
    "text/vbscript",
];

/// Beginnings of tags that betray markup or script, whatever the file claims to be.
const TELLING: [&[u8]; 19] = [
    b"<!doctype",
    b"<?xml",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<svg",
    b"<iframe",
    b"<object",
    b"<embed",
    b"<img",
    b"<style",
    b"<link",
    b"<meta",
    b"<base",
    b"<form",
    b"<math",
    b"<video",
    b"javascript:",
];

/// Whether a browser may execute content of this type; such content is only offered as a download.
pub fn is_active(mime_type: &str) -> bool {
    let essence = essence(mime_type).unwrap_or_default();
    ACTIVE.contains(&essence.as_str()) || essence.ends_with("+xml") || essence.contains("javascript")
}

/// The type under which a file is stored: what its first bytes show; else what the client says, unless that or
/// the content could act; else [`FALLBACK`]. `head` is the first [`SNIFFED`] bytes, or the whole file.
pub fn stored_type(head: &[u8], declared: Option<&str>) -> String {
    let head = &head[..head.len().min(SNIFFED)];
    let recognised = infer::get(head).map(|kind| kind.mime_type());
    match recognised {
        Some("text/x-shellscript") => return FALLBACK.to_owned(),
        Some(active) if is_active(active) => return FALLBACK.to_owned(),
        // A recognised picture or archive is sent under exactly that type, so markup hidden in it stays inert.
        Some(inert) => return inert.to_owned(),
        None => {}
    }
    if holds_markup(head) {
        return FALLBACK.to_owned();
    }
    match declared.and_then(essence) {
        Some(declared) if !is_active(&declared) => declared,
        _ => FALLBACK.to_owned(),
    }
}

/// Zero bytes are skipped: they hide a tag from us but not from a browser that reads UTF-16.
fn holds_markup(head: &[u8]) -> bool {
    let text: Vec<u8> = head
        .iter()
        .filter(|byte| **byte != 0)
        .map(u8::to_ascii_lowercase)
        .collect();
    TELLING
        .iter()
        .any(|tag| text.windows(tag.len()).any(|window| window == *tag))
}

/// `Type/Subtype; charset=x` as `type/subtype`, `None` for what is not a type.
fn essence(mime_type: &str) -> Option<String> {
    let text = mime_type.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = text.split_once('/')?;
    let token = |part: &str| {
        (1..=100).contains(&part.len())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    (token(kind) && token(subtype)).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_for_what_is_sent() {
        let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let utf16: Vec<u8> = "<script>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let late = [vec![b' '; SNIFFED - 6], b"<script>".to_vec()].concat();
        let table: &[(&[u8], Option<&str>, &str)] = &[
            // What the bytes show wins over what the client says.
            (png, Some("text/plain"), "image/png"),
            (png, Some("text/html"), "image/png"),
            (png, None, "image/png"),
            (b"%PDF-1.7", Some("application/x-thing"), "application/pdf"),
            (b"GIF89a<script>alert(1)</script>", Some("text/html"), "image/gif"),
            (b"PK\x03\x04rest", Some("image/png"), "application/zip"),
            // The client's type stays for unrecognised content that cannot act.
            (b"plain text", Some("text/plain"), "text/plain"),
            (b"plain text", Some("Text/Plain; charset=UTF-8"), "text/plain"),
            (b"a,b\n1,2\n", Some("text/csv"), "text/csv"),
            (b"{\"a\":1}", Some("application/json"), "application/json"),
            (b"", Some("text/plain"), "text/plain"),
            // Nothing or nonsense said.
            (b"plain text", None, FALLBACK),
            (b"plain text", Some(""), FALLBACK),
            (b"plain text", Some("plain"), FALLBACK),
            (b"plain text", Some("text/pl ain"), FALLBACK),
            (b"plain text", Some("text/plain\r\nX: y"), FALLBACK),
            // What could act.
            (b"hello", Some("text/html"), FALLBACK),
            (b"hello", Some("TEXT/HTML; charset=utf-8"), FALLBACK),
            (b"hello", Some("image/svg+xml"), FALLBACK),
            (b"hello", Some("application/atom+xml"), FALLBACK),
            (b"alert(1)", Some("text/javascript"), FALLBACK),
            (b"alert(1)", Some("application/x-javascript"), FALLBACK),
            (b"<html><body>", Some("text/plain"), FALLBACK),
            (b"<!DOCTYPE html>", Some("image/png"), FALLBACK),
            (b"  \n<HtMl >", Some("text/plain"), FALLBACK),
            (b"\xef\xbb\xbf<?xml version='1.0'?>", Some("text/plain"), FALLBACK),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg' onload=x>",
                Some("image/png"),
                FALLBACK,
            ),
            (b"text <ScRiPt>x", Some("text/plain"), FALLBACK),
            (b"<img src=x onerror=y>", Some("text/csv"), FALLBACK),
            (b"#!/bin/sh\nrm", Some("text/plain"), FALLBACK),
            (&utf16, Some("text/plain"), FALLBACK),
        ];
        for (head, declared, stored) in table {
            let shown = String::from_utf8_lossy(head);
            assert_eq!(
                stored_type(head, *declared),
                *stored,
                "{shown:?} sent as {declared:?}"
            );
        }
        assert_eq!(
            stored_type(&late, Some("text/plain")),
            "text/plain",
            "a tag that begins beyond the first 4 KB is the sender's own text"
        );
    }
}
