//! JSON of the wrong shape at every level, from the whole reply down to the rows of its list, sent by
//! a server for everything that the four services are asked: less is shown, nothing breaks.

use std::sync::{Arc, Mutex};

use sortie::fetch::{Connection, collect};
use sortie::model::{Ask, Kind, Limit, Page, Record, RunRef, Trouble};
use sortie::provider::named;

use super::patient;
use crate::server::{Server, reply};

const WRONG: [&str; 15] = [
    "null",
    "true",
    "7",
    "-1e400",
    "\"x\"",
    "[]",
    "{}",
    "[null]",
    "[7, \"x\", false]",
    "[[1]]",
    "[{}]",
    "[{\"id\": {}, \"event_id\": [], \"runId\": 7, \"key\": null}]",
    "{\"a\": 1}",
    "{\"\": {\"\": []}}",
    "\"\\ud800\"",
];

/// What a service wraps the answer in; `X` is where something of a wrong shape goes.
fn wrappers(service: &str) -> &'static [&'static str] {
    match service {
        "telnyx" => &["X", r#"{"data":X,"meta":X}"#, r#"{"data":[X,X]}"#],
        "vectara" => &[
            "X",
            r#"{"agents":X,"sessions":X,"events":X,"metadata":X}"#,
            r#"{"agents":[X],"sessions":[X],"events":[X],"metadata":{"page_key":X}}"#,
        ],
        "agentex" => &[
            "X",
            "[X, X]",
            r#"{"data":[X],"next_cursor":X,"has_more":X}"#,
        ],
        _ => &[
            "X",
            r#"{"success":true,"data":X}"#,
            r#"{"success":X,"data":{"agents":X,"runs":X,"summary":X,"events":X,"hasMore":X}}"#,
            r#"{"success":true,"data":{"agents":[X],"runs":[X],"summary":{"status":X},"events":[X]}}"#,
        ],
    }
}

fn asks() -> [Ask; 6] {
    let run = RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    };
    let page = Page::default;
    [
        Ask::Missions { page: page() },
        Ask::Mission {
            mission: "m".into(),
        },
        Ask::Runs {
            mission: "m".into(),
            status: None,
            page: page(),
        },
        Ask::Run(run.clone()),
        Ask::Steps(run.clone()),
        Ask::Events { run, page: page() },
    ]
}

async fn every_shape(service: &str) {
    let body = Arc::new(Mutex::new(String::new()));
    let said = Arc::clone(&body);
    let server = Server::saying(move |_| reply(200, "", said.lock().unwrap().as_str())).await;
    let mut faulty: Connection = patient(&server.url);
    faulty.provider = named(service).unwrap();
    let line = sortie::fetch::Line::from(faulty);
    let mut sent = 0;
    for wrapper in wrappers(service) {
        for wrong in WRONG {
            let whole = wrapper.replace('X', wrong);
            body.lock().unwrap().clone_from(&whole);
            for ask in asks() {
                let collected = collect(&line, ask.clone(), Limit::NONE).await;
                let told = format!("{service} {ask:?} {whole}: {:?}", collected.trouble);
                assert_ne!(collected.trouble, Some(Trouble::Broken), "{told}");
                let requests = server.log.count() - sent;
                assert!(requests <= 16, "{requests} requests, {told}");
                sent += requests;
                for record in &collected.records {
                    if let Record::Event(event) = record
                        && event.kind == Kind::Unknown
                    {
                        assert!(!event.raw.is_empty(), "its bytes are lost: {told}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn of_telnyx() {
    every_shape("telnyx").await;
}

#[tokio::test]
async fn of_vectara() {
    every_shape("vectara").await;
}

#[tokio::test]
async fn of_agentex() {
    every_shape("agentex").await;
}

#[tokio::test]
async fn of_elizaos() {
    every_shape("elizaos").await;
}
