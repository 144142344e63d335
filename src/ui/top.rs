//! The first line: where one is, from the context to the selected row, and how that run stands.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::row;
use super::style::{Glyph, Role, Style};
use crate::{
    analysis::Header,
    app::{App, when},
    model::{NodeId, Sort},
    text::width,
};

/// Draws the line.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let right = standing(app, style);
    let taken: usize = right.iter().map(|(text, _)| width::width(text)).sum();
    let room = usize::from(area.width).saturating_sub(taken + 2);
    let path = path(app, style);
    let path = style.fit(&path, room).into_owned();
    let gap = room.saturating_sub(width::width(&path)) + 1;
    let mut spans = vec![
        Span::styled(format!(" {path}"), style.of(Role::Strong)),
        Span::raw(" ".repeat(gap)),
    ];
    spans.extend(
        right
            .into_iter()
            .map(|(text, role)| Span::styled(text, style.of(role))),
    );
    frame.render_widget(Line::from(spans), area);
}

fn path(app: &App, style: &Style) -> String {
    let mut nodes = Vec::new();
    let mut at = app.selected;
    while let Some(node) = at {
        nodes.push(node);
        let owner = app.store.owner(node);
        at = (owner != node).then_some(owner);
    }
    let mut masking = app.redactor.masking();
    let names: Vec<_> = nodes
        .iter()
        .rev()
        .filter_map(|node| name(app, *node))
        .map(|name| style.told(&name, &mut masking))
        .collect();
    names.join(style.glyph(Glyph::Path))
}

fn name(app: &App, node: NodeId) -> Option<String> {
    match app.store.sort(node) {
        Sort::Context => app.context_of(node).map(|(_, info)| info.name.clone()),
        Sort::Mission => app.store.mission(node).map(|mission| mission.name.clone()),
        Sort::Run => app
            .store
            .run(node)
            .map(|run| format!("run {}", row::short(&run.id))),
        Sort::Step | Sort::Event | Sort::Note => None,
    }
}

/// Of the run one is in: status, duration, tokens, failures. Of everything: what is being loaded.
fn standing(app: &App, style: &Style) -> Vec<(String, Role)> {
    let mut parts = Vec::new();
    let slow = |node: &NodeId| {
        app.loads
            .get(node)
            .is_some_and(|load| load.is_slow(app.now))
    };
    let loading = app.loading.iter().any(slow);
    if loading {
        parts.push((style.text("loading…  "), Role::Running));
    }
    let node = app.selected.and_then(|node| app.run_of(node));
    let Some((node, run)) = node.and_then(|node| Some((node, app.store.run(node)?))) else {
        return parts;
    };
    let (glyph, role) = style.run(run.status);
    parts.push((
        format!("{} {}", style.glyph(glyph), run.status.word()),
        role,
    ));
    if let Some(took) = run.duration {
        parts.push((format!("  {}", when::span(took)), Role::Plain));
    }
    if let Some(sum) = run.tokens.and_then(|tokens| tokens.sum()) {
        parts.push((format!("  {} tok", when::count(sum)), Role::Plain));
    }
    let header = app.header(node);
    if app.screen().is_some()
        && let Some(header) = &header
    {
        parts.extend(verdicts(app, style, node, header));
        return parts;
    }
    let (events, failures) = app.store.counts(node);
    if events > 0 {
        let more = app.loads.get(&node).is_some_and(|load| load.more.is_some());
        let plus = if more { "+" } else { "" };
        let s = if events == 1 && plus.is_empty() {
            ""
        } else {
            "s"
        };
        parts.push((format!("  {events}{plus} event{s}"), Role::Plain));
        if failures > 0 {
            parts.push((format!("  {failures}{plus} failed"), Role::Failed));
        }
    }
    parts
}

/// Failures that nothing made good, by what they are.
fn verdicts(app: &App, style: &Style, run: NodeId, header: &Header) -> Vec<(String, Role)> {
    let more = app.loads.get(&run).is_some_and(|load| load.more.is_some());
    let plus = if more { "+" } else { "" };
    let counts = [
        (header.failed, "failed", Role::Failed),
        (header.soft, "soft", Role::Soft),
        (header.unanswered, "unanswered", Role::Soft),
        (header.loops, style.glyph(Glyph::Loop), Role::Soft),
        (header.counts.recovered, "recovered", Role::Dim),
    ];
    let mut parts: Vec<(String, Role)> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, what, role)| (format!("  {count}{plus} {what}"), role))
        .collect();
    if parts.is_empty() && !more {
        parts.push(("  no failures".to_owned(), Role::Dim));
    }
    parts
}
