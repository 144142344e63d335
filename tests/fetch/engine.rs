//! One door a host, one who goes in to see, what the service says of its budget, bodies that need not
//! be sent again, and paths that are not asked.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sortie::fetch::{Fetcher, Line, collect};
use sortie::model::{
    Arrival, Ask, Batch, Caps, ContextId, Gen, Got, Limit, NodeId, Reply, Request, Ticket, Trouble,
    Urgency,
};
use sortie::provider::{Provider, ReadError};
use tokio::sync::mpsc::{self, Receiver};

use crate::plain::{Plain, connection, items, missions};
use crate::server::{Say, Server, reply};
use crate::{ids, trouble};

fn ticket(context: u16, generation: u32) -> Ticket {
    Ticket {
        context: ContextId(context),
        node: NodeId(7),
        generation: Gen(generation),
        ask: missions(),
        limit: Limit::NONE,
        urgency: Urgency::Wanted,
    }
}

/// All mails until so many tickets had their last word.
async fn mails(inbox: &mut Receiver<Arrival>, tickets: usize) -> Vec<Got> {
    let mut all = Vec::new();
    let mut ended = 0;
    while ended < tickets {
        let got = inbox.recv().await.unwrap().got;
        ended += usize::from(matches!(got, Got::Done { .. } | Got::Failed(_)));
        all.push(got);
    }
    all
}

