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
    app::{
        App, Follow,
        list::Viewport,
        load::State,
        outline::{Lens, Mark},
        time::when,
    },
    guard::clean,
    model::{Live, Trouble},
    text::width,
};

/// Columns of the condition of the bell.
const BELL: usize = 30;
/// Columns of the reason why the followed run is lost.
const CAUSE: usize = 40;
/// It is said where it fits beside what is kept longer than this.
const CAUSE_KEPT: u8 = 4;

/// A thing that is said, how it looks, how late it is dropped where there is no room, and what is said
/// instead where it is too long.
struct Part(String, Role, u8, Option<String>);

impl Part {
    fn new(text: String, role: Role, keep: u8) -> Self {
        Self(text, role, keep, None)
    }
}

/// Draws the line. `masked` places are on the screen.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, masked: usize) {
    let mut parts = parts(app, style, masked);
    let between = if style.text("·") == "·" {
        " · "
    } else {
        " | "
    };
    let room = usize::from(area.width).saturating_sub(1);
    if taken(parts.iter().filter(|part| part.2 > CAUSE_KEPT), between) > room {
        for part in &mut parts {
            part.0 = part.3.take().unwrap_or(std::mem::take(&mut part.0));
        }
    }
    while taken(&parts, between) > room && parts.len() > 1 {
        let least = (0..parts.len()).min_by_key(|at| parts.get(*at).map(|part| part.2));
        parts.remove(least.unwrap_or_default());
    }
    let mut spans = vec![Span::raw(" ")];
    for (at, Part(text, role, ..)) in parts.into_iter().enumerate() {
        if at > 0 {
            spans.push(Span::styled(between.to_owned(), style.of(Role::Dim)));
        }
        spans.push(Span::styled(text, style.of(role)));
    }
    frame.render_widget(Line::from(spans), area);
}

fn taken<'a>(parts: impl IntoIterator<Item = &'a Part>, between: &str) -> usize {
    let texts = parts.into_iter().map(|part| width::width(&part.0));
    let taken: usize = texts.map(|text| text + width::width(between)).sum();
    taken.saturating_sub(width::width(between))
}

/// Whether secrets are masked, and how many of what is on the screen.
fn mask(app: &App, style: &Style, masked: usize) -> Part {
    if let Some(revealed) = &app.revealed {
        let text = format!("revealing {}s", revealed.seconds(app.now));
        return Part::new(text, Role::Soft, 11);
    }
    if masked == 0 {
        return Part::new("mask on".to_owned(), Role::Dim, 1);
    }
    let text = style.text(&format!("mask on · {masked}"));
    Part::new(text, Role::Dim, 1)
}

/// From left to right. What only says that all is well is dropped first.
fn parts(app: &App, style: &Style, masked: usize) -> Vec<Part> {
    let mut parts = vec![
        Part::new("ro".to_owned(), Role::Dim, 3),
        Part::new(zone(app), Role::Dim, 4),
    ];
    let part = |keep: u8| move |(text, role): (String, Role)| Part::new(text, role, keep);
    parts.extend(freshness(app).map(part(5)));
    parts.extend(
        app.follow
            .as_ref()
            .map(|follow| following(app, style, follow)),
    );
    parts.extend(budget(app).map(part(6)));
    parts.extend(bell(app, style).map(part(5)));
    let (contexts, role) = contexts(app);
    let keep = if role == Role::Dim { 2 } else { 8 };
    parts.push(Part::new(contexts, role, keep));
    if app.contexts.iter().any(|(_, info)| info.insecure) {
        let warning = "CERTIFICATES NOT CHECKED".to_owned();
        parts.push(Part::new(warning, Role::Failed, 10));
    }
    if !app.clipboard.is_empty() {
        parts.push(Part::new(format!("clip {}", app.clipboard), Role::Dim, 2));
    }
    parts.push(mask(app, style, masked));
    parts.push(if app.mouse.on {
        Part::new("mouse on".to_owned(), Role::Soft, 7)
    } else {
        Part::new("mouse off".to_owned(), Role::Dim, 0)
    });
    match app.outline.lens() {
        Lens::Operations => {}
        Lens::Failures => {
            let hidden = app.outline.hidden_in(None);
            let text = format!("! failures only, {hidden} hidden");
            parts.push(Part::new(text, Role::Soft, 9));
        }
        // How much matches is told where the filter is.
        Lens::Matching => parts.push(Part::new("& filter".to_owned(), Role::Soft, 9)),
        Lens::MatchingFailures => {
            let text = "&! failures among matches".to_owned();
            parts.push(Part::new(text, Role::Soft, 9));
        }
        Lens::Raw => parts.push(Part::new("records as sent".to_owned(), Role::Soft, 9)),
    }
    if app.measured.crowded > 0 {
        let set = app.columns.sets.of(app.list_shown());
        let shown = set.added.len().saturating_sub(app.measured.crowded);
        let names = set
            .added
            .iter()
            .skip(shown)
            .map(|column| column.name.as_str());
        let names: Vec<&str> = names.collect();
        let text = style.text(&clean::line(&format!("no room: {}", names.join(" "))));
        parts.push(Part::new(style.fit(&text, 40).into_owned(), Role::Soft, 8));
    }
    let picked = app.picked();
    if picked > 0 {
        parts.push(Part::new(format!("{picked} marked"), Role::Strong, 9));
    }
    if let Some(path) = app.detail.path().filter(|_| app.in_detail()) {
        let path = style.text(&path);
        // What says that all is well has to find room beside it.
        let most = usize::from(app.measured.detail_columns / 3).clamp(16, 60);
        parts.push(Part::new(
            style.fit_end(&path, most).into_owned(),
            Role::Plain,
            8,
        ));
    }
    if let Some(within) = app.detail.within.as_ref().filter(|_| app.in_detail()) {
        let typed = style.text(&clean::line(&within.typed));
        let typed = style.fit(&typed, 20);
        let more = if within.done { "" } else { "+" };
        let count = within.count;
        let at = within
            .at
            .map_or_else(String::new, |at| format!("{}/", at + 1));
        parts.push(Part::new(
            format!("/{typed} {at}{count}{more}"),
            Role::Plain,
            7,
        ));
    } else if let Some(search) = &app.search {
        let hits = app.outline.marked(Mark::Hit);
        let more = if search.done { "" } else { "+" };
        let needle = style.text(&clean::line(&search.needle));
        let text = format!("/{} {hits}{more}", style.fit(&needle, 20));
        parts.push(Part::new(text, Role::Plain, 7));
    }
    parts.extend(place(app).map(|(row, rows)| {
        let text = format!("{}/{rows}", row + 1);
        Part::new(text, Role::Dim, 6)
    }));
    parts
}

