//! Read in stretches or in order, the index is the same.

use proptest::prelude::*;
use secrecy::SecretString;

use super::*;
use crate::{
    doc::json::{
        CAP, End, Json, Mode,
        index::tests::{KEY, hostile},
    },
    guard::{
        Edit,
        redact::{Redactor, Sort},
    },
};

const SPLIT: Split = Split { most: 4, least: 1 };
const IN_ORDER: Split = Split { most: 1, least: 1 };

fn read(text: &[u8], mode: Mode, cap: usize, budget: usize, split: Split) -> Json {
    let source = Source::Here(text.to_vec().into());
    let masking = Redactor::new(vec![SecretString::from(KEY)]).masking();
    let (mut json, mut indexer) = Json::begin(source.clone(), masking, Sort::Any, mode, cap);
    while !indexer.is_done() {
        json.take(indexer.here_in(&source, budget, split));
    }
    json
}

/// All that is known of a text.
fn told(json: &Json) -> impl PartialEq {
    let table = &json.table;
    let rows: Vec<_> = (0..table.rows()).map(|row| table.row(row)).collect();
    let edits: Vec<Edit> = table.sheet.edits(0..usize::MAX).cloned().collect();
    let containers: Vec<_> = table.containers().iter().collect();
    (rows, edits, containers, table.end(), table.sealed())
}

fn same(text: &[u8], mode: Mode, cap: usize, budget: usize) -> Result<(), TestCaseError> {
    let split = read(text, mode, cap, budget, SPLIT);
    let in_order = read(text, mode, cap, budget, IN_ORDER);
    let is_same = told(&split) == told(&in_order);
    prop_assert!(is_same, "{}", String::from_utf8_lossy(text));
    Ok(())
}

/// Records of a list, as most large texts have them.
fn records(of: &str, count: usize) -> String {
    format!(
        r#"{{"a": {{"b": [{}]}}, "c": 1}}"#,
        vec![of; count].join(",\n")
    )
}

#[test]
fn stretches_are_taken_where_they_fit() {
    for record in [
        r#"{"id": 1, "tags": ["a"], "in": {"deep": [[], {}, [1]]}}"#,
        r"[[1, 2], [3]]",
        r#"{"said": "{\"a\":1},{\"a\":2}"}"#,
    ] {
        let text = records(record, 400);
        let source = Source::Here(text.clone().into());
        let masking = Redactor::default().masking();
        let mut indexer = Indexer::new(Mode::Data, CAP, masking, Sort::Any);
        let places = indexer.places(&source, text.len(), SPLIT);
        assert_eq!(places.len(), 3, "{record}");
        let mut all = indexer.piece();
        indexer.split(&source, text.len(), SPLIT, &mut all);
        assert!(indexer.at > places[2].0 && indexer.luck.missed == 0);
        same(text.as_bytes(), Mode::Data, CAP, text.len()).unwrap();
        same(text.as_bytes(), Mode::Line, CAP, text.len()).unwrap();
    }
}

#[test]
fn a_text_cut_or_wrong_at_any_place_is_the_same() {
    let record = format!(
        r#"{{"name": "token", "value": "{KEY}", "list": [{{"a": [1]}}, {{}}], "password": {{"x": [{{}}, 1]}}}}"#
    );
    let text = records(&record, 4);
    for end in 0..text.len() {
        same(&text.as_bytes()[..end], Mode::Line, CAP, 1 << 20).unwrap();
        let mut wrong = text.clone().into_bytes();
        wrong[end] = b"]}\",\\x"[end % 6];
        same(&wrong, Mode::Data, CAP, 1 << 20).unwrap();
    }
}

