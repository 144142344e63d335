//! What a reader sees of payloads of all kinds, and what no payload may do.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::{guard::redact::Redactor, text::width};

fn json(text: &str) -> Doc {
    let payload = Payload::new(Bytes::copy_from_slice(text.as_bytes()));
    build(vec![Part::Json(payload, Sort::Any)])
}

fn build(parts: Vec<Part>) -> Doc {
    Doc::build(parts, &mut Redactor::default().masking())
}

fn screen(doc: &Doc, columns: usize) -> Vec<String> {
    let wrap = Wrap::new(doc, columns);
    doc.lines(&wrap, 0..doc.rows(&wrap))
        .iter()
        .map(|line| {
            let text: String = line.spans.iter().map(|(_, text)| text.as_str()).collect();
            format!("{}{text}", " ".repeat(usize::from(line.indent)))
        })
        .collect()
}

#[test]
fn a_payload_is_rows_over_its_own_text() {
    let doc = json(r#"{"b":1.0000000000000000001,"a":{"x":[true,null,{}],"x":"two"},"b":[]}"#);
    let expected = [
        "b: 1.0000000000000000001",
        "a: {2}",
        "  x: [3]",
        "    [0] true",
        "    [1] null",
        "    [2] {}",
        "  x: \"two\"",
        "b: []",
    ];
    assert_eq!(
        screen(&doc, 40),
        expected,
        "order, digits and duplicate keys stay"
    );
}

#[test]
fn a_number_without_end_is_a_text_of_its_own() {
    // As a row it was cleaned and wrapped whole for each of its lines that was painted.
    let digits = "1234567890".repeat(300);
    let shown = screen(&json(&format!(r#"{{"n":{digits},"m":1}}"#)), 50);
    assert_eq!(shown.first().unwrap(), "n: number of 3000 characters");
    assert_eq!(shown.last().unwrap(), "m: 1");
    let between: String = shown[1..shown.len() - 1]
        .iter()
        .map(|row| row.trim())
        .collect();
    assert_eq!(between, digits);
}

#[test]
fn paths_and_values_of_rows() {
    let doc = json(r#"{"a":{"b c":[10,{"d": "e\n"}]}}"#);
    let wrap = Wrap::new(&doc, 40);
    let table = [
        (0, ".a", r#"{"b c":[10,{"d": "e\n"}]}"#),
        (1, ".a[\"b c\"]", r#"[10,{"d": "e\n"}]"#),
        (2, ".a[\"b c\"][0]", "10"),
        (4, ".a[\"b c\"][1].d", r#""e\n""#),
    ];
    for (row, path, value) in table {
        assert_eq!(doc.path(&wrap, row).as_deref(), Some(path));
        assert_eq!(doc.value(&wrap, row), Some(value.as_bytes().to_vec()));
    }
    assert_eq!(doc.path(&wrap, 5), None);
}

#[test]
fn scalars_and_elements_at_the_top() {
    assert_eq!(screen(&json("\"hi\""), 20), ["\"hi\""]);
    assert_eq!(screen(&json(" [1, \"a\"] "), 20), ["[0] 1", "[1] \"a\""]);
    assert_eq!(
        json("[1]").path(&Wrap::new(&json("[1]"), 9), 0).as_deref(),
        Some(".[0]")
    );
}

#[test]
fn long_strings_wrap_under_their_key() {
    let doc = json(r#"{"say":"one two three four five"}"#);
    assert_eq!(
        screen(&doc, 16),
        ["say: \"one two", "  three four", "  five\""]
    );
    let long = json(&format!(
        r#"{{"log":"{}\nlast line","n":1}}"#,
        "word ".repeat(1000)
    ));
    let lines = screen(&long, 42);
    assert_eq!(lines[0], "log: text of 5011 bytes");
    assert_eq!(lines[1], format!("  {}", "word ".repeat(8).trim_end()));
    assert_eq!(&lines[lines.len() - 2..], ["  last line", "n: 1"]);
}

#[test]
fn what_is_not_json_is_text_with_the_fault() {
    let lines = screen(&json("{\"a\": [1, 2"), 60);
    assert!(
        lines[0].contains("not whole JSON") && lines[0].contains("byte 11"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "{\"a\": [1, 2");
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
    assert_eq!(
        screen(&doc, 24),
        [
            "head",
            "id       x",
            "because  the card was",
            "         declined again"
        ]
    );
}

#[test]
fn thousands_of_levels_and_a_string_of_megabytes_are_no_matter() {
    let deep = json(&format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000)));
    assert_eq!(deep.rows(&Wrap::new(&deep, 80)), 50_000);
    let long = json(&format!("[\"{}\"]", "x".repeat(2_000_000)));
    let wrap = Wrap::new(&long, 100);
    let last = doc_last(&long, &wrap);
    assert!(last.spans[0].1.starts_with('x'));
}

fn doc_last(doc: &Doc, wrap: &Wrap) -> Line {
    let rows = doc.rows(wrap);
    doc.lines(wrap, rows - 1..rows).remove(0)
}

fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        " ",
        "word",
        "\u{1b}[31m",
        "\u{202e}",
        "代理",
        "👩\u{200d}💻",
        "\t",
        "\n",
        "\r",
        "\u{200b}",
        "e\u{301}",
        "\"",
        "\\",
        "\u{9b}",
        "\u{7f}",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        nasty().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((nasty(), inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_line_is_too_wide_or_dangerous(value in value(), text in nasty(), columns in 1usize..70) {
        let payload = Payload::new(Bytes::from(value.to_string()));
        let facts = vec![("label".to_owned(), text.clone())];
        let doc = build(vec![Part::Facts(facts), Part::Prose(text), Part::Json(payload, Sort::Any)]);
        let wrap = Wrap::new(&doc, columns);
        let all = doc.lines(&wrap, 0..doc.rows(&wrap));
        prop_assert_eq!(all.len(), doc.rows(&wrap));
        for (row, line) in all.iter().enumerate() {
            let text: String = line.spans.iter().map(|(_, text)| text.as_str()).collect();
            // One cluster that is wider than the pane is all that may be.
            let wide = usize::from(line.indent) + width::width(&text);
            prop_assert!(wide <= columns.max(8), "{wide} > {columns}: {text:?}");
            prop_assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{text:?}");
            prop_assert_eq!(&doc.lines(&wrap, row..row + 1)[0], line);
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200), columns in 1usize..40) {
        let doc = build(vec![Part::Json(Payload::new(Bytes::from(bytes)), Sort::Any)]);
        let wrap = Wrap::new(&doc, columns);
        for row in 0..doc.rows(&wrap) {
            let _ = (doc.path(&wrap, row), doc.value(&wrap, row));
        }
    }
}
