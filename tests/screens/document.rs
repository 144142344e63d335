//! Records made by hand, read as payloads: a document that has the screen to itself, attachments, and a
//! run of which nobody knows when anything was.

use bytes::Bytes;
use sortie::app::Msg;
use sortie::model::{Ask, Event, Kind, Order, Payload, Record, RunStatus, Span};

use crate::desk::{Desk, setup};
use crate::made::{context, event, mission, rows, run};
use crate::picture::golden;

/// Before one run with these events; `single` is a file that is one document.
fn before(size: (u16, u16), events: Vec<Event>, single: bool) -> Desk {
    let contexts = vec![context("file", "vectara")];
    let first = if single { Vec::new() } else { contexts.clone() };
    let mut desk = Desk::new(size, setup(first), move |ticket| match &ticket.ask {
        Ask::Missions { .. } => rows(ticket, vec![mission("folder")]),
        Ask::Runs { .. } => rows(ticket, vec![run("order.json", RunStatus::Unknown)]),
        Ask::Events { .. } => {
            let events = events.iter().cloned().map(Record::Event);
            rows(ticket, events.collect())
        }
        _ => rows(ticket, Vec::new()),
    });
    if single {
        (desk.app.single.unfolds, desk.app.single.reads) = (true, true);
        desk.tell(Msg::Contexts(contexts));
    }
    desk
}

fn sent(text: &str) -> Event {
    let raw = Payload::new(Bytes::from(text.to_owned()));
    Event {
        id: "line-1".to_owned(),
        kind: Kind::Unknown,
        body: Span::new(0, raw.len()),
        raw,
        ..Event::default()
    }
}

const ORDER: &str = r#"{"order":"C-1182","lines":[{"sku":"A-7","count":2,"paid_at":1755738600},{"sku":"B-2","count":1,"paid_at":null}],"note":"one\ntwo","again":1,"again":2,"total":12345678901234567890.10}"#;

#[test]
fn a_document_has_the_screen_to_itself() {
    for (columns, lines) in [(60, 16), (100, 30)] {
        let mut desk = before((columns, lines), vec![sent(ORDER)], true);
        assert!(desk.text().contains("C-1182"), "{}", desk.text());
        golden(&format!("document_{columns}x{lines}"), &desk.text());
        desk.press("esc");
        assert!(!desk.app.in_detail(), "the run is behind it");
    }
}

#[test]
fn attachments_are_named_as_what_they_are() {
    let text = r#"{"content":"see the map","attachments":[{"file_id":"file_01","name":"map.png","size":20481}]}"#;
    let at = text.find('[').unwrap();
    let event = Event {
        id: "m-1".to_owned(),
        kind: Kind::Message,
        summary: Some("see the map".to_owned()),
        body: Span::new(at, text.len() - 1),
        raw: Payload::new(Bytes::from(text)),
        ..Event::default()
    };
    let mut desk = before((100, 40), vec![event], false);
    desk.open(&["folder", "order.json"]);
    desk.go_to("see the map").press("enter");
    let text = desk.text();
    assert!(text.contains("▾ attachments  53 B"), "{text}");
    assert!(text.contains("map.png") && text.contains("20481"), "{text}");
}

#[test]
fn a_run_without_times_has_no_waterfall_but_says_why() {
    let without = |at| Event {
        time: None,
        order: Order { at, tie: 0 },
        ..event(at, "host.look")
    };
    let mut desk = before((120, 40), vec![without(2), without(4)], false);
    desk.open(&["folder"]);
    desk.go_to("order.json").press("enter");
    let text = desk.text();
    assert!(text.contains("[4] waterfall"), "{text}");
    assert!(text.contains("no event says when it was"), "{text}");
}
