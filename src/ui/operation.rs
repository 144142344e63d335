//! What the row of an event says of the operation it shows: its sign, its kind, what it is about and what
//! came of it, how long it took and where it lies on the axis.

use ratatui::text::Span;

use super::{
    label::Label,
    style::{Glyph, Role, Style},
};
use crate::{
    analysis::{
        self, Headline, OpKind, Operation, Role as Part, Verdict, Why,
        axis::{Axis, Extent},
        bar::{Piece, Sign, Strip},
        spelling::{is_told, pair},
    },
    app::{App, outline::Lens, outline::Mark, time::when},
    model::{Event, NodeId, RunStatus, Sort, StepStatus, Time},
};

/// Failures that are drawn over the bar of what they are folded into.
const MARKS: usize = 64;

/// What stands right of a row.
#[derive(Debug, Default)]
pub struct Told {
    /// How long it took.
    pub took: String,
    /// Tokens.
    pub tokens: String,
}

/// What stands right of a row.
pub fn told(app: &App, node: NodeId) -> Told {
    match app.store.sort(node) {
        Sort::Event if app.outline.lens() != Lens::Raw => {
            let Some(operation) = app.operation(node) else {
                return Told::default();
            };
            let group = operation
                .repeat
                .as_ref()
                .filter(|repeat| repeat.first == node && app.is_folded_repeat(node));
            let took = match group {
                Some(repeat) => repeat.took,
                None => took(app, &operation),
            };
            let sum = match group {
                Some(repeat) => (repeat.tokens > 0).then_some(repeat.tokens),
                None => operation.tokens.and_then(|tokens| tokens.sum()),
            };
            Told {
                took: took.map(when::span).unwrap_or_default(),
                tokens: sum.map(when::count).unwrap_or_default(),
            }
        }
        Sort::Event => {
            let event = app.store.event(node).unwrap_or_default();
            Told {
                took: event.duration.map(when::span).unwrap_or_default(),
                tokens: event
                    .tokens
                    .and_then(|tokens| tokens.sum())
                    .map(when::count)
                    .unwrap_or_default(),
            }
        }
        Sort::Step => Told {
            took: app
                .extent_of(node)
                .and_then(|(from, to)| to.since(from))
                .filter(|took| !took.is_zero())
                .map(when::span)
                .unwrap_or_default(),
            tokens: String::new(),
        },
        Sort::Context | Sort::Mission | Sort::Run | Sort::Note | Sort::Group => Told::default(),
    }
}

/// An open call takes as long as it has been open.
fn took(app: &App, operation: &Operation) -> Option<std::time::Duration> {
    let open = operation.verdict == Verdict::Running;
    operation
        .took
        .or_else(|| app.now.since(operation.started.filter(|_| open)?))
}

/// The row of an event; `None` where nothing was read of it yet, or records are shown as sent.
pub fn label(app: &App, style: &Style, node: NodeId, event: &Event) -> Option<Label> {
    (app.outline.lens() != Lens::Raw).then_some(())?;
    let part = app.role(node)?;
    let operation = app.operation(node)?;
    let answer = operation.answer.and_then(|answer| app.store.event(answer));
    let (glyph, role) = sign(style, event, &operation, &part);
    let (glyph, role) = of_children(app, style, node).unwrap_or((glyph, role));
    let (title, summary) = words(event, answer.as_ref(), &operation);
    let kind = operation.kind.word();
    let summary = if summary == title {
        String::new()
    } else {
        summary
    };
    let plain = matches!(title.as_str(), "" | "thinking" | "message");
    let title = if plain || title == kind || title == event.kind.word() {
        String::new()
    } else {
        format!("{title}  ")
    };
    // Unfolded repeats stand a little to the right of the first of them.
    let indent = if app.is_repeat(node) { "  " } else { "" };
    let mut left = vec![
        (format!("{indent}{} ", style.glyph(glyph)), role),
        (
            format!(
                "{:<8}",
                format!("{kind} {}", pair(operation.why, style.is_ascii()))
            ),
            Role::Dim,
        ),
    ];
    let folded = folded(app, style, node, &operation, &part);
    // The names of a cycle begin with its own.
    let is_cycle = operation
        .repeat
        .as_ref()
        .is_some_and(|repeat| repeat.cycle.len() > 1);
    if folded.is_none() || !is_cycle {
        left.push((title, title_role(style, event, role)));
    }
    left.extend(folded);
    left.extend(alone(operation.why));
    if operation.early && !operation.skewed {
        left.push(("early result  ".to_owned(), Role::Soft));
    }
    if operation.recovered_by.is_some() {
        left.push(("recovered  ".to_owned(), Role::Dim));
    }
    if operation.kind == OpKind::Think {
        left.push((summary, Role::Model));
    } else {
        left.push((summary, Role::Plain));
    }
    let mut more = Vec::new();
    if operation.skewed {
        more.push(("  clocks disagree".to_owned(), Role::Soft));
    }
    let took = took(app, &operation);
    Some(Label {
        left,
        faults: super::row::faults(app, style, node),
        more,
        time: event
            .time
            .map(|at| when::clock(at, &app.zone))
            .unwrap_or_default(),
        took: took.map(when::span).unwrap_or_default(),
        ..Label::default()
    })
}

