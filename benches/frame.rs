//! A whole frame, and a key with its frame. Budget: a frame at 200x60 with one million events loaded
//! takes at most 1 ms, and a key with its frame must stay far below the 16 ms that a person notices.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    io::{Sink, Write as _, sink},
    time::{Duration, Instant},
};

use divan::Bencher;
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use sortie::{
    app::{App, Bars, Msg, action::Action, key::Key},
    ui::{self, Style},
};

use common::{LOADED, NOW, opened};

/// A frame, and a key with its frame, which nobody may feel.
const FRAME: Duration = Duration::from_millis(1);
const KEY: Duration = Duration::from_millis(16);
/// Keys pressed on the Run screen for each figure.
const KEYS: usize = if cfg!(debug_assertions) { 3 } else { 400 };

fn main() {
    run_screen();
    common::budget("a frame at 200x60 with 1,000,000 events loaded: 1 ms");
    divan::main();
}

/// The Run screen after each `j`, with its bars beside the rows and in a pane of their own. The key and
/// the frame after it are told apart: the frame has a budget of its own.
fn run_screen() {
    common::budget(
        "the Run screen: a frame 1 ms, a key with its frame 16 ms at the 99th percentile",
    );
    for events in LOADED {
        let opened = opened(*events);
        let run = opened.borrow().run;
        let app = &mut opened.borrow_mut().app;
        app.selected = Some(run);
        app.act(Action::Open);
        assert_eq!(app.screen(), Some(run));
        for (columns, rows) in [(80, 24), (200, 60)] {
            for (bars, name) in [(Bars::Inline, "inline"), (Bars::Pane, "pane")] {
                app.bars = Some(bars);
                let case = Case {
                    columns,
                    rows,
                    events: *events,
                };
                tell(name, case, &keys(app, case));
            }
        }
        app.act(Action::FocusTree);
        assert_eq!(app.screen(), None);
    }
}

/// How long each key took, and the frame after it.
fn keys(app: &mut App, case: Case) -> Vec<(Duration, Duration)> {
    let mut terminal = terminal(case);
    let middle = app.outline.rows() / 2;
    app.selected = app.outline.node_at(middle);
    app.top = middle.saturating_sub(10);
    for _ in 0..2 {
        paint(&mut terminal, app);
    }
    let mut press = || {
        let begun = Instant::now();
        app.update(Msg::Key(Key::char('j')), NOW);
        let pressed = begun.elapsed();
        paint(&mut terminal, app);
        (pressed, begun.elapsed().saturating_sub(pressed))
    };
    (0..KEYS).map(|_| press()).collect()
}

fn tell(bars: &str, case: Case, took: &[(Duration, Duration)]) {
    let sorted = |of: fn(&(Duration, Duration)) -> Duration| {
        let mut all: Vec<Duration> = took.iter().map(of).collect();
        all.sort_unstable();
        all
    };
    let (keys, frames) = (sorted(|took| took.0), sorted(|took| took.1));
    let both = sorted(|took| took.0 + took.1);
    let (frame, worst) = (frames[frames.len() / 2], both[both.len() * 99 / 100]);
    let verdict = if frame <= FRAME && worst <= KEY {
        "within"
    } else {
        "OVER"
    };
    let key = keys[keys.len() / 2];
    let _ = writeln!(
        std::io::stdout(),
        "run screen {case} bars {bars:<6}: frame {frame:>9.1?}, key {key:>9.1?}, both at p99 {worst:>9.1?}: \
         {verdict} the budget"
    );
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
