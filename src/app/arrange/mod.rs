//! What the rows of all runs are arranged by: missions, an inbox of what happened lately, causes of
//! failures, or contexts; how far back that looks, and in which order runs and the rows that head them
//! stand. Facts only: nodes are moved elsewhere.

pub mod causes;
pub(super) mod change;
pub(super) mod heads;
pub(super) mod order;
pub mod recent;
pub(super) mod sort;
pub(super) mod unread;
pub(super) mod watch;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use crate::{
    analysis::RunSort,
    app::{
        arrange::causes::Causes, arrange::order::Newest, arrange::recent::Recent,
        arrange::sort::SortKey, arrange::watch::Watch,
    },
    model::{NodeId, Run},
};

/// What the rows of all runs are arranged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Arrangement {
    /// Contexts, their missions, their runs.
    #[default]
    Missions,
    /// Runs of all contexts within a window of time, what failed first.
    Inbox,
    /// Failures of the same window by what they have in common, and the runs that failed so.
    Causes,
    /// Contexts and their runs.
    Contexts,
}

impl Arrangement {
    /// All of them, in the order in which one key goes through them.
    pub const ALL: [Self; 4] = [Self::Missions, Self::Inbox, Self::Causes, Self::Contexts];

    /// Its name, in commands and in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missions => "missions",
            Self::Inbox => "inbox",
            Self::Causes => "causes",
            Self::Contexts => "contexts",
        }
    }

    /// The arrangement of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }

    pub(in crate::app) fn next(self) -> Self {
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
    /// A cause of failures, by the number of its fingerprint.
    Cause(u64),
    /// Failed runs that must be read before their cause is known.
    Unread,
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
    /// Causes of failures.
    pub causes: usize,
    /// Runs that the filter picks.
    pub matching: usize,
    /// Runs that failed since somebody looked.
    pub news: usize,
}

/// The arrangement there is, and what belongs to it.
#[derive(Debug)]
pub struct Arranged {
    /// Which.
    pub by: Arrangement,
    /// How far back an inbox looks.
    pub window: Duration,
    /// What runs among each other are sorted by.
    pub order: RunSort,
    /// The newest runs of each mission, where another order does not show them first.
    pub(in crate::app) newest: Newest,
    /// What the inbox shows, counted when it changed last.
    pub tally: Tally,
    /// What is asked for it.
    pub(in crate::app) recent: Recent,
    /// What is looked for while it stays open.
    pub(in crate::app) watch: Watch,
    /// Runs that did not fail, but have a failure in them that nothing made good.
    pub(in crate::app) doubtful: HashSet<NodeId>,
    /// Why runs failed.
    pub causes: Causes,
    pub(in crate::app) heads: BTreeMap<Head, NodeId>,
    pub(in crate::app) kinds: HashMap<NodeId, Head>,
    /// Where the cursor was in each that was left.
    pub(in crate::app) left: HashMap<Arrangement, (NodeId, usize)>,
    /// Whether the cursor is to stay on the first row because no key was pressed since.
    pub(in crate::app) at_first: bool,
    /// The run that the cursor was put on, as long as nobody opened it.
    pub(in crate::app) offered: Option<NodeId>,
    /// Whether rows may have changed since they were counted.
    pub(in crate::app) stale: bool,
}

impl Default for Arranged {
    fn default() -> Self {
        Self {
            by: Arrangement::default(),
            window: WINDOW,
            order: RunSort::default(),
            newest: Newest::default(),
            tally: Tally::default(),
            recent: Recent::default(),
            watch: Watch::default(),
            doubtful: HashSet::new(),
            causes: Causes::default(),
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
    pub(in crate::app) fn emptied(&self) -> Self {
        Self {
            by: self.by,
            window: self.window,
            order: self.order,
            causes: self.causes.emptied(),
            ..Self::default()
        }
    }

    /// What a row heads or tells of.
    pub fn head(&self, node: NodeId) -> Option<Head> {
        self.kinds.get(&node).copied()
    }

    /// The place of such a row: good news first, what cannot be had last.
    pub(in crate::app) fn head_key(&self, node: NodeId) -> SortKey {
        match self.head(node) {
            Some(Head::News) | None => (0, None, 0, 0, node),
            Some(Head::Cause(id)) => self.causes.key(id, node),
            Some(Head::Unread) => (8, None, 0, 0, node),
            Some(Head::Context(at)) => (9, None, i64::try_from(at).unwrap_or(i64::MAX), 0, node),
        }
    }

    /// The place of a run among others: what failed before the rest in an inbox, then by the order that
    /// is wanted, the newest of equal ones first. Runs that another run started stay in the order of time.
    pub(in crate::app) fn run_key(&self, node: NodeId, run: &Run, is_child: bool) -> SortKey {
        let order = if is_child {
            RunSort::default()
        } else {
            self.order
        };
        let (letters, place) = order.key(run);
        let rank = match self.by {
            Arrangement::Inbox if self.fails(node, run) => 1,
            Arrangement::Inbox => 2,
            Arrangement::Missions | Arrangement::Causes | Arrangement::Contexts => 0,
        };
        let newest = run.started_at.map_or(u64::MAX, |at| !rising(at.0));
        (rank, letters, place, newest, node)
    }

    /// The row of a head, while it is one.
    pub(in crate::app) fn heads(&self) -> impl Iterator<Item = (Head, NodeId)> + '_ {
        self.heads.iter().map(|(head, node)| (*head, *node))
    }

    pub(in crate::app) fn fails(&self, node: NodeId, run: &Run) -> bool {
        run.status.is_failure() || self.doubtful.contains(&node)
    }
}

/// A number in the order of signed ones.
fn rising(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

/// Whole hours, days and weeks as people write them.
pub fn read_window(typed: &str) -> Option<Duration> {
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
            assert_eq!(read_window(typed).map(window_words).as_deref(), Some(told));
        }
        for wrong in ["", "h", "0h", "7", "-1d", "1y", "7dd", "é"] {
            assert_eq!(read_window(wrong), None, "{wrong}");
        }
        assert!(read_window("99999999999w").is_some());
    }
}
