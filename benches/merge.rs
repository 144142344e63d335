//! A mail of 500 events taken in by the app: store, outline, window. Budget: merging it into one
//! million takes at most 1 ms. Beside it, what the store alone takes and what the outline takes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::cmp::Ordering;

use divan::{Bencher, black_box};
use sortie::{
    app::outline::Outline,
    model::{Mission, NodeId, Record, Row, Run, Store},
};

use common::{LOADED, MAIL, NOW, Place, page, read};

fn main() {
    common::budget("a batch of 500 merged into 1,000,000: 1 ms");
    for which in ["arrive/*", "arrive_again/*", "store_put/*"] {
        common::figure::budget_of(which, "at most 1 ms");
    }
    divan::main();
}

#[derive(Clone, Copy, Debug)]
struct Case {
    place: Place,
    events: usize,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:<9} {:>7}",
            format!("{:?}", self.place).to_lowercase(),
            self.events
        )
    }
}

fn cases() -> impl Iterator<Item = Case> {
    LOADED.iter().flat_map(|events| {
        [
            Place::Append,
            Place::Prepend,
            Place::Middle,
            Place::Scattered,
        ]
        .map(|place| Case {
            place,
            events: *events,
        })
    })
}

/// A mail of 500 new events through `update`.
#[divan::bench(args = cases(), sample_count = 30, sample_size = 1)]
fn arrive(bencher: Bencher, case: Case) {
    let opened = common::opened(case.events);
    bencher
        .counter(divan::counter::ItemsCount::new(MAIL))
        .with_inputs(|| opened.borrow_mut().mail(case.place))
        .bench_local_values(|mail| opened.borrow_mut().app.update(mail, NOW));
}

/// A mail whose events are all loaded already, as a refresh brings them.
#[divan::bench(args = LOADED, sample_count = 30, sample_size = 1)]
fn arrive_again(bencher: Bencher, events: usize) {
    let opened = common::opened(events);
    bencher
        .counter(divan::counter::ItemsCount::new(MAIL))
        .with_inputs(|| opened.borrow_mut().again(events / 2))
        .bench_local_values(|mail| opened.borrow_mut().app.update(mail, NOW));
}

/// The store alone: 500 events behind those there are.
#[divan::bench(args = LOADED, sample_count = 30, sample_size = 1)]
fn store_put(bencher: Bencher, events: usize) {
    let mut store = Store::default();
    let context = store.add_context();
    let (mission, _) = store.put(context, Row::Full(Record::Mission(Mission::default())));
    let (run, _) = store.put(mission, Row::Full(Record::Run(Run::default())));
    let mut made = 0;
    let mut more = || {
        let (rows, _) = read(&page(
            (made..made + MAIL).map(|n| (n, i64::try_from(n).unwrap() * 1000)),
        ));
        made += MAIL;
        rows
    };
    for _ in 0..events / MAIL {
        for row in more() {
            store.put(run, row);
        }
    }
    bencher
        .counter(divan::counter::ItemsCount::new(MAIL))
        .with_inputs(more)
        .bench_local_values(|rows| {
            for row in rows {
                store.put(run, row);
            }
        });
}

/// One node into the middle of that many siblings, and out again.
#[divan::bench(args = LOADED)]
fn outline_insert_remove(bencher: Bencher, events: usize) {
    let mut outline = flat(events);
    let node = id(events);
    let middle = id(events / 2);
    bencher.bench_local(|| {
        outline.insert(None, node, |other| other.cmp(&middle));
        outline.remove(node);
    });
}

/// The row of a node.
#[divan::bench(args = LOADED)]
fn outline_row_of(bencher: Bencher, events: usize) {
    let outline = flat(events);
    bencher.bench(|| outline.row_of(black_box(id(events / 3))));
}

/// The node of a row.
#[divan::bench(args = LOADED)]
fn outline_node_at(bencher: Bencher, events: usize) {
    let outline = flat(events);
    bencher.bench(|| outline.node_at(black_box(events / 3)));
}

fn flat(events: usize) -> Outline {
    let mut outline = Outline::default();
    for n in 0..events {
        outline.insert(None, id(n), |_| Ordering::Less);
    }
    outline
}

fn id(n: usize) -> NodeId {
    NodeId(u32::try_from(n).unwrap())
}
