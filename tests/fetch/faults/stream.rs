//! Faults under a run that is being followed: the stream stalls, breaks off, sends what is too large
//! or no frame at all, or the whole server goes and comes back. What came stays, nothing is lost and
//! nothing told twice, the row says why, and the other context goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sortie::fetch::Fetcher;
use sortie::model::{
    Arrival, ContextId, Gen, Got, Known, Limit, Live, NodeId, Record, Trouble, Watch,
};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{host, patient, ticket};
use crate::lively::{Lively, run};
use crate::plain::{items, missions};
use crate::server::{Say, Server, reply};

/// What was heard of the followed run.
#[derive(Debug, Default)]
struct Followed {
    rows: Vec<String>,
    skipped: u32,
    lost: Vec<Trouble>,
    largest: usize,
}

impl Followed {
    fn take(&mut self, arrival: Arrival) {
        match arrival.got {
            Got::Rows { rows, skipped } => {
                self.skipped += skipped;
                for row in &rows {
                    if let Record::Event(event) = row.record() {
                        self.rows.push(event.id.clone());
                        self.largest = self.largest.max(event.raw.len());
                    }
                }
            }
            Got::Live(Live::Lost { trouble, .. }) => self.lost.push(trouble),
            Got::Live(Live::GivenUp(trouble)) => panic!("given up: {trouble}"),
            _ => {}
        }
    }

    fn has(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row == id)
    }

    fn lost_to(&self, words: &str) -> bool {
        self.lost.iter().any(|lost| lost.to_string() == words)
    }
}

/// Follows the run on `url` until `enough` was heard, and meanwhile has the missions of a healthy
/// context read.
async fn follow(url: &url::Url, enough: impl Fn(&Followed) -> bool) -> Followed {
    let healthy = Server::saying(|_| reply(200, "", items(["h".to_owned()], None))).await;
    let mut faulty = patient(url);
    faulty.provider = &Lively;
    faulty.timeouts.sse_idle = Duration::from_millis(300);
    let (mail, mut inbox) = mpsc::channel(4);
    let fetcher = Fetcher::new([faulty, patient(&healthy.url)], mail);
    fetcher.follow(Watch {
        context: ContextId(0),
        node: NodeId(0),
        generation: Gen(9),
        run: run(),
        known: Known::default(),
    });
    let mut followed = Followed::default();
    let (mut asked, mut beside) = (false, false);
    while !(beside && enough(&followed)) {
        let arrival = timeout(Duration::from_secs(30), inbox.recv()).await;
        let arrival = arrival.unwrap_or_else(|_| panic!("nothing more after {:?}", followed.lost));
        let arrival = arrival.unwrap();
        if arrival.context == ContextId(1) {
            beside |= arrival.got == Got::Done { more: None };
        } else {
            followed.take(arrival);
        }
        // As soon as the stream has brought something, the other is looked at.
        if !asked && !followed.rows.is_empty() {
            asked = true;
            fetcher.load(ticket(1, missions(), Limit::NONE));
        }
    }
    followed.rows.sort();
    followed
}

/// A service whose first stream brings `a` and then this; all later ones are good. Its list has `a` and,
/// once the first stream is over, `b`.
async fn streaming(then: impl Fn() -> Vec<Say> + Send + Sync + 'static) -> Server {
    let opened = Arc::new(AtomicUsize::new(0));
    Server::saying(move |asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let mut says = vec![Say::Bytes(
                b"HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"open\": 1}\n\n"
                    .to_vec(),
            )];
            if opened.fetch_add(1, Ordering::SeqCst) == 0 {
                let a = b"data: {\"id\": \"a\", \"at\": 1, \"text\": \"x\"}\n\n";
                says.push(Say::Bytes(a.to_vec()));
                says.extend(then());
            } else {
                for _ in 0..300 {
                    says.push(Say::Wait(Duration::from_millis(100)));
                    says.push(Say::Bytes(b":ping\n\n".to_vec()));
                }
            }
            says
        }
        "GET /runs/r" => reply(200, "", r#"{"status": "running"}"#),
        _ => {
            let a = r#"{"id": "a", "at": 1, "text": "x"}"#;
            let b = r#"{"id": "b", "at": 2, "text": "y"}"#;
            let list = match opened.load(Ordering::SeqCst) {
                0 | 1 => a.to_owned(),
                _ => format!("{a}, {b}"),
            };
            reply(200, "", format!("{{\"events\": [{list}]}}"))
        }
    })
    .await
}

