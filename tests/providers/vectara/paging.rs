//! How lists go on and how they end, whatever the service answers.

use super::*;

/// Reads on from `ask` with the answers of `service` (page number, key sent → body) until the end.
fn read_all(ask: Ask, service: impl Fn(usize, Option<&str>) -> String) -> (Vec<Event>, usize) {
    let (mut next, mut all, mut pages) = (Some(ask), Vec::new(), 0);
    while let Some(ask) = next {
        let request = Vectara.request(&ask).unwrap();
        let key = request.query.iter().find(|(name, _)| name == "page_key");
        let body = service(pages, key.map(|(_, value)| value.as_str()));
        let batch = read(&ask, 200, body).unwrap();
        all.extend(events_in(&batch));
        next = batch.next;
        pages += 1;
        assert!(pages < 500, "no end");
    }
    (all, pages)
}

fn page(ids: std::ops::Range<i32>, key: &str) -> String {
    let rows: Vec<String> = ids
        .map(|id| {
            let (minute, second) = (59 - id / 60, 59 - id % 60);
            format!(r#"{{"id":"e{id}","type":"thinking","created_at":"2026-07-02T08:{minute:02}:{second:02}Z"}}"#)
        })
        .collect();
    format!(
        r#"{{"events":[{}],"metadata":{{"page_key":{key}}}}}"#,
        rows.join(",")
    )
}

#[test]
fn all_pages_are_read_and_their_order_joins() {
    let (mut all, pages) = read_all(events(), |number, key| match (number, key) {
        (0, None) => page(0..3, "\"k1/+ é\""),
        (1, Some("k1/+ é")) => page(3..6, "\"k2\""),
        (2, Some("k2")) => page(6..8, "null"),
        other => panic!("{other:?}"),
    });
    assert_eq!((all.len(), pages), (8, 3));
    all.sort_by_key(|event| event.order);
    let ids: Vec<&str> = all.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["e7", "e6", "e5", "e4", "e3", "e2", "e1", "e0"]);
}

#[test]
fn equal_times_across_pages_keep_the_servers_order() {
    let same = |ids: [&str; 2], key: &str| {
        let rows = ids.map(|id| {
            format!(r#"{{"id":"{id}","type":"thinking","created_at":"2026-07-02T08:00:00Z"}}"#)
        });
        format!(
            r#"{{"events":[{}],"metadata":{{"page_key":"{key}"}}}}"#,
            rows.join(",")
        )
    };
    let (mut all, _) = read_all(events(), |number, _| match number {
        0 => same(["d", "c"], "next"),
        _ => same(["b", "a"], ""),
    });
    all.sort_by_key(|event| event.order);
    let ids: Vec<&str> = all.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
}

#[test]
fn lists_end_where_the_service_does_not() {
    let (_, pages) = read_all(events(), |_, _| page(0..2, "\"for ever\""));
    assert_eq!(pages, 2, "the same key again");
    let (_, pages) = read_all(events(), |number, _| match number {
        0 => page(0..2, "\"last\""),
        _ => r#"{"events":[],"metadata":{"page_key":"and more"}}"#.to_owned(),
    });
    assert_eq!(pages, 2, "an empty page");
    let (_, pages) = read_all(events(), |number, _| {
        page(0..2, &format!("\"k{}\"", number % 7))
    });
    assert!(pages <= 28, "a ring of seven keys took {pages} pages");
    for end in [
        r#"{"events":[{"id":"a"}]}"#,
        r#"{"events":[{"id":"a"}],"metadata":{}}"#,
        r#"{"events":[{"id":"a"}],"metadata":null}"#,
    ] {
        assert_eq!(read_all(events(), |_, _| end.to_owned()).1, 1);
    }
}

#[test]
fn an_expired_key_starts_the_list_again_once() {
    let first = read(&events(), 200, page(0..2, "\"old\"")).unwrap();
    let second = first.next.unwrap();
    let refused = read(&second, 400, fixture("malformed")).unwrap();
    assert_eq!((refused.rows.len(), refused.also.len()), (0, 1));
    let again = &refused.also[0];
    assert_eq!(Vectara.request(again), Vectara.request(&events()));
    assert!(read(again, 400, fixture("malformed")).is_err());
    let onward = read(again, 200, page(0..2, "\"new\""))
        .unwrap()
        .next
        .unwrap();
    assert!(
        read(&onward, 400, fixture("malformed")).is_err(),
        "only once"
    );
    assert!(read(&second, 404, fixture("not_found")).is_err());
}

#[test]
fn a_step_is_known_across_pages() {
    let step = |id: &str, from: &str, to: &str, at: u32| {
        format!(
            r#"{{"id":"{id}","type":"step_transition","from_step":"{from}","to_step":"{to}","created_at":"2026-07-02T08:00:{at:02}Z"}}"#
        )
    };
    let think = |id: &str, at: u32| {
        format!(r#"{{"id":"{id}","type":"thinking","created_at":"2026-07-02T08:00:{at:02}Z"}}"#)
    };
    let list = |rows: [String; 2], key: &str| {
        format!(
            r#"{{"events":[{}],"metadata":{{"page_key":"{key}"}}}}"#,
            rows.join(",")
        )
    };
    let bodies = [
        list([think("f", 9), step("e", "fix", "check", 8)], "1"),
        list([think("d", 7), think("c", 6)], "2"),
        list([think("b", 5), step("a", "look", "fix", 4)], ""),
    ];
    let (all, _) = read_all(events(), |number, _| bodies[number].clone());
    let steps: Vec<&str> = all
        .iter()
        .map(|event| event.step_id.as_deref().unwrap())
        .collect();
    assert_eq!(steps, ["check", "check", "fix", "fix", "fix", "fix"]);
}

#[test]
fn agents_and_sessions_go_on_in_the_same_way() {
    let agents = r#"{"agents":[{"key":"a"}],"metadata":{"page_key":"k"}}"#;
    let second = read(&missions(), 200, agents).unwrap().next.unwrap();
    assert_eq!(second.page_index(), 1);
    assert_eq!(read(&second, 200, agents).unwrap().next, None);
    let sessions = r#"{"sessions":[{"key":"a","status":"stopped"}],"metadata":{"page_key":"k"}}"#;
    let second = read(&runs(), 200, sessions).unwrap().next.unwrap();
    let batch = read(&second, 200, sessions).unwrap();
    assert_eq!(
        (batch.next, batch.also.len()),
        (None, 0),
        "later pages are not looked into"
    );
}
