//! How lists go on, where they end, and what keeps them from going on for ever.

use std::fmt::Write as _;
use std::sync::Arc;

use sortie::model::{Ask, Page};
use sortie::provider::agentex::Agentex;
use sortie::provider::{Provider, ReadError};

use super::{TASK, event, events, events_at, missions, page_of, read, read_status, runs};

/// A list of `n` objects with ids from `from` on.
fn list(from: usize, n: usize) -> String {
    let rows: Vec<String> = (from..from + n)
        .map(|i| format!(r#"{{"id":"i{i}"}}"#))
        .collect();
    format!("[{}]", rows.join(","))
}

/// A page of messages, newest first, at the seconds given, and how it goes on.
fn page(seconds: &[u32], cursor: &str, has_more: &str) -> String {
    let mut rows = String::new();
    for (n, second) in seconds.iter().enumerate() {
        let comma = if n > 0 { "," } else { "" };
        let _ = write!(
            rows,
            r#"{comma}{{"id":"6b00000000000000000000{second:02x}","content":{{"type":"text"}},"created_at":"2026-11-20T09:34:{second:02}.5"}}"#
        );
    }
    format!(r#"{{"data":[{rows}],"next_cursor":{cursor},"has_more":{has_more}}}"#)
}

#[test]
fn a_full_page_goes_on_and_a_short_one_ends() {
    let next = read(&missions(), &list(0, 200)).next.unwrap();
    let request = Agentex.request(&next).unwrap();
    assert!(request.query.contains(&("page_number".into(), "2".into())));
    assert_eq!((page_of(&next).index, page_of(&next).seen), (1, 200));
    assert_eq!(read(&next, &list(200, 3)).next, None);
    assert_eq!(read(&next, "[]").next, None);
    let third = read(&next, &list(200, 200)).next.unwrap();
    assert!(
        Agentex
            .request(&third)
            .unwrap()
            .query
            .contains(&("page_number".into(), "3".into()))
    );
    assert!(read(&runs(), &list(0, 100)).next.is_some());
    assert_eq!(read(&runs(), &list(0, 99)).next, None);
}

#[test]
fn a_server_that_ignores_the_page_number_is_asked_twice_only() {
    let next = read(&missions(), &list(0, 200)).next.unwrap();
    assert_eq!(read(&next, &list(0, 200)).next, None);
}

#[test]
fn the_cursor_is_followed_until_it_is_null() {
    let next = read(&events(), &page(&[9, 8], "\"c1\"", "true"))
        .next
        .unwrap();
    assert_eq!(page_of(&next).cursor.as_deref(), Some("c1"));
    assert_eq!(page_of(&next).seen, 2);
    let next = read(&next, &page(&[8, 7], "\"c2\"", "true")).next.unwrap();
    assert_eq!(page_of(&next).index, 2);
    assert_eq!(read(&next, &page(&[6], "null", "false")).next, None);
}

#[test]
fn no_cursor_ends_the_list_whatever_has_more_says() {
    assert_eq!(read(&events(), &page(&[9], "null", "true")).next, None);
    assert_eq!(
        read(
            &events(),
            r#"{"data":[],"next_cursor":null,"has_more":true}"#
        )
        .next,
        None
    );
    assert_eq!(read(&events(), &page(&[], "\"c1\"", "true")).next, None);
    assert_eq!(read(&events(), &page(&[9], "\"c1\"", "false")).next, None);
    assert!(
        read(&events(), &page(&[9], "\"c1\"", "null"))
            .next
            .is_some()
    );
}

#[test]
fn a_cursor_that_the_server_ignores_ends_the_list() {
    let next = read(&events(), &page(&[9, 8], "\"c1\"", "true"))
        .next
        .unwrap();
    assert_eq!(read(&next, &page(&[9, 8], "\"c1\"", "true")).next, None);
    // A message came in between, so the first page is not the same, but it is newer.
    let anew = read(&next, &page(&[12, 9], "\"c5\"", "true"));
    assert_eq!((anew.rows.len(), anew.next), (2, None));
}

#[test]
fn a_server_without_cursors_is_read_by_number() {
    let body = r#"{"message":"Item with id 'paginated' does not exist.","code":404,"data":null}"#;
    let turned = read_status(&events(), 404, body).unwrap();
    assert!(turned.rows.is_empty());
    let first = turned.next.unwrap();
    let request = Agentex.request(&first).unwrap();
    assert_eq!(request.path, "/messages");
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    let expected =
        format!("task_id={TASK}&limit=200&page_number=1&order_by=created_at&order_direction=asc");
    assert_eq!(query.join("&"), expected);
    let second = read(&first, &list(0, 200)).next.unwrap();
    assert!(
        Agentex
            .request(&second)
            .unwrap()
            .query
            .contains(&("page_number".into(), "2".into()))
    );
    assert_eq!(read(&second, &list(200, 7)).next, None);
    assert_eq!(read(&second, &list(0, 200)).next, None);
    assert!(matches!(
        read_status(&first, 404, body),
        Err(ReadError::Said(_))
    ));
}

#[test]
fn a_task_that_does_not_exist_is_no_missing_route() {
    let body =
        format!(r#"{{"message":"Item with id '{TASK}' does not exist.","code":404,"data":null}}"#);
    let refused = read_status(&events(), 404, &body);
    assert_eq!(
        refused,
        Err(ReadError::Said(format!(
            "Item with id '{TASK}' does not exist."
        )))
    );
    let later = Page {
        cursor: Some(Arc::from("c1")),
        index: 1,
        ..Page::default()
    };
    assert!(read_status(&events_at(later), 404, r#"{"detail":"Not Found"}"#).is_err());
}

#[test]
fn a_captured_list_does_not_go_on() {
    assert_eq!(read(&events(), &list(0, 200)).next, None);
}

#[test]
fn messages_of_one_millisecond_are_ordered_by_id() {
    let text = r#"[
        {"id":"6b00141a867133772c3587e2","content":{"type":"text"},"created_at":"2026-11-20T09:34:18.055900Z"},
        {"id":"6b00141a867133772c3587e3","content":{"type":"text"},"created_at":"2026-11-20T09:34:18.055"},
        {"id":"6b00141a867133772c3587e0","content":{"type":"text"},"created_at":"2026-11-20T09:34:18.055100"}]"#;
    let batch = read(&events(), text);
    let mut all: Vec<_> = batch.rows.iter().map(event).collect();
    all.sort_by_key(|event| event.order);
    let ends: Vec<&str> = all
        .iter()
        .map(|event| event.id.get(22..).unwrap())
        .collect();
    assert_eq!(ends, ["e0", "e2", "e3"]);
}

#[test]
fn a_message_without_a_time_lies_where_its_id_says() {
    let text = r#"[
        {"id":"6b00141a867133772c3587e2","content":{"type":"text"},"created_at":null},
        {"id":"odd","content":{"type":"text"},"created_at":"2026-11-20T09:34:18"},
        {"id":"odder","content":{"type":"text"}}]"#;
    let batch = read(&events(), text);
    let (made, odd, odder) = (
        event(&batch.rows[0]),
        event(&batch.rows[1]),
        event(&batch.rows[2]),
    );
    assert_eq!(
        (made.time, made.order.at),
        (None, 0x6b00_141a * 1_000_000_000)
    );
    assert_eq!(odder.order.at, odd.order.at);
    let next = read(
        &events(),
        &format!(r#"{{"data":{text},"next_cursor":"c","has_more":true}}"#),
    )
    .next;
    let Some(Ask::Events { page, .. }) = next else {
        panic!()
    };
    assert_eq!(page.before, Some(odd.order.at));
}
