//! Rows that are no record of any service: those that head runs with a cause in common, and those that
//! tell of all runs or of a context as a whole. They are put in and taken out here, once a turn.

use crate::app::{
    App, Effect,
    arrange::recent::Remark,
    arrange::{Arrangement, Head, Tally, window_words},
    time::when,
};
use crate::{
    doc::Part,
    model::{NodeId, RunStatus, Sort},
};

impl App {
    /// The row of a head, made and put into its place where there is none.
    pub(in crate::app) fn head_row(&mut self, head: Head) -> NodeId {
        let node = match self.arranged.heads.get(&head) {
            Some(node) => *node,
            None => self.store.add_group(),
        };
        self.arranged.heads.insert(head, node);
        self.arranged.kinds.insert(node, head);
        if !self.outline.contains(node) {
            let always = matches!(head, Head::News | Head::Context(_));
            self.outline.set_always(node, always);
            self.insert_in_order(None, node);
        }
        node
    }

    /// Counts what the inbox shows if that changed, and puts the rows there that tell of all.
    pub(in crate::app) fn settle_heads(&mut self) {
        if !std::mem::take(&mut self.arranged.stale) {
            return;
        }
        self.settle_newest();
        let (before, line) = (self.selected, self.line());
        if self.arranged.by == Arrangement::Causes {
            self.count_causes();
        }
        self.see_failures();
        self.arranged.tally = self.count();
        let wanted = self.wanted_heads();
        let unwanted: Vec<(Head, NodeId)> = self
            .arranged
            .heads
            .iter()
            .filter(|(head, node)| {
                let is_empty = self.outline.all_child_count(**node) == 0;
                is_empty && !wanted.contains(head) && self.outline.contains(**node)
            })
            .map(|(head, node)| (*head, *node))
            .collect();
        for (_, node) in unwanted {
            if self.selected == Some(node) {
                let row = self.outline.row_of(node).unwrap_or_default();
                let behind = self.outline.node_at(row + 1);
                self.selected = behind.or_else(|| self.outline.node_at(row.checked_sub(1)?));
            }
            self.outline.remove(node);
        }
        for head in wanted {
            let node = self.head_row(head);
            self.detail.touched(node);
        }
        if self.arranged.at_first && self.screen().is_none() {
            (self.selected, self.top) = (self.outline.first(), 0);
            self.arranged.offered = self.selected;
        } else if self.selected != before || self.line() != line {
            self.put_on_line(line);
        }
        self.dirty = true;
    }

    fn count(&self) -> Tally {
        let mut tally = Tally::default();
        let top = match self.arranged.by {
            Arrangement::Missions | Arrangement::Contexts => return tally,
            Arrangement::Inbox | Arrangement::Causes => self.outline.all_children(None),
        };
        for node in top.flat_map(|node| {
            let below = self.store.sort(node) == Sort::Group;
            let below = below.then(|| self.outline.all_children(Some(node)));
            std::iter::once(node).chain(below.into_iter().flatten())
        }) {
            let Some(run) = self.store.run(node) else {
                let is_cause = matches!(self.arranged.head(node), Some(Head::Cause(_)));
                tally.causes += usize::from(is_cause);
                continue;
            };
            tally.runs += 1;
            tally.matching += usize::from(self.picks_run(node));
            tally.news += usize::from(self.is_news(node));
            if self.arranged.fails(node, run) {
                tally.failing += 1;
            } else if run.status == RunStatus::Succeeded {
                tally.succeeded += 1;
            }
        }
        tally
    }

    fn wanted_heads(&self) -> Vec<Head> {
        if !matches!(self.arranged.by, Arrangement::Inbox | Arrangement::Causes) {
            return Vec::new();
        }
        let contexts = 0..self.contexts.len();
        let mut heads: Vec<Head> = contexts
            .filter(|at| self.is_worth_telling(*at))
            .map(Head::Context)
            .collect();
        if self.arranged.tally.failing == 0 && !self.is_filling() {
            heads.push(Head::News);
        }
        heads
    }

    /// Enter on such a row.
    pub(in crate::app) fn open_group(&mut self, node: NodeId) -> Vec<Effect> {
        match self.arranged.head(node) {
            Some(Head::Context(_)) => self.ask_again(node),
            Some(Head::Cause(_)) => {
                let open = self.outline.is_open(node);
                self.set_open(node, !open)
            }
            Some(Head::Unread) => self.read_the_rest(),
            Some(Head::News) | None => Vec::new(),
        }
    }

    /// What the detail says of such a row.
    pub(in crate::app) fn group_parts(&self, node: NodeId) -> Vec<Part> {
        let head = self.arranged.head(node);
        if let Some(Head::Cause(id)) = head {
            return self.cause_parts(id);
        }
        if head == Some(Head::Unread) {
            return vec![Part::Prose(
                "Their lists do not say why they failed. One is read each second, up to fifty at a \
                 visit; Enter reads the rest."
                    .to_owned(),
            )];
        }
        let Some(Head::Context(at)) = head else {
            let window = window_words(self.arranged.window);
            return vec![Part::Prose(format!(
                "Runs of which anything was heard in the last {window}, of all contexts. A failure inside \
                 a run that went well is known only of runs that were read."
            ))];
        };
        match self.remark(at) {
            Some(Remark::Failed(trouble)) => vec![
                Part::Heading("could not be loaded".to_owned()),
                Part::Prose(trouble.to_string()),
                Part::Prose(format!("{} Press r to try again.", trouble.hint())),
            ],
            Some(Remark::Waiting(trouble, until)) => {
                let at = when::clock(until, &self.zone);
                vec![Part::Prose(format!("{trouble}. Trying again at {at}."))]
            }
            Some(Remark::Loading) => vec![Part::Prose("Its runs are being loaded.".to_owned())],
            None => Vec::new(),
        }
    }
}
