//! How fast an inbox is there: four contexts with 1,000 runs each, two of which list the runs of all
//! missions and two mission by mission, beside a bare client that sends the same requests, four at once
//! to each. Budget: at most 1.2 times the bare client and 100 ms. And how long the rows take to be
//! arranged another way.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "common/figure.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod figure;
#[path = "common/server.rs"]
mod server;

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use figure::took;
use futures_util::{StreamExt as _, stream};
use jiff::{Timestamp, tz::TimeZone};
use sortie::app::{
    App, Effect, Msg, Setup,
    arrange::{Arrangement, WINDOW},
};
use sortie::config::keys;
use sortie::fetch::{Auth, Connection, Fetcher, Timeouts};
use sortie::guard::redact::Redactor;
use sortie::model::{Limit, Time};
use sortie::provider;
use tokio::sync::mpsc;
use url::Url;

const CONTEXTS: usize = 4;
const MISSIONS: usize = 20;
const RUNS: usize = 1_000;
const PAGE: usize = 100;
const ROUNDS: usize = 5;

fn main() {
    // The bare client panics without one; sortie's brings its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut out = std::io::stdout();
    let _ = writeln!(
        out,
        "\ninbox of {CONTEXTS} contexts with {RUNS} runs each; budget: 1.2 of a bare client and 100 ms"
    );
    for wait in [0, 50] {
        let urls: Vec<Url> = (0..CONTEXTS)
            .map(|_| server::serve(Duration::from_millis(wait), |path| body(path).into()))
            .collect();
        // The better of some rounds each: what else the machine does is no property of either.
        let (mut bare_best, mut ours_best, mut turn_best) = (f64::MAX, f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            bare_best = bare_best.min(bare(&urls).as_secs_f64());
            let (whole, turn) = ours(&urls);
            ours_best = ours_best.min(whole.as_secs_f64());
            turn_best = turn_best.min(turn.as_secs_f64());
        }
        let seconds = Duration::from_secs_f64;
        took(
            &format!("inbox of a bare client, {wait} ms away"),
            seconds(bare_best),
            None,
        );
        took(
            &format!("inbox, {wait} ms away"),
            seconds(ours_best),
            Some(seconds(bare_best * 1.2 + 0.1)),
        );
        took(
            &format!("inbox arranged anew, {wait} ms away"),
            seconds(turn_best),
            None,
        );
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Whether a context has one list of all runs.
fn has_one_list(context: usize) -> bool {
    context < CONTEXTS / 2
}

/// The same requests with nothing but the HTTP client, four at once to each context.
fn bare(urls: &[Url]) -> Duration {
    runtime().block_on(async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        let ask = |address: String| {
            let client = client.clone();
            async move {
                let reply = client.get(address).send().await.unwrap();
                assert!(!reply.bytes().await.unwrap().is_empty());
            }
        };
        let began = Instant::now();
        let contexts = urls.iter().enumerate().map(|(at, url)| async move {
            let missions = ask(format!("{url}ai/missions"));
            if has_one_list(at) {
                let pages = async {
                    for page in 1..=RUNS / PAGE {
                        ask(format!("{url}ai/missions/runs?page[number]={page}")).await;
                    }
                };
                tokio::join!(missions, pages);
            } else {
                missions.await;
                let lists = (0..MISSIONS)
                    .map(|n| ask(format!("{url}ai/missions/m{n}/runs?page[number]=1")));
                stream::iter(lists).buffer_unordered(4).count().await;
            }
        });
        futures_util::future::join_all(contexts).await;
        began.elapsed()
    })
}

/// The app and the fetcher until everything answered, and how long it takes then to arrange the rows
/// another way.
fn ours(urls: &[Url]) -> (Duration, Duration) {
    let connections: Vec<Connection> = urls.iter().enumerate().map(connection).collect();
    runtime().block_on(async {
        let (mail, mut inbox) = mpsc::channel(64);
        let mut contexts = sortie::run::contexts(&connections);
        for (at, info) in contexts.iter_mut().enumerate() {
            info.all_runs = has_one_list(at);
        }
        let fetcher = Fetcher::new(&connections, mail);
        let began = Instant::now();
        let (mut app, mut effects) = App::new(setup(contexts), now());
        effects.extend(app.begin_with(Arrangement::Inbox, WINDOW, None));
        let load = |effects: Vec<Effect>| {
            for effect in effects {
                if let Effect::Load(ticket) = effect {
                    fetcher.load(ticket);
                }
            }
        };
        load(effects);
        while app.is_filling() {
            let arrival = inbox.recv().await.unwrap();
            load(app.update(Msg::Arrived(Box::new(arrival)), now()));
        }
        let took = began.elapsed();
        assert_eq!(app.arranged.tally.runs, CONTEXTS * RUNS);
        let began = Instant::now();
        app.begin_with(Arrangement::Contexts, WINDOW, None);
        (took, began.elapsed())
    })
}

fn connection((at, url): (usize, &Url)) -> Connection {
    Connection {
        name: format!("bench-{at}"),
        provider: provider::named("telnyx").unwrap(),
        base_url: url.clone(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

fn setup(contexts: Vec<sortie::app::ContextInfo>) -> Setup {
    Setup {
        contexts,
        keymap: keys::defaults(),
        redactor: Redactor::new(Vec::new()),
        zone: TimeZone::UTC,
        local_zone: TimeZone::UTC,
        switches: Arc::default(),
        limit: Limit::NONE,
        read_on_above: usize::MAX,
        looked_for: Vec::new(),
        warnings: Vec::new(),
    }
}

fn now() -> Time {
    Time(i64::try_from(Timestamp::now().as_nanosecond()).unwrap())
}

/// What the service answers to that path.
fn body(path: &str) -> String {
    let number = server::page_number(path);
    let rows = |rows: Vec<String>, pages: usize| {
        format!(
            "{{\"data\":[{}],\"meta\":{{\"page_number\":{number},\"page_size\":{PAGE},\
             \"total_pages\":{pages},\"total_results\":{}}}}}",
            rows.join(","),
            pages * PAGE
        )
    };
    if path.contains("/missions/runs") {
        let from = (number - 1) * PAGE;
        return rows((from..from + PAGE).map(run).collect(), RUNS / PAGE);
    }
    if let Some((_, rest)) = path.split_once("/missions/m") {
        let mission: usize = rest.split('/').next().unwrap().parse().unwrap();
        let of = (0..RUNS).filter(|run| run % MISSIONS == mission);
        return rows(of.map(run).collect(), 1);
    }
    let missions = (0..MISSIONS).map(|n| {
        format!(
            "{{\"mission_id\":\"m{n}\",\"name\":\"Mission {n}\",\"description\":\"What it is for\",\
             \"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\"}}"
        )
    });
    rows(missions.collect(), 1)
}

/// A run of the last hours, the newest first.
fn run(at: usize) -> String {
    let seconds = i64::try_from(at).unwrap() * 60;
    let began = Timestamp::now().as_second() - seconds - 60;
    let time = |at: i64| Timestamp::from_second(at).unwrap();
    let status = if at.is_multiple_of(9) {
        "failed"
    } else {
        "succeeded"
    };
    format!(
        "{{\"run_id\":\"{at:08x}-4f1c-4d2a-9b0e-3c5a7d9e1f20\",\"mission_id\":\"m{}\",\"status\":\"{status}\",\
         \"input\":{{\"task\":\"Look up the invoices of customer {at}\"}},\"error\":null,\
         \"created_at\":\"{}\",\"started_at\":\"{}\",\"finished_at\":\"{}\",\"updated_at\":\"{}\"}}",
        at % MISSIONS,
        time(began),
        time(began),
        time(began + 30),
        time(began + 30)
    )
}
