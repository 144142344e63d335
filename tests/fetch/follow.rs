//! Following a run: looks that find what is new, streams that push it, and what happens when either
//! breaks. Nothing is told twice, nothing is lost, and the last word is said once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sortie::fetch::{Fetcher, follow};
use sortie::model::{
    Arrival, Attention, ContextId, Gen, Got, Known, Live, NodeId, Record, Row, Trouble, Watch,
};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{sleep, timeout};

use crate::lively::{Lively, Silent, connection, run};
use crate::server::{Say, Server, reply};

const RUNNING: &str = r#"{"status": "running"}"#;
const ENDED: &str = r#"{"status": "succeeded"}"#;

fn watch() -> Watch {
    Watch {
        context: ContextId(0),
        node: NodeId(7),
        generation: Gen(1),
        run: run(),
        known: Known::default(),
    }
}

fn events(list: &[(&str, i64, &str)]) -> String {
    let list: Vec<_> = list
        .iter()
        .map(|(id, at, text)| serde_json::json!({ "id": id, "at": at, "text": text }))
        .collect();
    serde_json::json!({ "events": list }).to_string()
}

fn json(body: impl AsRef<str>) -> Vec<Say> {
    reply(200, "", body.as_ref())
}

/// The head of a stream and these frames; what follows is up to the caller.
fn stream(frames: &[&str]) -> Vec<Say> {
    let mut text = "HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\n\r\n".to_owned();
    for frame in frames {
        text.extend(["data: ", frame, "\n\n"]);
    }
    vec![Say::Bytes(text.into_bytes())]
}

/// The mails until one of them is wanted, in short.
async fn until(inbox: &mut Receiver<Arrival>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let arrival = timeout(Duration::from_secs(20), inbox.recv()).await;
        let arrival = arrival.unwrap_or_else(|_| panic!("nothing more after {told:?}"));
        let Some(arrival) = arrival else {
            panic!("the mail ended after {told:?}")
        };
        for words in spelled(&arrival.got) {
            let is_last = wanted(&words);
            told.push(words);
            if is_last {
                return told;
            }
        }
    }
}

fn spelled(got: &Got) -> Vec<String> {
    match got {
        Got::Rows { rows, .. } => rows.iter().map(of_row).collect(),
        Got::Waiting { trouble, .. } => vec![format!("waiting {}", trouble.code())],
        Got::Live(Live::Streaming) => vec!["streaming".to_owned()],
        Got::Live(Live::Polling { .. }) => vec!["polling".to_owned()],
        Got::Live(Live::Asking { .. }) => vec!["asking".to_owned()],
        Got::Live(Live::Lost { trouble, .. }) => vec![format!("lost {}", trouble.code())],
        Got::Live(Live::Over) => vec!["over".to_owned()],
        Got::Live(Live::GivenUp(trouble)) => vec![format!("given up {}", trouble.code())],
        other => panic!("{other:?} is no news of a followed run"),
    }
}

fn of_row(row: &Row) -> String {
    match row.record() {
        Record::Run(run) => format!("run {}", run.status.word()),
        Record::Event(event) => format!("{}={}", event.id, event.summary.as_deref().unwrap_or("")),
        other => panic!("{other:?}"),
    }
}

fn begin(
    url: &url::Url,
    provider: &'static dyn sortie::provider::Provider,
) -> (Fetcher, Receiver<Arrival>) {
    let (mail, inbox) = mpsc::channel(64);
    let fetcher = Fetcher::new([connection(url, provider)], mail);
    fetcher.follow(watch());
    (fetcher, inbox)
}

fn count(told: &[String], words: &str) -> usize {
    told.iter().filter(|told| *told == words).count()
}

#[tokio::test]
async fn without_a_stream_it_is_looked_at_until_it_has_ended() {
    let looks = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&looks);
    let server = Server::saying(move |asked| {
        if asked.line == "GET /runs/r" {
            let nth = seen.fetch_add(1, Ordering::SeqCst);
            return json(if nth < 2 { RUNNING } else { ENDED });
        }
        // The list comes with what is known already: an overlap is read, and not told again.
        json(match seen.load(Ordering::SeqCst) {
            0 | 1 => events(&[("a", 1, "first")]),
            _ => events(&[("a", 1, "first"), ("b", 2, "second")]),
        })
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Silent);
    let told = until(&mut inbox, |words| words == "over").await;
    for once in ["a=first", "b=second", "run running", "run succeeded"] {
        assert_eq!(count(&told, once), 1, "{once} in {told:?}");
    }
    assert!(
        told.iter().all(|words| !words.starts_with("lost")),
        "{told:?}"
    );
    let asked = server.log.lines.lock().unwrap().clone();
    assert!(
        asked.contains(&"GET /runs/r/events?after=1".to_owned()),
        "{asked:?}"
    );
    assert!(inbox.try_recv().is_err(), "one last word");
    let sent = server.log.count();
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(server.log.count(), sent, "nobody looks at what is over");
}

