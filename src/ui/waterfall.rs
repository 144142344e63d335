//! Pane 4: the whole run on one axis, a line for each sort of thing: model, tools, plan, failures. The
//! selected row is marked below the axis, so that one sees where in the run one is.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    operation,
    style::{Glyph, Role, Style},
    timeline,
};
use crate::{
    analysis::{
        OpKind,
        axis::{Axis, Labels, Lane},
        bar::{Sign, Strip},
    },
    app::{App, TimeColumn, time::when},
    model::{NodeId, Time},
};

/// Lines that the pane takes with its title.
pub const LINES: u16 = 7;
/// Columns of the names on the left.
const NAMES: u16 = 7;

/// Draws title, ticks and lanes.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, run: NodeId) {
    let columns = area.width.saturating_sub(NAMES + 1);
    let title = "[4] waterfall";
    let zoomed = app
        .axis_window(run)
        .is_some_and(|(shown, whole)| shown != whole);
    let right = if zoomed {
        "zoomed: Z shows all  ( ) scale  , . scroll"
    } else {
        "Z zooms to the row  ( ) scale  i idle"
    };
    let gap = usize::from(area.width).saturating_sub(title.len() + right.len());
    let head = Line::from(vec![
        Span::styled(title, style.of(Role::Dim)),
        Span::raw(" ".repeat(gap)),
        Span::styled(right, style.of(Role::Dim)),
    ]);
    let mut places = area.rows();
    if let Some(place) = places.next() {
        frame.render_widget(head, place);
    }
    let Some(axis) = timeline::axis(app, run, columns) else {
        let told = app
            .digest(run)
            .filter(|digest| digest.counts().operations > 0);
        if let Some(place) = places.next().filter(|_| told.is_some()) {
            let told = " no event says when it was";
            frame.render_widget(Line::styled(told, style.of(Role::Dim)), place);
        }
        return;
    };
    let lines = [
        (
            String::new(),
            vec![Span::styled(
                ticks(app, style, run, &axis),
                style.of(Role::Dim),
            )],
        ),
        lane(app, style, run, &axis, (OpKind::Llm, Role::BarModel)),
        lane(app, style, run, &axis, (OpKind::Tool, Role::BarTool)),
        ("plan".to_owned(), plan(app, style, run, &axis)),
        ("failed".to_owned(), failures(app, style, run, &axis)),
        (String::new(), here(app, style, run, &axis)),
    ];
    for (place, (name, mut drawn)) in places.zip(lines) {
        let width = usize::from(NAMES);
        let name = style.fit(&name, width).into_owned();
        let mut spans = vec![Span::styled(
            format!(" {name:<width$}"),
            style.of(Role::Dim),
        )];
        spans.append(&mut drawn);
        frame.render_widget(Line::from(spans), place);
    }
}

/// The ticks of an axis as one line of its width.
pub fn ticks(app: &App, style: &Style, run: NodeId, axis: &Axis) -> String {
    let origin = app
        .store
        .run(run)
        .and_then(|run| run.started_at)
        .unwrap_or(axis.window().from());
    let clock = |time: Time, step: u64| when::tick(time, step, &app.zone);
    let labels = match app.times {
        TimeColumn::Clock => Labels::Given {
            origin: when::midnight(origin, &app.zone),
            label: &clock,
        },
        TimeColumn::Offset | TimeColumn::Age | TimeColumn::Delta => Labels::Offset { origin },
    };
    axis.tick_line(&labels, style.is_ascii())
}

/// How busy it was with one sort of thing, under its name, with how many there were at once at most.
fn lane(
    app: &App,
    style: &Style,
    run: NodeId,
    axis: &Axis,
    (kind, role): (OpKind, Role),
) -> (String, Vec<Span<'static>>) {
    let mut strip = Strip::new(axis, style.is_ascii());
    operation::not_loaded(app, run, axis, &mut strip);
    let mut lane = Lane::new(axis);
    if let Some(digest) = app.digest(run) {
        let window = axis.window();
        for (from, to, busy) in &*digest.busy(kind, window.from(), window.to()) {
            match *busy {
                None => lane.add(*from, *to),
                Some(busy) => lane.bucket(*from, *to, busy),
            }
        }
    }
    strip.lane(&lane);
    let times = style.glyph(Glyph::Times);
    let name = match lane.most() {
        0 | 1 => kind.word().to_owned(),
        2..=9 => format!("{}{times}{}", kind.word(), lane.most()),
        _ => format!("{}{times}+", kind.word()),
    };
    (name, operation::paint(style, &strip, role))
}

/// The plan's steps with their names, the outermost only.
fn plan(app: &App, style: &Style, run: NodeId, axis: &Axis) -> Vec<Span<'static>> {
    let mut strip = Strip::new(axis, style.is_ascii());
    let mut masking = app.redactor.masking();
    for node in app.plan(run) {
        let Some(step) = app.store.step(node) else {
            continue;
        };
        let Some(extent) = operation::step_extent(app, node) else {
            continue;
        };
        let name = if step.title.is_empty() {
            &step.id
        } else {
            &step.title
        };
        let name = style.told(name, &mut masking);
        strip.titled(&axis.bar(extent), &name);
    }
    operation::paint(style, &strip, Role::Status)
}

fn failures(app: &App, style: &Style, run: NodeId, axis: &Axis) -> Vec<Span<'static>> {
    let mut strip = Strip::new(axis, style.is_ascii());
    if let Some(digest) = app.digest(run) {
        for column in axis.marks(digest.failure_times().iter().copied()) {
            strip.mark(column, Sign::Failed);
        }
    }
    operation::paint(style, &strip, Role::BarError)
}

/// Where on the axis the selected row is.
fn here(app: &App, style: &Style, run: NodeId, axis: &Axis) -> Vec<Span<'static>> {
    let cursor = app.cursor_in(Some(run));
    let extent = cursor.and_then(|node| app.extent_of(node));
    let Some((from, _)) = extent.filter(|(from, _)| axis.window().contains(*from)) else {
        return Vec::new();
    };
    let column = usize::from(axis.column(from));
    let sign = if style.is_ascii() { "^" } else { "▲" };
    vec![Span::styled(
        format!("{}{sign}", " ".repeat(column)),
        style.of(Role::Strong),
    )]
}
