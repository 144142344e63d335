//! Tickets: pages to their end and no further, small mails, one last word, and silence when nobody
//! wants to know any more.

use std::time::Duration;

use sortie::fetch::{Fetcher, collect};
use sortie::model::{
    Arrival, Ask, ContextId, Gen, Got, Limit, NodeId, Record, RunRef, Ticket, Trouble, Urgency,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::plain::{connection, items, missions};
use crate::server::{Say, Server, reply};
use crate::{ask, ids};

fn ticket(generation: u32, ask: Ask) -> Ticket {
    Ticket {
        context: ContextId(0),
        node: NodeId(7),
        generation: Gen(generation),
        ask,
        limit: Limit::NONE,
        urgency: Urgency::Wanted,
    }
}

/// All mails of one ticket.
async fn mails(inbox: &mut mpsc::Receiver<Arrival>) -> Vec<Got> {
    let mut all = Vec::new();
    loop {
        let arrival = timeout(Duration::from_secs(10), inbox.recv())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(arrival.node, NodeId(7));
        let last = matches!(arrival.got, Got::Done { .. } | Got::Failed(_));
        all.push(arrival.got);
        if last {
            return all;
        }
    }
}

#[tokio::test]
async fn pages_are_read_to_the_end_and_come_in_small_mails() {
    let server = Server::saying(|asked| {
        let (from, next) = match asked.nth {
            0 => (0, Some("1")),
            1 => (1200, Some("2")),
            _ => (2400, None),
        };
        reply(
            200,
            "",
            items((from..from + 1200).map(|i| format!("m{i}")), next),
        )
    })
    .await;
    // Room for one mail: the fetcher waits for the reader.
    let (mail, mut inbox) = mpsc::channel(1);
    let fetcher = Fetcher::new([connection(&server.url)], mail);
    fetcher.load(ticket(1, missions()));
    let mails = mails(&mut inbox).await;
    let sizes: Vec<usize> = mails
        .iter()
        .filter_map(|got| match got {
            Got::Rows { rows, .. } => Some(rows.len()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [500, 500, 200, 500, 500, 200, 500, 500, 200]);
    assert_eq!(mails.last(), Some(&Got::Done { more: None }));
    let sent = fetcher.requests();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[2].path, "/missions?cursor=2");
    assert_eq!(sent[2].status, Some(200));
    assert!(
        timeout(Duration::from_millis(50), inbox.recv())
            .await
            .is_err(),
        "one last word"
    );
}

#[tokio::test]
async fn at_the_limit_the_way_on_is_kept() {
    let server = Server::saying(|asked| {
        let n = asked.nth;
        reply(
            200,
            "",
            items((0..10).map(|i| format!("{n}-{i}")), Some(&format!("c{n}"))),
        )
    })
    .await;
    let limit = Limit {
        rows: 15,
        ..Limit::NONE
    };
    let first = collect(&connection(&server.url), missions(), limit).await;
    assert_eq!(first.records.len(), 20);
    let more = first.more.unwrap();
    assert_eq!(more.page_index(), 2);
    let second = collect(&connection(&server.url), more, limit).await;
    assert_eq!(second.records.len(), 20);
    assert_eq!(
        server.log.lines.lock().unwrap()[2],
        "GET /missions?cursor=c1"
    );
}

#[tokio::test]
async fn lists_that_never_end_do() {
    let repeating = Server::saying(|asked| {
        let next = format!("c{}", asked.nth);
        reply(
            200,
            "",
            items(["a".to_owned(), "b".to_owned()], Some(&next)),
        )
    })
    .await;
    let collected = ask(&connection(&repeating.url)).await;
    assert_eq!(ids(&collected), ["a", "b"]);
    assert_eq!(collected.trouble, None);
    assert_eq!(repeating.log.count(), 2);

    let empty = Server::saying(|asked| {
        let next = format!("c{}", asked.nth);
        reply(200, "", items([], Some(&next)))
    })
    .await;
    let collected = ask(&connection(&empty.url)).await;
    assert_eq!(collected.records.len(), 0);
    assert!(collected.more.is_some(), "what was not read is not denied");
    assert!(empty.log.count() < 20);
}

#[tokio::test]
async fn an_empty_page_does_not_hide_the_next() {
    let server = Server::saying(|asked| match asked.nth {
        0 => reply(200, "", items([], Some("2"))),
        _ => reply(200, "", items(["late".to_owned()], None)),
    })
    .await;
    assert_eq!(ids(&ask(&connection(&server.url)).await), ["late"]);
}

#[tokio::test]
async fn what_must_be_asked_besides_is_asked_at_once_but_never_more_than_four() {
    let server = Server::saying(|asked| {
        if asked.line == "GET /missions" {
            let also: Vec<String> = (0..12).map(|i| format!("\"m{i}\"")).collect();
            return reply(
                200,
                "",
                format!(r#"{{"items": [], "also": [{}]}}"#, also.join(",")),
            );
        }
        let mut says = vec![Say::Wait(Duration::from_millis(60))];
        says.extend(reply(200, "", items([asked.line.clone()], None)));
        says
    })
    .await;
    let collected = ask(&connection(&server.url)).await;
    assert_eq!(collected.records.len(), 12);
    assert_eq!(server.log.most(), 4);
}

#[tokio::test]
async fn rows_that_came_before_a_failure_stay() {
    let server = Server::saying(|asked| match asked.nth {
        0 => reply(200, "", items(["a".to_owned()], Some("2"))),
        _ => reply(200, "", "<html>"),
    })
    .await;
    let collected = ask(&connection(&server.url)).await;
    assert_eq!(ids(&collected), ["a"]);
    assert!(matches!(collected.trouble, Some(Trouble::BadReply { .. })));
}

#[tokio::test]
async fn a_reader_that_breaks_is_one_failed_ticket() {
    // Small replies are read where they arrive, large ones on a thread of their own.
    for padding in [0, 100_000] {
        let body = format!("[\"break the reader\", \"{}\"]", "x".repeat(padding));
        let server = Server::saying(move |_| reply(200, "", &body)).await;
        let collected = ask(&connection(&server.url)).await;
        // The service and its address are not to blame, so nobody is sent to look there.
        assert_eq!(collected.trouble, Some(Trouble::Broken));
        assert!(!Trouble::Broken.hint().contains("base_url"));
    }
}

/// The missions of these ids, with the details of the first `also` of them asked besides.
fn with_details(ids: &[String], also: usize) -> Vec<Say> {
    let rows: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({ "id": id }))
        .collect();
    let body = serde_json::json!({ "items": rows, "also": ids[..also] });
    reply(200, "", body.to_string())
}

#[tokio::test]
async fn what_is_asked_besides_a_list_may_fail() {
    for status in [503, 429, 403] {
        let server = Server::saying(move |asked| match asked.line.as_str() {
            "GET /missions" => with_details(&["a".to_owned(), "b".to_owned()], 2),
            "GET /missions/a" => reply(status, "retry-after-ms: 1\r\n", r#"{"error": "no"}"#),
            _ => reply(200, "", items(["b".to_owned()], None)),
        })
        .await;
        let collected = ask(&connection(&server.url)).await;
        assert_eq!(collected.trouble, None, "{status}");
        assert_eq!(ids(&collected), ["a", "b"]);
        let Some(Record::Mission(a)) = collected.records.first() else {
            panic!("{collected:?}")
        };
        let noted = a.description.as_deref().unwrap();
        assert!(noted.starts_with(&status.to_string()), "{noted}");
    }
}

#[tokio::test]
async fn after_three_silences_nothing_is_asked_besides() {
    let server = Server::saying(|asked| match asked.line.as_str() {
        "GET /missions" => {
            let ids: Vec<String> = (0..40).map(|i| format!("m{i}")).collect();
            with_details(&ids, 40)
        }
        _ => vec![Say::Hang],
    })
    .await;
    let collected = ask(&connection(&server.url)).await;
    assert_eq!(collected.trouble, None);
    assert!(server.log.count() < 12, "{}", server.log.count());
    for record in &collected.records {
        let Record::Mission(mission) = record else {
            panic!("{record:?}")
        };
        let noted = mission.description.as_deref().unwrap();
        assert!(noted.contains("did not answer in time"), "{noted}");
    }
    assert_eq!(collected.records.len(), 40);
}

#[tokio::test]
async fn a_wait_is_announced() {
    let server = Server::saying(|asked| match asked.nth {
        0 => reply(429, "retry-after-ms: 50\r\n", r#"{"error": "busy"}"#),
        _ => reply(200, "", items(["a".to_owned()], None)),
    })
    .await;
    let (mail, mut inbox) = mpsc::channel(8);
    let fetcher = Fetcher::new([connection(&server.url)], mail);
    fetcher.load(ticket(1, missions()));
    let mails = mails(&mut inbox).await;
    let Got::Waiting { trouble, until } = &mails[0] else {
        panic!("{mails:?}")
    };
    assert!(trouble.to_string().contains("busy"));
    assert!(until.0 > 0);
    assert_eq!(mails.len(), 3);
}

#[tokio::test]
async fn a_cancelled_generation_is_given_up_and_says_nothing() {
    let server = Server::saying(|asked| {
        if asked.line.ends_with("/other") {
            return reply(200, "", items(["other".to_owned()], None));
        }
        vec![Say::Hang]
    })
    .await;
    let mut connection = connection(&server.url);
    connection.timeouts.header = Duration::from_secs(30);
    let (mail, mut inbox) = mpsc::channel(8);
    let fetcher = Fetcher::new([connection], mail);
    fetcher.load(ticket(1, missions()));
    while server.log.count() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    fetcher.cancel(Gen(1));
    let mission = "other".into();
    fetcher.load(ticket(2, Ask::Mission { mission }));
    let arrivals = [inbox.recv().await.unwrap(), inbox.recv().await.unwrap()];
    assert!(arrivals.iter().all(|arrival| arrival.generation == Gen(2)));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(server.log.given_up(), 1, "the connection was closed");
    assert!(inbox.try_recv().is_err());
    let statuses: Vec<_> = fetcher.requests().iter().map(|sent| sent.status).collect();
    assert_eq!(statuses, [None, Some(200)], "what hung is listed too");
}

#[tokio::test]
async fn every_ticket_gets_its_last_word() {
    let server = Server::saying(|_| Vec::new()).await;
    let (mail, mut inbox) = mpsc::channel(8);
    let fetcher = Fetcher::new([connection(&server.url)], mail);
    // A service without plans has no steps.
    let run = RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    };
    fetcher.load(ticket(1, Ask::Steps(run.clone())));
    assert_eq!(mails(&mut inbox).await, [Got::Done { more: None }]);
    // What it cannot be asked is said.
    fetcher.load(ticket(2, Ask::Run(run)));
    let mails_2 = mails(&mut inbox).await;
    assert!(matches!(
        mails_2[..],
        [Got::Failed(Trouble::Unwilling { .. })]
    ));
    // So is a context that is not there.
    let mut nowhere = ticket(3, missions());
    nowhere.context = ContextId(9);
    fetcher.load(nowhere);
    let mails_3 = mails(&mut inbox).await;
    assert!(matches!(mails_3[..], [Got::Failed(_)]));
    assert_eq!(server.log.count(), 0);
}
