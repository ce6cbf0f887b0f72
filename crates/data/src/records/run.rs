//! One request, prepared: parsed and with its table found.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Clock, Error, Result};
use busbar_store::{Db, Dialect, Session};

use super::RecordOptions;
use super::request::{Method, RecordRequest};
use crate::caller::{Caller, Profile};
use crate::grammar::{Answer, Item, Part, Prefer, Query, Window, negotiate, select, window};
use crate::refusal::{parse, pgrst};
use crate::render::{Asked, Given, Inputs, Plans, literals, write_below, write_shape};
use busbar_schema::catalogue::{Catalogue, Library, Table, internal_schema};

/// How long one request may keep the database busy.
const TIME_LIMIT: Duration = Duration::from_secs(30);

pub(super) struct Run<'r> {
    pub(super) db: &'r Db,
    pub(super) clock: &'r dyn Clock,
    pub(super) plans: &'r Plans,
    pub(super) options: &'r RecordOptions,
    pub(super) profile: Profile,
    pub(super) request: &'r RecordRequest<'r>,
    pub(super) caller: &'r Caller,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) table: Arc<Table>,
    pub(super) schema: Cow<'r, str>,
    pub(super) query: Query<'r>,
    pub(super) prefer: Prefer,
    pub(super) accept: Answer,
    pub(super) window: Window,
}

impl<'r> Run<'r> {
    pub(super) fn prepare(
        library: &'r Arc<Library>,
        plans: &'r Plans,
        options: &'r RecordOptions,
        profile: Profile,
        request: &'r RecordRequest<'r>,
        caller: &'r Caller,
    ) -> Result<Self> {
        let mut query = Query::parse(request.query)?;
        let prefer = Prefer::parse(request.headers.prefer)?;
        let accept = negotiate(request.headers.accept)?;
        let reads = matches!(request.method, Method::Get | Method::Head);
        let schema = schema(profile, request, &mut query, reads)?;
        let items = request
            .headers
            .range_unit
            .is_none_or(|unit| unit.eq_ignore_ascii_case("items"));
        let range = request
            .headers
            .range
            .filter(|_| request.method == Method::Get && items);
        let window = window(&query, range, options.most_rows.filter(|_| reads))?;
        let catalogue = library.current();
        let table = catalogue.table(&schema, request.table)?.clone();
        Ok(Self {
            db: &library.db,
            plans,
            options,
            clock: &*library.clock,
            profile,
            request,
            caller,
            catalogue,
            table,
            schema,
            query,
            prefer,
            accept,
            window,
        })
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The session: on PostgreSQL the role and what `auth.*` reads; SQLite's statements carry both themselves.
    pub(super) fn session(&self, read_only: bool) -> Session {
        let mut session = Session::owner();
        session.read_only = read_only;
        session.time_limit = TIME_LIMIT;
        if self.dialect() == Dialect::Postgres {
            let claims = serde_json::Value::Object(self.caller.claims.clone()).to_string();
            session.role = Some(self.caller.role.name().to_owned());
            session.settings = vec![
                ("request.jwt.claims".to_owned(), claims),
                ("request.method".to_owned(), self.method_name().to_owned()),
                ("request.path".to_owned(), format!("/{}", self.request.table)),
            ];
            session.schema = Some(self.schema.clone().into_owned());
        }
        session
    }

    fn method_name(&self) -> &'static str {
        match self.request.method {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    /// The start of the key under which the rendered request is kept: all of it but values.
    pub(super) fn shape(&self, what: &str) -> String {
        let mut shape = String::with_capacity(160);
        shape.push_str(&self.catalogue.number().to_string());
        shape.push('\0');
        let texts = [
            what,
            self.caller.role.name(),
            &self.schema,
            self.request.table,
            self.query.select.as_deref().unwrap_or_default(),
            self.query.order.as_deref().unwrap_or_default(),
        ];
        for text in texts {
            shape.push_str(text);
            shape.push('\0');
        }
        let flags = [
            self.window.limit.is_some(),
            self.window.offset > 0,
            self.accept.nulls_stripped,
            self.options.aggregates,
            self.options.most_rows.is_some(),
        ];
        shape.extend(flags.iter().map(|flag| if *flag { '1' } else { '0' }));
        write_shape(&mut shape, &self.query.conditions);
        if !self.query.below.is_empty() {
            shape.push('\0');
            write_below(&mut shape, &self.query.below);
        }
        shape
    }

    pub(super) fn literals(&self) -> Vec<Given<'_>> {
        let mut found = Vec::new();
        literals(&self.query.conditions, &mut found);
        for below in &self.query.below {
            if let Part::Condition(tree) = &below.part {
                literals(std::slice::from_ref(tree), &mut found);
            }
        }
        found
    }

    pub(super) fn inputs<'i>(&'i self, literals: &'i [Given<'i>]) -> Inputs<'i> {
        Inputs {
            clock: self.clock,
            dialect: self.dialect(),
            literals,
            window: self.window,
            below: &self.query.below,
            most: self.options.most_rows,
            caller: self.caller,
        }
    }

    pub(super) fn items(&self) -> Result<Vec<Item>> {
        let items = select(self.query.select.as_deref().unwrap_or_default())?;
        if !self.options.aggregates && items.iter().any(Item::aggregates) {
            return Err(pgrst("PGRST123", "Use of aggregate functions is not allowed"));
        }
        Ok(items)
    }

    /// What a write shows of each row; nothing where nothing is asked of it.
    pub(super) fn shown_items(&self) -> Result<Vec<Item>> {
        if self.wants_rows() || !self.query.below.is_empty() {
            return self.items();
        }
        Ok(Vec::new())
    }

    /// The request as far as it says which rows are shown, and how.
    pub(super) fn asked<'i>(&'i self, items: &'i [Item]) -> Asked<'i> {
        let reads = matches!(self.request.method, Method::Get | Method::Head);
        Asked {
            catalogue: &self.catalogue,
            table: &self.table,
            items,
            conditions: &self.query.conditions,
            order: self.query.order.as_deref().unwrap_or_default(),
            below: &self.query.below,
            has_limit: self.window.limit.is_some(),
            has_offset: self.window.offset > 0,
            capped: reads && self.options.most_rows.is_some(),
        }
    }

    pub(super) fn not_singular(&self, rows: u64) -> Error {
        not_singular(rows)
    }
}

/// One row was asked for, and there are others or none.
pub(super) fn not_singular(rows: u64) -> Error {
    pgrst(
        "PGRST116",
        "JSON object requested, multiple (or no) rows returned",
    )
    .details(format!("The result contains {rows} rows"))
}

fn schema<'r>(
    profile: Profile,
    request: &'r RecordRequest<'_>,
    query: &mut Query<'r>,
    reads: bool,
) -> Result<Cow<'r, str>> {
    let header = if reads {
        request.headers.accept_profile
    } else {
        request.headers.content_profile
    };
    let header = header.map(str::trim).filter(|named| !named.is_empty());
    let parameter = query.schema.take().filter(|named| !named.trim().is_empty());
    match (profile, parameter, header) {
        (Profile::Insforge, Some(named), _) if internal_schema(named.trim()) => Err(Error::invalid(
            "schema",
            format!("The schema {named} is not accessible"),
        )),
        (Profile::Postgrest, Some(value), _) => Err(parse(
            "filter",
            &value,
            1,
            "unexpected input expecting \"not\" or operator (eq, gt, ...)",
        )),
        (_, _, Some(header)) => Ok(Cow::Borrowed(header)),
        (_, Some(named), None) => Ok(named),
        (_, None, None) => Ok(Cow::Borrowed("public")),
    }
}
