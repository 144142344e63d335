use super::*;
use crate::guard::clean;
use proptest::prelude::*;

fn shown(line: &Line) -> String {
    let text: String = line.spans.iter().map(|(_, text)| text.as_str()).collect();
    format!("{}{text}", " ".repeat(usize::from(line.indent)))
}

fn all(row: &RowText, columns: usize, how: How) -> Vec<String> {
    lines(row, columns, how).iter().map(shown).collect()
}

#[test]
fn words_go_on_below_where_the_row_says() {
    let mut row = RowText::of(Tone::Prose, "- refund the charge of Tuesday");
    row.indent = 2;
    row.hang = 2;
    assert_eq!(
        all(&row, 16, How::Wrap),
        ["  - refund the", "    charge of", "    Tuesday"]
    );
    row.gutter = "12 ".to_owned();
    assert_eq!(
        all(&row, 16, How::Wrap),
        [
            "12   - refund",
            "       the",
            "       charge of",
            "       Tuesday"
        ]
    );
    assert_eq!(height(&row, 16, How::Wrap), 4);
    assert_eq!(all(&RowText::default(), 5, How::Wrap), [""]);
}

#[test]
fn a_row_is_cut_and_moved_sideways() {
    let mut row = RowText::of(Tone::Text, "abcdefghij");
    assert_eq!(all(&row, 10, How::Cut { from: 0 }), ["abcdefghij"]);
    assert_eq!(all(&row, 5, How::Cut { from: 0 }), ["abcd…"]);
    assert_eq!(all(&row, 5, How::Cut { from: 2 }), ["…def…"]);
    assert_eq!(all(&row, 5, How::Cut { from: 6 }), ["…hij"]);
    assert_eq!(all(&row, 5, How::Cut { from: 90 }), ["…"]);
    row.spans.insert(0, (Tone::Key, "key: ".to_owned()));
    row.head = 1;
    assert_eq!(all(&row, 10, How::Cut { from: 2 }), ["key: …def…"]);
    let row = RowText::of(Tone::Text, "日本語");
    assert_eq!(all(&row, 9, How::Cut { from: 2 }), ["… 語"]);
}

#[test]
fn what_is_wider_than_the_pane_has_a_stand_in() {
    let row = RowText::of(Tone::Text, "a日b");
    assert_eq!(all(&row, 1, How::Wrap), ["a", "·", "b"]);
}

#[test]
fn tones_and_hits_stay_on_their_words() {
    let mut row = RowText {
        spans: vec![
            (Tone::Key, "key e".to_owned()),
            (Tone::Text, "\u{301} value".to_owned()),
        ],
        ..RowText::default()
    };
    mark(&mut row, &Regex::new("e\u{301} va").unwrap());
    let lines = lines(&row, 6, How::Wrap);
    assert_eq!(
        lines[0].pieces(),
        [(Tone::Key, false, "key "), (Tone::Key, true, "e\u{301}")]
    );
    assert_eq!(
        lines[1].pieces(),
        [(Tone::Text, true, "va"), (Tone::Text, false, "lue")]
    );
    assert_eq!(lines[1].text(), "value");
}

fn rows() -> impl Strategy<Value = RowText> {
    let text = r"[ -~日é👨🏽\u{301}\u{200D}\u{1100}سلام]{0,40}";
    let spans = proptest::collection::vec(text, 0..4);
    (spans, 0_u16..20, 0_u16..20, 0_u16..3, "[0-9]{0,4}").prop_map(
        |(spans, indent, hang, head, gutter)| RowText {
            indent,
            hang,
            head,
            gutter,
            spans: spans
                .iter()
                .map(|text| (Tone::Text, clean::line(text).into_owned()))
                .collect(),
            ..RowText::default()
        },
    )
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_pane(row in rows(), columns in 1_usize..200, from in 0_usize..60) {
        for how in [How::Wrap, How::Cut { from }] {
            let lines = lines(&row, columns, how);
            prop_assert_eq!(lines.len(), height(&row, columns, how));
            for line in &lines {
                let wide: usize = line.spans.iter().map(|(_, text)| width::width(text)).sum();
                prop_assert!(wide + usize::from(line.indent) <= columns, "{:?}", line);
            }
        }
    }

    #[test]
    fn wrapped_lines_hold_all_text(mut row in rows(), columns in 2_usize..200) {
        // four columns of indent and hang leave too little for what is wide
        row.indent = 0;
        row.hang = 0;
        row.gutter.clear();
        let lines = lines(&row, columns, How::Wrap);
        let joined: String = lines.iter().map(shown).collect();
        let solid = |text: &str| text.replace(' ', "");
        if !joined.contains(TOO_WIDE) {
            prop_assert_eq!(solid(&joined), solid(&row.text()));
        }
    }
}

#[test]
fn an_id_that_has_no_room_beside_its_label_is_whole_on_a_line_of_its_own() {
    let id = "dbc6070c-f600-42c1-a480-f80a646b43e8";
    let row = RowText {
        hang: 14,
        head: 1,
        spans: vec![
            (Tone::Label, "tool call id  ".to_owned()),
            (Tone::Value, id.to_owned()),
        ],
        ..RowText::default()
    };
    let shown = |columns: usize| -> Vec<String> {
        let lines = lines(&row, columns, How::Wrap);
        assert_eq!(lines.len(), height(&row, columns, How::Wrap), "{columns}");
        let line = |line: &Line| " ".repeat(usize::from(line.indent)) + &line.text();
        lines.iter().map(line).collect()
    };
    assert_eq!(shown(50), [format!("tool call id  {id}")]);
    assert_eq!(
        shown(49),
        ["tool call id".to_owned(), format!("{}{id}", " ".repeat(13))]
    );
    assert_eq!(shown(36), ["tool call id", id]);
    assert!(shown(35).len() > 2, "wider than the pane");
}
