//! Panes: which rows each of them shows, which has the keys, and the ways from one to another. Digits mean
//! the same pane on every screen; one that has no room is shown alone. How the room is shared is told by
//! [`shares`](super::shares), what a frame made of it by [`Panes`].

use super::{
    App, Effect, Pane,
    action::Action,
    browse::screen::Place,
    outline::{Lens, Seen},
    shares::{Area, Layout, ScreenMode, Splits},
};
use crate::model::NodeId;

/// A pane of the last frame; empty where it was not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// All of it, with its title.
    pub area: Area,
    /// Its rows.
    pub rows: Area,
    /// The column of the fold marks of the outermost rows.
    pub marks: u16,
}

/// Where the panes of the last frame were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// How they stood to each other.
    pub layout: Layout,
    /// Everything between the lines at the top and at the bottom.
    pub main: Area,
    /// Pane 1, the list.
    pub list: Shown,
    /// Pane 2, the rows of a run.
    pub run: Shown,
    /// Pane 3, the detail or the peek of it.
    pub detail: Shown,
    /// The rows of what lies over the panes: a list, the help, a menu.
    pub over: Area,
}

/// The rows of a pane, with its own cursor and window.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Which rows there are.
    pub seen: Seen<'a>,
    /// The row with the cursor.
    pub selected: Option<NodeId>,
    /// The first one shown.
    pub top: usize,
    /// Whether keys move in it.
    pub has_keys: bool,
}

impl App {
    /// How the room is shared while no pane has all of it.
    pub fn shares(&self) -> Splits {
        self.splits
    }

    /// How the room is shared, to be kept for another time. A payload that is read on the whole screen, or a
    /// pane that has it for want of room, is nothing that somebody wants again.
    pub fn splits(&self) -> Splits {
        let mode = match self.full {
            Some(_) if self.alone && !self.squeezed => ScreenMode::Full,
            _ => self.splits.mode,
        };
        Splits {
            mode,
            ..self.splits
        }
    }

    /// Shares the room as it was kept; shares that are none are taken as near as there are panes for.
    pub fn set_splits(&mut self, splits: Splits) {
        self.alone = splits.mode == ScreenMode::Full;
        self.full = self.alone.then_some(self.focus);
        self.squeezed = false;
        self.splits = splits;
        if self.alone {
            self.splits.mode = ScreenMode::Normal;
        }
        self.dirty = true;
    }

    /// The run in pane 2: the one that keys move in, or the one that stands beside the list.
    pub fn shown_run(&self) -> Option<NodeId> {
        let beside = self.measured.panes.layout == Layout::Three;
        self.screen().or(self.held.filter(|_| beside))
    }

    /// The run that pane 2 has, also where there is no room for it beside the list.
    pub fn held_run(&self) -> Option<NodeId> {
        self.screen().or(self.held)
    }

    /// Whether the list can be seen, with the keys or beside the run that has them.
    pub(super) fn shows_list(&self) -> bool {
        let panes = self.measured.panes;
        self.screen().is_none() || panes.layout == Layout::Three && self.full.is_none()
    }

    /// The row with the cursor in the rows of a run, or among all runs.
    pub fn cursor_in(&self, root: Option<NodeId>) -> Option<NodeId> {
        if root == self.screen() {
            return self.selected;
        }
        let left = self.places.left(root).and_then(|place| place.node);
        left.or(root.is_none().then_some(self.screen()).flatten())
    }

