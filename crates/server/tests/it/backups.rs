//! A program that is killed while it makes a backup lists none that is not whole.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use busbar_testkit::database::OwnDatabase;
use busbar_testkit::{Database, cases, environment};
use serde_json::{Value, json};

const KEY: &str = "ik_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// Enough that a copy takes longer than the answer to the request that begins it.
const FILL: &str = "CREATE TABLE t (id integer PRIMARY KEY, note text); INSERT INTO t SELECT n, 'some text that fills a page, \
 again and again' FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000) SELECT n FROM c) AS s";

struct Serving {
    child: Child,
    address: SocketAddr,
}

impl Serving {
    fn start(folder: &Path, database: Option<&str>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_busbar"));
        command
            .current_dir(folder)
            .env_clear()
            .arg("serve")
            .stdout(Stdio::null());
        command.env("APP_ENV", "test").env("PORT", port.to_string());
        command.env("LOG_LEVEL", "error").env("ACCESS_API_KEY", KEY);
        // The tools of PostgreSQL are found by it.
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.envs(database.map(|url| ("DATABASE_URL", url)));
        let serving = Self {
            child: command.spawn().unwrap(),
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        };
        for _ in 0..600 {
            if TcpStream::connect(serving.address).is_ok() {
                return serving;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not listen");
    }

    /// Ends it as a loss of power would.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nx-api-key: {KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    fn sql(&self, query: &str) -> Value {
        self.ask("POST", "/api/database/advance/rawsql", &json!({ "query": query }))
    }

    fn backups(&self) -> Vec<Value> {
        let listed = self.ask("GET", "/api/database/backups", &Value::Null);
        listed["backups"].as_array().unwrap().clone()
    }

    fn finished(&self) -> Value {
        for _ in 0..600 {
            let newest = self.backups().remove(0);
            if newest["status"] != "running" {
                return newest;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the backup never ended");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _already_ended = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

fn killed_half_way(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let mut serving = Serving::start(folder.path(), database);
    serving.sql(FILL);
    for pause in [0, 20, 60] {
        serving.ask("POST", "/api/database/backups", &json!({}));
        std::thread::sleep(Duration::from_millis(pause));
        serving.kill();
        serving = Serving::start(folder.path(), database);
        let listed = serving.backups();
        for backup in &listed {
            assert_ne!(backup["status"], "running", "{backup}");
        }
        let folder = std::fs::read_dir(folder.path().join("data/backups")).unwrap();
        let half = folder
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|kind| kind == "part"));
        // PostgreSQL's own program may outlive ours for a moment; what it leaves goes at the next start.
        assert!(database.is_some() || !half, "half a file is left");
    }
    serving.ask("POST", "/api/database/backups", &json!({}));
    let whole = serving.finished();
    assert_eq!(whole["status"], "completed", "{whole}");
    serving.sql("DELETE FROM t");
    for backup in serving
        .backups()
        .iter()
        .filter(|backup| backup["status"] == "completed")
    {
        let id = backup["id"].as_str().unwrap();
        serving.ask(
            "POST",
            &format!("/api/database/backups/{id}/restore"),
            &Value::Null,
        );
        assert_eq!(
            serving.sql("SELECT CAST(count(*) AS text) AS n FROM t")["rows"][0]["n"],
            "300000"
        );
    }
}

#[test]
fn a_kill_while_a_backup_is_made_leaves_no_half_one() {
    killed_half_way(None);
    let test = "a kill while a backup is made";
    if !Database::Postgres.is_there() {
        return environment::skip(test, Database::Postgres.name());
    }
    let database = cases::block_on(OwnDatabase::create());
    killed_half_way(Some(&database.url()));
}
