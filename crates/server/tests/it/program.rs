//! The program itself: its commands, its output, its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

fn busbar(folder: &TempDir, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_busbar"));
    command.current_dir(folder.path()).env_clear();
    command.envs(variables.iter().copied());
    command
}

fn run(variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    busbar(&folder, variables).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn config_prints_every_variable_and_no_secret() {
    let secret = "a-secret-that-nobody-may-read-0123456789";
    let output = run(
        &[("INTERNAL_API_KEY", secret), ("PORT", "7999")],
        &["config", "--json"],
    );
    assert!(output.status.success());
    assert!(!String::from_utf8_lossy(&output.stdout).contains(secret));
    let printed = json(&output);
    let rows = printed["variables"].as_array().unwrap();
    assert_eq!(rows.len(), busbar_server::variables::table().len());
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(row("PORT")["value"], "7999");
    assert_eq!(row("PORT")["source"], "environment");
    assert_eq!(row("INTERNAL_API_KEY")["value"], "********");
    assert_eq!(row("MAX_JSON_BODY_SIZE")["source"], "default");
}

#[test]
fn config_tells_what_is_set_for_one_app_alone() {
    let variables = [
        ("CONSOLE__CORS_ORIGIN", "https://ops.example.com"),
        ("INSFORGE__JWT_SECRET", "never-shown"),
    ];
    let printed = json(&run(&variables, &["config", "--json"]));
    assert_eq!(
        printed["overrides"],
        serde_json::json!([
            {"app": "insforge", "name": "JWT_SECRET", "value": "********", "source": "environment"},
            {"app": "console", "name": "CORS_ORIGIN", "value": "https://ops.example.com", "source": "environment"},
        ])
    );
    let said = String::from_utf8_lossy(&run(&variables, &["config"]).stdout).into_owned();
    let line = said.lines().find(|line| line.starts_with("CONSOLE__CORS_ORIGIN"));
    assert!(
        line.is_some_and(|line| line.contains("https://ops.example.com")),
        "{said}"
    );
    assert!(!said.contains("never-shown"), "{said}");
    let wrong = run(
        &[("CONSOLE__REQUEST_TIMEOUT_SECONDS", "x")],
        &["config", "--json"],
    );
    assert!(!wrong.status.success());
    assert_eq!(json(&wrong)["problems"][0]["variable"], "REQUEST_TIMEOUT_SECONDS");
}

#[test]
fn config_answers_every_problem_and_fails() {
    let output = run(&[("APP_ENV", "production"), ("PORT", "x")], &["config", "--json"]);
    assert!(!output.status.success());
    let problems = json(&output)["problems"].as_array().unwrap().len();
    assert!(problems >= 2, "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn doctor_says_what_is_embedded() {
    let output = run(&[], &["doctor", "--json"]);
    let printed = json(&output);
    assert!(output.status.success(), "{printed}");
    assert_eq!(printed["ok"], true);
    let needs = printed["needs"].as_array().unwrap();
    assert!(
        !needs.is_empty() && needs.iter().all(|need| need["embedded"] == true),
        "{printed}"
    );
}

#[test]
fn doctor_and_openapi_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = busbar(&folder, &[]).args(["doctor", "--json"]).output().unwrap();
    assert!(doctor.status.success());
    let told = json(&doctor);
    let needs: Vec<&str> = told["needs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|need| need["need"].as_str())
        .collect();
    assert_eq!(
        needs,
        ["relational data", "cache, rate limits", "files", "mail", "logs"]
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "doctor wrote something"
    );
    let document = json(&busbar(&folder, &[]).arg("openapi").output().unwrap());
    assert_eq!(document["info"]["title"], "Busbar");
    let databases = std::fs::read_dir(folder.path().join("data"))
        .into_iter()
        .flatten()
        .flatten();
    let databases: Vec<_> = databases
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".db") || name.contains(".sqlite"))
        .collect();
    assert!(databases.is_empty(), "{databases:?}");
}

#[test]
fn migrate_says_once_how_to_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let said = || {
        let output = busbar(&folder, &[]).arg("migrate").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said().contains("with the password"));
    assert!(!said().contains("with the password"));
}

