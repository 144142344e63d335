//! How the room of the screen is shared between panes: arithmetic on columns and rows that nothing but
//! numbers goes into. No share is so small that a pane cannot be read.

mod area;

pub use area::Area;

use super::panes::Panes;

/// From this many columns on, the rows of a run stand between the list and the detail.
const THREE: u16 = 170;
/// From this many columns on, rows and detail stand side by side.
pub const WIDE: u16 = 100;
/// From this many rows between the lines at the top and at the bottom on, a narrow screen has the detail
/// below the rows.
const TALL: u16 = 35;
/// Columns that a pane keeps, that between it and the wall behind it included.
const LEAST: u16 = 31;
/// Rows that a pane keeps.
const LOW: u16 = 4;
/// Columns beyond which the rows of a list and of a run are not easier to read.
const LIST: u16 = 80;
const RUN: u16 = 150;
/// Lines of the peek.
const PEEK: u16 = 4;
/// By how much a key moves a border, in percent.
const STEP: u16 = 5;

/// How panes stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One pane, with a peek of the detail below it.
    #[default]
    Narrow,
    /// The detail below the rows.
    Portrait,
    /// Rows and detail side by side.
    Two,
    /// List, rows of a run, detail.
    Three,
}

impl Layout {
    /// That of a screen with so much room between the lines at the top and at the bottom.
    pub fn of(width: u16, height: u16, has_run: bool, mode: ScreenMode) -> Self {
        if width >= THREE && has_run {
            Self::Three
        } else if width >= WIDE {
            Self::Two
        } else if height >= TALL || mode == ScreenMode::Half {
            Self::Portrait
        } else {
            Self::Narrow
        }
    }

    /// Whether a run that is open stands beside the list on a screen of that width.
    pub fn is_three(width: u16) -> bool {
        width >= THREE
    }
}

/// How much room the pane with the keys has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScreenMode {
    /// Its share.
    #[default]
    Normal,
    /// More than the others together, or half of a narrow screen.
    Half,
    /// All of it.
    Full,
}

/// What was made of the shares with keys or the mouse; none: as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Splits {
    /// Of two panes side by side: percent of the columns for the first.
    pub two: Option<u16>,
    /// Of three panes: percent of the columns for the list.
    pub list: Option<u16>,
    /// Of three panes: percent of the columns for the detail.
    pub detail: Option<u16>,
    /// Where the detail is below the rows: percent of the lines for the rows.
    pub portrait: Option<u16>,
    /// Lines of the peek on a narrow screen.
    pub peek: Option<u16>,
    /// How much room the pane with the keys has.
    pub mode: ScreenMode,
}

/// A border between panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Behind the first pane.
    First,
    /// Behind the second of three.
    Second,
    /// Above the detail.
    Across,
}

impl Border {
    /// The column or row that it is in.
    fn at(self, panes: Panes) -> u16 {
        match (self, panes.layout) {
            (Self::Across, _) => panes.detail.area.y.saturating_sub(1),
            (Self::First, Layout::Three) => panes.run.area.x.saturating_sub(1),
            (Self::First | Self::Second, _) => panes.detail.area.x.saturating_sub(1),
        }
    }

    /// The border at a place of the screen.
    pub(super) fn under(panes: Panes, x: u16, y: u16) -> Option<Self> {
        let borders: &[Self] = match panes.layout {
            Layout::Two => &[Self::First],
            Layout::Three => &[Self::First, Self::Second],
            Layout::Portrait | Layout::Narrow => &[Self::Across],
        };
        let is_there = |border: &&Self| match border {
            Self::Across => y == border.at(panes),
            Self::First | Self::Second => x == border.at(panes),
        };
        let within = panes.main.holds(x, y);
        borders.iter().find(is_there).copied().filter(|_| within)
    }
}

fn part(whole: u16, percent: u16) -> u16 {
    let part = (u32::from(whole) * u32::from(percent.min(100)) + 50) / 100;
    u16::try_from(part).unwrap_or(whole)
}

fn percent(part: u16, whole: u16) -> u16 {
    let whole = u32::from(whole.max(1));
    u16::try_from((u32::from(part) * 100 + whole / 2) / whole).unwrap_or(100)
}

