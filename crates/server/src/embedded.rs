//! The built pages inside the program.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../ui/dist/"]
#[allow_missing = true]
struct Pages;

/// A file of the console.
pub fn console(path: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    find(&format!("console/{path}"))
}

/// A file of the API reference.
pub fn reference(name: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    find(&format!("reference/{name}"))
}

fn find(path: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    let file = Pages::get(path)?;
    let content_type = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => mime_guess::from_path(path)
            .first_raw()
            .unwrap_or("application/octet-stream"),
    };
    Some((file.data, content_type))
}
