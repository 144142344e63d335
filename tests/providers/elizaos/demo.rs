//! The demo server read over HTTP through the provider, pages and side lists followed by hand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sortie::demo::clock::Clock;
use sortie::model::RunStatus::{Cancelled, Failed, Succeeded, TimedOut, Unknown};

use super::*;

const KEY: &str = "demo-key";

struct Client {
    http: reqwest::Client,
    base: String,
}

/// Runs and events as a store would hold them after all pages.
#[derive(Default)]
struct Held {
    missions: Vec<Mission>,
    runs: BTreeMap<String, Run>,
    events: BTreeMap<String, Event>,
    steps: usize,
    requests: usize,
}

async fn serve(seconds_ago: i64) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let start = Timestamp::from_second(Timestamp::now().as_second() - seconds_ago).unwrap();
    let router = sortie::demo::elizaos::router(Clock::starting(start), KEY);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Client {
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        base,
    }
}

impl Client {
    async fn get(&self, ask: &Ask, key: &str) -> Result<Batch, ReadError> {
        let request = ElizaOs.request(ask).unwrap();
        let mut url = url::Url::parse(&format!("{}{}", self.base, request.path)).unwrap();
        for (name, value) in &request.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        let answer = self
            .http
            .get(url)
            .header("x-api-key", key)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let body = answer.bytes().await.unwrap();
        read_at(ask, status, &body, Timestamp::now().as_millisecond())
    }

    /// Everything that follows from an ask.
    async fn all(&self, ask: Ask) -> Result<Held, ReadError> {
        let mut held = Held::default();
        let mut open = vec![ask];
        while let Some(ask) = open.pop() {
            let batch = self.get(&ask, KEY).await?;
            held.requests += 1;
            assert!(held.requests < 200, "asks without end: {ask:?}");
            open.extend(batch.next);
            // Patches come after the rows that they patch.
            open.splice(0..0, batch.also);
            batch.rows.into_iter().for_each(|row| held.keep(row));
        }
        Ok(held)
    }
}

impl Held {
    fn keep(&mut self, row: Row) {
        match row {
            Row::Full(Record::Mission(mission)) => self.missions.push(mission),
            Row::Full(Record::Run(run)) => {
                let again = self.runs.insert(run.id.clone(), run);
                assert!(again.is_none(), "a run on two pages: {again:?}");
            }
            Row::Patch(Record::Run(run)) => {
                let id = run.id.clone();
                merge::run(self.runs.entry(id).or_default(), run);
            }
            Row::Full(Record::Step(_)) => self.steps += 1,
            Row::Full(Record::Event(event)) => {
                let again = self.events.insert(event.id.clone(), event.clone());
                // Pages of memories overlap in one instant.
                let same = |again: &Event| again.raw == event.raw;
                assert!(again.as_ref().is_none_or(same), "two of one id: {again:?}");
            }
            Row::Patch(Record::Event(event)) => {
                let id = event.id.clone();
                let known = self.events.remove(&id);
                let event = match known {
                    Some(known) => merge::event_patch(known, event),
                    None => event,
                };
                self.events.insert(id, event);
            }
            Row::Patch(Record::Step(_) | Record::Mission(_)) => {}
            Row::Full(other @ Record::Elsewhere(_)) | Row::Patch(other) => panic!("{other:?}"),
        }
    }

    /// How many events the service's own list of the run has.
    fn logged(&self) -> usize {
        let said = |event: &&Event| matches!(event.type_sent.as_str(), "message" | "action_result");
        self.events.len() - self.events.values().filter(said).count()
    }

    fn titled(&self, words: &str) -> &Run {
        self.runs
            .values()
            .find(|run| run.title.contains(words))
            .unwrap()
    }
}

async fn missions(client: &Client) -> Vec<Mission> {
    client
        .all(Ask::Missions {
            page: Page::default(),
        })
        .await
        .unwrap()
        .missions
}

async fn runs_of(client: &Client, name: &str) -> Held {
    let mission = missions(client)
        .await
        .into_iter()
        .find(|mission| mission.name == name)
        .unwrap();
    let ask = Ask::Runs {
        mission: mission.id.into(),
        status: None,
        page: Page::default(),
    };
    client.all(ask).await.unwrap()
}