/// The row with the cursor and how many there are: of the list that lies over the rows, else of those.
fn place(app: &App) -> Option<(usize, usize)> {
    let of = |view: Viewport, rows: usize| (rows > 0).then_some((view.selected, rows));
    if let Some(list) = &app.requests {
        of(list.view, list.rows.len())
    } else if let Some(list) = &app.bookmarks {
        of(list.view, list.rows.len())
    } else if let Some(list) = &app.calls {
        of(list.view, list.rows.len())
    } else if let Some(list) = &app.view_list {
        of(list.view, app.views.len())
    } else if let Some(list) = &app.message_list {
        of(list.view, app.messages.rows().len())
    } else {
        let row = app.selected.and_then(|node| app.outline.row_of(node))?;
        Some((row, app.outline.rows()))
    }
}

fn zone(app: &App) -> String {
    app.zone.iana_name().unwrap_or("local time").to_owned()
}

/// When what one looks at was fetched, and whether a later attempt failed.
fn freshness(app: &App) -> Option<(String, Role)> {
    let mut node = app.selected?;
    if app.offline(node).is_some() {
        return Some(("offline copy".to_owned(), Role::Soft));
    }
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
fn following(app: &App, style: &Style, follow: &Follow) -> Part {
    let mut before = String::new();
    let here = app.selected.and_then(|node| app.run_of(node));
    if here != Some(follow.run)
        && let Some(run) = app.store.run(follow.run)
    {
        before = format!("{} ", clean::line(row::short(&run.id)));
    }
    let mut fresh = String::new();
    if follow.fresh > 0 {
        fresh = format!(", +{} new", follow.fresh);
    }
    let whole = |text: &str| format!("{before}{text}{fresh}");
    if let Some((trouble, until)) = follow.broken() {
        let left = until.since(app.now).unwrap_or_default().as_secs() + 1;
        let again = |what: &str| whole(&format!("{what}, again in {left} s"));
        if let Trouble::RateLimited { .. } = trouble {
            return Part::new(again("429"), Role::Soft, 9);
        }
        let long = again(&format!("lost ({})", cause(style, trouble)));
        return Part(long, Role::Soft, 9, Some(again("lost")));
    }
    if let Some(stalled) = app.stalled() {
        let silent = when::span(stalled.silent);
        let what = if stalled.in_step { "step" } else { "run" };
        let most = if app.ascii { "<=" } else { "≤" };
        let usual = when::span(stalled.usual);
        let long = format!("! no event for {silent} (this {what} is usually quiet {most} {usual})");
        let short = whole(&format!("! no event for {silent}"));
        return Part(whole(&long), Role::Soft, 9, Some(short));
    }
    let (text, role) = match &follow.live {
        Some(Live::Polling { every }) => (
            format!("live, every {} s", every.as_secs().max(1)),
            Role::Running,
        ),
        Some(Live::Asking { since }) => {
            let waited = app.now.since(*since).unwrap_or_default().as_secs();
            (format!("asking for {waited} s"), Role::Soft)
        }
        _ => ("live".to_owned(), Role::Running),
    };
    Part::new(whole(&text), role, 9)
}

/// A few words on what broke. Which host it was, the context knows.
fn cause(style: &Style, trouble: &Trouble) -> String {
    let words = match trouble {
        Trouble::Unreachable { cause, .. } | Trouble::CutShort { cause, .. } => cause.clone(),
        Trouble::TimedOut { .. } => "no answer in time".to_owned(),
        other => other.to_string(),
    };
    let words = style.text(&clean::line(&words));
    style.fit(&words, CAUSE).into_owned()
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

/// The condition that rings the bell.
fn bell(app: &App, style: &Style) -> Option<(String, Role)> {
    let typed = style.text(&clean::line(app.bell.armed()?));
    Some((format!("bell {}", style.fit(&typed, BELL)), Role::Plain))
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
