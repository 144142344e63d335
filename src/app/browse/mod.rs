//! Moving about: rows, folds, panes, and what Enter means where.

pub(super) mod beside;
pub(super) mod child;
mod fold;
pub(super) mod jump;
pub(super) mod screen;

use crate::app::{
    App, Effect, Pane,
    list::By,
    load::{State, parts::Want},
    outline::Mark,
};
use crate::model::{NodeId, Sort, Urgency};

impl App {
    /// Moves in the pane that has the keys. `scroll` takes the window along, as half pages do.
    pub(in crate::app) fn move_by(&mut self, by: By, scroll: bool) -> Vec<Effect> {
        if let Some(help) = self.help.as_mut() {
            help.scrolled = by.from(help.scrolled, self.measured.help_end + 1);
            return Vec::new();
        }
        if self.export.is_some() {
            self.move_in_export(by);
            return Vec::new();
        }
        if self.requests.is_some() {
            self.move_in_requests(by);
            return Vec::new();
        }
        if self.bookmarks.is_some() {
            self.move_in_bookmarks(by);
            return Vec::new();
        }
        if self.message_list.is_some() {
            self.move_in_messages(by);
            return Vec::new();
        }
        if self.view_list.is_some() {
            self.move_in_views(by);
            return Vec::new();
        }
        if self.calls.is_some() {
            self.move_in_calls(by);
            return Vec::new();
        }
        if self.in_detail() {
            self.move_in_detail(by, scroll);
            return Vec::new();
        }
        let rows = self.outline.rows();
        let Some(row) = self.selected_row() else {
            return Vec::new();
        };
        let target = by.from(row, rows);
        if scroll {
            self.top = (self.top + target).saturating_sub(row);
        }
        self.select(self.outline.node_at(target))
    }

    /// Selects a node that is in a row.
    pub(in crate::app) fn select(&mut self, node: Option<NodeId>) -> Vec<Effect> {
        if let Some(node) = node {
            self.selected = Some(node);
        }
        self.settle();
        self.see_fresh();
        let mut effects = self.inspect();
        effects.extend(self.load_what_is_near());
        effects
    }

    /// Opens everything above a node, then selects it.
    pub(in crate::app) fn reveal(&mut self, node: NodeId) -> Vec<Effect> {
        self.open_above(node);
        self.select(Some(node))
    }

    pub(in crate::app) fn open_above(&mut self, node: NodeId) {
        // What a run's own screen shows is no reason to unfold it among all others.
        let root = self.outline.root();
        let above: Vec<_> = std::iter::successors(self.outline.true_parent(node), |node| {
            self.outline.true_parent(*node)
        })
        .take_while(|node| Some(*node) != root)
        .collect();
        for parent in above {
            self.outline.set_open(parent, true);
        }
    }

    /// The row of the selected node, or of what it is folded away in.
    pub(in crate::app) fn selected_row(&self) -> Option<usize> {
        self.outline.row_of(self.selected?)
    }

    /// Rows that came or went above push the window along: the selection stays on its line of the screen.
    pub(in crate::app) fn stay_on(&mut self, line: Option<usize>) {
        if let (Some(row), Some(line)) = (self.selected_row(), line) {
            self.top = row.saturating_sub(line);
        }
        self.settle();
    }

    /// Keeps the selection on a row, the row on the screen and the screen full.
    pub(in crate::app) fn settle(&mut self) {
        let rows = self.outline.rows();
        let height = usize::from(self.measured.tree_rows).max(1);
        let mut node = self.selected;
        let row = loop {
            let Some(at) = node else {
                self.selected = self.outline.first().or(self.outline.root());
                break 0;
            };
            if let Some(row) = self.outline.row_of(at) {
                self.selected = Some(at);
                break row;
            }
            node = self.outline.parent(at);
        };
        self.top = self.top.min(row);
        if row >= self.top + height {
            self.top = row + 1 - height;
        }
        self.top = self.top.min(rows.saturating_sub(height));
    }

    /// Lists that wait to be scrolled on are loaded on when their end comes into sight; those that
    /// failed wait for Enter, or every key would ask again.
    pub(in crate::app) fn load_what_is_near(&mut self) -> Vec<Effect> {
        // Where little matches, the end of every list is near: it is for Enter to go on.
        if self.is_filtering() {
            return Vec::new();
        }
        let height = usize::from(self.measured.tree_rows);
        let near: Vec<_> = self
            .outline
            // One page ahead of the screen.
            .window(self.top, height * 2)
            .into_iter()
            .enumerate()
            .filter(|(_, node)| self.store.sort(*node) == Sort::Note && self.gap(*node).is_none())
            .map(|(row, note)| (row, note, self.store.owner(note)))
            .filter(|(_, _, owner)| {
                self.state(*owner) == State::Ready && !self.end_is_coming(*owner)
            })
            .collect();
        let here = self.selected_row().unwrap_or_default();
        near.into_iter()
            .flat_map(|(row, note, owner)| {
                let urgency = if row < height {
                    Urgency::Wanted
                } else {
                    Urgency::Ahead
                };
                // Who comes from the end goes on towards the beginning.
                let from_end = here > self.top + row;
                let part = self.load_hole(note, from_end, Urgency::Ahead);
                part.unwrap_or_else(|| self.load_more(owner, urgency))
            })
            .collect()
    }

    fn state(&self, node: NodeId) -> State {
        self.loads.get(&node).map_or(State::Cold, |load| load.state)
    }

