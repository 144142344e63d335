use super::*;
use crate::{
    doc::flow::{self, How},
    guard::clean,
    text::width,
};
use proptest::prelude::*;

fn lines(text: &str, columns: usize) -> Vec<String> {
    let rendered = Markdown::new(text, columns);
    let rows = (0..rendered.len()).map(|row| rendered.row(row));
    rows.flat_map(|row| flow::lines(&row, columns, How::Wrap))
        .map(|line| {
            let text: String = line.spans.iter().map(|(_, text)| text.as_str()).collect();
            format!("{}{text}", " ".repeat(line.indent.into()))
                .trim_end()
                .to_owned()
        })
        .collect()
}

fn tones(text: &str) -> Vec<(Tone, String)> {
    Markdown::new(text, 80).row(0).spans
}

#[test]
fn blocks_are_set_apart() {
    let text = "# Refunds\nThe *first* try\nfailed.\n\n- one\n- two\n  goes on\n  1. deep\n- [x] done\n\n```rust\nfn a() {\n\tb();\n}\n```\n> said\n> so\n\n---\nend";
    assert_eq!(
        lines(text, 40),
        [
            "# Refunds",
            "",
            "The first try failed.",
            "",
            "• one",
            "• two goes on",
            "  1. deep",
            "• [x] done",
            "",
            "rust",
            "  fn a() {",
            "          b();",
            "  }",
            "",
            "│ said so",
            "",
            &"─".repeat(40),
            "",
            "end"
        ]
    );
}

#[test]
fn text_goes_on_below_its_mark() {
    assert_eq!(
        lines("- refund the charge of Tuesday\n\n  again", 18),
        ["• refund the", "  charge of", "  Tuesday", "", "  again"]
    );
    assert_eq!(lines("a  \nb", 20), ["a", "b"]);
    assert_eq!(lines("-\n- x", 20), ["•", "• x"]);
}

#[test]
fn words_have_their_tones() {
    assert_eq!(
        tones("a **b** *c* `d`"),
        [
            (Tone::Prose, "a ".to_owned()),
            (Tone::Strong, "b".to_owned()),
            (Tone::Prose, " ".to_owned()),
            (Tone::Emphasis, "c".to_owned()),
            (Tone::Prose, " ".to_owned()),
            (Tone::Code, "d".to_owned()),
        ]
    );
    assert_eq!(tones("# x")[1], (Tone::Strong, "x".to_owned()));
}

#[test]
fn links_say_where_they_go() {
    for (text, shown) in [
        ("[docs](http://x.y/z)", "docs (http://x.y/z)"),
        ("<http://x.y>", "http://x.y"),
        ("[http://good](http://evil)", "http://good (http://evil)"),
        ("![alt](javascript:1)", "image: alt (javascript:1)"),
        ("[a](<http://x/\u{202E}y>)", "a (http://x/⟨U+202E⟩y)"),
        ("a <b>c</b> <script>", "a <b>c</b> <script>"),
    ] {
        assert_eq!(lines(text, 100), [shown]);
    }
    assert_eq!(
        lines("<div>\n<p>x\n</div>", 40),
        ["<div>", "<p>x", "</div>"]
    );
}

#[test]
fn tables_fit_the_pane() {
    let text = "| id | what happened | n |\n|--|:-:|--:|\n| 1 | the charge was **refunded** twice | 5 |\n| 22 | x | 10 |";
    assert_eq!(
        lines(text, 60),
        [
            "id │         what happened         │  n",
            "───┼───────────────────────────────┼───",
            "1  │ the charge was refunded twice │  5",
            "22 │               x               │ 10",
        ]
    );
    let narrow = lines(text, 24);
    assert!(
        narrow.iter().all(|line| width::width(line) <= 24),
        "{narrow:?}"
    );
    assert!(narrow.len() >= 5 && narrow.iter().any(|line| line.contains("refunded")));
    assert_eq!(
        lines(text, 12),
        [
            "id: 1",
            "what",
            "happened:",
            "the charge",
            "was refunded",
            "twice",
            "n: 5",
            "",
            "id: 22",
            "what",
            "happened: x",
            "n: 10"
        ]
    );
}

#[test]
fn what_is_too_much_is_text() {
    let long = "# a\n".repeat(70_000);
    let rendered = Markdown::new(&long, 80);
    assert_eq!(rendered.row(0).spans[0].0, Tone::Note);
    assert_eq!(rendered.row(1).text(), "# a");
    let rendered = Markdown::new(&"word ".repeat(10_000), 80);
    assert!((0..rendered.len()).all(|row| rendered.row(row).len() <= LONGEST));
}

#[test]
fn hostile_nesting_ends() {
    let wide = format!(
        "{}\n{}\n{}",
        "a|".repeat(20_000),
        "-|".repeat(20_000),
        "a\n".repeat(20_000)
    );
    for text in [
        ">".repeat(100_000),
        "- ".repeat(100_000),
        "[".repeat(100_000),
        "*a".repeat(80_000),
        "`".repeat(200_000),
        wide,
    ] {
        assert!(Markdown::new(&text, 80).len() > 0);
    }
}

#[test]
fn markdown_is_told_from_what_resembles_it() {
    for text in [
        "# Title\n\n- one\n- two",
        "Here it is:\n\n```rust\nfn main() {}\n```\n",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "**Summary**\n\n1. first\n2. second",
        "# Result\nSee [docs](http://x).",
        "> quote\n\n## Next",
    ] {
        assert!(looks_like_markdown(text), "{text}");
    }
    for text in [
        "",
        "plain words",
        "# a comment\nname: value\nlist:\n- one\n- two\n",
        "#!/bin/sh\n# comment\n- x\n- y",
        "{\"a\": \"# b\\n- c\"}",
        "[1, 2]\n# x\n- y\n- z",
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n- a\n- b\n# c",
        "Traceback (most recent call last):\n  File \"x\"\n# a\n- b\n- c",
        "2026-11-21 INFO a\n2026-11-21 INFO b\n- x\n- y\n# z 1",
        "- one\n- two\n- three",
        "Error: x\n    at f (a.js:1)\n    at g (a.js:2)\n# a\n- b\n- c",
        "# settings\nhost = 1\nport = 2\nuser = 3\n- a\n- b",
        "a | b\n1 | 2",
    ] {
        assert!(!looks_like_markdown(text), "{text}");
    }
}

fn hard() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "# ",
        "- ",
        "1. ",
        "> ",
        "```",
        "\n",
        "\n\n",
        "|",
        "|--|--|\n",
        "**",
        "*",
        "`",
        "[",
        "](",
        ")",
        "<b>",
        "word ",
        "日本",
        "e\u{301}",
        "\u{202E}",
        "\t",
        "    ",
        "\u{1B}[31m",
        "- [ ] ",
        "---\n",
        "&#8203;",
        "\\",
    ];
    proptest::collection::vec(proptest::sample::select(PARTS), 0..60)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn nothing_hidden_and_nothing_wider(text in hard(), columns in 1_usize..60) {
        for line in lines(&text, columns) {
            prop_assert!(width::width(&line) <= columns, "{:?}", line);
            prop_assert_eq!(clean::line(&line), line.as_str());
        }
    }

    #[test]
    fn no_word_is_lost(words in proptest::collection::vec("[a-z]{1,8}", 1..20), marks in hard()) {
        let marks = marks.replace(['<', '>', '[', ']', '`', '|', '\\'], "");
        let text = words.join(&format!(" {marks}"));
        let seen = lines(&text, 80).concat();
        for word in words {
            prop_assert!(seen.contains(&word), "{} in {}", word, seen);
        }
    }
}
