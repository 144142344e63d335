//! The demo's server read through the provider, over HTTP and all pages.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::*;
use jiff::{SignedDuration, Timestamp};
use sortie::demo::{clock::Clock, vectara};
use sortie::model::{Kind, RunStatus};

struct Server {
    base: String,
    client: reqwest::Client,
}

impl Server {
    async fn started(ago: i64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let start = Timestamp::now() - SignedDuration::from_secs(ago);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        let app = vectara::router(Clock::starting(start), "key");
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base, client }
    }

    /// Every row that an ask and what follows from it bring.
    async fn rows(&self, ask: Ask) -> Vec<Record> {
        let mut asks = VecDeque::from([ask]);
        let mut rows = Vec::new();
        while let Some(ask) = asks.pop_front() {
            let request = Vectara.request(&ask).unwrap();
            let mut url = url::Url::parse(&format!("{}{}", self.base, request.path)).unwrap();
            url.query_pairs_mut().extend_pairs(&request.query);
            let sent = self.client.get(url.as_str()).header("x-api-key", "key");
            let reply = sent.send().await.unwrap();
            let status = reply.status().as_u16();
            let body = reply.bytes().await.unwrap();
            let now = i64::try_from(Timestamp::now().as_nanosecond()).unwrap();
            let reply = Reply {
                status,
                body: &body,
                received: Time(now),
            };
            let batch = Vectara.read(&ask, &reply).unwrap();
            assert_eq!(batch.skipped, 0);
            rows.extend(batch.rows.iter().map(|row| row.record().clone()));
            asks.extend(batch.next);
            asks.extend(batch.also);
        }
        rows
    }

    async fn runs_of(&self, mission: &str) -> BTreeMap<String, Run> {
        let ask = Ask::Runs {
            mission: mission.into(),
            status: None,
            page: Page::default(),
        };
        let mut runs: BTreeMap<String, Run> = BTreeMap::new();
        for record in self.rows(ask).await {
            let Record::Run(run) = record else { continue };
            let known = runs.entry(run.id.clone()).or_insert_with(|| run.clone());
            if run.status != RunStatus::Unknown {
                known.status = run.status;
            }
            known.quiet_since = run.quiet_since;
            known.error = run.error;
        }
        runs
    }

    async fn events_of(&self, mission: &str, run: &str) -> Vec<Event> {
        let ask = Ask::Events {
            run: RunRef {
                mission: mission.into(),
                run: run.into(),
                room: None,
            },
            page: Page::default(),
        };
        let rows = self.rows(ask).await;
        let mut events: Vec<Event> = rows
            .into_iter()
            .filter_map(|row| match row {
                Record::Event(event) => Some(event),
                _ => None,
            })
            .collect();
        events.sort_by_key(|event| event.order);
        events
    }
}

#[tokio::test]
async fn missions_runs_and_events_of_the_demo() {
    let server = Server::started(0).await;
    let missions: Vec<String> = server
        .rows(missions())
        .await
        .iter()
        .map(|record| record.id().to_owned())
        .collect();
    assert_eq!(missions.len(), 5);
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut runs = BTreeMap::new();
    for mission in &missions {
        for (id, run) in server.runs_of(mission).await {
            *count.entry(run.status.word()).or_default() += 1;
            runs.insert(id, run);
        }
    }
    let wanted = [
        ("cancelled", 1),
        ("failed", 6),
        ("pending", 1),
        ("running", 2),
        ("succeeded", 12),
    ];
    assert_eq!(count.into_iter().collect::<Vec<_>>(), wanted);
    let waiting = &runs["ase_pager_storm_20261120-034415_91ab"];
    assert!(waiting.quiet_since.is_some());
    assert!(runs["api_gateway_5xx"].quiet_since.is_none());
    let failed = &runs["ase_search_stale_20261120-014200_e07c"];
    assert!(
        failed
            .error
            .as_ref()
            .unwrap()
            .contains("upstream returned 503")
    );
}

#[tokio::test]
async fn the_long_session_is_whole_and_in_order() {
    let server = Server::started(0).await;
    let run = "ase_quarter_reconciliation_20261120-064500_5e5e";
    let events = server.events_of("month_end_close", run).await;
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!((events.len(), ids.len()), (5_000, 5_000));
    // The server numbers its events from the oldest.
    let numbers: Vec<_> = events.iter().map(|event| event.id.get(4..12)).collect();
    assert!(numbers.is_sorted());
}

#[tokio::test]
async fn the_interesting_sessions_read_as_told() {
    let server = Server::started(300).await;
    let checkout = "ase_checkout_latency_20261120-081455_7d3e";
    let events = server.events_of(AGENT, checkout).await;
    let children: Vec<&Event> = events
        .iter()
        .filter(|event| event.kind == Kind::SubRun)
        .collect();
    assert_eq!(children.len(), 1);
    let child = children[0].summary.as_deref().unwrap();
    let parent = &server.runs_of("agt_docs_expert_9b20").await[child];
    assert_eq!(parent.parent_run_id.as_deref(), Some(checkout));
    let steps: BTreeSet<&str> = events
        .iter()
        .filter_map(|event| event.step_id.as_deref())
        .collect();
    assert_eq!(
        steps,
        BTreeSet::from(["classify", "close", "investigate", "mitigate"])
    );
    let gateway = server.events_of(AGENT, "api_gateway_5xx").await;
    let times: Vec<_> = gateway.iter().map(|event| event.time).collect();
    assert!(times.is_sorted());
    assert_eq!(
        server.runs_of(AGENT).await["api_gateway_5xx"].status,
        RunStatus::Succeeded
    );
}
