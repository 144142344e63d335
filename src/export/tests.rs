//! A run as hostile as any, for the documents that people read.

use std::cell::Cell;

use bytes::Bytes;

use super::{
    Course, Form, Masked, Parcel, Shipment,
    parcel::Terms,
    record::{ErrorRecord, Home},
};
use crate::{
    analysis,
    guard::Redactor,
    model::{Event, Fact, Kind, Order, Payload, Run, RunStatus, Span, Step, StepStatus, Time},
};

/// Text that wants out of wherever it is put.
pub(super) const HOSTILE: &str = "</pre></details><script>alert(1)</script> ``` ````\n# heading\n| a | b |\n\
    \\| ![x](http://e.x/y.png) <img src=x onerror=alert(2)> @everyone #12 [l](javascript:3) \u{1b}[2J\u{202e}x` \
    &lt;b&gt; \" onmouseover=\"x ' ~~~ **bold** <!-- -->";

fn event(nth: i64, kind: Kind, raw: &str) -> Event {
    Event {
        id: format!("e{nth}|`<"),
        kind,
        type_sent: HOSTILE.to_owned(),
        order: Order { at: nth, tie: 0 },
        time: Some(Time(1_700_000_000_000_000_000 + nth * 1_000_000_000)),
        tool: Some(HOSTILE.to_owned()),
        call_id: Some("c".to_owned()),
        step_id: Some("s".to_owned()),
        body: Span::new(0, raw.len()),
        raw: Payload::new(Bytes::copy_from_slice(raw.as_bytes())),
        ..Event::default()
    }
}

/// A failed run of a few events in which every text is hostile.
pub(super) fn hostile() -> (Run, Vec<Step>, Vec<Event>) {
    let said = serde_json::json!({
        "error": HOSTILE, "password": "hunter2222", HOSTILE: [HOSTILE, 1.5, null]
    });
    let said = said.to_string();
    let run = Run {
        id: "r|`1".to_owned(),
        mission_id: "m`|".to_owned(),
        title: HOSTILE.to_owned(),
        status: RunStatus::Failed,
        status_sent: Some(HOSTILE.to_owned()),
        error: Some(HOSTILE.to_owned()),
        started_at: Some(Time(1_700_000_000_000_000_000)),
        ended_at: Some(Time(1_700_000_009_000_000_000)),
        facts: vec![Fact {
            label: "input",
            value: format!("{HOSTILE}\n{HOSTILE}"),
            of: None,
        }],
        ..Run::default()
    };
    let step = Step {
        id: "s".to_owned(),
        title: HOSTILE.to_owned(),
        status: StepStatus::Failed,
        ..Step::default()
    };
    let mut result = event(2, Kind::ToolResult, &said);
    result.is_error = Some(true);
    let text = serde_json::Value::from(HOSTILE).to_string();
    let mut message = event(3, Kind::Message, &text);
    message.prose = message.body.take().into_iter().collect();
    let events = vec![
        event(1, Kind::ToolCall, &said),
        result,
        message,
        event(4, Kind::Error, &text),
        event(5, Kind::Unknown, HOSTILE),
    ];
    (run, vec![step], events)
}

#[test]
fn whoever_spells_a_run_asks_at_each_event_whether_somebody_waits() {
    let (run, steps, events) = hostile();
    let course = Course::read(&events, true, true, analysis::Terms::default());
    for form in Form::ALL {
        let put = |most: usize| {
            let (asked, passed) = (Cell::new(0), Cell::new(0));
            let wanted = |events: usize| {
                asked.set(asked.get() + 1);
                passed.set(passed.get() + events);
                asked.get() <= most
            };
            let parcel = Parcel {
                wanted: &wanted,
                beside: crate::export::parcel::Beside::default(),
                home: Home {
                    context: "prod",
                    provider: "agentex",
                },
                mission: "m",
                run: &run,
                steps: &steps,
                children: &[],
                course: &course,
                now: Time(1_700_000_100_000_000_000),
            };
            let terms = Terms {
                zone: jiff::tz::TimeZone::UTC,
                open: false,
            };
            let mut out = Vec::new();
            let masking = Redactor::default().masking();
            let mut shipment = Shipment::new(form, terms, false, masking, &mut out);
            let told = shipment.put(&parcel, &[]);
            (
                told.map_err(|fault| fault.kind()),
                asked.get(),
                passed.get(),
            )
        };
        let (told, asked, passed) = put(usize::MAX);
        assert_eq!(told, Ok(()), "{form:?}");
        // Four rows, the call being one with its result: at each of them at least.
        assert!(passed >= 4 && asked >= 4, "{form:?}: {asked}, {passed}");
        for most in 0..asked {
            let stopped = Err(std::io::ErrorKind::ConnectionAborted);
            let (told, asked, _) = put(most);
            assert_eq!((told, asked), (stopped, most + 1), "{form:?}");
        }
    }
}

