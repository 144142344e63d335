//! What a reader of Markdown makes of a hostile run, and how a long one is cut.

use pulldown_cmark::{CodeBlockKind, Event as Part, Options, Parser, Tag};

use crate::export::{
    Form,
    tests::{HOSTILE, shipped},
};

#[test]
fn what_services_sent_is_never_markup() {
    let (told, _) = shipped(Form::Markdown, 1);
    let parser = Parser::new_ext(&told, Options::all());
    let (mut headings, mut cells, mut rows, mut blocks) = (Vec::new(), 0, 0, 0);
    for part in parser {
        match part {
            Part::Html(html) | Part::InlineHtml(html) => panic!("{html}\n{told}"),
            Part::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link\n{told}"),
            Part::Start(Tag::Heading { level, .. }) => headings.push(level as usize),
            Part::Start(Tag::TableCell) => cells += 1,
            Part::Start(Tag::TableRow | Tag::TableHead) => rows += 1,
            Part::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                assert!(["json", "text"].contains(&&*language), "{language}");
                blocks += 1;
            }
            Part::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => panic!("{told}"),
            Part::Text(text) => {
                for word in ["alert", "onerror", "@everyone", "heading", "bold"] {
                    let in_block = text.lines().count() > 1 || text.contains("```");
                    assert!(
                        !text.contains(word) || in_block || text.ends_with('\n'),
                        "{text}"
                    );
                }
            }
            _ => {}
        }
    }
    // One title; error, input, plan, what failed, operations; two failures.
    assert_eq!(headings[0], 1);
    assert_eq!(
        headings.iter().filter(|level| **level == 1).count(),
        1,
        "{told}"
    );
    assert_eq!(
        headings.iter().filter(|level| **level == 2).count(),
        5,
        "{told}"
    );
    assert!(blocks >= 4, "{told}");
    assert!(rows > 8 && cells > rows * 2, "{rows} {cells}");
    assert!(!told.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_block_holds_what_was_sent_to_the_last_backtick() {
    let (told, _) = shipped(Form::Markdown, 1);
    let text: String = Parser::new_ext(&told, Options::all())
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect();
    let line = HOSTILE.lines().next().unwrap();
    assert!(text.contains(line), "{text}");
}
