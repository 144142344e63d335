//! `sortie watch`: what comes is printed, and the code says how it went, for one run and for several.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use sortie::{
    model::{
        Ask, Batch, Caps, Event, Mission, Order, Payload, Record, Reply, Request, Row, Run,
        RunStatus,
    },
    provider::{Provider, ReadError, telnyx::Telnyx},
};

use super::{
    follow::{growing, growing_but, watching},
    server::{Say, Server, reply},
    *,
};

fn ids(told: &Told) -> Vec<String> {
    let lines = told.lines();
    let ids = lines
        .iter()
        .map(|event| event["id"].as_str().unwrap().to_owned());
    ids.collect()
}

async fn watch(server: &Server, flags: &[&str]) -> Told {
    let words = [&["watch", "grows", "-o", "jsonl"], flags].concat();
    say(&watching(server, None), &words).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_is_printed_and_the_code_says_how_it_ended() {
    for (end, exit) in [
        ("succeeded", Exit::Ok),
        ("failed", Exit::RunFailed),
        ("timed_out", Exit::RunFailed),
        ("cancelled", Exit::RunCancelled),
    ] {
        let server = growing(end, 0).await;
        let told = watch(&server, &[]).await;
        assert_eq!((told.exit, told.err.as_str()), (exit, ""), "{end}");
        assert_eq!(ids(&told), ["e2", "e3", "e4"], "e1 was there before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_text_it_is_the_table_of_events_and_the_end_is_told() {
    let server = growing("failed", 0).await;
    let told = tell(&watching(&server, None), "watch grows").await;
    assert_eq!(told.exit, Exit::RunFailed);
    assert!(
        told.out.lines().next().unwrap().contains("TITLE"),
        "{}",
        told.out
    );
    assert_eq!(told.out.lines().count(), 4, "{}", told.out);
    assert!(
        told.err.contains("the run has ended: failed"),
        "{}",
        told.err
    );
    let server = growing("failed", 0).await;
    let told = tell(&watching(&server, None), "watch grows --quiet").await;
    assert_eq!(
        (told.exit, told.out.as_str(), told.err.as_str()),
        (Exit::RunFailed, "", "")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_as_soon_as_something_matches_what_is_waited_for() {
    for (end, until, exit, printed) in [
        // The run would go on.
        ("running", "payload.n:3", Exit::Ok, vec!["e2", "e3"]),
        ("running", "payload.n:1", Exit::Ok, vec![]),
        ("running", "status:running", Exit::Ok, vec![]),
        ("failed", "status:failed", Exit::Ok, vec!["e2", "e3", "e4"]),
        (
            "failed",
            "payload.n:9",
            Exit::RunFailed,
            vec!["e2", "e3", "e4"],
        ),
        (
            "succeeded",
            "is:failure",
            Exit::RunFailed,
            vec!["e2", "e3", "e4"],
        ),
        (
            "cancelled",
            "status:failed",
            Exit::RunCancelled,
            vec!["e2", "e3", "e4"],
        ),
    ] {
        let server = growing(end, 0).await;
        let told = watch(&server, &["--until", until]).await;
        assert_eq!(told.exit, exit, "{until}: {}", told.err);
        let ids = ids(&told);
        // What has come by then is printed too.
        let ids = &ids[..ids.len().min(printed.len())];
        assert_eq!(ids, printed, "{until}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_which_nothing_happens_stalls_and_time_may_be_up() {
    let server = growing("running", 0).await;
    let told = tell(&watching(&server, None), "watch grows --stall 4s").await;
    assert_eq!(told.exit, Exit::RunStalled);
    assert!(told.err.contains("the run has stalled"), "{}", told.err);
    assert!(
        told.out.contains("event 4"),
        "what was held is printed: {}",
        told.out
    );
    let server = growing("running", 0).await;
    let session = watching(&server, Some(Duration::from_secs(1)));
    let told = tell(&session, "watch grows -o jsonl").await;
    assert_eq!(told.exit, Exit::Timeout);
    assert!(told.err.contains("--timeout"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_goes_away_is_asked_again() {
    type Breaks = fn() -> Vec<Say>;
    let ways: [(Breaks, &str); 3] = [
        (|| vec![Say::Reset], "unreachable"),
        (
            || reply(429, "retry-after: 1\r\n", "slower"),
            "rate_limited",
        ),
        (|| reply(502, "", "no"), "service"),
    ];
    for (breaks, code) in ways {
        let server = growing_but("succeeded", 6, breaks).await;
        let told = watch(&server, &[]).await;
        assert_eq!((told.exit, ids(&told).len()), (Exit::Ok, 3), "{}", told.err);
        assert!(told.err.contains(code), "{code}: {}", told.err);
        assert!(told.err.contains("It is tried again in"), "{}", told.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_run_once_for_a_run_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (record, names) = (folder.path().join("record"), folder.path().join("names"));
    let script = format!(
        "sh -c 'cat >> {}; env >> {}'",
        record.display(),
        names.display()
    );
    for (end, times) in [("succeeded", 0), ("failed", 1)] {
        let server = growing(end, 0).await;
        let mut session = watching(&server, None);
        session.hidden.insert("CARGO_MANIFEST_DIR".to_owned());
        let words = ["watch", "grows", "--quiet", "--on-fail", &script];
        say(&session, &words).await;
        let told = fs::read_to_string(&record).unwrap_or_default();
        assert_eq!(told.lines().count(), times, "{end}");
    }
    let told = fs::read_to_string(&record).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["id"], &told["status"]),
        (&"grows".into(), &"failed".into())
    );
    let names = fs::read_to_string(&names).unwrap();
    for line in [
        "SORTIE_RUN=grows",
        "SORTIE_MISSION=m",
        "SORTIE_CONTEXT=live",
        "SORTIE_STATUS=failed",
        "SORTIE_LOCATOR=sortie:live/m/grows",
    ] {
        assert!(names.lines().any(|name| name == line), "{line}: {names}");
    }
    assert!(
        names.contains("PATH=") && !names.contains("CARGO_MANIFEST_DIR"),
        "{names}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_is_told_and_changes_nothing() {
    for (command, part) in [
        ("false", "ended badly (exit status: 1)"),
        ("/no/such/program now", "did not start: /no/such/program"),
    ] {
        let server = growing("failed", 0).await;
        let told = watch(&server, &["--on-fail", command]).await;
        assert_eq!(told.exit, Exit::RunFailed);
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_before_anything_is_asked() {
    let server = growing("running", 0).await;
    for words in [
        &["watch", "grows", "--until", "stauts:x"][..],
        &["watch", "grows", "--until", " "],
        &["watch", "grows", "--stall", "0s"],
        &["watch", "grows", "--on-fail", "a 'b"],
        &["watch", "grows", "--on-fail", ""],
        &["watch", "--where", "stauts:x"],
        &["watch", "--where", "tool:deploy"],
    ] {
        let told = say(&watching(&server, None), words).await;
        assert_eq!(
            (told.exit, told.out.as_str()),
            (Exit::Usage, ""),
            "{words:?}"
        );
        assert!(!told.err.is_empty(), "{words:?}");
    }
    assert_eq!(server.log.count(), 0);
    let told = tell(&watching(&server, None), "watch other").await;
    assert_eq!(told.exit, Exit::NotFound);
}

/// A service with several runs: its list is `id status` a line, each run is asked for by its id, and all
/// of them have the same event.
struct Several;

fn told(id: &str, status: &str) -> Record {
    Record::Run(Run {
        mission_id: "m".to_owned(),
        id: id.to_owned(),
        title: format!("title of {id}"),
        status: RunStatus::of_word(status).unwrap(),
        ..Run::default()
    })
}

impl Provider for Several {
    fn name(&self) -> &'static str {
        "telnyx"
    }

    fn caps(&self) -> Caps {
        Telnyx.caps()
    }

    fn routes(&self) -> &'static [&'static str] {
        &["/missions", "/runs", "/run/{}", "/events/{}"]
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        Some(match ask {
            Ask::Missions { .. } => Request::get("/missions", &[]),
            Ask::Runs { .. } => Request::get("/runs", &[]),
            Ask::Run(of) => Request::get("/run/{}", &[&of.run]),
            Ask::Events { run, .. } => Request::get("/events/{}", &[&run.run]),
            _ => return None,
        })
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        let said = String::from_utf8_lossy(reply.body).into_owned();
        if !reply.is_ok() {
            return Err(ReadError::Said(said));
        }
        let records = match ask {
            Ask::Missions { .. } => vec![Record::Mission(Mission {
                id: "m".to_owned(),
                name: "nightly".to_owned(),
                ..Mission::default()
            })],
            Ask::Runs { .. } => {
                let runs = said.lines().map(|line| line.split_once(' ').unwrap());
                runs.map(|(id, status)| told(id, status)).collect()
            }
            Ask::Run(of) => vec![told(&of.run, &said)],
            Ask::Events { .. } => (0..said.parse().unwrap()).map(event).collect(),
            _ => Vec::new(),
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
        order: Order { at: number, tie: 0 },
        raw: Payload::new(format!("{{\"n\":{number}}}").into()),
        ..Event::default()
    })
}

/// Runs by name, each with the state that it has at first and the one it ends with, some looks later; those
/// that are `late` are listed only when one has ended.
async fn several(runs: &'static [(&'static str, &'static str, &'static str, bool)]) -> Server {
    let looks: Vec<AtomicUsize> = runs.iter().map(|_| AtomicUsize::new(0)).collect();
    let gone = Mutex::new(false);
    Server::saying(move |asked| {
        let path = asked.line.trim_start_matches("GET ");
        let now = |at: usize| {
            let (_, first, end, _) = runs[at];
            if looks[at].load(Ordering::SeqCst) < 2 {
                first
            } else {
                end
            }
        };
        let known = |id: &str| runs.iter().position(|(name, ..)| *name == id).unwrap();
        if path == "/missions" {
            return reply(200, "", "");
        }
        if path == "/runs" {
            let gone = *gone.lock().unwrap();
            let lines = runs
                .iter()
                .enumerate()
                .filter(|(_, (.., late))| gone || !late);
            let lines: Vec<String> = lines
                .map(|(at, (id, ..))| format!("{id} {}", now(at)))
                .collect();
            return reply(200, "", lines.join("\n") + "\n");
        }
        if let Some(id) = path.strip_prefix("/events/") {
            let looks = looks[known(id)].fetch_add(1, Ordering::SeqCst);
            return reply(200, "", (looks + 1).min(2).to_string());
        }
        let at = known(path.strip_prefix("/run/").unwrap());
        let state = now(at);
        *gone.lock().unwrap() |= RunStatus::of_word(state).unwrap().is_final();
        reply(200, "", state)
    })
    .await
}

fn of(server: &Server, name: &str) -> Connection {
    Connection {
        name: name.to_owned(),
        provider: &Several,
        base_url: server.url.clone(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

async fn watch_all(server: &Server, flags: &[&str]) -> Told {
    let words = [&["watch", "--where", "mission:nightly"], flags].concat();
    say(&session(&[of(server, "a")], None), &words).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_the_worst_counts_and_each_line_names_its_run() {
    let server = several(&[
        ("first-run", "running", "succeeded", false),
        ("second-run", "pending", "cancelled", false),
    ])
    .await;
    let told = watch_all(&server, &[]).await;
    assert_eq!(told.exit, Exit::RunCancelled, "{}", told.err);
    let mut lines: Vec<&str> = told.out.lines().collect();
    assert!(lines.remove(0).starts_with("RUN       "), "{}", told.out);
    lines.sort_unstable();
    assert!(
        lines[0].starts_with("first-ru  ") && lines[0].contains("event 1"),
        "{}",
        told.out
    );
    assert!(
        lines[1].starts_with("second-r  ") && lines.len() == 2,
        "{}",
        told.out
    );
    for part in [
        "watching 2 runs",
        "first-ru: the run has ended: succeeded",
        "second-r: the run has ended: cancelled",
    ] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_appear_meanwhile_are_watched_too() {
    let server = several(&[
        ("first-run", "running", "succeeded", false),
        ("late-run", "running", "failed", true),
    ])
    .await;
    let told = watch_all(&server, &["-o", "jsonl"]).await;
    assert_eq!(told.exit, Exit::RunFailed, "{}", told.err);
    let lines = told.lines();
    let runs: Vec<&Value> = lines.iter().map(|event| &event["run_id"]).collect();
    assert_eq!(runs, ["first-run", "late-run"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_had_ended_before_count_but_no_command_is_run_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ran");
    let command = format!("touch {}", file.display());
    let server = several(&[
        ("going", "running", "succeeded", false),
        ("old", "failed", "failed", false),
    ])
    .await;
    let told = watch_all(&server, &["--on-fail", &command]).await;
    assert_eq!(told.exit, Exit::RunFailed, "{}", told.err);
    assert!(
        told.err
            .contains("watching 1 run; had ended before: 1 failed"),
        "{}",
        told.err
    );
    assert!(!file.exists());
    let told = watch_all(&server, &["--until", "status:failed"]).await;
    assert_eq!(
        (told.exit, told.out.as_str()),
        (Exit::Ok, ""),
        "{}",
        told.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_matches_what_is_waited_for_is_enough() {
    let server = several(&[
        ("first-run", "running", "running", false),
        ("second-run", "running", "failed", false),
    ])
    .await;
    let told = watch_all(&server, &["--until", "status:failed"]).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert!(
        told.err
            .contains("second-r: it matches what was waited for"),
        "{}",
        told.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn that_nothing_is_picked_or_a_list_is_not_read_shows_in_the_code() {
    let server = several(&[("first-run", "running", "succeeded", false)]).await;
    let told = say(
        &session(&[of(&server, "a")], None),
        &["watch", "--where", "run:none"],
    )
    .await;
    assert_eq!((told.exit, told.out.as_str()), (Exit::NotFound, ""));
    assert!(
        told.err.contains("no run matches `run:none`"),
        "{}",
        told.err
    );

    let broken = Server::saying(|_| reply(404, "", "nothing here")).await;
    let both = [of(&server, "a"), of(&broken, "b")];
    let told = say(
        &session(&both, None),
        &["watch", "--where", "run:first-run"],
    )
    .await;
    assert_eq!(told.exit, Exit::Partial, "{}", told.err);
    assert_eq!(
        told.err.matches("b: ").count(),
        1,
        "told once: {}",
        told.err
    );

    let dead = say(&session(&both[1..], None), &["watch", "--where", "run:x"]).await;
    assert_eq!(dead.exit, Exit::Service, "as everywhere: {}", dead.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_it_is_told_once_that_time_is_up() {
    let server = several(&[
        ("first-run", "running", "running", false),
        ("second-run", "running", "running", false),
    ])
    .await;
    let session = session(&[of(&server, "a")], Some(Duration::from_secs(5)));
    let told = say(&session, &["watch", "--where", "mission:nightly"]).await;
    assert_eq!(told.exit, Exit::Timeout, "{}", told.err);
    let part = "2 runs had not ended when --timeout passed";
    assert_eq!(told.err.matches("--timeout").count(), 2, "{}", told.err);
    assert!(told.err.contains(part), "{}", told.err);
}

/// The demo's services, for the program itself.
struct Serving {
    home: tempfile::TempDir,
    servers: Child,
}

impl Serving {
    fn begin() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut servers = Command::new(env!("CARGO_BIN_EXE_sortie"))
            .args(["demo", "--serve", "--config-out", "demo/config.toml"])
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(servers.stdout.take().unwrap()).lines();
        let told = lines.find(|line| line.as_ref().unwrap().starts_with("configuration in"));
        assert!(told.is_some(), "the demo did not start");
        Self { home, servers }
    }

    fn sortie(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_sortie"))
            .args(["--config", "demo/config.toml"])
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var("PATH").unwrap())
            .env("TELNYX_API_KEY", "KEY-of-somebody")
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.servers.kill();
        let _ = self.servers.wait();
    }
}

#[test]
fn the_program_ends_as_the_run_did_and_its_command_gets_no_key() {
    let serving = Serving::begin();
    let command = "sh -c 'echo it was told; env'";
    let (code, out, err) = serving.sortie(&["watch", "8c41e07a", "--on-fail", command]);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
    for part in [
        "it was told\n",
        "SORTIE_STATUS=failed\n",
        "the run has ended: failed",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert!(!err.contains("KEY-of-somebody"), "{err}");
    let running = [
        "watch",
        "--where",
        "status:running ctx:demo-agentex",
        "--timeout",
        "3s",
    ];
    let (code, _, err) = serving.sortie(&running);
    assert_eq!(code, Some(6), "{err}");
    assert!(err.contains("--timeout"), "{err}");
}
