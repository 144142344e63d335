//! `x`: the ways in which runs leave for somebody else, with what each weighs, and the writing of one of
//! them into the folder one is in. Decides which runs and how; reads and writes nothing itself.

mod order;
mod review;
mod way;

use crate::app::{
    App, Effect, Msg, Notice,
    action::Action,
    carry,
    list::{By, Viewport},
    time::when,
};
use crate::model::{Gen, NodeId, Sort, Time};
pub use order::{Loaded, Order, Outgoing};
pub use review::{Review, Reviewed};
pub use way::{Way, Weight};

/// Nanoseconds for which it is told where something was written.
const TOLD: i64 = 20_000_000_000;

/// The menu, while it is shown.
#[derive(Debug)]
pub struct Menu {
    /// The runs that leave.
    pub runs: Vec<NodeId>,
    /// The way with the cursor, and those shown.
    pub view: Viewport,
    /// What each way weighs, in the order of the ways; none while it is being found out.
    pub weights: [Option<Weight>; Way::ALL.len()],
    /// How many of the runs have to be read first.
    pub unread: usize,
    /// What would be masked, while that is looked at.
    pub review: Option<Review>,
    /// What is being written, and how many records were read for it.
    pub writing: Option<(Way, usize)>,
    /// Whether the writing was told to stop and has not said yet what came of it.
    pub stopping: bool,
    /// Its number; answers to older ones are dropped.
    pub number: Gen,
}

impl App {
    /// Shows the menu for the marked runs, or for the run that one is in; or closes it.
    pub(in crate::app) fn toggle_export(&mut self) -> Vec<Effect> {
        if self.export.is_some() {
            return self.leave_export();
        }
        let marked = self.picks();
        let mut runs: Vec<NodeId> = Vec::new();
        for node in marked {
            let run = self.run_of(node);
            runs.extend(run.filter(|run| !runs.contains(run)));
        }
        if runs.is_empty() {
            let here = self.selected.and_then(|node| self.run_of(node));
            runs.extend(here.or(self.screen()));
        }
        if runs.is_empty() {
            self.say("runs are exported: no run is selected or marked");
            return Vec::new();
        }
        if runs.iter().any(|run| self.is_of_document(*run)) {
            self.say("this is one document and no run: its file is all there is of it");
            return Vec::new();
        }
        (self.help, self.requests) = (None, None);
        self.close_lists();
        let number = self.next_generation();
        let unread = runs.iter().filter(|run| !self.is_whole(**run)).count();
        self.export = Some(Menu {
            runs,
            view: Viewport::default(),
            weights: Default::default(),
            unread,
            review: None,
            writing: None,
            stopping: false,
            number,
        });
        if unread > 0 {
            return Vec::new();
        }
        let order = self.order(None);
        order.map_or_else(Vec::new, |order| vec![Effect::Weigh(Box::new(order))])
    }

    /// Closes the menu, or stops what is being written: that then says itself what came of it, since it
    /// may have been written already.
    pub(in crate::app) fn leave_export(&mut self) -> Vec<Effect> {
        let Some(menu) = self.export.as_mut() else {
            return Vec::new();
        };
        let stop = Effect::StopExport(menu.number);
        if menu.writing.is_some() && !menu.stopping {
            menu.stopping = true;
        } else {
            self.export = None;
        }
        vec![stop]
    }

    /// What a key does while the menu is shown; none where it does what it does everywhere.
    pub(in crate::app) fn act_in_export(&mut self, action: Action) -> Option<Vec<Effect>> {
        let Some(menu) = &self.export else {
            // By its name, without the menu.
            let way = Way::of(action)?;
            let mut effects = self.toggle_export();
            effects.extend(self.carry_away(way));
            return Some(effects);
        };
        if self.help.is_some() {
            return None;
        }
        if menu.review.is_some() {
            return self.act_in_review(action);
        }
        let way = match action {
            Action::Open => Way::ALL.get(menu.view.selected).copied(),
            Action::Escape | Action::Back | Action::Up | Action::Export => {
                return Some(self.leave_export());
            }
            action => Way::of(action),
        };
        match way {
            Some(way) => Some(self.carry_away(way)),
            None if matters(action) => None,
            // The rows below do not have the keys.
            None => Some(Vec::new()),
        }
    }

