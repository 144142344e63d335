//! The rows of the run that has the screen, with the waterfall beside them, below them or above them. How
//! it is laid out only: what a row says and how time is drawn is told elsewhere.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::Span,
};

use super::{
    layout,
    style::{Glyph, Role, Style},
    timeline, title, waterfall,
};
use crate::{
    app::{
        App, Bars, Pane,
        outline::Lens,
        panes::Shown,
        shares::{Area, WIDE},
    },
    model::NodeId,
};

/// The rows of one run under what they are and the names of their columns, above the waterfall where it
/// has a pane. `three`: whether it stands between two other panes.
pub fn draw(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    place: Rect,
    (run, three): (NodeId, bool),
) -> Shown {
    let area = layout::area(place);
    let bars = bars(app, area, three);
    let below = if bars == Bars::Pane {
        waterfall::LINES + 1
    } else {
        0
    };
    let [names, body, wall, pane] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(below.min(1)),
        Constraint::Length(below.saturating_sub(1)),
    ])
    .areas(place);
    let keys = app.focus == Pane::Tree && app.screen() == Some(run);
    title(
        style,
        frame,
        layout::above(place),
        (&counts(app, run), keys),
        "",
    );
    let columns = columns(app, area, (run, three));
    draw_heads(app, style, frame, names, (run, columns));
    timeline::draw(app, style, frame, body, (run, columns));
    if bars == Bars::Pane {
        layout::rule(style, frame, wall, (&[], Glyph::Line));
        waterfall::draw(app, style, frame, pane, run);
    }
    shown(area, body, columns)
}

fn shown(area: Area, body: Rect, columns: timeline::Columns) -> Shown {
    Shown {
        area,
        rows: layout::area(body),
        marks: body.x.saturating_add(columns.left()),
    }
}

/// The columns of a pane.
pub fn columns(app: &App, area: Area, (run, three): (NodeId, bool)) -> timeline::Columns {
    let tokens = timeline::has_tokens(app, run);
    let set = &app.columns.sets.events;
    let columns = timeline::Columns::of(area.width, bars(app, area, three), tokens, set);
    let last = app
        .store
        .newest(run)
        .and_then(|last| app.store.number(last));
    columns.with_numbers_up_to(last.unwrap_or_default())
}

/// The waterfall with the whole screen: what went on at any time, above the rows with bars as wide as
/// their words leave room for.
pub fn draw_waterfall(app: &App, style: &Style, frame: &mut Frame, area: Rect) -> Shown {
    let Some(run) = app.screen() else {
        return Shown::default();
    };
    let [pane, wall, names, body] = Layout::vertical([
        Constraint::Length(waterfall::LINES),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(0),
    ])
    .areas(area);
    waterfall::draw(app, style, frame, pane, run);
    layout::rule(style, frame, wall, (&[], Glyph::Line));
    let columns = timeline::Columns::of_bars(area.width);
    draw_heads(app, style, frame, names, (run, columns));
    timeline::draw(app, style, frame, body, (run, columns));
    shown(layout::area(area), body, columns)
}

/// The names of the columns, with the ticks of the axis above the bars.
fn draw_heads(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    area: Rect,
    (run, columns): (NodeId, timeline::Columns),
) {
    let ticks = timeline::axis(app, run, columns.axis())
        .map(|axis| waterfall::ticks(app, style, run, &axis))
        .unwrap_or_default();
    let added = columns.added_heads(app, style);
    let heads = columns.heads(app.times, area.width, &added, &ticks);
    frame.render_widget(Span::styled(heads, style.of(Role::Dim)), area);
}

/// `[2] timeline  44 events, 19 operations`, and what is not shown.
fn counts(app: &App, run: NodeId) -> String {
    let (events, _) = app.store.counts(run);
    let more = app.loads.get(&run).is_some_and(|load| load.more.is_some());
    let plus = if more { "+" } else { "" };
    let operations = app
        .digest(run)
        .map_or(0, |digest| digest.counts().operations);
    let seen = app.rows_of(Some(run), 1).seen;
    let lens = match seen.lens() {
        Lens::Raw => "  as sent (:raw)",
        lens => narrowed(lens),
    };
    format!(
        "[2] timeline  {}, {}{lens}",
        several(events, plus, "event"),
        several(operations as usize, plus, "operation")
    )
}

/// What of the rows a pane shows, for its title.
pub fn narrowed(lens: Lens) -> &'static str {
    match lens {
        Lens::Operations | Lens::Raw => "",
        Lens::Failures => "  ! failures only",
        Lens::Matching => "  & matches only",
        Lens::MatchingFailures => "  &! failures among matches only",
    }
}

fn several(count: usize, plus: &str, thing: &str) -> String {
    let s = if count == 1 && plus.is_empty() {
        ""
    } else {
        "s"
    };
    format!("{count}{plus} {thing}{s}")
}

/// Where the waterfall is: where the person wants it, else in a pane of its own on a screen that is wide
/// enough for two panes and not for three.
fn bars(app: &App, area: Area, three: bool) -> Bars {
    match app.bars.unwrap_or_else(|| usual_bars(area, three)) {
        Bars::Pane if !bars_fit(area) => Bars::Inline,
        bars => bars,
    }
}

/// Where it is unless the person says otherwise.
pub fn usual_bars(area: Area, three: bool) -> Bars {
    if bars_fit(area) && area.width < WIDE && !three {
        Bars::Pane
    } else {
        Bars::Inline
    }
}

/// Whether there is room for a waterfall in a pane of its own.
pub fn bars_fit(area: Area) -> bool {
    area.height >= 24 && area.width >= 50
}
