//! The `Accept` header: which form the answer has.

use busbar_kernel::Result;

use crate::refusal::pgrst;

/// How the rows are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// `[…]`.
    Array,
    /// Exactly one row, as an object.
    Singular,
    /// A table of comma-separated values.
    Csv,
    /// A collection of features of geography.
    GeoJson,
    /// How the database would find the rows.
    Plan(PlanForm),
}

/// The form of a plan, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlanForm {
    pub(crate) json: bool,
    /// `analyze`, `verbose`, `settings`, `buffers`, `wal`, each by its bit.
    pub(crate) options: u8,
}

/// What may be said of a plan, in the order of the bits.
pub(crate) const PLAN_OPTIONS: [&str; 5] = ["analyze", "verbose", "settings", "buffers", "wal"];

/// The chosen form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Answer {
    pub(crate) shape: Shape,
    pub(crate) nulls_stripped: bool,
    pub(crate) content_type: &'static str,
}

const JSON: Answer = Answer {
    shape: Shape::Array,
    nulls_stripped: false,
    content_type: "application/json; charset=utf-8",
};

/// What can be produced beside the forms that always can.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offers {
    pub(crate) plans: bool,
    pub(crate) geography: bool,
}

/// Whether an `Accept` header takes a media type, or anything at all where `any` is set.
pub(crate) fn takes(header: &str, media_type: &str, any: bool) -> bool {
    let ranges = header
        .split(',')
        .filter(|range| quality(range) > 0.0)
        .map(|range| range.split(';').next().unwrap_or_default().trim());
    let mut ranges = ranges.peekable();
    let (family, _) = media_type.split_once('/').unwrap_or((media_type, ""));
    ranges.any(|range| {
        range.eq_ignore_ascii_case(media_type)
            || (any && matches!(range, "" | "*/*"))
            || range
                .strip_suffix("/*")
                .is_some_and(|named| named.eq_ignore_ascii_case(family))
    })
}

/// The best producible form of an `Accept` header.
///
/// # Errors
/// `PGRST107` when none can be produced.
pub(crate) fn negotiate(header: &str, offers: Offers) -> Result<Answer> {
    if header.is_empty() || header == "*/*" || header == "application/json" {
        return Ok(JSON);
    }
    let mut best: Option<(f32, Answer)> = None;
    for range in header.split(',') {
        let quality = quality(range);
        if quality > 0.0
            && best.is_none_or(|(before, _)| quality > before)
            && let Some(answer) = producible(range, offers)
        {
            best = Some((quality, answer));
        }
    }
    best.map(|(_, answer)| answer).ok_or_else(|| {
        pgrst(
            "PGRST107",
            format!("None of these media types are available: {}", header.trim()),
        )
    })
}

fn quality(range: &str) -> f32 {
    let mut parameters = range.split(';').skip(1).map(str::trim);
    let given = parameters.find_map(|parameter| parameter.strip_prefix("q="));
    given.and_then(|text| text.parse().ok()).unwrap_or(1.0)
}

fn producible(range: &str, offers: Offers) -> Option<Answer> {
    let mut parts = range.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let stripped = parts.any(|parameter| parameter == "nulls=stripped");
    Some(match media_type.as_str() {
        "application/json" | "application/*" | "*/*" => JSON,
        "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => Answer {
            shape: Shape::Singular,
            nulls_stripped: stripped,
            content_type: if stripped {
                "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8"
            } else {
                "application/vnd.pgrst.object+json; charset=utf-8"
            },
        },
        "application/vnd.pgrst.array+json" | "application/vnd.pgrst.array" => Answer {
            shape: Shape::Array,
            nulls_stripped: stripped,
            content_type: if stripped {
                "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8"
            } else {
                "application/vnd.pgrst.array+json; charset=utf-8"
            },
        },
        "text/csv" | "text/*" => Answer {
            shape: Shape::Csv,
            nulls_stripped: false,
            content_type: "text/csv; charset=utf-8",
        },
        "application/geo+json" if offers.geography => Answer {
            shape: Shape::GeoJson,
            nulls_stripped: false,
            content_type: "application/geo+json; charset=utf-8",
        },
        "application/vnd.pgrst.plan" | "application/vnd.pgrst.plan+text" if offers.plans => Answer {
            shape: Shape::Plan(plan_form(range, false)),
            nulls_stripped: false,
            content_type: "application/vnd.pgrst.plan+text; charset=utf-8",
        },
        "application/vnd.pgrst.plan+json" if offers.plans => Answer {
            shape: Shape::Plan(plan_form(range, true)),
            nulls_stripped: false,
            content_type: "application/vnd.pgrst.plan+json; charset=utf-8",
        },
        _ => return None,
    })
}

/// `options=analyze|verbose`; words that are none do not count.
fn plan_form(range: &str, json: bool) -> PlanForm {
    let given = range
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("options="));
    let words = given.unwrap_or_default().split('|').map(str::trim);
    let bits = words.filter_map(|word| PLAN_OPTIONS.iter().position(|known| *known == word));
    PlanForm {
        json,
        options: bits.fold(0, |options, bit| options | 1 << bit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_quality_wins_and_none_is_refused() {
        assert_eq!(
            negotiate("text/csv;q=0.5, application/json", Offers::default()).unwrap(),
            JSON
        );
        assert_eq!(
            negotiate("text/html, text/csv", Offers::default()).unwrap().shape,
            Shape::Csv
        );
        let singular = negotiate(
            "application/vnd.pgrst.object+json;nulls=stripped",
            Offers::default(),
        )
        .unwrap();
        assert!(singular.shape == Shape::Singular && singular.nulls_stripped);
        assert_eq!(
            negotiate("image/png", Offers::default())
                .unwrap_err()
                .wire_code_str(),
            Some("PGRST107")
        );
    }

    #[test]
    fn a_media_type_is_taken_by_name_by_family_or_by_all() {
        for header in ["text/html", "image/png, Text/HTML;q=0.2", "text/*", "*/*", ""] {
            assert!(takes(header, "text/html", true), "{header}");
        }
        for header in ["text/html;q=0", "application/json", "text/plain"] {
            assert!(!takes(header, "text/html", true), "{header}");
        }
        assert!(!takes("*/*", "text/html", false));
    }
}
