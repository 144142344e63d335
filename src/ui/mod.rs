//! Paint: the app, read only, onto a frame. What is drawn grows with the screen, never with the data.
//!
//! ```text
//!  170 columns or more, a run open                                100 columns or more
//! ┌ where one is ────────────────────────────── standing ┐       ┌ where one is ──── standing ┐
//! │ plan                                        spent    │       │[1] runs ─────┬[3] detail ──│
//! │[1] runs ───┬[2] timeline ────────────┬[3] detail ────│       │ tree         │ document    │
//! │ tree       │ rows and bars           │ document      │       │              │             │
//! │────────────┴─────────────────────────┴───────────────│       │──────────────┴─────────────│
//! │ prompt, notice or keys                               │       │ prompt, notice or keys     │
//! └ state of things ─────────────────────────────────────┘       └ state of things ───────────┘
//!
//!  narrow and 40 rows or more      narrow
//! ┌ where one is ── standing ┐    ┌ where one is ── standing ┐
//! │[1] runs ─────────────────│    │[1] runs ─────────────────│
//! │ tree                     │    │ tree                     │
//! │[3] detail ───────────────│    │──────────────────────────│
//! │ document                 │    │ peek: four lines         │
//! │──────────────────────────│    │──────────────────────────│
//! │ prompt, notice or keys   │    │ prompt, notice or keys   │
//! └ state of things ─────────┘    └ state of things ─────────┘
//! ```
//!
//! With a run open, its plan has the second line on every screen and pane 2 the place of pane 1 where there
//! is no room for both.

mod bookmarks;
mod brief;
mod calls;
mod columns;
mod detail;
mod export;
mod fitted;
mod foot;
mod grammar;
mod group;
mod help;
mod label;
mod layout;
mod messages;
mod note;
mod operation;
mod palette;
mod plan;
mod preview;
mod requests;
mod review;
mod row;
mod run;
mod status;
mod style;
mod timeline;
mod top;
mod tree;
mod views;
mod waterfall;
mod window;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use self::style::{Glyph, Role};
pub use self::{style::Style, window::title as window_title};
use crate::{
    app::{App, Measured},
    text::width,
};

/// Letters of a placeholder, as far as its number.
const NAME: usize = 44;
/// A smaller screen shows one line that says so.
const LEAST: (u16, u16) = (60, 16);

/// Draws everything and says how much room there was.
pub fn draw(app: &App, style: &Style, frame: &mut Frame) -> Measured {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let measured = draw_too_small(app, style, frame, area);
        style.ground(frame.buffer_mut());
        return measured;
    }
    let run = layout::run_shown(app, area.width);
    let [top, second, upper, main, lower, line, status] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(u16::from(run.is_some())),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    top::draw(app, style, frame, top, run);
    if let Some(run) = run {
        plan::draw(app, style, frame, second, run);
    }
    let plain = |frame: &mut Frame| {
        for place in [upper, lower] {
            layout::rule(style, frame, place, (&[], Glyph::Line));
        }
    };
    let mut measured = if app.contexts.is_empty() {
        plain(frame);
        help::draw_empty(app, style, frame, main);
        app.measured
    } else {
        layout::draw(app, style, frame, [upper, main, lower], run)
    };
    let list = if app.requests.is_some() {
        plain(frame);
        Some(requests::draw(app, style, frame, main))
    } else if app.bookmarks.is_some() {
        plain(frame);
        Some(bookmarks::draw(app, style, frame, main))
    } else if app.calls.is_some() {
        plain(frame);
        Some(calls::draw(app, style, frame, main))
    } else if app.view_list.is_some() {
        plain(frame);
        Some(views::draw(app, style, frame, main))
    } else if app.message_list.is_some() {
        plain(frame);
        Some(messages::draw(app, style, frame, main))
    } else {
        None
    };
    if let Some(rows) = list {
        measured.log_rows = rows.height;
        measured.panes.over = layout::area(rows);
    }
    if let Some(rows) = review::draw(app, style, frame, main) {
        plain(frame);
        measured.log_rows = rows.height;
        measured.panes.over = layout::area(rows);
    } else if let Some(rows) = export::draw(app, style, frame, main) {
        measured.panes.over = layout::area(rows);
    }
    // Over the list that it tells the keys of.
    measured.help_end = app.help.as_ref().map_or(0, |shown| {
        plain(frame);
        measured.panes.over = layout::area(main);
        help::draw(app, style, frame, main, shown)
    });
    if let Some(rows) = palette::draw(app, style, frame, main) {
        measured.palette_rows = rows.height;
        measured.panes.over = layout::area(rows);
    }
    preview::draw(app, style, frame, main);
    // Nothing of the titles and walls that something lies over.
    if app.palette.is_some() || app.export.is_some() {
        layout::rule(style, frame, upper, (&[], Glyph::Line));
    }
    if app.preview.is_some() {
        layout::rule(style, frame, lower, (&[], Glyph::Line));
    }
    let masked = masked(frame, style);
    status::draw(app, style, frame, status, masked);
    // After the others, since a long notice lies over what is above it.
    foot::line(app, style, frame, line);
    style.ground(frame.buffer_mut());
    measured
}