#[test]
fn production_does_not_start_on_defaults() {
    let output = run(&[("APP_ENV", "production")], &["serve"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("BUSBAR_APPS"), "{said}");
}

/// A running `busbar serve`; it is killed when a test fails.
struct Serving {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Serving {
    fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    fn start_in(folder: TempDir) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let port_text = port.to_string();
        let variables = [
            ("APP_ENV", "test"),
            ("PORT", port_text.as_str()),
            ("LOG_LEVEL", "error"),
        ];
        let mut child = busbar(&folder, &variables)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap());
        lines.read_line(&mut first).unwrap();
        let mut serving = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            _folder: folder,
        };
        assert!(first.contains(&format!("http://localhost:{port}")), "{first}");
        serving.wait_until_ready();
        serving
    }

    fn wait_until_ready(&mut self) {
        for _ in 0..200 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not listen");
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    fn end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _already_ended = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

/// The head of a request to sign in at the console.
fn sign_in_head(length: usize) -> String {
    let lines = [
        "POST /admin/api/session HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "x-busbar-console: 1",
        "Content-Type: application/json",
        &format!("Content-Length: {length}"),
    ];
    format!("{}\r\n\r\n", lines.join("\r\n"))
}

#[test]
fn an_operator_made_by_hand_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let password = "correct-Horse-7-by-hand";
    let mut command = busbar(&folder, &[]);
    command.args(["admin", "create", "ada@example.com", "--password-stdin"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(format!("{password}\n").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success() && !String::from_utf8_lossy(&output.stdout).contains(password),
        "{output:?}"
    );
    let serving = Serving::start_in(folder);
    let body = format!(r#"{{"email":"ada@example.com","password":"{password}"}}"#);
    let mut stream = TcpStream::connect(serving.address).unwrap();
    stream.write_all(sign_in_head(body.len()).as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(String::from_utf8_lossy(&first), "HTTP/1.1 200 OK");
}

#[test]
fn a_running_request_is_answered_after_the_signal() {
    let mut serving = Serving::start();
    let mut stream = TcpStream::connect(serving.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let body = r#"{"email":"a@example.com","password":"wrong-Horse-7"}"#;
    stream.write_all(sign_in_head(body.len()).as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..10]).unwrap();
    // The handler is now waiting for the rest of the body.
    std::thread::sleep(Duration::from_millis(300));
    serving.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        TcpStream::connect(serving.address).is_err(),
        "it accepts no new connection"
    );
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(serving.end().success());
}

#[test]
fn config_shows_the_table_beside_what_is_wrong() {
    let output = run(&[("PORT", "seven")], &["config", "--json"]);
    assert!(!output.status.success());
    let printed = json(&output);
    assert!(printed["variables"].as_array().unwrap().len() > 20, "{printed}");
    let message = printed["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("\"seven\", from the environment"), "{message}");
    let said = String::from_utf8_lossy(&run(&[("PORT", "0")], &["config"]).stdout).into_owned();
    assert!(
        said.contains("PORT is 0") && said.contains("SHUTDOWN_SECONDS"),
        "{said}"
    );
}

#[test]
fn doctor_tells_problems_as_json_and_looks_at_the_apps() {
    for variables in [[("PORT", "seven")], [("BUSBAR_APPS", "insforge,nothing")]] {
        let output = run(&variables, &["doctor", "--json"]);
        assert!(!output.status.success(), "{variables:?}");
        let printed = json(&output);
        assert_eq!(printed["ok"], false);
        assert_eq!(printed["problems"][0]["variable"], variables[0].0, "{printed}");
    }
}

#[test]
fn redis_that_is_down_is_named() {
    let output = run(&[("REDIS_URL", "redis://127.0.0.1:1")], &["doctor", "--json"]);
    let printed = json(&output).to_string();
    assert!(!output.status.success());
    assert!(
        printed.contains("127.0.0.1:1") && printed.contains("REDIS_URL"),
        "{printed}"
    );
}

#[test]
fn a_wrong_password_of_postgresql_is_called_one() {
    let Some(url) = busbar_testkit::environment::postgres_url() else {
        return busbar_testkit::environment::skip("a wrong password of PostgreSQL", "PostgreSQL");
    };
    let (scheme, rest) = url.split_once("://").unwrap();
    let (_, place) = rest.rsplit_once('@').unwrap();
    let wrong = format!("{scheme}://postgres:not-the-password@{place}");
    let output = run(&[("DATABASE_URL", &wrong)], &["doctor", "--json"]);
    let printed = json(&output).to_string();
    assert!(
        printed.contains("refused the login") && !printed.contains("not-the-password"),
        "{printed}"
    );
}
