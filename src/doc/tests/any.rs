//! Whatever is in a payload and however narrow the pane is: no line is too wide, none is dangerous.

use proptest::prelude::*;

use super::*;
use crate::text::width;

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
        for view in [View::Pretty, View::Markdown, View::Raw, View::Hex] {
            let parts = vec![
                Part::Facts(facts.clone()),
                Part::Prose(text.clone()),
                Part::Json(payload.clone(), Sort::Any),
            ];
            let look = Look { view, columns, ..Look::default() };
            let doc = read(Doc::new(parts, look, Redactor::default().masking()));
            let all = doc.window(Place::default(), usize::MAX, lay(columns), None);
            for shown in &all {
                let text = shown.line.text();
                let wide = usize::from(shown.line.indent) + width::width(&text);
                prop_assert!(wide <= columns, "{wide} > {columns}: {text:?}");
                let is_bad = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
                prop_assert!(!text.chars().any(is_bad), "{text:?}");
                prop_assert_eq!(&doc.window(shown.place, 1, lay(columns), None)[0], shown);
            }
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let doc = build(vec![Part::Json(Payload::new(Bytes::from(bytes)), Sort::Any)]);
        for row in 0..doc.rows() {
            let _ = (doc.path(row), doc.copy(row, Form::Pretty), doc.go(row, Go::Parent));
        }
    }
}
