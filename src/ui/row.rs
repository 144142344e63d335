//! One row of the tree in words: a glyph, what it is, a summary, and on the right when and how long.
//! Made for the rows on the screen only, never kept.

use super::{
    columns, group,
    label::Label,
    note, operation,
    style::{Glyph, Role, Style},
};
use crate::{
    analysis::{Headline, headline},
    app::{App, arrange::Arrangement, outline::Mark, time::when},
    guard::redact::Masking,
    model::{Event, NodeId, Sort},
    text::width,
};

/// What the row of a node says, in a pane of that width, alone in it or not.
pub fn label(
    app: &App,
    style: &Style,
    node: NodeId,
    masking: &mut Masking,
    (pane, alone): (u16, bool),
) -> Label {
    let mut label = match app.store.sort(node) {
        Sort::Context => context(app, style, node),
        Sort::Mission => mission(app, style, node),
        Sort::Run => run(app, style, node, pane, masking),
        Sort::Step => step(app, style, node),
        Sort::Event => event(app, style, node),
        Sort::Note => note::label(app, style, node),
        Sort::Group => group::label(app, style, node),
    };
    kept(app, style, node, &mut label);
    if !alone {
        // What stands beside the rows says when and how long.
        label.time.clear();
        label.took.clear();
    }
    label
}

/// The signs of what the person did with it in front, and what was noted.
fn kept(app: &App, style: &Style, node: NodeId, label: &mut Label) {
    let signs: String = [
        (Mark::Picked, Glyph::Picked),
        (Mark::Bookmark, Glyph::Bookmark),
    ]
    .into_iter()
    .filter(|(mark, _)| app.outline.has_mark(node, *mark))
    .map(|(_, glyph)| style.glyph(glyph))
    .collect();
    if let Some((first, role)) = label.left.first().cloned().filter(|_| !signs.is_empty()) {
        // The first one has the blank behind the glyph: glyphs stay one below the other.
        let state = first.strip_suffix(' ').filter(|it| width::width(it) == 1);
        let signs = match (state, width::width(&signs)) {
            (Some(_), 1) => signs,
            (Some(_), _) => signs + " ",
            (None, _) => format!(" {signs}"),
        };
        let state = state.unwrap_or(&first).to_owned();
        label
            .left
            .splice(0..1, [(state, role), (signs, Role::Strong)]);
    }
    let note = app.kept_at(node).map(|item| item.note.as_str());
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        label.note = format!("  ; {note}");
    }
}

fn context(app: &App, style: &Style, node: NodeId) -> Label {
    let Some((context, info)) = app.context_of(node) else {
        return Label::default();
    };
    let load = app.loads.get(&node);
    let slow = load.is_some_and(|load| load.is_slow(app.now));
    let ailing = app.ailing.get(&context);
    let (glyph, role) = match load {
        _ if ailing.is_some() => (Glyph::Failed, Role::Failed),
        Some(load) if load.trouble.is_some() => (Glyph::Failed, Role::Failed),
        Some(load) if load.synced.is_some() => (Glyph::Ok, Role::Good),
        _ if slow => (Glyph::Running, Role::Running),
        _ => (Glyph::Quiet, Role::Dim),
    };
    let children = app.outline.all_child_count(node) - noted(app, node);
    let thing = match app.arranged.by {
        Arrangement::Contexts => "run",
        Arrangement::Missions | Arrangement::Inbox | Arrangement::Causes => "mission",
    };
    let count = if children > 0 {
        format!("  {}", when::many(children, thing))
    } else {
        String::new()
    };
    Label {
        left: vec![
            (format!("{} ", style.glyph(glyph)), role),
            (info.name.clone(), Role::Strong),
            (format!("  {}{count}", info.provider), Role::Dim),
        ],
        // A load that failed says so in a row of its own.
        more: ailing
            .filter(|_| load.is_none_or(|load| load.trouble.is_none()))
            .map(|trouble| (format!("  {trouble}"), Role::Failed))
            .into_iter()
            .collect(),
        ..Label::default()
    }
}

pub(super) fn noted(app: &App, node: NodeId) -> usize {
    app.notes_under(node)
}

fn mission(app: &App, style: &Style, node: NodeId) -> Label {
    let Some(mission) = app.store.mission(node) else {
        return Label::default();
    };
    let runs = app.newest_runs(node).into_iter();
    let runs: Vec<_> = runs
        .filter_map(|run| app.store.run(run).map(|run| style.run(run.status)))
        .collect();
    let mut left = vec![(mission.name.clone(), Role::Plain)];
    if !runs.is_empty() {
        left.push(("  ".to_owned(), Role::Plain));
        // Newest first, whatever the order of the rows below.
        left.extend(
            runs.iter()
                .map(|(glyph, role)| (style.glyph(*glyph).to_owned(), *role)),
        );
    }
    let status = mission.status.iter();
    Label {
        left,
        faults: faults(app, style, node),
        more: status
            .map(|status| (format!("  {status}"), Role::Dim))
            .collect(),
        ..Label::default()
    }
}