/// `×23` in front of what the repeats are about, `∞` where they are a loop.
fn folded(
    app: &App,
    style: &Style,
    node: NodeId,
    operation: &Operation,
    part: &Part,
) -> Option<(String, Role)> {
    let repeat = operation.repeat.as_ref().filter(|_| part.count > 1)?;
    if repeat.first != node {
        return None;
    }
    let times = style.glyph(Glyph::Times);
    let what = if repeat.cycle.len() > 1 {
        let arrow = style.glyph(Glyph::Then);
        format!("{times}{} ({})", repeat.count, repeat.cycle.join(arrow))
    } else {
        format!("{times}{}", repeat.count)
    };
    let sign = if repeat.is_loop {
        format!(" {}", style.glyph(Glyph::Loop))
    } else {
        String::new()
    };
    let open = if app.is_folded_repeat(node) {
        ""
    } else {
        " unfolded"
    };
    let role = if repeat.is_loop {
        Role::Soft
    } else {
        Role::Strong
    };
    Some((format!("{what}{sign}{open}  "), role))
}

/// A result without a call says so; a call without a result has a sign for that.
fn alone(why: Why) -> Option<(String, Role)> {
    match why {
        Why::NoCall => Some(("no call  ".to_owned(), Role::Soft)),
        Why::Again => Some(("one more result  ".to_owned(), Role::Soft)),
        _ => None,
    }
}

fn title_role(style: &Style, event: &Event, sign: Role) -> Role {
    match sign {
        Role::Failed | Role::Soft => sign,
        _ => style.event(event).2,
    }
}

/// The sign of an operation: what became of it where that matters, else what it is.
fn sign(style: &Style, event: &Event, operation: &Operation, part: &Part) -> (Glyph, Role) {
    let (own, _, role) = style.event(event);
    let made_good = operation.recovered_by.is_some() && !part.fails;
    match part.verdict {
        Verdict::Failed if made_good => (Glyph::Failed, Role::Dim),
        Verdict::SoftFailure if made_good => (Glyph::Soft, Role::Dim),
        Verdict::Failed => (Glyph::Failed, Role::Failed),
        Verdict::SoftFailure => (Glyph::Soft, Role::Soft),
        Verdict::Unanswered => (Glyph::Unknown, Role::Soft),
        Verdict::Running => (Glyph::Running, Role::Running),
        Verdict::Cancelled | Verdict::Skipped => (Glyph::Cancelled, Role::Dim),
        Verdict::Ok if is_told(operation.kind, Verdict::Ok) => (Glyph::Ok, Role::Good),
        Verdict::Ok | Verdict::NotReported => (own, role),
    }
}

/// The sign of what a run came to that was started here: the worst of all, once it is known.
fn of_children(app: &App, style: &Style, node: NodeId) -> Option<(Glyph, Role)> {
    let (glyph, role) = app
        .child_runs(node)
        .filter_map(|run| app.store.run(run))
        .map(|run| run.status)
        .filter(|status| !matches!(status, RunStatus::Unknown | RunStatus::Pending))
        .min_by_key(|status| {
            (
                !status.is_failure(),
                *status == RunStatus::Succeeded,
                status.is_final(),
            )
        })
        .map(|status| style.run(status))?;
    if glyph == Glyph::Failed {
        return Some((glyph, role));
    }
    // It may say that it went well although something in it did not.
    let below = |mark| app.outline.marked_below(node, mark) > 0;
    Some(if below(Mark::Failed) {
        (Glyph::Failed, Role::Failed)
    } else if below(Mark::Soft) {
        (Glyph::Soft, Role::Soft)
    } else if below(Mark::Unanswered) {
        (Glyph::Unknown, Role::Soft)
    } else {
        (glyph, role)
    })
}

/// Title and summary: what it is about; of a failure what came of it too.
pub fn words(event: &Event, answer: Option<&Event>, operation: &Operation) -> (String, String) {
    let Headline { title, summary } = analysis::title(event, answer, operation.verdict);
    (title, summary)
}

