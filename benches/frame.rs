//! A whole frame, and a key with its frame. Budget: a frame at 200x60 with one million events loaded
//! takes at most 1 ms, and a key with its frame must stay far below the 16 ms that a person notices.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::time::{Duration, Instant};

use divan::Bencher;
use sortie::app::{
    App, Bars, Msg, Pane,
    action::Action,
    arrange::{Arrangement, WINDOW},
    key::{Key, parse_sequence},
};

use common::{
    LOADED, NOW,
    figure::{budget_of, median, took},
    opened, paint, terminal,
};

/// A frame, and a key with its frame, which nobody may feel.
const FRAME: Duration = Duration::from_millis(1);
const KEY: Duration = Duration::from_millis(16);
/// Keys pressed on the Run screen for each figure.
const KEYS: usize = if cfg!(debug_assertions) { 3 } else { 400 };

/// Frames of a screen for each figure.
const FRAMES: usize = if cfg!(debug_assertions) { 2 } else { 60 };
const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

fn main() {
    common::budget("a frame at 200x60 with 1,000,000 events loaded: 1 ms");
    for events in LOADED {
        for screen in SCREENS {
            frames_of(screen, *events);
        }
    }
    run_screen();
    budget_of("unchanged/*", "at most 1 ms");
    budget_of("all_new/*", "at most 1 ms");
    budget_of("key_and_frame/*", "at most 16 ms");
    divan::main();
}

/// A screen, or something that lies over one.
struct Screen {
    name: &'static str,
    /// Whether the run has the screen beneath.
    in_run: bool,
    /// What leads there. A word behind `:` is typed and entered.
    keys: &'static str,
    /// Whether that is what is shown.
    is_shown: fn(&App) -> bool,
}

const fn screen(name: &'static str, keys: &'static str, is_shown: fn(&App) -> bool) -> Screen {
    let in_run = true;
    Screen {
        name,
        in_run,
        keys,
        is_shown,
    }
}

const SCREENS: &[Screen] = &[
    Screen {
        in_run: false,
        ..screen("browse", "", |app| app.screen().is_none())
    },
    Screen {
        in_run: false,
        ..screen("inbox", "", |app| app.arranged.by == Arrangement::Inbox)
    },
    screen("run", "", |app| app.screen().is_some()),
    screen("waterfall", "4", |app| {
        app.bars == Some(Bars::Pane) || app.full == Some(Pane::Bars)
    }),
    screen("detail", "3", |app| app.focus == Pane::Detail),
    screen("detail-alone", "3 f", |app| app.full == Some(Pane::Detail)),
    screen("calls", ":calls", |app| app.calls.is_some()),
    screen("requests", "@", |app| app.requests.is_some()),
    screen("messages", "L", |app| app.message_list.is_some()),
    screen("bookmarks", "'", |app| app.bookmarks.is_some()),
    screen("views", ":views", |app| app.view_list.is_some()),
    screen("help", "?", |app| app.help.is_some()),
    screen("palette", ":", |app| app.palette.is_some()),
    screen("search", "/", |app| app.prompt.is_some()),
    screen("filter", "&", |app| app.prompt.is_some()),
    screen("export", "x", |app| app.export.is_some()),
    screen("copied-call", "* y C", |app| app.preview.is_some()),
];

/// What a frame of that screen costs.
fn frames_of(screen: &Screen, events: usize) {
    let opened = opened(events);
    let run = opened.borrow().run;
    let app = &mut opened.borrow_mut().app;
    for (columns, rows) in SIZES {
        // On a small screen the detail is alone in any case.
        if screen.name == "detail-alone" && columns < 100 {
            continue;
        }
        app.selected = Some(run);
        if screen.in_run {
            app.act(Action::Open);
        } else if screen.name == "inbox" {
            app.begin_with(Arrangement::Inbox, WINDOW, None);
        }
        let mut terminal = terminal(columns, rows);
        let first = app.outline.row_of(run).unwrap_or_default();
        let middle = first.midpoint(app.outline.rows());
        app.selected = app.outline.node_at(middle);
        app.top = middle.saturating_sub(10);
        paint(&mut terminal, app);
        press(app, screen.keys);
        for _ in 0..2 {
            paint(&mut terminal, app);
        }
        assert!((screen.is_shown)(app), "{}", screen.name);
        let mut frame = || {
            let begun = Instant::now();
            paint(&mut terminal, app);
            begun.elapsed()
        };
        let frames = (0..FRAMES).map(|_| frame()).collect();
        let name = screen.name;
        took(
            &format!("{name} {columns}x{rows} {events}"),
            median(frames),
            Some(FRAME),
        );
        // All the way back, whatever lay over what.
        for _ in 0..3 {
            press(app, "esc");
        }
        app.bars = None;
        if app.full.is_some() {
            app.act(Action::Full);
        }
        app.act(Action::FocusTree);
        if screen.name == "inbox" {
            app.begin_with(Arrangement::Missions, WINDOW, None);
        }
    }
}

fn press(app: &mut App, keys: &str) {
    if let Some(command) = keys.strip_prefix(':') {
        app.update(Msg::Key(Key::char(':')), NOW);
        if !command.is_empty() {
            app.update(Msg::Paste(command.to_owned()), NOW);
            press(app, "enter");
        }
        return;
    }
    for key in parse_sequence(keys).unwrap_or_default() {
        app.update(Msg::Key(key), NOW);
    }
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
        for (columns, rows) in SIZES {
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
    let mut terminal = terminal_of(case);
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

fn tell(bars: &str, case: Case, all: &[(Duration, Duration)]) {
    let frames = all.iter().map(|took| took.1).collect();
    let mut both: Vec<Duration> = all.iter().map(|took| took.0 + took.1).collect();
    both.sort_unstable();
    let case = format!("{}x{} {}", case.columns, case.rows, case.events);
    took(
        &format!("j in the run, its frame, bars {bars} {case}"),
        median(frames),
        Some(FRAME),
    );
    took(
        &format!("j in the run, with its frame, p99, bars {bars} {case}"),
        both[both.len() * 99 / 100],
        Some(KEY),
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

fn terminal_of(case: Case) -> ratatui::Terminal<ratatui::backend::CrosstermBackend<std::io::Sink>> {
    terminal(case.columns, case.rows)
}

/// Nothing has changed since the frame before.
#[divan::bench(args = cases(), sample_count = 100, sample_size = 2)]
fn unchanged(bencher: Bencher, case: Case) {
    let opened = opened(case.events);
    let mut terminal = terminal_of(case);
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
        paint(&mut terminal_of(case), &mut opened.borrow_mut().app);
    }
    bencher
        .with_inputs(|| terminal_of(case))
        .bench_local_refs(|terminal| paint(terminal, &mut opened.borrow_mut().app));
}

/// One `j` that scrolls: the update, the new detail, the frame.
#[divan::bench(args = cases(), sample_count = 100, sample_size = 2)]
fn key_and_frame(bencher: Bencher, case: Case) {
    let opened = opened(case.events);
    let mut terminal = terminal_of(case);
    opened.borrow_mut().select_middle();
    paint(&mut terminal, &mut opened.borrow_mut().app);
    bencher.bench_local(|| {
        let app = &mut opened.borrow_mut().app;
        app.update(Msg::Key(Key::char('j')), NOW);
        paint(&mut terminal, app);
    });
}
