//! The order of runs, and its change. What is told of the newest runs of a mission stays right under any
//! order: those are kept apart here. Rows of a run stand in the order of time, whatever the runs do.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use crate::{
    analysis::{CallOrder, CallSort, RunOrder, RunSort},
    app::{App, Effect, arrange::Arrangement},
    model::{NodeId, Sort, Time},
};

/// How many runs of a mission its row tells of.
pub const TOLD: usize = 5;

/// The newest runs of each mission.
#[derive(Debug, Default)]
pub(in crate::app) struct Newest {
    of: HashMap<NodeId, Vec<Began>>,
    /// Missions all of whose runs are to be looked at.
    moved: BTreeSet<NodeId>,
}

/// When a run began; the newest is the smallest.
type Began = (Reverse<Option<Time>>, NodeId);

impl Newest {
    /// A run stands in its mission now; says whether all others must be looked at to know the newest.
    fn take(&mut self, mission: NodeId, run: Began) -> bool {
        let Some(newest) = self.of.get_mut(&mission) else {
            return false;
        };
        if let Some(known) = newest.iter().find(|known| known.1 == run.1) {
            return *known == run;
        }
        let place = newest.partition_point(|known| *known < run);
        if place < TOLD {
            newest.insert(place, run);
            newest.truncate(TOLD);
        }
        true
    }
}

impl App {
    /// The newest runs of a mission, the newest first, in whatever order its runs stand.
    pub fn newest_runs(&self, mission: NodeId) -> Vec<NodeId> {
        if self.arranged.order == RunSort::default() {
            let children = self.outline.all_children(Some(mission));
            return children.take(TOLD).collect();
        }
        let known = self.arranged.newest.of.get(&mission).into_iter();
        known.flatten().map(|(_, run)| *run).collect()
    }

    /// A run of a mission was put somewhere.
    pub(in crate::app) fn run_moved(&mut self, mission: NodeId, run: NodeId) {
        if self.arranged.order == RunSort::default() {
            return;
        }
        let began = self.began(run);
        // Elsewhere a run may stand outside of its mission.
        let within = self.arranged.by == Arrangement::Missions;
        if !(within && self.arranged.newest.take(mission, began)) {
            self.arranged.newest.moved.insert(mission);
        }
    }

    fn began(&self, run: NodeId) -> Began {
        let record = self.store.run(run);
        (Reverse(record.and_then(|run| run.started_at)), run)
    }

    /// Finds the newest runs of the missions of which that is not known.
    pub(in crate::app) fn settle_newest(&mut self) {
        for mission in std::mem::take(&mut self.arranged.newest.moved) {
            let runs = self.outline.all_children(Some(mission));
            let runs = runs.filter(|node| self.store.sort(*node) == Sort::Run);
            let mut runs: Vec<Began> = runs.map(|run| self.began(run)).collect();
            if runs.len() > TOLD {
                runs.select_nth_unstable(TOLD);
                runs.truncate(TOLD);
            }
            runs.sort_unstable();
            self.arranged.newest.of.insert(mission, runs);
        }
    }

    /// `s` and `S` outside of tables: the next order, or the same one backwards.
    pub(in crate::app) fn next_order(&mut self, backwards: bool) -> Vec<Effect> {
        if self.view_list.is_some() {
            self.say("views stand in the order of their names");
            return Vec::new();
        }
        let by_time = self.message_list.is_some() || self.bookmarks.is_some();
        if by_time || self.requests.is_some() {
            self.say("this list stands in the order of time");
            return Vec::new();
        }
        let now = self.arranged.order;
        self.sort_runs(if backwards {
            RunSort {
                reverse: !now.reverse,
                ..now
            }
        } else {
            RunSort {
                by: now.by.next(),
                reverse: false,
            }
        })
    }

    /// `:sort duration`, `:sort -duration`: the table of calls where that is shown, else the runs.
    pub(in crate::app) fn sort_by_word(&mut self, word: &str) -> Vec<Effect> {
        if self.calls.is_some() {
            return match CallSort::of_word(word) {
                Some(sort) => self.sort_calls(sort),
                None => self.no_such_order(word, &CallOrder::ALL.map(CallOrder::word)),
            };
        }
        match RunSort::of_word(word) {
            Some(order) => self.sort_runs(order),
            None => self.no_such_order(word, &RunOrder::ALL.map(RunOrder::word)),
        }
    }

    /// What the list that is shown can be sorted by, as it is typed.
    pub(in crate::app) fn order_words(&self) -> Vec<String> {
        let words: Vec<&str> = if self.calls.is_some() {
            CallOrder::ALL.map(CallOrder::word).to_vec()
        } else {
            RunOrder::ALL.map(RunOrder::word).to_vec()
        };
        let each = words.into_iter();
        each.flat_map(|word| [word.to_owned(), format!("-{word}")])
            .collect()
    }

    /// Whether the list that is shown is sorted so.
    pub(in crate::app) fn is_sorted_by(&self, word: &str) -> bool {
        match &self.calls {
            Some(calls) => CallSort::of_word(word)
                .is_some_and(|sort| (sort.by, sort.reverse) == (calls.by, calls.reverse)),
            None => RunSort::of_word(word) == Some(self.arranged.order),
        }
    }

    fn no_such_order(&mut self, word: &str, known: &[&str]) -> Vec<Effect> {
        let known = known.join(", ");
        self.complain(format!(
            "nothing is sorted by \"{word}\" here, but by {known}; with a - before it backwards"
        ));
        Vec::new()
    }

    /// Puts the runs into another order. The cursor stays on its run, and that on its line.
    pub(in crate::app) fn sort_runs(&mut self, order: RunSort) -> Vec<Effect> {
        self.say(format!("runs: {}", order.told()));
        if self.arranged.order == order {
            return Vec::new();
        }
        self.arranged.order = order;
        let line = self.line();
        self.rearrange(self.arranged.by);
        self.settle_heads();
        let mut effects = vec![Effect::Remember(self.memory())];
        if self.selected.is_some() && self.arranged.offered == self.selected {
            // Nobody chose that run: the first one is worth looking at.
            (self.selected, self.top) = (self.outline.first(), 0);
            self.arranged.offered = self.selected;
            effects.extend(self.select(self.selected));
        } else {
            self.put_on_line(line);
        }
        effects
    }
}
