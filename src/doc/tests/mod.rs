//! What a reader sees of payloads of all kinds, and what no payload may do.

mod any;
mod broken;
mod far;
mod open;

use bytes::Bytes;

use super::{flow::How, matcher::Matcher, *};
use crate::{
    guard::redact::{Redactor, Sort},
    model::Payload,
};

fn json(text: &str) -> Doc {
    build(vec![payload(text)])
}

fn payload(text: &str) -> Part {
    Part::Json(
        Payload::new(Bytes::copy_from_slice(text.as_bytes())),
        Sort::Any,
    )
}

fn build(parts: Vec<Part>) -> Doc {
    read(Doc::new(
        parts,
        Look::default(),
        Redactor::default().masking(),
    ))
}

fn shown_as(text: &str, view: View) -> Doc {
    let look = Look {
        view,
        ..Look::default()
    };
    read(Doc::new(
        vec![payload(text)],
        look,
        Redactor::default().masking(),
    ))
}

/// Does what would be done beside the loop.
fn read(mut doc: Doc) -> Doc {
    while let Some(job) = doc.job() {
        let mut job = Some(job);
        while let Some(now) = job.take() {
            let (step, rest) = now.run();
            doc.take(step);
            job = rest;
        }
    }
    doc
}

fn lay(columns: usize) -> Lay {
    Lay {
        columns,
        how: How::Wrap,
    }
}

fn screen(doc: &Doc, columns: usize) -> Vec<String> {
    doc.window(Place::default(), usize::MAX, lay(columns), None)
        .iter()
        .map(spelt)
        .collect()
}

fn spelt(shown: &Shown) -> String {
    let mark = match shown.fold {
        Some(true) => "▸ ",
        Some(false) => "▾ ",
        None => "",
    };
    let indent = " ".repeat(usize::from(shown.line.indent));
    format!("{indent}{mark}{}", shown.line.text())
}

