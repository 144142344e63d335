//! What the rows of all runs are arranged by: missions, an inbox of what happened lately, causes of
//! failures, or contexts. There is one tree; changing the arrangement moves its nodes, so that folds,
//! marks and hits stay with them. Here is where a run belongs in each arrangement, and the change from
//! one to another; what is asked for an inbox is asked elsewhere.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use super::{App, Effect, load::nanos, outline::Mark, recent::Recent, sorting::SortKey};
use crate::model::{NodeId, Run, Sort, Time};

/// What the rows of all runs are arranged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Arrangement {
    /// Contexts, their missions, their runs.
    #[default]
    Missions,
    /// Runs of all contexts within a window of time, what failed first.
    Inbox,
    /// Contexts and their runs.
    Contexts,
}

impl Arrangement {
    /// All of them, in the order in which one key goes through them.
    pub const ALL: [Self; 3] = [Self::Missions, Self::Inbox, Self::Contexts];

    /// Its name, in commands and in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missions => "missions",
            Self::Inbox => "inbox",
            Self::Contexts => "contexts",
        }
    }

    /// The arrangement of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        *Self::ALL
            .get((at + 1) % Self::ALL.len())
            .unwrap_or(&Self::Missions)
    }
}

/// How far back an inbox looks unless it is told otherwise.
pub const WINDOW: Duration = Duration::from_secs(24 * 3600);

/// A row that heads others or tells of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Head {
    /// That nothing failed.
    News,
    /// That a context is still being asked, or cannot be had: its place among the contexts.
    Context(usize),
}

/// How many runs the inbox shows, and how they went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub runs: usize,
    /// Those that failed, or have a failure in them that nothing made good.
    pub failing: usize,
    /// Those that ended well.
    pub succeeded: usize,
}

/// The arrangement there is, and what belongs to it.
#[derive(Debug)]
pub struct Arranged {
    /// Which.
    pub by: Arrangement,
    /// How far back an inbox looks.
    pub window: Duration,
    /// What the inbox shows, counted when it changed last.
    pub tally: Tally,
    /// What is asked for it.
    pub(super) recent: Recent,
    /// Runs that did not fail, but have a failure in them that nothing made good.
    doubtful: HashSet<NodeId>,
    heads: BTreeMap<Head, NodeId>,
    kinds: HashMap<NodeId, Head>,
    /// Where the cursor was in each that was left.
    left: HashMap<Arrangement, (NodeId, usize)>,
    /// Whether the cursor is to stay on the first row because no key was pressed since.
    pub(super) at_first: bool,
    /// The run that the cursor was put on, as long as nobody opened it.
    pub(super) offered: Option<NodeId>,
    /// Whether rows may have changed since they were counted.
    pub(super) stale: bool,
}

impl Default for Arranged {
    fn default() -> Self {
        Self {
            by: Arrangement::default(),
            window: WINDOW,
            tally: Tally::default(),
            recent: Recent::default(),
            doubtful: HashSet::new(),
            heads: BTreeMap::new(),
            kinds: HashMap::new(),
            left: HashMap::new(),
            at_first: false,
            offered: None,
            stale: false,
        }
    }
}

impl Arranged {
    /// The same for other contexts, of which nothing is known yet.
    pub(super) fn emptied(&self) -> Self {
        Self {
            by: self.by,
            window: self.window,
            ..Self::default()
        }
    }

    /// What a row heads or tells of.
    pub fn head(&self, node: NodeId) -> Option<Head> {
        self.kinds.get(&node).copied()
    }

    /// The place of such a row: good news first, what cannot be had last.
    pub(super) fn head_key(&self, node: NodeId) -> SortKey {
        match self.head(node) {
            Some(Head::News) | None => (0, None, 0, 0, node),
            Some(Head::Context(at)) => (9, None, i64::try_from(at).unwrap_or(i64::MAX), 0, node),
        }
    }

    /// The place of a run among others: what failed before the rest in an inbox, newest first.
    pub(super) fn run_key(&self, node: NodeId, run: &Run) -> SortKey {
        let at = run.started_at.map_or(i64::MIN, |at| at.0).saturating_neg();
        let rank = match self.by {
            Arrangement::Inbox if self.fails(node, run) => 1,
            Arrangement::Inbox => 2,
            Arrangement::Missions | Arrangement::Contexts => 0,
        };
        (rank, None, at, 0, node)
    }

    fn fails(&self, node: NodeId, run: &Run) -> bool {
        run.status.is_failure() || self.doubtful.contains(&node)
    }
}

