//! What stands in a bundle, line by line.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use serde_json::Value;

use super::*;
use crate::{
    guard::Redactor,
    model::{Kind, Order, Remark, Span, Time},
};

fn event(id: &str, raw: &'static str, body: Option<&str>) -> Event {
    let place = body.map(|body| raw.find(body).map(|at| (at, at + body.len())).unwrap());
    Event {
        id: id.to_owned(),
        kind: Kind::ToolResult,
        order: Order { at: 7, tie: 1 },
        body: place.and_then(|(start, end)| Span::new(start, end)),
        raw: Payload::new(Bytes::from_static(raw.as_bytes())),
        ..Event::default()
    }
}

fn origin() -> Offline {
    Offline {
        context: "prod".to_owned(),
        provider: "telnyx".to_owned(),
        base_url: Some("https://api.example".to_owned()),
        made_at: Time::from_millis(1_795_166_597_000),
        looks: vec![Look {
            run: Some("r".to_owned()),
            cursor: Some("e2".to_owned()),
            folded: vec!["s1".to_owned()],
            unfolded: vec!["e1".to_owned()],
            remarks: vec![Remark {
                run: "r".to_owned(),
                note: Some("hunter22 was here".to_owned()),
                ..Remark::default()
            }],
            ..Look::default()
        }],
        ..Offline::default()
    }
}

fn lines(parts: &[Part<'_>]) -> (Vec<Value>, Written) {
    let mut masking = Redactor::new(vec!["hunter22".into()]).masking();
    let mut packed = Vec::new();
    let written = write(&mut packed, &origin(), parts, &mut masking).unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text.len() as u64, written.bytes);
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.collect(), written)
}

fn part<'a>(run: &'a Run, events: &'a [Event]) -> Part<'a> {
    Part {
        mission: None,
        run,
        steps: &[],
        children: &[],
        events,
        numbered: true,
        left: None,
    }
}

#[test]
fn a_header_comes_first_and_counts_what_was_masked() {
    let run = Run {
        id: "r".to_owned(),
        ..Run::default()
    };
    let events = [
        event(
            "e1",
            r#"{"api_key":"abc","x":"hunter22"}"#,
            Some("\"hunter22\""),
        ),
        event("e2", r#"{ "a" : 1 , "a" : {"b": 2} }"#, Some("{\"b\": 2}")),
    ];
    let (lines, written) = lines(&[part(&run, &events)]);
    let sorts: Vec<_> = lines
        .iter()
        .map(|line| line["record"].as_str().unwrap())
        .collect();
    assert_eq!(sorts, ["header", "run", "event", "event", "end"]);
    let header = &lines[0];
    assert_eq!(header["schema"], "sortie.bundle/1");
    assert_eq!(header["context"], "prod");
    assert_eq!(header["made_at"], "2026-11-20T09:23:17Z");
    assert_eq!(
        header["masking"],
        serde_json::json!({"masked": 4, "secrets": 2, "rules": {"api_key": 1, "key": 3}})
    );
    assert_eq!(header["view"]["cursor"], "e2");
    assert_eq!(header["view"]["notes"][0]["text"], "‹key#1› was here");
    assert_eq!((written.records, written.masked), (3, 4));
    assert_eq!(lines[4]["records"], 3);
    assert_eq!(lines[2]["raw"]["x"], lines[2]["summary"]);
    assert!(
        !lines
            .iter()
            .any(|line| line.to_string().contains("hunter22"))
    );
    assert_eq!(lines[2]["body_at"], serde_json::json!([1]));
    assert_eq!(lines[3]["body_at"], serde_json::json!([1]));
    assert_eq!(lines[3]["kept"]["order"], serde_json::json!([7, 1]));
}

#[test]
fn a_secret_in_a_note_is_counted_and_has_a_number_of_its_own() {
    let run = Run {
        id: "r".to_owned(),
        ..Run::default()
    };
    let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    let mut origin = origin();
    origin.looks[0].remarks[0].note = Some(format!("with {token}"));
    let mut masking = Redactor::new(Vec::new()).masking();
    let other = format!(r#"{{"note":"ghp_{}"}}"#, "Z9y8X7w6V5u4".repeat(3));
    let events = [Event {
        id: "e1".to_owned(),
        raw: Payload::new(other.into_bytes().into()),
        ..Event::default()
    }];
    let mut text = Vec::new();
    let written = write_lines(&mut text, &origin, &[part(&run, &events)], &mut masking).unwrap();
    let text = String::from_utf8(text).unwrap();
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(header["masking"]["secrets"], 2, "{header}");
    assert_eq!(header["masking"]["masked"], written.masked, "{header}");
    let note = header["view"]["notes"][0]["text"].as_str().unwrap();
    let note = note.strip_prefix("with ").unwrap();
    assert!(note.starts_with('‹'), "{note}");
    let records: Vec<&str> = text.lines().skip(1).collect();
    assert!(!records.iter().any(|line| line.contains(note)), "{text}");
}

#[test]
fn what_was_not_understood_is_written_again_and_masked() {
    let run = Run {
        id: "r".to_owned(),
        ..Run::default()
    };
    let events = [event("e1", "{}", None)];
    let left = Left {
        members: [(
            ("event", "e1".to_owned()),
            r#"{"mood":"hunter22","n":1.50}"#.to_owned(),
        )]
        .into(),
        records: vec![r#"{"record":"smell","of":["hunter22"]}"#.to_owned()],
    };
    let whole = Part {
        left: Some(&left),
        ..part(&run, &events)
    };
    let (lines, written) = lines(&[whole]);
    assert_eq!(lines[2]["mood"], "‹key#1›");
    assert_eq!(lines[2]["n"].to_string(), "1.5");
    assert_eq!(lines[3]["record"], "smell");
    assert_eq!(lines[3]["of"][0], "‹key#1›");
    assert_eq!(written.records, 3);
}
