//! One request, prepared: parsed and with its table found.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use busbar_kernel::{Clock, Error, Result};
use busbar_store::{Db, Dialect, Session, Step, StepRows};

use super::own;
use super::own_media;
use super::request::{Method, RecordAnswer, RecordRequest};
use super::timing::Timing;
use super::{RecordOptions, Records};
use crate::caller::{Caller, Profile, Role};
use crate::grammar::{Answer, Item, Offers, Part, Prefer, Query, Shape, Window, negotiate, select, window};
use crate::refusal::{only_postgres, parse, pgrst, similar, sqlstate};
use crate::render::{Asked, Given, Inputs, Plans, RowForm, literals, write_below, write_shape};
use busbar_schema::catalogue::{Catalogue, Handler, Library, Security, Table, internal_schema};

/// How long one request may keep the database busy.
const TIME_LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Run<'r> {
    pub(crate) db: &'r Db,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) plans: &'r Plans,
    pub(crate) profile: Profile,
    pub(crate) request: &'r RecordRequest<'r>,
    pub(crate) caller: &'r Caller,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) table: Arc<Table>,
    pub(crate) schema: Cow<'r, str>,
    pub(crate) query: Query<'r>,
    pub(crate) prefer: Prefer,
    pub(crate) accept: Answer,
    /// The aggregate that makes the answer, where a media type of the table's own is asked for.
    pub(super) media: Option<Arc<Handler>>,
    pub(crate) window: Window,
    pub(crate) options: RecordOptions,
    /// What functions of the database said of the answer.
    own: OnceLock<StepRows>,
    pub(crate) timing: Option<&'r Timing>,
}

/// What is known of a request before its query is read.
pub(crate) struct Call<'r> {
    pub(crate) library: &'r Arc<Library>,
    pub(crate) plans: &'r Plans,
    pub(crate) options: RecordOptions,
    pub(crate) profile: Profile,
    pub(crate) request: &'r RecordRequest<'r>,
    pub(crate) caller: &'r Caller,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) prefer: Prefer,
    /// A function may have a form of its own in place of a refusal.
    pub(crate) accept: Result<Answer>,
    pub(crate) timing: Option<&'r Timing>,
}

impl<'r> Call<'r> {
    pub(crate) fn prepare(
        records: &'r Records,
        profile: Profile,
        request: &'r RecordRequest<'r>,
        caller: &'r Caller,
        timing: Option<&'r Timing>,
    ) -> Result<Self> {
        let options = records.options.clone();
        let catalogue = records.library.current();
        let offers = Offers {
            plans: options.plans,
            geography: catalogue.geography().is_some(),
        };
        let prefer = Prefer::parse(request.headers.prefer)?;
        Ok(Self {
            library: &records.library,
            plans: &records.plans,
            timing,
            profile,
            request,
            caller,
            prefer,
            accept: negotiate(request.headers.accept, offers),
            options,
            catalogue,
        })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.library.db.dialect()
    }

    /// The schema that a header or, in InsForge's profile, a parameter names.
    pub(crate) fn schema(&self, query: &mut Query<'r>) -> Result<Cow<'r, str>> {
        if self.options.pre_request.is_some() && self.dialect() == Dialect::Sqlite {
            return Err(only_postgres("a function before each request (DB_PRE_REQUEST)"));
        }
        schema(self.profile, self.request, query, self.request.method.reads())
    }

    /// The request over a table.
    pub(crate) fn run(self, query: Query<'r>, table: Arc<Table>, schema: Cow<'r, str>) -> Result<Run<'r>> {
        let reads = self.request.method.reads();
        let headers = &self.request.headers;
        let items = headers
            .range_unit
            .is_none_or(|unit| unit.eq_ignore_ascii_case("items"));
        let range = headers
            .range
            .filter(|_| self.request.method == Method::Get && items);
        let window = window(&query, range, self.options.most_rows.filter(|_| reads))?;
        Ok(Run {
            db: &self.library.db,
            plans: self.plans,
            clock: &*self.library.clock,
            profile: self.profile,
            request: self.request,
            caller: self.caller,
            catalogue: self.catalogue,
            table,
            schema,
            query,
            prefer: self.prefer,
            accept: self.accept?,
            media: None,
            window,
            options: self.options,
            own: OnceLock::new(),
            timing: self.timing,
        })
    }
}

