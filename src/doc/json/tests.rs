//! Rows, folds and moves against a plain walk of the same value, and what no payload may do.

mod model;
mod unwrapped;
mod ways;

use bytes::Bytes;
use proptest::prelude::*;
use secrecy::SecretString;

use self::model::tree;
use super::{table::Kind, *};
use crate::{
    doc::{RowText, Rows as _, Tone},
    guard::Redactor,
    text::json::Wrong,
};

fn source(text: &str) -> Source {
    Source::Here(Bytes::copy_from_slice(text.as_bytes()))
}

/// Read at once, with the credential `sk-live-1234` in use.
pub(super) fn read(text: &str, mode: Mode) -> Json {
    read_capped(text, mode, CAP)
}

fn read_capped(text: &str, mode: Mode, cap: usize) -> Json {
    let masking = Redactor::new(vec![SecretString::from("sk-live-1234")]).masking();
    let source = source(text);
    let (mut json, mut indexer) = Json::begin(source.clone(), masking, Sort::Any, mode, cap);
    while !indexer.is_done() {
        json.take(indexer.here(&source, 1 << 20));
    }
    json
}

fn data(text: &str) -> Json {
    read(text, Mode::Data)
}

pub(super) fn plain(row: &RowText) -> String {
    let text: String = row.spans.iter().map(|(_, text)| text.as_str()).collect();
    format!("{}{text}", " ".repeat(usize::from(row.indent)))
}

pub(super) fn screen(json: &Json) -> Vec<String> {
    (0..json.len()).map(|at| plain(&json.row(at))).collect()
}

#[test]
fn a_payload_is_rows_over_its_own_text() {
    let json =
        data(r#"{"b":1.0000000000000000001,"a":{"x":[true,null,{}],"x":"t\u0077o\n"},"b":[]}"#);
    let expected = [
        "b: 1.0000000000000000001",
        "a: {2}",
        "  x: [3]",
        "    [0] true",
        "    [1] null",
        "    [2] {}",
        "  x: \"t\\u0077o\\n\"",
        "b: []",
    ];
    assert_eq!(
        screen(&json),
        expected,
        "order, digits and duplicate keys stay"
    );
    assert_eq!(json.end(), Some(End::Whole));
}

#[test]
fn lines_are_those_of_printed_json() {
    let json = read(
        r#"{"b":1,"a":{"x":[true,{}],"y":"two"},"c":[]}"#,
        Mode::Line,
    );
    let expected = [
        "{",
        "  \"b\": 1,",
        "  \"a\": {",
        "    \"x\": [",
        "      true,",
        "      {}",
        "    ],",
        "    \"y\": \"two\"",
        "  },",
        "  \"c\": []",
        "}",
    ];
    assert_eq!(screen(&json), expected);
    let mut json = json;
    assert_eq!(json.fold(8, Fold::Close), Some(2));
    assert_eq!(
        screen(&json)[2..4],
        ["  \"a\": {2} y: \"two\", x: […],", "  \"c\": []"]
    );
}

#[test]
fn scalars_at_the_top_are_one_row() {
    for (text, row) in [
        ("\"hi\"", "\"hi\""),
        (" 12 ", "12"),
        ("{}", "{}"),
        ("null", "null"),
    ] {
        assert_eq!(screen(&data(text)), [row]);
    }
    assert_eq!(screen(&data(" [1, \"a\"] ")), ["[0] 1", "[1] \"a\""]);
}

#[test]
fn previews_tell_the_telling_keys_first() {
    let mut json = data(
        r#"{"o":{"z":1,"list":[1],"name":"x","id":7,"long":"abcdefghijklmnopqrstuvwxyz0123456789"},
        "a":[{"b":1},[2],"three",4],"e":{},"s":{"token":"hush"}}"#,
    );
    json.fold(0, Fold::CloseAll);
    assert_eq!(
        screen(&json),
        [
            "o: {5} id: 7, name: \"x\", z: 1, long: \"abcdefghijklmnopqrstuvw…\", …",
            "a: [4] {…}, […], \"three\", 4",
            "e: {}",
            "s: {1} token: \"‹token#1›\"",
        ]
    );
}

