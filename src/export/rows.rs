//! The operations of a run as rows that can be pasted: number, offset, verdict, kind, what it was, how
//! long it took, tokens. Repeats are one row, silence is a
//! line, what lies in a step or in another operation is indented.

use std::io;

use super::{
    course::Course,
    spell::{offset, open_for, repeats, round, silence, told},
    table::Table,
    text::Sheet,
};
use crate::{
    analysis::{
        Gap, OpKind, Operation, Repeat, Role, Verdict, Why, headline,
        spelling::{pair, span},
    },
    model::{NodeId, Step, Time},
    text::width::{fit, fit_plain, width},
};

/// Columns of what an operation was, where nothing says how many there are.
const WIDE: usize = 100;
/// No fewer, however narrow the terminal: lines are cut at its edge then.
pub(super) const NARROW: usize = 20;
/// What is deeper is indented no further.
const DEEPEST: usize = 8;

/// The time that rows are told in.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// What offsets count from.
    pub origin: Option<Time>,
    /// Now, where the run goes on.
    pub now: Option<Time>,
}

/// One line among the rows.
pub(super) enum Line {
    Operation(Box<Operation>, Role, usize),
    Step(String),
    Gap(Gap),
}

/// The cells of a row before it is known how wide they may be.
pub(super) struct Row {
    /// Number, offset, verdict, kind.
    pub cells: [String; 4],
    pub indent: usize,
    pub title: String,
    /// The sign of a pair.
    pub mark: &'static str,
    /// What gives way where there is no room.
    pub summary: String,
    pub notes: String,
    pub took: String,
    pub tokens: String,
}

