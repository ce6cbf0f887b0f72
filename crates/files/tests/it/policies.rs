//! Policies of `storage.objects`: what they allow, and every way around them that was thought of.

use busbar_files::objects::{Announced, Deletion, ObjectList, Upload};
use busbar_files::{BucketName, Links};
use busbar_kernel::{Actor, Kind};
use busbar_schema::{ColumnType, NewColumn, NewPolicy, NewTable, ObjectsChange, TableChanges};
use busbar_store::{Dialect, Session, Step, params};

use crate::fixture::{Fixture, key, operator, upload, user};
use crate::on_each_database;

fn policy(name: &str, command: &str, using: Option<&str>, check: Option<&str>) -> NewPolicy {
    NewPolicy {
        table: "storage.objects".to_owned(),
        name: name.to_owned(),
        command: command.to_owned(),
        permissive: true,
        roles: vec!["authenticated".to_owned()],
        using: using.map(str::to_owned),
        check: check.map(str::to_owned),
    }
}

async fn create(fixture: &Fixture, policy: NewPolicy) {
    fixture.schema.policies.create(&policy).await.unwrap();
}

/// What InsForge's guide to storage shows: one's own files, and a folder for all.
async fn own_and_shared(fixture: &Fixture) {
    let own = "uploaded_by = auth.jwt()->>'sub'";
    let seen = format!("{own} OR (storage.foldername(key))[1] = 'shared'");
    create(fixture, policy("see", "SELECT", Some(&seen), None)).await;
    let folder = "bucket = 'b' AND (storage.foldername(key))[1] IN (auth.jwt()->>'sub', 'shared')";
    create(fixture, policy("add", "INSERT", None, Some(folder))).await;
    create(fixture, policy("change", "UPDATE", Some(own), Some(own))).await;
    create(fixture, policy("remove", "DELETE", Some(own), None)).await;
}

/// A table of texts with row security, which PostgreSQL's roles of requests may read.
async fn table(fixture: &Fixture, name: &str, columns: &[&str; 2], rows: &[[&str; 2]]) {
    let column = |name: &&str| NewColumn {
        name: (*name).to_owned(),
        kind: ColumnType::Text,
        nullable: false,
        unique: false,
        default: None,
    };
    let made = NewTable {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
        foreign_keys: Vec::new(),
        row_security: true,
    };
    fixture.schema.tables.create(&made).await.unwrap();
    let schema = if fixture.db.dialect() == Dialect::Postgres {
        "public."
    } else {
        ""
    };
    let sql = format!(
        "INSERT INTO {schema}{name} ({}) VALUES ($1, $2)",
        columns.join(", ")
    );
    for [one, other] in rows {
        fixture.db.execute(&sql, params![*one, *other]).await.unwrap();
    }
}

async fn listed(
    fixture: &Fixture,
    actor: &Actor,
    bucket: &BucketName,
    prefix: &str,
    search: &str,
) -> Vec<String> {
    let list = ObjectList {
        prefix: prefix.to_owned(),
        search: search.to_owned(),
        ..ObjectList::default()
    };
    let page = fixture.files.objects.list(actor, bucket, &list).await.unwrap();
    assert_eq!(
        page.total,
        page.objects.len() as u64,
        "the number tells of nothing else"
    );
    page.objects
        .into_iter()
        .map(|object| object.key.to_string())
        .collect()
}

