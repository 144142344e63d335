//! The hot paths, each once with the same input, for their instructions to be counted: `.ci/counts` runs
//! this beneath callgrind, where other work on the machine changes nothing. Alone it measures nothing.
//!
//! Each path is one call of `measured`, which tells its name first. What is made for it is made before.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{fs, hint::black_box, io::Write as _, path::Path};

use bytes::Bytes;
use common::{NOW, Opened, Place, page, paint, payloads, read, terminal};
use regex::bytes::Regex;
use serde_json::Value;
use sortie::{
    analysis::{Digest, Terms},
    app::{
        App, Effect, Msg,
        action::Action,
        filter, find,
        key::{Code, Key},
    },
    demo::tales,
    doc::{
        Rows as _, Source,
        json::{CAP, Json, Mode},
    },
    guard::redact::Sort,
    model::{Ask, Event, NodeId, Page, Record, Reply, Row, RunRef},
    provider,
};

/// Loaded events: few where nothing is counted (debug builds).
const EVENTS: usize = if cfg!(debug_assertions) {
    1_000
} else {
    100_000
};
/// Events read as operations, rows of a page of a service.
const READ: usize = EVENTS / 5;
const ROWS: usize = 500;
/// Bytes of a document.
const SIZE: usize = if cfg!(debug_assertions) {
    16 << 10
} else {
    1 << 20
};

fn main() {
    pages();
    analysis();
    masking();
    document();
    let mut opened = Opened::new(EVENTS);
    frames(&mut opened);
    looked_through(&mut opened.app);
    for (name, place) in [
        ("merge of 500 behind all", Place::Append),
        ("merge of 500 in front", Place::Prepend),
        ("merge of 500 in the middle", Place::Middle),
        ("merge of 500 all over", Place::Scattered),
    ] {
        let mut mail = Some(opened.mail(place));
        measured(name, &mut || {
            opened.app.update(mail.take().unwrap(), NOW);
        });
    }
    let mut again = Some(opened.again(EVENTS / 2));
    measured("merge of 500 known ones", &mut || {
        opened.app.update(again.take().unwrap(), NOW);
    });
}

/// What is counted is what happens between two of these, on all threads.
#[inline(never)]
fn mark(at: usize) -> usize {
    black_box(at)
}

fn measured(name: &str, work: &mut dyn FnMut()) {
    let _ = writeln!(std::io::stdout(), "counted | {name}");
    black_box(mark(0));
    work();
    black_box(mark(1));
}

