//! Requests for receivers of traces: split where they are large, and the same each time.

use prost::Message as _;

use super::*;
use crate::export::{Form, tests::shipped};

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
    let course =
        crate::export::Course::read(&events, true, true, crate::analysis::Terms::default());
    let parcel = Parcel {
        beside: crate::export::parcel::Beside::default(),
        home: crate::export::record::Home {
            context: "prod",
            provider: "agentex",
        },
        mission: "m",
        run: &run,
        steps: &steps,
        children: &[],
        course: &course,
        now: crate::model::Time(0),
    };
    let mut masking = crate::guard::Redactor::default().masking();
    let spans = spans::of(&parcel, &mut masking);
    let count = spans.len();
    assert!(count > 2, "{line}");
    let each = split(&parcel, spans.clone(), 1);
    assert_eq!(each.len(), count);
    let all = split(&parcel, spans, LARGEST);
    assert_eq!(all.len(), 1);
    let bytes = all[0].encode_to_vec();
    assert_eq!(Request::decode(bytes.as_slice()).unwrap(), all[0]);
}