    /// Enter.
    pub(in crate::app) fn open(&mut self) -> Vec<Effect> {
        if self.bookmarks.is_some() {
            return self.open_bookmark();
        }
        if self.view_list.is_some() {
            return self.open_listed_view();
        }
        let Some(node) = self.selected else {
            return Vec::new();
        };
        match self.store.sort(node) {
            Sort::Event => {
                if self.show_in_context() {
                    return Vec::new();
                }
                if let Some(child) = self.only_child_run(node) {
                    return self.open_run(child);
                }
                let effects = self.fetch_content(node);
                self.enter_payload();
                effects
            }
            Sort::Note if self.gap(node).is_some() => {
                self.say("nothing happened here: i shows the time as it was");
                Vec::new()
            }
            Sort::Note => {
                if let Some(part) = self.load_hole(node, false, Urgency::Wanted) {
                    return part;
                }
                let owner = self.store.owner(node);
                let on = self.load_more(owner, Urgency::Wanted);
                if on.is_empty() && self.state(owner) == State::Failed {
                    return self.load(owner);
                }
                on
            }
            Sort::Run => self.open_run(node),
            Sort::Group => self.open_group(node),
            Sort::Context | Sort::Mission | Sort::Step => {
                let open = self.outline.is_open(node);
                self.set_open(node, !open)
            }
        }
    }

    pub(in crate::app) fn enter_detail(&mut self) {
        self.focus = Pane::Detail;
        match self.full {
            _ if !self.measured.wide => (self.full, self.squeezed) = (Some(Pane::Detail), true),
            // The whole screen goes along.
            Some(Pane::Tree) => self.full = Some(Pane::Detail),
            Some(Pane::Bars) => self.full = None,
            Some(Pane::Detail) | None => {}
        }
    }

    /// The detail on the whole screen, at what is to be read.
    pub(in crate::app) fn enter_payload(&mut self) {
        self.enter_detail();
        self.alone &= self.full.is_some() && !self.squeezed;
        (self.full, self.squeezed) = (Some(Pane::Detail), false);
        let height = self.detail_height();
        self.detail.move_to(self.detail.body, height);
        // On a low screen the facts before it would leave hardly a line of it.
        if self.detail.line(height) > height / 2 {
            self.detail.settle_on(self.detail.body, height / 3, height);
        }
    }

    pub(in crate::app) fn leave_detail(&mut self) {
        self.focus = Pane::Tree;
        (self.full, self.squeezed, self.alone) = (None, false, false);
    }

    pub(in crate::app) fn step_marked(
        &mut self,
        mark: Mark,
        forward: bool,
        what: &str,
    ) -> Vec<Effect> {
        let total = self.outline.marked(mark);
        let Some(from) = self.selected.filter(|_| total > 0) else {
            self.say(format!("no {what} in what is loaded"));
            return Vec::new();
        };
        let next = if forward {
            self.outline.next_marked(from, mark)
        } else {
            self.outline.prev_marked(from, mark)
        };
        let wrapped = if forward { 0 } else { total - 1 };
        let Some(target) = next.or_else(|| self.outline.nth_marked(wrapped, mark)) else {
            return Vec::new();
        };
        self.remember();
        let place = self.outline.marked_before(target, mark) + 1;
        let around = match (next.is_none(), forward) {
            (false, _) => "",
            (true, true) => ", from the top again",
            (true, false) => ", from the end again",
        };
        let effects = self.reveal(target);
        let of = if mark == Mark::Hit { "/" } else { " of " };
        // What was not looked through may have more.
        let want = match mark {
            Mark::Hit => Some(Want::Hit),
            Mark::Fault => Some(Want::Fault),
            _ => None,
        };
        let goes_on = want.is_some_and(|want| self.has_open_holes(want));
        let more = if goes_on { "+" } else { "" };
        self.say_where(format!("{what} {place}{of}{total}{more}{around}"));
        effects
    }

    /// Whether there is a level to go back from.
    pub fn can_go_back(&self) -> bool {
        self.help.is_some()
            || self.export.is_some()
            || self.requests.is_some()
            || self.bookmarks.is_some()
            || self.calls.is_some()
            || self.view_list.is_some()
            || self.message_list.is_some()
            || self.full.is_some()
            || self.in_detail()
            || self.search.is_some()
            || self.filter.is_some()
            || self.shown_run().is_some()
    }

    /// One level back: help, full screen, detail, context, search. Says whether there was a level.
    pub(in crate::app) fn back_one(&mut self) -> bool {
        if self.drop_key_sought() {
            return true;
        }
        if self.help.take().is_some()
            || self.requests.take().is_some()
            || self.bookmarks.take().is_some()
            || self.calls.take().is_some()
            || self.view_list.take().is_some()
            || self.message_list.take().is_some()
        {
            return true;
        }
        if self.in_detail() && self.drop_within() {
            return true;
        }
        if self.full.is_some() || self.in_detail() {
            self.leave_detail();
            return true;
        }
        self.leave_context() || self.drop_search()
    }

    /// Loads the selected node, or what it lies in, again.
    pub(in crate::app) fn refetch(&mut self) -> Vec<Effect> {
        let run = self.selected.and_then(|node| self.run_of(node));
        let at = run.and_then(|run| Some((self.context_of(run)?.0, self.run_ref(run)?)));
        let forget = at.map(|(context, run)| Effect::Forget(context, run));
        forget.into_iter().chain(self.refresh()).collect()
    }

    pub(in crate::app) fn refresh(&mut self) -> Vec<Effect> {
        let mut node = self.selected;
        while let Some(at) = node {
            match self.store.sort(at) {
                Sort::Context | Sort::Mission | Sort::Run => return self.load(at),
                Sort::Step | Sort::Event | Sort::Note => node = Some(self.store.owner(at)),
                Sort::Group => return self.ask_again(at),
            }
        }
        Vec::new()
    }
}
