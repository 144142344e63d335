//! The inbox of async agents: kinds of content, order, pages by the last id, and what is never taken for
//! the transcript.

use sortie::model::{Kind, Page};

use super::{aside, aside_at, body, event, line, prose, read, run, time, told};

const EVENTS: &str = include_str!("../../fixtures/agentex/events.json");

#[test]
fn each_event_has_the_kind_of_its_content_and_says_inbox() {
    let batch = read(&aside("inbox"), EVENTS);
    assert_eq!((batch.skipped, batch.next), (0, None));
    let all: Vec<_> = batch.rows[..6].iter().map(event).collect();
    let kinds: Vec<_> = all
        .iter()
        .map(|event| {
            (
                event.kind,
                event.type_sent.as_str(),
                event.title.as_deref().unwrap(),
            )
        })
        .collect();
    let expected = [
        (Kind::Message, "event:text", "inbox: user"),
        (Kind::Data, "event:data", "inbox: data"),
        (Kind::Reasoning, "event:reasoning", "inbox: reasoning"),
        (Kind::ToolCall, "event:tool_request", "inbox: lookup"),
        (Kind::ToolResult, "event:tool_response", "inbox: lookup"),
        (Kind::Data, "event", "inbox: wake-up"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(prose(all[0]), [r#""Weather in Paris?""#]);
    assert_eq!(all[0].time, time("2026-11-20T09:34:17.374039Z"));
    assert_eq!(all[4].call_id.as_deref(), Some("c9"));
    assert_eq!(body(all[4]), Some(r#"["a",1,null]"#));
    assert_eq!(all[5].summary.as_deref(), Some("(no content)"));
    assert!(all.windows(2).all(|pair| pair[0].order < pair[1].order));
    assert_eq!(told(&run(&batch.rows[6]).facts), [("inbox", "6")]);
}

/// Facts of one label replace each other.
#[test]
fn the_inbox_of_another_agent_is_counted_beside_and_names_it() {
    let batch = read(&aside("inbox of another agent"), EVENTS);
    let expected = format!("6 of agent {}", super::AGENT);
    let facts = run(&batch.rows[6]).facts.clone();
    assert_eq!(told(&facts), [("other inbox", expected.as_str())]);
}

#[test]
fn numbers_of_64_bits_decide_between_equal_times() {
    let row = |id: &str, n: &str| {
        format!(
            r#"{{"id":"{id}","sequence_id":{n},"created_at":"2026-11-20T09:34:17Z","content":null}}"#
        )
    };
    let text = format!(
        "[{},{}]",
        row("b", "9007199254740993"),
        row("a", "\"9007199254740992\"")
    );
    let batch = read(&aside("inbox"), &text);
    assert!(event(&batch.rows[0]).order > event(&batch.rows[1]).order);
}

/// A full page whose ids begin with `from`.
fn full(from: usize) -> String {
    let rows: Vec<String> = (from..from + 1000)
        .map(|n| format!(r#"{{"id":"e{n}","sequence_id":{n},"content":null}}"#))
        .collect();
    format!("[{}]", rows.join(","))
}

#[test]
fn a_full_page_goes_on_behind_its_last_event() {
    let first = read(&aside("inbox"), &full(0));
    assert_eq!(first.rows.len(), 1000);
    let next = first.next.unwrap();
    assert!(line(&next).ends_with("&limit=1000&last_processed_event_id=e999"));
    let second = read(
        &next,
        r#"[{"id":"e1000","sequence_id":1000,"content":null}]"#,
    );
    assert_eq!(second.next, None);
    assert_eq!(told(&run(&second.rows[1]).facts), [("inbox", "1001")]);
    assert!(read(&next, &full(1000)).next.is_some());
}

#[test]
fn an_id_that_the_server_ignores_ends_the_list() {
    let next = read(&aside("inbox"), &full(0)).next.unwrap();
    assert_eq!(read(&next, &full(0)).next, None);
}

#[test]
fn what_is_no_event_is_kept() {
    let batch = read(
        &aside_at("inbox", Page::default()),
        r#"[7,{"content":"bare"},{"id":"x","content":{"type":"citation","source":"s"}}]"#,
    );
    assert_eq!(batch.skipped, 2);
    assert_eq!(&event(&batch.rows[0]).raw.bytes()[..], b"7");
    assert_eq!(body(event(&batch.rows[1])), Some("\"bare\""));
    let odd = event(&batch.rows[2]);
    assert_eq!(
        (odd.kind, odd.type_sent.as_str()),
        (Kind::Unknown, "event:citation")
    );
}
