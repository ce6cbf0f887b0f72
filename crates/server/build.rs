//! Builds the program again when the pages it embeds were built again.

fn main() {
    let pages = std::path::Path::new("../../ui/dist");
    // A path that does not exist would make every build a new one.
    let watched = if pages.exists() {
        "../../ui/dist"
    } else {
        "../../ui/package.json"
    };
    println!("cargo:rerun-if-changed={watched}");
}
