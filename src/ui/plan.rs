//! The second line of the Run screen: the plan as it stood at the selected row, calls that were open
//! then and tokens spent until then, so that going down the rows replays the run.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::style::{Glyph, Role, Style};
use crate::{
    analysis::StepState,
    app::{App, when},
    guard::redact::Masking,
    model::{NodeId, StepStatus},
    text::width,
};

/// Columns of a step's title.
const TITLE: usize = 18;

/// Draws the line.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, run: NodeId) {
    let right = standing(app, style, run);
    let taken = width::width(&right) + 1;
    let room = usize::from(area.width).saturating_sub(taken + 1);
    let mut spans = vec![Span::raw(" ")];
    let used = strip(app, style, run, room, &mut spans);
    let gap = room.saturating_sub(used);
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(Span::styled(right, style.of(Role::Dim)));
    frame.render_widget(Line::from(spans), area);
}

/// As of the selected row: open calls and tokens.
fn standing(app: &App, style: &Style, run: NodeId) -> String {
    let Some(digest) = app.digest(run) else {
        return String::new();
    };
    let Some(node) = app.event_here().or_else(|| app.store.newest(run)) else {
        return String::new();
    };
    let (tokens, open) = digest.as_of(node);
    let mut parts = Vec::new();
    if open > 0 {
        parts.push(format!("{open} open"));
    }
    if let Some(sum) = tokens.and_then(|tokens| tokens.sum()) {
        parts.push(format!("{} tok so far", when::count(sum)));
    }
    let idle: u64 = digest
        .gaps()
        .iter()
        .filter_map(|gap| gap.to.since(gap.from))
        .map(|gap| gap.as_secs())
        .sum();
    if app.fold_idle && idle > 0 {
        let idle = when::span(std::time::Duration::from_secs(idle));
        parts.push(format!("idle folded {idle}"));
    }
    style.text(&parts.join(" · "))
}

/// The steps with their signs, as many as there is room for, those around the selected row first.
fn strip(
    app: &App,
    style: &Style,
    run: NodeId,
    room: usize,
    spans: &mut Vec<Span<'static>>,
) -> usize {
    let mut masking = app.redactor.masking();
    let steps = app.plan(run);
    if steps.is_empty() {
        let text = "no plan";
        spans.push(Span::styled(text, style.of(Role::Dim)));
        return text.len();
    }
    spans.push(Span::styled("plan ", style.of(Role::Dim)));
    let pieces: Vec<(String, Role)> = steps
        .iter()
        .map(|step| piece(app, style, run, *step, &mut masking))
        .collect();
    let here = here(app, &steps);
    let from = first_shown(&pieces, here, room.saturating_sub(7));
    let mut used = 5;
    if from > 0 {
        spans.push(Span::styled(style.text("… "), style.of(Role::Dim)));
        used += 2;
    }
    for (at, (text, role)) in pieces.into_iter().enumerate().skip(from) {
        let taken = width::width(&text) + 1;
        if used + taken > room {
            break;
        }
        used += taken;
        let mut paint = style.of(role);
        if Some(at) == here {
            paint = paint.patch(style.of(Role::Strong));
        }
        spans.push(Span::styled(text, paint));
        spans.push(Span::raw(" "));
    }
    used
}

/// The step that the selected row is or lies in.
fn here(app: &App, steps: &[NodeId]) -> Option<usize> {
    let above = std::iter::successors(app.selected, |node| app.outline.true_parent(*node));
    let mut above = above;
    above.find_map(|node| steps.iter().position(|step| *step == node))
}

/// The first step to show so that the one with the selected row is among those that fit.
fn first_shown(pieces: &[(String, Role)], here: Option<usize>, room: usize) -> usize {
    let mut left = room;
    let mut from = here.map_or(0, |here| here + 1);
    while let Some(before) = from.checked_sub(1) {
        let taken = pieces
            .get(before)
            .map_or(0, |(text, _)| width::width(text) + 1);
        if taken > left {
            return from.min(here.unwrap_or(0));
        }
        left -= taken;
        from = before;
    }
    from
}

fn piece(
    app: &App,
    style: &Style,
    run: NodeId,
    node: NodeId,
    masking: &mut Masking,
) -> (String, Role) {
    let Some(step) = app.store.step(node) else {
        return (String::new(), Role::Dim);
    };
    let (glyph, role) = state(app, style, run, node);
    let name = if step.title.is_empty() {
        &step.id
    } else {
        &step.title
    };
    let name = style.told(name, masking);
    let name = style.fit(&name, TITLE).into_owned();
    (format!("{}{name}", style.glyph(glyph)), role)
}

/// The state of a step as of the selected row.
fn state(app: &App, style: &Style, run: NodeId, node: NodeId) -> (Glyph, Role) {
    let Some(step) = app.store.step(node) else {
        return (Glyph::Quiet, Role::Dim);
    };
    let as_of = app
        .event_here()
        .and_then(|event| app.digest(run)?.step_as_of(&step.id, event));
    match as_of {
        Some(StepState::Pending) => (Glyph::Quiet, Role::Dim),
        Some(StepState::Running) => (Glyph::Running, Role::Running),
        Some(StepState::Done) => (Glyph::Ok, Role::Good),
        Some(StepState::Failed) => (Glyph::Failed, Role::Failed),
        Some(StepState::Skipped) => (Glyph::Cancelled, Role::Dim),
        Some(StepState::Over) | None => match step.status {
            StepStatus::Unknown if as_of.is_some() => (Glyph::Ok, Role::Dim),
            status => style.step(status),
        },
    }
}
