//! Where one is, told for the next start: the run on the screen or the row of the list, the filter, and in
//! each run the row under the cursor and what was folded, all by the service's own ids. Told at most once a
//! second while keys are pressed, and only what changed since; nothing is told while nobody does anything.
//! It knows no files.

mod take_up;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{
    App, Effect, arrange::WINDOW, kept::Spot, load::nanos, outline::Lens, prompt::Wants,
    shares::Splits,
};
use crate::model::{Look, NodeId, Sort, Time};
use take_up::Wanted;

/// How long a change may wait until it is told.
const WAIT: Duration = Duration::from_secs(1);
/// Rows of one run of which it is told that they are folded or unfolded.
const FOLDS: usize = 1_000;

/// Where one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The run that has the screen.
    pub screen: Option<Spot>,
    /// The row of the list that the cursor is on: a run, a mission where `run` is empty, a context where
    /// `mission` is empty, too.
    pub row: Option<Spot>,
    /// The filter, as it is typed; empty where there is none.
    pub filter: String,
    /// Whether only failures are shown.
    pub only_failures: bool,
    /// How far back the inbox looks, where that is not what the configuration says.
    pub window: Option<Duration>,
    /// How the room of the screen is shared.
    pub splits: Splits,
    /// The theme that was chosen on the screen.
    pub theme: Option<String>,
}

/// What is to be taken up at the next start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Where one is.
    pub position: Position,
    /// How runs are looked at.
    pub runs: Vec<(Spot, Look)>,
    /// When that was so.
    pub at: Time,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            position: Position::default(),
            runs: Vec::new(),
            at: Time(0),
        }
    }
}

impl Session {
    /// Takes over what was told later.
    pub fn add(&mut self, later: Self) {
        let Self { position, runs, at } = later;
        (self.position, self.at) = (position, at);
        for (spot, look) in runs {
            self.runs.retain(|(known, _)| !same(known, &spot));
            self.runs.push((spot, look));
        }
    }
}

/// Whether both are the same run.
pub fn same(one: &Spot, other: &Spot) -> bool {
    one.run == other.run && one.mission == other.mission && one.provider == other.provider
}

/// A run by service, mission and id.
type Key = (String, String, String);

fn key(spot: &Spot) -> Key {
    (
        spot.provider.clone(),
        spot.mission.clone(),
        spot.run.clone(),
    )
}

/// What belongs to that.
#[derive(Debug, Default)]
pub(in crate::app) struct Resuming {
    /// Whether somebody writes it down.
    on: bool,
    /// When what changed is told.
    pub(in crate::app) due: Option<Time>,
    /// Runs in which keys were pressed since.
    touched: BTreeSet<NodeId>,
    /// Rows that were folded or unfolded, by run.
    folds: HashMap<NodeId, BTreeSet<NodeId>>,
    /// What was told last.
    told: Position,
    told_of: HashMap<NodeId, Look>,
    /// The window of the configuration.
    window: Option<Duration>,
    /// How runs were looked at before, until they are loaded.
    looks: HashMap<Key, Look>,
    /// Runs that were loaded since.
    came: Vec<NodeId>,
    /// The run whose cursor is to be where it was, as long as no key is pressed.
    here: Option<NodeId>,
    /// Where one was, as long as that is not there yet and no key is pressed.
    wanted: Option<Wanted>,
}

impl Resuming {
    /// A key was pressed: whoever presses keys is not to be taken elsewhere.
    pub(in crate::app) fn let_be(&mut self) {
        (self.here, self.wanted) = (None, None);
    }

    /// Somebody goes to a row of a run by its name.
    pub(in crate::app) fn go_elsewhere(&mut self) {
        self.here = None;
    }

    /// A run was loaded: it may have been looked at before.
    pub(in crate::app) fn came(&mut self, run: NodeId) {
        if !self.looks.is_empty() {
            self.came.push(run);
        }
    }

