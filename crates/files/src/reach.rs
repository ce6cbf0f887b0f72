//! What is in somebody's reach: everything, their own, or what the policies of `storage.objects` say.

use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Kind, Result};
use busbar_schema::policies::{ObjectSecurity, object_security};
use busbar_schema::policy::{Command, Condition, Policy, Side, condition};
use busbar_store::{Params, Session, Step, params};
use serde_json::{Map, Value as Json};

use crate::objects::{COLUMNS, Object};
use crate::rules::somebody;
use crate::{BucketName, ObjectKey, ObjectRule, Place};

/// The database's role of signed-in people.
const ROLE: &str = "authenticated";

/// The objects that an actor may change and list.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    /// All of them.
    All,
    /// Those that this subject uploaded.
    Own(String),
    /// Those of which the policies say so.
    Policies(Box<Policed>),
}

/// A person under policies.
#[derive(Clone, Debug)]
pub(crate) struct Policed {
    claims: Map<String, Json>,
    /// Where the database does not apply them itself.
    rendered: Option<Arc<[Policy]>>,
}

/// What the key refers to when it was looked at; outer `None` where that does not matter.
pub(crate) type Expected = Option<Option<Id>>;

impl Place {
    /// What is in `actor`'s reach at this moment.
    ///
    /// # Errors
    /// `Unauthenticated` for nobody, `Forbidden` for the application without a person; the database's.
    pub(crate) async fn reach(&self, actor: &Actor) -> Result<Reach> {
        somebody(actor)?;
        let Some(user) = actor.user() else {
            return Ok(Reach::All);
        };
        let rendered = match object_security(&self.library).await? {
            ObjectSecurity::None if self.settings.rule == ObjectRule::SignedIn => return Ok(Reach::All),
            ObjectSecurity::None => return Ok(Reach::Own(user.subject.clone())),
            ObjectSecurity::Native => None,
            ObjectSecurity::Rendered(policies) => Some(policies),
        };
        let mut claims = user.claims.clone();
        claims.insert("sub".to_owned(), user.subject.as_str().into());
        claims.insert("role".to_owned(), ROLE.into());
        if let Some(email) = &user.email {
            claims.insert("email".to_owned(), email.as_str().into());
        }
        Ok(Reach::Policies(Box::new(Policed { claims, rendered })))
    }

    /// The object at a key, when it is in reach.
    pub(crate) async fn within(
        &self,
        reach: &Reach,
        bucket: &BucketName,
        key: &ObjectKey,
    ) -> Result<Option<Object>> {
        let within = reach.condition(&[Command::Select], 3)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM storage.objects AS o WHERE o.bucket = $1 AND o.key = $2 AND {}",
            within.sql
        );
        let mut values = params![bucket.as_str(), key.as_str()];
        values.extend(within.params);
        let steps = vec![Step::new(sql, values)];
        let found = self.db.batch_as(&reach.session(true), steps).await?;
        let row = found.first().and_then(|found| found.rows.first());
        row.map(busbar_store::Row::read).transpose()
    }

    /// Whether `object` may be written at its key, and what it would replace.
    ///
    /// # Errors
    /// `files.denied`; `bucket.not_found`; the database's.
    pub(crate) async fn may_write(&self, reach: &Reach, object: &Object) -> Result<Expected> {
        let Reach::Policies(policed) = reach else {
            return Ok(None);
        };
        let sql = "SELECT blob FROM storage.objects WHERE bucket = $1 AND key = $2";
        let key = params![object.bucket.as_str(), object.key.as_str()];
        let there: Option<Id> = self.db.optional(sql, key).await?;
        let allowed = match &policed.rendered {
            None => self.tried(reach, object, there.is_some()).await?,
            Some(policies) => self.asked(policed, policies, object, there.is_some()).await?,
        };
        if allowed { Ok(Some(there)) } else { Err(denied()) }
    }

    /// Writes as the person would, under the database's own row security, and undoes it.
    async fn tried(&self, reach: &Reach, object: &Object, replaces: bool) -> Result<bool> {
        const INSERT: &str = "INSERT INTO storage.objects (bucket, key, size, mime_type, uploaded_at, uploaded_by, \
                              uploaded_via, s3_access_key_id, etag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        const UPDATE: &str = "UPDATE storage.objects SET size = $3, mime_type = $4, uploaded_at = $5, \
                              uploaded_by = $6, uploaded_via = $7, s3_access_key_id = $8, etag = $9 \
                              WHERE bucket = $1 AND key = $2";
        let session = Session {
            roll_back: true,
            ..reach.session(false)
        };
        let sql = if replaces { UPDATE } else { INSERT };
        let steps = vec![Step::new(sql, row(object))];
        match self.db.batch_as(&session, steps).await {
            Ok(done) => Ok(done.first().is_some_and(|done| done.affected == 1)),
            Err(error) => match error.wire_code_str() {
                Some("42501") => Ok(false),
                Some("23503") => Err(Error::not_found("bucket")),
                // Somebody else stored one at this key in between.
                Some("23505") => Err(changed()),
                _ => Err(error),
            },
        }
    }

    /// Asks the policies' predicates about the row that is there and the one that is to be.
    async fn asked(
        &self,
        policed: &Policed,
        policies: &[Policy],
        object: &Object,
        replaces: bool,
    ) -> Result<bool> {
        let new_row = "(SELECT $1 AS bucket, $2 AS key, $3 AS size, $4 AS mime_type, $5 AS uploaded_at, \
                       $6 AS uploaded_by, $7 AS uploaded_via, $8 AS s3_access_key_id, $9 AS etag) AS o";
        let sides: &[(Command, Side)] = if replaces {
            &[(Command::Update, Side::Check), (Command::Select, Side::Using)]
        } else {
            &[(Command::Insert, Side::Check)]
        };
        let (sql, values) = conditions(policed, policies, sides, row(object))?;
        let mut steps = vec![Step::new(format!("SELECT 1 FROM {new_row} WHERE {sql}"), values)];
        if replaces {
            let sides = [(Command::Update, Side::Using), (Command::Select, Side::Using)];
            let key = params![object.bucket.as_str(), object.key.as_str()];
            let (sql, values) = conditions(policed, policies, &sides, key)?;
            let old_row = "storage.objects AS o WHERE o.bucket = $1 AND o.key = $2 AND";
            steps.push(Step::new(format!("SELECT 1 FROM {old_row} {sql}"), values));
        }
        let session = Session {
            read_only: true,
            ..Session::owner()
        };
        let answers = self.db.batch_as(&session, steps).await?;
        Ok(answers.iter().all(|answer| !answer.rows.is_empty()))
    }
}

