//! Strings that are too long to be opened with the key.

use super::*;

#[test]
fn a_long_string_is_opened_by_a_job() {
    let lines = r"one line of a long log\n".repeat(20_000);
    let list = r#"{\"a\":1},"#.repeat(40_000);
    let mut doc = json(&format!(r#"{{"log":"{lines}","list":"[{list}0]","n":1}}"#));
    for (row, first) in [(1, "a: 1"), (0, "one line of a long log")] {
        let opened = if row == 0 {
            doc.unescape(row)
        } else {
            doc.unwrap(row)
        };
        // Of a text the beginning is there at once.
        let at_once = if row == 0 { 200 } else { 0 };
        assert_eq!((opened, doc.rows()), (Some(row), 4 + at_once));
        if at_once > 0 {
            assert_eq!(doc.row(row + 200).text(), first);
        }
        let told = doc.row(row + at_once + 1).text();
        assert!(
            told.starts_with("reading ") && told.ends_with(" KB"),
            "{told}"
        );
        doc = read(doc);
        assert!(doc.rows() > 20_000, "{}", doc.rows());
        let shown = (row + 1..row + 4).map(|row| doc.row(row).text());
        assert!(
            shown.clone().any(|text| text == first),
            "{:?}",
            shown.collect::<Vec<_>>()
        );
        doc.unwrap(row);
        assert_eq!(doc.rows(), 3, "what opened it closes it");
    }
    let job = {
        doc.unescape(0);
        doc.job().unwrap()
    };
    doc.unescape(0);
    doc.take(job.run().0);
    assert_eq!(doc.rows(), 3, "what was closed meanwhile stays closed");
}

#[test]
fn a_match_far_down_a_long_string_is_gone_to() {
    let line = r"one line of a long log\n";
    let text = format!(
        "{}a needle, a needle{}",
        line.repeat(30_000),
        line.repeat(10)
    );
    let mut doc = json(&format!(r#"{{"log":"{text}","n":1}}"#));
    let find = Matcher::new("needle").unwrap();
    let before = doc.inside_of(0, &find, 1);
    assert_eq!((before.row, before.later), (0, true), "not with the key");
    assert!(doc.rows() < 300, "its beginning is there meanwhile");
    doc = read(doc);
    let Inside { row, nth, later } = doc.inside_of(0, &find, 1);
    assert_eq!((row, nth, later), (30_001, 1, false));
    assert!(doc.row(row).text().starts_with("a needle, a needle"));
}

#[test]
fn what_markdown_does_not_show_is_known_to_be_there() {
    let text = "# Depots\n\nAll **are reached**:\n\n- north\n- south\n".to_owned();
    let part = Part::Text(text, Format::Markdown);
    let doc = Doc::new(vec![part], Look::default(), Redactor::default().masking());
    let is_hidden = |typed: &str| {
        let find = Matcher::new(typed).unwrap();
        let shown: Vec<_> = (0..doc.rows()).map(|row| doc.row(row).text()).collect();
        doc.is_in_source(&find) && find.hits(&shown.join("\n")) == 0
    };
    assert!(is_hidden(r"\*are") && !is_hidden("reached") && !is_hidden("west"));
}
