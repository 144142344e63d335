//! What one row's operation is on the axis: a bar, the sign of a moment, or a hint that it lies outside.
//! What a service did not say is not made up: a bar without a known start or end says so, and one that
//! ends before it begins is no bar at all.

use super::{Axis, Eighths};
use crate::model::Time;

/// What is known of when something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It began and it ended.
    Done { start: Time, end: Time },
    /// It began and goes on; drawn to the time that is given.
    Open { start: Time, now: Time },
    /// It ended; nobody said when it began.
    Ended { end: Time },
    /// It happened: a message, an error, a change of state.
    At(Time),
}

/// How it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// From one place up to another, which is at least one eighth further right.
    Span {
        from: Eighths,
        to: Eighths,
        /// It goes on at `to`, as far as is known.
        open: bool,
    },
    /// Only its end is known, which is in that column.
    Ended { column: u16 },
    /// It happened in that column.
    Mark { column: u16 },
    /// Nothing of it is in the window; [`Bar::before`] and [`Bar::after`] say where it is.
    Outside,
}

/// One operation on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub shape: Shape,
    /// There is more of it before the window.
    pub before: bool,
    /// There is more of it after the window.
    pub after: bool,
    /// It ends before it begins, which means that clocks disagree: drawn as short as can be, where it
    /// begins.
    pub backwards: bool,
}

impl Axis {
    /// Where something is to be drawn. Operations that begin before what they belong to, or end after it,
    /// stand where they say.
    pub fn bar(&self, extent: Extent) -> Bar {
        match extent {
            Extent::Done { start, end } => self.span(start, end, false),
            Extent::Open { start, now } => self.span(start, now, true),
            Extent::Ended { end } => self.moment(end, |column| Shape::Ended { column }),
            Extent::At(at) => self.moment(at, |column| Shape::Mark { column }),
        }
    }

    fn moment(&self, at: Time, shape: impl Fn(u16) -> Shape) -> Bar {
        let before = at < self.window.from();
        let after = at > self.window.to();
        Bar {
            shape: if before || after {
                Shape::Outside
            } else {
                shape(self.column(at))
            },
            before,
            after,
            backwards: false,
        }
    }

    fn span(&self, start: Time, end: Time, open: bool) -> Bar {
        let backwards = end < start;
        let end = end.max(start);
        let before = start < self.window.from();
        let after = end > self.window.to();
        let is_outside = end < self.window.from() || start > self.window.to();
        // A start at the right edge of its column, or as an idle stretch begins, still belongs there.
        let edge = u32::from(self.column(start)) * 8 + 7;
        let from = self.place(start).0.min(edge);
        let to = self.place(end).0.max(from + 1);
        Bar {
            shape: if is_outside {
                Shape::Outside
            } else {
                Shape::Span {
                    from: Eighths(from),
                    to: Eighths(to),
                    open,
                }
            },
            before,
            after,
            backwards,
        }
    }
}
