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
    app::{App, time::when},
    model::{NodeId, StepStatus},
    text::width,
};

/// Columns of a step's title, and of others than that of the selected row where there is less room.
const TITLE: usize = 18;
const SHORT: usize = 8;
/// The longest titles with which all steps fit are shown.
const LONG: usize = 60;
/// Columns between the steps and what stands beside them.
const APART: usize = 2;
const TITLES: [usize; 16] = [
    LONG, 48, 40, 36, 30, 26, 22, 20, TITLE, 17, 16, 15, 14, 12, 10, SHORT,
];

/// Draws the line.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, area: Rect, run: NodeId) {
    let mut parts = standing(app, run);
    let told = |parts: &[String]| style.text(&parts.join(" · "));
    // A blank at each edge, and enough between both that they do not read as one phrase.
    let whole = usize::from(area.width).saturating_sub(2);
    let room = whole.saturating_sub(width::width(&told(&parts)) + APART);
    let mut spans = vec![Span::raw(" ")];
    let used = strip(app, style, run, room, &mut spans);
    while !parts.is_empty() && used + APART + width::width(&told(&parts)) > whole {
        parts.pop();
    }
    let right = told(&parts);
    let gap = whole.saturating_sub(used + width::width(&right));
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(Span::styled(right, style.of(Role::Dim)));
    frame.render_widget(Line::from(spans), area);
}

