//! Windows, secrets and ends.

use proptest::prelude::*;
use secrecy::SecretString;

use super::*;
use crate::{
    doc::json::{CAP, Json},
    guard::redact::Redactor,
};

pub(super) const KEY: &str = "KEY0199f2c47b1e4d86";

fn redactor() -> Redactor {
    Redactor::new(vec![SecretString::from(KEY)])
}

fn read(text: &str, budget: usize) -> Json {
    let source = Source::Here(text.to_owned().into());
    let masking = redactor().masking();
    let (mut json, mut indexer) =
        Json::begin(source.clone(), masking, Secrets::Any, Mode::Data, CAP);
    while !indexer.is_done() {
        json.take(indexer.here(&source, budget));
    }
    json
}

fn edits(json: &Json) -> Vec<Edit> {
    json.table.sheet.edits(0..usize::MAX).cloned().collect()
}

/// What the walk that masks any text finds.
fn masked(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    MaskJson::new(Secrets::Any).run(&mut redactor().masking(), text.as_bytes(), true, &mut edits);
    edits
}

/// The same of windows of so many bytes and more where that is too few.
fn in_windows(text: &str, size: usize, mode: Mode) -> (Vec<Edit>, u32, Option<End>) {
    let mut indexer = Indexer::new(mode, CAP, redactor().masking(), Secrets::Any);
    let (mut edits, mut rows, mut end, mut wants) = (Vec::new(), 0, None, size);
    while !indexer.is_done() {
        let at = indexer.at();
        let stop = (at + wants).min(text.len());
        let piece = indexer.run(&text.as_bytes()[at..stop], stop == text.len());
        wants = if indexer.at() == at { wants * 2 } else { size };
        edits.extend(piece.edits);
        rows = piece.rows;
        end = piece.end.or(end);
    }
    (edits, rows, end)
}

/// Three megabytes with secrets of all shapes, and a string that is longer than a window.
fn text() -> String {
    let item = format!(
        r#"{{"id":-1.5,"api_key":"sk-0123456789","secret":{{"deep":[1,2]}},"n":2e5,
        "headers":[{{"name":"Authorization","value":"abc"}},{{"value":"x","key":"token"}}],
        "tags":["a",null,true,false,"{KEY}"],"said":"{{\"password\":\"p\"}}"}}"#
    );
    let long = format!(r#"{{"body":"{}","password":"p"}}"#, r"x\n".repeat(300_000));
    let items = vec![item; 5000].join(",");
    format!("[{items},{long},{items}]")
}

#[test]
fn how_it_is_cut_makes_no_difference() {
    let text = text();
    let (one, two) = (read(&text, 1), read(&text, 64 << 20));
    assert_eq!(two.end(), Some(End::Whole));
    assert_eq!(one.table.rows(), two.table.rows());
    let containers = |json: &Json| json.table.containers().iter().collect::<Vec<_>>();
    assert!(containers(&one) == containers(&two));
    assert_eq!(edits(&one).len(), 10_000 * 6 + 1);
    assert!(edits(&one) == edits(&two));
    assert!(edits(&one) == masked(&text));
}

#[test]
fn a_text_that_breaks_off_ends_where_it_does() {
    let text = text();
    for end in [1_500_000, text.len() / 2, text.len() - 1] {
        let (one, two) = (read(&text[..end], 1), read(&text[..end], 64 << 20));
        assert!(matches!(two.end(), Some(End::Fault { .. })));
        assert_eq!(one.end(), two.end());
        assert_eq!(one.table.rows(), two.table.rows());
    }
}

/// JSON in which every other key, string and number may be or hide a secret.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just(r#""a""#),
        Just(r#""name""#),
        Just(r#""value""#),
        Just(r#""api_key""#),
        Just(r#""to\u006ben""#),
        Just(r#""KEY0199f2c47b1e4d86""#),
        Just(r#""params""#),
        // What it says of a value decides whether that is a secret.
        Just(r#""digest""#),
    ];
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("-0.5e3".to_owned()),
        Just("null".to_owned()),
        Just(r#""""#.to_owned()),
        Just(r#""token""#.to_owned()),
        Just(r#""a\nb é""#.to_owned()),
        Just(r#"" {\"password\":\"p\"}""#.to_owned()),
        Just(r#""[broken""#.to_owned()),
        Just(r#""x KEY0199f2c47b1e4d86""#.to_owned()),
        Just(r#""kP9vQz7LmW3xRt8YbN2cHd5sFg6uJ4aE""#.to_owned()),
        Just(r#""KEY0199f2c47b1e4d8\u0036""#.to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let member = (
            key.clone(),
            prop_oneof![Just(":"), Just(" : ")],
            inner.clone(),
        );
        let member = member.prop_map(|(key, colon, value)| format!("{key}{colon}{value}"));
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(|all| format!("[{}]", all.join(", "))),
            proptest::collection::vec(member, 0..5)
                .prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    })
}

#[test]
fn a_key_in_the_window_before_its_value_counts() {
    let drawn = r#""kP9vQz7LmW3xRt8YbN2cHd5sFg6uJ4aE""#;
    for (key, secrets) in [("digest", 0), ("note", 1)] {
        let text = format!("{{\"{key}\" : {drawn}, \"n\": [1]}}");
        for size in 1..text.len() {
            let (edits, ..) = in_windows(&text, size, Mode::Data);
            assert_eq!(edits.len(), secrets, "{key} in windows of {size}");
            assert_eq!(edits, masked(&text), "{key} in windows of {size}");
        }
    }
}

proptest! {
    #[test]
    fn every_token_is_masked_as_in_any_text(text in hostile(), size in 1_usize..40) {
        let whole = in_windows(&text, 1 << 20, Mode::Data);
        prop_assert_eq!(&whole.0, &masked(&text));
        prop_assert_eq!(whole.2, Some(End::Whole));
        prop_assert_eq!(in_windows(&text, size, Mode::Data), whole);
    }
}
