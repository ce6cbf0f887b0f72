//! Which of the functions of one name a call means.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{Catalogue, Parameter, Routine};

use super::arguments::Arguments;
use crate::records::Method;
use crate::refusal::{pgrst, similar};

/// How the chosen function takes the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taking {
    /// Each by its name.
    Named,
    /// Its only parameter takes the body.
    Whole,
}

/// What a call asks for.
pub(super) struct Wanted<'w> {
    pub(super) schema: &'w str,
    pub(super) name: &'w str,
    pub(super) arguments: &'w Arguments<'w>,
    pub(super) method: Method,
    /// The types that a single unnamed parameter may have to take the body.
    pub(super) whole: &'w [&'static str],
    /// `Prefer: params=single-object`: the body is the one argument, whatever its members are.
    pub(super) single_object: bool,
}

/// Chooses the function.
///
/// # Errors
/// `PGRST202` when none fits, `PGRST203` when several do.
pub(super) fn resolve(catalogue: &Catalogue, wanted: &Wanted<'_>) -> Result<(Arc<Routine>, Taking)> {
    let named = catalogue.routines(wanted.schema, wanted.name);
    let mut fitting: Vec<&Arc<Routine>> = Vec::new();
    if let (Arguments::Named(_), false) = (wanted.arguments, wanted.single_object) {
        let given = wanted.arguments.names();
        fitting.extend(named.iter().filter(|routine| takes(routine, &given)));
    }
    let taking = if fitting.is_empty() && wanted.method == Method::Post {
        fitting.extend(named.iter().filter(|routine| takes_whole(routine, wanted)));
        Taking::Whole
    } else {
        Taking::Named
    };
    match fitting.as_slice() {
        [] => Err(none(catalogue, wanted)),
        [one] => Ok(((*one).clone(), taking)),
        several => Err(ambiguous(several)),
    }
}

/// Whether every required parameter is given and nothing else than parameters is.
fn takes(routine: &Routine, given: &[&str]) -> bool {
    let parameters = &routine.parameters;
    let mut required = parameters
        .iter()
        .filter(|parameter| parameter.required && !parameter.variadic);
    let is_given = |parameter: &Parameter| given.contains(&parameter.name.as_str());
    required.all(is_given)
        && given
            .iter()
            .all(|name| !name.is_empty() && parameters.iter().any(|parameter| parameter.name == *name))
}

fn takes_whole(routine: &Routine, wanted: &Wanted<'_>) -> bool {
    match routine.parameters.as_slice() {
        [only] if wanted.single_object => matches!(only.declared.as_str(), "json" | "jsonb"),
        [only] => only.name.is_empty() && wanted.whole.contains(&only.declared.as_str()),
        _ => false,
    }
}

fn ambiguous(several: &[&Arc<Routine>]) -> Error {
    let shown = several.iter().map(|routine| {
        let parameters = routine
            .parameters
            .iter()
            .map(|parameter| format!("{} => {}", parameter.name, parameter.declared));
        format!(
            "{}.{}({})",
            routine.schema,
            routine.name,
            parameters.collect::<Vec<_>>().join(", ")
        )
    });
    let shown: Vec<String> = shown.collect();
    pgrst(
        "PGRST203",
        format!(
            "Could not choose the best candidate function between: {}",
            shown.join(", ")
        ),
    )
    .hint(
        "Try renaming the parameters or the function itself in the database so function overloading can be resolved",
    )
}

fn none(catalogue: &Catalogue, wanted: &Wanted<'_>) -> Error {
    let Wanted { schema, name, .. } = wanted;
    let names = wanted.arguments.names();
    let list = names.join(", ");
    let posted = wanted.method == Method::Post;
    let (shown, searched) = match (wanted.arguments, wanted.single_object) {
        (_, true) => (
            format!("{schema}.{name}"),
            "with a single json/jsonb parameter".to_owned(),
        ),
        (Arguments::Whole(types), _) => {
            let kind = match types.first().copied() {
                Some("json") => "json/jsonb",
                Some(kind) => kind,
                None => "unnamed",
            };
            (
                format!("{schema}.{name}"),
                format!("with a single unnamed {kind} parameter"),
            )
        }
        (Arguments::Named(_), _) if names.is_empty() => (
            format!("{schema}.{name} without parameters"),
            if posted {
                "without parameters or with a single unnamed json/jsonb parameter".to_owned()
            } else {
                "without parameters".to_owned()
            },
        ),
        (Arguments::Named(_), _) => {
            let word = if names.len() == 1 {
                "parameter"
            } else {
                "parameters"
            };
            let or = if posted {
                " or with a single unnamed json/jsonb parameter"
            } else {
                ""
            };
            (
                format!("{schema}.{name}({list})"),
                format!("with {word} {list}{or}"),
            )
        }
    };
    let made = pgrst(
        "PGRST202",
        format!("Could not find the function {shown} in the schema cache"),
    )
    .details(format!(
        "Searched for the function {schema}.{name} {searched}, but no matches were found in the schema cache."
    ));
    let every = catalogue.every_routine(schema);
    let known: Vec<&str> = every.iter().map(|routine| routine.name.as_str()).collect();
    let hint = match catalogue.routines(schema, name).first() {
        Some(routine) => {
            let parameters: Vec<&str> = routine
                .parameters
                .iter()
                .map(|parameter| parameter.name.as_str())
                .collect();
            Some(format!(
                "Perhaps you meant to call the function {schema}.{name}({})",
                parameters.join(", ")
            ))
        }
        None => similar(name, &known)
            .map(|found| format!("Perhaps you meant to call the function {schema}.{found}")),
    };
    match hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}

/// Whether a function of this name may change data; none when there is no such function.
pub(crate) fn volatility(catalogue: &Catalogue, schema: &str, name: &str) -> Option<bool> {
    let routines = catalogue.routines(schema, name);
    (!routines.is_empty()).then(|| routines.iter().any(|routine| routine.volatile))
}
