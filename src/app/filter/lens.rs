//! Which lens the outline has while a filter is on, and the way from a hit to everything around it and
//! back.

use crate::{
    app::{
        App,
        action::Action,
        outline::{Lens, Mark},
    },
    model::NodeId,
};

impl App {
    /// Whether Esc goes back before it drops the filter: the screen was opened from the matches.
    pub(in crate::app) fn is_beyond_filter(&self) -> bool {
        let screen = self.screen();
        let filter = self.filter.as_ref();
        screen.is_some() && filter.is_some_and(|filter| filter.on != screen)
    }

    /// Enter on a hit: everything around it, with the cursor on it.
    pub(in crate::app) fn show_in_context(&mut self) -> bool {
        let matching = matches!(self.outline.lens(), Lens::Matching | Lens::MatchingFailures);
        let node = self.selected.filter(|_| matching);
        let (Some(node), Some(filter)) = (node, self.filter.as_mut()) else {
            return false;
        };
        filter.aside = Some(node);
        self.fit_lens();
        self.say(format!(
            "in context: {} returns to the matches",
            self.key_of(Action::Escape)
        ));
        true
    }

    /// Esc: back to the matches, on the one that one came from. Says whether it was shown in context.
    pub(in crate::app) fn leave_context(&mut self) -> bool {
        let Some(hit) = self.filter.as_mut().and_then(|filter| filter.aside.take()) else {
            return false;
        };
        self.notice.take_if(|notice| !notice.failed);
        self.selected = Some(hit);
        self.fit_lens();
        true
    }

    /// A row that does not match is shown among all others.
    pub(in crate::app) fn look_aside(&mut self, row: NodeId) {
        if let Some(filter) = self.filter.as_mut() {
            filter.aside = Some(row);
        }
    }

    /// Takes the lens that belongs to another root.
    pub(in crate::app) fn refit_lens(&mut self) {
        let now = self.outline.lens();
        let failures = matches!(now, Lens::Failures | Lens::MatchingFailures);
        let lens = self.lens_for(failures);
        if now != Lens::Raw && now != lens {
            self.outline.set_lens(lens);
            self.place_all_gaps();
        }
    }

    /// Whether the filter decides which rows there are.
    pub fn is_filtering(&self) -> bool {
        let aside = self
            .filter
            .as_ref()
            .is_some_and(|filter| filter.aside.is_some());
        !aside && self.filters_at(self.screen())
    }

    /// Whether it decides which rows a run has, or the list of all runs.
    pub(in crate::app) fn filters_at(&self, root: Option<NodeId>) -> bool {
        let Some(filter) = &self.filter else {
            return false;
        };
        let whole = root.is_some_and(|run| {
            // A run that matches itself, and nothing in it: it was opened to be read.
            filter.heads.contains(&run) && self.outline.marked_below(run, Mark::Match) == 0
        });
        filter.begun && !whole
    }

    /// The lens that belongs to what is wanted just now.
    pub(in crate::app) fn lens_for(&self, failures: bool) -> Lens {
        match (self.is_filtering(), failures) {
            (true, true) => Lens::MatchingFailures,
            (true, false) => Lens::Matching,
            (false, true) => Lens::Failures,
            (false, false) => Lens::Operations,
        }
    }

    /// Takes the lens that belongs to what is wanted just now, the cursor staying on its line.
    pub(in crate::app) fn fit_lens(&mut self) {
        let now = self.outline.lens();
        let failures = matches!(now, Lens::Failures | Lens::MatchingFailures);
        let lens = self.lens_for(failures);
        if now == Lens::Raw || now == lens {
            return;
        }
        let line = self.selected_row().map(|row| row.saturating_sub(self.top));
        self.refit_lens();
        match line {
            Some(line) => self.put_on_line(line),
            None => self.settle(),
        }
    }
}
