//! Random trees of embeds: both databases give the same answers, and touch only tables that the request names.

use std::sync::Mutex;

use busbar_data::Caller;
use busbar_kernel::random;
use busbar_store::Dialect;
use serde_json::{Value, json};

use crate::bed::{Ask, on_both};
use crate::embeds::fill;

const ROUNDS: usize = 200;

/// The status, body and range of each request.
type Answers = Vec<(u16, Value, Option<String>)>;

/// Tables, each with its columns and what it can embed: as written, the table meant, and whether it is one row.
type Known = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str, bool)],
);

const TABLES: [Known; 8] = [
    (
        "clients",
        &["id", "name", "deal"],
        &[("projects", "projects", false)],
    ),
    (
        "projects",
        &["id", "name", "paid"],
        &[
            ("clients", "clients", true),
            ("client_id", "clients", true),
            ("tasks", "tasks", false),
            ("plans", "plans", true),
            ("people", "people", false),
            ("work", "work", false),
        ],
    ),
    (
        "tasks",
        &["id", "title", "hours", "at"],
        &[("projects", "projects", true)],
    ),
    ("plans", &["id", "text"], &[("plans_project", "projects", true)]),
    (
        "people",
        &["id", "name"],
        &[
            ("projects", "projects", false),
            ("messages!to_id", "messages", false),
            ("work", "work", false),
        ],
    ),
    (
        "work",
        &["project_id", "person_id", "job"],
        &[("people", "people", true), ("projects", "projects", true)],
    ),
    (
        "messages",
        &["id", "text"],
        &[
            ("from_id", "people", true),
            ("people!messages_to", "people", true),
        ],
    ),
    (
        "folders",
        &["id", "name"],
        &[("folders", "folders", false), ("parent_id", "folders", true)],
    ),
];

fn below(most: usize) -> usize {
    usize::try_from(random::below(u64::try_from(most).unwrap())).unwrap()
}

fn known(name: &str) -> &'static Known {
    TABLES.iter().find(|(table, ..)| *table == name).unwrap()
}

/// The key that makes an order total.
fn key(table: &str) -> &'static str {
    if table == "work" {
        "project_id,person_id"
    } else {
        "id"
    }
}

struct Request {
    parameters: Vec<String>,
    aliases: usize,
    allowed: &'static [&'static str],
}

impl Request {
    /// The select list of a table, with parameters for it and what is below it; `path` ends with a dot.
    fn list(&mut self, table: &str, path: &str, depth: usize) -> String {
        let (_, columns, embeds) = known(table);
        let mut items: Vec<String> = columns
            .iter()
            .filter(|_| below(3) > 0)
            .map(|&column| column.to_owned())
            .collect();
        let mut orders = Vec::new();
        for &(written, target, one) in *embeds {
            if depth == 0 || below(2) == 0 || !self.allowed.contains(&target) {
                continue;
            }
            self.aliases += 1;
            let alias = format!("e{}", self.aliases);
            let inner = if below(4) == 0 { "!inner" } else { "" };
            let spread = if one && below(6) == 0 { "..." } else { "" };
            let inside = match below(8) {
                0 => String::new(),
                1 if spread.is_empty() => "count".to_owned(),
                _ => self.list(target, &format!("{path}{alias}."), depth - 1),
            };
            if one && below(4) == 0 {
                orders.push(format!("{alias}({}).desc", known(target).1[1]));
            }
            if below(6) == 0 {
                let not = if below(2) == 0 { "not." } else { "" };
                self.parameters.push(format!("{path}{alias}={not}is.null"));
            }
            items.push(format!("{spread}{alias}:{written}{inner}({inside})"));
        }
        if items.is_empty() {
            items.push(columns[0].to_owned());
        }
        orders.extend(key(table).split(',').map(str::to_owned));
        self.parameters.push(format!("{path}order={}", orders.join(",")));
        self.conditions(columns[0], columns[1], path);
        items.join(",")
    }

    fn conditions(&mut self, number: &str, other: &str, path: &str) {
        match below(6) {
            0 => self.parameters.push(format!("{path}{number}=gte.{}", below(4))),
            1 => self.parameters.push(format!(
                "{path}or=({number}.eq.{},{number}.eq.{})",
                below(4),
                below(4)
            )),
            2 => self.parameters.push(format!("{path}{other}=not.is.null")),
            3 => self
                .parameters
                .push(format!("{path}{number}=in.(1,2,{})", below(9))),
            _ => {}
        }
        if below(4) == 0 {
            self.parameters.push(format!("{path}limit={}", below(3)));
        }
        if below(6) == 0 {
            self.parameters.push(format!("{path}offset=1"));
        }
    }
}

/// A random request about some of the tables.
fn request(allowed: &'static [&'static str]) -> String {
    let table = allowed[below(allowed.len())];
    let mut request = Request {
        parameters: Vec::new(),
        aliases: 0,
        allowed,
    };
    let list = request.list(table, "", 3);
    format!("{table}?select={list}&{}", request.parameters.join("&"))
}

