//! What each field means, asked of made-up runs and operations.

use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::{
    analysis::{OpKind, Rule, Verdict},
    model::{Event, EventView, Kind, Payload, Run, RunStatus, Span, Tokens},
};

fn time(text: &str) -> Option<Time> {
    let at: jiff::Timestamp = text.parse().unwrap();
    i64::try_from(at.as_nanosecond()).ok().map(Time)
}

fn run() -> Run {
    Run {
        mission_id: "m-77".to_owned(),
        id: "8c41-aa".to_owned(),
        title: "Nightly billing 21".to_owned(),
        status: RunStatus::Failed,
        started_at: time("2026-08-21T02:14:00Z"),
        ended_at: time("2026-08-21T02:19:18Z"),
        tokens: Some(Tokens {
            input: Some(40_000),
            output: Some(1_200),
            ..Tokens::default()
        }),
        error: Some("upstream Timeout: card_declined".to_owned()),
        ..Run::default()
    }
}

fn facts(run: &Run) -> RunFacts<'_> {
    RunFacts {
        context: "prod",
        provider: "telnyx",
        mission: "nightly-billing",
        run,
        soft: Some(true),
        now: terms().now,
    }
}

fn event(kind: Kind, body: &str) -> Event {
    let raw = format!(r#"{{"body":{body},"said":"caf\u00e9 \"now\"\nnext"}}"#);
    let prose = raw.find(r#""caf"#).unwrap();
    Event {
        id: "e1".to_owned(),
        kind,
        type_sent: "custom".to_owned(),
        tool: Some("pay.refund".to_owned()),
        agent: Some("qa".to_owned()),
        step_id: Some("s1".to_owned()),
        body: Span::new(8, 8 + body.len()),
        prose: Span::new(prose, raw.len() - 1).into_iter().collect(),
        raw: Payload::new(Bytes::from(raw)),
        ..Event::default()
    }
}

const BODY: &str = r#"{"amount": 1290, "text":"Zoe \u00c9", "items":[{"sku":"x"},{"sku":"y7"}],
    "deep":{"a":{"id":"found"}}, "args":"{\"inner\":{\"n\":\"5\"}}", "big":"12k", "none":null, "a b":1,
    "when":"2026-08-21T02:00:00Z"}"#;

fn told() -> Told {
    Told {
        verdict: Verdict::SoftFailure,
        rule: Some(Rule::SuccessFalse),
        fails: true,
        paired: true,
        ..Told::default()
    }
}

fn matches(text: &str) -> bool {
    let (run, call) = (run(), event(Kind::ToolCall, BODY));
    let events = [EventView::from(&call)];
    let operation = OperationFacts {
        events: &events,
        kind: OpKind::Tool,
        step: Some("Refund step"),
        told: Some(told()),
    };
    parse(text).matches_operation(&facts(&run), &operation)
}

#[test]
fn fields_of_runs() {
    for (yes, no) in [
        ("ctx:prod", "ctx:pro"),
        ("ctx:p*", "ctx:stage,dev"),
        ("provider:telnyx", "provider:vectara"),
        ("mission:nightly*", "mission:nightly"),
        ("mission:m-77", "mission:m-7"),
        ("run:8c41", "run:c41"),
        ("run:\"Nightly billing\"", "run:*8c41"),
        ("run:nightly", "run:NIGHTLY"),
        ("id:8c", "id:nightly"),
        ("status:failed", "status:running"),
        ("status:running,soft", "status:running,paused"),
        ("err:timeout", "err:TIMEOUT"),
        ("err:~time.?out/i", "err:~timeout"),
        ("dur:>5m", "dur:>5m18s"),
        ("dur:5m18s", "dur:5m17s"),
        ("dur:5m", "dur:<5m"),
        ("dur:5m..6m", "dur:..5m"),
        ("tok:>41k", "tok:>=42k"),
        ("tok:41k", "tok:40k"),
        ("tok:41200", "tok:41201"),
        ("tok:1k..1.5M", "tok:..41k"),
        ("since:24h", "since:1h"),
        ("since:today", "until:yesterday"),
        ("until:today", "since:2026-08-22"),
        (
            "since:2026-08-21T02:00Z..04:00Z",
            "since:2026-08-21T03:00Z..04:00Z",
        ),
        ("since:2026-08-21T04:19", "since:2026-08-21T04:20"),
        ("until:2026-08-21T04:19", "until:2026-08-21T04:18"),
        ("since:yesterday..today", "since:..yesterday"),
        ("until:2026-08-21T02:19:18Z", "until:2026-08-21T02:19:17Z"),
        ("since:\"2026-08-21 04:00\"", "since:2026-08-21T05:00+02:00"),
    ] {
        assert!(matches(yes), "{yes}");
        assert!(!matches(no), "{no}");
    }
}

#[test]
fn fields_of_operations() {
    for (yes, no) in [
        ("kind:tool", "kind:llm"),
        ("kind:tool_call", "kind:tool_result"),
        ("tool:pay.*", "tool:pay"),
        ("tool:web,pay.refund", "-tool:pay.*"),
        ("tool:~ref", "tool:~^ref"),
        ("step:s1", "step:s"),
        ("step:\"refund step\"", "step:refund"),
        ("agent:qa", "-agent:qa"),
        ("verdict:soft", "verdict:failed"),
        ("verdict:failed,soft_failure", "verdict:ok"),
        ("rule:success-false", "rule:is-error"),
        ("is:failure", "is:recovered"),
        ("is:paired", "is:loop,repeat,nested"),
        ("has:failure", "has:unanswered"),
        ("has:answer,tokens", "has:tokens"),
        (
            "has:payload has:prose has:step has:agent",
            "has:payload has:tokens",
        ),
        ("text:1290", "text:1291"),
        ("text:sku*y7", "text:\"sku*y7\""),
    ] {
        assert!(matches(yes), "{yes}");
        assert!(!matches(no), "{no}");
    }
}

#[test]
fn payload_paths() {
    for (yes, no) in [
        ("payload.amount:>=1000", "payload.amount:>=2k"),
        ("payload.amount:1290", "payload.amount:129"),
        ("payload.amount:1290.0", "payload.amount:\"1*\""),
        ("payload.amount:1000..1300", "payload.amount:..1289"),
        ("payload.items[0].sku:x", "payload.items[1].sku:x"),
        ("payload.items.1.sku:y*", "payload.items.sku:x"),
        ("payload.items.*.sku:y7", "payload.*.sku:y7"),
        ("payload.**.sku:y7", "payload.**.sku:z"),
        ("payload.**.id:found", "payload.*.id:found"),
        ("payload.deep.**.id:found", "payload.items.**.id:found"),
        ("payload.deep:*", "payload.deeper:*"),
        ("payload.none:*", "payload.none:x"),
        ("payload.none:null", "payload.amount:null"),
        ("payload.args.inner.n:>4", "payload.args.inner.n:>5"),
        ("payload[\"a b\"]:1", "payload[\"a b\"]:2"),
        ("payload.am*:>1", "payload.bm*:>1"),
        ("payload.text:\"zoe é\"", "payload.text:Zoe"),
        ("payload.text:~É$", "payload.text:~^É"),
        ("payload.when:>=2026-08-21", "payload.when:>2026-08-22"),
        (
            "payload.when:2026-08-20..2026-08-22",
            "payload.when:..2026-08-20",
        ),
    ] {
        assert!(matches(yes), "{yes}");
        assert!(!matches(no), "{no}");
    }
    let paths = parse("payload.skuu:x tool:y -payload.a.b:>1").paths();
    let paths: Vec<String> = paths.iter().map(Query::to_string).collect();
    assert_eq!(paths, ["payload.skuu:*", "payload.a.b:*"]);
}

#[test]
fn texts_are_found_as_a_person_reads_them() {
    for (yes, no) in [
        ("zoe", "ZOE"),
        ("Zoe", "joe"),
        ("\"zoe é\"", "\"zoe e\""),
        ("\"CAFÉ\" or café", "CAFÉ"),
        ("\"café \\\"now\\\"\"", "\"café now\""),
        ("/Z.e/", "/z.e/"),
        ("/z.e/i", "/z..e/i"),
        ("refund", "nightly"),
        ("custom e1", "declined"),
        ("zoe -kangaroo", "zoe -refund"),
        ("(kangaroo or zoe) refund", "kangaroo or emu"),
    ] {
        assert!(matches(yes), "{yes}");
        assert!(!matches(no), "{no}");
    }
}

/// The answer for a run with one operation, or none, whole or not.
fn of_run(text: &str, operations: usize, whole: bool) -> Truth {
    let (run, call) = (run(), event(Kind::ToolCall, BODY));
    let events = [EventView::from(&call)];
    let operation = OperationFacts {
        events: &events,
        kind: OpKind::Tool,
        step: None,
        told: Some(told()),
    };
    let query = parse(text);
    let mut tally = query.matches_run(facts(&run));
    for _ in 0..operations {
        if tally.take(&operation) {
            break;
        }
    }
    tally.end(whole)
}

#[test]
fn a_run_matches_if_one_of_its_operations_does() {
    use Truth::{No, NotRead, Yes};
    for (text, read, partly, unread) in [
        ("status:failed", Yes, Yes, Yes),
        ("status:running", No, No, No),
        ("tool:pay.*", Yes, Yes, NotRead),
        ("tool:web.*", No, NotRead, NotRead),
        ("status:running tool:pay.*", No, No, No),
        ("status:failed or tool:web.*", Yes, Yes, Yes),
        ("-tool:pay.*", No, No, NotRead),
        ("-tool:web.*", Yes, NotRead, NotRead),
        ("tool:pay.* -agent:dev", Yes, Yes, NotRead),
        ("tool:pay.* -agent:qa", No, NotRead, NotRead),
        ("nightly tool:pay.*", Yes, Yes, NotRead),
        ("nightly", Yes, Yes, Yes),
        ("kangaroo", No, NotRead, NotRead),
        ("-kangaroo", Yes, NotRead, NotRead),
    ] {
        assert_eq!(of_run(text, 1, true), read, "{text}, read");
        assert_eq!(of_run(text, 1, false), partly, "{text}, partly read");
        assert_eq!(of_run(text, 0, false), unread, "{text}, not read");
    }
    assert_eq!(of_run("tool:x", 0, true), No);
    assert_eq!(of_run("-tool:x", 0, true), Yes);
}

#[test]
fn what_goes_on_takes_time_so_far() {
    let mut going = run();
    going.status = RunStatus::Running;
    going.ended_at = None;
    going.started_at = time("2026-08-21T09:00:00Z");
    assert_eq!(facts(&going).took(), Some(Duration::from_hours(1)));
    assert_eq!(parse("dur:1h").matches_unread(&facts(&going)), Truth::Yes);
    going.status = RunStatus::Unknown;
    assert_eq!(parse("dur:>0s").matches_unread(&facts(&going)), Truth::No);
    let soft = RunFacts {
        soft: None,
        ..facts(&going)
    };
    assert_eq!(parse("status:soft").matches_unread(&soft), Truth::NotRead);
}
