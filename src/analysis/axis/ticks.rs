//! The line above the bars: round times where they stand, folds with their length. Labels never touch
//! one another; one that has no room is left out, so that what is there can be trusted.

use super::Axis;
use crate::{model::Time, text::width::width};

const MICRO: u64 = 1_000;
const MILLI: u64 = 1_000 * MICRO;
const SECOND: u64 = 1_000 * MILLI;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Steps above a second that people count in; below it and from days on they are 1, 2, 5, 10 and so on.
const STEPS: [u64; 19] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    20 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

/// Blank columns between two labels, at least.
const APART: u64 = 2;

/// What ticks are labelled with.
pub enum Labels<'a> {
    /// How long after `origin`, which is the run's start: `0:20`, `1h05m`, `-0:01.5`, `250ms`.
    Offset { origin: Time },
    /// What the caller makes of a time and of the nanoseconds from one tick to the next. Ticks stand whole
    /// steps from `origin`, for clock times a midnight.
    Given {
        origin: Time,
        label: &'a dyn Fn(Time, u64) -> String,
    },
}

/// What a tick stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A time; the first letter of the label is in its column.
    Time,
    /// A fold, whose sign is in the tick's own column; the label stands right of it or left of it.
    Fold { label: Option<u16> },
}

/// A label and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    pub column: u16,
    /// Empty for a fold that has no room to say its length.
    pub label: String,
    pub mark: Mark,
}

impl Axis {
    /// The ticks that have room, from left to right.
    pub fn ticks(&self, labels: &Labels<'_>) -> Vec<Tick> {
        let mut line = Line::new(self);
        let step = self.step(labels);
        let times = step.map(|step| self.times(step, labels.origin()));
        let times = times.unwrap_or_default();
        let label = |time| labels.of(time, step.unwrap_or(SECOND), self);
        let mut starts = times.iter();
        if let Some(first) = starts.next() {
            line.time(self.column(*first), label(*first));
        }
        line.folds(self);
        for time in starts {
            line.time(self.column(*time), label(*time));
        }
        // What no round time falls into says at least when it begins.
        for segment in self.segments.iter().filter(|one| one.folded.is_none()) {
            if !line.has_time(segment.left, segment.right) {
                line.time(segment.left, label(Time(segment.from)));
            }
        }
        line.ticks.sort_by_key(|tick| tick.column);
        line.ticks
    }

    /// The ticks as a line of exactly as many columns as the axis has.
    pub fn tick_line(&self, labels: &Labels<'_>, ascii: bool) -> String {
        let mut line = String::new();
        let mut reached = 0;
        let mut pieces = Vec::new();
        for tick in self.ticks(labels) {
            match tick.mark {
                Mark::Time => pieces.push((tick.column, tick.label)),
                Mark::Fold { label } => {
                    let sign = if ascii { ":" } else { "┊" };
                    pieces.push((tick.column, sign.to_owned()));
                    pieces.extend(label.map(|column| (column, tick.label)));
                }
            }
        }
        pieces.sort_by_key(|(column, _)| *column);
        for (column, text) in pieces {
            let column = usize::from(column);
            line.push_str(&" ".repeat(column.saturating_sub(reached)));
            line.push_str(&text);
            reached = column.max(reached) + width(&text);
        }
        line.push_str(&" ".repeat(usize::from(self.columns).saturating_sub(reached)));
        line
    }

    /// The shortest round step whose labels stand apart; none where not even the longest does.
    fn step(&self, labels: &Labels<'_>) -> Option<u64> {
        let (columns, nanos) = self.scale;
        if columns == 0 {
            return None;
        }
        steps().find(|step| {
            let ends = [self.window.from(), self.window.to()];
            let widths = ends.map(|end| width(&labels.of(end, *step, self)) as u64);
            let needed = widths.into_iter().max().unwrap_or_default() + APART;
            u128::from(*step) * u128::from(columns) >= u128::from(needed) * nanos
        })
    }

    /// The round times of the busy stretches.
    fn times(&self, step: u64, origin: Time) -> Vec<Time> {
        let (step, origin) = (i128::from(step), i128::from(origin.0));
        let mut times = Vec::new();
        for segment in self.segments.iter().filter(|one| one.folded.is_none()) {
            let before = (i128::from(segment.from) - origin - 1).div_euclid(step);
            let mut next = origin + (before + 1) * step;
            while let Some(time) = i64::try_from(next).ok().filter(|time| *time <= segment.to) {
                times.push(Time(time));
                next += step;
            }
        }
        times
    }
}

impl Labels<'_> {
    fn origin(&self) -> Time {
        match self {
            Self::Offset { origin } | Self::Given { origin, .. } => *origin,
        }
    }

    fn of(&self, time: Time, step: u64, axis: &Axis) -> String {
        match self {
            Self::Given { label, .. } => label(time, step),
            Self::Offset { origin } => {
                let ends = [axis.window.from(), axis.window.to()];
                let longest = ends.map(|end| end.0.abs_diff(origin.0)).into_iter().max();
                offset(time, *origin, step, longest.unwrap_or_default())
            }
        }
    }
}

/// Every round step, ascending.
fn steps() -> impl Iterator<Item = u64> {
    let decades = |unit: u64, decades: u32| {
        (0..decades).flat_map(move |decade| {
            [1, 2, 5].map(|digit| unit.saturating_mul(digit * 10_u64.pow(decade)))
        })
    };
    decades(1, 9).chain(STEPS).chain(decades(DAY, 6))
}

