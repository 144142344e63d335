//! Searching while one types: hits are marked and the cursor shows the first of them with each letter,
//! without unfolding anything; Enter goes there, Esc puts everything back. What is not loaded is named
//! and fetched only when Enter asks for it.

use std::collections::BTreeSet;

use crate::app::{App, Effect, Search, find::Matcher, load::State, outline::Mark, time::when};
use crate::model::{NodeId, Sort, Urgency};

/// How many searches are remembered.
const REMEMBERED: usize = 100;

/// Runs of a list that are read with one Enter.
const RUNS: usize = 8;

/// What is not loaded, and so was not searched.
enum Unsearched {
    /// More of something that one is in.
    More(NodeId),
    /// Runs of the list that were not read: the next ones, and how many there are.
    Runs(Vec<NodeId>, usize),
}

/// Where one was when one began to type.
#[derive(Debug)]
pub(in crate::app) struct Origin {
    selected: Option<NodeId>,
    top: usize,
    /// What had been searched for.
    search: Option<Search>,
}

/// What is being typed, and what was typed before.
#[derive(Debug, Default)]
pub(in crate::app) struct Seeking {
    origin: Option<Origin>,
    /// Why what is typed cannot be searched for.
    fault: Option<String>,
    /// Whether Enter was pressed while the search went on.
    entered: bool,
    /// What is being fetched to be searched.
    fetching: BTreeSet<NodeId>,
    /// Runs of the list that were not read, when the search ended without a match.
    unread: usize,
    past: Vec<String>,
    /// Which of them the line shows.
    recalled: Option<usize>,
}

impl App {
    /// What is typed behind the slash changed.
    pub(in crate::app) fn search_typed(&mut self) -> Vec<Effect> {
        if self.in_detail() || self.calls.is_some() {
            return Vec::new();
        }
        if self.seeking.origin.is_none() {
            let search = self.search.take();
            for hit in search.iter().flat_map(Search::hits) {
                self.outline.set_mark(*hit, Mark::Hit, false);
            }
            self.seeking.origin = Some(Origin {
                selected: self.selected,
                top: self.top,
                search,
            });
        }
        (self.seeking.entered, self.seeking.fault) = (false, None);
        let typed = self.line_typed();
        if typed.is_empty() {
            self.drop_search();
            return self.back_to_origin();
        }
        match Matcher::new(&typed) {
            Ok(matcher) => {
                let mut effects = self.back_to_origin();
                effects.extend(self.search_for(&typed, matcher, true));
                effects
            }
            // The last good result stays.
            Err(why) => {
                self.seeking.fault = Some(why);
                Vec::new()
            }
        }
    }

    fn line_typed(&self) -> String {
        let prompt = self.prompt.as_ref();
        prompt.map_or_else(String::new, |prompt| prompt.input.value().to_owned())
    }

    fn back_to_origin(&mut self) -> Vec<Effect> {
        let Some(origin) = &self.seeking.origin else {
            return Vec::new();
        };
        (self.selected, self.top) = (origin.selected, origin.top);
        self.settle();
        self.inspect()
    }

    /// More was found while one types: the cursor shows the first hit from where one was, or what it is
    /// folded away in.
    pub(in crate::app) fn preview(&mut self) -> Vec<Effect> {
        let mut effects = self.back_to_origin();
        let from = self
            .seeking
            .origin
            .as_ref()
            .and_then(|origin| origin.selected);
        if let Some(from) = from.filter(|from| !self.outline.has_mark(*from, Mark::Hit)) {
            let next = self.outline.next_marked(from, Mark::Hit);
            let mut node = next.or_else(|| self.outline.nth_marked(0, Mark::Hit));
            while let Some(at) = node.filter(|node| self.outline.row_of(*node).is_none()) {
                node = self.outline.parent(at);
            }
            if node.is_some() {
                self.selected = node;
                self.settle();
                effects.extend(self.inspect());
            }
        }
        let done = self
            .search
            .as_ref()
            .is_some_and(|search| search.done || search.cut);
        // Told in each frame: counted once.
        let in_vain = done && self.outline.marked(Mark::Hit) == 0;
        self.seeking.unread = match in_vain.then(|| self.unread_in_list()).flatten() {
            Some(Unsearched::Runs(_, all)) => all,
            _ => 0,
        };
        if done && self.seeking.entered {
            // What is not loaded is named first; another Enter asks for it.
            let named = self.outline.marked(Mark::Hit) == 0 && self.unsearched().is_some();
            self.seeking.entered = false;
            if !named {
                effects.extend(self.confirm_search());
            }
        }
        effects
    }

