//! The last line: the state of things, the least important dropped first where it is narrow.

use std::fmt::Write as _;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    row,
    style::{Role, Style},
};
use crate::{
    app::{App, Follow, load::State, outline::Mark, when},
    guard::clean,
    model::{Live, Time, Trouble},
    text::width,
};

/// A thing that is said, how it looks, and how late it is dropped where there is no room.
struct Part(String, Role, u8);

/// Draws the line.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect) {
    let mut parts = parts(app, style);
    let between = if style.text("·") == "·" {
        " · "
    } else {
        " | "
    };
    let room = usize::from(area.width).saturating_sub(1);
    while taken(&parts, between) > room && parts.len() > 1 {
        let least = (0..parts.len()).min_by_key(|at| parts.get(*at).map(|part| part.2));
        parts.remove(least.unwrap_or_default());
    }
    let mut spans = vec![Span::raw(" ")];
    for (at, Part(text, role, _)) in parts.into_iter().enumerate() {
        if at > 0 {
            spans.push(Span::styled(between.to_owned(), style.of(Role::Dim)));
        }
        spans.push(Span::styled(text, style.of(role)));
    }
    frame.render_widget(Line::from(spans), area);
}

fn taken(parts: &[Part], between: &str) -> usize {
    let texts: usize = parts.iter().map(|part| width::width(&part.0)).sum();
    texts + parts.len().saturating_sub(1) * width::width(between)
}

/// From left to right. What only says that all is well is dropped first.
fn parts(app: &App, style: &Style) -> Vec<Part> {
    let mut parts = vec![
        Part("ro".to_owned(), Role::Dim, 3),
        Part(zone(app), Role::Dim, 4),
    ];
    let part = |keep: u8| move |(text, role): (String, Role)| Part(text, role, keep);
    parts.extend(freshness(app).map(part(5)));
    parts.extend(
        app.follow
            .as_ref()
            .map(|follow| following(app, follow))
            .map(part(9)),
    );
    parts.extend(budget(app).map(part(6)));
    let (contexts, role) = contexts(app);
    let keep = if role == Role::Dim { 2 } else { 8 };
    parts.push(Part(contexts, role, keep));
    if app.contexts.iter().any(|(_, info)| info.insecure) {
        let warning = "CERTIFICATES NOT CHECKED".to_owned();
        parts.push(Part(warning, Role::Failed, 10));
    }
    parts.push(Part("mask on".to_owned(), Role::Dim, 1));
    if let Some(search) = &app.search {
        let hits = app.outline.marked(Mark::Hit);
        let more = if search.done { "" } else { "+" };
        let needle = style.text(&clean::line(&search.needle));
        let text = format!("/{} {hits}{more}", style.fit(&needle, 20));
        parts.push(Part(text, Role::Plain, 7));
    }
    if let Some(row) = app.selected.and_then(|node| app.outline.row_of(node)) {
        let text = format!("{}/{}", row + 1, app.outline.rows());
        parts.push(Part(text, Role::Dim, 6));
    }
    parts
}

fn zone(app: &App) -> String {
    app.zone.iana_name().unwrap_or("local time").to_owned()
}

/// When what one looks at was fetched, and whether a later attempt failed.
fn freshness(app: &App) -> Option<(String, Role)> {
    let mut node = app.selected?;
    loop {
        if let Some(load) = app.loads.get(&node)
            && let Some(synced) = load.synced
        {
            let at = when::clock(synced, &app.zone);
            return Some(match load.state {
                State::Failed => (format!("stale, from {at}"), Role::Soft),
                State::Cold | State::Loading | State::Ready => (format!("synced {at}"), Role::Dim),
            });
        }
        let owner = app.store.owner(node);
        (owner != node).then_some(())?;
        node = owner;
    }
}

/// How the followed run is followed, and how much came that was not looked at.
fn following(app: &App, follow: &Follow) -> (String, Role) {
    let again = |trouble: &Trouble, until: Time| {
        let left = until.since(app.now).unwrap_or_default().as_secs() + 1;
        let what = match trouble {
            Trouble::RateLimited { .. } => "429",
            _ => "lost",
        };
        (format!("{what}, again in {left} s"), Role::Soft)
    };
    let (mut text, role) = match (&follow.waiting, &follow.live) {
        (Some((trouble, until)), _) | (None, Some(Live::Lost { trouble, until })) => {
            again(trouble, *until)
        }
        (None, Some(Live::Polling { every })) => (
            format!("live, every {} s", every.as_secs().max(1)),
            Role::Running,
        ),
        (None, _) => ("live".to_owned(), Role::Running),
    };
    let here = app.selected.and_then(|node| app.run_of(node));
    if here != Some(follow.run)
        && let Some(run) = app.store.run(follow.run)
    {
        text = format!("{} {text}", clean::line(row::short(&run.id)));
    }
    if follow.fresh > 0 {
        let _ = write!(text, ", +{} new", follow.fresh);
    }
    (text, role)
}

/// How many requests the service still allows, where it says so.
fn budget(app: &App) -> Option<(String, Role)> {
    let (context, _) = app.context_of(app.selected?)?;
    let budget = app.budgets.get(&context)?;
    let text = match budget.of {
        Some(of) => format!("api {}/{of}", budget.left),
        None => format!("api {} left", budget.left),
    };
    let low = budget.left <= budget.of.map_or(10, |of| of / 10);
    Some((text, if low { Role::Soft } else { Role::Dim }))
}

fn contexts(app: &App) -> (String, Role) {
    if app.contexts.is_empty() {
        return ("no contexts".to_owned(), Role::Dim);
    }
    let (mut ok, mut failed, mut awaited) = (0, 0, 0);
    for (node, _) in &app.contexts {
        let ailing = app
            .context_of(*node)
            .is_some_and(|(context, _)| app.ailing.contains_key(&context));
        match app.loads.get(node) {
            _ if ailing => failed += 1,
            Some(load) if load.state == State::Failed => failed += 1,
            Some(load) if load.synced.is_some() => ok += 1,
            Some(_) | None => awaited += 1,
        }
    }
    let mut text = format!("contexts {ok} ok");
    if failed > 0 {
        let _ = write!(text, ", {failed} failed");
    }
    if awaited > 0 {
        let _ = write!(text, ", {awaited} loading");
    }
    (text, if failed > 0 { Role::Failed } else { Role::Dim })
}
