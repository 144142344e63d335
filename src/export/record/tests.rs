use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

use super::*;
use crate::{
    guard::Redactor,
    model::{Extra, Kind, Payload, RunStatus},
};

const HOME: Home<'_> = Home {
    context: "a",
    provider: "telnyx",
};

fn payload(bytes: &'static [u8]) -> Payload {
    Payload::new(Bytes::from_static(bytes))
}

fn event_line(raw: &'static [u8]) -> String {
    let sent = Event {
        id: "e".to_owned(),
        kind: Kind::Data,
        raw: payload(raw),
        ..Event::default()
    };
    let mut masking = Redactor::new(vec!["hunter22".into()]).masking();
    line(&event(HOME, &Run::default(), Some(1), &sent, &mut masking)).unwrap()
}

#[test]
fn raw_keeps_order_duplicates_and_digits_and_loses_blanks() {
    let raw = br#"{ "b" : 1.10, "a":100000000000000000000, "a" : [ ] }"#;
    let line = event_line(raw);
    let expected = r#""raw":{"b":1.10,"a":100000000000000000000,"a":[]}}"#;
    assert!(line.trim_end().ends_with(expected), "{line}");
}

#[test]
fn raw_is_masked_and_what_is_no_json_is_in_base64() {
    let line = event_line(br#"{"api_key":"abc","text":"say hunter22","n":1}"#);
    assert!(
        !line.contains("abc") && !line.contains("hunter22"),
        "{line}"
    );
    assert!(
        line.contains("\"n\":1") && !line.contains("raw_base64"),
        "{line}"
    );
    let line = event_line(b"<html>hunter22</html>");
    let (_, base64) = line.split_once("\"raw\":null,\"raw_base64\":\"").unwrap();
    let decoded = STANDARD
        .decode(base64.trim_end().trim_end_matches("\"}"))
        .unwrap();
    let decoded = String::from_utf8(decoded).unwrap();
    assert!(
        decoded.starts_with("<html>") && !decoded.contains("hunter22"),
        "{decoded}"
    );
}

#[test]
fn deep_nesting_stays_json() {
    let depth = 1_000;
    let raw = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let sent = Event {
        raw: Payload::new(raw.clone().into()),
        ..Event::default()
    };
    let mut masking = Redactor::default().masking();
    let line = line(&event(HOME, &Run::default(), None, &sent, &mut masking)).unwrap();
    assert!(
        line.contains(&raw) && line.contains("\"seq\":null"),
        "{line}"
    );
}

#[test]
fn the_params_of_an_agentex_task_are_masked_whole() {
    let task = Run {
        raw: payload(br#"{"id":"t","params":{"city":"Bonn"}}"#),
        ..Run::default()
    };
    let mut shown = [
        HOME,
        Home {
            provider: "agentex",
            ..HOME
        },
    ]
    .map(|home| {
        let mut masking = Redactor::default().masking();
        line(&run(home, &task, &mut masking)).unwrap()
    });
    shown.sort_by_key(String::len);
    assert!(!shown.iter().all(|line| line.contains("Bonn")), "{shown:?}");
    assert!(shown.iter().any(|line| line.contains("Bonn")), "{shown:?}");
}

#[test]
fn a_run_that_has_not_ended_has_no_duration() {
    let mut sent = Run {
        status: RunStatus::Running,
        started_at: Time::from_millis(1_000),
        duration: Some(Duration::from_secs(5)),
        ..Run::default()
    };
    assert_eq!(duration(&sent), None);
    sent.ended_at = Time::from_millis(3_500);
    assert_eq!(duration(&sent), Some(Duration::from_secs(5)));
    sent.duration = None;
    assert_eq!(duration(&sent), Some(Duration::from_millis(2_500)));
}

#[test]
fn times_and_durations_have_one_spelling() {
    assert_eq!(
        rfc3339(Time(1_763_625_600_000_000_000)),
        "2025-11-20T08:00:00Z"
    );
    assert_eq!(
        rfc3339(Time(1_763_625_600_120_000_000)),
        "2025-11-20T08:00:00.12Z"
    );
    assert_eq!(millis(Duration::from_millis(1_500)).to_string(), "1500");
    assert_eq!(millis(Duration::from_micros(1_500)).to_string(), "1.5");
}

#[test]
fn what_is_kept_beside_a_record_stands_under_its_label() {
    let extra = |label: &str, raw: &'static [u8]| Extra {
        label: label.to_owned(),
        raw: payload(raw),
    };
    let sent = Mission {
        extras: vec![
            extra("tools", b"[ {\"name\": \"a\", \"api_key\": \"abc\"} ]"),
            extra("notes", b"no json"),
            extra("none", b""),
        ],
        ..Mission::default()
    };
    let mut masking = Redactor::default().masking();
    let line = line(&mission(HOME, &sent, &mut masking)).unwrap();
    let read: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(read["extras"]["tools"][0]["name"], "a");
    assert_ne!(read["extras"]["tools"][0]["api_key"], "abc");
    assert_eq!(read["extras"]["notes"]["raw_base64"], "bm8ganNvbg==");
    assert!(read["extras"]["none"].is_null());
}

#[test]
fn a_locator_survives_odd_ids() {
    let sent = Run {
        mission_id: "a/b".to_owned(),
        id: "r#1".to_owned(),
        ..Run::default()
    };
    assert_eq!(
        locator(HOME, &sent, &mut Redactor::default().masking()),
        "sortie:a/a%2Fb/r%231"
    );
}