#[test]
fn what_is_masked_is_one_row_and_nowhere_else() {
    let text = r#"{"secret":{"a":[1,{"b":"swordfish"}]},"n":1,"sk-live-1234":"x sk-live-1234",
        "h":[{"name":"Authorization","value":"Bearer swordfish"}],"s":"{\"password\":\"swordfish\"}"}"#;
    let mut json = data(text);
    let shown = screen(&json);
    assert_eq!(shown[0], "secret: \"‹secret#1›\"");
    assert_eq!(shown[1..3], ["n: 1", "‹key#2›: \"x ‹key#2›\""]);
    let first = json.row(0);
    assert_eq!(
        first.spans.last().map(|(tone, _)| *tone),
        Some(Tone::Masked)
    );
    json.open(json.len() - 1, &Redactor::default().masking())
        .unwrap();
    let mut exits = screen(&json);
    let forms = [
        Form::Sent,
        Form::Pretty,
        Form::Line,
        Form::Unescaped,
        Form::Key,
        Form::Jq,
    ];
    for row in 0..json.len() {
        let copies = forms.iter().filter_map(|form| json.copy(row, *form));
        exits.extend(copies.map(|copy| String::from_utf8(copy).unwrap()));
    }
    exits.push(String::from_utf8(json.whole().spelled(Form::Sent).unwrap()).unwrap());
    json.fold(0, Fold::CloseAll);
    exits.extend(screen(&json));
    for exit in exits {
        assert!(
            !exit.contains("swordfish") && !exit.contains("1234"),
            "{exit}"
        );
    }
    let hits = |pattern| {
        let mut finder = json.finder(regex::bytes::Regex::new(pattern).unwrap(), 0);
        finder.run(usize::MAX).rows.len()
    };
    assert_eq!(
        (hits("swordfish"), hits("1234"), hits("‹secret#1›")),
        (0, 0, 1)
    );
}

#[test]
fn faults_are_told_with_the_rows_before_them() {
    for (text, rows, what, rest, is_json) in [
        ("{\"a\": [1, 2", 3, Wrong::Cut, 11, true),
        ("{\"a\": 1, \"b\": \"cu", 1, Wrong::Cut, 9, true),
        (
            "{\"a\":1,\"b\":2,\"c\":3,oops}",
            3,
            Wrong::Expected("a key"),
            19,
            true,
        ),
        ("{\"a\":1}\n{\"a\":2}", 1, Wrong::Trailing, 8, true),
        ("[INFO] started", 1, Wrong::Expected("a value"), 1, false),
        ("2026-08-21 started", 1, Wrong::Trailing, 4, false),
        ("<html>", 0, Wrong::Expected("a value"), 0, false),
        ("", 0, Wrong::Cut, 0, true),
    ] {
        let json = data(text);
        let Some(End::Fault {
            fault,
            rest: at,
            is_json: is,
            ..
        }) = json.end()
        else {
            panic!("{text} has a fault");
        };
        assert_eq!(
            (json.len(), fault.what, at, is),
            (rows, what, rest, is_json),
            "{text}"
        );
        assert_eq!(crate::text::json::fault(text.as_bytes()), Some(fault));
        let _ = screen(&json);
    }
}

#[test]
fn long_strings_are_cut_with_their_size() {
    let json = data(&format!(
        r#"{{"log":"{}","n":1,"m":{}}}"#,
        "w\\n".repeat(1_000_000),
        "1".repeat(9000)
    ));
    let shown = screen(&json);
    assert!(shown[0].starts_with("log: \"w\\nw\\n") && shown[0].len() < 1100);
    assert!(
        shown[0].ends_with("w… 3.0 MB") || shown[0].ends_with("\\n… 3.0 MB"),
        "{}",
        &shown[0][1000..]
    );
    assert_eq!(shown[1], "n: 1");
    assert!(shown[2].ends_with("1… 9000 digits") && shown[2].len() < 1100);
    assert_eq!(json.unescaped(0).unwrap().len(), 2_000_000);
    assert_eq!(json.copy(2, Form::Sent).unwrap().len(), 9000);
}

