//! JSON that is cut or wrong: what there is of it, and where it ends.

use super::*;

#[test]
fn json_in_a_string_that_breaks_off_says_where_and_shows_the_rest() {
    let mut doc = json(r#"{"s":"{\"a\": 1, \"b\": nope, \"c\": 2}"}"#);
    let fault = "a value expected at byte 14";
    let lines = screen(&doc, 90);
    assert!(lines[0].starts_with("▸ s: \"{"), "{lines:?}");
    assert!(lines[0].ends_with(&format!(" json ✂ {fault}")), "{lines:?}");
    assert_eq!(doc.unwrap(0), Some(0));
    assert_eq!(
        screen(&doc, 90),
        [
            "▾ s: broken JSON in a string, 33 B",
            "    a: 1",
            &format!("    ✂ the JSON: {fault}; from there on as text"),
            "    \"b\": nope, \"c\": 2}",
        ]
    );
    assert_eq!(doc.go(2, Go::Parent), Some(0), "the way out is the string");
    assert_eq!(doc.unwrap(0), Some(0), "what opened it closes it");
    assert_eq!(doc.rows(), 1);
    let mut doc = json(r#"{"s":"[INFO] begun"}"#);
    assert_eq!((doc.unwrap(0), doc.rows()), (None, 1), "words are no JSON");
}

#[test]
fn what_nobody_closed_looks_open() {
    let lines = screen(&json("{\"a\": {}, \"b\": [1, {\"c\": {\"d\": [], \"e"), 60);
    assert_eq!(
        lines[..6],
        [
            "  a: {}",
            "▾ b: [2 ✂",
            "    [0] 1",
            "  ▾ [1] {1 ✂",
            "    ▾ c: {1 ✂",
            "        d: []"
        ]
    );
    let lines = screen(&json("{\"a\": [1, {"), 60);
    assert_eq!(lines[2], "    [1] { ✂");
}