/// When anything was heard of a run last, as far as is known.
pub(super) fn last_activity(run: &Run) -> Option<Time> {
    let times = [
        run.started_at,
        run.ended_at,
        run.quiet_since,
        run.updated_at,
    ];
    times.into_iter().flatten().max()
}

impl App {
    /// Begins with an arrangement and a window before any key is pressed.
    pub fn begin_with(&mut self, by: Arrangement, window: Duration) -> Vec<Effect> {
        self.arranged.window = window;
        self.arrange_by(by)
    }

    /// The next arrangement.
    pub(super) fn arrange_next(&mut self) -> Vec<Effect> {
        if self.screen().is_some() {
            self.say("Esc goes back to the list of runs, which can be arranged");
            return Vec::new();
        }
        self.arrange_by(self.arranged.by.next())
    }

    /// Arranges the rows; the same arrangement again is filled anew.
    pub(super) fn arrange_by(&mut self, by: Arrangement) -> Vec<Effect> {
        let mut effects = self.leave_run().unwrap_or_default();
        let was = self.arranged.by;
        // A cursor that nobody moved is on no run that anybody chose.
        let offered = self.arranged.offered.take();
        let chosen = self.selected.filter(|node| offered != Some(*node));
        let chosen = chosen.filter(|node| self.run_of(*node).is_some());
        let line = self.line();
        if let Some(node) = self.selected {
            self.arranged.left.insert(was, (node, line));
        }
        self.rearrange(by);
        if by != Arrangement::Missions {
            effects.extend(self.fill(was == by));
        }
        self.settle_heads();
        let left = self.arranged.left.get(&by).copied();
        let fits = |app: &mut Self, node: NodeId| {
            app.open_above(node);
            app.outline.row_of(node).is_some()
        };
        self.arranged.at_first = false;
        if let Some(node) = chosen.filter(|node| fits(self, *node)) {
            self.selected = Some(node);
            self.put_on_line(line);
        } else if let Some((node, line)) = left.filter(|(node, _)| fits(self, *node)) {
            self.selected = Some(node);
            self.put_on_line(line);
        } else {
            self.arranged.at_first = by == Arrangement::Inbox;
            (self.selected, self.top) = (self.outline.first(), 0);
            self.arranged.offered = self.selected;
        }
        self.dirty = true;
        effects.extend(self.stop_if_hidden());
        effects.extend(self.select(self.selected));
        effects
    }

    /// How far back an inbox looks, as typed: `12h`, `7d`, `2w`.
    pub(super) fn look_back(&mut self, typed: &str) -> Vec<Effect> {
        let Some(window) = window(typed) else {
            self.complain("a window is written like :window 12h, 7d or 2w");
            return Vec::new();
        };
        let wider = window > self.arranged.window;
        self.arranged.window = window;
        if self.arranged.by == Arrangement::Missions {
            return self.arrange_by(Arrangement::Inbox);
        }
        let line = self.line();
        self.rearrange(self.arranged.by);
        let effects = if wider { self.fill(true) } else { Vec::new() };
        self.settle_heads();
        self.put_on_line(line);
        effects
    }

    /// Takes everything out of the tree and puts it where it belongs now. What is below a run stays
    /// with it.
    pub(super) fn rearrange(&mut self, by: Arrangement) {
        let missions: Vec<NodeId> = self.store.all(Sort::Mission).collect();
        let runs: Vec<NodeId> = self
            .store
            .all(Sort::Run)
            .filter(|run| self.store.sort(self.store.owner(*run)) != Sort::Run)
            .collect();
        let contexts: Vec<NodeId> = self.contexts.iter().map(|(node, _)| *node).collect();
        let heads: Vec<NodeId> = self.arranged.heads.values().copied().collect();
        for node in missions.iter().chain(&runs).chain(&contexts).chain(&heads) {
            self.outline.remove(*node);
        }
        self.arranged.by = by;
        if by != Arrangement::Inbox {
            for context in &contexts {
                self.insert_in_order(None, *context);
            }
        }
        for node in missions.iter().chain(&runs) {
            self.place(*node);
        }
        for node in contexts.into_iter().chain(missions) {
            self.place_note(node);
        }
        self.arranged.stale = true;
    }

    /// What a run stands under; none: at the top.
    pub(super) fn arranged_above(&mut self, run: NodeId) -> Option<NodeId> {
        self.arranged.stale = true;
        let owner = self.store.owner(run);
        if self.store.sort(owner) == Sort::Run {
            return Some(self.run_parent(run));
        }
        match self.arranged.by {
            Arrangement::Inbox if self.is_recent(run) => None,
            Arrangement::Missions | Arrangement::Inbox => Some(self.run_parent(run)),
            Arrangement::Contexts => Some(self.store.owner(owner)),
        }
    }