/// As near to it as the ends let it be; the first end counts where there is no room for both.
fn within(wanted: u16, least: u16, most: u16) -> u16 {
    wanted.min(most).max(least)
}

impl Splits {
    /// Columns of the first of two panes, a wall between them. `keys`: whether it has them.
    pub fn two(self, width: u16, keys: bool) -> u16 {
        let wanted = match (self.mode, self.two) {
            (ScreenMode::Half, _) if keys => part(width, 67),
            (ScreenMode::Half, _) => part(width, 33),
            (_, Some(percent)) => part(width, percent),
            (_, None) => part(width, 55).min(RUN),
        };
        within(wanted, LEAST, width.saturating_sub(LEAST + 1))
    }

    /// Columns of three panes, walls between them. `keys`: which of them has them.
    pub fn three(self, width: u16, keys: usize) -> [u16; 3] {
        let room = width.saturating_sub(2);
        let [list, run, detail] = self.usual_three(width, room);
        if self.mode != ScreenMode::Half {
            return [list, run, detail];
        }
        let half = room / 2;
        let rest = room - half;
        let share = |one: u16, other: u16| {
            let first = part(rest, percent(one, one.saturating_add(other)));
            within(first, LEAST, rest.saturating_sub(LEAST))
        };
        match keys {
            0 => {
                let run = share(run, detail);
                [half, run, rest - run]
            }
            1 => {
                let list = share(list, detail);
                [list, half, rest - list]
            }
            _ => {
                let list = share(list, run);
                [list, rest - list, half]
            }
        }
    }

    fn usual_three(self, width: u16, room: u16) -> [u16; 3] {
        let list = match self.list {
            Some(percent) => part(width, percent),
            None => part(width, 26).min(LIST),
        };
        let list = within(list, LEAST, room.saturating_sub(2 * LEAST));
        let detail = part(width, self.detail.unwrap_or(28));
        let detail = within(detail, LEAST, room.saturating_sub(list + LEAST));
        let run = room.saturating_sub(list + detail);
        // Of a very wide screen the detail has what rows are not easier to read with.
        let over = match (self.list, self.detail) {
            (None, None) => run.saturating_sub(RUN),
            _ => 0,
        };
        [list, run - over, detail + over]
    }

    /// Rows of the upper of two panes, a wall between them. `keys`: whether it has them.
    pub fn upper(self, height: u16, keys: bool) -> u16 {
        let usual = height.saturating_sub(1 + height / 2);
        let wanted = match (self.mode, self.portrait) {
            // On a low screen half of it is more than the usual already.
            (ScreenMode::Half, _) if height < TALL => usual,
            (ScreenMode::Half, _) if keys => part(height, 67),
            (ScreenMode::Half, _) => part(height, 33),
            (_, Some(percent)) => part(height, percent),
            (_, None) => usual,
        };
        within(wanted, LOW, height.saturating_sub(LOW + 1))
    }

    /// Lines of the peek.
    pub fn peek(self, height: u16) -> u16 {
        within(self.peek.unwrap_or(PEEK), 2, height / 2)
    }

    /// A border moved by a step, on (to the right, or down) or back. `first`: whether it is the one behind
    /// the first of three panes.
    pub(super) fn moved(self, layout: Layout, (panes, first): (Panes, bool), on: bool) -> Self {
        let border = match layout {
            Layout::Two => Border::First,
            Layout::Three if first => Border::First,
            Layout::Three => Border::Second,
            Layout::Narrow | Layout::Portrait => Border::Across,
        };
        let (at, whole) = match border {
            Border::Across => (panes.detail.area.y, panes.main.height),
            Border::First | Border::Second => (border.at(panes), panes.main.width),
        };
        let by = match layout {
            Layout::Narrow => 1,
            _ => part(whole, STEP).max(1),
        };
        let to = if on {
            at.saturating_add(by)
        } else {
            at.saturating_sub(by)
        };
        let at = match border {
            // The wall stands in the row above the pane.
            Border::Across => to.saturating_sub(1),
            Border::First | Border::Second => to,
        };
        self.put(border, at, panes)
    }