on_each_database! {
    async fn another_persons_object_stays_out_of_reach_by_every_way(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        fixture.put(&ada, &b, "ada/before", "older than the policies").await.unwrap();
        own_and_shared(&fixture).await;
        fixture.put(&ada, &b, "ada/secret", "secret").await.unwrap();
        fixture.put(&ada, &b, "shared/hello", "hello").await.unwrap();
        let objects = &fixture.files.objects;

        // By name, with and without a range, and by the strategies.
        assert_eq!(fixture.get(&ada, &b, "ada/secret").await.unwrap(), "secret");
        for name in ["ada/secret", "ada/before", "ada/never"] {
            let hidden = fixture.get(&eve, &b, name).await.unwrap_err();
            assert_eq!((hidden.kind(), hidden.code_str()), (Kind::NotFound, "object.not_found"), "{name}");
            assert_eq!(objects.find(&eve, &b, &key(name), None).await.unwrap_err().kind(), Kind::NotFound);
        }
        // By list, prefix and search.
        assert_eq!(listed(&fixture, &ada, &b, "", "").await, ["ada/before", "ada/secret", "shared/hello"]);
        assert_eq!(listed(&fixture, &eve, &b, "", "").await, ["shared/hello"]);
        assert!(listed(&fixture, &eve, &b, "ada/", "").await.is_empty());
        assert!(listed(&fixture, &eve, &b, "", "secret").await.is_empty());
        // By a link that she signs herself, or bends to another key.
        let links = &fixture.files.links;
        let signed = links.sign(&eve, &b, &key("ada/secret"), Links::DEFAULT_LIFETIME).await;
        assert_eq!(signed.unwrap_err().kind(), Kind::NotFound);
        assert!(links.outside(&eve, &b, &key("ada/secret"), Links::DEFAULT_LIFETIME).await.is_err());
        let shared = links.sign(&eve, &b, &key("shared/hello"), Links::DEFAULT_LIFETIME).await.unwrap();
        assert_eq!(fixture.get_signed(&Actor::Nobody, &b, "shared/hello", Some(&shared.token)).await.unwrap(), "hello");
        let bent = fixture.get_signed(&eve, &b, "ada/secret", Some(&shared.token)).await;
        assert_eq!(bent.unwrap_err().code_str(), "files.link_invalid");
        let hers = links.sign(&ada, &b, &key("ada/secret"), Links::DEFAULT_LIFETIME).await.unwrap();
        assert_eq!(fixture.get_signed(&Actor::Nobody, &b, "ada/secret", Some(&hers.token)).await.unwrap(), "secret");
        // By writing over it, beside it, and over what is shared.
        let before = fixture.stored();
        for name in ["ada/secret", "ada/new", "shared/hello", "elsewhere", "eve"] {
            let denied = fixture.put(&eve, &b, name, "mine now").await.unwrap_err();
            assert_eq!((denied.kind(), denied.code_str()), (Kind::Forbidden, "files.denied"), "{name}");
            let announced = objects.may_upload(&eve, &b, &key(name), &Announced::default()).await;
            assert_eq!(announced.unwrap_err().code_str(), "files.denied", "{name}");
        }
        assert_eq!(fixture.stored(), before, "what was refused left no bytes");
        fixture.put(&eve, &b, "eve/own", "hers").await.unwrap();
        fixture.put(&eve, &b, "eve/own", "hers again").await.unwrap();
        fixture.put(&eve, &b, "shared/from eve", "all").await.unwrap();
        assert_eq!(fixture.get(&ada, &b, "shared/from eve").await.unwrap(), "all");
        // By removing it.
        for name in ["ada/secret", "shared/hello"] {
            assert_eq!(objects.delete(&eve, &b, &key(name)).await.unwrap_err().kind(), Kind::NotFound, "{name}");
        }
        let many = ["ada/secret".to_owned(), "eve/own".to_owned(), "../x".to_owned()];
        let done = objects.delete_many(&eve, &b, &many).await.unwrap();
        assert_eq!((&done[0], &done[1]), (&Deletion::NotFound, &Deletion::Deleted));
        // The application without a person and nobody get nowhere; administrators everywhere.
        for (stranger, kind) in [(Actor::Anonymous, Kind::Forbidden), (Actor::Nobody, Kind::Unauthenticated)] {
            assert_eq!(fixture.get(&stranger, &b, "shared/hello").await.unwrap_err().kind(), kind);
            assert_eq!(fixture.put(&stranger, &b, "shared/x", "x").await.unwrap_err().kind(), kind);
            assert_eq!(objects.list(&stranger, &b, &ObjectList::default()).await.unwrap_err().kind(), kind);
        }
        assert_eq!(fixture.get(&operator(), &b, "ada/secret").await.unwrap(), "secret");
        objects.delete(&ada, &b, &key("ada/secret")).await.unwrap();
    }

    async fn what_the_bytes_turn_out_to_be_decides_and_restrictive_policies_narrow(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let ada = user("ada");
        create(&fixture, policy("see", "SELECT", Some("true"), None)).await;
        create(&fixture, policy("add", "INSERT", None, Some("mime_type = 'image/png' AND size < 100"))).await;
        let hidden = NewPolicy { permissive: false, ..policy("hide", "SELECT", Some("storage.extension(key) <> 'hidden'"), None) };
        create(&fixture, hidden).await;
        let picture = |name: &str, more: usize| {
            let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
            bytes.extend(std::iter::repeat_n(0, more));
            Upload { body: stream_of(bytes), ..upload(&b, name, "") }
        };
        let objects = &fixture.files.objects;
        let lie = Upload { declared_type: Some("image/png".to_owned()), ..upload(&b, "text.png", "no picture") };
        let stored = objects.upload(&ada, lie).await;
        // What a client calls a picture may count as one; what the bytes show goes first.
        let lied = stored.is_ok();
        assert_eq!(objects.upload(&ada, upload(&b, "a.txt", "text")).await.unwrap_err().code_str(), "files.denied");
        assert_eq!(objects.upload(&ada, picture("large.png", 200)).await.unwrap_err().code_str(), "files.denied");
        let found = objects.upload(&ada, picture("small.png", 10)).await.unwrap();
        assert_eq!(found.mime_type.as_deref(), Some("image/png"));
        objects.upload(&ada, picture("x.hidden", 10)).await.unwrap();
        let names = listed(&fixture, &ada, &b, "", "").await;
        assert_eq!(names.contains(&"text.png".to_owned()), lied);
        assert!(names.contains(&"small.png".to_owned()) && !names.contains(&"x.hidden".to_owned()));
        assert!(objects.find(&ada, &b, &key("x.hidden"), None).await.is_err());
        // Without a policy for it, nobody replaces or removes.
        assert!(objects.upload(&ada, picture("small.png", 1)).await.is_err());
        assert!(objects.delete(&ada, &b, &key("small.png")).await.is_err());
    }

    async fn the_owners_rule_comes_back_when_no_policy_counts(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        fixture.put(&ada, &b, "hers", "secret").await.unwrap();
        let policies = &fixture.schema.policies;
        create(&fixture, policy("all", "ALL", Some("true"), None)).await;
        assert_eq!(fixture.get(&eve, &b, "hers").await.unwrap(), "secret");
        policies.change_objects(&[ObjectsChange::Secure(false)]).await.unwrap();
        assert!(fixture.get(&eve, &b, "hers").await.is_err(), "switched off: the owner's rule");
        policies.change_objects(&[ObjectsChange::Secure(true)]).await.unwrap();
        assert_eq!(fixture.get(&eve, &b, "hers").await.unwrap(), "secret");
        // Dropped and made anew in one go: only for the application, so nobody who is signed in.
        let anon = NewPolicy { roles: vec!["anon".to_owned()], ..policy("anon", "ALL", Some("true"), None) };
        let drop = ObjectsChange::Drop { name: "all".to_owned(), if_exists: false };
        policies.change_objects(&[drop.clone(), ObjectsChange::Create(anon)]).await.unwrap();
        assert!(fixture.get(&ada, &b, "hers").await.is_err());
        assert!(policies.change_objects(&[drop]).await.is_err(), "it is gone");
        let listed = policies.list("storage").await.unwrap();
        assert_eq!((listed.len(), listed[0].table.as_str(), listed[0].name.as_str()), (1, "objects", "anon"));
        assert!(policies.list("public").await.unwrap().is_empty());
        policies.drop("storage.objects", "anon").await.unwrap();
        assert_eq!(fixture.get(&ada, &b, "hers").await.unwrap(), "secret");
        assert!(fixture.get(&eve, &b, "hers").await.is_err());
    }

    async fn a_policy_asks_tables_whose_own_policies_hold(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let (ada, eve) = (user("ada"), user("eve"));
        // One is called as the system's table, and asks the other under the same name.
        table(&fixture, "members", &["person", "room"], &[["ada", "red"], ["eve", "blue"]]).await;
        table(&fixture, "objects", &["person", "room"], &[["ada", "red"], ["ada", "blue"], ["eve", "red"]]).await;
        let mine = NewPolicy { table: "members".to_owned(), ..policy("mine", "SELECT", Some("person = auth.jwt()->>'sub'"), None) };
        create(&fixture, mine).await;
        let known = "EXISTS (SELECT 1 FROM members m WHERE m.room = objects.room)";
        create(&fixture, NewPolicy { table: "objects".to_owned(), ..policy("known", "SELECT", Some(known), None) }).await;
        let folder = "(storage.foldername(objects.key))[1]";
        let there = format!("EXISTS (SELECT 1 FROM public.objects AS m WHERE m.room = {folder} AND m.person = auth.jwt()->>'sub')");
        create(&fixture, policy("see", "SELECT", Some(&there), None)).await;
        create(&fixture, policy("add", "INSERT", None, Some(&format!("{folder} IN (SELECT room FROM members)")))).await;
        // Ada is a member of red alone, so the row that says blue is hidden from her; Eve's row of red from Eve.
        fixture.put(&ada, &b, "red/hers", "red").await.unwrap();
        fixture.put(&eve, &b, "blue/hers", "blue").await.unwrap();
        for (person, name) in [(&ada, "blue/x"), (&eve, "red/x"), (&ada, "red"), (&eve, "x")] {
            let refused = fixture.put(person, &b, name, "x").await.unwrap_err();
            assert_eq!(refused.code_str(), "files.denied", "{name}");
        }
        assert_eq!(fixture.get(&ada, &b, "red/hers").await.unwrap(), "red");
        assert!(fixture.get(&ada, &b, "blue/hers").await.is_err());
        assert_eq!(listed(&fixture, &ada, &b, "", "").await, ["red/hers"]);
        assert!(listed(&fixture, &eve, &b, "", "").await.is_empty());
        // What a policy asks stays, or the policy follows.
        let renamed = TableChanges { rename: Some("people".to_owned()), ..TableChanges::default() };
        fixture.schema.tables.alter("members", &renamed).await.unwrap();
        fixture.put(&ada, &b, "red/again", "red").await.unwrap();
        assert!(fixture.put(&eve, &b, "red/x", "x").await.is_err());
    }

    async fn functions_of_paths_answer_those_who_have_policies(fixture: Fixture) {
        // SQLite's policies have them in their own words, which the other tests ask.
        if fixture.db.dialect() == Dialect::Sqlite {
            return;
        }
        for (call, expected) in [
            ("foldername('a/b/c.txt')", "{a,b}"),
            ("foldername('c.txt')", "{}"),
            ("filename('a/b/c.txt')", "c.txt"),
            ("extension('a.b/c.tar.gz')", "gz"),
            ("extension('a.b/c')", "null"),
        ] {
            for (role, expected) in [("anon", "42501"), ("authenticated", expected), ("project_admin", expected)] {
                let step = Step::new(format!("SELECT coalesce((storage.{call})::text, 'null')"), params![]);
                let said = match fixture.db.batch_as(&Session::role(role), vec![step]).await {
                    Ok(answers) => answers[0].read::<String>().unwrap().remove(0),
                    Err(error) => error.wire_code_str().unwrap_or("none").to_owned(),
                };
                assert_eq!(said, expected, "{call} as {role}");
            }
        }
    }

    async fn a_policy_that_does_not_fit_is_refused(fixture: Fixture) {
        for (using, state) in [
            ("nowhere = 'x'", "42703"),
            ("blob = 'x'", "42703"),
            ("size = 'many'", "22P02"),
            ("storage.filename(size) = 'x'", "42883"),
            ("pg_sleep(1) IS NULL", "0A000"),
            ("true) OR (1 = 1", "42601"),
        ] {
            let made = fixture.schema.policies.create(&policy("p", "SELECT", Some(using), None)).await;
            assert_eq!(made.unwrap_err().wire_code_str(), Some(state), "{using}");
        }
        for table in ["storage.buckets", "storage.uploads", "storage.s3_access_keys", "auth.users"] {
            let policy = NewPolicy { table: table.to_owned(), ..policy("p", "SELECT", Some("true"), None) };
            assert!(fixture.schema.policies.create(&policy).await.is_err(), "{table}");
        }
    }

    /// On PostgreSQL people's functions may reach the table itself: row security holds there too.
    async fn the_database_itself_keeps_to_the_policies(fixture: Fixture) {
        if fixture.db.dialect() != Dialect::Postgres {
            return;
        }
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "ada/secret", "secret").await.unwrap();
        let run = async |sql: &str| {
            let claims = "{\"sub\": \"eve\", \"role\": \"authenticated\"}".to_owned();
            let session = Session {
                settings: vec![("request.jwt.claims".to_owned(), claims)],
                ..Session::role("authenticated")
            };
            let done = fixture.db.batch_as(&session, vec![Step::new(sql, params![])]).await;
            done.map(|done| done[0].affected).map_err(|error| error.wire_code_str().map(str::to_owned))
        };
        assert_eq!(run("SELECT key FROM storage.objects").await, Ok(0), "without a policy nothing is seen");
        own_and_shared(&fixture).await;
        assert_eq!(run("SELECT key FROM storage.objects").await, Ok(0));
        assert_eq!(run("UPDATE storage.objects SET uploaded_by = 'eve'").await, Ok(0));
        assert_eq!(run("DELETE FROM storage.objects").await, Ok(0));
        let denied = Err(Some("42501".to_owned()));
        for sql in [
            "INSERT INTO storage.objects (bucket, key, size) VALUES ('b', 'ada/x', 1)",
            "INSERT INTO storage.objects (bucket, key, size, blob) VALUES ('b', 'eve/x', 1, gen_random_uuid())",
            "UPDATE storage.objects SET blob = gen_random_uuid()",
            "UPDATE storage.buckets SET public = true",
            "SELECT * FROM storage.s3_access_keys",
            "SELECT * FROM storage.uploads",
            "SELECT * FROM storage.config",
            "ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY",
        ] {
            assert_eq!(run(sql).await, denied, "{sql}");
        }
    }
}

fn stream_of(bytes: Vec<u8>) -> busbar_ports::objects::ByteStream {
    Box::pin(futures_util::stream::iter([Ok(bytes::Bytes::from(bytes))]))
}
