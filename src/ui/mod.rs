//! Paint: the app, read only, onto a frame. What is drawn grows with the screen, never with the data.
//!
//! ```text
//!  wide (100 columns or more)                narrow
//! ┌ where one is ───────────── standing ┐   ┌ where one is ── standing ┐
//! │─────────────────────┬───────────────│   │──────────────────────────│
//! │[1] runs             │[3] detail     │   │ tree                     │
//! │ tree                │ document      │   │──────────────────────────│
//! │─────────────────────┴───────────────│   │ peek: four lines         │
//! │ prompt, notice or keys              │   │ prompt, notice or keys   │
//! └ state of things ────────────────────┘   └ state of things ─────────┘
//! ```

mod bookmarks;
mod calls;
mod columns;
mod detail;
mod export;
mod foot;
mod grammar;
mod group;
mod help;
mod label;
mod operation;
mod palette;
mod plan;
mod preview;
mod requests;
mod row;
mod run;
mod status;
mod style;
mod timeline;
mod top;
mod tree;
mod views;
mod waterfall;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

pub use self::style::Style;
use self::style::{Glyph, Role};
use crate::{
    analysis::RunSort,
    app::{App, Measured, Pane, arrange::Arrangement},
    doc::View,
    text::width,
};

/// From this many columns on, tree and detail stand side by side.
const WIDE: u16 = 100;
/// From this many rows on, a narrow screen has the detail below the tree.
const TALL: u16 = 40;
/// Letters of a placeholder, as far as its number.
const NAME: usize = 44;
/// A smaller screen shows one line that says so.
const LEAST: (u16, u16) = (60, 16);

/// Draws everything and says how much room there was.
pub fn draw(app: &App, style: &Style, frame: &mut Frame) -> Measured {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return draw_too_small(app, style, frame, area);
    }
    let plan = u16::from(app.screen().is_some());
    let [top, second, upper, main, lower, line, status] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(plan),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    top::draw(app, style, frame, top);
    if let Some(run) = app.screen() {
        plan::draw(app, style, frame, second, run);
    }
    let measured = if app.contexts.is_empty() {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        help::draw_empty(app, style, frame, main);
        app.measured
    } else {
        draw_main(app, style, frame, [upper, main, lower])
    };
    let log_rows = if app.requests.is_some() {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        requests::draw(app, style, frame, main)
    } else if app.bookmarks.is_some() {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        bookmarks::draw(app, style, frame, main)
    } else if app.calls.is_some() {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        calls::draw(app, style, frame, main)
    } else if app.view_list.is_some() {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        views::draw(app, style, frame, main)
    } else {
        measured.log_rows
    };
    export::draw(app, style, frame, main);
    // Over the list that it tells the keys of.
    let help_end = app.help.map_or(0, |scrolled| {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        help::draw(app, style, frame, main, scrolled)
    });
    let palette_rows = palette::draw(app, style, frame, main).unwrap_or(measured.palette_rows);
    preview::draw(app, style, frame, main);
    let masked = masked(frame, style);
    status::draw(app, style, frame, status, masked);
    // Last, since a long notice lies over what is above it.
    foot::line(app, style, frame, line);
    Measured {
        help_end,
        log_rows,
        palette_rows,
        ..measured
    }
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

fn draw_main(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    [upper, main, lower]: [Rect; 3],
) -> Measured {
    let wide = main.width >= WIDE;
    if let Some(pane) = app.full {
        rule(style, frame, upper, None, Glyph::Line);
        rule(style, frame, lower, None, Glyph::Line);
        return draw_full(app, style, frame, main, pane, wide);
    }
    if wide {
        let [left, wall, right] = Layout::horizontal([
            Constraint::Percentage(55),
            Constraint::Length(1),
            Constraint::Min(1),
        ])
        .areas(main);
        rule(style, frame, upper, Some(wall.x), Glyph::Fork);
        rule(style, frame, lower, Some(wall.x), Glyph::Foot);
        for place in wall.rows() {
            frame.render_widget(
                Span::styled(style.glyph(Glyph::Wall), style.of(Role::Rule)),
                place,
            );
        }
        let tree_rows = draw_tree(app, style, frame, left);
        let (rows, columns) = draw_detail(app, style, frame, right);
        return measured(app, main, [tree_rows, rows, columns], true);
    }
    draw_narrow(app, style, frame, [upper, main, lower])
}

fn draw_full(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    main: Rect,
    pane: Pane,
    wide: bool,
) -> Measured {
    match pane {
        Pane::Tree => {
            let rows = draw_tree(app, style, frame, main);
            measured(app, main, [rows, 0, main.width], wide)
        }
        Pane::Bars => {
            let rows = run::draw_waterfall(app, style, frame, main);
            measured(app, main, [rows, 0, main.width], wide)
        }
        Pane::Detail => {
            let (rows, columns) = draw_detail(app, style, frame, main);
            measured(app, main, [app.measured.tree_rows, rows, columns], wide)
        }
    }
}