#[test]
fn a_hundred_thousand_levels_are_no_matter() {
    let depth = 100_000;
    let text = format!(
        "{}1{}",
        "[{\"a\":".repeat(depth / 2),
        "}]".repeat(depth / 2)
    );
    for mode in [Mode::Data, Mode::Line] {
        let mut json = read(&text, mode);
        assert_eq!(json.end(), Some(End::Whole));
        let all = if mode == Mode::Data {
            depth
        } else {
            2 * depth + 1
        };
        assert_eq!(json.len(), all);
        assert_eq!(json.row(all / 2).indent, u16::MAX);
        assert_eq!(json.go(all - 1, Go::Next), None);
        assert_eq!(json.fold(0, Fold::CloseAll), Some(0));
        assert_eq!(json.fold(0, Fold::OpenAll), Some(0));
        assert_eq!(json.fold(1, Fold::CloseDeep), Some(1));
        assert_eq!(json.fold(1, Fold::OpenDeep), Some(1));
        let deepest = depth - 1;
        assert!(json.path(deepest).len() < 300);
        assert!(json.copy(deepest, Form::Jq).unwrap().len() > 200_000);
    }
}

#[test]
fn folds_hold_while_the_text_is_still_read() {
    let item = r#"{"id":1,"tags":["a","b"]}"#;
    let text = format!("{{\"items\":[{}],\"n\":1}}", vec![item; 6000].join(","));
    let source = source(&text);
    let masking = Redactor::default().masking();
    let (mut json, mut indexer) = Json::begin(source.clone(), masking, Sort::Any, Mode::Data, CAP);
    json.take(indexer.here(&source, 1));
    assert!(json.len() > 1000 && json.end().is_none());
    json.fold(0, Fold::Close);
    assert_eq!(screen(&json).len(), 1);
    while !indexer.is_done() {
        json.take(indexer.here(&source, 1));
    }
    assert_eq!(
        screen(&json),
        [
            "items: [6000] {…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}, {…}, …",
            "n: 1"
        ]
    );
    json.fold(0, Fold::OpenAll);
    assert_eq!(json.len(), 1 + 6000 * 5 + 1);
    // levels that are closed stay closed for what comes later
    let (mut json, mut indexer) = Json::begin(
        source.clone(),
        Redactor::default().masking(),
        Sort::Any,
        Mode::Data,
        CAP,
    );
    json.take(indexer.here(&source, 1));
    json.fold(0, Fold::Depth(2));
    while !indexer.is_done() {
        json.take(indexer.here(&source, 1));
    }
    assert_eq!(json.len(), 1 + 6000 + 1);
}

fn nasty() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..200)
        .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn rows_are_those_of_a_plain_walk(tree in tree(), is_line: bool, size in 1_usize..90) {
        let text = tree.text();
        let mode = if is_line { Mode::Line } else { Mode::Data };
        let json = read(&text, mode);
        prop_assert_eq!(json.end(), Some(End::Whole));
        let model = tree.rows(mode);
        prop_assert_eq!(json.table.rows() as usize, model.len());
        for (at, wanted) in model.iter().enumerate() {
            let raw = json.table.row(u32::try_from(at).unwrap()).unwrap();
            let key = raw.key.clone().map(|key| text[key].to_owned());
            prop_assert_eq!(&key, &wanted.key);
            prop_assert_eq!(&text[raw.value.clone()], &wanted.value);
            prop_assert_eq!(usize::from(raw.depth), wanted.depth);
            prop_assert_eq!(raw.ordinal as usize, wanted.ordinal);
            prop_assert_eq!(matches!(raw.kind, Kind::Close(_)), wanted.closes);
        }
        // windows of any size make the same
        let masking = Redactor::default().masking();
        let (mut other, mut indexer) = Json::begin(source(&text), masking, Sort::Any, mode, CAP);
        let bytes = text.as_bytes();
        while !indexer.is_done() {
            let wants = if indexer.wants() > 64 << 10 { indexer.wants() } else { size };
            let end = (indexer.at() + wants).min(bytes.len());
            let piece = indexer.run(&bytes[indexer.at()..end], end == bytes.len());
            other.take(piece);
        }
        prop_assert_eq!(screen(&other), screen(&json));
        prop_assert_eq!(other.table.containers().iter().collect::<Vec<_>>(), json.table.containers().iter().collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_can_be_read(text in nasty(), head in "[\\[{\"a:1,]*", columns in 0_usize..4) {
        let mut json = read(&format!("{head}{text}"), if columns > 1 { Mode::Line } else { Mode::Data });
        for row in 0..json.len() {
            let shown = plain(&json.row(row));
            prop_assert_eq!(crate::guard::clean::line(&shown).into_owned(), shown);
            let _ = (json.path(row), json.value(row), json.open(row, &Redactor::default().masking()));
        }
        prop_assert!(json.end().is_some());
    }
}
