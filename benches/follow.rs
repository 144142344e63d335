//! Following a run, from the service to the painted row: how long after an event exists its row is on
//! the screen, by polling and by the service's stream; and what a run of 50,000 events that was followed
//! from its first costs in memory. The loop, the app, the painting and the fetcher are the real ones; the
//! two servers are as plain as their dialects allow, and in the same process.
//!
//! `cargo bench --bench follow`
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    reason = "a bench fails by panicking, and uses its part of what it shares with the tests"
)]

#[path = "common/figure.rs"]
mod figure;
#[path = "../tests/flow/play.rs"]
mod play;

use std::{
    convert::Infallible,
    time::{Duration, Instant, SystemTime},
};

use axum::{
    Router,
    extract::{Query, State},
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use figure::{Budget, figure};
use futures_util::{Stream, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use sortie::{
    fetch::{Auth, Connection, Timeouts},
    provider::{Provider, agentex::Agentex, telnyx::Telnyx},
};

const ID: &str = "0f3c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4";
/// Events that are timed.
const TIMED: u32 = if cfg!(debug_assertions) { 2 } else { 20 };
/// Events of the long run.
const LONG: u32 = if cfg!(debug_assertions) { 500 } else { 50_000 };

/// A run whose events come into being by the clock: event `n` exists `n` intervals after the start.
#[derive(Clone, Copy)]
struct Born {
    since: (Instant, SystemTime),
    every: Duration,
    most: u32,
}

impl Born {
    fn now(every: Duration, most: u32) -> Self {
        Self {
            since: (Instant::now(), SystemTime::now()),
            every,
            most,
        }
    }

    fn count(&self) -> u32 {
        let count = self.since.0.elapsed().as_nanos() / self.every.as_nanos();
        u32::try_from(count).unwrap_or(u32::MAX).min(self.most)
    }

    fn at(&self, event: u32) -> Instant {
        self.since.0 + self.every * event
    }

    fn stamp(&self, event: u32) -> String {
        let at = Timestamp::try_from(self.since.1 + self.every * event).unwrap();
        at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
    }

    fn is_over(&self) -> bool {
        self.count() >= self.most
    }
}

#[derive(serde::Deserialize)]
struct Paging {
    #[serde(rename = "page[number]")]
    number: Option<u32>,
    #[serde(rename = "page[size]")]
    size: Option<u32>,
}

fn word(event: u32) -> String {
    format!("event-{event:05}")
}

/// Telnyx's dialect: pages by number, oldest first.
fn telnyx(born: Born) -> Router {
    let mission = json!({"mission_id": ID, "name": "mission-x", "created_at": born.stamp(0)});
    let one = mission.clone();
    let of = json!({"data": [mission], "meta": meta(1, 100, 1)});
    let run = move || json!({"run_id": ID, "mission_id": ID, "status": "running", "started_at": born.stamp(0)});
    let runs = format!("/ai/missions/{ID}/runs");
    Router::new()
        .route("/ai/missions", get(move || ready(&of)))
        .route(
            &format!("/ai/missions/{ID}"),
            get(move || ready(&json!({"data": one.clone()}))),
        )
        .route(
            &runs,
            get(move || ready(&json!({"data": [run()], "meta": meta(1, 100, 1)}))),
        )
        .route(
            &format!("{runs}/{ID}"),
            get(move || ready(&json!({"data": run()}))),
        )
        .route(
            &format!("{runs}/{ID}/plan"),
            get(|| ready(&json!({"data": []}))),
        )
        .route(&format!("{runs}/{ID}/events"), get(telnyx_events))
        .fallback(|| ready(&json!({"data": [], "meta": meta(1, 100, 0)})))
        .with_state(born)
}

async fn telnyx_events(State(born): State<Born>, Query(paging): Query<Paging>) -> String {
    let (number, size) = (paging.number.unwrap_or(1), paging.size.unwrap_or(20));
    let count = born.count();
    let from = (number.saturating_sub(1)).saturating_mul(size);
    let rows: Vec<Value> = (from + 1..=count.min(from.saturating_add(size)))
        .map(|event| {
            json!({
                "event_id": format!("{event:08x}-0000-4000-8000-000000000000"),
                "run_id": ID,
                "type": "message",
                "summary": word(event),
                "payload": {"role": "assistant", "text": word(event), "n": event},
                "timestamp": born.stamp(event),
            })
        })
        .collect();
    json!({"data": rows, "meta": meta(number, size, count)}).to_string()
}

fn meta(number: u32, size: u32, total: u32) -> Value {
    let pages = total.div_ceil(size.max(1));
    json!({"page_number": number, "page_size": size, "total_pages": pages, "total_results": total})
}

/// Agentex's dialect: cursor pages, newest first, and a stream.
fn agentex(born: Born) -> Router {
    let agent = json!({"id": ID, "name": "mission-x", "status": "Ready", "acp_type": "async"});
    let one = agent.clone();
    let task = move || json!({"id": ID, "name": "a run", "status": "RUNNING", "created_at": born.stamp(0), "updated_at": born.stamp(born.count())});
    Router::new()
        .route("/agents", get(move || ready(&json!([agent.clone()]))))
        .route(&format!("/agents/{ID}"), get(move || ready(&one)))
        .route("/tasks", get(move || ready(&json!([task()]))))
        .route(&format!("/tasks/{ID}"), get(move || ready(&task())))
        .route(
            "/messages/paginated",
            get(|State(born): State<Born>| {
                let count = born.count();
                let rows = (1..=count).rev().take(50).map(move |n| message(&born, n));
                let rows: Vec<Value> = rows.collect();
                ready(&json!({"data": rows, "next_cursor": null, "has_more": false}))
            }),
        )
        .route(&format!("/tasks/{ID}/stream"), get(frames))
        .fallback(|| ready(&json!([])))
        .with_state(born)
}

fn message(born: &Born, event: u32) -> Value {
    json!({
        "id": format!("6b0014{event:018x}"),
        "task_id": ID,
        "content": {"type": "text", "author": "agent", "style": "static", "format": "plain", "content": word(event)},
        "streaming_status": null,
        "created_at": born.stamp(event).trim_end_matches('Z'),
        "updated_at": born.stamp(event).trim_end_matches('Z'),
    })
}

async fn frames(State(born): State<Born>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let connected = json!({"type": "connected", "taskId": ID});
    let first = born.count() + 1;
    let frames = stream::unfold(
        (Some(connected), first),
        move |(connected, next)| async move {
            if let Some(frame) = connected {
                return Some((Ok(Event::default().data(frame.to_string())), (None, next)));
            }
            if next > born.most {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep_until(born.at(next).into()).await;
            let message = message(&born, next);
            let frame = json!({"type": "full", "index": null, "parent_task_message": message, "content": message["content"]});
            Some((
                Ok(Event::default().data(frame.to_string())),
                (None, next + 1),
            ))
        },
    );
    Sse::new(frames).keep_alive(KeepAlive::default())
}

fn ready(value: &Value) -> std::future::Ready<String> {
    std::future::ready(value.to_string())
}

async fn served(provider: &'static dyn Provider, router: Router) -> Connection {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Connection {
        name: "service".to_owned(),
        provider,
        base_url: url.parse().unwrap(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

/// Milliseconds from the moment in which each event exists to the frame that shows it.
async fn latencies(provider: &'static dyn Provider, router: fn(Born) -> Router) -> Vec<u128> {
    // No multiple of any pace that a follower might have.
    let born = Born::now(Duration::from_millis(1370), 10_000);
    let connection = served(provider, router(born)).await;
    let mut took = Vec::new();
    play::play((90, 60), &[connection], async |play| {
        play.open(&["mission-x", "0f3c2d1e"]).await;
        play.until("live").await;
        // To the newest row, which goes along with what comes.
        play.press("F").await;
        let first = born.count() + 3;
        for event in first..first + TIMED {
            play.until(&word(event)).await;
            took.push(born.at(event).elapsed().as_millis());
        }
    })
    .await;
    took.sort_unstable();
    took
}

fn tell(what: &str, took: &[u128]) {
    let at = |percent: usize| took[(took.len() - 1) * percent / 100] as f64;
    for (name, percent) in [("median", 50), ("p90", 90), ("max", 100)] {
        figure(&format!("{what}, {name}"), at(percent), "ms", Budget::None);
    }
}

/// Memory of this process in MB: all of it, and what no file stands behind.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        number.unwrap_or_default() / 1024.0
    };
    (of("VmRSS:"), of("RssAnon:"))
}

async fn long() {
    let seconds = if cfg!(debug_assertions) { 3 } else { 60 };
    let every = Duration::from_secs(seconds) / LONG;
    let born = Born::now(every, LONG);
    let connection = served(&Telnyx, telnyx(born)).await;
    let before = memory();
    play::play((90, 60), &[connection], async |play| {
        play.open(&["mission-x", "0f3c2d1e"]).await;
        play.until("live").await;
        while !born.is_over() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        play.until(&word(LONG)).await;
        let after = memory();
        let what = format!("a run of {LONG} events followed for {seconds} s");
        for (name, megabytes) in [
            ("more RSS", after.0 - before.0),
            ("more that is anonymous", after.1 - before.1),
            ("RSS in all", after.0),
        ] {
            figure(&format!("{what}, {name}"), megabytes, "MB", Budget::None);
        }
    })
    .await;
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        tell(
            "stream, event to painted row",
            &latencies(&Agentex, agentex).await,
        );
        tell(
            "polling, event to painted row",
            &latencies(&Telnyx, telnyx).await,
        );
        long().await;
    });
}