#[tokio::test]
async fn what_is_pushed_is_told_at_once_and_grows_in_place() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            assert!(asked.head.contains("accept: text/event-stream"));
            let mut says = stream(&[
                r#"{"open": 1}"#,
                r#"{"id": "a", "at": 2, "text": "pushed"}"#,
            ]);
            for _ in 0..50 {
                says.push(Say::Bytes(b"data: {\"grow\": \"x\"}\n\n".to_vec()));
                says.push(Say::Wait(Duration::from_millis(4)));
            }
            says.push(Say::Wait(Duration::from_millis(200)));
            says.push(Say::Bytes(b"data: {\"over\": 1}\n\n".to_vec()));
            says.push(Say::Hang);
            says
        }
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[("before", 1, "kept"), ("growing", 50, "")])),
    })
    .await;
    let (fetcher, mut inbox) = begin(&server.url, &Lively);
    let told = until(&mut inbox, |words| words == "over").await;
    assert_eq!(count(&told, "a=pushed"), 1);
    assert_eq!(count(&told, "before=kept"), 1, "what was before the stream");
    let whole = format!("growing={}", "x".repeat(50));
    assert_eq!(count(&told, &whole), 1, "{told:?}");
    let grown: Vec<_> = told
        .iter()
        .filter(|words| words.starts_with("growing=x"))
        .collect();
    assert!(
        grown.len() < 12,
        "a few times a second, not for every piece: {}",
        grown.len()
    );
    // The list still has it empty; what was streamed stays.
    let last = told.iter().rposition(|words| words == "growing=");
    assert!(
        last < told.iter().position(|words| words.starts_with("growing=x")),
        "{told:?}"
    );
    let reasons: Vec<String> = fetcher
        .requests()
        .into_iter()
        .map(|sent| sent.reason)
        .collect();
    assert!(
        reasons.contains(&"stream of run r".to_owned()),
        "{reasons:?}"
    );
}