impl<'r> Run<'r> {
    pub(crate) fn prepare(
        records: &'r Records,
        profile: Profile,
        request: &'r RecordRequest<'r>,
        caller: &'r Caller,
        timing: Option<&'r Timing>,
    ) -> Result<Self> {
        let mut query = Query::parse(request.query)?;
        let call = Call::prepare(records, profile, request, caller, timing)?;
        let schema = call.schema(&mut query)?;
        let table = call.catalogue.table(&schema, request.table);
        let table = table.map_err(|error| meant(error, &call.catalogue, &schema, request.table))?;
        let table = table.clone();
        if caller.role != Role::ProjectAdmin && matches!(table.security, Security::Closed) {
            return Err(closed_view(&table.name));
        }
        // A simple view of SQLite is written through.
        let table = match &table.written_to {
            Some(behind) if !request.method.reads() => behind.clone(),
            _ => table,
        };
        let mut call = call;
        let header = request.headers.accept;
        let media = match request.method.reads() {
            true => own_media::chosen(&call.catalogue, &table, header, &mut call.accept),
            false => None,
        };
        let run = call.run(query, table, schema)?;
        Ok(Run { media, ..run })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The session: on PostgreSQL the role and what `auth.*` reads; SQLite's statements carry both themselves.
    pub(crate) fn session(&self, read_only: bool) -> Session {
        let mut session = Session::owner();
        session.read_only = read_only;
        session.time_limit = TIME_LIMIT;
        if self.dialect() == Dialect::Sqlite && !read_only {
            // Nothing but who writes: it is for the triggers that record changes.
            session.role = Some(self.caller.role.name().to_owned());
            let person = self.caller.claims.get("sub").and_then(serde_json::Value::as_str);
            session.settings = person
                .map(|person| ("request.jwt.claim.sub".to_owned(), person.to_owned()))
                .into_iter()
                .collect();
        }
        if self.dialect() == Dialect::Postgres {
            let claims = serde_json::Value::Object(self.caller.claims.clone()).to_string();
            session.role = Some(self.caller.role.name().to_owned());
            let shown = self.request.headers.shown.iter();
            let shown = shown.map(|(name, value)| ((*name).to_owned(), (*value).into()));
            let cookies = self.request.headers.cookies.iter();
            let cookies = cookies.map(|(name, value)| ((*name).to_owned(), (*value).into()));
            session.settings = vec![
                ("request.jwt.claims".to_owned(), claims),
                ("request.method".to_owned(), self.request.method.name().to_owned()),
                ("request.path".to_owned(), format!("/{}", self.request.table)),
                (
                    "request.headers".to_owned(),
                    serde_json::Value::Object(shown.collect()).to_string(),
                ),
                (
                    "request.cookies".to_owned(),
                    serde_json::Value::Object(cookies.collect()).to_string(),
                ),
            ];
            if let Some(zone) = self.prefer.timezone {
                session
                    .settings
                    .push(("timezone".to_owned(), zone.name().to_owned()));
            }
            session.schema = Some(self.schema.clone().into_owned());
            session.first = self.options.pre_request.as_deref().map(pre_request);
        }
        session
    }

    /// Runs the steps of a request; what a function before them said of the answer is kept for it.
    pub(super) async fn batch(&self, session: &Session, mut steps: Vec<Step>) -> Result<Vec<StepRows>> {
        let asks = self.asks_for_own();
        if asks {
            steps.push(Step::new(own::SETTINGS, Vec::new()));
        }
        let mut done = self.db.batch_as(session, steps).await?;
        if asks && let Some(said) = done.pop() {
            self.keep_own(said);
        }
        Ok(done)
    }

    /// Whether a function runs before the request, and may speak of the answer.
    pub(super) fn asks_for_own(&self) -> bool {
        self.options.pre_request.is_some() && self.dialect() == Dialect::Postgres
    }

    pub(super) fn keep_own(&self, said: StepRows) {
        // A request that is answered again has an answer of its own.
        let _ = self.own.set(said);
    }

    /// Puts what was said of the answer into it.
    pub(super) fn own_said(&self, answer: RecordAnswer) -> Result<RecordAnswer> {
        match self.own.get() {
            Some(said) => own::apply(answer, said),
            None => Ok(answer),
        }
    }

    /// The session of a write, which is undone where that is asked and allowed.
    pub(crate) fn writing(&self) -> Session {
        self.undone_as_asked(self.session(false))
    }

    pub(crate) fn undone_as_asked(&self, mut session: Session) -> Session {
        session.roll_back = self.options.rollback && self.prefer.commit == Some(false);
        session
    }

    /// The start of the key under which the rendered request is kept: all of it but values.
    pub(crate) fn shape(&self, what: &str) -> String {
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
            self.accept.shape == Shape::GeoJson,
            self.options.aggregates,
            self.options.most_rows.is_some(),
        ];
        shape.extend(flags.iter().map(|flag| if *flag { '1' } else { '0' }));
        if let (Dialect::Sqlite, Some(zone)) = (self.dialect(), self.prefer.timezone) {
            shape.push_str(zone.name());
        }
        write_shape(&mut shape, &self.query.conditions);
        if !self.query.below.is_empty() {
            shape.push('\0');
            write_below(&mut shape, &self.query.below);
        }
        shape
    }