async fn opened(client: &Client, name: &str, words: &str) -> Held {
    let list = runs_of(client, name).await;
    let run = list.titled(words);
    let run = RunRef {
        mission: run.mission_id.as_str().into(),
        run: run.id.as_str().into(),
        room: run.room.as_deref().map(Arc::from),
    };
    client
        .all(Ask::Events {
            run,
            page: Page::default(),
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn every_mission_and_every_run_is_found_once_with_title_and_true_status() {
    let client = serve(400).await;
    let names: Vec<String> = missions(&client)
        .await
        .into_iter()
        .map(|mission| mission.name)
        .collect();
    assert_eq!(names, ["Atlas", "Beacon", "Juno", "Ledger", "Moss"]);
    for (name, total, untitled) in [
        ("Atlas", 4, 0),
        ("Beacon", 126, 1),
        ("Juno", 11, 0),
        ("Ledger", 8, 0),
    ] {
        let held = runs_of(&client, name).await;
        assert_eq!(held.runs.len(), total, "{name}");
        let without = held
            .runs
            .values()
            .filter(|run| run.title.is_empty())
            .count();
        assert_eq!(without, untitled, "{name}");
    }
    let juno = runs_of(&client, "Juno").await;
    let ledger = runs_of(&client, "Ledger").await;
    let beacon = runs_of(&client, "Beacon").await;
    for (held, words, status) in [
        (&juno, "rain in Oslo", Succeeded),
        (&juno, "AY 1331", Failed),
        (&juno, "ramen", Cancelled),
        (&juno, "Two seats", Cancelled),
        (&juno, "(live)", Succeeded),
        (&ledger, "Forecast", TimedOut),
        (&ledger, "Rotate the signing", Failed),
        (&ledger, "Rebalance", Unknown),
        (&beacon, "Checkout latency", Failed),
        (&beacon, "status?", Cancelled),
        (&beacon, "Restart the payment", Unknown),
    ] {
        assert_eq!(held.titled(words).status, status, "{words}");
    }
    assert_eq!(
        juno.titled("AY 1331").error.as_deref(),
        Some("provider: 503 upstream overloaded")
    );
    assert_eq!(juno.titled("ramen").status_sent.as_deref(), Some("muted"));
    assert_eq!(
        beacon.titled("Restart the payment").status_sent.as_deref(),
        Some("deferred")
    );
    let crashed = beacon
        .runs
        .values()
        .filter(|run| run.error.as_deref() == Some("fetch failed: ECONNRESET"));
    assert_eq!(crashed.count(), 2);
}

#[tokio::test]
async fn a_stopped_agent_and_a_wrong_key_say_so() {
    let client = serve(0).await;
    let moss = missions(&client)
        .await
        .into_iter()
        .find(|mission| mission.name == "Moss")
        .unwrap();
    assert_eq!(moss.status.as_deref(), Some("inactive"));
    let ask = Ask::Runs {
        mission: moss.id.into(),
        status: None,
        page: Page::default(),
    };
    let stopped = client.get(&ask, KEY).await.unwrap_err().to_string();
    assert!(
        stopped.starts_with("Agent not found") && stopped.contains("stopped"),
        "{stopped}"
    );
    let refused = client.get(&ask, "wrong").await.unwrap_err().to_string();
    assert!(refused.starts_with("API key required"), "{refused}");
}

#[tokio::test]
async fn the_long_run_the_plan_and_the_hostile_run_come_whole() {
    let client = serve(0).await;
    let long = opened(&client, "Atlas", "harbour archive").await;
    assert_eq!(long.logged(), 5000);
    let failed = |event: &&Event| event.is_error == Some(true);
    assert!(long.events.values().filter(failed).count() > 5);

    let plan = opened(&client, "Juno", "conference week").await;
    assert_eq!(plan.steps, 5);
    let inside =
        |event: &&Event| event.kind == Kind::ModelCall && event.step_id.as_deref() == Some("3/5");
    assert_eq!(plan.events.values().filter(inside).count(), 2);

    let hostile = opened(&client, "Atlas", "guestbook").await;
    assert_eq!(hostile.logged(), 52);
    assert!(
        hostile
            .events
            .values()
            .all(|event| event.kind != Kind::Unknown)
    );
    let nested = |event: &&Event| {
        event
            .raw
            .bytes()
            .windows(1000)
            .any(|part| part.iter().all(|b| *b == b'['))
    };
    assert_eq!(hostile.events.values().filter(nested).count(), 1);

    let export = opened(&client, "Ledger", "every order").await;
    assert!(
        export
            .events
            .values()
            .any(|event| event.raw.len() > 3_000_000)
    );
}

#[tokio::test]
async fn the_booking_that_failed_without_saying_so_is_an_error() {
    let client = serve(0).await;
    let held = opened(&client, "Juno", "rain in Oslo").await;
    let booking = held
        .events
        .values()
        .find(|event| event.kind == Kind::ToolResult && event.tool.as_deref() == Some("BOOK_TRIP"))
        .unwrap();
    assert_eq!(booking.is_error, Some(true));
    assert_eq!(
        booking.summary.as_deref(),
        Some("Booking failed: card declined")
    );
    assert!(text(booking.raw.bytes()).contains("\"success\":true"));
}

#[tokio::test]
async fn the_live_run_is_running_then_done() {
    for (ago, status) in [(30, RunStatus::Running), (400, RunStatus::Succeeded)] {
        let client = serve(ago).await;
        let list = runs_of(&client, "Juno").await;
        assert_eq!(list.titled("(live)").status, status);
    }
    let (young, old) = (serve(10).await, serve(400).await);
    let (young, old) = (
        opened(&young, "Juno", "(live)").await,
        opened(&old, "Juno", "(live)").await,
    );
    assert!(young.events.len() + 30 < old.events.len());
}

#[tokio::test]
async fn the_demo_shows_a_crashed_action_one_at_work_and_a_restart() {
    let client = serve(40).await;
    let crash = opened(&client, "Atlas", "two harbour maps").await;
    let call = |held: &Held, tool: &str| {
        let mut calls = held
            .events
            .values()
            .filter(|event| event.kind == Kind::ToolCall);
        calls
            .find(|event| event.tool.as_deref() == Some(tool))
            .cloned()
    };
    let left = call(&crash, "COMPARE_MAPS").unwrap();
    assert!(left.summary.unwrap().contains("never logged"));
    let ledger = runs_of(&client, "Ledger").await;
    let cut = ledger.titled("Rebalance").status_reason.as_deref();
    assert!(cut.unwrap().starts_with("interrupted"), "{cut:?}");
    let said = |held: &Held| {
        let said = held
            .events
            .values()
            .filter(|event| event.kind == Kind::Message);
        said.count()
    };
    let told = opened(&client, "Juno", "rain in Oslo").await;
    assert_eq!(said(&told), 2);
}