#[tokio::test]
async fn a_broken_stream_is_opened_again_and_what_was_missed_is_read() {
    let opened = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&opened);
    let server = Server::saying(move |asked| match asked.line.as_str() {
        "GET /runs/r/stream" => match seen.fetch_add(1, Ordering::SeqCst) {
            0 => {
                let mut says = stream(&[r#"{"open": 1}"#, r#"{"id": "a", "at": 1, "text": "1"}"#]);
                // Cut in the middle of a frame.
                says.push(Say::Wait(Duration::from_millis(100)));
                says.push(Say::Bytes(b"data: {\"id\": \"b\"".to_vec()));
                says
            }
            1 => reply(503, "", ""),
            _ => {
                let mut says = stream(&[r#"{"open": 1}"#, r#"{"id": "c", "at": 3, "text": "3"}"#]);
                says.push(Say::Hang);
                says
            }
        },
        "GET /runs/r" => json(RUNNING),
        _ if seen.load(Ordering::SeqCst) < 3 => json(events(&[("a", 1, "1")])),
        _ => json(events(&[("a", 1, "1"), ("b", 2, "2"), ("c", 3, "3")])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    let mut told = until(&mut inbox, |words| words == "c=3").await;
    if count(&told, "b=2") == 0 {
        told.extend(until(&mut inbox, |words| words == "b=2").await);
    }
    assert!(opened.load(Ordering::SeqCst) >= 3);
    assert!(count(&told, "streaming") >= 1, "{told:?}");
}

#[tokio::test]
async fn what_lies_before_a_frame_is_read_though_the_frame_is_newer() {
    let opened = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&opened);
    let server = Server::saying(move |asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                let mut says = stream(&[r#"{"open": 1}"#]);
                says.push(Say::Wait(Duration::from_millis(300)));
                says
            } else {
                let mut says = stream(&[r#"{"id": "c", "at": 3, "text": "3"}"#, r#"{"open": 1}"#]);
                says.push(Say::Hang);
                says
            }
        }
        "GET /runs/r" => json(RUNNING),
        // Nothing is repeated, and what came between the streams is stored late.
        "GET /runs/r/events" => json(events(&[("a", 1, "1")])),
        "GET /runs/r/events?after=1" if seen.load(Ordering::SeqCst) > 1 => {
            json(events(&[("b", 2, "2"), ("c", 3, "3")]))
        }
        _ => json(events(&[])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    until(&mut inbox, |words| words == "b=2").await;
}

#[tokio::test]
async fn a_list_that_broke_off_is_read_again_from_where_it_was_whole() {
    let pages = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&pages);
    let server = Server::saying(move |asked| match asked.line.as_str() {
        "GET /runs/r" => json(RUNNING),
        "GET /runs/r/events" => json(events(&[("a", 1, "1")])),
        // Newest first: what the second page holds is older than what came with the first.
        "GET /runs/r/events?after=1" => {
            let first = events(&[("c", 3, "3")]);
            json(first.replacen('{', r#"{"next": "2","#, 1))
        }
        "GET /runs/r/events?after=1&cursor=2" => match seen.fetch_add(1, Ordering::SeqCst) {
            0 => reply(200, "", "<html>"),
            _ => json(events(&[("b", 2, "2")])),
        },
        _ => json(events(&[])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Silent);
    let told = until(&mut inbox, |words| words == "b=2").await;
    assert_eq!(count(&told, "lost bad_reply"), 1, "{told:?}");
    assert_eq!(count(&told, "c=3"), 1, "{told:?}");
    until(&mut inbox, |words| words == "polling").await;
    while !server
        .log
        .lines
        .lock()
        .unwrap()
        .iter()
        .any(|line| line.ends_with("?after=3"))
    {
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_said_to_be_asked() {
    let looks = Arc::new(AtomicUsize::new(0));
    let server = Server::saying(move |asked| {
        if asked.line == "GET /runs/r" {
            return json(RUNNING);
        }
        let mut says = json(events(&[("a", 1, "x")]));
        if looks.fetch_add(1, Ordering::SeqCst) == 1 {
            says.insert(0, Say::Wait(Duration::from_secs(5)));
        }
        says
    })
    .await;
    let (mail, mut inbox) = mpsc::channel(64);
    let mut slow = connection(&server.url, &Silent);
    slow.timeouts.header = Duration::from_secs(20);
    let fetcher = Fetcher::new([slow], mail);
    fetcher.follow(watch());
    let told = until(&mut inbox, |words| words == "asking").await;
    assert_eq!(count(&told, "polling"), 1, "{told:?}");
    let told = until(&mut inbox, |words| words != "asking").await;
    assert_eq!(told, ["polling"], "once, until it answers");
}

#[tokio::test]
async fn a_stream_that_stalls_is_noticed() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let mut says = stream(&[r#"{"open": 1}"#]);
            // A comment is a sign of life.
            for _ in 0..4 {
                says.push(Say::Wait(Duration::from_millis(300)));
                says.push(Say::Bytes(b":ping\n\n".to_vec()));
            }
            says.push(Say::Hang);
            says
        }
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[])),
    })
    .await;
    let began = Instant::now();
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    let told = until(&mut inbox, |words| words.starts_with("lost")).await;
    assert_eq!(told.last().map(String::as_str), Some("lost timed_out"));
    assert!(
        began.elapsed() > Duration::from_millis(1700),
        "{:?}",
        began.elapsed()
    );
    until(&mut inbox, |words| words == "streaming").await;
}

#[tokio::test]
async fn a_stream_that_stays_mute_does_not_lead() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let mut says = stream(&[r#"{"open": 1}"#]);
            for _ in 0..50 {
                says.push(Say::Wait(Duration::from_millis(200)));
                says.push(Say::Bytes(b":ping\n\n".to_vec()));
            }
            says
        }
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[(
            &format!("e{}", asked.nth),
            i64::try_from(asked.nth).unwrap(),
            "x",
        )])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    let told = until(&mut inbox, |words| words == "polling").await;
    assert_eq!(count(&told, "streaming"), 1);
}

#[tokio::test]
async fn where_there_is_no_stream_it_is_asked_for_once() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => reply(404, "", r#"{"error": "no route"}"#),
        "GET /runs/r" => json(ENDED),
        _ => json(events(&[("a", 1, "x")])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    let told = until(&mut inbox, |words| words == "over").await;
    assert_eq!(count(&told, "a=x"), 1);
    let asked = server.log.lines.lock().unwrap();
    assert_eq!(
        asked
            .iter()
            .filter(|line| line.ends_with("/stream"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_listener_that_breaks_leaves_the_looks() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let mut says = stream(&[r#"{"open": 1}"#, r#"{"break": 1}"#]);
            says.push(Say::Hang);
            says
        }
        "GET /runs/r" => json(ENDED),
        _ => json(events(&[("a", 1, "x")])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    let told = until(&mut inbox, |words| words == "over").await;
    assert_eq!(count(&told, "a=x"), 1);
}

#[tokio::test]
async fn a_failed_look_is_told_and_tried_again() {
    let down = Arc::new(AtomicBool::new(true));
    let is_down = Arc::clone(&down);
    let server = Server::saying(move |asked| {
        if is_down.load(Ordering::SeqCst) {
            return reply(200, "", "<html>");
        }
        match asked.line.as_str() {
            "GET /runs/r" => json(RUNNING),
            _ => json(events(&[("a", 1, "x")])),
        }
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Silent);
    let told = until(&mut inbox, |words| words.starts_with("lost")).await;
    assert_eq!(told, ["lost bad_reply"]);
    down.store(false, Ordering::SeqCst);
    until(&mut inbox, |words| words == "polling").await;
}

#[tokio::test]
async fn what_asking_again_cannot_help_ends_it() {
    for (status, code) in [(401, "refused"), (403, "forbidden"), (404, "not_found")] {
        let server = Server::saying(move |_| reply(status, "", r#"{"error": "no"}"#)).await;
        let (_fetcher, mut inbox) = begin(&server.url, &Silent);
        let told = until(&mut inbox, |words| words.starts_with("given up")).await;
        assert_eq!(told, [format!("given up {code}")]);
    }
}

#[tokio::test]
async fn what_a_stream_says_must_be_asked_is_asked_once() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let ask = r#"{"ask": "a"}"#;
            let mut says = stream(&[r#"{"open": 1}"#, ask, ask, ask]);
            says.push(Say::Hang);
            says
        }
        "GET /runs/r" => json(RUNNING),
        "GET /events/a" => json(events(&[("a", 1, "stored")])),
        _ => json(events(&[])),
    })
    .await;
    let (_fetcher, mut inbox) = begin(&server.url, &Lively);
    until(&mut inbox, |words| words == "a=stored").await;
    let asked = server.log.lines.lock().unwrap();
    assert_eq!(
        asked.iter().filter(|line| *line == "GET /events/a").count(),
        1
    );
}

#[tokio::test]
async fn cancelling_closes_the_stream_at_once() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r/stream" => {
            let mut says = stream(&[r#"{"open": 1}"#]);
            says.push(Say::Hang);
            says
        }
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[])),
    })
    .await;
    let (fetcher, mut inbox) = begin(&server.url, &Lively);
    until(&mut inbox, |words| words == "streaming").await;
    fetcher.cancel(Gen(1));
    let began = Instant::now();
    while server.log.given_up() == 0 && began.elapsed() < Duration::from_secs(5) {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.log.given_up(), 1);
    assert!(began.elapsed() < Duration::from_millis(500));
}

#[tokio::test]
async fn nobody_looks_so_it_is_looked_at_less_often() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[("a", 1, "x")])),
    })
    .await;
    let (fetcher, mut inbox) = begin(&server.url, &Silent);
    let every = |arrival: Arrival| match arrival.got {
        Got::Live(Live::Polling { every }) => Some(every),
        _ => None,
    };
    let here = loop {
        if let Some(every) = every(inbox.recv().await.unwrap()) {
            break every;
        }
    };
    fetcher.attend(Attention::Away);
    let away = loop {
        if let Some(every) = every(inbox.recv().await.unwrap()) {
            break every;
        }
    };
    assert_eq!(away, here * 4);
}

#[tokio::test]
async fn following_can_be_awaited() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r" => json(ENDED),
        _ => json(events(&[("a", 1, "x")])),
    })
    .await;
    let (mail, mut inbox) = mpsc::channel(2);
    let line = connection(&server.url, &Silent);
    let following = follow(&line, run(), Known::default(), mail);
    let gather = until(&mut inbox, |words| words == "over");
    let ((), told) = timeout(Duration::from_secs(20), async {
        tokio::join!(following, gather)
    })
    .await
    .unwrap();
    assert_eq!(count(&told, "a=x"), 1);

    // Nobody listens any more: it ends too.
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /runs/r" => json(RUNNING),
        _ => json(events(&[])),
    })
    .await;
    let (mail, inbox) = mpsc::channel(2);
    let line = connection(&server.url, &Silent);
    let following = follow(&line, run(), Known::default(), mail);
    let leave = async {
        sleep(Duration::from_millis(200)).await;
        drop(inbox);
    };
    timeout(Duration::from_secs(5), async {
        tokio::join!(following, leave)
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_context_that_is_not_there_is_given_up() {
    let (mail, mut inbox) = mpsc::channel(8);
    let none: [sortie::fetch::Line; 0] = [];
    let fetcher = Fetcher::new(none, mail);
    fetcher.follow(watch());
    let arrival = inbox.recv().await.unwrap();
    assert_eq!((arrival.node, arrival.generation), (NodeId(7), Gen(1)));
    assert!(matches!(
        arrival.got,
        Got::Live(Live::GivenUp(Trouble::Unwilling { .. }))
    ));
}