/// A page of each service, of what the tests have of it, over and over.
fn pages() {
    let run = || RunRef {
        mission: "mission".into(),
        run: "run".into(),
        room: Some("room".into()),
    };
    let ask = Ask::Events {
        run: run(),
        page: Page::default(),
    };
    for (service, file, list) in [
        ("telnyx", "events.json", "/data"),
        ("vectara", "events.json", "/events"),
        ("agentex", "messages.json", ""),
        ("elizaos", "events.json", "/data/events"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(service)
            .join(file);
        let mut whole: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let rows = whole.pointer_mut(list).unwrap().as_array_mut().unwrap();
        *rows = rows.iter().cycle().take(ROWS).cloned().collect();
        let body = Bytes::from(whole.to_string());
        let provider = provider::named(service).unwrap();
        measured(&format!("a page of {service}"), &mut || {
            let reply = Reply {
                status: 200,
                body: &body,
                received: NOW,
            };
            let batch = provider.read(&ask, &reply).unwrap();
            assert!(batch.rows.len() >= ROWS);
            black_box(batch);
        });
    }
}

fn analysis() {
    let at = |n: usize| 1_794_000_000_000 + i64::try_from(n).unwrap() * 1000;
    let (rows, _) = read(&page((0..READ).map(|n| (n, at(n)))));
    let event = |row| match row {
        Row::Full(Record::Event(event)) => Some(event),
        _ => None,
    };
    let events: Vec<Event> = rows.into_iter().filter_map(event).collect();
    let mut digest = Digest::new(Terms {
        call_ids: true,
        ..Terms::default()
    });
    measured(&format!("analysis of {READ}"), &mut || {
        for (n, event) in (0..).zip(&events) {
            digest.push(NodeId(n), event);
        }
        digest.finish(false);
        digest.take_changed();
    });
}

fn masking() {
    for payload in payloads::all(SIZE).into_iter().take(4) {
        let redactor = common::redactor();
        measured(&format!("masking, {}", payload.name), &mut || {
            let mut masking = redactor.masking();
            if payload.is_json {
                black_box(masking.json(payload.text.as_bytes(), Sort::Any));
            } else {
                black_box(masking.text(&payload.text));
            }
        });
    }
}

fn document() {
    let source = Source::Here(tales::big_payload(SIZE).to_string().into());
    let masking = || common::redactor().masking();
    let (mut json, mut indexer) =
        Json::begin(source.clone(), masking(), Sort::Any, Mode::Data, CAP);
    measured("index of JSON", &mut || {
        while !indexer.is_done() {
            json.take(indexer.here(&source, SIZE));
        }
    });
    let middle = json.len() / 2;
    measured("60 rows of JSON", &mut || {
        let rows: Vec<_> = (middle..middle + 60).map(|at| json.row(at)).collect();
        black_box(rows);
    });
    let word = Regex::new("(?i)xyzzy").unwrap();
    measured("search in JSON", &mut || {
        black_box(json.finder(word.clone(), 0).run(usize::MAX));
    });
}

/// Frames at 200x60 of all runs and of one, and a key with the frame after it.
fn frames(opened: &mut Opened) {
    let (run, app) = (opened.run, &mut opened.app);
    for in_run in [false, true] {
        let name = if in_run { "run" } else { "browse" };
        app.selected = Some(run);
        if in_run {
            app.act(Action::Open);
        }
        let mut terminal = terminal(200, 60);
        let middle = app.outline.rows() / 2;
        app.selected = app.outline.node_at(middle);
        app.top = middle.saturating_sub(10);
        let mut key = |app: &mut App| {
            app.update(Msg::Key(Key::char('j')), NOW);
            paint(&mut terminal, app);
        };
        for _ in 0..3 {
            key(app);
        }
        measured(&format!("j and its frame, {name}"), &mut || key(app));
        measured(&format!("frame, {name}"), &mut || paint(&mut terminal, app));
    }
    app.act(Action::FocusTree);
}

/// A search and a filter over everything that is loaded; the workers, and the loop that takes it in.
fn looked_through(app: &mut App) {
    let mut orders = typed(app, '/', "depot 90");
    let order = orders.find_map(|effect| match effect {
        Effect::Search(order) => Some(order),
        _ => None,
    });
    let order = order.unwrap();
    measured("search", &mut || {
        let (search, done) = (order.number, false);
        find::look(&order, |nodes, _| {
            let found = Msg::Found {
                search,
                nodes,
                done,
            };
            app.update(found, NOW);
            true
        });
    });
    let (search, done, nodes) = (order.number, true, Vec::new());
    let found = Msg::Found {
        search,
        nodes,
        done,
    };
    app.update(found, NOW);
    app.update(Msg::Key(Key::plain(Code::Esc)), NOW);
    for (name, query) in [
        ("by kind", "kind:tool"),
        ("by payload", "payload.depots_left:>90"),
    ] {
        let mut orders = typed(app, '&', query);
        let order = orders.find_map(|effect| match effect {
            Effect::Judge(order) => Some(order),
            _ => None,
        });
        let order = order.unwrap();
        measured(&format!("filter {name}"), &mut || {
            filter::judge(&order, |judged| {
                app.update(Msg::Judged(Box::new(judged)), NOW);
                true
            });
        });
        app.update(Msg::Key(Key::plain(Code::Enter)), NOW);
        app.update(Msg::Key(Key::plain(Code::Esc)), NOW);
    }
}

fn typed(app: &mut App, key: char, text: &str) -> impl Iterator<Item = Effect> + use<> {
    app.update(Msg::Key(Key::char(key)), NOW);
    app.update(Msg::Key(Key::ctrl('u')), NOW);
    app.update(Msg::Paste(text.to_owned()), NOW).into_iter()
}
