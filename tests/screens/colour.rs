//! Colours and weights, and that nothing is said by them alone.

use ratatui::style::{Color, Modifier};
use sortie::app::Pane;

use crate::desk::Desk;
use crate::picture::{golden, looks};
use crate::sizes::places;

#[test]
fn how_a_screen_looks() {
    for (name, mut desk) in places() {
        if matches!(name, "start" | "record" | "found" | "help" | "trouble") {
            desk.resize((100, 30));
            golden(&format!("looks of {name}"), &looks(desk.buffer()));
            golden(&format!("text of {name}"), &desk.text());
        }
    }
}

#[test]
fn how_a_screen_looks_without_colour() {
    for (name, mut desk) in places() {
        if matches!(name, "record" | "trouble") {
            desk.resize((100, 30)).paint(false, false);
            golden(
                &format!("looks without colour of {name}"),
                &looks(desk.buffer()),
            );
        }
    }
}

#[test]
fn colour_changes_no_text_and_its_absence_leaves_none() {
    for (name, mut desk) in places() {
        desk.paint(false, true);
        let with = desk.text();
        desk.paint(false, false);
        assert_eq!(desk.text(), with, "{name}");
        for cell in &desk.buffer().content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
        }
    }
}

#[test]
fn every_failed_row_has_a_sign() {
    for (ascii, sign) in [(false, '✗'), (true, 'x')] {
        let mut failed = 0;
        for (name, mut desk) in places() {
            desk.paint(ascii, false);
            failed += failed_rows(name, &desk, sign);
        }
        assert!(failed > 20, "{failed}");
    }
}

/// How many failed rows of the tree are on the screen, all of which have the sign.
fn failed_rows(name: &str, desk: &Desk, sign: char) -> usize {
    if desk.app.full == Some(Pane::Detail) {
        return 0;
    }
    let text = desk.text();
    let lines: Vec<_> = text.lines().collect();
    let mark = |line: &&str| line.starts_with(['▶', '*']);
    let (Some(y), Some(selected)) = (lines.iter().position(mark), desk.app.selected) else {
        return 0;
    };
    let app = &desk.app;
    let first = y - (app.outline.row_of(selected).unwrap() - app.top);
    let rows = app
        .outline
        .window(app.top, usize::from(app.measured.tree_rows));
    let failed = rows
        .into_iter()
        .enumerate()
        .filter(|(_, node)| app.store.is_failure(*node));
    failed
        .map(|(at, _)| {
            let words = lines[first + at].chars().skip(2).collect::<String>();
            let words = words.trim_start_matches(['▸', '▾', '>', 'v', ' ']);
            assert!(words.starts_with(sign), "{name}: {words}\n{text}");
        })
        .count()
}

#[test]
fn the_ascii_set_is_ascii_whatever_the_data_says() {
    for (name, mut desk) in places() {
        desk.paint(true, true);
        let text = desk.text();
        assert!(text.is_ascii(), "{name}:\n{text}");
        if matches!(name, "record" | "help" | "hostile") {
            desk.resize((80, 24));
            golden(&format!("ascii of {name}"), &desk.text());
        }
    }
}

#[test]
fn a_hit_is_seen_on_the_selected_row_and_on_others() {
    let mut desk = Desk::demo((120, 40));
    desk.open(&["Pager triage", "Checkout latency alert"]);
    desk.press("/").type_in("checkout").press("enter g");
    let hit = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::UNDERLINED);
    let marked: String = desk
        .buffer()
        .content
        .iter()
        .filter(hit)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert!(marked.contains("Checkoutcheckout"), "{marked}");
}
