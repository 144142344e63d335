//! Requests for receivers of traces: split where they are large, and the same each time.

use prost::Message as _;

use super::*;
use crate::analysis::Terms;
use crate::export::{Course, Form, parcel::Beside, record::Home, tests::shipped};
use crate::model::{Run, Step, Time};

fn parcel<'a>(run: &'a Run, steps: &'a [Step], course: &'a Course) -> Parcel<'a> {
    Parcel {
        home: Home {
            context: "prod",
            provider: "agentex",
        },
        mission: "m",
        run,
        steps,
        children: &[],
        course,
        beside: Beside::default(),
        now: Time(0),
        wanted: &|_| true,
    }
}

#[test]
fn the_same_run_gives_the_same_trace() {
    let (one, _) = shipped(Form::Otlp, 1);
    let (other, _) = shipped(Form::Otlp, 1);
    assert_eq!(one, other);
}

#[test]
fn what_is_too_large_for_one_request_is_several() {
    let (line, _) = shipped(Form::Otlp, 1);
    let (run, steps, events) = crate::export::tests::hostile();
    let course = Course::read(&events, true, true, Terms::default());
    let parcel = parcel(&run, &steps, &course);
    let mut masking = crate::guard::Redactor::default().masking();
    let spans = spans::of(&parcel, &mut masking, LARGEST).unwrap();
    let count = spans.len();
    assert!(count > 2, "{line}");
    let each = split(&parcel, spans.clone(), 1).unwrap();
    assert_eq!(each.len(), count);
    let all = split(&parcel, spans, LARGEST).unwrap();
    assert_eq!(all.len(), 1);
    let bytes = all[0].encode_to_vec();
    assert_eq!(Request::decode(bytes.as_slice()).unwrap(), all[0]);
    // What the root has no room for stands below it, and none of it is lost or told twice.
    let small = spans::of(&parcel, &mut masking, 1).unwrap();
    let moments = |spans: &[Span]| -> usize { spans.iter().map(|span| span.events.len()).sum() };
    let whole = moments(&all[0].resource_spans[0].scope_spans[0].spans);
    assert_eq!(moments(&small), whole);
    assert_eq!(small[0].events.len(), 1);
    let more: Vec<&Span> = small
        .iter()
        .filter(|span| span.name.starts_with("events "))
        .collect();
    assert!(!more.is_empty());
    for span in more {
        assert_eq!(span.parent_span_id, small[0].span_id);
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
    }
}

#[test]
fn steps_that_lie_in_each_other_hang_from_the_run() {
    let (run, steps, events) = crate::export::tests::hostile();
    let step = |id: &str, parent: Option<&str>| Step {
        id: id.to_owned(),
        parent_id: parent.map(str::to_owned),
        ..steps[0].clone()
    };
    let steps = [
        step("own", Some("own")),
        step("a", Some("b")),
        step("b", Some("a")),
        step("in", Some("own")),
    ];
    let course = Course::read(&events, true, true, Terms::default());
    let parcel = parcel(&run, &steps, &course);
    let mut masking = crate::guard::Redactor::default().masking();
    let spans = spans::of(&parcel, &mut masking, LARGEST).unwrap();
    let above: Vec<&[u8]> = spans[1..5]
        .iter()
        .map(|span| &span.parent_span_id[..])
        .collect();
    let (root, own) = (&spans[0].span_id[..], &spans[1].span_id[..]);
    assert_eq!(above, [root, root, root, own]);
}
