//! The list of requests (`@`): what was asked of the services, how long it took and why it was asked.
//! A copy that is renewed while it is open; it decides nothing about fetching.

use super::{App, Effect, browse::By};
use crate::model::{Sent, Time};

/// Between two renewals while news comes in.
const EVERY: i64 = 500_000_000;

/// The list, while it is shown.
#[derive(Debug, Default)]
pub struct Requests {
    /// Oldest first.
    pub rows: Vec<Sent>,
    /// The selected one.
    pub selected: usize,
    /// The first one shown.
    pub top: usize,
    /// Whether the selection stays on the newest.
    tail: bool,
    pub(super) renew_at: Option<Time>,
}

impl App {
    /// Shows the list, or closes it.
    pub(super) fn toggle_requests(&mut self) -> Vec<Effect> {
        if self.requests.take().is_some() {
            return Vec::new();
        }
        (self.help, self.bookmarks, self.calls) = (None, None, None);
        self.requests = Some(Requests {
            tail: true,
            ..Requests::default()
        });
        vec![Effect::Requests]
    }

    /// The list as it is now.
    pub(super) fn take_requests(&mut self, rows: Vec<Sent>) {
        let height = self.page();
        let Some(list) = self.requests.as_mut() else {
            return;
        };
        // A slow request may come in between, and the oldest go: the selection stays on its own.
        let same = |a: &Sent, b: &Sent| a.at == b.at && a.path == b.path && a.context == b.context;
        let selected = list.rows.get(list.selected);
        let place = selected.and_then(|old| rows.iter().position(|new| same(old, new)));
        let line = list.selected.saturating_sub(list.top);
        list.rows = rows;
        if list.tail {
            list.selected = list.rows.len().saturating_sub(1);
        } else if let Some(place) = place {
            list.selected = place;
            list.top = place.saturating_sub(line);
        }
        list.settle(height);
        self.dirty = true;
    }

    pub(super) fn move_in_requests(&mut self, by: By) {
        let height = self.page();
        let Some(list) = self.requests.as_mut() else {
            return;
        };
        list.selected = by.from(list.selected, list.rows.len());
        list.tail = list.selected + 1 >= list.rows.len();
        list.settle(height);
    }

    /// Something was fetched, so there were requests.
    pub(super) fn renew_requests(&mut self) {
        let at = Time(self.now.0.saturating_add(EVERY));
        if let Some(list) = self.requests.as_mut() {
            list.renew_at.get_or_insert(at);
        }
    }

    /// Asks for the list anew, if it is time.
    pub(super) fn requests_due(&mut self) -> Option<Effect> {
        let now = self.now;
        let list = self.requests.as_mut()?;
        list.renew_at.take_if(|at| *at <= now)?;
        Some(Effect::Requests)
    }
}

impl Requests {
    fn settle(&mut self, height: usize) {
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.top = self.top.min(self.selected);
        if self.selected >= self.top + height {
            self.top = self.selected + 1 - height;
        }
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }
}
