//! How tables refer to each other: what embedding follows.

use std::collections::HashMap;
use std::sync::Arc;

use super::table::{ForeignKey, Table};

/// A way from one table to another.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The other table, in the same schema.
    pub target: Arc<Table>,
    /// How many rows of one belong to one of the other.
    pub cardinality: Cardinality,
    /// What connects the two.
    pub link: Link,
}

/// How many rows belong to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// The foreign key is on this side.
    ManyToOne,
    /// The foreign key is on the other side.
    OneToMany,
    /// As either, where the key's columns are unique.
    OneToOne,
    /// Through a junction.
    ManyToMany,
}

/// What connects two tables; columns come in pairs, those nearer to the origin first.
#[derive(Clone, Debug)]
pub enum Link {
    /// A foreign key of one of the two.
    Key {
        /// Its name.
        constraint: String,
        /// Columns here and there.
        columns: Vec<(String, String)>,
    },
    /// A table whose primary key holds foreign keys to both.
    Junction {
        /// It.
        table: Arc<Table>,
        /// The name of its key to this side, with the columns here and in the junction.
        near: (String, Vec<(String, String)>),
        /// The name of its key to the other side, with the columns in the junction and there.
        far: (String, Vec<(String, String)>),
    },
    /// A function from a row of this table to rows of the other.
    Function {
        /// Its name, in the tables' schema.
        name: String,
    },
}

impl Cardinality {
    /// Whether at most one row belongs to each row here.
    pub fn is_to_one(self) -> bool {
        matches!(self, Self::ManyToOne | Self::OneToOne)
    }

    /// The words of error messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::ManyToOne => "many-to-one",
            Self::OneToMany => "one-to-many",
            Self::OneToOne => "one-to-one",
            Self::ManyToMany => "many-to-many",
        }
    }
}

/// A function that is a relation: by its schema, from one table to another.
#[derive(Clone, Debug)]
pub(super) struct Computed {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) to: String,
    /// It gives one row at most.
    pub(super) single: bool,
}

/// Tables by schema and name.
pub(super) type Tables = HashMap<String, HashMap<String, Arc<Table>>>;
/// Relations by schema and name of the table they start from.
pub(super) type Relations = HashMap<String, HashMap<String, Vec<Relation>>>;

/// Every relation between tables of one schema, in an order that does not change.
pub(super) fn relations(tables: &Tables, computed: &[Computed]) -> Relations {
    let mut all: Vec<&Arc<Table>> = tables.values().flat_map(HashMap::values).collect();
    all.sort_by(|one, other| (&one.schema, &one.name).cmp(&(&other.schema, &other.name)));
    let mut finder = Finder {
        views: views(&all),
        tables,
        found: Relations::new(),
    };
    for &table in &all {
        finder.keys(table);
    }
    for &table in &all {
        finder.junctions(table);
    }
    finder.functions(computed);
    finder.found
}

/// A foreign key between base tables, with its columns in full.
struct Key<'t> {
    name: &'t str,
    target: &'t Arc<Table>,
    columns: Vec<String>,
    referenced: Vec<String>,
}

struct Finder<'t> {
    /// Views by the schema and name of each table they show columns of.
    views: HashMap<(&'t str, &'t str), Vec<&'t Arc<Table>>>,
    tables: &'t Tables,
    found: Relations,
}

fn views<'t>(all: &[&'t Arc<Table>]) -> HashMap<(&'t str, &'t str), Vec<&'t Arc<Table>>> {
    let mut views: HashMap<(&str, &str), Vec<&Arc<Table>>> = HashMap::new();
    for &view in all {
        for origin in view.columns.iter().filter_map(|column| column.origin.as_ref()) {
            let known = views.entry((&origin.schema, &origin.table)).or_default();
            if !known.iter().any(|other| Arc::ptr_eq(other, view)) {
                known.push(view);
            }
        }
    }
    views
}

impl<'t> Finder<'t> {
    fn keys(&mut self, table: &'t Arc<Table>) {
        let keys: Vec<Key<'t>> = table
            .foreign_keys
            .iter()
            .filter_map(|key| self.key(table, key))
            .collect();
        for key in keys {
            let unique = is_unique(table, &key.columns);
            let (there, back) = if unique {
                (Cardinality::OneToOne, Cardinality::OneToOne)
            } else {
                (Cardinality::ManyToOne, Cardinality::OneToMany)
            };
            for (here, columns) in self.shows(table, &key.columns) {
                for (target, referenced) in self.shows(key.target, &key.referenced) {
                    self.add(&here, &target, there, link(key.name, &columns, &referenced));
                    self.add(&target, &here, back, link(key.name, &referenced, &columns));
                }
            }
        }
    }

    fn junctions(&mut self, table: &'t Arc<Table>) {
        let in_key = |columns: &[String]| {
            columns.iter().all(|name| {
                let at = table.position(name);
                at.is_some_and(|at| table.primary_key.contains(&at))
            })
        };
        let keys: Vec<Key<'t>> = table
            .foreign_keys
            .iter()
            .filter_map(|key| self.key(table, key))
            .filter(|key| in_key(&key.columns))
            .collect();
        for (at, near) in keys.iter().enumerate() {
            for (_, far) in keys.iter().enumerate().filter(|(other, _)| *other != at) {
                self.junction(table, near, far);
            }
        }
    }

