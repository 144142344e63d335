//! What is unwrapped stands below its row, and goes again.

use super::*;

#[test]
fn json_in_strings_is_unwrapped_in_place() {
    let inner = r#"{"b":[1,{"c":"[true,\"x\"]"}],"d":2}"#;
    let mut json = data(&serde_json::json!({"a": inner, "z": 3}).to_string());
    let masking = Redactor::default().masking();
    assert!(plain(&json.row(0)).ends_with("\" json"));
    assert_eq!(json.open(1, &masking), None);
    json.open(0, &masking).unwrap();
    json.open(4, &masking).unwrap();
    assert_eq!(
        screen(&json)[1..],
        [
            "  b: [2]",
            "    [0] 1",
            "    [1] {1}",
            "      c: JSON in a string, 12 B",
            "        [0] true",
            "        [1] \"x\"",
            "  d: 2",
            "z: 3",
        ]
    );
    assert_eq!(json.path(6), ".a ⟫ .b[1].c ⟫ .[1]");
    assert_eq!(
        json.copy(6, Form::Jq).unwrap(),
        b".a | fromjson | .b[1].c | fromjson | .[1]"
    );
    let way = json.way(6).unwrap();
    assert_eq!(json.find(&way), json.node(6));
    assert_eq!(json.go(5, Go::Next), Some(6));
    assert_eq!(json.go(6, Go::Parent), Some(4));
    assert_eq!(json.go(1, Go::Parent), Some(0));
    assert_eq!(json.go(0, Go::Next), Some(8));
    assert_eq!(json.go(8, Go::Previous), Some(0));
    let node = json.node(6).unwrap();
    assert_eq!(json.fold(1, Fold::Close), Some(1));
    assert_eq!(json.visible(&node), 1);
    assert_eq!(screen(&json)[1], "  b: [2] 1, {…}");
    assert_eq!(json.shut(2), Some(0));
    assert_eq!(json.len(), 2);
}

#[test]
fn what_has_no_room_is_sealed_until_it_is_opened() {
    let text = format!(
        "[{}]",
        vec![r#"{"a":{"b":[1,2]},"token":"hush","c":3}"#; 40].join(", ")
    );
    let mut json = read_capped(&text, Mode::Data, 36 * 7);
    assert_eq!(json.end(), Some(End::Whole));
    let shown = screen(&json);
    assert!(
        shown
            .last()
            .unwrap()
            .ends_with("[39] {…} 38 B, read when opened"),
        "{shown:?}"
    );
    let last = json.len() - 1;
    json.open(last, &Redactor::default().masking()).unwrap();
    let opened = screen(&json);
    let expected = [
        "  a: {1}",
        "    b: [2]",
        "      [0] 1",
        "      [1] 2",
        "  token: \"‹token#1›\"",
        "  c: 3",
    ];
    assert_eq!(opened[last + 1..], expected);
    assert_eq!(json.path(last + 4), ".[39].a.b[1]");
    assert_eq!(json.shut(last + 3), Some(last));
    assert_eq!(screen(&json), shown);
}
