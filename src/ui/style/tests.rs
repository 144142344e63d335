//! What reaches the terminal of a theme, by how many colours it has.

use super::*;
use crate::{
    app::theme::Look,
    guard::{
        ansi::{Colour, Ink},
        redact::Redactor,
    },
};

#[test]
fn of_a_long_text_only_its_beginning_is_gone_through() {
    let style = Style::new(false, false);
    let told = |text: &str| style.told(text, &mut Redactor::default().masking());
    assert_eq!(
        told("short \u{1b}[31m"),
        style.text(&clean::line("short \u{1b}[31m"))
    );
    let long = told(&"é".repeat(1_000_000));
    assert!(long.len() <= HEAD + 4 && long.ends_with("é…"));
}

fn look(fore: &[Colour], back: &[Colour]) -> Look {
    Look {
        fore: fore.to_vec(),
        back: back.to_vec(),
        marks: 0,
    }
}

#[test]
fn a_colour_that_the_terminal_has_not_becomes_the_one_given_for_that_or_the_nearest() {
    let mut theme = Theme::default();
    let orange = [Colour::Rgb(0xd7, 0x5f, 0x00), Colour::Table(3)];
    theme.set(Role::Failed, look(&orange, &[]));
    theme.set(Role::Soft, look(&[Colour::Rgb(0x10, 0x10, 0xf0)], &[]));
    let theme = Arc::new(theme);
    let looks = |depth| {
        let style = Style::themed(Arc::clone(&theme), false, depth);
        (style.of(Role::Failed).fg, style.of(Role::Soft).fg)
    };
    let (orange, blue) = (Color::Rgb(0xd7, 0x5f, 0), Color::Rgb(0x10, 0x10, 0xf0));
    assert_eq!(looks(Depth::Full), (Some(orange), Some(blue)));
    let (orange, blue) = (Color::Indexed(166), Color::Indexed(21));
    assert_eq!(looks(Depth::Table), (Some(orange), Some(blue)));
    let (orange, blue) = (Color::Yellow, Color::Blue);
    assert_eq!(looks(Depth::Sixteen), (Some(orange), Some(blue)));
    assert_eq!(looks(Depth::None), (None, None));
}

#[test]
fn without_colour_a_theme_that_relies_on_it_still_shows_weights() {
    let mut theme = Theme::default();
    theme.set(Role::Hit, Look::default());
    theme.set(Role::Selection, Look::default());
    let style = Style::themed(Arc::new(theme), false, Depth::None);
    for role in [Role::Hit, Role::Selection] {
        let weights = style.of(role).add_modifier;
        assert!(weights.contains(Modifier::REVERSED), "{role:?}");
    }
}

/// Dark blue on almost white, painted.
fn paper() -> Style {
    let mut theme = Theme {
        paints: true,
        ..Theme::default()
    };
    let (fore, back) = (Colour::Rgb(1, 2, 30), Colour::Rgb(250, 250, 250));
    theme.set(Role::Plain, look(&[fore], &[back]));
    Style::themed(Arc::new(theme), false, Depth::Full)
}

#[test]
fn a_painted_background_is_everywhere_and_the_selection_lies_on_it() {
    let style = paper();
    let mut buffer = Buffer::with_lines(["ab", "  "]);
    let first = ratatui::layout::Rect::new(0, 0, 2, 1);
    buffer.set_style(first, style.of(Role::Failed));
    buffer.set_style(first, style.selection());
    style.ground(&mut buffer);
    for cell in &buffer.content {
        let colours = (cell.fg, cell.bg);
        assert_eq!(colours, (Color::Rgb(1, 2, 30), Color::Rgb(250, 250, 250)));
    }
    assert!(buffer.content[0].modifier.contains(Modifier::REVERSED));
}

#[test]
fn a_sender_s_colour_that_would_vanish_in_the_painted_background_is_left_out() {
    let ink = |fore| {
        let mut ink = Ink::default();
        ink.fore = fore;
        ink
    };
    let (white, red) = (ink(Colour::Table(15)), ink(Colour::Rgb(200, 0, 0)));
    let style = paper();
    assert_eq!(style.tone(Tone::Ansi(white)).fg, None);
    assert_eq!(style.tone(Tone::Ansi(red)).fg, Some(Color::Rgb(200, 0, 0)));
    let usual = Style::new(false, true);
    assert_eq!(usual.tone(Tone::Ansi(white)).fg, Some(Color::Indexed(15)));
}
