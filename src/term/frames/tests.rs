//! Frames as a terminal gets them: one write each, and nothing left behind.

use super::*;
use ratatui::layout::Rect;
use ratatui::text::Text;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::sync::{Arc, Mutex};

/// Remembers every write apart.
#[derive(Clone, Default)]
struct Writes(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Writes {
    fn take(&self) -> Vec<String> {
        let writes = std::mem::take(&mut *self.0.lock().unwrap());
        writes
            .into_iter()
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .collect()
    }
}

fn terminal(out: Writes) -> Terminal<Frames<Writes>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 3));
    Terminal::with_options(Frames::new(out), TerminalOptions { viewport }).unwrap()
}

#[test]
fn what_stood_under_wide_characters_is_painted_again_when_they_go() {
    let out = Writes::default();
    let mut terminal = terminal(out.clone());
    terminal.clear().unwrap();
    let mut painted = vt100::Parser::new(3.try_into().unwrap(), 20.try_into().unwrap(), 0);
    for text in [
        "──────────",
        "日本日本日",
        "──────────",
        "halfwidth!",
        "日本日本日",
        "halfwidth!",
    ] {
        terminal
            .draw(|frame| frame.render_widget(Text::from(text), frame.area()))
            .unwrap();
        for write in out.take() {
            painted.process(write.as_bytes());
        }
        let shown = painted.screen().contents();
        assert_eq!(shown.lines().next().unwrap().trim_end(), text);
    }
}

#[test]
fn a_frame_is_one_write_in_one_synchronized_update() {
    let out = Writes::default();
    let mut terminal = terminal(out.clone());
    terminal
        .draw(|frame| frame.render_widget(Text::from("hello"), frame.area()))
        .unwrap();
    let writes = out.take();
    assert_eq!(writes.len(), 1, "{writes:?}");
    let frame = &writes[0];
    assert!(frame.starts_with("\x1b[?2026h") && frame.ends_with("\x1b[?2026l"));
    assert!(frame.contains("hello") && frame.contains("\x1b[?25l"));
}

#[test]
fn a_frame_without_a_change_writes_nothing() {
    let out = Writes::default();
    let mut terminal = terminal(out.clone());
    for _ in 0..3 {
        terminal
            .draw(|frame| frame.render_widget(Text::from("same"), frame.area()))
            .unwrap();
    }
    assert_eq!(out.take().len(), 1);
}

#[test]
fn a_prompt_keeps_its_cursor_without_writing_it_again() {
    let out = Writes::default();
    let mut terminal = terminal(out.clone());
    let draw = |terminal: &mut Terminal<Frames<Writes>>, column| {
        terminal
            .draw(|frame| frame.set_cursor_position((column, 2)))
            .unwrap();
    };
    draw(&mut terminal, 4);
    draw(&mut terminal, 4);
    let writes = out.take();
    assert_eq!(writes.len(), 1, "{writes:?}");
    assert!(writes[0].contains("\x1b[?25h\x1b[3;5H"), "{writes:?}");
    draw(&mut terminal, 5);
    assert_eq!(out.take(), ["\x1b[?2026h\x1b[3;6H\x1b[?2026l"]);
}

/// Lists over a real emulator: what it shows is what was meant, and scrolling is cheap.
#[test]
fn a_scrolled_list_is_moved_by_the_terminal_itself() {
    let size = || Ok(Size::new(40, 12));
    let out = Writes::default();
    let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
    terminal.clear().unwrap();
    let mut emulator = vt100::Parser::new(
        std::num::NonZero::new(12).unwrap(),
        std::num::NonZero::new(40).unwrap(),
        0,
    );
    let mut bytes = Vec::new();
    for top in [0, 1, 2, 5, 4, 3, 0, 30, 31, 8] {
        let rows: Vec<String> = (0..12)
            .map(|row| match row {
                0 => "the title stays".to_owned(),
                11 => format!("at {top}"),
                // A wide character and a colour must survive being moved.
                row => format!("row {:03} 代理 {}", top + row, "x".repeat((top + row) % 9)),
            })
            .collect();
        terminal
            .draw(|frame| frame.render_widget(Text::from(rows.join("\n")), frame.area()))
            .unwrap();
        let written = out.take().concat();
        bytes.push(written.len());
        emulator.process(written.as_bytes());
        let seen: Vec<_> = emulator.screen().rows(0, 40).collect();
        let meant: Vec<_> = rows.iter().map(|row| row.trim_end().to_owned()).collect();
        let seen: Vec<_> = seen.iter().map(|row| row.trim_end().to_owned()).collect();
        assert_eq!(seen, meant, "at {top}");
    }
    assert!(
        bytes[1] < bytes[0] / 2 && bytes[4] < bytes[0] / 2,
        "{bytes:?}"
    );
}