#[test]
fn a_guess_that_is_wrong_changes_nothing() {
    // A string in which the text goes on as if it were none, and objects that name themselves.
    let inside = r"},{'a':1},".repeat(50);
    let lines = records(r#"{"a": [1, {}], "b": {}}"#, 40).replace('"', "");
    for text in [
        format!(r#"["{inside}", {{"a": [{}]}}]"#, lines.len()),
        format!(
            r#"["{}", [{}]]"#,
            "},1,2,[3],[4],5],6},".repeat(60),
            "{},".repeat(50) + "1"
        ),
        records(r#"{"name": "token", "in": [{}, {}, {}], "value": "v"}"#, 60),
        format!(
            r#"{{"name": "api_key", "in": [{}], "value": "v"}}"#,
            vec![r#"{"a": {}}"#; 200].join(",")
        ),
        "[".repeat(3000) + &"],[]".repeat(3000),
    ] {
        for budget in [100, 1000, 1 << 20] {
            same(text.as_bytes(), Mode::Data, CAP, budget).unwrap();
        }
    }
}

#[test]
fn secrets_have_the_same_numbers() {
    let secrets: Vec<_> = (0..200)
        .map(|n| format!(r#"{{"n": [{n}], "password": "p{}"}}"#, n % 70))
        .collect();
    let few =
        records(r#"{"a": {}}"#, 300).replace(r#""c": 1"#, r#""token": "t1", "api_key": "t2""#);
    for text in [format!("[{}]", secrets.join(",")), few] {
        same(text.as_bytes(), Mode::Data, CAP, 1 << 20).unwrap();
        same(text.as_bytes(), Mode::Data, CAP, 1500).unwrap();
    }
}

#[test]
fn a_secret_in_every_record_is_no_reason_to_read_twice() {
    let record = |n: usize| {
        let own = n % 70;
        format!(
            r#"{{"n": [{n}], "password": "p{own}", "said": "key {KEY} and {{\"token\":\"t{n}\"}}"}}"#
        )
    };
    let text: Vec<String> = (0..400).map(record).collect();
    let text = format!("[{}]", text.join(","));
    let source = Source::Here(text.clone().into());
    let masking = Redactor::new(vec![SecretString::from(KEY)]).masking();
    let mut indexer = Indexer::new(Mode::Data, CAP, masking, Sort::Any);
    let mut all = indexer.piece();
    indexer.split(&source, text.len(), SPLIT, &mut all);
    assert_eq!(indexer.luck.missed, 0);
    same(text.as_bytes(), Mode::Data, CAP, 1 << 20).unwrap();
    // What looks like a placeholder and is none is not taken for one.
    let odd = text.replace("key ", "key ‹password#90› ");
    same(odd.as_bytes(), Mode::Data, CAP, 1 << 20).unwrap();
}

#[test]
fn what_there_is_no_room_for_is_sealed() {
    let text = records(r#"{"a": {"b": [{}]}}"#, 100);
    for cap in [0, 400, 5000, 9000] {
        let json = read(text.as_bytes(), Mode::Data, cap, 1 << 20, SPLIT);
        let whole = read(text.as_bytes(), Mode::Data, CAP, 1 << 20, IN_ORDER);
        assert_eq!(json.end(), Some(End::Whole));
        assert!(json.table.sealed().is_some() && json.table.containers().len() * 36 <= cap);
        let (some, all) = (json.table.containers(), whole.table.containers());
        assert!(
            some.iter()
                .zip(all.iter())
                .all(|(one, own)| one.start == own.start)
        );
    }
}

proptest! {
    #[test]
    fn stretches_make_no_difference(
        parts in proptest::collection::vec(hostile(), 1..12),
        budget in 1_usize..2000,
        at in any::<prop::sample::Index>(),
        byte in prop_oneof![3 => Just(None), 1 => any::<u8>().prop_map(Some)],
        cut in prop_oneof![3 => Just(false), 1 => Just(true)],
    ) {
        let mut text = format!("[{}]", parts.join(", ")).into_bytes();
        let at = at.index(text.len());
        if let Some(byte) = byte {
            text[at] = byte;
        }
        if cut {
            text.truncate(at);
        }
        for mode in [Mode::Data, Mode::Line] {
            same(&text, mode, CAP, 1 << 20)?;
            same(&text, mode, CAP, budget)?;
        }
    }
}
