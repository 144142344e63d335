//! Long pages, of which the next is sent for before the one at hand is read: each is asked once, none
//! beyond what is wanted, and the rows decide where the list goes on.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sortie::fetch::{Collected, Connection, collect};
use sortie::model::{Ask, Limit, Page, Record, Reply, RunRef, Time, Trouble};
use sortie::provider;

use crate::plain::connection;
use crate::server::{Asked, Say, Server, reply};

const ROWS: u32 = 500;

fn events() -> Ask {
    Ask::Events {
        run: RunRef {
            mission: "m".into(),
            run: "r".into(),
            room: None,
        },
        page: Page::default(),
    }
}

/// A page too long to be read at once, which says that there are so many.
fn page(number: u32, holds: u32, total: u32) -> String {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            format!(
                r#"{{"event_id":"e{}","run_id":"r","type":"message","summary":"{}"}}"#,
                holds * ROWS + row,
                "word ".repeat(30)
            )
        })
        .collect();
    format!(
        r#"{{"data":[{}],"meta":{{"page_number":{number},"page_size":{ROWS},"total_pages":{total}}}}}"#,
        rows.join(",")
    )
}

/// A server of pages, and the numbers of those that it was asked for.
async fn served(
    say: impl Fn(u32, &Asked) -> Vec<Say> + Send + Sync + 'static,
) -> (Server, Connection, Arc<Mutex<Vec<u32>>>) {
    let numbers = Arc::new(Mutex::new(Vec::new()));
    let asked_for = Arc::clone(&numbers);
    let server = Server::saying(move |asked| {
        let (_, rest) = asked.line.split_once("number%5D=").unwrap();
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        let number = digits.parse().unwrap();
        asked_for.lock().unwrap().push(number);
        say(number, asked)
    })
    .await;
    let connection = Connection {
        provider: provider::named("telnyx").unwrap(),
        ..connection(&server.url)
    };
    (server, connection, numbers)
}

/// The numbers of the events, in the order in which they came.
fn order(collected: &Collected) -> Vec<u32> {
    let ids = collected.records.iter().map(Record::id);
    ids.filter_map(|id| id.strip_prefix('e')?.parse().ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_is_asked_once_and_comes_in_its_turn() {
    let (server, connection, numbers) =
        served(|number, _| reply(200, "", page(number, number, 5))).await;
    let collected = collect(&connection, events(), Limit::NONE).await;
    assert_eq!(collected.trouble, None);
    assert_eq!(
        order(&collected),
        (ROWS..6 * ROWS).collect::<Vec<_>>(),
        "all rows, in their order"
    );
    assert_eq!(*numbers.lock().unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(server.log.most(), 1, "one at a time");
}

#[test]
fn a_glance_at_a_page_names_the_request_that_its_rows_lead_to() {
    let telnyx = provider::named("telnyx").unwrap();
    let mut ask = events();
    for number in 1..4 {
        let body = Bytes::from(page(number, number, 4));
        let reply = Reply {
            status: 200,
            body: &body,
            received: Time(0),
        };
        let next = telnyx.read(&ask, &reply).unwrap().next.unwrap();
        let ahead = telnyx.ahead(&ask, &reply).unwrap();
        assert_eq!(ahead.rows, u64::from(ROWS));
        assert_eq!(telnyx.request(&ahead.ask), telnyx.request(&next));
        ask = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_for_beyond_what_is_wanted() {
    let (_server, connection, numbers) =
        served(|number, _| reply(200, "", page(number, number, 9))).await;
    let limits = [
        (
            1,
            Limit {
                rows: ROWS,
                ..Limit::NONE
            },
        ),
        (
            2,
            Limit {
                rows: ROWS + 1,
                ..Limit::NONE
            },
        ),
        (
            1,
            Limit {
                bytes: 1000,
                ..Limit::NONE
            },
        ),
    ];
    for (pages, limit) in limits {
        numbers.lock().unwrap().clear();
        let collected = collect(&connection, events(), limit).await;
        assert!(collected.more.is_some());
        assert_eq!(numbers.lock().unwrap().len(), pages, "{limit:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_have_the_last_word() {
    // It repeats its second page for ever and promises a thousand.
    let (_server, connection, numbers) =
        served(|number, _| reply(200, "", page(number, number.min(2), 1000))).await;
    let collected = collect(&connection, events(), Limit::NONE).await;
    assert_eq!(collected.trouble, None);
    assert_eq!(order(&collected).len(), 2 * ROWS as usize);
    assert!(numbers.lock().unwrap().len() <= 4, "one in vain at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sent_for_ahead_fails_like_any_other() {
    let (_server, connection, numbers) = served(|number, asked| match (number, asked.nth) {
        (2, 1) => reply(503, "", ""),
        (3, _) => reply(403, "", r#"{"errors":[{"detail":"not yours"}]}"#),
        _ => reply(200, "", page(number, number, 5)),
    })
    .await;
    let collected = collect(&connection, events(), Limit::NONE).await;
    assert_eq!(*numbers.lock().unwrap(), [1, 2, 2, 3]);
    assert_eq!(order(&collected).len(), 2 * ROWS as usize);
    assert!(
        matches!(&collected.trouble, Some(Trouble::Forbidden { message, .. }) if message == "not yours"),
        "{:?}",
        collected.trouble
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_limits_is_left_alone_by_what_is_sent_for_ahead() {
    let (_server, connection, numbers) = served(|number, asked| match (number, asked.nth) {
        (2, 1) => reply(429, "retry-after: 900\r\n", ""),
        _ => reply(200, "", page(number, number, 5)),
    })
    .await;
    let collected = collect(&connection, events(), Limit::NONE).await;
    assert!(matches!(
        collected.trouble,
        Some(Trouble::RateLimited { .. })
    ));
    assert_eq!(*numbers.lock().unwrap(), [1, 2]);
    assert_eq!(order(&collected).len(), ROWS as usize);
}