    /// Enter: to the first hit; where there is none, on to what is not loaded yet.
    pub(in crate::app) fn confirm_search(&mut self) -> Vec<Effect> {
        let typed = self.line_typed();
        if typed.is_empty() {
            self.leave_typing();
            self.drop_search();
            return Vec::new();
        }
        if self.seeking.fault.is_some() {
            // It is told at the end of the line, which stays to be corrected.
            return Vec::new();
        }
        let Some(search) = self.search.as_ref().filter(|search| search.live) else {
            self.leave_typing();
            return self.start_search(&typed);
        };
        let (done, cut) = (search.done, search.cut);
        if !done && !cut {
            self.seeking.entered = true;
            return Vec::new();
        }
        if self.outline.marked(Mark::Hit) == 0
            && let Some(unsearched) = self.unsearched()
        {
            let nodes = match unsearched {
                Unsearched::More(_) if self.has_unsearched_holes() => {
                    return self.search_beyond();
                }
                Unsearched::More(node) => vec![node],
                Unsearched::Runs(runs, _) => runs,
            };
            return self.fetch_for_search(&nodes);
        }
        let mut effects = self.back_to_origin();
        self.leave_typing();
        if cut {
            effects.extend(self.start_search(&typed));
            return effects;
        }
        if let Some(search) = self.search.as_mut() {
            search.live = false;
        }
        effects.extend(self.first_hit());
        if self.outline.marked(Mark::Hit) == 0 && !self.has_unsearched_holes() {
            self.complain(format!(
                "\"{typed}\" is not in what is loaded; unfolding missions and runs loads more"
            ));
        }
        effects
    }

    /// Nothing of what is loaded matches: on to what is not.
    fn search_beyond(&mut self) -> Vec<Effect> {
        let mut effects = self.back_to_origin();
        self.leave_typing();
        if let Some(search) = self.search.as_mut() {
            (search.live, search.jumped) = (false, true);
        }
        effects.extend(self.step_hit(true));
        effects
    }

    fn leave_typing(&mut self) {
        let typed = self.line_typed();
        self.prompt = None;
        let seeking = &mut self.seeking;
        (seeking.origin, seeking.fault, seeking.recalled) = (None, None, None);
        seeking.entered = false;
        seeking.fetching.clear();
        if !typed.is_empty() {
            seeking.past.retain(|past| *past != typed);
            seeking.past.push(typed);
            let over = seeking.past.len().saturating_sub(REMEMBERED);
            seeking.past.drain(..over);
        }
    }

    /// Esc: what is fetched for the search stops; else everything is as it was.
    pub(in crate::app) fn abandon_search(&mut self) -> Vec<Effect> {
        let fetching = std::mem::take(&mut self.seeking.fetching);
        if !fetching.is_empty() {
            let cancelled = fetching.into_iter().map(|node| {
                let cancelled = self.cancel_load(node);
                self.let_be_asked_again(node);
                cancelled
            });
            return cancelled.flatten().map(Effect::Cancel).collect();
        }
        let effects = self.back_to_origin();
        let was = self.seeking.origin.take();
        self.prompt = None;
        (self.seeking.fault, self.seeking.recalled) = (None, None);
        if let Some(origin) = was {
            self.drop_search();
            if let Some(search) = origin.search {
                for hit in search.hits() {
                    self.outline.set_mark(*hit, Mark::Hit, true);
                }
                self.search = Some(search);
            }
        }
        effects
    }

    /// What was asked for goes on, and confirms nothing any more.
    pub(in crate::app) fn wait_for_nothing(&mut self) {
        self.seeking.fetching.clear();
    }

    /// Up and Down: what was searched for before.
    pub(in crate::app) fn recall_search(&mut self, back: bool) -> Vec<Effect> {
        let many = self.seeking.past.len();
        let at = match (self.seeking.recalled, back) {
            (None, true) => many.checked_sub(1),
            (Some(at), true) => Some(at.saturating_sub(1)),
            (Some(at), false) => Some(at + 1).filter(|at| *at < many),
            (None, false) => return Vec::new(),
        };
        if at.is_none() && back {
            return Vec::new();
        }
        self.seeking.recalled = at;
        let typed = at.and_then(|at| self.seeking.past.get(at)).cloned();
        if let Some(prompt) = self.prompt.as_mut() {
            prompt.input = typed.unwrap_or_default().into();
        }
        self.search_typed()
    }

