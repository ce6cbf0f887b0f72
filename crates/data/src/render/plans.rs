//! Rendered statements by the shape of the request that made them, which begins with its catalogue's number.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::Result;
use lru::LruCache;

use super::builder::Statement;
use super::output::Output;
use super::read::ReadPlan;
use crate::grammar::{Below, Field, JsonKey, Part, Quantifier, Test, Tree};

/// Shapes kept per shelf.
const KEPT: usize = 128;
/// Shelves, so that two cores seldom meet.
const SHELVES: usize = 8;

/// A rendered request.
#[derive(Debug)]
pub(crate) enum Plan {
    Read(ReadPlan),
    Write {
        /// What is read before the rows are gone.
        before: Option<Statement>,
        statement: Statement,
        /// Makes groups of what was returned.
        groups: Option<Statement>,
        outputs: Vec<Output>,
    },
}

/// The kept plans.
pub(crate) struct Plans {
    hasher: RandomState,
    shelves: Vec<Mutex<LruCache<Box<str>, Arc<Plan>>>>,
}

impl Default for Plans {
    fn default() -> Self {
        let kept = NonZeroUsize::new(KEPT).unwrap_or(NonZeroUsize::MIN);
        Self {
            hasher: RandomState::new(),
            shelves: (0..SHELVES).map(|_| Mutex::new(LruCache::new(kept))).collect(),
        }
    }
}

impl Plans {
    /// The plan of a shape, rendered when it is new.
    ///
    /// # Errors
    /// What rendering refuses; a refusal is not kept.
    pub(crate) fn get(&self, shape: &str, render: impl FnOnce() -> Result<Plan>) -> Result<Arc<Plan>> {
        let hash = usize::try_from(self.hasher.hash_one(shape) % SHELVES as u64).unwrap_or(0);
        let shelf = || self.shelves[hash].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = shelf().get(shape) {
            return Ok(plan.clone());
        }
        let plan = Arc::new(render()?);
        shelf().put(shape.into(), plan.clone());
        Ok(plan)
    }
}

/// Adds to a shape everything about the conditions but their values. Every part ends with a mark that no part
/// holds: the query string has no NUL.
pub(crate) fn write_shape(shape: &mut String, trees: &[Tree<'_>]) {
    for tree in trees {
        match tree {
            Tree::Node {
                negated,
                any,
                members,
            } => {
                shape.push(if *negated { '!' } else { '+' });
                shape.push(if *any { '|' } else { '&' });
                write_shape(shape, members);
                shape.push(')');
            }
            Tree::Leaf(filter) => {
                shape.push(if filter.negated { '!' } else { '=' });
                write_field(shape, &filter.field);
                match &filter.test {
                    Test::Compare {
                        operator, quantifier, ..
                    } => {
                        shape.push_str(operator.word());
                        match quantifier {
                            None => {}
                            Some(Quantifier::Any) => shape.push('?'),
                            Some(Quantifier::All) => shape.push('*'),
                        }
                    }
                    Test::In(_) => shape.push_str("in"),
                    Test::Is(word) => shape.push_str(match word {
                        crate::grammar::IsWord::Null => "is0",
                        crate::grammar::IsWord::NotNull => "is1",
                        crate::grammar::IsWord::True => "is2",
                        crate::grammar::IsWord::False => "is3",
                        crate::grammar::IsWord::Unknown => "is4",
                    }),
                    Test::Distinct(_) => shape.push_str("distinct"),
                    Test::FullText {
                        function, language, ..
                    } => {
                        shape.push_str(function.word());
                        shape.push('(');
                        shape.push_str(language.as_deref().unwrap_or_default());
                    }
                }
                shape.push('\0');
            }
        }
    }
}

/// Adds what is said of embeds, without its values.
pub(crate) fn write_below(shape: &mut String, below: &[Below<'_>]) {
    for Below { path, part } in below {
        for name in path {
            shape.push_str(name);
            shape.push('\0');
        }
        shape.push('\0');
        match part {
            Part::Condition(tree) => write_shape(shape, std::slice::from_ref(tree)),
            Part::Order(text) => shape.push_str(&format!("o{text}\0")),
            Part::Limit(_) => shape.push('l'),
            Part::Offset(_) => shape.push('f'),
        }
    }
}

fn write_field(shape: &mut String, field: &Field<'_>) {
    shape.push_str(&field.column);
    shape.push('\0');
    for step in &field.path {
        shape.push(if step.text { '>' } else { '-' });
        match &step.key {
            JsonKey::Name(name) => {
                shape.push('n');
                shape.push_str(name);
            }
            JsonKey::Index(index) => shape.push_str(&index.to_string()),
        }
        shape.push('\0');
    }
}
