//! `select=a,x:b,c::text,d->>e,f.sum(),rel!hint!inner(…),...rel(…)`.

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::{self, Field};

/// The most things one request selects, those of embeds among them.
const MOST_ITEMS: usize = 1000;
/// The most embeds of one request.
const MOST_EMBEDS: usize = 64;
/// Embeds inside embeds are followed so far: rendering recurses, and so do the databases.
const DEEPEST: usize = 16;

const FIELD: &str = "\"...\", field name (* or [a..z0..9_$]), \"*\" or \"count()\"";

/// One thing selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Every column.
    Star,
    /// A column or a path into one.
    Column {
        alias: Option<String>,
        field: Field<'static>,
        cast: Option<String>,
    },
    /// What the rows have together.
    Aggregate {
        alias: Option<String>,
        function: Aggregate,
        /// What is aggregated; `count()` has none.
        field: Option<Field<'static>>,
        /// Before the function.
        cast: Option<String>,
        /// After it.
        result: Option<String>,
    },
    /// The rows of a related table.
    Embed(Embed),
}

/// The functions over many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

/// The rows of a related table, inside each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Embed {
    pub(crate) alias: Option<String>,
    /// A table, a constraint or a column.
    pub(crate) name: String,
    /// Which relation is meant, where there are several.
    pub(crate) hint: Option<String>,
    /// Rows without a related one are left out.
    pub(crate) inner: bool,
    /// `...`: the columns become the parent's own.
    pub(crate) spread: bool,
    /// None for `rel()`, which shows nothing but can be filtered by.
    pub(crate) items: Vec<Item>,
}

impl Aggregate {
    const WORDS: [(&'static str, Self); 5] = [
        ("count", Self::Count),
        ("sum", Self::Sum),
        ("avg", Self::Avg),
        ("min", Self::Min),
        ("max", Self::Max),
    ];

    /// The function's name in the grammar and in SQL.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, function)| *function == self)
            .map_or("count", |(word, _)| word)
    }
}

impl Item {
    /// Whether it, or what it embeds, uses an aggregate function.
    pub(crate) fn aggregates(&self) -> bool {
        match self {
            Self::Star | Self::Column { .. } => false,
            Self::Aggregate { .. } => true,
            Self::Embed(embed) => embed.items.iter().any(Self::aggregates),
        }
    }
}

/// The items; an empty text is every column.
pub(crate) fn select(text: &str) -> Result<Vec<Item>> {
    if text.trim().is_empty() {
        return Ok(vec![Item::Star]);
    }
    let mut parser = Parser {
        cursor: Cursor::new("select parameter", text),
        items: 0,
        embeds: 0,
    };
    let items = parser.items(0)?;
    if !parser.cursor.done() {
        return Err(parser.cursor.failure("\",\" or end of input"));
    }
    Ok(items)
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    items: usize,
    embeds: usize,
}