    /// A border put at a column or row of the screen, as near as the panes beside it let it come.
    pub(super) fn put(self, border: Border, at: u16, panes: Panes) -> Self {
        let main = panes.main;
        let mut splits = Self {
            mode: ScreenMode::Normal,
            ..self
        };
        let x = at.saturating_sub(main.x);
        match (border, panes.layout) {
            (Border::Across, Layout::Narrow) => {
                let peek = main.bottom().saturating_sub(at.saturating_add(1));
                splits.peek = Some(within(peek, 2, main.height / 2));
            }
            (Border::Across, _) => {
                let upper = at.saturating_sub(main.y);
                let upper = within(upper, LOW, main.height.saturating_sub(LOW + 1));
                splits.portrait = Some(percent(upper, main.height));
            }
            (Border::First, Layout::Three) => {
                let most = panes.detail.area.x.saturating_sub(main.x + 1 + LEAST + 1);
                let list = within(x, LEAST, most);
                splits.list = Some(percent(list, main.width));
                splits.detail = Some(percent(panes.detail.area.width, main.width));
            }
            (Border::Second, _) => {
                let least = panes.run.area.x.saturating_sub(main.x) + LEAST;
                let at = within(x, least, main.width.saturating_sub(LEAST + 1));
                let detail = main.width.saturating_sub(at + 1);
                let list = panes.run.area.x.saturating_sub(main.x + 1);
                splits.list = Some(percent(list, main.width));
                splits.detail = Some(percent(detail, main.width));
            }
            (Border::First, _) => {
                let first = within(x, LEAST, main.width.saturating_sub(LEAST + 1));
                splits.two = Some(percent(first, main.width));
            }
        }
        splits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pane_is_too_narrow_to_be_read_whatever_was_kept() {
        let kept = [None, Some(0), Some(5), Some(50), Some(97), Some(u16::MAX)];
        for width in WIDE..=400 {
            for one in kept {
                let splits = Splits {
                    two: one,
                    ..Splits::default()
                };
                for mode in [ScreenMode::Normal, ScreenMode::Half] {
                    let first = Splits { mode, ..splits }.two(width, true);
                    let rest = width - 1 - first;
                    assert!(first >= LEAST && rest >= LEAST, "{width} {one:?}: {first}");
                }
                for other in kept.into_iter().filter(|_| width >= THREE) {
                    let splits = Splits {
                        list: one,
                        detail: other,
                        ..Splits::default()
                    };
                    for (mode, keys) in [
                        (ScreenMode::Normal, 0),
                        (ScreenMode::Half, 0),
                        (ScreenMode::Half, 1),
                        (ScreenMode::Half, 2),
                    ] {
                        let panes = Splits { mode, ..splits }.three(width, keys);
                        assert_eq!(panes.iter().sum::<u16>() + 2, width);
                        let all = panes.iter().all(|pane| *pane >= LEAST);
                        assert!(all, "{width} {one:?} {other:?} {mode:?}: {panes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_very_wide_screen_gives_the_detail_what_rows_need_not() {
        let usual = Splits::default();
        assert_eq!(usual.three(200, 0), [52, 90, 56]);
        let [list, run, detail] = usual.three(400, 0);
        assert_eq!((list, run), (80, 150));
        assert!(detail > 160);
        assert_eq!(usual.two(400, true), 150);
        assert_eq!(usual.two(120, true), 66);
    }

    #[test]
    fn the_rows_of_a_low_screen_stay_to_be_seen() {
        for height in 9..=115 {
            for portrait in [None, Some(1), Some(99)] {
                for mode in [ScreenMode::Normal, ScreenMode::Half] {
                    let splits = Splits {
                        portrait,
                        mode,
                        ..Splits::default()
                    };
                    let upper = splits.upper(height, false);
                    assert!(
                        upper >= LOW && height - 1 - upper >= LOW,
                        "{height} {upper}"
                    );
                }
            }
            let peek = Splits {
                peek: Some(90),
                ..Splits::default()
            };
            assert!(peek.peek(height) <= height / 2);
        }
    }
}
