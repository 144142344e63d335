//! What it costs to look through a million loaded events, by filter and by search: until the first hits are
//! on the screen, until all are, and how long the loop is held up at most on the way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::time::{Duration, Instant};

use common::{LOADED, NOW, Opened, figure};
use sortie::app::{
    App, Effect, Msg, filter, find,
    key::{Code, Key},
    msg,
};

/// Until the first hits are there.
const FIRST: Duration = Duration::from_millis(16);
/// Until all are.
const ALL: Duration = Duration::from_secs(1);

/// What was measured.
struct Took {
    first: Duration,
    all: Duration,
    /// The longest time that the loop had no ear for keys.
    held: Duration,
}

fn main() {
    let events = LOADED.last().copied().unwrap();
    common::budget("over a million loaded events: first hits within 16 ms, all within 1 s");
    let mut app = Opened::new(events).app;
    for query in [
        "kind:tool",
        "verdict:failed,ok tool:*",
        "payload.depots_left:>90",
        "\"depot 90\"",
        "/depot \\d0/",
        "status:running,failed,succeeded,unknown",
        "no.such.words",
        "tool:no.such.tool kind:tool",
    ] {
        let took = filter(&mut app, query);
        tell(&format!("filter {query}"), &app, &took);
    }
    let before = Instant::now();
    press(&mut app, Code::Esc);
    figure::took("filter dropped", before.elapsed(), None);
    for needle in ["depot 90", "Depot 90", "no such words"] {
        let took = search(&mut app, needle);
        tell(&format!("search {needle}"), &app, &took);
        press(&mut app, Code::Esc);
    }
}

fn tell(what: &str, app: &App, took: &Took) {
    let what = format!("{what}: {} rows", app.outline.rows());
    figure::took(&format!("{what}, first"), took.first, Some(FIRST));
    figure::took(&format!("{what}, all"), took.all, Some(ALL));
    // Beside keys that are pressed meanwhile.
    figure::took(&format!("{what}, the loop held up"), took.held, Some(FIRST));
}

fn press(app: &mut App, code: Code) -> Vec<Effect> {
    app.update(Msg::Key(Key::plain(code)), NOW)
}

/// Types all but the last key, and measures from there on: the worker runs, the loop takes what it tells.
fn filter(app: &mut App, query: &str) -> Took {
    app.update(Msg::Key(Key::char('&')), NOW);
    app.update(Msg::Key(Key::ctrl('u')), NOW);
    let begun = Instant::now();
    let effects = app.update(Msg::Paste(query.to_owned()), NOW);
    let held = begun.elapsed();
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Judge(order) => Some(order),
        _ => None,
    });
    let order = order.unwrap();
    let took = take(app, begun, held, move |tell| {
        filter::judge(&order, |judged| tell(Msg::Judged(Box::new(judged))));
    });
    press(app, Code::Enter);
    took
}

fn search(app: &mut App, needle: &str) -> Took {
    app.update(Msg::Key(Key::char('/')), NOW);
    let begun = Instant::now();
    let effects = app.update(Msg::Paste(needle.to_owned()), NOW);
    let held = begun.elapsed();
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Search(order) => Some(order),
        _ => None,
    });
    let order: msg::Search = *order.unwrap();
    take(app, begun, held, move |tell| {
        let search = order.number;
        let found = |nodes, done| Msg::Found {
            search,
            nodes,
            done,
        };
        find::look(&order, |nodes, _| tell(found(nodes, false)));
        tell(found(Vec::new(), true));
    })
}

/// Runs the worker on a thread of its own, takes what it tells as the loop does, and measures.
fn take(
    app: &mut App,
    begun: Instant,
    mut held: Duration,
    work: impl FnOnce(&dyn Fn(Msg) -> bool) + Send + 'static,
) -> Took {
    let (send, receive) = std::sync::mpsc::channel();
    let worker = std::thread::spawn(move || work(&|msg| send.send(msg).is_ok()));
    let mut first = None;
    for msg in receive {
        let hits = match &msg {
            Msg::Judged(judged) => !judged.nodes.is_empty() || judged.end.is_some(),
            Msg::Found { nodes, done, .. } => !nodes.is_empty() || *done,
            _ => false,
        };
        let turn = Instant::now();
        app.update(msg, NOW);
        held = held.max(turn.elapsed());
        if hits {
            first.get_or_insert_with(|| begun.elapsed());
        }
    }
    let all = begun.elapsed();
    worker.join().unwrap();
    let first = first.unwrap_or(all);
    Took { first, all, held }
}
