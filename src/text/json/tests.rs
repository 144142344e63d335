//! Tokens, faults and depth of JSON of all kinds.

use super::*;
use proptest::prelude::*;

fn tokens(text: &str) -> Vec<(Sort, &str)> {
    Scanner::new(text.as_bytes())
        .map(|t| t.unwrap())
        .map(|t| (t.sort, &text[t.start..t.end]))
        .collect()
}

#[test]
fn tokens_are_ranges_in_order() {
    let text = r#" {"b": 1.50, "a":[true,null, "x\"y"], "b": -2e+9 ,"e":{}} "#;
    let seen: Vec<&str> = tokens(text).into_iter().map(|(_, s)| s).collect();
    assert_eq!(
        seen,
        [
            "{",
            "\"b\"",
            "1.50",
            "\"a\"",
            "[",
            "true",
            "null",
            r#""x\"y""#,
            "]",
            "\"b\"",
            "-2e+9",
            "\"e\"",
            "{",
            "}",
            "}"
        ]
    );
    assert_eq!(tokens("\"k\""), [(Sort::String, "\"k\"")]);
}

#[test]
fn faults_say_what_and_where() {
    for (text, what, at) in [
        ("", Wrong::Cut, 0),
        ("{\"a\":1", Wrong::Cut, 6),
        ("{\"a\":\"x", Wrong::Cut, 7),
        ("[tru", Wrong::Cut, 4),
        ("<html>", Wrong::Expected("a value"), 0),
        ("[1 2]", Wrong::Expected("`,` or `]`"), 3),
        ("{\"a\" 1}", Wrong::Expected("`:`"), 5),
        ("{a:1}", Wrong::Expected("a key"), 1),
        ("[1,]", Wrong::Expected("a value"), 3),
        ("{\"a\":1,}", Wrong::Expected("a key"), 7),
        ("[1}", Wrong::Expected("`,` or `]`"), 2),
        ("\"a\nb\"", Wrong::Control, 2),
        (r#""\x""#, Wrong::Escape, 1),
        (r#""\u12g4""#, Wrong::Escape, 1),
        ("1.e", Wrong::Expected("a digit"), 2),
        ("01", Wrong::Trailing, 1),
        ("{} {}", Wrong::Trailing, 3),
    ] {
        assert_eq!(fault(text.as_bytes()), Some(Fault { what, at }), "{text}");
    }
    let broken = fault(b"\"ab\xFF\"").unwrap();
    assert_eq!(broken.to_string(), "bytes that are not UTF-8 at byte 3");
}

#[test]
fn depth_costs_nothing() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(fault(deep.as_bytes()), None);
    let mixed = format!("{}1{}", "{\"a\":[".repeat(50_000), "]}".repeat(50_000));
    assert_eq!(fault(mixed.as_bytes()), None);
}

proptest! {
    #[test]
    fn the_verdict_is_serdes(text in r#"[\[\]{}",:0-9a\\.eu+ \-truefalsn]{0,24}"#) {
        let serde = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
        prop_assert_eq!(fault(text.as_bytes()).is_none(), serde, "{}", text);
    }

    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(Scanner::new(&bytes).count() <= bytes.len() + 1);
    }
}

#[test]
fn a_container_is_passed_over_whole() {
    let text = br#"{"a":{"b":[1,"]}\"",{}]},"c":2}"#;
    let mut scanner = Scanner::new(text);
    let opened = scanner.by_ref().nth(2).unwrap().unwrap();
    assert_eq!(opened.sort, Sort::Open(Shape::Object));
    let end = scanner.pass_over().unwrap();
    assert_eq!(&text[end..], br#","c":2}"#);
    assert_eq!(scanner.depth(), 1);
    let rest: Vec<_> = scanner.map(|token| token.unwrap().sort).collect();
    assert_eq!(rest, [Sort::Key, Sort::Number, Sort::Close(Shape::Object)]);
    let mut cut = Scanner::new(br#"[["a"#);
    assert!(cut.by_ref().nth(1).is_some());
    assert_eq!(cut.pass_over().map_err(|fault| fault.what), Err(Wrong::Cut));
    assert!(cut.next().is_none());
}
