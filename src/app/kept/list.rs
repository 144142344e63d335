//! The list of everything that is kept, over runs and contexts: what it says, and the way there.

use super::{Item, Kept};
use crate::app::{
    App, Effect,
    list::{By, Viewport},
};

/// The list, while it is shown.
#[derive(Debug, Default)]
pub struct Bookmarks {
    /// Newest first.
    pub rows: Vec<Item>,
    /// The selected one, and those shown.
    pub view: Viewport,
}

impl Bookmarks {
    fn of(kept: &Kept) -> Self {
        Self {
            rows: kept.items().into_iter().cloned().collect(),
            ..Self::default()
        }
    }
}

impl App {
    /// `'`: shows the list, or closes it.
    pub(in crate::app) fn toggle_bookmarks(&mut self) -> Vec<Effect> {
        if self.bookmarks.take().is_some() {
            return Vec::new();
        }
        (self.help, self.requests) = (None, None);
        self.close_lists();
        self.bookmarks = Some(Bookmarks::of(&self.kept));
        vec![self.recall()]
    }

    /// What is kept changed while the list is shown: the selection stays on its own.
    pub(super) fn renew_bookmarks(&mut self) {
        let height = self.page();
        let Some(list) = self.bookmarks.as_mut() else {
            return;
        };
        let selected = list
            .rows
            .get(list.view.selected)
            .map(|item| item.spot.clone());
        let mut rows = Bookmarks::of(&self.kept).rows;
        // What was just changed is not to run away from under the cursor: the order stays.
        let place = |item: &Item| list.rows.iter().position(|old| old.spot.is(&item.spot));
        let known = |item: &Item| place(item).map_or((0, 0), |place| (1, place));
        rows.sort_by_key(known);
        list.rows = rows;
        let same = |item: &Item| selected.as_ref().is_some_and(|spot| item.spot.is(spot));
        if let Some(place) = list.rows.iter().position(same) {
            list.view.selected = place;
        }
        list.view.settle(list.rows.len(), height);
    }

    pub(in crate::app) fn move_in_bookmarks(&mut self, by: By) {
        let height = self.page();
        let Some(list) = self.bookmarks.as_mut() else {
            return;
        };
        list.view.go(by, list.rows.len(), height);
    }

    /// Enter in the list.
    pub(in crate::app) fn open_bookmark(&mut self) -> Vec<Effect> {
        let list = self.bookmarks.take();
        let item = list.and_then(|list| list.rows.into_iter().nth(list.view.selected));
        item.map_or_else(Vec::new, |item| self.go_to_spot(&item.spot))
    }
}
