//! The first line: where one is, from the context to the selected row, and how that run stands.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::style::{Glyph, Role, Style};
use super::{group, row};
use crate::{
    analysis::{self, Digest},
    app::{App, action::Action, kept::carried::words, load::State, outline::Mark, time::when},
    model::{NodeId, Sort},
    text::width,
};

/// Draws the line; of the run that has pane 2, if one has.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, run: Option<NodeId>) {
    let mut right = standing(app, style, run.is_some());
    if let Some(run) = run {
        let loading: usize = right.iter().map(|(text, _)| width::width(text)).sum();
        // The path keeps half of the line.
        let room = usize::from(area.width / 2 + area.width / 10).saturating_sub(loading);
        right.extend(fitted(of_screen(app, style, run), room));
    }
    let taken: usize = right.iter().map(|(text, _)| width::width(text)).sum();
    let room = usize::from(area.width).saturating_sub(taken + 2);
    let path = match group::title(app).filter(|_| run.is_none()) {
        Some(title) => style.text(&title),
        None => path(app, style, run),
    };
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

fn path(app: &App, style: &Style, run: Option<NodeId>) -> String {
    let mut nodes = Vec::new();
    let mut at = app.cursor_in(run);
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
        Sort::Step | Sort::Event | Sort::Note | Sort::Group => None,
    }
}

/// Of the run one is in: status, duration, tokens, failures. Of everything: what is being loaded.
fn standing(app: &App, style: &Style, has_run: bool) -> Vec<(String, Role)> {
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
    if has_run {
        return parts;
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
    if let Some((kept, _)) = kept(app, node) {
        parts.push((kept, Role::Soft));
    }
    if let Some(took) = run.duration {
        parts.push((format!("  {}", when::span(took)), Role::Plain));
    }
    if let Some(sum) = run.tokens.and_then(|tokens| tokens.sum()) {
        parts.push((format!("  {} tok", when::count(sum)), Role::Plain));
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
        let below = |mark: Mark| app.outline.marked_below(node, mark);
        let counts = if app.digest(node).is_some() {
            [
                (below(Mark::Failed), "failed", Role::Failed),
                (below(Mark::Soft), "soft", Role::Soft),
                (below(Mark::Unanswered), "unanswered", Role::Soft),
            ]
        } else {
            let none = (0, "", Role::Soft);
            [(failures as usize, "failed", Role::Failed), none, none]
        };
        let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
        parts.extend(counts.map(|(count, what, role)| (format!("  {count}{plus} {what}"), role)));
    }
    parts
}

/// Of the run that has the screen, in the order of the line, each with how late it is left out.
fn of_screen(app: &App, style: &Style, node: NodeId) -> Vec<(String, Role, u8)> {
    let mut parts = Vec::new();
    let Some(run) = app.store.run(node) else {
        return parts;
    };
    let (glyph, role) = style.run(run.status);
    let status = format!("{} {}", style.glyph(glyph), run.status.word());
    parts.push((status, role, 9));
    if let Some(at) = run.started_at {
        let word = if run.status.is_final() {
            "started"
        } else {
            "since"
        };
        let at = format!("  {word} {}", when::clock(at, &app.zone));
        parts.push((at, Role::Dim, 3));
    }
    if let Some(told) = app.offline(node) {
        let [what, whence, made] = words(told, app.now);
        let mut masking = app.redactor.masking();
        let mut part = |text: &str| style.told(text, &mut masking);
        parts.insert(0, (format!("  {}", part(&what)), Role::Soft, 10));
        parts.insert(1, (part(&whence), Role::Dim, 5));
        // How old it is matters more than what it says of itself besides.
        parts.insert(2, (part(&made), Role::Dim, 9));
        parts.insert(3, ("  ".to_owned(), Role::Dim, 10));
    }
    if let Some(took) = run.duration {
        parts.push((format!("  {}", when::span(took)), Role::Plain, 6));
    }
    parts.push((tokens(app, node), Role::Plain, 4));
    let header = app.digest(node).map(Digest::counts).unwrap_or_default();
    let more = app.loads.get(&node).is_some_and(|load| load.more.is_some());
    let plus = if more { "+" } else { "" };
    let seen = app.rows_of(Some(node), 1).seen;
    let marked = |mark: Mark| u32::try_from(seen.marked(mark)).unwrap_or(u32::MAX);
    let counts = [
        (marked(Mark::Failed), "failed", Role::Failed, 8),
        (marked(Mark::Soft), "soft", Role::Soft, 8),
        (marked(Mark::Unanswered), "unanswered", Role::Soft, 7),
        (marked(Mark::Loop), style.glyph(Glyph::Loop), Role::Soft, 7),
        (header.recovered, "recovered", Role::Dim, 2),
    ];
    if let Some((kept, again)) = kept(app, node) {
        parts.push((kept, Role::Soft, 8));
        parts.push((again, Role::Soft, 4));
    }
    let before = parts.len();
    parts.extend(
        counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, what, role, keep)| (format!("  {count}{plus} {what}"), role, keep)),
    );
    if parts.len() == before && !more {
        let (said, role, keep) = unmarred(app, node);
        parts.push((said.to_owned(), role, keep));
    }
    parts.extend(first(app, node).map(|text| (text, Role::Dim, 5)));
    parts.extend(slowest(app, style, node).map(|text| (text, Role::Dim, 1)));
    parts
}

