//! A run of 100,000 events on its way out and back: written as a document, as a bundle and for people, and
//! opened again. What each form weighs against the records as the service sent them is told first.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    fs,
    io::{self, Write as _},
    sync::OnceLock,
};

use divan::{Bencher, counter::ItemsCount};
use jiff::tz::TimeZone;
use sortie::{
    analysis,
    export::{
        Course, Form, Parcel, Shipment,
        parcel::{Beside, Terms},
        record::Home,
    },
    model::{Ask, Event, Page, Record, Run, RunRef, RunStatus},
    source::Opened,
};

/// Few where nothing is measured (debug builds).
const EVENTS: usize = if cfg!(debug_assertions) {
    1_000
} else {
    100_000
};

fn main() {
    common::budget("100,000 events: json < 3 s, html and md < 5 s; none for opening them again");
    let sent: usize = events().iter().map(|event| event.raw.len()).sum();
    let mut out = io::stdout();
    let _ = writeln!(out, "{EVENTS} events, {sent} bytes as sent");
    for form in [Form::Json, Form::Html, Form::Markdown, Form::Bundle] {
        let bytes = written(form).len();
        let part = bytes * 100 / sent.max(1);
        let _ = writeln!(out, "{:6} {bytes} bytes, {part} %", form.word());
    }
    for form in ["json", "html", "md"] {
        let seconds = if form == "json" { 3 } else { 5 };
        common::figure::budget_of(&format!("write/{form}"), &format!("at most {seconds} s"));
    }
    divan::main();
}

fn events() -> &'static [Event] {
    static EVENTS_READ: OnceLock<Vec<Event>> = OnceLock::new();
    EVENTS_READ.get_or_init(|| {
        let mut events = Vec::with_capacity(EVENTS);
        for first in (0..EVENTS).step_by(common::MAIL) {
            let mail = first..EVENTS.min(first + common::MAIL);
            let at = |n: usize| 1_794_000_000_000 + i64::try_from(n).unwrap() * 1_000;
            let (rows, _) = common::read(&common::page(mail.map(|n| (n, at(n)))));
            events.extend(rows.into_iter().filter_map(|row| match row.record() {
                Record::Event(event) => Some(event.clone()),
                _ => None,
            }));
        }
        events
    })
}

/// The run in a form, from its events on, as a command writes it.
fn written(form: Form) -> Vec<u8> {
    let run = Run {
        id: "run".to_owned(),
        mission_id: "mission".to_owned(),
        title: "call the depots".to_owned(),
        status: RunStatus::Succeeded,
        ..Run::default()
    };
    let course = Course::read(events(), true, true, analysis::Terms::default());
    let parcel = Parcel {
        wanted: &|_| true,
        home: Home {
            context: "prod",
            provider: "telnyx",
        },
        mission: "depots",
        run: &run,
        steps: &[],
        children: &[],
        course: &course,
        now: common::NOW,
        beside: Beside::default(),
    };
    let terms = Terms {
        zone: TimeZone::UTC,
        open: false,
    };
    let mut out = Vec::new();
    let masking = common::redactor().masking();
    let mut shipment = Shipment::new(form, terms, false, masking, &mut out);
    shipment.put(&parcel, &[]).unwrap();
    shipment.end().unwrap();
    out
}

#[divan::bench(args = ["json", "jsonl", "md", "html", "csv", "otlp", "bundle"], sample_count = 5, sample_size = 1)]
fn write(bencher: Bencher, word: &str) {
    let form = Form::ALL.into_iter().find(|form| form.word() == word);
    bencher
        .counter(ItemsCount::new(events().len()))
        .bench(|| written(form.unwrap()).len());
}

#[divan::bench(args = ["json", "bundle"], sample_count = 5, sample_size = 1)]
fn reopen(bencher: Bencher, word: &str) {
    let form = Form::ALL.into_iter().find(|form| form.word() == word);
    let form = form.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("run.{}", form.ending()));
    fs::write(&path, written(form)).unwrap();
    bencher
        .counter(ItemsCount::new(events().len()))
        .bench(|| opened(&path));
}

/// Opens a file and reads every event in it.
fn opened(path: &std::path::Path) -> usize {
    let opened = Opened::open(&[path.to_path_buf()]).unwrap();
    let [source] = opened.sources.as_slice() else {
        panic!("one context");
    };
    let run = RunRef {
        mission: "mission".into(),
        run: "run".into(),
        room: None,
    };
    let mut next = Some(Ask::Events {
        run,
        page: Page::default(),
    });
    let mut read = 0;
    while let Some(ask) = next {
        let batch = source.answer(&ask).unwrap();
        read += batch.rows.len();
        next = batch.next;
    }
    assert_eq!(read, events().len());
    read
}
