//! The `Prefer` header.

use busbar_kernel::Result;
use chrono_tz::Tz;

use crate::refusal::pgrst;

/// What the client prefers; the first recognised value of a kind counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    pub(crate) resolution: Option<Resolution>,
    pub(crate) missing: Option<Missing>,
    pub(crate) returning: Option<Return>,
    pub(crate) count: Option<Count>,
    pub(crate) commit: Option<bool>,
    pub(crate) handling: Option<Handling>,
    pub(crate) timezone: Option<Tz>,
    pub(crate) max_affected: Option<u64>,
    /// `params=single-object`: the body is a function's one argument.
    pub(crate) single_object: bool,
}

/// What a duplicate becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Resolution {
    Merge,
    Ignore,
}

/// What an absent key becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Missing {
    Default,
    Null,
}

/// What a write answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Return {
    #[default]
    Minimal,
    HeadersOnly,
    Representation,
}

/// How exact a count is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Count {
    Exact,
    Planned,
    Estimated,
}

/// Whether an unknown preference is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Handling {
    Strict,
    Lenient,
}

impl Prefer {
    /// Reads the header's value; several headers are joined with commas.
    ///
    /// # Errors
    /// `PGRST122` for unknown preferences under `handling=strict`.
    pub(crate) fn parse(header: &str) -> Result<Self> {
        let mut prefer = Self::default();
        if header.is_empty() {
            return Ok(prefer);
        }
        let mut unknown = Vec::new();
        for text in header.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            if !prefer.take(text) {
                unknown.push(text);
            }
        }
        if prefer.is_strict() && !unknown.is_empty() {
            let names = unknown.join(", ");
            return Err(
                pgrst("PGRST122", "Invalid preferences given with handling=strict")
                    .details(format!("Invalid preferences: {names}")),
            );
        }
        Ok(prefer)
    }

    fn take(&mut self, text: &str) -> bool {
        match text {
            "resolution=merge-duplicates" => first(&mut self.resolution, Resolution::Merge),
            "resolution=ignore-duplicates" => first(&mut self.resolution, Resolution::Ignore),
            "missing=default" => first(&mut self.missing, Missing::Default),
            "missing=null" => first(&mut self.missing, Missing::Null),
            "return=minimal" => first(&mut self.returning, Return::Minimal),
            "return=headers-only" => first(&mut self.returning, Return::HeadersOnly),
            "return=representation" => first(&mut self.returning, Return::Representation),
            "count=exact" => first(&mut self.count, Count::Exact),
            "count=planned" => first(&mut self.count, Count::Planned),
            "count=estimated" => first(&mut self.count, Count::Estimated),
            "tx=commit" => first(&mut self.commit, true),
            "tx=rollback" => first(&mut self.commit, false),
            "handling=strict" => first(&mut self.handling, Handling::Strict),
            "handling=lenient" => first(&mut self.handling, Handling::Lenient),
            "params=single-object" => self.single_object = true,
            _ => return self.take_value(text),
        }
        true
    }

    /// A preference whose value is no word.
    fn take_value(&mut self, text: &str) -> bool {
        let Some((name, value)) = text.split_once('=') else {
            return false;
        };
        match (name, value.parse::<u64>(), value.parse::<Tz>()) {
            ("max-affected", Ok(count), _) => first(&mut self.max_affected, count),
            ("timezone", _, Ok(zone)) => first(&mut self.timezone, zone),
            _ => return false,
        }
        true
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.handling == Some(Handling::Strict)
    }

    /// The most rows a write may change; it counts only under `handling=strict`.
    pub(crate) fn limit_affected(&self) -> Option<u64> {
        self.max_affected.filter(|_| self.is_strict())
    }
}

fn first<T>(place: &mut Option<T>, value: T) {
    place.get_or_insert(value);
}

/// What was honoured, for `Preference-Applied`; fields that did not apply are none.
impl Prefer {
    pub(crate) fn applied(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        let mut push = |word: &str| words.push(word.to_owned());
        match self.resolution {
            Some(Resolution::Merge) => push("resolution=merge-duplicates"),
            Some(Resolution::Ignore) => push("resolution=ignore-duplicates"),
            None => {}
        }
        match self.missing {
            Some(Missing::Default) => push("missing=default"),
            Some(Missing::Null) => push("missing=null"),
            None => {}
        }
        match self.returning {
            Some(Return::Minimal) => push("return=minimal"),
            Some(Return::HeadersOnly) => push("return=headers-only"),
            Some(Return::Representation) => push("return=representation"),
            None => {}
        }
        if self.single_object {
            push("params=single-object");
        }
        match self.count {
            Some(Count::Exact) => push("count=exact"),
            Some(Count::Planned) => push("count=planned"),
            Some(Count::Estimated) => push("count=estimated"),
            None => {}
        }
        match self.commit {
            Some(true) => push("tx=commit"),
            Some(false) => push("tx=rollback"),
            None => {}
        }
        match self.handling {
            Some(Handling::Strict) => push("handling=strict"),
            Some(Handling::Lenient) => push("handling=lenient"),
            None => {}
        }
        if let Some(zone) = self.timezone {
            push(&format!("timezone={}", zone.name()));
        }
        if let Some(most) = self.limit_affected() {
            push(&format!("max-affected={most}"));
        }
        (!words.is_empty()).then(|| words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_kind_counts_and_strict_names_the_unknown() {
        let prefer = Prefer::parse("return=representation, return=minimal,count=exact").unwrap();
        assert_eq!(prefer.returning, Some(Return::Representation));
        assert_eq!(prefer.applied().unwrap(), "return=representation, count=exact");
        assert!(Prefer::parse("nonsense").unwrap().applied().is_none());
        let error = Prefer::parse("handling=strict, a=b, c").unwrap_err();
        assert_eq!(error.details_str(), Some("Invalid preferences: a=b, c"));
        assert_eq!(Prefer::parse("max-affected=3").unwrap().limit_affected(), None);
    }
}