#[tokio::test]
async fn s5_random_embeds_are_answered_alike() {
    const ALL: &[&str] = &[
        "clients", "projects", "tasks", "plans", "people", "work", "messages", "folders",
    ];
    let requests: Vec<String> = (0..ROUNDS).map(|_| request(ALL)).collect();
    let answers: Mutex<Vec<Answers>> = Mutex::new(Vec::new());
    on_both("s5_random_embeds_are_answered_alike", |bed| {
        let (requests, answers) = (&requests, &answers);
        async move {
            fill(&bed).await;
            let mut said = Vec::new();
            for request in requests {
                let answer = bed.ask(Ask::get(request).prefer("count=exact")).await;
                let refused = answer.status == 416 || ["42803", "42703"].contains(&answer.code().as_str());
                assert!(answer.status < 300 || refused, "{request}: {answer:?}");
                let body = if answer.status < 300 {
                    answer.json()
                } else {
                    json!(answer.code())
                };
                said.push((
                    answer.status,
                    body,
                    answer.header("Content-Range").map(str::to_owned),
                ));
            }
            answers.lock().unwrap().push(said);
        }
    })
    .await;
    let answers = answers.into_inner().unwrap();
    let answered = answers[0].iter().filter(|(status, ..)| *status < 300).count();
    assert!(answered > ROUNDS / 2, "hardly anything was accepted: {answered}");
    if let [one, other] = answers.as_slice() {
        for ((request, one), other) in requests.iter().zip(one).zip(other) {
            assert_eq!(one, other, "{request}");
        }
    }
}

#[tokio::test]
async fn s5_random_embeds_touch_only_what_they_name() {
    const SOME: &[&str] = &["clients", "projects", "tasks"];
    on_both("s5_random_embeds_touch_only_what_they_name", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            // The renderer is the same, and SQLite has no rights to take away.
            return;
        }
        fill(&bed).await;
        bed.sql("REVOKE ALL ON plans, people, work, messages, folders FROM anon")
            .await;
        for _ in 0..ROUNDS {
            let request = request(SOME);
            let said = bed.ask(Ask::get(&request).caller(Caller::anon())).await;
            assert_ne!(said.code(), "42501", "{request}");
        }
        let said = bed
            .ask(Ask::get("projects?select=id,people(id)").caller(Caller::anon()))
            .await;
        assert_eq!(
            (said.status, said.code().as_str()),
            (401, "42501"),
            "the rights are really gone"
        );
    })
    .await;
}

#[tokio::test]
async fn s5_embeds_without_measure_are_refused() {
    on_both("s5_embeds_without_measure_are_refused", |bed| async move {
        fill(&bed).await;
        let nested = |depth: usize| {
            format!(
                "folders?select={}id{}",
                "folders(".repeat(depth),
                ")".repeat(depth)
            )
        };
        let inner = |depth: usize| {
            format!(
                "folders?select={}id{}",
                "folders!inner(".repeat(depth),
                ")".repeat(depth)
            )
        };
        let wide = |count: usize| {
            let embeds: Vec<String> = (0..count).map(|at| format!("a{at}:clients(id)")).collect();
            format!("projects?select={}", embeds.join(","))
        };
        let filtered =
            |count: usize| format!("projects?select=id,tasks(id)&{}", "tasks.id=gte.0&".repeat(count));
        let columns = |count: usize| {
            let list = vec!["name"; count].join(",");
            format!(
                "tasks?select=...projects(...clients({list}))&projects.id=in.({})",
                vec!["1"; 50].join(",")
            )
        };
        for (path, bound) in [
            (nested(16), true),
            (nested(17), false),
            (nested(5000), false),
            (inner(16), true),
            (wide(64), true),
            (wide(65), false),
            (wide(5000), false),
            (filtered(400), true),
            (filtered(5000), false),
            (columns(8), true),
            (
                format!("projects?select=id&{}.id=eq.1", "tasks.projects".repeat(500)),
                false,
            ),
            (format!("projects?order={}", "clients(".repeat(500)), false),
        ] {
            let said = bed.ask(Ask::get(&path)).await;
            let shown: String = path.chars().take(60).collect();
            assert_eq!(
                said.status < 300,
                bound,
                "{shown} on {:?}: {said:?}",
                bed.db.dialect()
            );
            assert!(
                bound || ["PGRST100", "PGRST108"].contains(&said.code().as_str()),
                "{shown}: {said:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn s5_strange_names_are_names() {
    on_both("s5_strange_names_are_names", |bed| async move {
        bed.sql("CREATE TABLE \"we\"\"ird '1\" (\"k\"\"y'\" integer PRIMARY KEY, \"a.b\" text)")
            .await;
        bed.sql(
            "CREATE TABLE \"_1\" (id integer PRIMARY KEY, \"re\"\"f'\" integer, \
             CONSTRAINT \"c\"\"k'\" FOREIGN KEY (\"re\"\"f'\") REFERENCES \"we\"\"ird '1\" (\"k\"\"y'\"))",
        )
        .await;
        let said = bed
            .ask(Ask::post("we\"ird '1", json!({"k\"y'": 1, "a.b": "x"})))
            .await;
        assert_eq!(said.status, 201, "{said:?}");
        assert_eq!(
            bed.ask(Ask::post("_1", json!({"id": 5, "re\"f'": 1})))
                .await
                .status,
            201
        );
        for (path, expected) in [
            (
                r#"_1?select=id,"we\"ird '1"("a.b")&"we\"ird '1"."a.b"=eq.x"#,
                json!([{"id": 5, "we\"ird '1": {"a.b": "x"}}]),
            ),
            (
                r#"_1?select=id,"q\"'":"c\"k'"("k\"y'")"#,
                json!([{"id": 5, "q\"'": {"k\"y'": 1}}]),
            ),
            (
                r#"we"ird '1?select="a.b",_1!"c\"k'"(id)&_1.order="re\"f'".desc&_1.limit=1"#,
                json!([{"a.b": "x", "_1": [{"id": 5}]}]),
            ),
            (
                r#"_1?select=id,"re\"f'"!inner()&order="re\"f'"("a.b")&limit=1"#,
                json!([{"id": 5}]),
            ),
        ] {
            assert_eq!(bed.rows(path).await, expected, "{path} on {:?}", bed.db.dialect());
        }
    })
    .await;
}
