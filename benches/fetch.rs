//! How fast pages come in: 100,000 events of one run in pages of 500 from a server on loopback, with
//! and without a wait before each answer, beside a bare client that asks for the same pages one after
//! the other and only takes their bytes. Budget: at least 0.7 of the bare client's events a second.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "common/figure.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod figure;
#[path = "common/server.rs"]
mod server;

use std::io::Write as _;
use std::time::{Duration, Instant};

use figure::{Budget, figure};
use sortie::fetch::{Auth, Connection, Fetcher, Timeouts};
use sortie::model::{
    Ask, ContextId, Gen, Got, Limit, NodeId, Page, Record, Row, RunRef, Ticket, Urgency,
};
use sortie::provider;
use tokio::sync::mpsc;
use url::Url;

const PAGES: usize = 200;
const ROWS: usize = 500;
const ROUNDS: usize = 3;
const BUDGET: f64 = 0.7;

fn main() {
    // The bare client panics without one; sortie's brings its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // For as long as the servers, which is to the end.
    let pages: &'static [String] = Vec::leak((1..=PAGES).map(page).collect());
    let bytes: usize = pages.iter().map(String::len).sum();
    let mut out = std::io::stdout();
    let _ = writeln!(
        out,
        "\n{} events in {PAGES} pages, {} KiB; budget: {BUDGET} of a bare client",
        PAGES * ROWS,
        bytes / 1024
    );
    for wait in [0, 50] {
        let url = server::serve(Duration::from_millis(wait), |path| {
            let page = pages.get(server::page_number(path) - 1);
            page.map_or("{\"data\":[]}", String::as_str).into()
        });
        // The better of some rounds each: what else the machine does is no property of either.
        let mut best = [f64::MAX; 2];
        for _ in 0..ROUNDS {
            for (best, took) in best.iter_mut().zip([bare(&url), ours(&url)]) {
                *best = best.min(took.as_secs_f64());
            }
        }
        let [bare, ours] = best.map(|seconds| (PAGES * ROWS) as f64 / seconds);
        let none = Budget::None;
        figure(
            &format!("events of a bare client, {wait} ms away"),
            bare,
            "/s",
            none,
        );
        figure(&format!("events fetched, {wait} ms away"), ours, "/s", none);
        figure(
            &format!("events fetched to those of a bare client, {wait} ms away"),
            ours / bare,
            "times",
            Budget::Least(BUDGET),
        );
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Reads all pages with nothing but the HTTP client.
fn bare(url: &Url) -> Duration {
    runtime().block_on(async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        let began = Instant::now();
        for number in 1..=PAGES {
            let address = format!("{url}ai/missions/m/runs/r/events?page[number]={number}");
            let reply = client.get(address).send().await.unwrap();
            assert!(!reply.bytes().await.unwrap().is_empty());
        }
        began.elapsed()
    })
}

/// Reads the same events as the screen does.
fn ours(url: &Url) -> Duration {
    runtime().block_on(async {
        let connection = Connection {
            name: "bench".to_owned(),
            provider: provider::named("telnyx").unwrap(),
            base_url: url.clone(),
            auth: Auth::None,
            headers: Vec::new(),
            ca_file: None,
            insecure: false,
            timeouts: Timeouts::default(),
        };
        let (mail, mut inbox) = mpsc::channel(64);
        let fetcher = Fetcher::new([connection], mail);
        let began = Instant::now();
        fetcher.load(Ticket {
            context: ContextId(0),
            node: NodeId(0),
            generation: Gen(0),
            ask: Ask::Events {
                run: RunRef {
                    mission: "m".into(),
                    run: "r".into(),
                    room: None,
                },
                page: Page::default(),
            },
            limit: Limit::NONE,
            urgency: Urgency::Wanted,
        });
        let mut events = 0;
        loop {
            match inbox.recv().await.unwrap().got {
                Got::Rows { rows, .. } => events += rows.iter().filter(|row| is_event(row)).count(),
                Got::Done { .. } => break,
                other => assert!(matches!(other, Got::Budget(_)), "{other:?}"),
            }
        }
        assert_eq!(events, PAGES * ROWS);
        began.elapsed()
    })
}

/// A page also tells when the run was last heard of.
fn is_event(row: &Row) -> bool {
    matches!(row.record(), Record::Event(_))
}

/// One page of events, newest first, as the service spells them.
fn page(number: usize) -> String {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let n = PAGES * ROWS - (number - 1) * ROWS - row;
            let (minute, second) = (n / 60 % 60, n % 60);
            format!(
                "{{\"event_id\":\"{n:08x}-4f1c-4d2a-9b0e-3c5a7d9e1f20\",\"run_id\":\"r\",\"type\":\"tool_call\",\
                 \"summary\":\"Looked up invoice {n} of the customer\",\"agent_id\":\"assistant-17\",\
                 \"step_id\":\"step-{}\",\"payload\":{{\"tool\":\"lookup_invoice\",\"arguments\":{{\"invoice\":{n},\
                 \"customer\":\"cus_81f2\",\"fields\":[\"amount\",\"currency\",\"due\"]}}}},\
                 \"timestamp\":\"2026-11-{:02}T{:02}:{minute:02}:{second:02}.000000Z\"}}",
                n % 7,
                1 + n / 86_400,
                n / 3_600 % 24,
            )
        })
        .collect();
    format!(
        "{{\"data\":[{}],\"meta\":{{\"page_number\":{number},\"page_size\":{ROWS},\"total_pages\":{PAGES},\
         \"total_results\":{}}}}}",
        rows.join(","),
        PAGES * ROWS
    )
}