#[tokio::test]
async fn a_stream_that_stalls() {
    let server = streaming(|| vec![Say::Hang]).await;
    let words = format!(
        "{} did not answer in time: the next sign of life of the stream took more than 300 ms",
        host(&server)
    );
    let followed = follow(&server.url, |heard| heard.lost_to(&words) && heard.has("b")).await;
    assert_eq!(followed.rows, ["a", "b"], "what was missed is read, once");
}

#[tokio::test]
async fn a_stream_cut_in_mid_frame() {
    let server = streaming(|| {
        let half = b"data: {\"id\": \"b\", \"at\"".to_vec();
        vec![Say::Wait(Duration::from_millis(50)), Say::Bytes(half)]
    })
    .await;
    let followed = follow(&server.url, |heard| heard.has("b")).await;
    assert_eq!(followed.rows, ["a", "b"]);
    assert_eq!(followed.skipped, 0, "half a frame is no row");
}

#[tokio::test]
async fn a_stream_torn_off_in_mid_frame() {
    let server = streaming(|| {
        let half = b"data: {\"id\": \"b\", \"at\"".to_vec();
        let pause = || Say::Wait(Duration::from_millis(50));
        vec![pause(), Say::Bytes(half), pause(), Say::Reset]
    })
    .await;
    let torn = |heard: &Followed| {
        let told = heard.lost.iter().map(ToString::to_string);
        let mut torn = told.filter(|words| words.ends_with("bytes: the connection was reset"));
        torn.next().is_some()
    };
    let followed = follow(&server.url, |heard| torn(heard) && heard.has("b")).await;
    assert_eq!(followed.rows, ["a", "b"]);
    assert_eq!(followed.skipped, 0);
}

#[tokio::test]
async fn a_frame_of_five_megabytes_is_a_row_like_any_other() {
    let server = streaming(|| {
        let text = "x".repeat(5_000_000);
        let frame = format!("data: {{\"id\": \"big\", \"at\": 3, \"text\": \"{text}\"}}\n\n");
        vec![Say::Bytes(frame.into_bytes()), Say::Hang]
    })
    .await;
    let followed = follow(&server.url, |heard| heard.has("big")).await;
    assert!(followed.largest > 5_000_000);
}

#[tokio::test]
async fn a_frame_without_an_end_is_left_at_the_limit() {
    let server = streaming(|| {
        let piece = vec![b'x'; 256 * 1024];
        vec![Say::Bytes(b"data: ".to_vec()), Say::Again(piece, 4 * 200)]
    })
    .await;
    let words = "the answer is larger than 16 MiB";
    let followed = follow(&server.url, |heard| heard.lost_to(words) && heard.has("b")).await;
    assert_eq!(followed.rows, ["a", "b"]);
    let written = server.log.written();
    assert!(written < 40 * 1024 * 1024, "{written} bytes were taken");
}

#[tokio::test]
async fn frames_that_are_none_do_not_end_the_stream() {
    let server = streaming(|| {
        let odd = b"data: {\"id\n\ndata: \xff\xfe\n\ndata\n\nid\n\n: \n\nnothing\n\n\
                    data: {\"id\": \"after\", \"at\": 3}\n\n";
        vec![Say::Bytes(odd.to_vec()), Say::Hang]
    })
    .await;
    let followed = follow(&server.url, |heard| heard.has("after")).await;
    assert_eq!(followed.lost, []);
}

#[tokio::test]
async fn a_server_started_anew_while_its_run_is_followed() {
    let server = streaming(|| vec![Say::Hang]).await;
    let (url, address) = (server.url.clone(), host(&server));
    let words = format!("cannot reach {address}: connection refused");
    let log = Arc::clone(&server.log);
    let restart = async {
        super::until(|| log.count() >= 3).await;
        drop(server);
        tokio::time::sleep(Duration::from_millis(600)).await;
        let anew = Server::at(&address, |asked| match asked.line.as_str() {
            "GET /runs/r" => reply(200, "", r#"{"status": "running"}"#),
            "GET /runs/r/stream" => reply(503, "", ""),
            _ => reply(
                200,
                "",
                r#"{"events": [{"id": "a", "at": 1}, {"id": "c", "at": 3, "text": "z"}]}"#,
            ),
        });
        anew.await
    };
    let following = follow(&url, |heard| heard.lost_to(&words) && heard.has("c"));
    let (followed, _anew) = tokio::join!(following, restart);
    assert!(followed.has("a"), "what came before stays");
}