/// As of the selected row: open calls and tokens.
fn standing(app: &App, run: NodeId) -> Vec<String> {
    let Some(digest) = app.digest(run) else {
        return Vec::new();
    };
    let Some(node) = app.event_here_in(run).or_else(|| app.store.newest(run)) else {
        return Vec::new();
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
    parts
}

/// The steps with their signs: all of them where their titles can be cut short enough, else those
/// around the selected row, between how many are left out on either side.
fn strip(
    app: &App,
    style: &Style,
    run: NodeId,
    room: usize,
    spans: &mut Vec<Span<'static>>,
) -> usize {
    let steps = app.plan(run);
    if steps.is_empty() {
        let text = "no plan";
        spans.push(Span::styled(text, style.of(Role::Dim)));
        return text.len();
    }
    let here = here(app, run, &steps);
    let event = app.event_here_in(run);
    let pieces = pieces(app, style, run, (&steps, event));
    let lead = "plan ";
    spans.push(Span::styled(lead, style.of(Role::Dim)));
    let at = event.and_then(|event| as_of(app, style, run, (&steps, &pieces, event)));
    let at = at.unwrap_or_default();
    let mut used = lead.len() + at.len();
    spans.push(Span::styled(at, style.of(Role::Strong)));
    let fitted = Fitted::into(&pieces, here, room.saturating_sub(used), style);
    let mut put = |text: String, paint: ratatui::style::Style| {
        used += width::width(&text);
        spans.push(Span::styled(text, paint));
    };
    let (before, behind) = (fitted.from, pieces.len().saturating_sub(fitted.to));
    if before > 0 {
        let sign = style.glyph(Glyph::Before);
        put(format!("{sign}{before} "), style.of(Role::Dim));
    }
    let shown = pieces.iter().enumerate().skip(fitted.from);
    for (at, piece) in shown.take(fitted.to.saturating_sub(fitted.from)) {
        let mut paint = style.of(piece.role);
        if Some(at) == here {
            paint = paint.patch(style.of(Role::Strong));
        }
        let title = style.fit(&piece.title, fitted.title(at, here));
        put(format!("{}{title}", style.glyph(piece.glyph)), paint);
        put(" ".to_owned(), ratatui::style::Style::new());
    }
    if behind > 0 {
        let sign = style.glyph(Glyph::Behind);
        put(format!("{behind}{sign}"), style.of(Role::Dim));
    }
    used
}

/// One step of the line.
struct Piece {
    glyph: Glyph,
    title: String,
    role: Role,
}

/// Which steps are shown, and how long their titles are at most.
struct Fitted {
    from: usize,
    to: usize,
    others: usize,
}

impl Fitted {
    /// The longest titles with which all steps fit, else as many steps as fit with short ones.
    fn into(pieces: &[Piece], here: Option<usize>, room: usize, style: &Style) -> Self {
        for others in TITLES {
            let all = Self {
                from: 0,
                to: pieces.len(),
                others,
            };
            if all.taken(pieces, here, style) <= room {
                return all;
            }
        }
        // Away from all steps, around the last one that had begun.
        let begun = || {
            let begun = pieces.iter().rposition(|piece| piece.glyph != Glyph::Quiet);
            begun.unwrap_or_default()
        };
        let around = here.unwrap_or_else(begun);
        let mut fitted = Self {
            from: around,
            to: around + 1,
            others: SHORT,
        };
        let mut is_left = false;
        loop {
            is_left = !is_left;
            let left = fitted.from.checked_sub(1).map(|from| (from, fitted.to));
            let right = (fitted.to < pieces.len()).then_some((fitted.from, fitted.to + 1));
            let both = if is_left {
                [right, left]
            } else {
                [left, right]
            };
            let next = both.into_iter().flatten().find(|(from, to)| {
                let (from, to) = (*from, *to);
                let grown = Self { from, to, ..fitted };
                grown.taken(pieces, here, style) <= room
            });
            match next {
                Some((from, to)) => (fitted.from, fitted.to) = (from, to),
                None => return fitted,
            }
        }
    }

    /// The step with the selected row keeps a long title.
    fn title(&self, at: usize, here: Option<usize>) -> usize {
        if Some(at) == here {
            TITLE.max(self.others)
        } else {
            self.others
        }
    }

    /// Columns that it takes, with what is said of those left out.
    fn taken(&self, pieces: &[Piece], here: Option<usize>, style: &Style) -> usize {
        let behind = pieces.len().saturating_sub(self.to);
        let said = |left_out: usize| match left_out {
            0 => 0,
            n => n.to_string().len() + 2,
        };
        let shown = pieces.iter().enumerate().skip(self.from);
        let steps: usize = shown
            .take(self.to.saturating_sub(self.from))
            .map(|(at, piece)| width::width(&style.fit(&piece.title, self.title(at, here))) + 2)
            .sum();
        steps + said(self.from) + said(behind)
    }
}

/// The step that the selected row is or lies in.
fn here(app: &App, run: NodeId, steps: &[NodeId]) -> Option<usize> {
    let above = std::iter::successors(app.cursor_in(Some(run)), |node| {
        app.outline.true_parent(*node)
    });
    let mut above = above;
    above.find_map(|node| steps.iter().position(|step| *step == node))
}

/// `at #36 ` where the plan of the selected row is not that of the end.
fn as_of(
    app: &App,
    style: &Style,
    run: NodeId,
    (steps, pieces, event): (&[NodeId], &[Piece], NodeId),
) -> Option<String> {
    let newest = app.store.newest(run).filter(|newest| *newest != event);
    newest?;
    let known = steps.iter().filter(|step| app.store.step(**step).is_some());
    let differs = known
        .zip(pieces)
        .any(|(step, piece)| state(app, style, run, (*step, newest)).0 != piece.glyph);
    let number = app.store.number(event).filter(|_| differs)?;
    Some(format!("at #{number} "))
}

fn pieces(
    app: &App,
    style: &Style,
    run: NodeId,
    (steps, event): (&[NodeId], Option<NodeId>),
) -> Vec<Piece> {
    let mut masking = app.redactor.masking();
    let piece = |node: &NodeId| {
        let step = app.store.step(*node)?;
        let (glyph, role) = state(app, style, run, (*node, event));
        let name = if step.title.is_empty() {
            &step.id
        } else {
            &step.title
        };
        Some(Piece {
            glyph,
            title: style
                .fit(&style.told(name, &mut masking), LONG)
                .into_owned(),
            role,
        })
    };
    steps.iter().filter_map(piece).collect()
}

/// The state of a step as of an event.
fn state(
    app: &App,
    style: &Style,
    run: NodeId,
    (node, event): (NodeId, Option<NodeId>),
) -> (Glyph, Role) {
    let Some(step) = app.store.step(node) else {
        return (Glyph::Quiet, Role::Dim);
    };
    let as_of = event.and_then(|event| app.digest(run)?.step_as_of(&step.id, event));
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