impl Parser<'_> {
    fn items(&mut self, depth: usize) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        loop {
            self.cursor.skip_blanks();
            items.push(self.item(depth)?);
            self.items += 1;
            self.cursor.bounded(self.items, MOST_ITEMS)?;
            self.cursor.skip_blanks();
            if !self.cursor.eat(",") {
                return Ok(items);
            }
        }
    }

    fn item(&mut self, depth: usize) -> Result<Item> {
        if self.cursor.eat("...") {
            let alias = self.alias()?;
            let name = self.cursor.name()?.into_owned();
            return self.embed(alias, name, true, depth);
        }
        if self.cursor.eat("*") {
            return self.ended(Item::Star);
        }
        let alias = self.alias()?;
        let start = self.cursor.at();
        let name = self.cursor.name()?.into_owned();
        if self.cursor.rest().starts_with('!') || (self.cursor.rest().starts_with('(') && name != "count") {
            return self.embed(alias, name, false, depth);
        }
        if name == "count" && self.cursor.eat("()") {
            let result = self.cast()?;
            return self.ended(Item::Aggregate {
                alias,
                function: Aggregate::Count,
                field: None,
                cast: None,
                result,
            });
        }
        self.cursor.back_to(start);
        let field = field::field(&mut self.cursor)?.into_owned();
        let cast = self.cast()?;
        let Some(function) = self.aggregate()? else {
            return self.ended(Item::Column { alias, field, cast });
        };
        let result = self.cast()?;
        self.ended(Item::Aggregate {
            alias,
            function,
            field: Some(field),
            cast,
            result,
        })
    }

    /// `name:`, where one colon follows.
    fn alias(&mut self) -> Result<Option<String>> {
        let start = self.cursor.at();
        let name = self.cursor.name().map_err(|_| self.cursor.failure(FIELD))?;
        if self.cursor.rest().starts_with(':') && !self.cursor.rest().starts_with("::") {
            self.cursor.advance(1);
            self.cursor.skip_blanks();
            return Ok(Some(name.into_owned()));
        }
        self.cursor.back_to(start);
        Ok(None)
    }

    fn embed(&mut self, alias: Option<String>, name: String, spread: bool, depth: usize) -> Result<Item> {
        let mut embed = Embed {
            alias,
            name,
            hint: None,
            inner: false,
            spread,
            items: Vec::new(),
        };
        while self.cursor.eat("!") {
            match self.cursor.name()?.as_ref() {
                "inner" => embed.inner = true,
                "left" => {}
                hint if embed.hint.is_none() => embed.hint = Some(hint.to_owned()),
                _ => return Err(self.cursor.failure("\"(\"")),
            }
        }
        if !self.cursor.eat("(") {
            return Err(self.cursor.failure("\"!\" or \"(\""));
        }
        self.embeds += 1;
        self.cursor.bounded(self.embeds, MOST_EMBEDS)?;
        self.cursor.bounded(depth + 1, DEEPEST)?;
        self.cursor.skip_blanks();
        if !self.cursor.rest().starts_with(')') {
            embed.items = self.items(depth + 1)?;
        }
        if !self.cursor.eat(")") {
            return Err(self.cursor.failure("\",\" or \")\""));
        }
        self.ended(Item::Embed(embed))
    }

    fn aggregate(&mut self) -> Result<Option<Aggregate>> {
        if !self.cursor.eat(".") {
            return Ok(None);
        }
        let start = self.cursor.at();
        let word = self.cursor.take_while(|c| c.is_ascii_alphabetic());
        let known = Aggregate::WORDS.iter().find(|(known, _)| *known == word);
        match known {
            Some((_, function)) if self.cursor.eat("()") => Ok(Some(*function)),
            _ => {
                self.cursor.back_to(start);
                Err(self
                    .cursor
                    .failure("\"sum()\", \"avg()\", \"count()\", \"max()\" or \"min()\""))
            }
        }
    }

    fn cast(&mut self) -> Result<Option<String>> {
        if !self.cursor.eat("::") {
            return Ok(None);
        }
        let name = self
            .cursor
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' '));
        if name.trim().is_empty() {
            return Err(self.cursor.failure("letter, digit or \"_\""));
        }
        Ok(Some(name.trim().to_owned()))
    }

    /// An item ends where the list goes on or ends.
    fn ended(&mut self, item: Item) -> Result<Item> {
        self.cursor.skip_blanks();
        match self.cursor.peek() {
            None | Some(',' | ')') => Ok(item),
            Some(_) => Err(self.cursor.failure(FIELD)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embed(text: &str) -> Embed {
        match select(text).unwrap().remove(0) {
            Item::Embed(embed) => embed,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn embeds_have_aliases_hints_and_joins_in_any_order() {
        let one = embed("x: clients!fk!inner(id, projects(*))");
        assert_eq!((one.alias.as_deref(), one.name.as_str()), (Some("x"), "clients"));
        assert_eq!(
            (one.hint.as_deref(), one.inner, one.spread),
            (Some("fk"), true, false)
        );
        assert_eq!(one.items.len(), 2);
        let other = embed("...clients!left!fk()");
        assert_eq!(
            (other.hint.as_deref(), other.inner, other.spread),
            (Some("fk"), false, true)
        );
        assert!(other.items.is_empty());
        assert_eq!(embed("\"a b\"!\"c,d\"(x)").hint.as_deref(), Some("c,d"));
    }

    #[test]
    fn aggregates_have_casts_on_both_sides() {
        let items = select("n:a::numeric.sum()::int,count(),count").unwrap();
        assert!(
            matches!(&items[0], Item::Aggregate { alias: Some(alias), function: Aggregate::Sum, cast: Some(cast),
            result: Some(result), .. } if alias == "n" && cast == "numeric" && result == "int")
        );
        assert!(matches!(&items[1], Item::Aggregate { field: None, .. }));
        assert!(matches!(&items[2], Item::Column { .. }));
        assert!(embed_holds("a(b(c.sum()))"));
        assert!(!embed_holds("a(b(c))"));
    }

    fn embed_holds(text: &str) -> bool {
        select(text).unwrap()[0].aggregates()
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for text in [
            "a[]", "a!hint", "a,", "a(b", "a)b", "a(b))", "a.med()", "a.sum", "...a", "!x(a)", "a!x!y(b)",
            "a b:c d!",
        ] {
            let code = select(text).map_err(|error| error.wire_code_str().map(str::to_owned));
            assert_eq!(code.unwrap_err().as_deref(), Some("PGRST100"), "{text}");
        }
        assert!(select(&"a(".repeat(40)).is_err());
        assert!(select(&format!("a{}", ",r(x)".repeat(2000))).is_err());
    }
}