/// How old it is what is seen of a run that nobody was asked for and that may have gone on since, and what to
/// do about it.
fn kept(app: &App, run: NodeId) -> Option<(String, String)> {
    let then = app.loads.get(&run)?.kept?;
    let kept = format!("  kept {} ago", when::age(app.now, then));
    Some((
        kept,
        format!(": {} reads it anew", app.key_of(Action::Refetch)),
    ))
}

/// What is said of a run where no failure is known: none is claimed of what was not read.
fn unmarred(app: &App, run: NodeId) -> (&'static str, Role, u8) {
    let load = app.loads.get(&run);
    let state = load.map_or(State::Cold, |load| load.state);
    let some = app.store.counts(run).0 > 0;
    match (state, some) {
        (State::Failed, false) => ("  not read", Role::Soft, 8),
        (State::Failed, true) => ("  not read to its end", Role::Soft, 8),
        (State::Cold | State::Loading, false) => ("", Role::Dim, 2),
        _ if load.is_some_and(|load| load.skipped > 0) => ("  not all read", Role::Soft, 8),
        _ => ("  no failures", Role::Dim, 2),
    }
}

/// `  41.2k tok`, where it fits with what was read, written and cached.
fn tokens(app: &App, run: NodeId) -> String {
    let told = app.store.run(run).and_then(|run| run.tokens);
    let summed = || app.digest(run).and_then(Digest::tokens);
    match told.or_else(summed) {
        Some(tokens) => tokens
            .sum()
            .map_or_else(String::new, |sum| format!("  {} tok", when::count(sum))),
        None => "  tokens not reported".to_owned(),
    }
}

/// Where the first failure is, unless the cursor is on it.
fn first(app: &App, run: NodeId) -> Option<String> {
    let failure = app.digest(run)?.first_failure()?;
    let number = app.store.number(failure)?;
    (app.cursor_in(Some(run)) != Some(failure)).then(|| format!(" (first #{number})"))
}

fn slowest(app: &App, style: &Style, run: NodeId) -> Option<String> {
    let (node, took) = app.digest(run)?.slowest()?;
    let title = analysis::headline(&app.store.event(node)?).title;
    let mut masking = app.redactor.masking();
    let title = style.told(&title, &mut masking);
    let title = style.fit(&title, 24);
    Some(format!("  slowest {title} {}", when::span(took)))
}

/// Leaves out what is least important until the rest fits.
fn fitted(mut parts: Vec<(String, Role, u8)>, room: usize) -> Vec<(String, Role)> {
    let taken = |parts: &[(String, Role, u8)]| -> usize {
        parts.iter().map(|(text, ..)| width::width(text)).sum()
    };
    while taken(&parts) > room && parts.len() > 1 {
        let least = (0..parts.len()).min_by_key(|at| parts.get(*at).map(|part| part.2));
        parts.remove(least.unwrap_or_default());
    }
    parts
        .into_iter()
        .map(|(text, role, _)| (text, role))
        .collect()
}
