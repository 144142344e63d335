//! Bars beside the rows of a run: one axis of time for all of them, with silence folded. What is not
//! known of when something was is drawn so.

use super::{
    course::Course,
    rows::{Clock, Line, NARROW, Row, beside, lines},
    table::Table,
    text::Sheet,
};
use crate::{
    analysis::{
        OpKind, Operation, Verdict,
        axis::{Axis, Extent, Labels, Window},
        bar::{Sign, Strip},
    },
    model::{Step, Time},
};

/// Columns of the bars, at least and at most.
const BARS: (usize, usize) = (16, 60);
/// Columns of a whole line, where nothing says how many there are.
const PAGE: usize = 120;

impl Sheet<'_> {
    /// The same with bars beside the rows, and the time above them.
    pub(super) fn waterfall(&mut self, course: &Course<'_>, steps: &[Step], at: Clock) -> String {
        let Some((from, to)) = course.digest().extent() else {
            return self.operations(course, steps, at);
        };
        let lines = lines(course, steps);
        let rows: Vec<Row> = lines
            .iter()
            .map(|line| self.row(course, line, at))
            .collect();
        let free = self.columns.unwrap_or(PAGE).saturating_sub(beside(&rows));
        let left = (free * 2 / 5).clamp(BARS.0, BARS.1);
        let room = free.saturating_sub(left + 2).max(NARROW);
        let to = at.now.map_or(to, |now| now.max(to));
        let gaps = course.digest().gaps();
        let idle: Vec<(Time, Time)> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        let columns = u16::try_from(left).unwrap_or(u16::MAX);
        let axis = Axis::new(Window::new(from, to), &idle, columns);
        let labels = Labels::Offset {
            origin: at.origin.unwrap_or(from),
        };
        let mut table = Table::new(&[
            "#>", "+OFFSET>", "VERDICT", "KIND", "WHAT", "DUR>", "TOKENS>", "TIME",
        ]);
        let ticks = axis.tick_line(&labels, self.ascii);
        let blank = || std::iter::repeat_n(String::new(), 7);
        table.row(blank().chain([ticks]));
        for (line, row) in lines.iter().zip(rows) {
            let mut strip = Strip::new(&axis, self.ascii);
            if let Line::Operation(operation, role, _) = line
                && let Some(extent) = extent(operation, to)
            {
                strip.bar(&axis.bar(extent), mark(operation, role.verdict));
            }
            let what = self.what(&row, room);
            let [number, offset, verdict, kind] = row.cells;
            table.row([
                number,
                offset,
                verdict,
                kind,
                what,
                row.took,
                row.tokens,
                strip.text(),
            ]);
        }
        table.render(self.columns, self.ascii)
    }
}

fn mark(operation: &Operation, verdict: Verdict) -> Sign {
    match operation.kind {
        _ if verdict.is_failure() => Sign::Failed,
        OpKind::Step | OpKind::Status => Sign::Change,
        _ => Sign::Quiet,
    }
}

/// When an operation was, with all that its row stands for.
pub(super) fn extent(operation: &Operation, now: Time) -> Option<Extent> {
    let whole = operation.repeat.as_ref();
    let whole = whole.filter(|repeat| repeat.first == operation.node);
    let end = whole.and_then(|repeat| {
        let took = i64::try_from(repeat.took?.as_nanos()).ok()?;
        Some(Time(operation.started?.0.saturating_add(took)))
    });
    match (operation.started, end) {
        (Some(start), Some(end)) => Some(Extent::Done { start, end }),
        _ => operation.extent(now),
    }
}
