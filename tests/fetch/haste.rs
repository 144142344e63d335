//! What a service says of waiting, while a run is followed: it is obeyed, by all that ask it, and never
//! taken for more than it can mean.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sortie::fetch::Fetcher;
use sortie::model::{Arrival, ContextId, Gen, Got, Known, Limit, Live, NodeId, Trouble, Watch};
use sortie::provider::Provider;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::timeout;

use crate::lively::{Lively, Silent, connection, run};
use crate::plain;
use crate::server::{Say, Server, reply};

const ENDED: &str = r#"{"status": "succeeded"}"#;
const NOTHING: &str = r#"{"events": []}"#;

fn begin(server: &Server, provider: &'static dyn Provider) -> (Fetcher, Receiver<Arrival>) {
    let (mail, inbox) = mpsc::channel(64);
    let fetcher = Fetcher::new([connection(&server.url, provider)], mail);
    fetcher.follow(Watch {
        context: ContextId(0),
        node: NodeId(7),
        generation: Gen(1),
        run: run(),
        known: Known::default(),
    });
    (fetcher, inbox)
}

/// All that is told, up to what is wanted.
async fn until(inbox: &mut Receiver<Arrival>, wanted: impl Fn(&Got) -> bool) -> Vec<Got> {
    let mut told = Vec::new();
    loop {
        let arrival = timeout(Duration::from_secs(20), inbox.recv()).await;
        let Ok(Some(arrival)) = arrival else {
            panic!("nothing more after {told:?}")
        };
        let is_last = wanted(&arrival.got);
        told.push(arrival.got);
        if is_last {
            return told;
        }
    }
}

#[tokio::test]
async fn a_service_that_wants_no_wait_is_not_stormed() {
    for wish in [
        "retry-after: 0",
        "retry-after-ms: 1",
        "retry-after: Tue, 14 Nov 2023 22:00:00 GMT",
    ] {
        let headers = format!("{wish}\r\n");
        let server = Server::saying(move |_| reply(429, &headers, "")).await;
        let began = Instant::now();
        let collected = sortie::fetch::collect(
            &plain::connection(&server.url),
            plain::missions(),
            Limit::NONE,
        )
        .await;
        assert!(collected.trouble.is_some());
        assert_eq!(server.log.count(), 3);
        assert!(began.elapsed() >= Duration::from_millis(200), "{wish}");
    }
}

#[tokio::test]
async fn a_stream_that_is_refused_for_a_while_keeps_the_looks_waiting_too() {
    for status in [429, 503] {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let server = Server::saying(move |asked| {
            seen.lock().unwrap().push(Instant::now());
            match asked.line.as_str() {
                "GET /runs/r/stream" => reply(status, "retry-after: 0.6\r\n", ""),
                "GET /runs/r" => reply(200, "", ENDED),
                _ => reply(200, "", NOTHING),
            }
        })
        .await;
        let (_fetcher, mut inbox) = begin(&server, &Lively);
        until(&mut inbox, |got| matches!(got, Got::Live(Live::Over))).await;
        let asked = asked.lock().unwrap();
        let quiet = asked[1].duration_since(asked[0]);
        assert!(quiet >= Duration::from_millis(590), "{status}: {quiet:?}");
    }
}

#[tokio::test]
async fn a_wish_without_end_does_not_end_the_following() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => reply(503, "retry-after: 10000000000000000000\r\n", ""),
        "GET /runs/r" => reply(200, "", ENDED),
        _ => reply(200, "", NOTHING),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server, &Lively);
    let told = until(&mut inbox, |got| matches!(got, Got::Live(_))).await;
    let Some(Got::Live(Live::Lost { trouble, .. })) = told.last() else {
        panic!("{told:?}")
    };
    assert!(
        matches!(trouble, Trouble::Service { status: 503, .. }),
        "{trouble:?}"
    );
}

#[tokio::test]
async fn after_a_short_wait_it_is_said_again_how_the_run_is_followed() {
    let limited = Mutex::new(false);
    let server = Server::saying(move |asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let head = "HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\n\r\n";
            let mut says = vec![Say::Bytes(
                format!("{head}data: {{\"open\": 1}}\n\n").into(),
            )];
            for _ in 0..100 {
                says.push(Say::Wait(Duration::from_millis(200)));
                says.push(Say::Bytes(b":ping\n\n".to_vec()));
            }
            says
        }
        "GET /runs/r" => reply(200, "", r#"{"status": "running"}"#),
        _ if !std::mem::replace(&mut *limited.lock().unwrap(), true) => {
            reply(429, "retry-after: 0.2\r\n", "")
        }
        _ => reply(200, "", NOTHING),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server, &Lively);
    let streams = |got: &Got| matches!(got, Got::Live(Live::Streaming));
    until(&mut inbox, streams).await;
    until(&mut inbox, |got| matches!(got, Got::Waiting { .. })).await;
    let told = until(&mut inbox, |got| matches!(got, Got::Live(_))).await;
    assert!(told.last().is_some_and(streams), "{told:?}");
}

#[tokio::test]
async fn what_could_not_be_read_is_counted_once() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r" if asked.nth < 2 => reply(200, "", r#"{"status": "running"}"#),
        "GET /runs/r" => reply(200, "", ENDED),
        _ if asked.nth < 2 => reply(200, "", r#"{"events": [{"id": "odd", "at": 1}]}"#),
        _ => reply(
            200,
            "",
            r#"{"events": [{"id": "odd", "at": 1}, {"id": "b", "at": 2, "text": "x"}]}"#,
        ),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server, &Silent);
    let told = until(&mut inbox, |got| matches!(got, Got::Live(Live::Over))).await;
    let mut count = (0, 0);
    for got in &told {
        if let Got::Rows { rows, skipped } = got {
            count = (count.0 + rows.len(), count.1 + skipped);
        }
    }
    assert_eq!(count, (4, 1), "two events, and the run twice: {told:?}");
}