#[tokio::test]
async fn the_contexts_of_one_host_share_its_four_places() {
    let server = Server::saying(|asked| {
        if asked.line == "GET /missions" {
            let also: Vec<String> = (0..8).map(|i| format!("\"m{i}\"")).collect();
            let also = also.join(",");
            return reply(200, "", format!(r#"{{"items": [], "also": [{also}]}}"#));
        }
        let mut says = vec![Say::Wait(Duration::from_millis(40))];
        says.extend(reply(200, "", items([asked.line.clone()], None)));
        says
    })
    .await;
    let (one, two) = (connection(&server.url), connection(&server.url));
    let both = tokio::join!(
        collect(&one, missions(), Limit::NONE),
        collect(&two, missions(), Limit::NONE)
    );
    assert_eq!((both.0.records.len(), both.1.records.len()), (8, 8));
    assert_eq!(server.log.most(), 4);
}

#[tokio::test]
async fn one_goes_in_to_see_whether_a_host_may_be_asked_again() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let server = Server::saying(move |asked| {
        seen.lock().unwrap().push(Instant::now());
        let busy = || reply(429, "retry-after-ms: 200\r\n", r#"{"error": "busy"}"#);
        match asked.nth {
            // The three that were under way already, and the first that goes in to see.
            0..=2 => busy(),
            3 => {
                let mut says = vec![Say::Wait(Duration::from_millis(100))];
                says.extend(busy());
                says
            }
            4 => {
                let mut says = vec![Say::Wait(Duration::from_millis(100))];
                says.extend(reply(200, "", items(["a".to_owned()], None)));
                says
            }
            _ => reply(200, "", items(["a".to_owned()], None)),
        }
    })
    .await;
    let (mail, mut inbox) = mpsc::channel(64);
    let contexts = [0, 1, 2].map(|_| connection(&server.url));
    let fetcher = Fetcher::new(contexts, mail);
    for context in 0..3 {
        fetcher.load(ticket(context, 1));
    }
    let all = mails(&mut inbox, 3).await;
    assert!(
        !all.iter().any(|got| matches!(got, Got::Failed(_))),
        "{all:?}"
    );
    let waits = all.iter().filter(|got| matches!(got, Got::Waiting { .. }));
    assert!(
        waits.count() >= 3,
        "each ticket says that it waits: {all:?}"
    );
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 7);
    let after = |n: usize| times[n].duration_since(times[n - 1]);
    assert!(after(3) >= Duration::from_millis(195), "{:?}", after(3));
    assert!(
        after(4) >= Duration::from_millis(295),
        "nobody else asked: {:?}",
        after(4)
    );
    assert!(
        after(5) >= Duration::from_millis(95),
        "nor before it was back: {:?}",
        after(5)
    );
    let reasons: Vec<String> = fetcher
        .requests()
        .into_iter()
        .map(|sent| sent.reason)
        .collect();
    assert!(reasons.contains(&"missions".to_owned()), "{reasons:?}");
    assert!(
        reasons.contains(&"missions, again after 429".to_owned()),
        "{reasons:?}"
    );
}

#[tokio::test]
async fn the_end_of_a_window_is_no_wish_unless_the_window_is_the_reason() {
    let server = Server::saying(|asked| match asked.nth {
        0 => reply(500, "x-ratelimit-reset: 3000\r\n", ""),
        _ => reply(200, "", items(["a".to_owned()], None)),
    })
    .await;
    let collected = collect(&connection(&server.url), missions(), Limit::NONE).await;
    assert_eq!(ids(&collected), ["a"]);
}

#[tokio::test]
async fn a_budget_is_told_when_it_changes() {
    let server = Server::saying(|asked| {
        let left = 60 - asked.nth / 2;
        let headers = format!("x-ratelimit-limit: 60\r\nx-ratelimit-remaining: {left}\r\n");
        reply(200, &headers, items(["a".to_owned()], None))
    })
    .await;
    let (mail, mut inbox) = mpsc::channel(64);
    let fetcher = Fetcher::new([connection(&server.url)], mail);
    let mut told = Vec::new();
    for generation in 1..=3 {
        fetcher.load(ticket(0, generation));
        let all = mails(&mut inbox, 1).await;
        told.push(all.into_iter().find_map(|got| match got {
            Got::Budget(budget) => Some((budget.left, budget.of)),
            _ => None,
        }));
    }
    assert_eq!(told, [Some((60, Some(60))), None, Some((59, Some(60)))]);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::saying(|asked| {
        if asked.head.contains("if-none-match: \"v1\"") {
            return reply(304, "etag: \"v1\"\r\n", "");
        }
        reply(200, "etag: \"v1\"\r\n", items(["a".to_owned()], None))
    })
    .await;
    let line = Line::from(connection(&server.url));
    for _ in 0..2 {
        let collected = collect(&line, missions(), Limit::NONE).await;
        assert_eq!(
            (ids(&collected), collected.trouble.as_ref()),
            (vec!["a"], None)
        );
    }
    let sent: Vec<_> = line
        .requests()
        .into_iter()
        .map(|sent| (sent.status, sent.cached, sent.bytes > 0))
        .collect();
    assert_eq!(sent, [(Some(200), false, true), (Some(304), true, false)]);
}

/// A dialect that asks for what it does not list, and one that changes a path after it was made.
struct Stray(bool);

impl Provider for Stray {
    fn name(&self) -> &'static str {
        "stray"
    }

    fn caps(&self) -> Caps {
        Plain.caps()
    }

    fn routes(&self) -> &'static [&'static str] {
        &["/missions"]
    }

    fn request(&self, _ask: &Ask) -> Option<Request> {
        if self.0 {
            return Some(Request::get("/secrets", &[]));
        }
        let mut request = Request::get("/missions", &[]);
        request.path.push_str("/delete-all");
        Some(request)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        Plain.read(ask, reply)
    }
}

#[tokio::test]
async fn what_is_on_no_list_is_not_asked() {
    for stray in [&Stray(true), &Stray(false)] {
        let server = Server::saying(|_| reply(200, "", items(["a".to_owned()], None))).await;
        let mut connection = connection(&server.url);
        connection.provider = stray;
        let trouble = trouble(&connection).await;
        assert!(matches!(trouble, Trouble::Unwilling { .. }), "{trouble:?}");
        assert_eq!(server.log.count(), 0);
    }
}