impl Sheet<'_> {
    /// All operations of a run as rows.
    pub(super) fn operations(&mut self, course: &Course<'_>, steps: &[Step], at: Clock) -> String {
        let lines = lines(course, steps);
        let rows: Vec<Row> = lines
            .iter()
            .map(|line| self.row(course, line, at))
            .collect();
        let room = match self.columns {
            Some(columns) => columns.saturating_sub(beside(&rows)).max(NARROW),
            None => WIDE,
        };
        let mut table = Table::new(&[
            "#>", "+OFFSET>", "VERDICT", "KIND", "WHAT", "DUR>", "TOKENS>",
        ]);
        for row in rows {
            let what = self.what(&row, room);
            let [number, offset, verdict, kind] = row.cells;
            table.row([number, offset, verdict, kind, what, row.took, row.tokens]);
        }
        table.render(self.columns, self.ascii)
    }

    /// The rows that show failures and loops, and why.
    pub(super) fn failing(&mut self, course: &Course<'_>, at: Clock) -> String {
        let mut table = Table::new(&[
            "#>", "+OFFSET>", "VERDICT", "KIND", "RULE", "WHAT", "REASON",
        ]);
        for failing in course.failures() {
            let Some(role) = course.digest().role(failing.row.node) else {
                continue;
            };
            let said = course.event(failing.row.node).map(headline);
            let said = said.unwrap_or_default().summary;
            let circles = failing.loops.as_ref().filter(|repeat| repeat.is_loop);
            let reason = failing.reason.or_else(|| circles.map(round));
            let mut reason = reason.unwrap_or_default();
            let mut row = self.row(course, &Line::Operation(Box::new(failing.row), role, 0), at);
            // What came back is the reason, and a rule has its own column; what has no name is named by it.
            row.summary = self.line(&said);
            if let Some(source) = reason.strip_suffix(&said).filter(|_| !said.is_empty()) {
                let named = !row.title.is_empty();
                if !named || row.title == row.summary {
                    reason = source.trim_end_matches([':', ' ']).to_owned();
                }
                if named {
                    row.summary.clear();
                }
            }
            row.notes = failing.loops.as_ref().map(repeats).unwrap_or_default();
            row.notes = self.line(&row.notes);
            let what = self.what(&row, WIDE);
            let [number, offset, verdict, kind] = row.cells;
            let rule = failing.rule.map(|rule| rule.word().to_owned());
            let reason = self.line(&reason);
            table.row([
                number,
                offset,
                verdict,
                kind,
                rule.unwrap_or_default(),
                what,
                reason,
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    pub(super) fn row(&mut self, course: &Course<'_>, line: &Line, at: Clock) -> Row {
        let (operation, role, depth) = match line {
            Line::Operation(operation, role, depth) => {
                self.stand_at(course, operation);
                (operation, role, *depth)
            }
            Line::Step(step) => return Row::only(format!("step {}", self.line(step))),
            Line::Gap(gap) => {
                return Row::only(silence(gap));
            }
        };
        let head = course.headline(operation);
        let title = if head.title == operation.kind.word() {
            String::new()
        } else {
            self.line(&head.title)
        };
        let summary = if head.summary.trim() == head.title.trim() {
            String::new()
        } else {
            self.line(&head.summary)
        };
        let repeat = operation.repeat.as_ref();
        let whole = repeat.filter(|repeat| repeat.first == operation.node);
        let took = whole.map_or(operation.took, |repeat| repeat.took);
        let tokens = match whole {
            Some(repeat) => Some(repeat.tokens).filter(|tokens| *tokens > 0),
            None => operation.tokens.and_then(|tokens| tokens.sum()),
        };
        let mark = pair(operation.why, self.ascii);
        Row {
            cells: [
                course.number(operation.node).map_or_else(
                    || self.id(course.id(operation.node)),
                    |number| number.to_string(),
                ),
                offset(at.origin, operation.at()),
                told(operation.kind, role.verdict).to_owned(),
                operation.kind.word().to_owned(),
            ],
            indent: depth.min(DEEPEST) * 2,
            title,
            mark,
            summary,
            notes: self.notes(course, operation, whole),
            took: match (took, operation.verdict) {
                (Some(took), _) => span(took),
                (None, Verdict::Running) => open_for(operation, at.now),
                (None, _) => String::new(),
            },
            tokens: tokens.map(|sum| sum.to_string()).unwrap_or_default(),
        }
    }

    /// What is said behind the summary: repeats, what made up for it, clocks that disagree.
    fn notes(
        &mut self,
        course: &Course<'_>,
        operation: &Operation,
        whole: Option<&Repeat>,
    ) -> String {
        let mut notes = Vec::new();
        if let Some(repeat) = whole {
            notes.push(self.line(&repeats(repeat)));
        }
        if let Some(by) = operation.recovered_by {
            notes.push(format!("recovered by {}", self.line(&course.name(by))));
        }
        match operation.why {
            Why::NoCall => notes.push("no call".to_owned()),
            Why::Again => notes.push("one more result".to_owned()),
            _ => {}
        }
        if operation.early && !operation.skewed {
            notes.push("result before its call".to_owned());
        }
        if let Some(rule) = operation.rule {
            notes.push(rule.word().to_owned());
        }
        if operation.skewed {
            notes.push("ended before it began: clocks disagree".to_owned());
        }
        if operation.started.is_none() && operation.kind == OpKind::Tool {
            notes.push("only its end is known".to_owned());
        }
        notes.join(", ")
    }

    /// The cell of what an operation was, in that many columns: its summary gives way first.
    pub(super) fn what(&self, row: &Row, room: usize) -> String {
        let titled = [row.title.as_str(), row.mark].into_iter();
        let titled: Vec<&str> = titled.filter(|part| !part.is_empty()).collect();
        let mut what = format!("{}{}", " ".repeat(row.indent), titled.join(" "));
        let behind = if row.notes.is_empty() {
            String::new()
        } else {
            format!("  ({})", row.notes)
        };
        if !row.summary.is_empty() {
            let gap = if titled.is_empty() { "" } else { "  " };
            let used = width(&what) + gap.len() + width(&behind);
            let free = room.saturating_sub(used).max(NARROW / 2);
            let fit = if self.ascii { fit_plain } else { fit };
            what.push_str(gap);
            what.push_str(&fit(&row.summary, free));
        }
        what.push_str(&behind);
        what
    }
}

impl Row {
    /// A line that is no operation.
    fn only(text: String) -> Self {
        Self {
            cells: Default::default(),
            indent: 0,
            title: String::new(),
            mark: "",
            summary: text,
            notes: String::new(),
            took: String::new(),
            tokens: String::new(),
        }
    }
}

/// Columns that all rows take beside what they were, with the blanks between columns.
pub(super) fn beside(rows: &[Row]) -> usize {
    let column = |cell: &dyn Fn(&Row) -> usize, name: &str| {
        let widest = rows.iter().map(cell).max().unwrap_or(0);
        if widest == 0 {
            0
        } else {
            widest.max(name.len()) + 2
        }
    };
    let of = |at: usize| move |row: &Row| row.cells.get(at).map_or(0, |cell| width(cell));
    let cells = ["#", "+OFFSET", "VERDICT", "KIND"].into_iter().enumerate();
    let cells: usize = cells.map(|(at, name)| column(&of(at), name)).sum();
    cells + column(&|row| width(&row.took), "DUR") + column(&|row| width(&row.tokens), "TOKENS")
}

/// What is shown, in order: rows of operations, and lines for steps that begin and for silence.
pub(super) fn lines(course: &Course<'_>, steps: &[Step]) -> Vec<Line> {
    lines_while(course, steps, &|| Ok(())).unwrap_or_default()
}

/// The same; `go_on` is asked before each row, and its fault ends it.
pub(super) fn lines_while(
    course: &Course<'_>,
    steps: &[Step],
    go_on: &dyn Fn() -> io::Result<()>,
) -> io::Result<Vec<Line>> {
    let digest = course.digest();
    let gaps = digest.gaps();
    let mut gaps = gaps.into_iter().peekable();
    let mut lines = Vec::new();
    let mut step: Option<String> = None;
    for node in digest.operations() {
        go_on()?;
        let (Some(operation), Some(role)) = (digest.operation(node), digest.role(node)) else {
            continue;
        };
        while let Some(gap) = gaps.next_if(|gap| gap.before <= node) {
            // Between repeats that are one row there is no place for another.
            let folded = digest
                .role(gap.before)
                .is_some_and(|role| role.repeats.is_some());
            lines.extend((!folded).then_some(Line::Gap(gap)));
        }
        if role.repeats.is_some() {
            continue;
        }
        // What belongs to no step does not end one.
        if operation.step.is_some() && operation.step != step {
            step.clone_from(&operation.step);
            lines.extend(step.as_deref().map(|id| Line::Step(name(steps, id))));
        }
        let depth = usize::from(operation.step.is_some()) + depth(course, node);
        lines.push(Line::Operation(Box::new(operation), role, depth));
    }
    Ok(lines)
}

fn name(steps: &[Step], id: &str) -> String {
    let step = steps.iter().find(|step| step.id == id);
    let title = step.map_or("", |step| step.title.trim());
    let state = step.map(|step| step.status.word());
    match (title, state) {
        ("", None) => id.to_owned(),
        ("", Some(state)) => format!("{id} ({state})"),
        (title, state) => format!("{title} ({})", state.unwrap_or_default()),
    }
}

/// In how many operations one lies.
fn depth(course: &Course<'_>, node: NodeId) -> usize {
    let above = |node: &NodeId| course.digest().role(*node)?.within;
    std::iter::successors(above(&node), above)
        // Spans end behind what lies in them: then they stand below it and not above.
        .take_while(|above| *above < node)
        .take(DEEPEST)
        .count()
}
