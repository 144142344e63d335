//! The headless text and records: `missions`, `runs`, `events`, `show`, and what goes to stderr.

use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use sortie::analysis::Terms;
use sortie::args::Format;
use sortie::cli::exit::{Failure, Stop};
use sortie::cli::print::Outlet;
use sortie::export::record::{self, Home};
use sortie::export::text::Sheet;
use sortie::export::{Course, RunTold, View};
use sortie::guard::Redactor;
use sortie::model::{Event, Time, Trouble};

use crate::wire::is_printable;
use crate::world::{course, mission, run, step, text};
use crate::worst::{any_bytes, worst};

const HOME: Home<'_> = Home {
    context: "hostile",
    provider: "telnyx",
};
const VIEWS: [View; 5] = [
    View::Operations,
    View::Waterfall,
    View::Calls,
    View::Failures,
    View::Events,
];

fn terms() -> Terms {
    Terms {
        call_ids: true,
        switches: Arc::default(),
    }
}

/// Everything that is printed as text about a run of that name.
fn told(name: &str, events: &[Event], columns: Option<usize>, ascii: bool) -> String {
    let redactor = Redactor::new(Vec::new());
    let mut masking = redactor.masking();
    let mut sheet = Sheet {
        masking: &mut masking,
        zone: &TimeZone::UTC,
        columns,
        ascii,
    };
    let (mission, run, step) = (mission(name), run(name), step(name));
    let course = Course::read(events, true, true, terms());
    let numbered = || {
        events
            .iter()
            .enumerate()
            .map(|(at, event)| (Some(at), event))
    };
    let mut out = sheet.missions([(HOME, &mission)]);
    out += &sheet.mission(HOME, &mission, true);
    out += &sheet.runs([(HOME, name, &run)]);
    out += &sheet.events(numbered());
    for view in VIEWS {
        let told = RunTold {
            run: &run,
            steps: std::slice::from_ref(&step),
            children: std::slice::from_ref(&run),
            course: &course,
            view,
            now: Time(0),
            in_full: true,
        };
        out += &sheet.run(HOME, &told, numbered());
    }
    for operation in course.operations() {
        out += &sheet.operation(HOME, &run, &course, &operation);
    }
    for (seq, event) in numbered() {
        out += &sheet.event(HOME, &run, seq, event);
    }
    let mut err = Vec::new();
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut std::io::sink(),
        err: &mut err,
        columns,
        ascii,
    };
    let trouble = Trouble::NotFound {
        message: name.to_owned(),
    };
    let failures = [Failure::of(name, trouble)];
    outlet
        .failures(Format::Text, &failures, &mut redactor.masking())
        .unwrap();
    let usage = Stop::Usage(name.to_owned());
    outlet
        .stop(Format::Text, &usage, &mut redactor.masking())
        .unwrap();
    out + std::str::from_utf8(&err).unwrap()
}

/// The records about it.
fn records(name: &str, events: &[Event]) -> String {
    let mut masking = Redactor::new(Vec::new()).masking();
    let (mission, run, step) = (mission(name), run(name), step(name));
    let mut out = record::line(&record::mission(HOME, &mission, &mut masking)).unwrap();
    out += &record::line(&record::run(HOME, &run, &mut masking)).unwrap();
    out += &record::line(&record::step(name, &step, &mut masking)).unwrap();
    for (seq, event) in events.iter().enumerate() {
        let record = record::event(HOME, &run, Some(seq), event, &mut masking);
        out += &record::line(&record).unwrap();
    }
    out
}

fn is_harmless(attack: &[u8]) {
    let events = course(&[attack.to_vec()]);
    let name = text(attack);
    for (columns, ascii) in [(None, false), (Some(72), false), (Some(1), true)] {
        for line in told(&name, &events, columns, ascii).split('\n') {
            is_printable(line);
        }
    }
    for line in records(&name, &events).lines() {
        // Joiners stand in records as they were sent: they may be data.
        is_printable(&line.replace(['\u{200c}', '\u{200d}', '\u{fe0f}'], ""));
        serde_json::from_str::<serde::de::IgnoredAny>(line).unwrap();
    }
}

#[test]
fn each_attack_is_harmless_in_headless_text() {
    for attack in worst() {
        is_harmless(&attack);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_are_harmful_in_headless_text(attack in any_bytes()) {
        is_harmless(&attack);
    }
}
