//! The list of requests (`@`): what was asked of the services, how long it took and why it was asked.
//! A copy that is renewed while it is open; it decides nothing about fetching.

use super::{By, Viewport};
use crate::app::{App, Effect};
use crate::model::{Sent, Time};

/// Between two renewals while news comes in.
const EVERY: i64 = 500_000_000;

/// The list, while it is shown.
#[derive(Debug, Default)]
pub struct Requests {
    /// Oldest first.
    pub rows: Vec<Sent>,
    /// The selected one, and those shown.
    pub view: Viewport,
    /// Whether the selection stays on the newest.
    tail: bool,
    pub(in crate::app) renew_at: Option<Time>,
}

impl App {
    /// Shows the list, or closes it.
    pub(in crate::app) fn toggle_requests(&mut self) -> Vec<Effect> {
        if self.requests.take().is_some() {
            return Vec::new();
        }
        self.help = None;
        self.close_lists();
        self.requests = Some(Requests {
            tail: true,
            ..Requests::default()
        });
        vec![Effect::Requests]
    }

    /// The list as it is now.
    pub(in crate::app) fn take_requests(&mut self, rows: Vec<Sent>) {
        let height = self.page();
        let Some(list) = self.requests.as_mut() else {
            return;
        };
        // A slow request may come in between, and the oldest go: the selection stays on its own.
        let same = |a: &Sent, b: &Sent| a.at == b.at && a.path == b.path && a.context == b.context;
        let selected = list.rows.get(list.view.selected);
        let place = selected.and_then(|old| rows.iter().position(|new| same(old, new)));
        list.rows = rows;
        if list.tail {
            list.view.selected = list.rows.len().saturating_sub(1);
        } else if let Some(place) = place {
            list.view.keep_line(place);
        }
        list.view.settle(list.rows.len(), height);
        self.dirty = true;
    }

    /// The selection stays in sight in however many rows the list turned out to have.
    pub(in crate::app) fn settle_requests(&mut self) {
        let height = self.page();
        if let Some(list) = self.requests.as_mut() {
            list.view.settle(list.rows.len(), height);
        }
    }

    pub(in crate::app) fn move_in_requests(&mut self, by: By) {
        let height = self.page();
        let Some(list) = self.requests.as_mut() else {
            return;
        };
        list.view.go(by, list.rows.len(), height);
        list.tail = list.view.selected + 1 >= list.rows.len();
    }

    /// Something was fetched, so there were requests.
    pub(in crate::app) fn renew_requests(&mut self) {
        let at = Time(self.now.0.saturating_add(EVERY));
        if let Some(list) = self.requests.as_mut() {
            list.renew_at.get_or_insert(at);
        }
    }

    /// Asks for the list anew, if it is time.
    pub(in crate::app) fn requests_due(&mut self) -> Option<Effect> {
        let now = self.now;
        let list = self.requests.as_mut()?;
        list.renew_at.take_if(|at| *at <= now)?;
        Some(Effect::Requests)
    }
}
