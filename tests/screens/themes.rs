//! Themes on real screens: how each looks, and that none changes what a screen says.

use std::fmt::Write as _;
use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use sortie::app::theme::{Role, Theme};
use sortie::config::themes::bundled;
use sortie::text::{colour::Depth, width};
use sortie::ui::Style;

use crate::desk::Desk;
use crate::picture::golden;
use crate::sizes::places;

fn run(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage", "Checkout latency alert"]);
    desk.press("/").type_in("roll").press("enter");
    desk
}

/// From now on painted with this theme.
fn paint(desk: &mut Desk, theme: &Arc<Theme>, depth: Depth) {
    let ascii = desk.style.is_ascii();
    desk.app.themes.now = Arc::clone(theme);
    desk.style = Style::themed(Arc::clone(theme), ascii, depth);
    desk.wait(std::time::Duration::ZERO);
}

#[test]
fn how_a_run_looks_in_each_theme() {
    for theme in bundled() {
        let mut desk = run((120, 40));
        paint(&mut desk, &theme, Depth::Full);
        golden(&format!("theme {}", theme.name), &legend(desk.buffer()));
    }
}

#[test]
fn with_sixteen_colours_no_theme_asks_for_more() {
    for theme in bundled() {
        let mut desk = run((120, 40));
        paint(&mut desk, &theme, Depth::Sixteen);
        for cell in &desk.buffer().content {
            for colour in [cell.fg, cell.bg] {
                let more = matches!(colour, Color::Rgb(..) | Color::Indexed(_));
                assert!(!more, "{}: {colour}", theme.name);
            }
        }
    }
}

#[test]
fn no_theme_changes_what_a_screen_says_and_a_painted_one_leaves_no_hole() {
    for (name, mut desk) in places() {
        let text = desk.text();
        for theme in bundled() {
            paint(&mut desk, &theme, Depth::Full);
            assert_eq!(desk.text(), text, "{name} in {}", theme.name);
            assert!(
                !theme.paints || !has_hole(desk.buffer()),
                "{name} in {}",
                theme.name
            );
        }
    }
}

/// Whether some cell has the terminal's own background; what a wide letter covers is no cell.
fn has_hole(buffer: &Buffer) -> bool {
    let mut covered = 0;
    buffer.content.iter().any(|cell| {
        if covered > 0 {
            covered -= 1;
            return false;
        }
        covered = width::width(cell.symbol()).saturating_sub(1);
        cell.bg == Color::Reset
    })
}

#[test]
fn without_colour_every_theme_looks_like_mono() {
    let themes = bundled();
    let mono = themes.iter().find(|theme| theme.name == "mono").unwrap();
    for (name, mut desk) in places() {
        if !matches!(name, "record" | "found" | "trouble" | "hostile") {
            continue;
        }
        paint(&mut desk, mono, Depth::Full);
        let expected = desk.buffer().clone();
        for theme in &themes {
            paint(&mut desk, theme, Depth::None);
            assert_eq!(*desk.buffer(), expected, "{name} in {}", theme.name);
        }
    }
}

#[test]
fn a_theme_is_chosen_behind_the_colon_and_holds_at_once() {
    let mut desk = run((120, 40));
    desk.press(":").type_in("theme da");
    golden("theme typed", &desk.text());
    desk.press("enter");
    let backs = |desk: &Desk| desk.buffer().content[0].bg;
    assert_eq!(backs(&desk), Color::Rgb(0x1d, 0x20, 0x27));
    let notice = desk.app.notice.as_ref().unwrap().text.clone();
    assert!(
        notice.starts_with("theme dark; `theme = \"dark\"`"),
        "{notice}"
    );
    desk.press(":").type_in("theme ansi").press("enter");
    assert_eq!(backs(&desk), Color::Reset);
    desk.press(":").type_in("theme purple").press("enter");
    let notice = desk.app.notice.as_ref().unwrap().text.clone();
    assert_eq!(
        notice,
        "there is no theme \"purple\"; there are ansi, cb, dark, high-contrast, light, mono"
    );
    assert_eq!(desk.app.themes.now.name, "ansi");
}

#[test]
fn a_hit_on_the_selected_row_is_seen_in_each_theme() {
    for theme in bundled() {
        for depth in [Depth::Full, Depth::Table, Depth::Sixteen, Depth::None] {
            let style = Style::themed(Arc::clone(&theme), false, depth);
            let look = style.of(Role::Hit).patch(style.selection());
            let plain = style.of(Role::Plain).patch(style.selection());
            assert!(
                look.add_modifier.contains(Modifier::UNDERLINED),
                "{} {depth:?}",
                theme.name
            );
            assert_ne!(look, plain, "{} {depth:?}", theme.name);
        }
    }
}

/// The looks of any theme: a letter for each look, `.` for that of most cells, and what the letters mean.
fn legend(buffer: &Buffer) -> String {
    let of = |cell: &Cell| (cell.fg, cell.bg, cell.modifier);
    let mut looks: Vec<_> = Vec::new();
    for cell in &buffer.content {
        if !looks.contains(&of(cell)) {
            looks.push(of(cell));
        }
    }
    let count = |look: &_| {
        buffer
            .content
            .iter()
            .filter(|cell| of(cell) == *look)
            .count()
    };
    let ground = *looks.iter().max_by_key(|look| count(look)).unwrap();
    looks.retain(|look| *look != ground);
    let letters = ('a'..='z').chain('A'..='Z');
    let letters: Vec<_> = looks.into_iter().zip(letters).collect();
    let letter = |cell: &Cell| {
        let known = letters.iter().find(|(look, _)| *look == of(cell));
        known.map_or('.', |(_, letter)| *letter)
    };
    let mut told: String = buffer
        .content
        .chunks(usize::from(buffer.area.width))
        .map(|row| {
            let line: String = row.iter().map(letter).collect();
            line.trim_end_matches('.').to_owned() + "\n"
        })
        .collect();
    let all = std::iter::once((ground, '.')).chain(letters.iter().copied());
    for ((fore, back, marks), letter) in all {
        writeln!(told, "{letter} {fore} on {back} {marks:?}").unwrap();
    }
    told
}
