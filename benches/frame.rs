//! A whole frame, and a key with its frame. Budget: a frame at 200x60 with one million events loaded
//! takes at most 1 ms, and a key with its frame must stay far below the 16 ms that a person notices.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::io::{Sink, sink};

use divan::Bencher;
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use sortie::{
    app::{App, Msg, action::Action, key::Key},
    ui::{self, Style},
};

use common::{LOADED, NOW, opened};

fn main() {
    common::budget("a frame at 200x60 with 1,000,000 events loaded: 1 ms");
    divan::main();
}

#[derive(Clone, Copy, Debug)]
struct Case {
    columns: u16,
    rows: u16,
    events: usize,
}

fn cases() -> impl Iterator<Item = Case> {
    LOADED.iter().flat_map(|events| {
        [(80, 24), (120, 40), (200, 60)].map(|(columns, rows)| Case {
            columns,
            rows,
            events: *events,
        })
    })
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{} {:>7}", self.columns, self.rows, self.events)
    }
}

fn terminal(case: Case) -> Terminal<CrosstermBackend<Sink>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, case.columns, case.rows));
    Terminal::with_options(CrosstermBackend::new(sink()), TerminalOptions { viewport }).unwrap()
}

/// As the loop does it: draw, and take what was measured back to the app.
fn paint(terminal: &mut Terminal<CrosstermBackend<Sink>>, app: &mut App) {
    let mut measured = None;
    terminal
        .draw(|frame| measured = Some(ui::draw(app, &Style::new(false, true), frame)))
        .unwrap();
    app.measure(measured.unwrap());
}

/// Nothing has changed since the frame before.
#[divan::bench(args = cases(), sample_count = 100, sample_size = 2)]
fn unchanged(bencher: Bencher, case: Case) {
    let opened = opened(case.events);
    let mut terminal = terminal(case);
    opened.borrow_mut().app.act(Action::FocusTree);
    for _ in 0..2 {
        paint(&mut terminal, &mut opened.borrow_mut().app);
    }
    bencher.bench_local(|| paint(&mut terminal, &mut opened.borrow_mut().app));
}

/// Every cell is new, as after a resize.
#[divan::bench(args = cases(), sample_count = 100, sample_size = 2)]
fn all_new(bencher: Bencher, case: Case) {
    let opened = opened(case.events);
    for _ in 0..2 {
        paint(&mut terminal(case), &mut opened.borrow_mut().app);
    }
    bencher
        .with_inputs(|| terminal(case))
        .bench_local_refs(|terminal| paint(terminal, &mut opened.borrow_mut().app));
}

/// One `j` that scrolls: the update, the new detail, the frame.
#[divan::bench(args = cases(), sample_count = 100, sample_size = 2)]
fn key_and_frame(bencher: Bencher, case: Case) {
    let opened = opened(case.events);
    let mut terminal = terminal(case);
    opened.borrow_mut().select_middle();
    paint(&mut terminal, &mut opened.borrow_mut().app);
    bencher.bench_local(|| {
        let app = &mut opened.borrow_mut().app;
        app.update(Msg::Key(Key::char('j')), NOW);
        paint(&mut terminal, app);
    });
}
