//! The headless commands against the demo's servers over real HTTP: what they print, where, and what
//! they end with. Scripts rely on all of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::{
    io::{self, Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use sortie::{
    args::Args,
    cli::{
        self,
        exit::Exit,
        print::Outlet,
        session::{Session, asked},
    },
    config::secrets,
    demo::{Demo, clock::Clock},
    fetch::{Auth, Connection},
    guard::Redactor,
    model::{Time, Trouble},
};

/// What a command did.
struct Told {
    exit: Exit,
    out: String,
    err: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }

    fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn session(connections: &[Connection], timeout: Option<Duration>) -> Session {
    let now = i64::try_from(Timestamp::now().as_nanosecond()).unwrap();
    Session::new(
        connections.iter().map(asked).collect(),
        Redactor::new(secrets(connections)),
        TimeZone::UTC,
        Time(now),
        timeout,
    )
}

async fn tell(session: &Session, line: &str) -> Told {
    let args = Args::try_parse_from(format!("sortie {line}").split(' ')).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut outlet = Outlet {
        out: &mut out,
        err: &mut err,
        columns: None,
    };
    let exit = cli::perform(session, &args.command.unwrap(), &mut outlet).await;
    Told {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn demo() -> (Demo, Session) {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let session = session(&demo.connections(), None);
    (demo, session)
}

/// One connection of the demo, changed.
fn altered(demo: &Demo, name: &str, change: impl Fn(&mut Connection)) -> Connection {
    let mut connection = demo.connections().remove(0);
    name.clone_into(&mut connection.name);
    change(&mut connection);
    connection
}

fn dead(demo: &Demo) -> Connection {
    altered(demo, "dead", |connection| {
        // Nobody listens there: the port was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        connection.base_url.set_port(Some(port)).unwrap();
    })
}

fn keyless(demo: &Demo) -> Connection {
    altered(demo, "keyless", |connection| {
        let cause = "SOME_KEY is not set".to_owned();
        connection.auth = Auth::Missing(Arc::new(Trouble::NoCredential { cause }));
    })
}

fn refused(demo: &Demo) -> Connection {
    altered(demo, "refused", |connection| {
        let Auth::Key { secret, .. } = &mut connection.auth else {
            panic!("the demo wants keys");
        };
        *secret = "KEY-hunter22".into();
    })
}

fn keys(record: &Value) -> Vec<&str> {
    record
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

const RUN: &str = "context provider mission_id id title status status_sent status_reason started_at \
                   ended_at quiet_since duration_ms tokens error parent_run_id raw";
const EVENT: &str = "context provider mission_id run_id id seq kind type time duration_ms step_id agent \
                     tool call_id is_error tokens title summary raw";

#[tokio::test(flavor = "multi_thread")]
async fn contexts_say_where_they_are_and_whether_they_can_be_asked() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut connections = demo.connections();
    connections.push(keyless(&demo));
    let told = tell(&session(&connections, None), "contexts -o json").await;
    assert_eq!(told.exit, Exit::Ok);
    let json = told.json();
    assert_eq!(json["schema"], "sortie.contexts/1");
    let items = json["items"].as_array().unwrap();
    let expected = "name provider base_url credential_source ok error";
    assert_eq!(keys(&items[0]).join(" "), expected);
    assert_eq!(
        (&items[0]["name"], &items[0]["ok"]),
        (&"demo-telnyx".into(), &true.into())
    );
    assert_eq!(items[4]["ok"], false);
    assert_eq!(items[4]["error"], "no credential: SOME_KEY is not set");
    assert_eq!(json["errors"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn missions_come_by_context_and_name() {
    let (_demo, session) = demo();
    let told = tell(&session, "missions -o jsonl").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let records = told.lines();
    let expected = "context provider id name description status created_at updated_at raw";
    assert_eq!(keys(&records[0]).join(" "), expected);
    let order: Vec<(usize, String)> = records
        .iter()
        .map(|record| {
            let context = record["context"].as_str().unwrap();
            let place = session
                .contexts
                .iter()
                .position(|asked| asked.record.name == context);
            (
                place.unwrap(),
                record["name"].as_str().unwrap().to_lowercase(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    let text = tell(&session, "missions").await.out;
    assert!(text.starts_with("CONTEXT "), "{text}");
    assert_eq!(text.lines().count(), records.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_the_newest_of_all_contexts_together() {
    let (_demo, session) = demo();
    let all = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    assert_eq!(keys(&all[0]).join(" "), RUN);
    let started: Vec<&str> = all
        .iter()
        .filter_map(|run| run["started_at"].as_str())
        .collect();
    assert!(started.iter().all(|time| time.ends_with('Z')));
    let at = |time: &&str| time.parse::<Timestamp>().unwrap();
    assert!(started.iter().rev().is_sorted_by_key(at), "{started:?}");
    let few = tell(&session, "runs --limit 7 -o json").await;
    assert_eq!(few.exit, Exit::Ok);
    let json = few.json();
    assert_eq!(json["schema"], "sortie.runs/1");
    let ids = |runs: &[Value]| runs.iter().map(|run| run["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(json["items"].as_array().unwrap()), ids(&all[..7]));
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_can_be_filtered() {
    let (_demo, session) = demo();
    let all = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    let failed = tell(
        &session,
        "runs --limit 0 --status failed,timed_out -o jsonl",
    )
    .await
    .lines();
    let is_failed = |run: &&Value| run["status"] == "failed" || run["status"] == "timed_out";
    assert_eq!(failed.len(), all.iter().filter(is_failed).count());
    assert!(failed.len() >= 4 && failed.iter().all(|run| is_failed(&run)));
    let one = tell(&session, "runs --limit 0 --status failed -o jsonl")
        .await
        .lines();
    assert!(!one.is_empty() && one.iter().all(|run| run["status"] == "failed"));
    let recent = tell(&session, "runs --limit 0 --since 1h -o jsonl")
        .await
        .lines();
    assert!(!recent.is_empty() && recent.len() < all.len());
    let of_mission = tell(&session, "runs --mission nightly-billing -o jsonl")
        .await
        .lines();
    assert!(!of_mission.is_empty() && of_mission.iter().all(|run| run["context"] == "demo-telnyx"));
    let none = tell(&session, "runs --mission no-such-mission").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::Ok, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_whole_and_in_order() {
    let (_demo, session) = demo();
    let run = "5000a1c2-7b3d-4f84-9e65-1d0c8f7a6b35";
    let told = tell(&session, &format!("events {run} -o jsonl")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let events = told.lines();
    assert_eq!(events.len(), 5_000);
    assert_eq!(keys(&events[0]).join(" "), EVENT);
    assert!(
        events
            .iter()
            .map(|event| &event["seq"])
            .eq(&(1..=5_000).map(Value::from).collect::<Vec<_>>())
    );
    let times = events.iter().filter_map(|event| event["time"].as_str());
    assert!(
        times
            .map(|time| time.parse::<Timestamp>().unwrap())
            .is_sorted()
    );
    let calls = tell(
        &session,
        &format!("events {run} --kind tool_call --limit 3 -o json"),
    )
    .await;
    let json = calls.json();
    assert_eq!(json["schema"], "sortie.events/1");
    let calls = json["items"].as_array().unwrap();
    assert!(calls.len() == 3 && calls.iter().all(|event| event["kind"] == "tool_call"));
}

#[tokio::test(flavor = "multi_thread")]
async fn show_ends_with_what_the_run_did() {
    let (_demo, session) = demo();
    for (status, exit) in [
        ("failed", Exit::RunFailed),
        ("timed_out", Exit::RunFailed),
        ("succeeded", Exit::Ok),
        ("cancelled", Exit::Ok),
        ("running", Exit::Ok),
    ] {
        let list = tell(
            &session,
            &format!("runs --limit 0 --status {status} -o jsonl"),
        )
        .await
        .lines();
        let id = list[0]["id"].as_str().unwrap();
        let told = tell(&session, &format!("show {id} -o json")).await;
        assert_eq!(told.exit, exit, "{status} {id} {}", told.err);
        let json = told.json();
        assert_eq!(keys(&json).join(" "), "schema run steps events errors");
        assert_eq!(
            (&json["schema"], &json["run"]["id"]),
            (&"sortie.run/1".into(), &id.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn show_has_header_plan_and_events_as_text() {
    let (_demo, session) = demo();
    let told = tell(&session, "show nightly-billing/8c41").await;
    assert_eq!(told.exit, Exit::RunFailed, "{}", told.err);
    for part in [
        "\nplan\nSTEP ",
        "\nevents\n",
        "402 card_declined",
        "status    failed",
        " UTC",
    ] {
        assert!(told.out.contains(part), "{part}\n{}", told.out);
    }
    assert!(
        !told.out.contains("quiet since"),
        "what is empty is left out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_found_by_number_id_and_beginning() {
    let (_demo, session) = demo();
    let by_number = tell(&session, "show 8c41e07a#37 -o json").await;
    assert_eq!(
        by_number.exit,
        Exit::RunFailed,
        "a failed event: {}",
        by_number.err
    );
    let event = &by_number.json()["event"];
    assert_eq!(
        (&event["seq"], &event["is_error"]),
        (&37.into(), &true.into())
    );
    let id = event["id"].as_str().unwrap();
    let locator = format!(
        "sortie:demo-telnyx/{}/{}#{id}",
        event["mission_id"].as_str().unwrap(),
        event["run_id"].as_str().unwrap()
    );
    for address in [
        format!("8c41e07a#{id}"),
        format!("8c41e07a#{}", &id[..13]),
        locator,
    ] {
        let told = tell(&session, &format!("show {address} -o json")).await;
        assert_eq!(&told.json()["event"], event, "{address}");
    }
    let text = tell(&session, "show 8c41e07a#37").await.out;
    assert!(text.contains("\nrecord\n{\n  \"event_id\""), "{text}");
    let missing = tell(&session, "show 8c41e07a#nope").await;
    assert_eq!((missing.exit, missing.out.as_str()), (Exit::NotFound, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_fit_none_or_several_end_with_2_and_5() {
    let (_demo, session) = demo();
    let several = tell(&session, "show 8c").await;
    assert_eq!((several.exit, several.out.as_str()), (Exit::Usage, ""));
    assert!(
        several.err.contains("8c41e07a-") && several.err.contains("8c2d5b66-"),
        "{}",
        several.err
    );
    let none = tell(&session, "events no-such-run -o json").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::NotFound, ""));
    let error: Value = serde_json::from_str(&none.err).unwrap();
    assert_eq!(error["code"], "not_found");
    assert_eq!(keys(&error), ["context", "code", "message", "hint"]);
    assert_eq!(tell(&session, "events a#b").await.exit, Exit::Usage);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_context_does_not_hide_the_others() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    for (bad, alone, code) in [
        (dead(&demo), Exit::Service, "unreachable"),
        (keyless(&demo), Exit::Credentials, "no_credential"),
        (refused(&demo), Exit::Credentials, "refused"),
    ] {
        let name = bad.name.clone();
        let told = tell(&session(std::slice::from_ref(&bad), None), "runs -o json").await;
        assert_eq!(told.exit, alone, "{name}");
        assert_eq!(told.json()["errors"][0]["code"], code);
        let mut all = demo.connections();
        all.push(bad);
        let all = session(&all, None);
        let told = tell(&all, "runs -o json").await;
        assert_eq!(told.exit, Exit::Partial, "{name}");
        let json = told.json();
        assert!(json["items"].as_array().unwrap().len() > 20);
        assert_eq!(json["errors"].as_array().unwrap().len(), 1);
        assert_eq!(json["errors"][0]["context"], name.as_str());
        let lines = tell(&all, "runs -o jsonl").await;
        assert!(
            lines
                .out
                .lines()
                .all(|line| line.starts_with("{\"context\""))
        );
        assert!(lines.err.contains(code), "{}", lines.err);
        assert!(!told.out.contains("hunter22") && !lines.err.contains("hunter22"));
        // Whether it is nowhere is not known while one context is silent.
        assert_eq!(tell(&all, "show no-such-run").await.exit, alone, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_id_is_found_although_a_context_is_silent() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut all = demo.connections();
    all.push(keyless(&demo));
    let run = "8c41e07a-5d12-4b6f-9c83-2f70a9d1e644";
    let told = tell(&session(&all, None), &format!("events {run} --limit 1")).await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_host_ends_with_the_timeout() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = altered(&demo, "silent", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    });
    let limit = Some(Duration::from_millis(300));
    let told = tell(&session(&[silent], limit), "runs -o json").await;
    assert_eq!(told.exit, Exit::Timeout);
    assert_eq!(told.json()["errors"][0]["code"], "timeout");
}

/// A server that answers every request with these bytes.
fn saying(reply: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_wants_a_long_rest_is_not_waited_for() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let port = saying("HTTP/1.1 429 Busy\r\nretry-after: 45\r\ncontent-length: 0\r\n\r\n");
    let busy = altered(&demo, "busy", |connection| {
        connection.base_url.set_port(Some(port)).unwrap();
    });
    let session = session(&[busy], None);
    let told = tokio::time::timeout(Duration::from_secs(20), tell(&session, "runs -o json"));
    let told = told.await.unwrap();
    assert_eq!(told.exit, Exit::Service);
    assert_eq!(told.json()["errors"][0]["code"], "rate_limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_reaches_no_terminal_and_no_key_leaves() {
    let (demo, session) = demo();
    let hostile = |c: char| {
        let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
        bidi || (c.is_control() && c != '\n')
    };
    for run in ["ase_wiki_crawl", "ase_open_orders", "87b0c31b"] {
        for form in ["text", "json"] {
            let told = tell(&session, &format!("show {run} -o {form}")).await;
            assert!(told.exit == Exit::Ok, "{run} {}", told.err);
            let found = told.out.chars().find(|c| hostile(*c));
            assert_eq!(found, None, "{run} {form}");
            for server in demo.servers() {
                assert!(!told.out.contains(&server.key), "{run} {form}");
            }
        }
    }
    let told = tell(&session, "show ase_wiki_crawl -o json").await.out;
    assert!(
        told.contains("\\u202e"),
        "bidi overrides are escapes in records"
    );
}

/// A reader that has seen enough.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_no_failure() {
    let (_demo, session) = demo();
    for line in ["runs", "show 8c41e07a -o json"] {
        let args = Args::try_parse_from(format!("sortie {line}").split(' ')).unwrap();
        let mut err = Vec::new();
        let mut outlet = Outlet {
            out: &mut Closed,
            err: &mut err,
            columns: None,
        };
        let exit = cli::perform(&session, &args.command.unwrap(), &mut outlet).await;
        assert_eq!((exit, err.as_slice()), (Exit::Ok, b"".as_slice()), "{line}");
    }
}