/// How many failures a fold hides, in the unit of what lies in it: runs in a mission, events in a run
/// (as its header counts them), rows in a step.
pub fn faults(app: &App, style: &Style, node: NodeId) -> String {
    if app.outline.is_open(node) {
        return String::new();
    }
    let hidden = match app.store.sort(node) {
        Sort::Mission => app.store.failed_runs(node),
        Sort::Run | Sort::Step | Sort::Event if app.digest_of(node).is_some() => {
            return verdicts(app, style, node);
        }
        Sort::Run => app.store.counts(node).1 as usize,
        Sort::Context | Sort::Step | Sort::Event | Sort::Note | Sort::Group => {
            app.outline.marked_below(node, Mark::Fault)
        }
    };
    if hidden == 0 {
        return String::new();
    }
    format!("  {}{hidden}", style.glyph(Glyph::Failed))
}

/// Failures below a fold that nothing made good, each sort with its sign.
fn verdicts(app: &App, style: &Style, node: NodeId) -> String {
    [
        (Mark::Failed, Glyph::Failed),
        (Mark::Soft, Glyph::Soft),
        (Mark::Unanswered, Glyph::Unknown),
    ]
    .into_iter()
    .map(|(mark, glyph)| (app.outline.marked_below(node, mark), glyph))
    .filter(|(count, _)| *count > 0)
    .fold(String::new(), |said, (count, glyph)| {
        said + "  " + style.glyph(glyph) + &count.to_string()
    })
}

fn run(app: &App, style: &Style, node: NodeId, pane: u16, masking: &mut Masking) -> Label {
    let Some(run) = app.store.run(node) else {
        return Label::default();
    };
    let (glyph, role) = style.run(run.status);
    let (title, id) = if run.title.is_empty() {
        (&run.id, String::new())
    } else {
        (&run.title, format!("  {}", short(&run.id)))
    };
    let failed = run.status.is_failure();
    let mut more = Vec::new();
    if let Some(error) = run.error.as_ref().filter(|_| failed) {
        more.push((format!("  {}", first_line(error)), Role::Failed));
    } else if let Some(since) = run.quiet_since.filter(|_| !run.status.is_final()) {
        more.push((
            format!("  quiet for {}", when::age(app.now, since)),
            Role::Soft,
        ));
    }
    Label {
        left: vec![
            (format!("{} ", style.glyph(glyph)), role),
            (title.clone(), Role::Plain),
        ],
        faults: faults(app, style, node),
        terse: "",
        more,
        id,
        beside: columns::beside(app, node, pane),
        cells: columns::of_run(app, style, node, pane, masking),
        time: run
            .started_at
            .map(|at| when::age(app.now, at))
            .unwrap_or_default(),
        took: run.duration.map(when::span).unwrap_or_default(),
        note: String::new(),
    }
}

/// The beginning of an id of hexadecimal digits, which tells it from others; other ids whole, because
/// they often begin alike.
pub fn short(id: &str) -> &str {
    match id.get(..8) {
        Some(head) if head.bytes().all(|byte| byte.is_ascii_hexdigit()) => head,
        Some(_) | None => id,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn step(app: &App, style: &Style, node: NodeId) -> Label {
    let Some(step) = app.store.step(node) else {
        return Label::default();
    };
    let (glyph, role) = style.step(step.status);
    let title = if step.title.is_empty() {
        &step.id
    } else {
        &step.title
    };
    let took = step
        .ended_at
        .zip(step.started_at)
        .and_then(|(end, start)| end.since(start));
    let mut more = Vec::new();
    if step.raw.is_empty() && step.title.is_empty() {
        more.push(("  not in the plan".to_owned(), Role::Dim));
    }
    Label {
        left: vec![
            (format!("{} ", style.glyph(glyph)), role),
            ("step ".to_owned(), Role::Status),
            (title.clone(), Role::Plain),
        ],
        faults: faults(app, style, node),
        more,
        time: step
            .started_at
            .map(|at| when::clock(at, &app.zone))
            .unwrap_or_default(),
        took: took.map(when::span).unwrap_or_default(),
        ..Label::default()
    }
}

fn event(app: &App, style: &Style, node: NodeId) -> Label {
    let Some(event) = app.store.event(node) else {
        return Label::default();
    };
    if let Some(label) = operation::label(app, style, node, &event) {
        return label;
    }
    let (glyph, kind, role) = style.event(&event);
    let Headline { title, summary } = headline(&event);
    // The kind is said already; a title that only repeats it says nothing.
    let said = title == kind || title == event.kind.word();
    let summary = if summary == title {
        String::new()
    } else {
        summary
    };
    let title = if said {
        String::new()
    } else {
        format!("{title}  ")
    };
    Label {
        left: vec![
            (format!("{} ", style.glyph(glyph)), role),
            (format!("{kind:<7}"), Role::Dim),
            (title, role),
            (summary, summary_role(&event)),
        ],
        time: event
            .time
            .map(|at| when::clock(at, &app.zone))
            .unwrap_or_default(),
        took: event.duration.map(when::span).unwrap_or_default(),
        ..Label::default()
    }
}

fn summary_role(event: &Event) -> Role {
    match event.kind {
        crate::model::Kind::Reasoning => Role::Model,
        _ => Role::Plain,
    }
}
