//! The part of a run's time that is looked at, and moving it: zoom, shrink, grow, scroll. A window is
//! never empty and never leaves the extent it is moved in; no move overflows, whatever the times.

use crate::model::Time;

/// No window is shrunk below this many nanoseconds: no service writes times finer than that.
const LEAST: u64 = 1_000;

/// A stretch of time that is longer than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    from: i64,
    to: i64,
}

impl Window {
    /// From one time to another, in whichever order; of two equal ones the nanosecond that begins there.
    pub fn new(one: Time, other: Time) -> Self {
        let (from, to) = (one.0.min(other.0), one.0.max(other.0));
        match (from == to, to.checked_add(1)) {
            (false, _) => Self { from, to },
            (true, Some(to)) => Self { from, to },
            (true, None) => Self { from: from - 1, to },
        }
    }

    /// Its beginning.
    pub fn from(self) -> Time {
        Time(self.from)
    }

    /// Its end, which belongs to it.
    pub fn to(self) -> Time {
        Time(self.to)
    }

    /// Its length in nanoseconds, never 0.
    pub fn nanos(self) -> u64 {
        self.to.abs_diff(self.from)
    }

    /// Whether the time lies in it, the ends included.
    pub fn contains(self, time: Time) -> bool {
        (self.from..=self.to).contains(&time.0)
    }

    /// The time of the window that is nearest to that one.
    pub fn clamp(self, time: Time) -> Time {
        Time(time.0.clamp(self.from, self.to))
    }

    /// On a part of the extent, such as the selected operation and what is below it.
    #[must_use]
    pub fn zoom(part: Self, extent: Self) -> Self {
        Self::placed(i128::from(part.from), part.nanos(), extent)
    }

    /// Half as long. The time that is given keeps its place on the screen if it is in the window, and
    /// comes into the middle if it is not; without one the middle stays.
    #[must_use]
    pub fn shrink(self, around: Option<Time>, extent: Self) -> Self {
        let least = LEAST.min(self.nanos());
        self.resized(self.nanos().div_ceil(2).max(least), around, extent)
    }

    /// Twice as long, around a time as [`Self::shrink`] has it, at most the whole extent.
    #[must_use]
    pub fn grow(self, around: Option<Time>, extent: Self) -> Self {
        self.resized(self.nanos().saturating_mul(2), around, extent)
    }

    /// So many halves of its length later, or earlier where `halves` is negative.
    #[must_use]
    pub fn scroll(self, halves: i32, extent: Self) -> Self {
        let by = i128::from(self.nanos()) * i128::from(halves) / 2;
        Self::placed(i128::from(self.from) + by, self.nanos(), extent)
    }

    /// Moved as little as it takes to see a time.
    #[must_use]
    pub fn reveal(self, time: Time, extent: Self) -> Self {
        let beyond = i128::from(time.0) - i128::from(self.clamp(time).0);
        Self::placed(i128::from(self.from) + beyond, self.nanos(), extent)
    }

    fn resized(self, nanos: u64, around: Option<Time>, extent: Self) -> Self {
        let (old, new) = (self.nanos(), nanos.min(extent.nanos()));
        let from = match around {
            Some(time) if self.contains(time) => {
                // Less than 2^128, which a signed integer does not hold.
                let before = u128::from(time.0.abs_diff(self.from)) * u128::from(new);
                let before = u64::try_from(before / u128::from(old)).unwrap_or(new);
                i128::from(time.0) - i128::from(before)
            }
            Some(time) => i128::from(time.0) - i128::from(new / 2),
            None => i128::from(self.from) + (i128::from(old) - i128::from(new)) / 2,
        };
        Self::placed(from, nanos, extent)
    }

    /// So long from there on, moved and cut as the extent demands.
    fn placed(from: i128, nanos: u64, extent: Self) -> Self {
        let nanos = i128::from(nanos.min(extent.nanos()));
        let last = i128::from(extent.to) - nanos;
        let from = from.clamp(i128::from(extent.from), last);
        match (i64::try_from(from), i64::try_from(from + nanos)) {
            (Ok(from), Ok(to)) => Self { from, to },
            _ => extent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn window(from: i64, to: i64) -> Window {
        Window::new(Time(from), Time(to))
    }

    #[test]
    fn it_is_halved_doubled_and_moved_within_the_extent() {
        let whole = window(0, 80_000);
        let half = whole.shrink(None, whole);
        assert_eq!(half, window(20_000, 60_000));
        assert_eq!(half.shrink(None, whole), window(30_000, 50_000));
        assert_eq!(half.grow(None, whole), whole);
        assert_eq!(half.scroll(1, whole), window(40_000, 80_000));
        assert_eq!(half.scroll(2, whole), window(40_000, 80_000));
        assert_eq!(half.scroll(-1, whole), window(0, 40_000));
        assert_eq!(whole.grow(None, whole), whole);
        assert_eq!(half.reveal(Time(70_000), whole), window(30_000, 70_000));
        assert_eq!(half.reveal(Time(50_000), whole), half);
        assert_eq!(Window::zoom(window(10, 9_000_000), whole), whole);
        assert_eq!(Window::zoom(window(10, 2_010), whole), window(10, 2_010));
    }

    #[test]
    fn the_time_one_looks_at_keeps_its_place() {
        let whole = window(0, 80_000);
        assert_eq!(
            whole.shrink(Some(Time(20_000)), whole),
            window(10_000, 50_000)
        );
        let late = window(0, 20_000).shrink(Some(Time(60_000)), whole);
        assert_eq!(late, window(55_000, 65_000));
        let tiny = window(0, 1_500).shrink(None, whole);
        assert_eq!(tiny.nanos(), 1_000);
        assert_eq!(tiny.shrink(None, whole), tiny);
    }

    #[test]
    fn it_is_never_empty() {
        assert_eq!(window(5, 5), window(5, 6));
        assert_eq!(window(9, 3), window(3, 9));
        assert_eq!(window(i64::MAX, i64::MAX).nanos(), 1);
    }

    proptest! {
        #[test]
        fn no_move_leaves_the_extent(
            part in any::<(i64, i64)>(), extent in any::<(i64, i64)>(),
            around in any::<Option<i64>>(), halves in any::<i32>(),
        ) {
            let extent = window(extent.0, extent.1);
            let part = Window::zoom(window(part.0, part.1), extent);
            let around = around.map(Time);
            let moved = [
                part,
                part.shrink(around, extent),
                part.grow(around, extent),
                part.scroll(halves, extent),
                part.reveal(around.unwrap_or(Time(0)), extent),
            ];
            for moved in moved {
                prop_assert!(moved.from < moved.to);
                prop_assert!(extent.contains(moved.from()) && extent.contains(moved.to()));
            }
            if let Some(time) = around.filter(|time| extent.contains(*time)) {
                prop_assert!(part.reveal(time, extent).contains(time));
            }
        }
    }
}
