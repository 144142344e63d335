//! What does nothing here and now, and why. A key says it, the help tells it beside the key, and the last
//! line leaves such keys out. Only what is known at once: nothing here looks through rows.

use super::{App, action::Action, export, export::Way, keymap::Mode, outline::Mark};
use crate::model::Sort;

impl App {
    /// Why an action does nothing here and now; none where it does something, or where only doing it tells.
    pub fn unable(&self, action: Action) -> Option<String> {
        use Action as A;
        let mode = self.mode_below_help();
        if !matches!(mode, Mode::Tree | Mode::Detail) {
            return None;
        }
        let detail = mode == Mode::Detail;
        let run = || {
            let here = || self.selected.and_then(|node| self.run_of(node));
            self.screen().or_else(here)
        };
        match action.printed().unwrap_or(action) {
            A::SearchNext | A::SearchPrev => self.nothing_searched(detail),
            A::PlaceSwap | A::PlaceBack if !self.has_other_place() => {
                Some("there is no place to go back to".to_owned())
            }
            A::FocusTimeline
            | A::FocusBars
            | A::Bars
            | A::WindowShrink
            | A::WindowGrow
            | A::WindowBack
            | A::WindowOn
            | A::Idle
                if self.screen().or(self.held_run()).is_none() =>
            {
                Some(format!(
                    "no run is open: {} opens the selected one",
                    self.key_of(A::Open)
                ))
            }
            A::RunNext | A::RunPrev | A::Follow if run().is_none() => {
                Some("no run is selected".to_owned())
            }
            A::PartNext | A::PartPrev | A::Zoom if !detail && run().is_none() => {
                Some("no run is selected".to_owned())
            }
            A::CopyRun | A::CopyReport if run().is_none() => {
                Some("this row lies in no run".to_owned())
            }
            A::Calls if run().is_none() && self.picked() == 0 => {
                Some("calls are those of a run: no run is selected or marked".to_owned())
            }
            A::Export if run().is_none() && self.picked() == 0 => {
                Some("runs are exported: no run is selected or marked".to_owned())
            }
            A::MarksDrop if self.picked() == 0 => Some(format!(
                "no row is marked: {} marks one",
                self.key_of(A::Mark)
            )),
            A::Bookmark | A::Note => self.keeps_nothing(),
            A::BookmarkNext | A::BookmarkPrev if self.outline.marked(Mark::Bookmark) == 0 => {
                Some(format!(
                    "no bookmark in what is loaded: {} sets one",
                    self.key_of(A::Bookmark)
                ))
            }
            A::Arrange if self.screen().is_some() => Some(format!(
                "{} goes back to the list of runs, which can be arranged",
                self.key_of(A::Escape)
            )),
            A::Sort | A::SortReverse if self.screen().is_some() => Some(format!(
                "what happened in a run stands in the order of time; :calls lists its calls, which {} sorts",
                self.key_of(A::Sort)
            )),
            A::CopyValue => self.valueless(),
            A::CopyLine | A::CopyString | A::CopyKey | A::CopyBrackets | A::CopyFilter => {
                self.formless(action.printed().unwrap_or(action))
            }
            A::CopyReplay => self.no_call(),
            A::CopyUrl | A::Console => self.no_console(),
            A::CopyMarkdown | A::CopyOperation | A::CopyError => {
                self.tells_nothing(action.printed().unwrap_or(action))
            }
            _ => None,
        }
    }

    /// Whether an action does something here and now, as far as that is known at once.
    pub fn works(&self, action: Action) -> bool {
        let mode = self.mode_below_help();
        self.matters(action.printed().unwrap_or(action), mode) && self.unable(action).is_none()
    }