    pub(crate) fn literals(&self) -> Vec<Given<'_>> {
        let mut found = Vec::new();
        literals(&self.query.conditions, &mut found);
        for below in &self.query.below {
            if let Part::Condition(tree) = &below.part {
                literals(std::slice::from_ref(tree), &mut found);
            }
        }
        found
    }

    pub(crate) fn inputs<'i>(&'i self, literals: &'i [Given<'i>]) -> Inputs<'i> {
        Inputs {
            clock: self.clock,
            dialect: self.dialect(),
            literals,
            window: self.window,
            below: &self.query.below,
            most: self.options.most_rows,
            caller: self.caller,
            zone: self.prefer.timezone,
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

    /// What becomes of each row.
    pub(super) fn form(&self) -> RowForm<'_> {
        RowForm {
            nulls_stripped: self.accept.nulls_stripped,
            geography: self
                .catalogue
                .geography()
                .filter(|_| self.accept.shape == Shape::GeoJson),
        }
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
            zone: self.prefer.timezone,
        }
    }

    pub(crate) fn not_singular(&self, rows: u64) -> Error {
        not_singular(rows)
    }
}

/// The call of the function that runs before each request.
fn pre_request(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(busbar_schema::quote::quoted).collect();
    format!("SELECT {}()", parts.join("."))
}

/// A table that is not there, with the one that may be meant.
fn meant(error: Error, catalogue: &Catalogue, schema: &str, name: &str) -> Error {
    let known = catalogue.tables(schema);
    let names: Vec<&str> = known.iter().map(|table| table.name.as_str()).collect();
    match similar(name, &names) {
        Some(found) if error.wire_code_str() == Some("42P01") => {
            error.hint(format!("Perhaps you meant the table '{schema}.{found}'"))
        }
        _ => error,
    }
}

/// One row was asked for, and there are others or none.
pub(crate) fn not_singular(rows: u64) -> Error {
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

/// SQLite would show every row of the tables behind it.
fn closed_view(view: &str) -> Error {
    sqlstate("42501", format!("permission denied for view {view}"))
        .details("tables behind the view have row security, which SQLite does not ask inside views")
        .hint("Read the tables themselves, or use PostgreSQL, where views ask the policies of whoever reads")
}