    /// Missions are no rows where their runs stand elsewhere.
    pub(super) fn shows_missions(&self) -> bool {
        self.arranged.by != Arrangement::Contexts
    }

    /// Whether anything was heard of a run since the window of the inbox began.
    fn is_recent(&self, run: NodeId) -> bool {
        let Some(run) = self.store.run(run) else {
            return false;
        };
        let live = run.status.is_going_on() && run.quiet_since.is_none();
        last_activity(run).is_some_and(|at| live || at >= self.window_begins())
    }

    /// When the window of the inbox begins.
    pub(super) fn window_begins(&self) -> Time {
        Time(self.now.0.saturating_sub(nanos(self.arranged.window)))
    }

    /// What was read of a run may put it among those that failed, or take it from there.
    pub(super) fn judge_run(&mut self, run: NodeId) {
        let marks = [Mark::Failed, Mark::Soft, Mark::Unanswered, Mark::Loop];
        let fails = marks
            .into_iter()
            .any(|mark| self.outline.marked_below(run, mark) > 0);
        let changed = if fails {
            self.arranged.doubtful.insert(run)
        } else {
            self.arranged.doubtful.remove(&run)
        };
        if changed && self.arranged.by == Arrangement::Inbox {
            self.place(run);
        }
    }

    /// Counts what the inbox shows if that changed, and puts the rows there that tell of all.
    pub(super) fn settle_heads(&mut self) {
        if !std::mem::take(&mut self.arranged.stale) {
            return;
        }
        let before = self.selected;
        self.arranged.tally = self.count();
        let wanted = self.wanted_heads();
        let unwanted: Vec<(Head, NodeId)> = self
            .arranged
            .heads
            .iter()
            .filter(|(head, node)| !wanted.contains(head) && self.outline.contains(**node))
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
            let node = match self.arranged.heads.get(&head) {
                Some(node) => *node,
                None => self.store.add_group(),
            };
            self.arranged.heads.insert(head, node);
            self.arranged.kinds.insert(node, head);
            if !self.outline.contains(node) {
                self.outline.set_always(node, true);
                self.insert_in_order(None, node);
            }
            self.detail.touched(node);
        }
        if self.arranged.at_first && self.screen().is_none() {
            (self.selected, self.top) = (self.outline.first(), 0);
            self.arranged.offered = self.selected;
        } else if self.selected != before {
            self.settle();
        }
        self.dirty = true;
    }

    fn count(&self) -> Tally {
        let mut tally = Tally::default();
        if self.arranged.by != Arrangement::Inbox {
            return tally;
        }
        for node in self.outline.all_children(None) {
            let Some(run) = self.store.run(node) else {
                continue;
            };
            tally.runs += 1;
            if self.arranged.fails(node, run) {
                tally.failing += 1;
            } else if run.status == crate::model::RunStatus::Succeeded {
                tally.succeeded += 1;
            }
        }
        tally
    }

    fn wanted_heads(&self) -> Vec<Head> {
        if self.arranged.by != Arrangement::Inbox {
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
}

/// Whole hours, days and weeks as people write them.
fn window(typed: &str) -> Option<Duration> {
    let typed = typed.trim();
    let digits = typed.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = typed.split_at_checked(digits)?;
    let minutes: u64 = match unit.trim() {
        "m" | "min" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return None,
    };
    let seconds = number.parse::<u64>().ok()?.checked_mul(minutes * 60)?;
    // Longer ones reach before any time that there is.
    let most = u64::from(u32::MAX);
    (seconds > 0).then(|| Duration::from_secs(seconds.min(most)))
}

/// The window in words: `24h`, `7d`, `90m`.
pub fn window_words(window: Duration) -> String {
    let minutes = window.as_secs() / 60;
    let day = 24 * 60;
    match minutes {
        m if m > day && m % day == 0 => format!("{}d", m / day),
        m if m > 0 && m % 60 == 0 => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_told_as_people_write_them() {
        for (typed, told) in [
            ("24h", "24h"),
            ("7d", "7d"),
            ("1d", "24h"),
            ("90m", "90m"),
            ("2w", "14d"),
            (" 12 h", "12h"),
        ] {
            assert_eq!(window(typed).map(window_words).as_deref(), Some(told));
        }
        for wrong in ["", "h", "0h", "7", "-1d", "1y", "7dd", "é"] {
            assert_eq!(window(wrong), None, "{wrong}");
        }
        assert!(window("99999999999w").is_some());
    }
}
