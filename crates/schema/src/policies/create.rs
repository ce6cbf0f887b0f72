//! Creating a policy.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Params, Step, params};

use super::Policies;
use super::asked::closes_a_circle;
use super::drop::dropped;
use super::objects::{self, OBJECTS};
use crate::catalogue::{Asks, Catalogue, Table};
use crate::policy::{Command, Expression, mentioned, parse, predicate, qualify, recursion, row_name};
use crate::quote::quoted;
use crate::refusal::sqlstate;
use crate::tables::{bump_policies, checked_name};

/// A policy to be created.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// Its table.
    pub table: String,
    /// Its name, unique per table.
    pub name: String,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Permissive policies are joined with OR; restrictive ones must hold besides.
    pub permissive: bool,
    /// `public` (everybody), `anon`, `authenticated`; none means `public`.
    pub roles: Vec<String>,
    /// Which rows may be seen or touched.
    pub using: Option<String>,
    /// Which rows may be written; `using` where there is none.
    pub check: Option<String>,
}

impl Policies {
    /// Creates a policy, and turns the table's row security on.
    ///
    /// # Errors
    /// 42P01 without the table, 42710 when it exists, 0A000 for an expression outside the subset, naming the
    /// construct, 42601 for one that does not parse, and what its types do not allow.
    pub async fn create(&self, policy: &NewPolicy) -> Result<()> {
        self.put(None, policy).await
    }

    /// Puts a policy in the place of `old`, at once: nobody is let in or shut out in between.
    ///
    /// # Errors
    /// As [`Policies::create`]; 42704 without the old policy.
    pub async fn replace(&self, old: &str, policy: &NewPolicy) -> Result<()> {
        self.put(Some(old), policy).await
    }

    async fn put(&self, old: Option<&str>, policy: &NewPolicy) -> Result<()> {
        let table = self.guarded(&policy.table)?;
        let dialect = self.library.dialect();
        let mut steps: Vec<Step> = old
            .map(|old| dropped(dialect, &table, old, false))
            .into_iter()
            .collect();
        steps.extend(self.creation(&table, policy)?);
        let done = self.library.db.batch(steps).await;
        done.map_err(|error| match error.wire_code_str() {
            Some("23505") => exists(policy.name.trim(), &table.name),
            _ => error,
        })?;
        self.library.refresh().await
    }

    /// The statements that create a policy.
    pub(super) fn creation(&self, table: &Table, policy: &NewPolicy) -> Result<Vec<Step>> {
        let catalogue = self.library.current();
        let checked = check(policy, &table.name, Some((table, &catalogue)))?;
        checked.refuse_circles(&stored_name(table), &catalogue)?;
        Ok(match self.library.dialect() {
            Dialect::Postgres => postgres(table, &checked),
            Dialect::Sqlite => sqlite(&stored_name(table), &checked)
                .into_iter()
                .map(|(sql, params)| Step::new(sql, params))
                .chain([bump_policies()])
                .collect(),
        })
    }

    /// The table whose policies are meant.
    pub(super) fn guarded(&self, name: &str) -> Result<Arc<Table>> {
        if name == OBJECTS {
            return Ok(Arc::new(objects::table()));
        }
        self.library.current().table("public", name).cloned()
    }

    /// The statements that create a policy on SQLite, to run with others in one transaction. `made` are the tables
    /// that those make: the types of a policy that speaks of one are not checked yet, and when it does not fit them
    /// it lets nobody in.
    ///
    /// # Errors
    /// As [`Policies::create`].
    pub fn steps(&self, policy: &NewPolicy, made: &[String]) -> Result<Vec<(String, Params)>> {
        let catalogue = self.library.current();
        let row = row_name(&policy.table);
        let mut checked = check(policy, row, None)?;
        let mut named = checked.mentioned();
        named.push(policy.table.clone());
        if !named.iter().any(|table| made.contains(table)) {
            let table = self.guarded(&policy.table)?;
            checked = check(policy, row, Some((&table, &catalogue)))?;
            checked.refuse_circles(&policy.table, &catalogue)?;
        }
        let mut steps = sqlite(&policy.table, &checked);
        steps.push((
            "UPDATE system.policy_version SET version = version + 1".to_owned(),
            params![],
        ));
        Ok(steps)
    }
}

struct Checked {
    name: String,
    command: Command,
    permissive: bool,
    roles: Vec<String>,
    using: Option<Expression>,
    check: Option<Expression>,
}

/// The name under which SQLite keeps a table's policies.
pub(super) fn stored_name(table: &Table) -> String {
    match table.schema.as_str() {
        "storage" => OBJECTS.to_owned(),
        _ => table.name.clone(),
    }
}

/// PostgreSQL's words for a policy whose name is taken, where SQLite names its own key.
pub(super) fn named_twice(error: Error) -> Error {
    match error.wire_code_str() {
        Some("23505") => sqlstate("42710", "a policy of this name exists already"),
        _ => error,
    }
}

