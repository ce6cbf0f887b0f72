//! Names that somebody may have meant.

/// Names less alike than this are not offered: 1 is the same name, 0 nothing in common.
const ALIKE: f64 = 0.33;
/// A column's name is offered only so few changes away.
const CHANGES: usize = 3;

/// The name most like `name`.
pub fn closest<'n>(names: impl Iterator<Item = &'n str>, name: &str) -> Option<&'n str> {
    let wanted = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in names {
        let folded = candidate.to_lowercase();
        let score = strsim::normalized_levenshtein(&folded, &wanted);
        let better = best.is_none_or(|(known, _)| score > known);
        if score >= ALIKE && better && share_letters(&folded, &wanted) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether two letters in a row, or the first or last one, stand in both.
fn share_letters(one: &str, other: &str) -> bool {
    let pairs = |text: &str| {
        let letters: Vec<char> = format!("-{text}-").chars().collect();
        letters.windows(2).map(<[char]>::to_vec).collect::<Vec<_>>()
    };
    let known = pairs(one);
    pairs(other).iter().any(|pair| known.contains(pair))
}

/// The one or two columns that PostgreSQL would offer for a name that no column has.
pub fn columns<'n>(names: impl Iterator<Item = &'n str>, name: &str) -> Vec<&'n str> {
    let most = CHANGES.min(name.chars().count() / 2);
    let mut nearest = most;
    let mut found = Vec::new();
    for candidate in names {
        let changes = strsim::levenshtein(candidate, name);
        if changes > nearest {
            continue;
        }
        if changes < nearest {
            nearest = changes;
            found.clear();
        }
        found.push(candidate);
    }
    if found.len() > 2 { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let tables = ["projects", "clients", "tasks"];
        assert_eq!(closest(tables.into_iter(), "client"), Some("clients"));
        assert_eq!(closest(tables.into_iter(), "Taskss"), Some("tasks"));
        assert_eq!(closest(tables.into_iter(), "zzzzzzzz"), None);
    }

    #[test]
    fn columns_are_offered_as_postgresql_offers_them() {
        let names = ["id", "name", "names", "created_at"];
        assert_eq!(columns(names.into_iter(), "naem"), ["name", "names"]);
        assert_eq!(columns(names.into_iter(), "create_at"), ["created_at"]);
        assert!(columns(names.into_iter(), "x").is_empty());
        assert!(columns(names.into_iter(), "nothing_alike").is_empty());
        assert_eq!(columns(["aab", "aac"].into_iter(), "aad"), ["aab", "aac"]);
    }
}
