//! `[not.]op[(modifier)].value`.

use std::borrow::Cow;

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::Field;

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter<'t> {
    pub(crate) field: Field<'t>,
    pub(crate) negated: bool,
    pub(crate) test: Test<'t>,
}

/// What is asked of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test<'t> {
    Compare {
        operator: Operator,
        quantifier: Option<Quantifier>,
        value: Cow<'t, str>,
    },
    In(Vec<Cow<'t, str>>),
    Is(IsWord),
    Distinct(Cow<'t, str>),
    FullText {
        function: FullText,
        /// The configuration of the language.
        language: Option<Cow<'t, str>>,
        value: Cow<'t, str>,
    },
}

/// How the text of a search is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FullText {
    Query,
    Plain,
    Phrase,
    Web,
}

impl FullText {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "fts" => Self::Query,
            "plfts" => Self::Plain,
            "phfts" => Self::Phrase,
            "wfts" => Self::Web,
            _ => return None,
        })
    }

    /// The word in the query string.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Query => "fts",
            Self::Plain => "plfts",
            Self::Phrase => "phfts",
            Self::Web => "wfts",
        }
    }

    /// PostgreSQL's function.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Self::Query => "to_tsquery",
            Self::Plain => "plainto_tsquery",
            Self::Phrase => "phraseto_tsquery",
            Self::Web => "websearch_to_tsquery",
        }
    }
}

/// The operators with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operator {
    Eq,
    Neq,
    Gt,
    Gte,
    Lt,
    Lte,
    Like,
    Ilike,
    Match,
    Imatch,
    Contains,
    Contained,
    Overlaps,
    StrictlyLeft,
    StrictlyRight,
    NotExtendsRight,
    NotExtendsLeft,
    Adjacent,
}

/// `(any)` or `(all)` of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Quantifier {
    Any,
    All,
}

/// The words `is` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum IsWord {
    Null,
    NotNull,
    True,
    False,
    Unknown,
}

const EXPECTING: &str = "\"not\" or operator (eq, gt, ...)";

/// How the value of a filter ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With the parameter.
    Parameter,
    /// At a `,` or `)` of the logic tree around it.
    Member,
}

/// A filter's operator and value, as a parameter's value.
pub(super) fn parameter<'t>(field: Field<'t>, text: &'t str) -> Result<Filter<'t>> {
    let mut cursor = Cursor::new("filter", text);
    let (negated, test) = condition(&mut cursor, Ending::Parameter)?;
    Ok(Filter { field, negated, test })
}

/// `not`, operator and value where the cursor stands.
pub(super) fn condition<'t>(cursor: &mut Cursor<'t>, ending: Ending) -> Result<(bool, Test<'t>)> {
    let negated = cursor.eat("not.");
    let start = cursor.at();
    let word = cursor.take_while(|c| c.is_ascii_alphabetic());
    let modifier = match cursor.peek() {
        Some('(') => Some({
            cursor.advance(1);
            let inner = cursor.take_while(|c| c != ')');
            if !cursor.eat(")") {
                return Err(cursor.failure("\")\""));
            }
            inner
        }),
        _ => None,
    };
    let unknown = |cursor: &mut Cursor<'t>| {
        cursor.back_to(start);
        cursor.failure(EXPECTING)
    };
    let full_text = FullText::of(word);
    let operator = operator(word);
    let known = operator.is_some() || full_text.is_some() || matches!(word, "in" | "is" | "isdistinct");
    if !known || !cursor.eat(".") {
        return Err(unknown(cursor));
    }
    let test = match (word, operator) {
        (_, Some(operator)) => Test::Compare {
            operator,
            quantifier: match modifier {
                None => None,
                Some("any") if operator.takes_list() => Some(Quantifier::Any),
                Some("all") if operator.takes_list() => Some(Quantifier::All),
                Some(_) => return Err(unknown(cursor)),
            },
            value: value(cursor, ending)?,
        },
        (_, None) if full_text.is_some() => {
            // Just matched; the compiler cannot know.
            let function = full_text.unwrap_or(FullText::Query);
            let named = |name: &str| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
            };
            if modifier.is_some_and(|name| !named(name)) {
                return Err(unknown(cursor));
            }
            Test::FullText {
                function,
                language: modifier.map(Cow::Borrowed),
                value: value(cursor, ending)?,
            }
        }
        (_, None) if modifier.is_some() => return Err(unknown(cursor)),
        ("in", None) => Test::In(list(cursor)?),
        ("is", None) => Test::Is(is_word(cursor)?),
        _ => Test::Distinct(value(cursor, ending)?),
    };
    if ending == Ending::Parameter && !cursor.done() {
        return Err(cursor.failure("end of input"));
    }
    Ok((negated, test))
}

