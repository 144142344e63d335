//! A run of any length, made of records in Telnyx's shape and read by the real provider, so that what is
//! measured is what a long run costs. Every record has its own id, time and words.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each bench uses its part, and a bench fails by panicking"
)]

pub mod figure;
pub mod payloads;

use std::{
    cell::RefCell,
    collections::HashMap,
    fmt::Write as _,
    io::{Sink, Write as _, sink},
    rc::Rc,
};

use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};
use secrecy::SecretString;
use sortie::{
    app::{App, ContextInfo, Effect, Measured, Msg, Setup, action::Action},
    config,
    guard::redact::Redactor,
    model::{
        Arrival, Ask, Got, Limit, Mission, NodeId, Page, Record, Reply, Row, Run, RunRef,
        RunStatus, Sort, Ticket, Time,
    },
    provider::{Provider as _, telnyx::Telnyx},
    ui::{self, Style},
};

/// The moment at which everything happens.
pub const NOW: Time = Time(1_795_166_597_761_000_000);
/// When a run's first event happens, in milliseconds, and how long it is until the next.
const FIRST: i64 = 1_794_000_000_000;
const APART: i64 = 1_000;
/// Rows of a mail, as the fetcher sends them.
pub const MAIL: usize = 500;

/// Loaded events to measure with: small ones only where nothing is measured (debug builds).
pub const LOADED: &[usize] = if cfg!(debug_assertions) {
    &[1_000]
} else {
    &[1_000, 100_000, 1_000_000]
};

/// Says what the figures are to be held against.
pub fn budget(text: &str) {
    let _ = writeln!(std::io::stdout(), "\nbudget: {text}");
}

/// Event number `n` of a run that happens at `millis`, as the service would send it.
fn record(n: usize, millis: i64, out: &mut String) {
    let at = Timestamp::from_millisecond(millis).unwrap();
    let id = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let depot = n % 97;
    let (sort, summary, payload) = match n % 5 {
        0 => (
            "tool_call",
            format!("Looking up the number of depot {depot}"),
            format!(
                r#"{{"tool":"WebSearch","tool_call_id":"call_{n}","query":"depot {depot} night desk phone"}}"#
            ),
        ),
        1 => (
            "tool_result",
            String::new(),
            format!(
                r#"{{"tool":"WebSearch","tool_call_id":"call_{}","results":[{{"title":"Depot {depot}","rank":{n}}}]}}"#,
                n - 1
            ),
        ),
        2 => (
            "message",
            format!("Depot {depot} has a night desk, its number is in the list."),
            "{}".to_owned(),
        ),
        3 => (
            "custom",
            String::new(),
            format!(r#"{{"progress":{n},"depots_left":{}}}"#, 97 - depot),
        ),
        _ if n % 1000 == 4 => (
            "error",
            "The list could not be written".to_owned(),
            r#"{"code":"E_DISK"}"#.to_owned(),
        ),
        _ => (
            "status_change",
            String::new(),
            r#"{"from":"running","to":"running"}"#.to_owned(),
        ),
    };
    let _ = write!(
        out,
        r#"{{"event_id":"{id:016x}-{n:08x}","run_id":"0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08","type":"{sort}","summary":"{summary}","timestamp":"{at}","step_id":"-","agent_id":"claude-code","payload":{payload}}}"#,
    );
}

/// A page of the service with these events.
pub fn page(events: impl Iterator<Item = (usize, i64)>) -> Bytes {
    let mut body = r#"{"data":["#.to_owned();
    for (i, (n, millis)) in events.enumerate() {
        body.push_str(if i == 0 { "" } else { "," });
        record(n, millis, &mut body);
    }
    body.push_str(
        r#"],"meta":{"page_number":1,"page_size":500,"total_pages":1,"total_results":500}}"#,
    );
    body.shrink_to_fit();
    Bytes::from(body)
}

/// What the provider reads out of a page, and how many bytes the records have.
pub fn read(body: &Bytes) -> (Vec<Row>, usize) {
    let reply = Reply {
        status: 200,
        body,
        received: NOW,
    };
    let rows = Telnyx.read(&events_ask(), &reply).unwrap().rows;
    let size = rows.iter().map(|row| match row.record() {
        Record::Event(event) => event.raw.len(),
        _ => 0,
    });
    let size = size.sum();
    (rows, size)
}

fn events_ask() -> Ask {
    Ask::Events {
        run: RunRef {
            mission: "mission".into(),
            run: "run".into(),
            room: None,
        },
        page: Page::default(),
    }
}

/// Where new events come to lie among those that are loaded.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Behind all, as in a run that is followed.
    Append,
    /// In front of all, as from a service that sends the newest first.
    Prepend,
    /// Between two in the middle.
    Middle,
    /// Each between two others, all over the run.
    Scattered,
}

/// An app in which one run is open, and what is needed to send it more.
pub struct Opened {
    pub app: App,
    pub run: NodeId,
    ticket: Ticket,
    loaded: usize,
    made: usize,
    mails: i64,
}

impl Opened {
    /// With this many events loaded and the middle one selected on a screen of this many rows.
    pub fn new(events: usize) -> Self {
        let mut opened = Self::empty();
        for first in (0..events).step_by(MAIL) {
            let mail = (first..events.min(first + MAIL)).map(|n| (n, time(n)));
            let (rows, _) = read(&page(mail));
            opened.arrive(rows);
        }
        opened.loaded = events;
        opened.made = events;
        opened.select_middle();
        opened
    }