fn draw_narrow(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    [upper, main, lower]: [Rect; 3],
) -> Measured {
    let portrait = main.height >= TALL - 5;
    let below = if portrait { main.height / 2 } else { 4 };
    let [tree, wall, peek] = Layout::vertical([
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(below),
    ])
    .areas(main);
    for place in [upper, wall, lower] {
        rule(style, frame, place, None, Glyph::Line);
    }
    if portrait {
        let tree_rows = draw_tree(app, style, frame, tree);
        let (rows, columns) = draw_detail(app, style, frame, peek);
        return measured(app, tree, [tree_rows, rows, columns], true);
    }
    // Without a word on them, another order and other columns would be a riddle.
    let named = app.screen().is_some()
        || app.arranged.order != RunSort::default()
        || !app.columns.sets.runs.is_usual();
    let rows = if named {
        draw_tree(app, style, frame, tree)
    } else {
        tree::draw(app, style, frame, tree, true);
        tree.height
    };
    detail::peek(app, style, frame, peek);
    let columns = peek.width.saturating_sub(1);
    measured(app, tree, [rows, 0, columns], false)
}

/// The tree, or the rows of the run that has the screen, under its title; says how many rows it had.
fn draw_tree(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> u16 {
    if let Some(run) = app.screen() {
        return run::draw(app, style, frame, area, run);
    }
    let (head, body) = titled(area);
    let by = app.arranged.by;
    let whose = matches!(by, Arrangement::Inbox | Arrangement::Causes);
    let columns = label::heads(app, style, area.width, whose);
    let mut name = match by {
        Arrangement::Missions => "[1] runs".to_owned(),
        by => format!("[1] {}", by.word()),
    };
    if app.arranged.order != RunSort::default() {
        name = format!("{name}  {}", app.arranged.order.told());
    }
    title(app, style, frame, head, &name, Pane::Tree, &columns);
    tree::draw(app, style, frame, body, true);
    body.height
}

/// The detail under its title; says how many rows and columns it had.
fn draw_detail(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> (u16, u16) {
    let (head, body) = titled(area);
    let mut name = "[3] detail".to_owned();
    if app.detail.view != View::Pretty {
        name = format!("{name}: {}", app.detail.view.word());
    }
    if app.detail.cut {
        name.push_str(", lines cut (w wraps)");
    }
    title(
        app,
        style,
        frame,
        head,
        &name,
        Pane::Detail,
        &detail::position(app),
    );
    let body = Rect {
        x: body.x + 1,
        width: body.width.saturating_sub(1),
        ..body
    };
    detail::draw(app, style, frame, body);
    (body.height, body.width)
}

fn titled(area: Rect) -> (Rect, Rect) {
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    (head, body)
}

fn title(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    area: Rect,
    name: &str,
    pane: Pane,
    right: &str,
) {
    let role = if app.focus == pane {
        Role::Strong
    } else {
        Role::Dim
    };
    // Names of columns stand above them, whatever else there is to say.
    let right_wide = width::width(right);
    let room = usize::from(area.width).saturating_sub(right_wide);
    let name = style.fit(name, room);
    let gap = room.saturating_sub(width::width(&name));
    let line = Line::from(vec![
        Span::styled(name.into_owned(), style.of(role)),
        Span::raw(" ".repeat(gap)),
        Span::styled(right.to_owned(), style.of(Role::Dim)),
    ]);
    frame.render_widget(line, area);
}

/// A line across, with a sign where the panes part.
fn rule(style: &Style, frame: &mut Frame, area: Rect, part: Option<u16>, sign: Glyph) {
    let line = style.glyph(Glyph::Line).repeat(usize::from(area.width));
    frame.render_widget(Span::styled(line, style.of(Role::Rule)), area);
    if let Some(x) = part {
        let place = Rect {
            x,
            width: 1,
            ..area
        };
        frame.render_widget(Span::styled(style.glyph(sign), style.of(Role::Rule)), place);
    }
}

/// On two lines where one is too narrow: half a number would be a wrong one.
fn draw_too_small(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Measured {
    let needed = format!("{}x{} needed,", LEAST.0, LEAST.1);
    let have = format!("have {}x{}", area.width, area.height);
    let whole = format!("{needed} {have}");
    let lines = if whole.len() <= usize::from(area.width) {
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

fn measured(
    app: &App,
    main: Rect,
    [tree_rows, detail_rows, detail_columns]: [u16; 3],
    wide: bool,
) -> Measured {
    let left = Rect {
        width: if wide && app.full.is_none() && main.width >= WIDE {
            main.width.saturating_mul(11) / 20
        } else {
            main.width
        },
        ..main
    };
    Measured {
        bars: run::usual_bars(left),
        bars_fit: run::bars_fit(left),
        tree_rows,
        detail_rows,
        detail_columns,
        wide,
        help_end: 0,
        log_rows: detail_rows.max(tree_rows),
        palette_rows: app.measured.palette_rows,
        crowded: crowded(app, left),
    }
}

/// How many added columns there is no room for.
fn crowded(app: &App, area: Rect) -> usize {
    if let Some(run) = app.screen() {
        return run::columns(app, area, run).crowded(app);
    }
    let (count, _) = label::added(app, area.width);
    app.columns.sets.runs.added.len().saturating_sub(count)
}