fn operator(word: &str) -> Option<Operator> {
    Some(match word {
        "eq" => Operator::Eq,
        "neq" => Operator::Neq,
        "gt" => Operator::Gt,
        "gte" => Operator::Gte,
        "lt" => Operator::Lt,
        "lte" => Operator::Lte,
        "like" => Operator::Like,
        "ilike" => Operator::Ilike,
        "match" => Operator::Match,
        "imatch" => Operator::Imatch,
        "cs" => Operator::Contains,
        "cd" => Operator::Contained,
        "ov" => Operator::Overlaps,
        "sl" => Operator::StrictlyLeft,
        "sr" => Operator::StrictlyRight,
        "nxr" => Operator::NotExtendsRight,
        "nxl" => Operator::NotExtendsLeft,
        "adj" => Operator::Adjacent,
        _ => return None,
    })
}

impl Operator {
    fn takes_list(self) -> bool {
        use Operator::{Eq, Gt, Gte, Ilike, Imatch, Like, Lt, Lte, Match};
        matches!(self, Eq | Gt | Gte | Lt | Lte | Like | Ilike | Match | Imatch)
    }

    /// The word in the query string.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Neq => "neq",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Like => "like",
            Self::Ilike => "ilike",
            Self::Match => "match",
            Self::Imatch => "imatch",
            Self::Contains => "cs",
            Self::Contained => "cd",
            Self::Overlaps => "ov",
            Self::StrictlyLeft => "sl",
            Self::StrictlyRight => "sr",
            Self::NotExtendsRight => "nxr",
            Self::NotExtendsLeft => "nxl",
            Self::Adjacent => "adj",
        }
    }

    /// PostgreSQL's operator.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Neq => "<>",
            Self::Gt => ">",
            Self::Gte => ">=",
            Self::Lt => "<",
            Self::Lte => "<=",
            Self::Like => "LIKE",
            Self::Ilike => "ILIKE",
            Self::Match => "~",
            Self::Imatch => "~*",
            Self::Contains => "@>",
            Self::Contained => "<@",
            Self::Overlaps => "&&",
            Self::StrictlyLeft => "<<",
            Self::StrictlyRight => ">>",
            Self::NotExtendsRight => "&<",
            Self::NotExtendsLeft => "&>",
            Self::Adjacent => "-|-",
        }
    }
}

fn value<'t>(cursor: &mut Cursor<'t>, ending: Ending) -> Result<Cow<'t, str>> {
    if ending == Ending::Parameter {
        let rest = cursor.rest().len();
        return Ok(Cow::Borrowed(cursor.advance(rest)));
    }
    match cursor.peek() {
        Some('"') => {
            let start = cursor.at();
            cursor.advance(1);
            if let Some(quoted) = cursor.quoted()
                && (cursor.done() || cursor.rest().starts_with([',', ')', ' ']))
            {
                return Ok(quoted);
            }
            cursor.back_to(start);
            Ok(Cow::Borrowed(cursor.take_while(|c| !matches!(c, ',' | ')'))))
        }
        Some('{') => {
            let start = cursor.rest();
            let inner = cursor.take_while(|c| c != '}');
            if !cursor.eat("}") {
                return Err(cursor.failure("\"}\""));
            }
            Ok(Cow::Borrowed(&start[..=inner.len()]))
        }
        _ => Ok(Cow::Borrowed(cursor.take_while(|c| !matches!(c, ',' | ')')))),
    }
}

/// `(a,"b,c")`, after `in.`.
fn list<'t>(cursor: &mut Cursor<'t>) -> Result<Vec<Cow<'t, str>>> {
    if !cursor.eat("(") {
        return Err(cursor.failure("\"(\""));
    }
    let mut elements = Vec::new();
    if cursor.eat(")") {
        return Ok(elements);
    }
    loop {
        elements.push(element(cursor));
        if cursor.eat(")") {
            return Ok(elements);
        }
        if !cursor.eat(",") {
            return Err(cursor.failure("\",\" or \")\""));
        }
    }
}

fn element<'t>(cursor: &mut Cursor<'t>) -> Cow<'t, str> {
    let start = cursor.at();
    if cursor.eat("\"") {
        // The client libraries do not escape inner quotes: a quote that no `,` or `)` follows is no end.
        if let Some(quoted) = cursor.quoted()
            && cursor.rest().starts_with([',', ')'])
        {
            return quoted;
        }
        cursor.back_to(start);
    }
    Cow::Borrowed(cursor.take_while(|c| !matches!(c, ',' | ')')))
}

fn is_word(cursor: &mut Cursor<'_>) -> Result<IsWord> {
    let start = cursor.at();
    let word = cursor.take_while(|c| c.is_ascii_alphabetic() || c == '_');
    let ends = cursor.done() || cursor.rest().starts_with([',', ')']);
    let known = [
        ("null", IsWord::Null),
        ("not_null", IsWord::NotNull),
        ("true", IsWord::True),
        ("false", IsWord::False),
        ("unknown", IsWord::Unknown),
    ];
    let found = known.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    match found {
        Some((_, word)) if ends => Ok(*word),
        _ => {
            cursor.back_to(start);
            Err(cursor.failure("null or trilean value (unknown, true, false)"))
        }
    }
}
