//! The panes of the main part of the screen: where each of them is, and what it is drawn with. How much of
//! the room is whose, [`shares`](crate::app::shares) says; what stands in a pane, its own module.

use ratatui::{
    Frame,
    layout::{Constraint, Layout as Cut, Rect},
    text::Span,
    widgets::Clear,
};

use super::{
    detail, label, run,
    style::{Glyph, Role, Style},
    title, tree,
};
use crate::{
    analysis::RunSort,
    app::{
        App, Measured, Pane,
        arrange::Arrangement,
        panes::{Panes, Shown},
        shares::{Area, Layout},
    },
    doc::View,
    model::NodeId,
};

/// The rule above the panes, the panes, the rule below them.
pub type Parts = [Rect; 3];

/// The run that has pane 2 on a screen so wide: the one that keys move in, or one beside the list.
pub fn run_shown(app: &App, width: u16) -> Option<NodeId> {
    if Layout::is_three(width) && app.full.is_none() {
        app.held_run()
    } else {
        app.screen()
    }
}

/// A part of the screen as the app knows it.
pub fn area(rect: Rect) -> Area {
    Area {
        x: rect.x,
        y: rect.y,
        width: rect.width,
        height: rect.height,
    }
}

/// Draws the panes; says where they are.
pub fn draw(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    parts: Parts,
    run: Option<NodeId>,
) -> Measured {
    let [upper, main, lower] = parts;
    let layout = Layout::of(main.width, main.height, run.is_some(), app.shares().mode);
    let mut panes = Panes {
        layout,
        main: area(main),
        ..Panes::default()
    };
    // Titles stand on the rule: a row is on the same line whatever panes there are.
    for line in [upper, lower] {
        rule(style, frame, line, (&[], Glyph::Line));
    }
    let walls: Vec<u16> = match (app.full, layout) {
        (Some(pane), _) => {
            draw_full(app, style, frame, main, (pane, &mut panes));
            Vec::new()
        }
        (None, Layout::Three) => draw_three(app, style, frame, main, (run, &mut panes)),
        (None, Layout::Two) => draw_two(app, style, frame, main, &mut panes),
        (None, Layout::Portrait | Layout::Narrow) => {
            draw_low(app, style, frame, main, &mut panes);
            Vec::new()
        }
    };
    for x in walls {
        let wall = Rect {
            x,
            width: 1,
            ..main
        };
        put(
            style,
            frame,
            Rect {
                height: 1,
                y: upper.y,
                ..wall
            },
            Glyph::Fork,
        );
        put(
            style,
            frame,
            Rect {
                height: 1,
                y: lower.y,
                ..wall
            },
            Glyph::Foot,
        );
        for place in wall.rows() {
            put(style, frame, place, Glyph::Wall);
        }
    }
    measured(app, panes)
}

fn draw_full(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    main: Rect,
    (pane, panes): (Pane, &mut Panes),
) {
    match (pane, app.screen()) {
        (Pane::Detail, _) => panes.detail = draw_detail(app, style, frame, main),
        (Pane::Bars, Some(_)) => panes.run = run::draw_waterfall(app, style, frame, main),
        (Pane::Tree, Some(run)) => panes.run = run::draw(app, style, frame, main, (run, false)),
        (Pane::Tree | Pane::Bars, None) => panes.list = draw_list(app, style, frame, main),
    }
}

fn draw_three(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    main: Rect,
    (run, panes): (Option<NodeId>, &mut Panes),
) -> Vec<u16> {
    let keys = match (app.focus, app.screen()) {
        (Pane::Detail, _) => 2,
        (_, Some(_)) => 1,
        (_, None) => 0,
    };
    let [list, rows, detail] = app.shares().three(main.width, keys);
    let [list, one, rows, other, detail] = Cut::horizontal([
        Constraint::Length(list),
        Constraint::Length(1),
        Constraint::Length(rows),
        Constraint::Length(1),
        Constraint::Length(detail),
    ])
    .areas(main);
    let (list, rows) = (apart(list), apart(rows));
    panes.list = draw_list(app, style, frame, list);
    if let Some(run) = run {
        panes.run = run::draw(app, style, frame, rows, (run, true));
    }
    panes.detail = draw_detail(app, style, frame, detail);
    vec![one.x, other.x]
}