impl Reach {
    /// Whether an object uploaded by `owner` is in reach, as far as no policy has to be asked.
    pub(crate) fn has(&self, owner: Option<&str>) -> bool {
        match self {
            Self::All | Self::Policies(_) => true,
            Self::Own(subject) => owner == Some(subject),
        }
    }

    /// Whether the owner does not matter, as a parameter of a statement.
    pub(crate) fn any_owner(&self) -> bool {
        !matches!(self, Self::Own(_))
    }

    /// The condition on the rows of the table called `o` for all of `commands`; its parameters are numbered from `first`.
    pub(crate) fn condition(&self, commands: &[Command], first: usize) -> Result<Condition> {
        let always = || Condition {
            sql: "1 = 1".to_owned(),
            params: Params::new(),
        };
        match self {
            Self::All => Ok(always()),
            Self::Own(subject) => Ok(Condition {
                sql: format!("o.uploaded_by = ${first}"),
                params: params![subject.as_str()],
            }),
            Self::Policies(policed) => match &policed.rendered {
                None => Ok(always()),
                Some(policies) => {
                    let sides: Vec<_> = commands.iter().map(|command| (*command, Side::Using)).collect();
                    let mut made = Condition::default();
                    for (index, side) in sides.into_iter().enumerate() {
                        let who = (ROLE, &policed.claims);
                        let one = condition(policies, side, who, "o", first + made.params.len())?;
                        made.sql.push_str(if index > 0 { " AND " } else { "" });
                        made.sql.push_str(&one.sql);
                        made.params.extend(one.params);
                    }
                    Ok(made)
                }
            },
        }
    }

    /// On whose behalf statements run: the person's where the database applies the policies itself.
    pub(crate) fn session(&self, read_only: bool) -> Session {
        let mut session = match self {
            Self::Policies(policed) if policed.rendered.is_none() => Session {
                settings: vec![(
                    "request.jwt.claims".to_owned(),
                    Json::Object(policed.claims.clone()).to_string(),
                )],
                ..Session::role(ROLE)
            },
            _ => Session::owner(),
        };
        session.read_only = read_only;
        session
    }
}

/// Several conditions on one row, behind the parameters that are there already.
fn conditions(
    policed: &Policed,
    policies: &[Policy],
    sides: &[(Command, Side)],
    mut values: Params,
) -> Result<(String, Params)> {
    let mut all = Vec::with_capacity(sides.len());
    for side in sides {
        let who = (ROLE, &policed.claims);
        let one = condition(policies, *side, who, "o", values.len() + 1)?;
        all.push(one.sql);
        values.extend(one.params);
    }
    Ok((all.join(" AND "), values))
}

/// The columns of an object that policies may look at.
fn row(object: &Object) -> Params {
    params![
        object.bucket.as_str(),
        object.key.as_str(),
        object.size,
        object.mime_type.clone(),
        object.uploaded_at,
        object.uploaded_by.clone(),
        object.uploaded_via.name(),
        object.s3_access_key_id.clone(),
        object.etag.clone(),
    ]
}

pub(crate) fn denied() -> Error {
    Error::forbidden("files.denied", "You do not have permission to change this file")
}

/// What was looked at is no longer what is there.
pub(crate) fn changed() -> Error {
    Error::new(
        Kind::Conflict,
        "files.changed",
        "The object was replaced at the same moment: try again",
    )
    .temporary(true)
}
