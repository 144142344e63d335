use super::*;
use crate::{doc::matcher::Matcher, guard::Redactor};
use bytes::Bytes;
use proptest::prelude::*;
use secrecy::SecretString;

fn masking() -> Masking {
    Redactor::new(vec![SecretString::from("sk-live-1234")]).masking()
}

fn text(sent: &[u8]) -> Text {
    let source = Source::from(Bytes::copy_from_slice(sent));
    Text::whole(source, Tone::Prose, masking()).0
}

fn shown(text: &Text) -> Vec<String> {
    (0..text.len()).map(|row| text.row(row).text()).collect()
}

#[test]
fn lines_are_rows_and_nothing_is_lost() {
    let read = text(b"one\r\ntwo\n\n\xFFthree\x1B[2J\ttab\nfour\0");
    assert_eq!(
        shown(&read),
        ["one", "two", "", "⟨xFF⟩three      tab", "four␀"]
    );
    assert_eq!((read.lines(), read.dropped()), (5, 1));
    assert_eq!(shown(&text(b"")), [""; 0]);
    assert_eq!(shown(&text(b"\n")), [""]);
    assert_eq!(shown(&text(b"a\rb\rc")), ["a", "b", "c"]);
    assert_eq!(shown(&text(b"1%\r2%\n")), ["2%"]);
}

#[test]
fn raw_shows_what_acts() {
    let mut read = text(b"\x1B[31mred\nstill\x1B[0m\rx");
    assert_eq!(shown(&read), ["red", "xtill"]);
    let tone = |text: &Text, row: usize| text.row(row).spans[0].0;
    assert!(matches!(tone(&read, 0), Tone::Ansi(_)));
    assert_eq!(tone(&read, 1), Tone::Prose);
    read.set_raw(true);
    assert_eq!(shown(&read), ["␛[31mred", "still␛[0m␍x"]);
}

#[test]
fn colours_reach_over_rows() {
    let mut sent = b"\x1B[31m".to_vec();
    for _ in 0..1000 {
        sent.extend_from_slice(b"line\n");
    }
    let read = text(&sent);
    assert!((0..1000).all(|row| matches!(read.row(row).spans[0].0, Tone::Ansi(_))));
}

#[test]
fn lines_have_numbers() {
    let long = "word ".repeat(5000);
    let mut read = text(format!("a\n{long}\nb {{\"token\":\n\"hunter2\"}}\nc").as_bytes());
    read.set_numbers(true);
    let gutters: Vec<String> = (0..read.len()).map(|row| read.row(row).gutter).collect();
    assert_eq!(gutters, ["1 ", "2 ", "+ ", "3 ", "4 ", "5 "]);
    assert_eq!(read.row_of_line(2), 3);
    assert_eq!(read.row_of_line(90), 5);
    assert_eq!(read.line_of(2), 1..3);
    assert_eq!(read.copy(1..3).unwrap(), long.as_bytes());
}

#[test]
fn secrets_are_nowhere() {
    let read = text(b"a sk-live-1234\n{\"password\": \"hunter2\"}\nsk-live-1234");
    assert_eq!(
        shown(&read),
        ["a ‹key#2›", "{\"password\": \"‹password#1›\"}", "‹key#2›"]
    );
    assert_eq!(read.copy(0..1).unwrap(), "a ‹key#2›".as_bytes());
    assert!(found(&read, "hunter2|live").is_empty());
    assert_eq!(found(&read, "key#2"), [0, 2]);
}

#[test]
fn a_line_of_ten_megabytes_is_read_anywhere() {
    let words: Vec<String> = (0..1_400_000).map(|n| format!("{n:06} ")).collect();
    let words = words.concat();
    let read = text(words.as_bytes());
    assert!(read.len() > 600);
    assert_eq!(read.lines(), 1);
    let row = read.row_at(700_000 * 7);
    assert!(read.row(row).text().contains("700000"));
    assert_eq!(read.copy(0..read.len()).unwrap().len(), words.len());
    assert_eq!(
        found(&read, "1234567"),
        [read.row_at(words.find("1234567").unwrap())]
    );
}

fn found(text: &Text, wanted: &str) -> Vec<usize> {
    let mut search = Search::new(text, Matcher::new(wanted).unwrap());
    let mut rows = Vec::new();
    loop {
        let slice = search.run(1000);
        rows.extend(slice.rows);
        if slice.done {
            return rows;
        }
    }
}

#[test]
fn what_is_shown_is_what_is_found() {
    let read = text(b"one re\x1B[1mfund\ntwo\nRefund\r\nthree  x\nrefund");
    assert_eq!(found(&read, "refund"), [0, 2, 4]);
    assert_eq!(found(&read, "^two$"), [1]);
    assert_eq!(found(&read, "Refund"), [2]);
    assert_eq!(found(&read, r"two\s+Ref"), [0_usize; 0]);
    assert_eq!(found(&text(b"a\tneedle\nb"), r"a\s+needle"), [0]);
    let many = "line of text\n".repeat(50_000) + "needle\n" + &"line of text\n".repeat(50_000);
    assert_eq!(found(&text(many.as_bytes()), "Needle|needle"), [50_000]);
}

/// Bytes rich in what ends rows.
fn hard() -> impl Strategy<Value = Vec<u8>> {
    const PARTS: &[&[u8]] = &[
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"word ",
        b"\x1B[31m",
        b"\x1B]0;x\x07",
        b"\xFF",
        b"\xE6\x97\xA5",
        b"sk-live-1234",
        b"{\"token\":\"x\"}",
        b"\"",
        b"\x08",
        b"e\xCC\x81",
    ];
    let some = proptest::collection::vec(proptest::sample::select(PARTS), 0..60);
    (some, 0_usize..3).prop_map(|(parts, long)| {
        let mut bytes = parts.concat();
        bytes.extend(std::iter::repeat_n(b"abc def\xC3\xA9".as_slice(), long * 2000).flatten());
        bytes.extend(parts.concat());
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn windows_of_any_size_give_the_same_rows(sent in hard(), window in 1_usize..5000) {
        let source = Source::from(Bytes::from(sent.clone()));
        let mut pieces = Text::new(source, Tone::Prose);
        let mut index = Index::new(masking());
        // the first window says what ends lines
        let first = sent.len().min(FIRST);
        pieces.take(index.run(&sent[..first], first == sent.len()));
        let mut size = window;
        while !index.is_done() {
            let at = index.at();
            let end = (at + size).min(sent.len());
            pieces.take(index.run(&sent[at..end], end == sent.len()));
            size = if index.at() > at { window } else { 2 * size };
        }
        let whole = text(&sent);
        prop_assert_eq!(shown(&pieces), shown(&whole));
    }

    #[test]
    fn rows_are_the_text(sent in "[a-z \u{e9}\n]{0,200}") {
        let read = text(sent.as_bytes());
        let lines: Vec<String> = sent.lines().map(str::to_owned).collect();
        prop_assert_eq!(shown(&read), lines);
        prop_assert_eq!(read.all().unwrap(), sent.as_bytes());
        for row in 0..read.len() {
            prop_assert_eq!(read.row_at(read.offset(row)), row);
            prop_assert_eq!(read.row_of_line(row), row);
        }
    }
}