    fn junction(&mut self, table: &'t Arc<Table>, near: &Key<'t>, far: &Key<'t>) {
        let both: Vec<String> = near.columns.iter().chain(&far.columns).cloned().collect();
        for (junction, columns) in self.shows(table, &both) {
            let (nearer, farther) = columns.split_at(near.columns.len());
            for (here, mine) in self.shows(near.target, &near.referenced) {
                for (target, theirs) in self.shows(far.target, &far.referenced) {
                    if junction.schema != here.schema {
                        continue;
                    }
                    let link = Link::Junction {
                        table: junction.clone(),
                        near: (near.name.to_owned(), pairs(&mine, nearer)),
                        far: (far.name.to_owned(), pairs(farther, &theirs)),
                    };
                    self.add(&here, &target, Cardinality::ManyToMany, link);
                }
            }
        }
    }

    /// A function hides what was found to a table of its name.
    fn functions(&mut self, computed: &[Computed]) {
        for function in computed {
            let Some(tables) = self.tables.get(&function.schema) else {
                continue;
            };
            let (Some(from), Some(to)) = (tables.get(&function.from), tables.get(&function.to)) else {
                continue;
            };
            let relations = self.found.entry(function.schema.clone()).or_default();
            let relations = relations.entry(from.name.clone()).or_default();
            relations.retain(|relation| {
                relation.target.name != function.name || matches!(relation.link, Link::Function { .. })
            });
            relations.push(Relation {
                target: to.clone(),
                cardinality: if function.single {
                    Cardinality::ManyToOne
                } else {
                    Cardinality::OneToMany
                },
                link: Link::Function {
                    name: function.name.clone(),
                },
            });
        }
    }

    /// A foreign key whose table is known, with the columns that SQLite leaves out when they are the primary key.
    fn key(&self, table: &Table, key: &'t ForeignKey) -> Option<Key<'t>> {
        let target = self.target(&table.schema, &key.table)?;
        let position = |name: &String| target.position(name).or_else(|| folded(target, name));
        let named: Option<Vec<usize>> = key.referenced.iter().map(position).collect();
        let places = named.or_else(|| {
            let implied = key.referenced.iter().all(String::is_empty);
            (implied && key.columns.len() == target.primary_key.len()).then(|| target.primary_key.clone())
        })?;
        let mine = |name: &String| {
            let at = table.position(name).or_else(|| folded(table, name))?;
            Some(table.columns[at].name.clone())
        };
        Some(Key {
            name: &key.name,
            target,
            columns: key.columns.iter().map(mine).collect::<Option<_>>()?,
            referenced: places.iter().map(|&at| target.columns[at].name.clone()).collect(),
        })
    }

    /// The table a foreign key names; SQLite does not mind its case.
    fn target(&self, schema: &str, name: &str) -> Option<&'t Arc<Table>> {
        let tables = self.tables.get(schema)?;
        if let Some(found) = tables.get(name) {
            return Some(found);
        }
        if let Some((schema, name)) = name.split_once('.') {
            return self.tables.get(schema)?.get(name);
        }
        let same = |table: &&Arc<Table>| table.name.eq_ignore_ascii_case(name);
        tables.values().find(same)
    }

    /// The table and the views that show these columns of it, each with its own names for them.
    fn shows(&self, table: &'t Arc<Table>, columns: &[String]) -> Vec<(Arc<Table>, Vec<String>)> {
        let mut found = vec![(table.clone(), columns.to_vec())];
        let key = (table.schema.as_str(), table.name.as_str());
        for view in self.views.get(&key).into_iter().flatten() {
            let named = columns.iter().map(|name| {
                let shown = view.columns.iter().find(|column| {
                    let origin = column.origin.as_ref();
                    origin.is_some_and(|origin| {
                        (origin.schema.as_str(), origin.table.as_str()) == key && origin.column == *name
                    })
                });
                shown.map(|column| column.name.clone())
            });
            if let Some(named) = named.collect() {
                found.push(((*view).clone(), named));
            }
        }
        found
    }

    fn add(&mut self, from: &Table, to: &Arc<Table>, cardinality: Cardinality, link: Link) {
        if from.schema != to.schema {
            return;
        }
        let schema = self.found.entry(from.schema.clone()).or_default();
        schema.entry(from.name.clone()).or_default().push(Relation {
            target: to.clone(),
            cardinality,
            link,
        });
    }
}

fn folded(table: &Table, name: &str) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|column| column.name.eq_ignore_ascii_case(name))
}

fn pairs(near: &[String], far: &[String]) -> Vec<(String, String)> {
    near.iter().cloned().zip(far.iter().cloned()).collect()
}

fn link(constraint: &str, near: &[String], far: &[String]) -> Link {
    Link::Key {
        constraint: constraint.to_owned(),
        columns: pairs(near, far),
    }
}

/// Whether a key or unique constraint is over exactly these columns.
fn is_unique(table: &Table, columns: &[String]) -> bool {
    let places: Option<Vec<usize>> = columns.iter().map(|name| table.position(name)).collect();
    places.is_some_and(|places| {
        table
            .constraints
            .iter()
            .any(|key| key.len() == places.len() && key.iter().all(|at| places.contains(at)))
    })
}