    /// With a run that is open and has no events.
    pub fn empty() -> Self {
        let (mut app, effects) = app();
        let ticket = tickets(effects).remove(0);
        let mission = Mission {
            id: "mission".to_owned(),
            name: "depots".to_owned(),
            ..Mission::default()
        };
        answer(&mut app, &ticket, vec![Row::Full(Record::Mission(mission))]);
        done(&mut app, &[ticket]);
        app.act(Action::MoveLast);
        let asked = tickets(app.act(Action::Unfold));
        let run = Run {
            id: "run".to_owned(),
            title: "call the depots".to_owned(),
            status: RunStatus::Running,
            started_at: Time::from_millis(FIRST),
            ..Run::default()
        };
        answer(&mut app, &asked[0], vec![Row::Full(Record::Run(run))]);
        done(&mut app, &asked);
        app.act(Action::MoveLast);
        let asked = tickets(app.act(Action::Unfold));
        done(&mut app, &asked);
        let run = app.selected.unwrap();
        assert!(app.store.sort(run) == Sort::Run);
        let events = asked
            .into_iter()
            .find(|ticket| matches!(ticket.ask, Ask::Events { .. }));
        Self {
            app,
            run,
            ticket: events.unwrap(),
            loaded: 0,
            made: 0,
            mails: 0,
        }
    }

    /// A mail of 500 new events that lie there.
    pub fn mail(&mut self, place: Place) -> Msg {
        self.mails += 1;
        let (first, half) = (self.made, time(self.loaded / 2));
        let at = |i: usize| {
            let step = i64::try_from(i).unwrap();
            match place {
                Place::Append => time(first + i),
                Place::Prepend => FIRST - self.mails * APART * 500 + step * APART,
                Place::Middle => half + self.mails % APART,
                Place::Scattered => time(self.loaded / MAIL * i) + self.mails % APART,
            }
        };
        let (rows, _) = read(&page((0..MAIL).map(|i| (first + i, at(i)))));
        self.made += MAIL;
        self.news(rows)
    }

    /// A mail of 500 events that are loaded already.
    pub fn again(&mut self, first: usize) -> Msg {
        let (rows, _) = read(&page((first..first + MAIL).map(|n| (n, time(n)))));
        self.news(rows)
    }

    /// Takes rows in.
    pub fn arrive(&mut self, rows: Vec<Row>) {
        let news = self.news(rows);
        self.app.update(news, NOW);
    }

    fn news(&self, rows: Vec<Row>) -> Msg {
        arrival(&self.ticket, Got::Rows { rows, skipped: 0 })
    }

    /// Selects the row in the middle of the run.
    pub fn select_middle(&mut self) {
        let row = self.app.outline.rows() / 2;
        self.app.selected = self.app.outline.node_at(row);
        self.app.top = row.saturating_sub(10);
        self.app.act(Action::MoveDown);
    }
}

fn time(n: usize) -> i64 {
    FIRST + i64::try_from(n).unwrap() * APART
}

/// The app with a run of that many events, made once and kept.
pub fn opened(events: usize) -> Rc<RefCell<Opened>> {
    thread_local! {
        static MADE: RefCell<HashMap<usize, Rc<RefCell<Opened>>>> = RefCell::default();
    }
    MADE.with_borrow_mut(|made| {
        let new = || Rc::new(RefCell::new(Opened::new(events)));
        Rc::clone(made.entry(events).or_insert_with(new))
    })
}

/// A screen of that size that nobody sees.
pub fn terminal(columns: u16, rows: u16) -> Terminal<CrosstermBackend<Sink>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    Terminal::with_options(CrosstermBackend::new(sink()), TerminalOptions { viewport }).unwrap()
}

/// As the loop does it: draw, and take what was measured back to the app.
pub fn paint(terminal: &mut Terminal<CrosstermBackend<Sink>>, app: &mut App) {
    let mut measured = None;
    terminal
        .draw(|frame| measured = Some(ui::draw(app, &Style::new(false, true), frame)))
        .unwrap();
    app.measure(measured.unwrap());
}

/// Knows one credential, as in real use.
pub fn redactor() -> Redactor {
    Redactor::new(vec![SecretString::from("KEY0199f2c47b1e4d86")])
}

fn app() -> (App, Vec<Effect>) {
    let context = ContextInfo {
        name: "prod".to_owned(),
        provider: "telnyx".to_owned(),
        ..ContextInfo::default()
    };
    let (mut app, effects) = App::new(
        Setup {
            contexts: vec![context],
            keymap: config::keys::defaults(),
            redactor: redactor(),
            zone: TimeZone::UTC,
            local_zone: TimeZone::UTC,
            switches: std::sync::Arc::default(),
            read_on_above: usize::MAX,
            limit: Limit {
                rows: 20_000,
                bytes: 64 << 20,
            },
            looked_for: Vec::new(),
            warnings: Vec::new(),
        },
        NOW,
    );
    app.measure(Measured {
        tree_rows: 54,
        detail_rows: 54,
        detail_columns: 88,
        wide: true,
        ..Measured::default()
    });
    (app, effects)
}

fn tickets(effects: Vec<Effect>) -> Vec<Ticket> {
    let ticket = |effect| match effect {
        Effect::Load(ticket) => Some(ticket),
        _ => None,
    };
    effects.into_iter().filter_map(ticket).collect()
}

fn arrival(ticket: &Ticket, got: Got) -> Msg {
    Msg::Arrived(Box::new(Arrival {
        context: ticket.context,
        node: ticket.node,
        generation: ticket.generation,
        ask: ticket.ask.clone(),
        got,
    }))
}

fn answer(app: &mut App, ticket: &Ticket, rows: Vec<Row>) {
    app.update(arrival(ticket, Got::Rows { rows, skipped: 0 }), NOW);
}

fn done(app: &mut App, tickets: &[Ticket]) {
    for ticket in tickets {
        app.update(arrival(ticket, Got::Done { more: None }), NOW);
    }
}

/// Bytes of this process that are in memory, where the system tells (Linux).
pub fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