/// How long after the origin, as fine as the step: hours and days only where the longest has them.
fn offset(time: Time, origin: Time, step: u64, longest: u64) -> String {
    let nanos = time.0.abs_diff(origin.0);
    let sign = if time < origin { "-" } else { "" };
    let (days, hours) = (nanos / DAY, nanos / HOUR);
    let (minutes, seconds) = (nanos / MINUTE % 60, nanos / SECOND % 60);
    if step >= DAY {
        return format!("{sign}{days}d");
    }
    if step >= HOUR && longest >= DAY {
        return format!("{sign}{days}d{:02}h", hours % 24);
    }
    if step >= MINUTE && longest >= HOUR {
        return format!("{sign}{hours}h{minutes:02}m");
    }
    let unit = match longest {
        0..MICRO => (1, "ns"),
        MICRO..MILLI => (MICRO, "us"),
        MILLI..SECOND => (MILLI, "ms"),
        _ => (SECOND, ""),
    };
    let fraction = fraction(nanos, step, unit.0);
    if longest >= HOUR {
        format!("{sign}{hours}:{minutes:02}:{seconds:02}{fraction}")
    } else if longest >= SECOND {
        format!("{sign}{minutes}:{seconds:02}{fraction}")
    } else {
        format!("{sign}{}{fraction}{}", nanos / unit.0, unit.1)
    }
}

/// The digits behind the unit that the step needs, with their point. The unit is a power of ten.
fn fraction(nanos: u64, step: u64, unit: u64) -> String {
    let mut shown = String::new();
    let (mut rest, mut unit) = (nanos % unit, unit);
    while unit > 1 && !step.is_multiple_of(unit) {
        unit /= 10;
        shown.push_str(if shown.is_empty() { "." } else { "" });
        shown.push_str(&(rest / unit).to_string());
        rest %= unit;
    }
    shown
}

/// A length of time in at most two units, cut and never rounded up: `3m40s`, `1h05m`, `2d03h`, `40s`,
/// `1.5s`, `250ms`, `80us`.
pub fn length(nanos: u64) -> String {
    let (days, hours, minutes) = (nanos / DAY, nanos / HOUR % 24, nanos / MINUTE % 60);
    let seconds = nanos / SECOND % 60;
    match nanos {
        0..MILLI => format!("{}us", nanos / MICRO),
        MILLI..SECOND => format!("{}ms", nanos / MILLI),
        SECOND..=9_999_999_999 => format!("{seconds}.{}s", nanos % SECOND / (100 * MILLI)),
        _ if nanos < MINUTE => format!("{seconds}s"),
        _ if nanos < HOUR => format!("{minutes}m{seconds:02}s"),
        _ if nanos < DAY => format!("{hours}h{minutes:02}m"),
        _ => format!("{days}d{hours:02}h"),
    }
}

/// What stands in a column of the line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Free,
    /// A fold's own sign, which labels may stand right beside.
    Sign,
    Label,
}

/// A line that is being filled.
struct Line {
    cells: Vec<Cell>,
    ticks: Vec<Tick>,
}

impl Line {
    fn new(axis: &Axis) -> Self {
        let mut cells = vec![Cell::Free; usize::from(axis.columns)];
        for fold in axis.folds() {
            if let Some(cell) = cells.get_mut(usize::from(fold.column)) {
                *cell = Cell::Sign;
            }
        }
        Self {
            cells,
            ticks: Vec::new(),
        }
    }

    /// A time, if there is room for it.
    fn time(&mut self, column: u16, label: String) {
        if self.take(column, &label) {
            self.ticks.push(Tick {
                column,
                label,
                mark: Mark::Time,
            });
        }
    }

    /// The folds, their lengths to the right, or to the left, or not at all.
    fn folds(&mut self, axis: &Axis) {
        for fold in axis.folds() {
            let label = length(fold.nanos);
            let columns = u16::try_from(label.len() + 1).unwrap_or(u16::MAX);
            let right = fold.column.checked_add(2);
            let left = fold.column.checked_sub(columns);
            let placed = [right, left]
                .into_iter()
                .flatten()
                .find(|column| self.take(*column, &label));
            self.ticks.push(Tick {
                column: fold.column,
                label: placed.map(|_| label).unwrap_or_default(),
                mark: Mark::Fold { label: placed },
            });
        }
    }

    /// Whether a time is labelled in these columns.
    fn has_time(&self, left: u16, right: u16) -> bool {
        self.ticks
            .iter()
            .any(|tick| tick.mark == Mark::Time && (left..right).contains(&tick.column))
    }

    /// Takes the columns of a label, if they are free and no other label stands right beside them.
    fn take(&mut self, column: u16, label: &str) -> bool {
        let from = usize::from(column);
        let to = from + width(label);
        let beside = [from.checked_sub(1), Some(to)].into_iter().flatten();
        let is_apart = beside
            .filter_map(|at| self.cells.get(at))
            .all(|cell| *cell != Cell::Label);
        let Some(cells) = self.cells.get_mut(from..to) else {
            return false;
        };
        if cells.is_empty() || !is_apart || cells.iter().any(|cell| *cell != Cell::Free) {
            return false;
        }
        cells.fill(Cell::Label);
        true
    }
}