    /// The rows of a run, or of the list of all runs, of which so many fit on the screen.
    pub fn rows_of(&self, root: Option<NodeId>, height: u16) -> Rows<'_> {
        if root == self.screen() {
            return Rows {
                seen: self.outline.seen(),
                selected: self.selected,
                top: self.top,
                has_keys: self.focus == Pane::Tree,
            };
        }
        let seen = self.outline.seen_from(root, self.lens_at(root));
        let height = usize::from(height).max(1);
        let cursor = self.cursor_in(root).map(|node| self.row_for(node));
        let mut above = std::iter::successors(cursor, |node| seen.parent(*node));
        let selected = above.find(|node| seen.row_of(*node).is_some());
        let row = selected.and_then(|node| seen.row_of(node)).unwrap_or(0);
        let line = self
            .places
            .left(root)
            .map_or(height / 2, |place| place.line);
        let top = row.saturating_sub(line.min(height - 1));
        Rows {
            seen,
            selected,
            top: top.min(seen.rows().saturating_sub(height)),
            has_keys: false,
        }
    }

    /// The lens of rows that no key moves in.
    fn lens_at(&self, root: Option<NodeId>) -> Lens {
        let failures = matches!(self.outline.lens(), Lens::Failures | Lens::MatchingFailures);
        match (self.filters_at(root), failures) {
            (true, true) => Lens::MatchingFailures,
            (true, false) => Lens::Matching,
            (false, true) => Lens::Failures,
            (false, false) => Lens::Operations,
        }
    }

    /// Actions that give the keys or the room to a pane.
    pub(super) fn act_on_panes(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::FocusNext => return Some(self.focus_next()),
            Action::FocusTree => return Some(self.enter_list()),
            Action::FocusTimeline => return Some(self.enter_run()),
            Action::FocusBars => {
                let effects = if self.held.is_some() {
                    self.enter_run()
                } else {
                    Vec::new()
                };
                self.show_bars();
                return Some(effects);
            }
            Action::FocusDetail => self.enter_detail(),
            Action::Full => self.toggle_full(),
            Action::ScreenNext => self.next_mode(true),
            Action::ScreenPrev => self.next_mode(false),
            Action::SplitLeft => self.move_split(false),
            Action::SplitRight => self.move_split(true),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Tab: the next pane that is shown, or the other one of the two that take turns.
    fn focus_next(&mut self) -> Vec<Effect> {
        let beside = self.measured.panes.layout == Layout::Three && self.full.is_none();
        match self.focus {
            Pane::Tree if beside && self.screen().is_none() && self.held.is_some() => {
                self.enter_run()
            }
            Pane::Tree | Pane::Bars => {
                self.enter_detail();
                Vec::new()
            }
            Pane::Detail if beside && self.held_run().is_some() => self.enter_list(),
            Pane::Detail => {
                self.leave_detail();
                Vec::new()
            }
        }
    }

    /// Pane 1. The run that was open stays in pane 2.
    pub(super) fn enter_list(&mut self) -> Vec<Effect> {
        self.leave_detail();
        let Some(run) = self.screen() else {
            return Vec::new();
        };
        self.remember();
        self.keep_cursor();
        self.show_root(None, true);
        self.held = Some(run);
        self.leave_raw();
        let left = self.places.left(None).filter(|place| {
            let node = place.node;
            node.is_some_and(|node| self.outline.contains(node))
        });
        let line = usize::from(self.measured.panes.list.rows.height / 2);
        let place = left.unwrap_or(Place::in_list(run, line));
        self.take_rows();
        self.go(place)
    }

    /// Pane 2, with the run that was open there.
    pub(super) fn enter_run(&mut self) -> Vec<Effect> {
        if self.screen().is_none() && self.held.is_none() {
            self.say(format!(
                "no run is open: {} opens the selected one",
                self.key_of(Action::Open)
            ));
            return Vec::new();
        }
        self.leave_detail();
        let Some(run) = self.held.take() else {
            return Vec::new();
        };
        self.remember();
        self.keep_cursor();
        let place = self.places.left(Some(run));
        let place = place.unwrap_or(Place::at_top(run, self.outline.first_child(run)));
        self.show_root(Some(run), true);
        self.take_rows();
        self.go(place)
    }

    /// Closes the run that stands beside the list. Says whether there was one to be seen.
    pub(super) fn close_beside(&mut self) -> Option<Vec<Effect>> {
        let seen = self.screen().is_none() && self.shown_run().is_some();
        self.held.take_if(|_| seen)?;
        self.dirty = true;
        Some(self.stop_if_hidden())
    }

    /// Whether Enter opens runs beside the list that the keys are in.
    pub(super) fn opens_beside(&self) -> bool {
        self.screen().is_none() && self.shown_run().is_some()
    }

    /// The other pane of rows has as many as the last frame gave it.
    fn take_rows(&mut self) {
        let panes = &self.measured.panes;
        let pane = match self.screen() {
            None => panes.list,
            Some(_) => panes.run,
        };
        if pane.rows.height > 0 {
            self.measured.tree_rows = pane.rows.height;
        }
    }

    fn toggle_full(&mut self) {
        self.squeezed = false;
        self.alone = self.full.is_none();
        self.full = self.alone.then_some(self.focus);
        if self.full.is_none() && !self.measured.wide {
            self.focus = Pane::Tree;
        }
    }

    /// + and _: as usual, more room for the pane that has the keys, all of it.
    fn next_mode(&mut self, on: bool) {
        use ScreenMode::{Full, Half, Normal};
        let now = match self.full {
            Some(_) if !self.squeezed => Full,
            _ => self.splits.mode,
        };
        let next = match (now, on) {
            (Normal, true) | (Full, false) => Half,
            (Half, true) | (Normal, false) => Full,
            (Full, true) | (Half, false) => Normal,
        };
        self.set_splits(Splits {
            mode: next,
            ..self.splits
        });
        self.say(match next {
            Normal => "the panes share the room as usual",
            Half => "more room for the pane that has the keys",
            Full => "one pane has the whole screen",
        });
    }

    /// < and >: the border beside the pane that has the keys.
    fn move_split(&mut self, on: bool) {
        if self.full.is_some() {
            let key = self.key_of(Action::Full);
            self.say(format!(
                "one pane has the whole screen: {key} shows the others"
            ));
            return;
        }
        let panes = self.measured.panes;
        let first = self.screen().is_none() && self.focus == Pane::Tree;
        let splits = self.splits.moved(panes.layout, (panes, first), on);
        if splits == self.splits {
            self.say(match panes.layout {
                Layout::Two | Layout::Three => "each pane keeps 30 columns",
                Layout::Portrait | Layout::Narrow => "each pane keeps a few rows",
            });
            return;
        }
        self.splits = splits;
    }

    /// The detail has no room beside the rows any more, or has it again.
    pub(super) fn squeeze(&mut self) {
        if self.focus == Pane::Detail && self.full.is_none() && !self.measured.wide {
            (self.full, self.squeezed) = (Some(Pane::Detail), true);
            self.dirty = true;
        } else if self.squeezed && self.measured.wide {
            self.full.take_if(|full| *full == Pane::Detail);
            self.squeezed = false;
            self.dirty = true;
        }
    }
}