    /// The nearest thing that one looks at of which something is not loaded; in a list where that is
    /// nothing, the runs that were not read.
    fn unsearched(&self) -> Option<Unsearched> {
        let above = self.unloaded_here().map(Unsearched::More);
        above.or_else(|| self.unread_in_list())
    }

    fn unloaded_here(&self) -> Option<NodeId> {
        let mut node = self.selected.or(self.screen())?;
        loop {
            if let Some(load) = self.loads.get(&node) {
                let more = load.more.is_some() || load.going_on.is_some();
                if more || load.state == State::Cold {
                    return Some(node);
                }
            } else if self.store.sort(node) == Sort::Run {
                return Some(node);
            }
            let owner = self.store.owner(node);
            if owner == node {
                return None;
            }
            node = owner;
        }
    }

    /// The runs of the list that were not read, those below the cursor first.
    fn unread_in_list(&self) -> Option<Unsearched> {
        let here = self.selected_row().filter(|_| self.screen().is_none())?;
        let cold = |run: &NodeId| {
            let load = self.loads.get(run);
            load.is_none_or(|load| load.state == State::Cold)
        };
        let runs = self.store.all(Sort::Run).filter(cold);
        let runs = runs.filter_map(|run| Some((self.outline.row_of(run)?, run)));
        let mut runs: Vec<(bool, usize, NodeId)> =
            runs.map(|(row, run)| (row < here, row, run)).collect();
        runs.sort_unstable();
        let all = runs.len();
        let next = runs.into_iter().take(RUNS).map(|(.., run)| run);
        (all > 0).then(|| Unsearched::Runs(next.collect(), all))
    }

    fn fetch_for_search(&mut self, nodes: &[NodeId]) -> Vec<Effect> {
        self.seeking.entered = false;
        let mut effects = Vec::new();
        for node in nodes {
            self.seeking.fetching.insert(*node);
            if self.loading.contains(node) {
                continue;
            }
            let more = self.load_more(*node, Urgency::Wanted);
            if more.is_empty() {
                effects.extend(self.load(*node));
            }
            effects.extend(more);
        }
        effects
    }

    /// Something was fetched: if it was the last of what the search waits for, that goes on.
    pub(in crate::app) fn search_on(&mut self, node: NodeId) -> Vec<Effect> {
        if self.loading.contains(&node) || !self.seeking.fetching.remove(&node) {
            return Vec::new();
        }
        if !self.seeking.fetching.is_empty() {
            return Vec::new();
        }
        let effects = self.search_typed();
        self.seeking.entered = true;
        effects
    }

    /// What came of what is typed so far, and whether that is a fault.
    pub fn search_told(&self) -> Option<(String, bool)> {
        if let Some(fault) = &self.seeking.fault {
            return Some((fault.clone(), true));
        }
        match self.seeking.fetching.len() {
            0 => {}
            1 => {
                let told = "fetching what was not searched, Esc stops";
                return Some((told.to_owned(), false));
            }
            runs => return Some((format!("reading {runs} runs, Esc stops"), false)),
        }
        let search = self.search.as_ref().filter(|search| search.live)?;
        let total = self.outline.marked(Mark::Hit);
        let more = if search.done && !search.cut { "" } else { "+" };
        if total == 0 && search.done {
            let what = match self.unloaded_here() {
                Some(node) => Some(match self.store.sort(node) {
                    Sort::Run | Sort::Event | Sort::Step => "older pages".to_owned(),
                    _ => "older runs".to_owned(),
                }),
                None => (self.seeking.unread > 0).then(|| when::many(self.seeking.unread, "run")),
            };
            return Some(match what {
                Some(what) => (
                    format!("no match; {what} not searched, Enter goes on"),
                    false,
                ),
                None => ("no match in what is loaded".to_owned(), false),
            });
        }
        let from = self.seeking.origin.as_ref()?.selected?;
        let before = self.outline.marked_before(from, Mark::Hit);
        let place = if before < total {
            before + 1
        } else {
            usize::from(total > 0)
        };
        let looked = match search.looked {
            looked if looked > 0 && !search.done => {
                let looked = when::count(u64::try_from(looked).unwrap_or(u64::MAX));
                format!(", {looked} events looked through")
            }
            _ => String::new(),
        };
        Some((format!("{place}/{total}{more}{looked}"), false))
    }
}