fn draw_two(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    main: Rect,
    panes: &mut Panes,
) -> Vec<u16> {
    let first = app.shares().two(main.width, app.focus != Pane::Detail);
    let [left, wall, right] = Cut::horizontal([
        Constraint::Length(first),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(main);
    draw_rows(app, style, frame, apart(left), panes);
    panes.detail = draw_detail(app, style, frame, right);
    vec![wall.x]
}

/// The detail, or a peek of it, below the rows.
fn draw_low(app: &App, style: &Style, frame: &mut Frame, main: Rect, panes: &mut Panes) {
    let splits = app.shares();
    let upper = match panes.layout {
        Layout::Narrow => main.height.saturating_sub(splits.peek(main.height) + 1),
        _ => splits.upper(main.height, app.focus != Pane::Detail),
    };
    let [rows, wall, below] = Cut::vertical([
        Constraint::Length(upper),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(main);
    rule(style, frame, wall, (&[], Glyph::Line));
    if panes.layout == Layout::Portrait {
        draw_rows(app, style, frame, rows, panes);
        panes.detail = draw_detail(app, style, frame, below);
        return;
    }
    draw_rows(app, style, frame, rows, panes);
    detail::peek(app, style, frame, below);
    panes.detail = Shown {
        area: area(below),
        ..Shown::default()
    };
}

/// Pane 1, or pane 2 in its place.
fn draw_rows(app: &App, style: &Style, frame: &mut Frame, place: Rect, panes: &mut Panes) {
    match app.screen() {
        Some(run) => panes.run = run::draw(app, style, frame, place, (run, false)),
        None => panes.list = draw_list(app, style, frame, place),
    }
}

/// The list under its title.
fn draw_list(app: &App, style: &Style, frame: &mut Frame, place: Rect) -> Shown {
    let by = app.arranged.by;
    let whose = matches!(by, Arrangement::Inbox | Arrangement::Causes);
    let mut name = match by {
        Arrangement::Missions => "[1] runs".to_owned(),
        by => format!("[1] {}", by.word()),
    };
    if app.arranged.order != RunSort::default() {
        name = format!("{name}  {}", app.arranged.order.told());
    }
    let keys = app.focus == Pane::Tree && app.screen().is_none();
    let rows = app.rows_of(None, place.height);
    name.push_str(run::narrowed(rows.seen.lens()));
    let widths = tree::draw(app, style, frame, place, (rows, true));
    let columns = label::heads(app, style, place.width, whose, &widths);
    title(style, frame, above(place), (&name, keys), &columns);
    Shown {
        area: area(place),
        rows: area(place),
        marks: place.x.saturating_add(2),
    }
}

/// The detail under its title.
fn draw_detail(app: &App, style: &Style, frame: &mut Frame, place: Rect) -> Shown {
    let mut name = "[3] detail".to_owned();
    if app.detail.view != View::Pretty {
        name = format!("{name}: {}", app.detail.view.word());
    }
    if app.detail.cut {
        name.push_str(", lines cut (w wraps)");
    }
    let keys = app.focus == Pane::Detail;
    title(
        style,
        frame,
        above(place),
        (&name, keys),
        &detail::position(app),
    );
    let body = Rect {
        x: place.x + 1,
        width: place.width.saturating_sub(1),
        ..place
    };
    detail::draw(app, style, frame, body);
    Shown {
        area: area(place),
        rows: area(body),
        marks: body.x,
    }
}

/// The piece of the rule above a pane, which its title stands on.
pub fn above(area: Rect) -> Rect {
    Rect {
        y: area.y.saturating_sub(1),
        height: 1,
        ..area
    }
}

/// A pane but its last column, so that nothing touches the wall beside it.
fn apart(area: Rect) -> Rect {
    Rect {
        width: area.width.saturating_sub(1),
        ..area
    }
}

/// A line across what lies beneath, joined with the walls that end or go on there.
pub fn seam(style: &Style, frame: &mut Frame, area: Rect) {
    // What was painted there leaves nothing of its looks.
    frame.render_widget(Clear, area);
    rule(style, frame, area, (&[], Glyph::Line));
    let wall = style.glyph(Glyph::Wall);
    for x in area.left()..area.right() {
        let is_wall = |y: Option<u16>, frame: &mut Frame| {
            let cell = y.and_then(|y| frame.buffer_mut().cell((x, y)));
            cell.is_some_and(|cell| cell.symbol() == wall)
        };
        let sign = match (
            is_wall(area.y.checked_sub(1), frame),
            is_wall(area.y.checked_add(1), frame),
        ) {
            (true, false) => Glyph::Foot,
            (false, true) => Glyph::Fork,
            _ => continue,
        };
        let place = Rect {
            x,
            width: 1,
            ..area
        };
        put(style, frame, place, sign);
    }
}

fn put(style: &Style, frame: &mut Frame, area: Rect, sign: Glyph) {
    let sign = Span::styled(style.glyph(sign), style.of(Role::Rule));
    frame.render_widget(sign, area);
}

/// A line across, with a sign where walls meet it.
pub fn rule(style: &Style, frame: &mut Frame, area: Rect, (walls, sign): (&[u16], Glyph)) {
    let line = style.glyph(Glyph::Line).repeat(usize::from(area.width));
    frame.render_widget(Span::styled(line, style.of(Role::Rule)), area);
    for x in walls {
        let place = Rect {
            x: *x,
            width: 1,
            ..area
        };
        put(style, frame, place, sign);
    }
}

/// What the panes have room for.
fn measured(app: &App, panes: Panes) -> Measured {
    let active = match app.screen() {
        Some(_) => panes.run,
        None => panes.list,
    };
    let is_shown = active.area.height > 0;
    // With the detail alone on the screen, the rows are as many as they were.
    let tree_rows = if is_shown {
        active.rows.height
    } else {
        app.measured.tree_rows
    };
    let pane = if is_shown { active.area } else { panes.main };
    let columns = match (panes.detail.area, panes.layout) {
        (shown, Layout::Narrow) if app.full.is_none() => shown.width.saturating_sub(1),
        (shown, _) if shown.height > 0 => panes.detail.rows.width,
        _ => panes.main.width,
    };
    let of_run = if panes.run.area.height > 0 {
        panes.run.area
    } else {
        pane
    };
    Measured {
        bars: run::usual_bars(of_run, panes.layout == Layout::Three),
        bars_fit: run::bars_fit(of_run),
        tree_rows,
        detail_rows: panes.detail.rows.height,
        detail_columns: columns,
        wide: panes.layout != Layout::Narrow,
        help_end: 0,
        log_rows: panes.detail.rows.height.max(tree_rows),
        palette_rows: app.measured.palette_rows,
        crowded: crowded(app, pane),
        panes,
    }
}

/// How many added columns there is no room for.
fn crowded(app: &App, pane: Area) -> usize {
    if let Some(run) = app.screen() {
        let three = app.measured.panes.layout == Layout::Three;
        return run::columns(app, pane, (run, three)).crowded(app);
    }
    let (count, _) = label::added(app, pane.width);
    app.columns.sets.runs.added.len().saturating_sub(count)
}