/// How many placeholders of masked values are on the screen.
fn masked(frame: &mut Frame, style: &Style) -> usize {
    let mark = style.text("‹");
    let mut cells = frame.buffer_mut().content().iter();
    let mut count = 0;
    while cells.any(|cell| cell.symbol() == mark) {
        // a name, a number and the end
        let name = cells.clone().take(NAME).map(ratatui::buffer::Cell::symbol);
        let name = name.take_while(|letter| *letter != ">" && *letter != "›" && *letter != " ");
        count += usize::from(name.into_iter().any(|letter| letter == "#"));
    }
    count
}

/// The title of a pane on the rule above it, on the right what its columns are; strong where it has the
/// keys.
fn title(style: &Style, frame: &mut Frame, area: Rect, (name, keys): (&str, bool), right: &str) {
    let role = if keys { Role::Strong } else { Role::Dim };
    // Names of columns stand above them, whatever else there is to say.
    let right_wide = width::width(right);
    let room = usize::from(area.width).saturating_sub(right_wide);
    let name = style.fit(name, room);
    let gap = room.saturating_sub(width::width(&name));
    let trimmed = right.trim_start();
    let gap = gap + right.len() - trimmed.len();
    let line = match gap {
        // A line of one or two signs would be taken for a part of a word.
        0..4 => Span::raw(" ".repeat(gap)),
        _ if trimmed.is_empty() => Span::styled(
            format!(" {}", style.glyph(Glyph::Line).repeat(gap - 1)),
            style.of(Role::Rule),
        ),
        _ => Span::styled(
            format!(" {} ", style.glyph(Glyph::Line).repeat(gap - 2)),
            style.of(Role::Rule),
        ),
    };
    let line = Line::from(vec![
        Span::styled(name.into_owned(), style.of(role)),
        line,
        Span::styled(trimmed.to_owned(), style.of(Role::Dim)),
    ]);
    frame.render_widget(line, area);
    // The rule would go on right behind the last word.
    if !trimmed.is_empty()
        && let Some(cell) = frame.buffer_mut().cell_mut((area.right(), area.y))
    {
        cell.set_symbol(" ");
    }
}

/// On two lines where one is too narrow: half a number would be a wrong one.
fn draw_too_small(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Measured {
    let by = style.glyph(Glyph::Times);
    let needed = format!("{}{by}{} needed,", LEAST.0, LEAST.1);
    let have = format!("have {}{by}{}", area.width, area.height);
    let whole = format!("{needed} {have}");
    let lines = if width::width(&whole) <= usize::from(area.width) {
        vec![whole]
    } else {
        vec![needed, have]
    };
    for (place, line) in area.rows().zip(lines) {
        let line = style.fit(&line, usize::from(area.width)).into_owned();
        frame.render_widget(Line::styled(line, style.of(Role::Plain)), place);
    }
    app.measured
}
