//! The schemas of all routes in one document, each name with one meaning.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

const PREFIX: &str = "#/components/schemas/";

/// The names that a route's schemas have in the document.
pub(crate) type Names = BTreeMap<String, String>;

/// What has been named so far.
#[derive(Default)]
pub(crate) struct Components {
    meanings: BTreeMap<String, BTreeMap<String, Value>>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Components {
    /// Takes a route's schemas. Two types of one name are told apart by the app, then by a number, because a
    /// type's name is unique only in its module.
    pub(crate) fn take(&mut self, app: &str, schemas: &[(String, RefOr<Schema>)]) -> Names {
        let own: BTreeMap<&str, Value> = schemas
            .iter()
            .map(|(name, schema)| (name.as_str(), serde_json::to_value(schema).unwrap_or_default()))
            .collect();
        let mut names = Names::new();
        let mut fresh = Vec::new();
        for (name, _) in schemas {
            if names.contains_key(name) {
                continue;
            }
            let mut meaning = BTreeMap::new();
            gather(name, &own, &mut meaning);
            let chosen = self.choose(app, name, &meaning);
            if self.meanings.insert(chosen.clone(), meaning).is_none() {
                fresh.push((name, chosen.clone()));
            }
            names.insert(name.clone(), chosen);
        }
        for (name, chosen) in fresh {
            if let Some((_, schema)) = schemas.iter().find(|(other, _)| other == name) {
                self.schemas.push((chosen, renamed(schema.clone(), &names)));
            }
        }
        names
    }

    fn choose(&self, app: &str, name: &str, meaning: &BTreeMap<String, Value>) -> String {
        let mut letters = app.chars();
        let app = letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        let plain = std::iter::once(name.to_owned());
        let numbered = (1..).map(|number| {
            format!(
                "{app}{name}{}",
                if number == 1 {
                    String::new()
                } else {
                    number.to_string()
                }
            )
        });
        plain
            .chain(numbered)
            .find(|candidate| self.meanings.get(candidate).is_none_or(|known| known == meaning))
            .unwrap_or_else(|| name.to_owned())
    }

    /// Every schema under its name.
    pub(crate) fn into_schemas(self) -> Vec<(String, RefOr<Schema>)> {
        self.schemas
    }
}

/// A part of the document with its references under the chosen names.
pub(crate) fn renamed<T: Serialize + DeserializeOwned>(part: T, names: &Names) -> T {
    if names.iter().all(|(name, chosen)| name == chosen) {
        return part;
    }
    let Ok(mut value) = serde_json::to_value(&part) else {
        return part;
    };
    rename(&mut value, names);
    serde_json::from_value(value).unwrap_or(part)
}

fn rename(value: &mut Value, names: &Names) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let chosen = target(key, field).and_then(|name| names.get(name));
                match chosen {
                    Some(chosen) => *field = Value::String(format!("{PREFIX}{chosen}")),
                    None => rename(field, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

/// Everything that a schema says, with all that it refers to.
fn gather(name: &str, own: &BTreeMap<&str, Value>, found: &mut BTreeMap<String, Value>) {
    let Some(schema) = own.get(name) else { return };
    if found.insert(name.to_owned(), schema.clone()).is_none() {
        follow(schema, own, found);
    }
}

fn follow(value: &Value, own: &BTreeMap<&str, Value>, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match target(key, field) {
                    Some(name) => gather(name, own, found),
                    None => follow(field, own, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| follow(item, own, found)),
        _ => {}
    }
}

fn target<'a>(key: &str, field: &'a Value) -> Option<&'a str> {
    field.as_str().filter(|_| key == "$ref")?.strip_prefix(PREFIX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schemas(parts: Value) -> Vec<(String, RefOr<Schema>)> {
        let Value::Object(parts) = parts else {
            panic!("an object")
        };
        parts
            .into_iter()
            .map(|(name, schema)| (name, serde_json::from_value(schema).unwrap()))
            .collect()
    }

    #[test]
    fn one_name_with_two_meanings_becomes_two_names() {
        let reference = |name: &str| json!({"type": "object", "properties": {"inner": {"$ref": format!("{PREFIX}{name}")}}});
        let mut components = Components::default();
        let text = schemas(json!({"Page": reference("Item"), "Item": {"type": "string"}}));
        let number = schemas(json!({"Page": reference("Item"), "Item": {"type": "integer"}}));
        assert_eq!(components.take("insforge", &text)["Page"], "Page");
        assert_eq!(
            components.take("insforge", &text)["Item"],
            "Item",
            "the same again is the same"
        );
        assert_eq!(
            components.take("console", &number)["Page"],
            "ConsolePage",
            "it differs by what it refers to"
        );
        let other = schemas(json!({"Item": {"type": "boolean"}}));
        assert_eq!(components.take("console", &other)["Item"], "ConsoleItem2");
        let all: BTreeMap<_, _> = components.into_schemas().into_iter().collect();
        assert_eq!(
            all.keys().collect::<Vec<_>>(),
            ["ConsoleItem", "ConsoleItem2", "ConsolePage", "Item", "Page"]
        );
        let page = serde_json::to_value(&all["ConsolePage"]).unwrap();
        assert_eq!(
            page["properties"]["inner"]["$ref"],
            format!("{PREFIX}ConsoleItem")
        );
    }
}