#[test]
fn a_payload_is_rows_over_its_own_text() {
    let doc = json(r#"{"b":1.0000000000000000001,"a":{"x":[true,null,{}],"x":"two"},"b":[]}"#);
    let expected = [
        "  b: 1.0000000000000000001",
        "▾ a: {2}",
        "  ▾ x: [3]",
        "      [0] true",
        "      [1] null",
        "      [2] {}",
        "    x: \"two\"",
        "  b: []",
    ];
    assert_eq!(
        screen(&doc, 40),
        expected,
        "order, digits and duplicate keys stay"
    );
}

#[test]
fn brackets_are_shown_where_they_are_wanted() {
    let look = Look {
        brackets: true,
        ..Look::default()
    };
    let parts = vec![payload(r#"{"a":[1,{}],"b":"c"}"#)];
    let doc = Doc::new(parts, look, Redactor::default().masking());
    let expected = [
        "▾ {",
        "  ▾ \"a\": [",
        "      1,",
        "      {}",
        "    ],",
        "    \"b\": \"c\"",
        "  }",
    ];
    assert_eq!(screen(&doc, 40), expected);
}

#[test]
fn paths_and_copies_of_rows() {
    let doc = json(r#"{"a":{"b c":[10,{"d": "e\n"}]}}"#);
    let table = [
        (1, ".a[\"b c\"]", Form::Line, r#"[10,{"d":"e\n"}]"#),
        (2, ".a[\"b c\"][0]", Form::Bracket, r#"["a"]["b c"][0]"#),
        (4, ".a[\"b c\"][1].d", Form::Sent, r#""e\n""#),
        (4, ".a[\"b c\"][1].d", Form::Unescaped, "e\n"),
        (4, ".a[\"b c\"][1].d", Form::Key, "d"),
    ];
    for (row, path, form, copied) in table {
        assert_eq!(doc.path(row).as_deref(), Some(path));
        let copy = doc
            .copy(row, form)
            .map(|copy| String::from_utf8(copy).unwrap());
        assert_eq!(copy.as_deref(), Some(copied), "{form:?}");
    }
    assert_eq!(doc.path(5), None);
}

#[test]
fn facets_fold_and_are_made_when_they_are_unfolded() {
    let mut doc = build(vec![
        Part::Facts(vec![("id".to_owned(), "x".to_owned())]),
        Part::Heading("payload".to_owned()),
        payload(r#"{"a":{"b":1}}"#),
        Part::Folded("record".to_owned()),
        payload(r#"{"c":2}"#),
    ]);
    let folded = ["id  x", "▾ payload", "▾ a: {1}", "    b: 1", "▸ record"];
    assert_eq!(screen(&doc, 30), folded);
    assert_eq!(doc.fold(4, Fold::Toggle), Some(4));
    assert_eq!(screen(&doc, 30).last().unwrap(), "  c: 2");
    assert_eq!(doc.facet(0, true), Some(1));
    assert_eq!(doc.facet(1, true), Some(4));
    assert_eq!(doc.facet(5, false), Some(4));
    assert_eq!(doc.fold(1, Fold::Close), Some(1));
    assert_eq!(
        screen(&doc, 30),
        ["id  x", "▸ payload", "▾ record", "  c: 2"]
    );
}

#[test]
fn a_string_is_opened_where_it_stands() {
    let mut doc = json(r#"{"s":"{\"in\":[1]}","t":"one\ntwo","n":1}"#);
    let lines = screen(&doc, 40);
    assert!(
        lines[0].starts_with("▸ s: \"{") && lines[0].ends_with("json"),
        "{lines:?}"
    );
    assert_eq!(
        &lines[1..],
        ["▾ t: text, 8 B", "    one", "    two", "  n: 1"]
    );
    assert_eq!(
        doc.fold(1, Fold::Close),
        Some(1),
        "lines are read as lines until they are folded"
    );
    assert_eq!(doc.rows(), 3);
    assert_eq!(doc.unwrap(0), Some(0));
    let lines = screen(&doc, 40);
    assert_eq!(&lines[..2], ["▾ s: JSON in a string, 12 B", "  ▾ in: [1]"]);
    assert_eq!(doc.path(2).as_deref(), Some(".s ⟫ .in[0]"));
    assert_eq!(doc.go(2, Go::Parent), Some(1));
    assert_eq!(doc.go(1, Go::Parent), Some(0), "the way out is the string");
    assert_eq!(doc.unwrap(0), Some(0));
    assert_eq!(doc.rows(), 3, "the same key takes it back");
}

#[test]
fn a_payload_that_is_one_text_is_read_as_text() {
    let doc = json(r#""first line\nsecond \u001b[31mred\u001b[0m""#);
    assert_eq!(screen(&doc, 40), ["first line", "second red"]);
    let raw = shown_as(r#""a\u001b[31m""#, View::Raw);
    assert_eq!(screen(&raw, 40), [r#""a\u001b[31m""#]);
    let inner = json(r#""{\"a\": 1}""#);
    assert_eq!(
        screen(&inner, 40),
        ["  a: 1"],
        "a text that is JSON is read as JSON"
    );
}

#[test]
fn what_is_cut_shows_what_is_there_and_the_rest_as_text() {
    let lines = screen(&json("{\"a\": [1, 2, tru"), 60);
    let fault = lines.iter().position(|line| line.starts_with("✂")).unwrap();
    assert!(
        lines[..fault].iter().any(|line| line.contains("[1] 2")),
        "{lines:?}"
    );
    assert!(lines[fault].contains("byte"), "{lines:?}");
    assert_eq!(lines.last().unwrap().trim(), "tru");
    assert_eq!(
        screen(&json("[INFO] all is well"), 60),
        ["[INFO] all is well"]
    );
}

#[test]
fn bytes_that_are_no_text_are_named_and_shown_when_asked() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let part = || Part::Json(Payload::new(Bytes::from(png.clone())), Sort::Any);
    let lines = screen(&build(vec![part()]), 60);
    assert!(
        lines[0].contains("png") && lines[0].contains("16 B"),
        "{lines:?}"
    );
    let look = Look {
        view: View::Hex,
        ..Look::default()
    };
    let hex = Doc::new(vec![part()], look, Redactor::default().masking());
    assert!(
        screen(&hex, 80)[0].contains("89 50 4e 47"),
        "{:?}",
        screen(&hex, 80)
    );
}

#[test]
fn bytes_and_raw_text_are_masked() {
    let redactor = Redactor::new(vec![secrecy::SecretString::from("KEY0199f2c47b1e4d86")]);
    let text = r#"{"note":"KEY0199f2c47b1e4d86","token":"abcdefgh"}"#;
    for view in [View::Pretty, View::Markdown, View::Raw, View::Hex] {
        let look = Look {
            view,
            ..Look::default()
        };
        let doc = read(Doc::new(vec![payload(text)], look, redactor.masking()));
        let all = screen(&doc, 200).join("\n");
        for secret in ["KEY0199", "4b 45 59 30", "abcdefgh", "61 62 63 64"] {
            assert!(!all.contains(secret), "{view:?}: {all}");
        }
    }
}

#[test]
fn facts_stand_in_columns_and_hang() {
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let doc = build(vec![
        Part::Heading("head".to_owned()),
        Part::Facts(vec![
            fact("id", "x"),
            fact("because", "the card was declined again"),
        ]),
    ]);
    let expected = [
        "▾ head",
        "  id       x",
        "  because  the card was",
        "           declined",
        "           again",
    ];
    assert_eq!(screen(&doc, 24), expected);
}

#[test]
fn places_go_by_lines_and_come_back() {
    let doc = json(&format!(r#"{{"a":"{}","b":2,"c":3}}"#, "word ".repeat(20)));
    let lay = lay(20);
    let all = doc.window(Place::default(), usize::MAX, lay, None);
    for (nth, shown) in all.iter().enumerate() {
        assert_eq!(doc.down(Place::default(), nth, lay), shown.place);
        assert_eq!(doc.up(shown.place, nth, lay), Place::default());
    }
    let end = all.last().unwrap().place;
    assert_eq!(doc.down(Place::default(), 10_000, lay), end);
    assert_eq!(doc.last_top(2, lay), all[all.len() - 2].place);
}

#[test]
fn thousands_of_levels_and_a_string_of_megabytes_are_no_matter() {
    let deep = json(&format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000)));
    assert_eq!(deep.rows(), 50_000);
    let mut long = json(&format!("[\"{}\"]", "x".repeat(2_000_000)));
    assert_eq!(long.rows(), 1);
    assert_eq!(long.unescape(0), Some(0));
    let long = read(long);
    let last = long.rows() - 1;
    assert!(last > 100, "its rows are bounded");
    assert!(long.row(last).text().ends_with('x'));
}

#[test]
fn a_search_finds_what_is_folded_and_folds_it_back() {
    let mut doc = json(r#"{"a":{"deep":{"name":"Zebra"}},"b":"zebra crossing","c":1}"#);
    doc.fold(0, Fold::CloseAll);
    assert_eq!(doc.rows(), 3);
    let matcher = Matcher::new("zebra").unwrap();
    let mut finder = doc.finder(&matcher);
    let mut hits = Vec::new();
    loop {
        let (found, _, done) = finder.run();
        hits.extend(found);
        if done {
            break;
        }
    }
    assert_eq!(hits.len(), 2);
    let (row, opened) = doc.reveal(hits[0]);
    assert_eq!((row, doc.path(row).as_deref()), (2, Some(".a.deep.name")));
    assert_eq!(doc.hit_at(row), Some(hits[0]));
    doc.fold_back(opened);
    assert_eq!(doc.rows(), 3);
    let (row, _) = doc.reveal(hits[1]);
    let shown = doc.window(Place::of(row), 1, lay(40), Some(&matcher));
    assert!(
        shown[0]
            .line
            .pieces()
            .contains(&(Tone::Text, true, "zebra")),
        "{shown:?}"
    );
}

#[test]
fn what_is_large_is_read_in_a_job_and_waits_above_the_limit() {
    let text = format!("[{}1]", "\"row of an order\",".repeat(20_000));
    let doc = json(&text);
    assert_eq!(doc.rows(), 20_001);
    let look = Look {
        limit: 100_000,
        ..Look::default()
    };
    let mut doc = Doc::new(vec![payload(&text)], look, Redactor::default().masking());
    assert!(doc.job().is_none() && doc.rows() > 1000);
    let more = doc.row(doc.rows() - 1).text();
    assert!(
        more.contains("Enter reads on") && more.contains("360.0 KB"),
        "{more}"
    );
    assert!(doc.read_on());
    assert_eq!(read(doc).rows(), 20_001);
}

#[test]
fn a_document_made_again_keeps_its_folds() {
    let bytes = Payload::new(Bytes::from_static(br#"{"a":{"b":1},"c":2}"#));
    let parts = |heading: &str| {
        vec![
            Part::Heading(heading.to_owned()),
            Part::Json(bytes.clone(), Sort::Any),
        ]
    };
    let mut doc = build(parts("payload"));
    doc.fold(1, Fold::Close);
    let masking = Redactor::default().masking();
    let doc = doc.again(parts("payload, later"), Look::default(), masking);
    assert_eq!(doc.rows(), 3);
}
