//! The demo server through the provider, over HTTP, page by page.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;
use sortie::demo::clock::Clock;
use sortie::model::{Ask, Batch, Kind, Page, Reply, RunRef, RunStatus, Time};
use sortie::provider::Provider;

use super::{Telnyx, events_of, missions, missions_of, runs_of, steps_of};

struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    async fn of_a_new_demo() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let app = sortie::demo::telnyx::router(Clock::starting_now(), "KEYdemo");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base, http }
    }

    async fn answer(&self, ask: &Ask) -> Batch {
        let request = Telnyx.request(ask).unwrap();
        let mut url = url::Url::parse(&format!("{}{}", self.base, request.path)).unwrap();
        url.query_pairs_mut().extend_pairs(&request.query);
        let sent = self
            .http
            .get(url)
            .bearer_auth("KEYdemo")
            .send()
            .await
            .unwrap();
        let status = sent.status().as_u16();
        let body: Bytes = sent.bytes().await.unwrap();
        let received = Time(i64::try_from(Timestamp::now().as_nanosecond()).unwrap());
        let reply = Reply {
            status,
            body: &body,
            received,
        };
        Telnyx.read(ask, &reply).unwrap()
    }

    /// All rows of a list as one batch.
    async fn all(&self, ask: Ask) -> Batch {
        let mut whole = Batch::default();
        let mut next = Some(ask);
        while let Some(ask) = next {
            let batch = self.answer(&ask).await;
            whole.rows.extend(batch.rows);
            whole.skipped += batch.skipped;
            next = batch.next;
        }
        whole
    }
}

#[tokio::test]
async fn the_whole_demo_is_read() {
    let client = Client::of_a_new_demo().await;
    let (mut statuses, mut kinds) = (BTreeMap::new(), BTreeSet::new());
    let (mut runs_seen, mut events_seen, mut quiet) = (0, BTreeMap::new(), 0);
    let found = missions_of(&client.all(missions()).await);
    assert_eq!(found.len(), 5);
    for mission in &found {
        let ask = Ask::Runs {
            mission: mission.id.as_str().into(),
            status: None,
            page: Page::default(),
        };
        for run in runs_of(&client.all(ask).await) {
            runs_seen += 1;
            *statuses.entry(run.status.word()).or_insert(0) += 1;
            quiet += u32::from(run.quiet_since.is_some());
            let run = RunRef {
                mission: mission.id.as_str().into(),
                run: run.id.as_str().into(),
                room: None,
            };
            let page = Page::default();
            let batch = client
                .all(Ask::Events {
                    run: run.clone(),
                    page,
                })
                .await;
            assert_eq!(batch.skipped, 0);
            let events = events_of(&batch);
            kinds.extend(events.iter().map(|event| event.kind.word()));
            let ids: BTreeSet<_> = events.iter().map(|event| event.id.as_str()).collect();
            assert_eq!(ids.len(), events.len());
            events_seen.insert(run.run.get(..8).unwrap().to_owned(), events.len());
        }
    }
    assert_eq!((runs_seen, quiet), (20, 1));
    for status in RunStatus::ALL {
        let expected = !matches!(status, RunStatus::TimedOut | RunStatus::Unknown);
        assert_eq!(statuses.contains_key(status.word()), expected, "{status:?}");
    }
    let words = [
        Kind::ToolCall,
        Kind::ToolResult,
        Kind::Message,
        Kind::Step,
        Kind::Status,
        Kind::Error,
        Kind::Data,
        Kind::Unknown,
    ];
    assert_eq!(kinds, words.map(Kind::word).into());
    assert_eq!(
        (events_seen["5000a1c2"], events_seen["8c41e07a"]),
        (5_000, 44)
    );
    assert_eq!(events_seen["7d3e51f0"], 0);
}

#[tokio::test]
async fn the_first_failure_of_the_nightly_run_is_the_declined_refund() {
    let client = Client::of_a_new_demo().await;
    let run = RunRef {
        mission: "b1117a90-2c4e-4d0b-9a31-6f5e8d7c2b10".into(),
        run: "8c41e07a-5d12-4b6f-9c83-2f70a9d1e644".into(),
        room: None,
    };
    let page = Page::default();
    let events = events_of(
        &client
            .all(Ask::Events {
                run: run.clone(),
                page,
            })
            .await,
    );
    let (place, failed) = events
        .iter()
        .enumerate()
        .find(|(_, e)| e.is_error == Some(true))
        .unwrap();
    assert_eq!(
        (place + 1, failed.kind, failed.tool.as_deref()),
        (37, Kind::ToolResult, Some("pay.refund"))
    );
    assert_eq!(failed.call_id.as_deref(), Some("call_9f2"));
    assert_eq!(events[35].call_id, failed.call_id);
    let steps = steps_of(&client.all(Ask::Steps(run.clone())).await);
    let ids: Vec<_> = steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["research", "quote", "refund", "notify"]);
    let one = Ask::Event {
        run: run.clone(),
        event: failed.id.as_str().into(),
    };
    assert_eq!(events_of(&client.answer(&one).await)[0].raw, failed.raw);
    let detail = runs_of(&client.answer(&Ask::Run(run)).await);
    assert_eq!(
        detail[0]
            .error
            .as_deref()
            .map(|e| e.contains("card_declined")),
        Some(true)
    );
    assert_eq!(detail[0].duration.map(|d| d.as_millis()), Some(317_900));
}