/// The bar of a row.
pub fn bar(app: &App, style: &Style, node: NodeId, axis: &Axis) -> Vec<Span<'static>> {
    let mut strip = Strip::new(axis, style.is_ascii());
    if let Some(run) = app.run_of(node) {
        not_loaded(app, run, axis, &mut strip);
    }
    let (extent, sign, role) = match app.store.sort(node) {
        Sort::Event => of_event(app, node),
        Sort::Step => of_step(app, node),
        Sort::Context | Sort::Mission | Sort::Run | Sort::Note | Sort::Group => {
            return Vec::new();
        }
    }
    .unwrap_or((None, Sign::Quiet, Role::BarWait));
    if let Some(extent) = extent {
        strip.bar(&axis.bar(extent), sign);
    }
    for column in axis.marks(failures_in(app, node)) {
        strip.mark(column, Sign::Failed);
    }
    paint(style, &strip, role)
}

/// The stretches whose events are not loaded.
pub fn not_loaded(app: &App, run: NodeId, axis: &Axis, strip: &mut Strip) {
    for (from, to) in app.unloaded(run) {
        strip.unloaded(axis, from, to);
    }
}

/// A drawn line in colours.
pub fn paint(style: &Style, strip: &Strip, role: Role) -> Vec<Span<'static>> {
    strip
        .pieces()
        .into_iter()
        .map(|(text, piece)| {
            let role = match piece {
                Piece::Blank
                | Piece::Fold
                | Piece::Unloaded
                | Piece::Beyond
                | Piece::Sign(Sign::Quiet) => Role::BarWait,
                Piece::Fill | Piece::Title => role,
                Piece::Open => Role::Running,
                Piece::Sign(Sign::Failed) => Role::BarError,
                Piece::Sign(Sign::Change) => Role::Status,
            };
            Span::styled(text, style.of(role))
        })
        .collect()
}

type Drawn = Option<(Option<Extent>, Sign, Role)>;

fn of_event(app: &App, node: NodeId) -> Drawn {
    let operation = app.operation(node)?;
    let part = app.role(node)?;
    let role = match (part.verdict, operation.kind) {
        (Verdict::Failed | Verdict::Unanswered, _) => Role::BarError,
        (Verdict::SoftFailure, _) => Role::Soft,
        (_, OpKind::Llm | OpKind::Think | OpKind::Span) => Role::BarModel,
        (_, OpKind::Tool | OpKind::Sub) => Role::BarTool,
        _ => Role::BarWait,
    };
    let sign = match (part.verdict, operation.kind) {
        (Verdict::Failed, _) => Sign::Failed,
        (_, OpKind::Step | OpKind::Status) => Sign::Change,
        _ => Sign::Quiet,
    };
    Some((extent(app, node, &operation), sign, role))
}

/// What is known of when an operation was, as the axis takes it.
pub fn extent(app: &App, node: NodeId, operation: &Operation) -> Option<Extent> {
    if operation
        .repeat
        .as_ref()
        .is_some_and(|repeat| repeat.first == node)
        && app.is_folded_repeat(node)
    {
        let (start, end) = app.extent_of(node)?;
        return Some(Extent::Done { start, end });
    }
    let whole = app.run_of(node).and_then(|run| app.axis_window(run));
    operation.extent(whole.map_or(app.now, |(_, whole)| whole.to()))
}

fn of_step(app: &App, node: NodeId) -> Drawn {
    let step = app.store.step(node)?;
    let role = match step.status {
        StepStatus::Failed => Role::BarError,
        _ => Role::Status,
    };
    Some((step_extent(app, node), Sign::Change, role))
}

/// When a step was; one that is at work goes on.
pub fn step_extent(app: &App, node: NodeId) -> Option<Extent> {
    let step = app.store.step(node)?;
    let (start, end) = app.extent_of(node)?;
    let run = app.run_of(node)?;
    let open = step.status == StepStatus::Running && step.ended_at.is_none() && app.is_live(run);
    Some(match app.axis_window(run).filter(|_| open) {
        Some((_, whole)) => Extent::Open {
            start,
            now: whole.to(),
        },
        None => Extent::Done { start, end },
    })
}

/// When the failures were that are folded away under a row.
fn failures_in(app: &App, node: NodeId) -> Vec<Time> {
    if app.outline.is_open(node) || app.outline.marked_below(node, Mark::Fault) == 0 {
        return Vec::new();
    }
    let last = app.outline.marked_below(node, Mark::Fault).min(MARKS);
    std::iter::successors(app.outline.next_marked(node, Mark::Fault), |node| {
        app.outline.next_marked(*node, Mark::Fault)
    })
    .take(last)
    .filter_map(|node| app.extent_of(node))
    .map(|(_, to)| to)
    .collect()
}
