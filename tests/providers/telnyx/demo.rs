//! The demo server through the provider, over HTTP, page by page.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use jiff::Timestamp;
use sortie::demo::clock::Clock;
use sortie::model::{Ask, Batch, Kind, Known, Only, Page, Record, Reply, RunRef, RunStatus, Time};
use sortie::provider::{Provider, ReadError};

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
        self.tried(ask).await.unwrap()
    }

    async fn tried(&self, ask: &Ask) -> Result<Batch, ReadError> {
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
        Telnyx.read(ask, &reply)
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
    assert_eq!((runs_seen, quiet), (21, 1));
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

#[tokio::test]
async fn the_demo_keeps_lists_beside_missions_and_runs() {
    let client = Client::of_a_new_demo().await;
    let mut told = BTreeMap::new();
    for mission in missions_of(&client.all(missions()).await) {
        let ask = Ask::Mission {
            mission: mission.id.as_str().into(),
        };
        let whole = client.answer(&ask).await;
        let mut found = missions_of(&whole);
        for aside in &whole.also {
            found.extend(match client.tried(aside).await {
                Ok(batch) => missions_of(&batch),
                Err(why) => missions_of(&Telnyx.without(aside, &why.to_string()).unwrap()),
            });
        }
        let facts = found.iter().flat_map(|m| &m.facts);
        let owned = facts.filter(|f| !["model", "execution", "instructions"].contains(&f.label));
        let labels: Vec<_> = owned.map(|f| format!("{}: {}", f.label, f.value)).collect();
        told.insert(mission.name, labels);
    }
    assert_eq!(
        told["nightly-billing"],
        [
            "tools: pay.refund · webhook\ncrm.lookup · webhook",
            "knowledge bases: Refund policy 2026"
        ]
    );
    assert_eq!(told["refund-sweep"].len() + told["Pager triage"].len(), 0);
    assert_eq!(
        told["Supplier mail intake"],
        [
            "tools: mail.read · imap\nerp.invoice · webhook",
            "knowledge bases: Approved suppliers",
            "MCP servers: not read: The requested resource or URL could not be found."
        ]
    );
}

const WATCH: &str = "24a7c9d0-5e13-4b86-9f42-7d0c1b8e6a35";

fn watch() -> RunRef {
    RunRef {
        mission: "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4".into(),
        run: WATCH.into(),
        room: None,
    }
}

#[tokio::test]
async fn the_watched_run_goes_on_and_a_look_finds_its_news() {
    let client = Client::of_a_new_demo().await;
    let page = Page::default();
    let run = watch();
    let events = events_of(&client.all(Ask::Events { run, page }).await);
    assert!((150..220).contains(&events.len()), "{}", events.len());
    let early = &events[..events.len() - 5];
    let known = Known {
        newest: early.iter().map(|event| event.order.at).max(),
        events: u32::try_from(early.len()).unwrap(),
        ..Known::default()
    };
    let asks = Telnyx.looks(&watch(), &known);
    assert_eq!(asks.len(), 2);
    let found = client.all(asks[1].clone()).await;
    let ids: BTreeSet<_> = events_of(&found)
        .into_iter()
        .map(|event| event.id)
        .collect();
    assert!(
        ids.len() <= 100
            && events[events.len() - 5..]
                .iter()
                .all(|e| ids.contains(&e.id))
    );
    let plan = client.answer(&Ask::Steps(watch())).await;
    let linked = runs_of(&client.answer(&plan.also[0]).await);
    assert!(linked[0].facts[0].value.starts_with("assistant-3d1f9c52"));
}

#[tokio::test]
async fn the_lists_over_all_missions_agree_with_each_missions_own() {
    let client = Client::of_a_new_demo().await;
    let page = Page::default();
    let ask = |status| Ask::AllRuns {
        status,
        page: Page::default(),
    };
    let all = runs_of(&client.all(ask(None)).await);
    assert_eq!(all.len(), 21);
    let running = runs_of(&client.all(ask(Some(RunStatus::Running))).await);
    assert_eq!(running.len(), 3);
    let errors = client
        .all(Ask::AllEvents {
            kind: Some(Kind::Error),
            page: page.clone(),
        })
        .await;
    let known: BTreeSet<_> = all.iter().map(|run| run.id.as_str()).collect();
    assert!(errors.rows.len() > 3);
    for row in &errors.rows {
        let Record::Elsewhere(elsewhere) = row.record() else {
            panic!("{row:?}");
        };
        assert!(known.contains(elsewhere.run.as_str()));
        assert_eq!(elsewhere.event.kind, Kind::Error);
    }
    let only = Only {
        kind: Some(Kind::Step),
        ..Only::default()
    };
    let nightly = RunRef {
        mission: "b1117a90-2c4e-4d0b-9a31-6f5e8d7c2b10".into(),
        run: "8c41e07a-5d12-4b6f-9c83-2f70a9d1e644".into(),
        room: None,
    };
    let run = nightly.clone();
    let steps = events_of(
        &client
            .all(Ask::Picked {
                run,
                only,
                page: page.clone(),
            })
            .await,
    );
    let every = events_of(&client.all(Ask::Events { run: nightly, page }).await);
    let wanted = every.iter().filter(|event| event.kind == Kind::Step);
    assert_eq!(steps.len(), wanted.count());
    assert!(steps.len() > 3);
}
