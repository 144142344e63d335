//! `events --follow`: what comes is printed once and at once, until the run has ended.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sortie::{
    model::{
        Ask, Batch, Caps, Event, Mission, Order, Payload, Record, Reply, Request, Row, Run,
        RunStatus,
    },
    provider::{Provider, ReadError, telnyx::Telnyx},
};

use super::{
    server::{Say, Server, reply},
    *,
};

/// A run that grows with every look: the reply says how far it is.
struct Growing;

impl Provider for Growing {
    fn name(&self) -> &'static str {
        "telnyx"
    }

    fn caps(&self) -> Caps {
        Telnyx.caps()
    }

    fn routes(&self) -> &'static [&'static str] {
        &["/missions", "/runs", "/run", "/events"]
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        let path = match ask {
            Ask::Missions { .. } => "/missions",
            Ask::Runs { .. } => "/runs",
            Ask::Run(_) => "/run",
            Ask::Events { .. } => "/events",
            _ => return None,
        };
        Some(Request::get(path, &[]))
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        let said = String::from_utf8_lossy(reply.body).into_owned();
        if !reply.is_ok() {
            return Err(ReadError::Said(said));
        }
        let records = match ask {
            Ask::Missions { .. } => vec![Record::Mission(Mission {
                id: "m".to_owned(),
                ..Mission::default()
            })],
            Ask::Events { .. } => (1..=said.parse().unwrap()).map(event).collect(),
            _ => vec![Record::Run(Run {
                mission_id: "m".to_owned(),
                id: "grows".to_owned(),
                status: RunStatus::of_word(&said).unwrap(),
                ..Run::default()
            })],
        };
        Ok(Batch {
            rows: records.into_iter().map(Row::Full).collect(),
            ..Batch::default()
        })
    }
}

fn event(number: i64) -> Record {
    Record::Event(Event {
        id: format!("e{number}"),
        title: Some(format!("event {number}")),
        step_id: Some(format!("step{}", number % 2)),
        order: Order { at: number, tie: 0 },
        raw: Payload::new(format!("{{\"n\":{number}}}").into()),
        ..Event::default()
    })
}

/// A server on which the run ends with `end` once four events were told. Before the third it replies
/// so many times with 503.
pub async fn growing(end: &'static str, broken: usize) -> Server {
    growing_but(end, broken, || reply(503, "", "under repair")).await
}

/// The same, breaking in its own way.
pub async fn growing_but(
    end: &'static str,
    broken: usize,
    breaks: impl Fn() -> Vec<Say> + Send + Sync + 'static,
) -> Server {
    let told = AtomicUsize::new(0);
    let left = AtomicUsize::new(broken);
    Server::saying(move |asked| {
        let now = told.load(Ordering::SeqCst);
        match asked.line.as_str() {
            "GET /events" if now == 2 && left.load(Ordering::SeqCst) > 0 => {
                left.fetch_sub(1, Ordering::SeqCst);
                breaks()
            }
            "GET /events" => {
                let now = (now + 1).min(4);
                told.store(now, Ordering::SeqCst);
                reply(200, "", now.to_string())
            }
            "GET /missions" => reply(200, "", ""),
            _ if now == 4 => reply(200, "", end),
            _ => reply(200, "", "running"),
        }
    })
    .await
}