    pub(in crate::app) fn move_in_export(&mut self, by: By) {
        if self.review().is_some() {
            self.move_in_review(by);
            return;
        }
        let height = self.page();
        if let Some(menu) = self.export.as_mut() {
            menu.view.go(by, Way::ALL.len(), height);
        }
    }

    fn carry_away(&mut self, way: Way) -> Vec<Effect> {
        let Some(menu) = self.export.as_mut() else {
            return Vec::new();
        };
        if way == Way::Locator {
            let runs = menu.runs.clone();
            let places: Vec<String> = runs.iter().filter_map(|run| self.locator(*run)).collect();
            let what = when::many(places.len(), "locator");
            let mut effects = self.leave_export();
            effects.extend(carry::copy(places.join("\n").into_bytes(), what));
            return effects;
        }
        self.begin_review(way)
    }

    /// What is told of ways and of what is written.
    pub(in crate::app) fn take_export(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Reviewed(number, told) => return self.reviewed(number, told),
            Msg::Weighed(number, way, weight) => self.weighed(number, way, weight),
            Msg::Exporting(number, records) => self.exporting(number, records),
            Msg::Exported(number, told) => self.exported(number, told),
            _ => {}
        }
        Vec::new()
    }

    /// What the ways weigh, one after another.
    fn weighed(&mut self, number: Gen, way: Way, weight: Weight) {
        let menu = self.export.as_mut();
        if let Some(menu) = menu.filter(|menu| menu.number == number)
            && let Some(place) = Way::ALL.iter().position(|other| *other == way)
            && let Some(known) = menu.weights.get_mut(place)
        {
            *known = Some(weight);
            self.dirty = true;
        }
    }

    /// How many records were gone through for what is being looked at or written.
    fn exporting(&mut self, number: Gen, records: usize) {
        let menu = self.export.as_mut();
        if let Some(menu) = menu.filter(|menu| menu.number == number) {
            menu.got_to(records);
            self.dirty = true;
        }
    }

    /// Something was written, or was not. That a file is there is told whoever waits for it.
    fn exported(&mut self, number: Gen, told: Result<String, String>) {
        let menu = self.export.as_mut();
        let menu = menu.filter(|menu| menu.number == number);
        if menu.is_none() && told.is_err() {
            return;
        }
        self.dirty = true;
        match told {
            Ok(told) => {
                if menu.is_some() {
                    self.export = None;
                }
                self.post(Notice {
                    text: told,
                    failed: false,
                    // A path and a command line take longer to read than a word.
                    until: Some(Time(self.now.0.saturating_add(TOLD))),
                });
            }
            Err(told) => {
                let stopped = menu.is_some_and(|menu| {
                    menu.writing = None;
                    std::mem::take(&mut menu.stopping)
                });
                if stopped {
                    self.say(told);
                } else {
                    self.complain(told);
                }
            }
        }
    }

    /// Whether a run is the one document of a file.
    fn is_of_document(&self, run: NodeId) -> bool {
        let mission = self.store.mission(self.store.owner(run));
        mission.is_some_and(|mission| self.documents.contains_key(&mission.id))
            || self.store.sort(run) != Sort::Run
    }
}

/// Whether an action does what it does everywhere while the menu is shown.
pub fn matters(action: Action) -> bool {
    matches!(
        action,
        Action::MoveDown
            | Action::MoveUp
            | Action::MoveFirst
            | Action::MoveLast
            | Action::HalfDown
            | Action::HalfUp
            | Action::PageDown
            | Action::PageUp
            | Action::Command
            | Action::Help
            | Action::Redraw
            | Action::Suspend
            | Action::Quit
    )
}
