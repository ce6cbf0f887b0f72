//! The variable table: every variable that exists, assembled from each crate's part.

use busbar_kernel::variables::Entry;

/// Every row, in the order in which it is documented.
pub fn table() -> Vec<&'static Entry> {
    [
        crate::config::VARIABLES,
        busbar_platform::config::VARIABLES,
        busbar_store::config::VARIABLES,
        busbar_data::config::VARIABLES,
        busbar_cache::config::VARIABLES,
        &busbar_providers::config::variables(),
        busbar_identity::config::VARIABLES,
        busbar_files::config::VARIABLES,
        busbar_telemetry::config::VARIABLES,
        busbar_insforge::config::VARIABLES,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_name_means_two_things_and_every_default_can_be_read() {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for entry in table() {
            for name in std::iter::once(&entry.name).chain(entry.aliases) {
                if let Some(other) = seen.insert(name, entry.name) {
                    panic!("{name} belongs to {other} and to {}", entry.name);
                }
            }
            assert!(
                !entry.help.is_empty() && !entry.help.ends_with('.'),
                "{}: help is one line without full stop",
                entry.name
            );
            if let Some(default) = entry.default {
                entry
                    .verify(Some(default))
                    .unwrap_or_else(|end| panic!("{} {end}", entry.name));
            }
        }
    }
}