pub fn watching(server: &Server, timeout: Option<Duration>) -> Session {
    let connection = Connection {
        name: "live".to_owned(),
        provider: &Growing,
        base_url: server.url.clone(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    };
    session(&[connection], timeout)
}

const FOLLOW: &str = "events grows --follow -o jsonl";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_followed_to_its_end_and_each_event_printed_once() {
    for (end, exit) in [
        ("succeeded", Exit::Ok),
        ("failed", Exit::RunFailed),
        ("cancelled", Exit::RunCancelled),
    ] {
        let server = growing(end, 0).await;
        let told = tell(&watching(&server, None), FOLLOW).await;
        assert_eq!((told.exit, told.err.as_str()), (exit, ""), "{end}");
        let ids: Vec<Value> = told.lines().iter().map(|e| e["id"].clone()).collect();
        assert_eq!(ids, ["e1", "e2", "e3", "e4"]);
        let seqs: Vec<Value> = told.lines().iter().map(|e| e["seq"].clone()).collect();
        assert_eq!(
            seqs[..2],
            [1.into(), Value::Null],
            "a number is final or none"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_text_it_is_one_table() {
    let server = growing("succeeded", 0).await;
    let told = tell(
        &watching(&server, None),
        "events grows --follow --step step0",
    )
    .await;
    assert_eq!(told.exit, Exit::Ok);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", told.out);
    let title = lines[0].find("TITLE").unwrap();
    for (line, number) in lines[1..].iter().zip([2, 4]) {
        let shown = line[title..].starts_with(&format!("event {number}"));
        assert!(shown, "{}", told.out);
    }
    assert!(
        told.err.contains("the run has ended: succeeded"),
        "{}",
        told.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_is_told_once_and_costs_nothing() {
    let server = growing("succeeded", 3).await;
    let told = tell(&watching(&server, None), FOLLOW).await;
    assert_eq!(
        (told.exit, told.lines().len()),
        (Exit::Ok, 4),
        "{}",
        told.err
    );
    let error: Value = serde_json::from_str(&told.err).unwrap();
    assert_eq!(
        (&error["context"], &error["code"]),
        (&"live".into(), &"service".into())
    );
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("It is tried again in "), "{hint}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_has_ended_is_printed_and_not_followed() {
    let (_demo, session) = demo();
    let plain = tell(&session, "events 8c41e07a -o jsonl").await;
    let told = tell(&session, "events 8c41e07a --follow -o jsonl").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::RunFailed, ""));
    assert_eq!(told.out, plain.out);
    let json = tell(&session, "events 8c41e07a --follow -o json").await;
    assert_eq!((json.exit, json.out.as_str()), (Exit::Usage, ""));
}

/// A reader that closes when it has read something.
#[derive(Default)]
struct Once(AtomicBool);

impl io::Write for Once {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.swap(true, Ordering::SeqCst) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_seen_enough_ends_it() {
    let server = growing("running", 0).await;
    let session = watching(&server, None);
    let args = Args::try_parse_from("sortie events grows --follow".split(' ')).unwrap();
    let (mut out, mut err) = (Once::default(), Vec::new());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let exit = cli::perform(&session, &args.command.unwrap(), &mut outlet).await;
    assert_eq!((exit, err.as_slice()), (Exit::Ok, b"".as_slice()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeout_ends_what_would_go_on() {
    let server = growing("running", 0).await;
    let session = watching(&server, Some(Duration::from_secs(1)));
    let told = tell(&session, FOLLOW).await;
    assert_eq!(told.exit, Exit::Timeout);
    assert!(told.err.contains("\"timeout\""), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_a_query_picks_is_printed_as_it_comes() {
    for (query, ids) in [
        ("step:step0", vec!["e2", "e4"]),
        ("payload.n:>2", vec!["e3", "e4"]),
        // What became of an event is known only from the whole run.
        ("-verdict:failed payload.n:<3", vec!["e1", "e2"]),
        ("tool:none", vec![]),
    ] {
        let server = growing("succeeded", 0).await;
        let words = [
            "events", "grows", "--follow", "-o", "jsonl", "--where", query,
        ];
        let told = say(&watching(&server, None), &words).await;
        assert_eq!(told.exit, Exit::Ok, "{query}: {}", told.err);
        let found: Vec<Value> = told.lines().iter().map(|e| e["id"].clone()).collect();
        assert_eq!(found, ids, "{query}");
    }
    let server = growing("succeeded", 0).await;
    let told = tell(
        &watching(&server, None),
        &format!("{FOLLOW} --where stauts:x"),
    )
    .await;
    assert_eq!((told.exit, told.out.as_str()), (Exit::Usage, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_run_ended_weighs_more_than_a_context_that_did_not_answer() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut connections = demo.connections();
    connections.truncate(1);
    connections.push(dead(&demo));
    let session = session(&connections, None);
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    for (status, exit) in [("failed", Exit::RunFailed), ("succeeded", Exit::Partial)] {
        let run = runs.iter().find(|run| run["status"] == status).unwrap();
        // The beginning of an id may fit a run of the other context too.
        let run = run["id"].as_str().unwrap();
        let run = &run[..run.len() - 1];
        for command in ["events RUN --follow", "watch RUN"] {
            let told = tell(&session, &command.replace("RUN", run)).await;
            assert!(told.err.contains("dead: "), "{}", told.err);
            assert_eq!(told.exit, exit, "{command}: {}", told.err);
        }
    }
}