/// That run in a form, and how many places were masked.
pub(super) fn shipped(form: Form, runs: usize) -> (String, Masked) {
    shipped_of(&hostile(), HOSTILE, form, runs)
}

fn shipped_of(
    (run, steps, events): &(Run, Vec<Step>, Vec<Event>),
    mission: &str,
    form: Form,
    runs: usize,
) -> (String, Masked) {
    let course = Course::read(events, true, true, analysis::Terms::default());
    let parcel = Parcel {
        wanted: &|_| true,
        beside: crate::export::parcel::Beside::default(),
        home: Home {
            context: "prod",
            provider: "agentex",
        },
        mission,
        run,
        steps,
        children: &[],
        course: &course,
        now: Time(1_700_000_100_000_000_000),
    };
    let error = ErrorRecord {
        context: None,
        code: "x",
        message: HOSTILE.to_owned(),
        hint: String::new(),
    };
    let terms = Terms {
        zone: jiff::tz::TimeZone::UTC,
        open: false,
    };
    let mut out = Vec::new();
    let masking = Redactor::default().masking();
    let mut shipment = Shipment::new(form, terms, runs > 1, masking, &mut out);
    for _ in 0..runs {
        shipment.put(&parcel, std::slice::from_ref(&error)).unwrap();
    }
    let masked = shipment.end().unwrap();
    let mut text = String::new();
    if form == Form::Bundle {
        let mut packed = flate2::read::MultiGzDecoder::new(&out[..]);
        std::io::Read::read_to_string(&mut packed, &mut text).unwrap();
    } else {
        text = String::from_utf8(out).unwrap();
    }
    (text, masked)
}

#[test]
fn no_form_lets_a_secret_out_and_each_counts_them() {
    for form in Form::ALL {
        let (told, masked) = shipped(form, 1);
        assert!(!told.contains("hunter2222"), "{form:?}");
        assert!(masked.now > 0 || form == Form::Csv, "{form:?}");
        assert!(told.ends_with('\n'), "{form:?}");
    }
}

#[test]
fn no_word_of_a_service_lets_a_secret_out() {
    // one for each, so that what is said is which of them got out
    let secret = |of: &str| format!("ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8q{of}");
    let said = |of: &str| Some(secret(of));
    let (mut run, mut steps, mut events) = hostile();
    run.title = secret("RunTitle");
    run.status_sent = said("RunStatus");
    run.status_reason = said("RunReason");
    run.error = said("RunError");
    for fact in &mut run.facts {
        fact.value = secret("Fact");
        fact.of = said("FactOf");
    }
    for step in &mut steps {
        step.title = secret("StepTitle");
        step.status_sent = said("StepStatus");
    }
    for event in &mut events {
        event.type_sent = secret("Type");
        event.agent = said("Agent");
        event.tool = said("Tool");
        event.title = said("Title");
        event.summary = said("Summary");
    }
    let parts = (run, steps, events);
    for form in Form::ALL {
        let (told, _) = shipped_of(&parts, &secret("Mission"), form, 1);
        let out = told.find("ghp_").and_then(|at| told.get(at..at + 60));
        assert_eq!(out, None, "{form:?}");
    }
}

#[test]
fn several_runs_are_one_file() {
    let (json, _) = shipped(Form::Json, 2);
    let list: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(list["schema"], "sortie.export/1");
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["schema"], "sortie.run/1");
    assert_eq!(items[0]["events"].as_array().unwrap().len(), 5);
    assert_eq!(items[0]["errors"].as_array().unwrap().len(), 1);
    let (jsonl, _) = shipped(Form::Jsonl, 2);
    assert_eq!(jsonl.lines().count(), 2 * (1 + 1 + 5));
    let (otlp, _) = shipped(Form::Otlp, 2);
    assert_eq!(otlp.lines().count(), 2);
    let (html, _) = shipped(Form::Html, 2);
    assert_eq!(html.matches("<article>").count(), 2);
    assert_eq!(html.matches("</html>").count(), 1);
    let (csv, _) = shipped(Form::Csv, 2);
    assert_eq!(csv.matches("context,run_id").count(), 1);
}