    /// Everything on the screen was dropped: what takes its place is not to be taken up again.
    pub(in crate::app) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl App {
    /// Whether the next start begins as this one ends.
    pub(in crate::app) fn is_kept(&self) -> bool {
        self.resuming.on
    }

    /// A key was pressed: where one is may have changed.
    pub(in crate::app) fn note_place(&mut self) {
        if !self.resuming.on {
            return;
        }
        if let Some(run) = self.screen() {
            self.resuming.touched.insert(run);
        }
        let due = Time(self.now.0.saturating_add(nanos(WAIT)));
        self.resuming.due.get_or_insert(due);
    }

    /// A row was folded or unfolded.
    pub(in crate::app) fn note_fold(&mut self, node: NodeId) {
        if !self.resuming.on || !matches!(self.store.sort(node), Sort::Step | Sort::Event) {
            return;
        }
        if let Some(run) = self.run_of(node) {
            self.resuming.folds.entry(run).or_default().insert(node);
            self.resuming.touched.insert(run);
        }
    }

    /// Tells what changed once it is time to; none where it is not.
    pub(in crate::app) fn tell_place(&mut self) -> Option<Vec<Effect>> {
        self.resuming.due.take_if(|due| *due <= self.now)?;
        let session = self.session();
        Some(
            session
                .map(|session| Effect::KeepPlace(Box::new(session)))
                .into_iter()
                .collect(),
        )
    }

    /// What changed since it was told last: for whoever leaves, too.
    pub fn session(&mut self) -> Option<Session> {
        if !self.resuming.on {
            return None;
        }
        let mut runs = Vec::new();
        for run in std::mem::take(&mut self.resuming.touched) {
            if self.resuming.here == Some(run) {
                // It is not as it was yet.
                self.resuming.touched.insert(run);
                continue;
            }
            let Some((spot, look)) = self.spot_of(run).zip(self.look_kept(run)) else {
                continue;
            };
            // What is addressed by a secret is not written down.
            if self.is_secret(&spot) || self.has_secret(&look) {
                continue;
            }
            if self.resuming.told_of.get(&run) != Some(&look) {
                self.resuming.told_of.insert(run, look.clone());
                runs.push((spot, look));
            }
        }
        let position = self.position();
        let moved = position.filter(|position| *position != self.resuming.told);
        if runs.is_empty() && moved.is_none() {
            return None;
        }
        if let Some(position) = moved {
            self.resuming.told = position;
        }
        Some(Session {
            position: self.resuming.told.clone(),
            runs,
            at: self.now,
        })
    }

    /// Where one is; none while one is not yet where one was.
    fn position(&self) -> Option<Position> {
        if self.resuming.wanted.is_some() {
            return None;
        }
        let types = self.prompt.as_ref().map(|prompt| prompt.wants);
        let filter = match &self.filter {
            // What is being typed is not asked yet.
            _ if types == Some(Wants::Filter) => self.resuming.told.filter.clone(),
            Some(filter) => filter.query.to_string(),
            None => String::new(),
        };
        let lens = self.outline.lens();
        let window = self.arranged.window;
        Some(Position {
            screen: self
                .screen()
                .and_then(|run| self.spot_of(run))
                .filter(|spot| !self.is_secret(spot)),
            row: match self.screen() {
                Some(_) => None,
                None => self
                    .selected
                    .and_then(|node| self.listed_spot(node))
                    .filter(|spot| !self.is_secret(spot)),
            },
            // What is masked elsewhere is not written down.
            filter: if self.holds_secret(&filter) {
                String::new()
            } else {
                filter
            },
            only_failures: matches!(lens, Lens::Failures | Lens::MatchingFailures),
            window: (window != self.resuming.window.unwrap_or(WINDOW)).then_some(window),
            splits: self.splits(),
            theme: self.themes.chosen.clone(),
        })
    }

    /// Whether an id by which something in it would be found again is a secret.
    fn has_secret(&self, look: &Look) -> bool {
        let mut masking = self.redactor.masking();
        let one = [&look.cursor, &look.step, &look.child]
            .into_iter()
            .flatten();
        let mut ids = one.chain(&look.folded).chain(&look.unfolded);
        ids.any(|id| masking.id(id) != *id)
    }

    /// The run, mission or context of a row of the list.
    fn listed_spot(&self, node: NodeId) -> Option<Spot> {
        if let Some(run) = self.run_of(node) {
            return self.spot_of(run);
        }
        let (_, info) = self.context_of(node)?;
        let mission = self.store.mission(node);
        Some(Spot {
            context: info.name.clone(),
            provider: info.provider.clone(),
            mission: mission.map(|known| known.id.clone()).unwrap_or_default(),
            ..Spot::default()
        })
    }

    /// How a run is looked at: the row under the cursor, and what the person folded. What of that was so
    /// before and is not loaded yet, stays so.
    fn look_kept(&self, run: NodeId) -> Option<Look> {
        let ids = self.run_ref(run)?;
        let spot = self.spot_of(run)?;
        let node = self.cursor_in(Some(run));
        let before = self.resuming.looks.get(&key(&spot));
        let under = node.and_then(|node| self.within(run, node));
        let mut look = self.look_under(under.filter(|node| *node != run));
        let has_row = look.cursor.is_some() || look.step.is_some() || look.child.is_some();
        if let Some(before) = before.filter(|_| !has_row) {
            look = before.clone();
        }
        (look.mission, look.run) = (Some(ids.mission.to_string()), Some(ids.run.to_string()));
        let (mut folded, mut unfolded) = before
            .map(|before| (before.folded.clone(), before.unfolded.clone()))
            .unwrap_or_default();
        for node in self.resuming.folds.get(&run).into_iter().flatten() {
            let open = self.outline.is_open(*node) || self.unfolded.contains(node);
            let (id, list, counts) = match (self.store.step(*node), self.store.event(*node)) {
                (Some(step), _) => (step.id.clone(), &mut folded, !open),
                (None, Some(event)) => (event.id, &mut unfolded, open),
                (None, None) => continue,
            };
            list.retain(|known| *known != id);
            if counts {
                list.push(id);
            }
        }
        folded.truncate(FOLDS);
        unfolded.truncate(FOLDS);
        (look.folded, look.unfolded) = (folded, unfolded);
        Some(look)
    }

    /// The row of a run that a node lies in: of what a child run did, the row that started it.
    fn within(&self, run: NodeId, node: NodeId) -> Option<NodeId> {
        if self.gap(node).is_some() {
            return Some(node);
        }
        let mut node = node;
        while self.run_of(node)? != run {
            node = self.outline.true_parent(node)?;
        }
        Some(node)
    }
}