    /// Whether it is about what has the keys. What is left out of the help works nevertheless where it does
    /// something elsewhere on the screen.
    pub(super) fn matters(&self, action: Action, mode: Mode) -> bool {
        match mode {
            Mode::Empty => matters_without_rows(action),
            Mode::List | Mode::Log => self.matters_in_a_list(action),
            Mode::Export => {
                let leaves = matches!(action, Action::Open | Action::Escape | Action::Back);
                leaves || Way::of(action).is_some() || export::matters(action)
            }
            Mode::Review => {
                let does = matches!(
                    action,
                    Action::Open
                        | Action::Escape
                        | Action::Back
                        | Action::MaskToggle
                        | Action::MaskMore
                );
                does || export::matters(action)
            }
            Mode::Detail => !is_of_the_timeline(action),
            Mode::Global | Mode::Tree | Mode::Prompt | Mode::Preview | Mode::Help => true,
        }
    }

    /// The key of an action where one is, for a sentence that names it; without one its command.
    pub fn key_of(&self, action: Action) -> String {
        let bound = self.keymap.key_for(self.mode_below_help(), action);
        bound.unwrap_or_else(|| format!(":{}", action.name()))
    }

    fn nothing_searched(&self, detail: bool) -> Option<String> {
        let search = self.key_of(Action::Search);
        let here = self.detail.within.is_some() || self.detail.sought.is_some();
        match detail {
            true if !here => Some(format!(
                "nothing was searched for in here yet: {search} searches"
            )),
            false if self.search.is_none() => {
                Some(format!("nothing was searched for yet: {search} searches"))
            }
            _ => None,
        }
    }

    fn keeps_nothing(&self) -> Option<String> {
        let sort = self.selected.map(|node| self.store.sort(node));
        let kept = self
            .selected
            .is_some_and(|node| self.kept_at(node).is_some());
        let takes = kept || matches!(sort, Some(Sort::Run | Sort::Event));
        (!takes).then(|| {
            "bookmarks and notes are kept of runs and events: this row is neither".to_owned()
        })
    }

    /// Whether it does anything in the list that lies over the rows.
    fn matters_in_a_list(&self, action: Action) -> bool {
        use Action as A;
        if action == A::Open && self.message_list.is_some() {
            return false;
        }
        let of_calls = matches!(
            action,
            A::Sort
                | A::SortReverse
                | A::Search
                | A::WindowBack
                | A::WindowOn
                | A::CopyTable
                | A::CopyValue
                | A::CopyLine
                | A::CopyId
                | A::CopyRun
                | A::CopyPath
                | A::CopyLocator
                | A::CopyUrl
                | A::CopyFetch
                | A::CopyReplay
                | A::CopyMarkdown
                | A::CopyReport
                | A::CopyError
                | A::CopyOperation
                | A::Pager
                | A::Editor
                | A::Pipe
        );
        let of_bookmarks = matches!(action, A::Bookmark | A::Note);
        matches!(
            action,
            A::MoveDown
                | A::MoveUp
                | A::MoveFirst
                | A::MoveLast
                | A::HalfDown
                | A::HalfUp
                | A::PageDown
                | A::PageUp
                | A::Open
                | A::Back
                | A::Escape
                | A::Command
                | A::Help
                | A::Mouse
                | A::Redraw
                | A::Suspend
                | A::Quit
        ) || of_calls && self.calls.is_some()
            || matches!(action, A::CopyValue | A::CopyLine | A::CopyString)
                && self.message_list.is_some()
            || action == A::Messages
            || of_bookmarks && self.bookmarks.is_some()
            || action == A::Remove && self.view_list.is_some()
            || matches!(action, A::ApiLog | A::CopyFetch | A::PrintFetch) && self.requests.is_some()
            || action == A::Bookmarks && self.bookmarks.is_some()
    }
}

/// Whether it only changes the rows and bars of a run, which do not have the keys.
fn is_of_the_timeline(action: Action) -> bool {
    matches!(
        action,
        Action::Failures
            | Action::Raw
            | Action::Times
            | Action::Bars
            | Action::Zoom
            | Action::WindowShrink
            | Action::WindowGrow
            | Action::FocusBars
            | Action::Idle
    )
}

/// Whether it does anything where there is nothing to look at.
fn matters_without_rows(action: Action) -> bool {
    matches!(
        action,
        Action::Demo
            | Action::Help
            | Action::Mouse
            | Action::Back
            | Action::Escape
            | Action::Redraw
            | Action::Suspend
            | Action::Quit
    )
}