impl Checked {
    /// The tables of its subqueries.
    fn mentioned(&self) -> Vec<String> {
        let trees = self.using.iter().chain(&self.check).cloned();
        trees.flat_map(|mut tree| mentioned(&mut tree)).collect()
    }

    fn refuse_circles(&self, table: &str, catalogue: &Catalogue) -> Result<()> {
        let asks = |asked| Asks {
            table: table.to_owned(),
            policy: self.name.clone(),
            asked,
            reads: matches!(self.command, Command::All | Command::Select),
        };
        let new: Vec<Asks> = self.mentioned().into_iter().map(asks).collect();
        match closes_a_circle(catalogue.asks(), &new) {
            true => Err(recursion(table)),
            false => Ok(()),
        }
    }
}

fn exists(name: &str, table: &str) -> Error {
    sqlstate(
        "42710",
        format!("policy \"{name}\" for table \"{table}\" already exists"),
    )
}

fn check(policy: &NewPolicy, table_name: &str, known: Option<(&Table, &Catalogue)>) -> Result<Checked> {
    let name = policy.name.trim();
    if name.is_empty() || name.len() > 63 || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "policyName",
            "A policy's name has 1 to 63 printable characters",
        ));
    }
    let command = Command::of(policy.command.trim())
        .ok_or_else(|| Error::invalid("command", "The command is ALL, SELECT, INSERT, UPDATE or DELETE"))?;
    let mut roles = policy.roles.clone();
    if roles.is_empty() {
        roles.push("public".to_owned());
    }
    for (index, role) in roles.iter().enumerate() {
        let field = format!("roles.{index}");
        checked_name(&field, role)?;
        if !["public", "anon", "authenticated", "project_admin"].contains(&role.as_str()) {
            return Err(sqlstate("42704", format!("role \"{role}\" does not exist")).field(field));
        }
    }
    let expression = |field: &str, text: &Option<String>| -> Result<Option<Expression>> {
        let Some(text) = text.as_deref().filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let mut tree = parse(text, table_name).map_err(|error| error.field(field))?;
        // Both databases hold policies to the same types.
        if let Some((table, catalogue)) = known {
            qualify(&mut tree, table, catalogue)
                .and_then(|()| predicate(&tree, table, catalogue))
                .map_err(|error| error.field(field))?;
        }
        Ok(Some(tree))
    };
    let (using, check) = (
        expression("using", &policy.using)?,
        expression("check", &policy.check)?,
    );
    match command {
        Command::Insert if using.is_some() => {
            return Err(sqlstate("42601", "only WITH CHECK expression allowed for INSERT"));
        }
        Command::Select | Command::Delete if check.is_some() => {
            return Err(sqlstate(
                "42601",
                "WITH CHECK cannot be applied to SELECT or DELETE",
            ));
        }
        _ => {}
    }
    Ok(Checked {
        name: name.to_owned(),
        command,
        permissive: policy.permissive,
        roles,
        using,
        check,
    })
}

fn sqlite(table: &str, policy: &Checked) -> Vec<(String, Params)> {
    let text = |tree: &Option<Expression>| tree.as_ref().map(ToString::to_string);
    vec![
        (
            "INSERT INTO system.policies (table_name, name, command, permissive, roles, using_sql, check_sql) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
                .to_owned(),
            params![
                table,
                policy.name.as_str(),
                policy.command.word(),
                policy.permissive,
                policy.roles.join(","),
                text(&policy.using),
                text(&policy.check),
            ],
        ),
        (
            "INSERT INTO system.row_security (table_name) VALUES ($1) ON CONFLICT (table_name) DO NOTHING".to_owned(),
            params![table],
        ),
    ]
}

fn postgres(table: &Table, policy: &Checked) -> Vec<Step> {
    let place = format!("{}.{}", quoted(&table.schema), quoted(&table.name));
    let roles: Vec<String> = policy
        .roles
        .iter()
        .map(|role| {
            if role == "public" {
                "PUBLIC".to_owned()
            } else {
                quoted(role)
            }
        })
        .collect();
    let mut sql = format!(
        "CREATE POLICY {} ON {place} AS {} FOR {} TO {}",
        quoted(&policy.name),
        if policy.permissive {
            "PERMISSIVE"
        } else {
            "RESTRICTIVE"
        },
        policy.command.word(),
        roles.join(", "),
    );
    if let Some(using) = &policy.using {
        sql.push_str(&format!(" USING ({using})"));
    }
    if let Some(check) = &policy.check {
        sql.push_str(&format!(" WITH CHECK ({check})"));
    }
    vec![
        Step::new(sql, params![]),
        Step::new(
            format!("ALTER TABLE {place} ENABLE ROW LEVEL SECURITY"),
            params![],
        ),
    ]
}