#[test]
fn a_row_of_doubtful_width_is_wiped_before_it_is_painted_over() {
    let size = || Ok(Size::new(40, 3));
    let out = Writes::default();
    let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
    terminal.clear().unwrap();
    let mut draw = |text: &str| {
        terminal
            .draw(|frame| frame.render_widget(Text::from(text.to_owned()), frame.area()))
            .unwrap();
        out.take().concat()
    };
    draw("first\n👩\u{200d}💻 1\u{fe0f}\u{20e3} joined\nlast");
    let over = draw("first\nplain\nlast");
    assert!(over.contains("\x1b[2;1H\x1b[2K"), "{over:?}");
    assert!(over.contains("plain") && !over.contains("last"), "{over:?}");
    assert!(
        !draw("first\nother\nlast").contains("\x1b[2K"),
        "plain rows are not"
    );
}

#[test]
fn the_rest_of_a_row_stays_in_its_columns_behind_an_emoji() {
    let size = || Ok(Size::new(40, 2));
    let out = Writes::default();
    let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
    terminal.clear().unwrap();
    let mut painted = String::new();
    for text in ["......", "a❤\u{fe0f}b👩\u{200d}💻c"] {
        terminal
            .draw(|frame| frame.render_widget(Text::from(text), frame.area()))
            .unwrap();
        painted = out.take().concat();
    }
    // Behind a letter it is known where the cursor is; behind an emoji it is told anew.
    for told in [
        "\x1b[1;1Ha\x1b[C ",
        "\x1b[1;2H❤\u{fe0f}",
        "\x1b[1;4Hb👩\u{200d}💻",
        "\x1b[1;7Hc",
    ] {
        let at = painted.find(told);
        assert!(at.is_some(), "{told:?}: {painted:?}");
        painted = painted.split_off(at.unwrap());
    }
}

#[test]
fn clearing_paints_everything_again() {
    let out = Writes::default();
    let mut terminal = terminal(out.clone());
    for _ in 0..2 {
        terminal
            .draw(|frame| frame.render_widget(Text::from("again"), frame.area()))
            .unwrap();
        terminal.clear().unwrap();
    }
    let painted = out.take().concat();
    assert_eq!(painted.matches("again").count(), 2);
    assert_eq!(
        painted.matches("\x1b[6n").count(),
        0,
        "the cursor is never asked for"
    );
}

#[test]
fn addresses_are_links_where_that_is_wanted_and_lead_to_what_they_say() {
    let size = || Ok(Size::new(40, 3));
    let out = Writes::default();
    let mut frames = Frames::sized(out.clone(), size);
    frames.link();
    let mut terminal = Terminal::new(frames).unwrap();
    terminal.clear().unwrap();
    let mut draw = |text: &str| {
        terminal
            .draw(|frame| frame.render_widget(Text::from(text.to_owned()), frame.area()))
            .unwrap();
        out.take().concat()
    };
    let link = |url: &str| format!("\x1b]8;;{url}\x1b\\");
    let first = draw("console https://c.example/r/1 here\nlast");
    assert!(first.contains(&link("https://c.example/r/1")), "{first:?}");
    assert_eq!(first.matches(&link("")).count(), 1);
    // Cells that are painted already would go on leading to where they led.
    let second = draw("console https://c.example/r/2 here\nlast");
    let (_, linked) = second.split_once(&link("https://c.example/r/2")).unwrap();
    assert!(
        linked.starts_with("https://c.example/r/2") || linked.contains("https"),
        "{second:?}"
    );
    assert!(!draw("console none here\nlast").contains("https"));
    assert!(!draw("console none here\nmore").contains("\x1b]8"));
}
