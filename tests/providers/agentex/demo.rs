//! The demo's server read through the provider over real HTTP, page after page.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sortie::demo::{agentex, clock::Clock};
use sortie::model::{Ask, Kind, Page, Record, Reply, Row, RunRef, RunStatus, Time};
use sortie::provider::agentex::Agentex;
use sortie::provider::{Provider, ReadError};

use super::{event, missions, run};

/// A client of a server that runs as long as the test.
struct Desk {
    base: String,
    client: reqwest::Client,
}

impl Desk {
    async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = agentex::router(Clock::starting_now(), "demo-key");
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base, client }
    }

    async fn ask(&self, ask: &Ask) -> Result<sortie::model::Batch, ReadError> {
        let request = Agentex.request(ask).unwrap();
        let mut url = url::Url::parse(&format!("{}{}", self.base, request.path)).unwrap();
        url.query_pairs_mut().extend_pairs(&request.query);
        let reply = self
            .client
            .get(url)
            .bearer_auth("demo-key")
            .send()
            .await
            .unwrap();
        let status = reply.status().as_u16();
        let body: Bytes = reply.bytes().await.unwrap();
        Agentex.read(
            ask,
            &Reply {
                status,
                body: &body,
                received: Time(0),
            },
        )
    }

    /// All records of an ask, by id, over all its pages.
    async fn all(&self, ask: Ask) -> BTreeMap<String, Record> {
        let mut asks = vec![ask];
        let mut out = BTreeMap::new();
        while let Some(ask) = asks.pop() {
            let batch = self.ask(&ask).await.unwrap();
            assert_eq!(batch.skipped, 0);
            for row in batch.rows {
                if let Row::Full(record) = row {
                    out.insert(record.id().to_owned(), record);
                }
            }
            asks.extend(batch.next.into_iter().chain(batch.also));
        }
        out
    }
}

#[tokio::test]
async fn everything_the_demo_tells_arrives() {
    let desk = Desk::open().await;
    let agents = desk.all(missions()).await;
    assert_eq!(agents.len(), 5);
    let (mut statuses, mut kinds, mut totals) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for mission in agents.keys() {
        let ask = Ask::Runs {
            mission: Arc::from(mission.as_str()),
            status: None,
            page: Page::default(),
        };
        for record in desk.all(ask).await.into_values() {
            let Record::Run(task) = record else { panic!() };
            *statuses.entry(task.status.word()).or_insert(0) += 1;
            let run = RunRef {
                mission: Arc::from(mission.as_str()),
                run: Arc::from(task.id.as_str()),
                room: None,
            };
            let messages = desk
                .all(Ask::Events {
                    run,
                    page: Page::default(),
                })
                .await;
            let mut told = 0;
            for message in messages.into_values() {
                let Record::Event(message) = message else {
                    panic!()
                };
                let beside = message.type_sent.starts_with("event") || message.kind == Kind::Span;
                told += usize::from(!beside);
                *kinds.entry(message.kind.word()).or_insert(0) += 1;
            }
            totals.insert(task.title, told);
        }
    }
    let expected = [
        ("cancelled", 2),
        ("failed", 2),
        ("paused", 1),
        ("running", 3),
        ("succeeded", 14),
        ("timed_out", 1),
        ("unknown", 1),
    ];
    assert_eq!(statuses, BTreeMap::from(expected));
    assert_eq!(
        totals["Night watch: 5,000 messages of checks over nine hours"],
        5_000
    );
    assert_eq!(
        totals["Disk full on db-7: the same status call twenty times"],
        43
    );
    assert_eq!(totals["Trade fair notes, removed by retention"], 0);
    for kind in [
        Kind::Message,
        Kind::Reasoning,
        Kind::Data,
        Kind::ToolCall,
        Kind::ToolResult,
    ] {
        assert!(kinds[kind.word()] > 10, "{kind:?}");
    }
    assert_eq!(kinds["unknown"], 2);
    assert!(kinds["span"] >= 12, "{kinds:?}");
}

#[tokio::test]
async fn one_run_one_message_and_a_refusal() {
    let desk = Desk::open().await;
    let agents = desk.all(missions()).await;
    let named = |name: &str| {
        let is =
            |record: &&Record| matches!(record, Record::Mission(mission) if mission.name == name);
        Arc::<str>::from(agents.values().find(is).unwrap().id())
    };
    let ask = Ask::Runs {
        mission: named("refund-desk"),
        status: Some(RunStatus::Failed),
        page: Page::default(),
    };
    let batch = desk.ask(&ask).await.unwrap();
    let failed = run(&batch.rows[0]).clone();
    assert_eq!(batch.rows.len(), 1);
    assert!(failed.error.unwrap().starts_with("LedgerLocked"));
    let of = |id: &str| RunRef {
        mission: named("refund-desk"),
        run: Arc::from(id),
        room: None,
    };
    let whole = desk.ask(&Ask::Run(of(&failed.id))).await.unwrap();
    let bytes = run(&whole.rows[0]).raw.bytes().clone();
    assert!(std::str::from_utf8(&bytes).unwrap().contains("\"params\""));
    let page = desk
        .ask(&Ask::Events {
            run: of(&failed.id),
            page: Page::default(),
        })
        .await
        .unwrap();
    let newest = event(&page.rows[0]);
    let one = Ask::Event {
        run: of(&failed.id),
        event: Arc::from(newest.id.as_str()),
    };
    assert_eq!(
        event(&desk.ask(&one).await.unwrap().rows[0]).raw.bytes(),
        newest.raw.bytes()
    );
    let lost = desk
        .ask(&Ask::Events {
            run: of("no-such-task"),
            page: Page::default(),
        })
        .await;
    assert_eq!(
        lost,
        Err(ReadError::Said(
            "Item with id 'no-such-task' does not exist.".to_owned()
        ))
    );
}
