//! A long run of a file of which parts are loaded: its beginning, its end before its middle, what lies
//! around a match. What is not loaded between them is a row, and the numbers behind it are right as soon as
//! the source knows them.

mod came;

use std::sync::Arc;

use crate::app::{App, Effect, list::By, load::State};
use crate::model::{Ask, Gen, Limit, NodeId, Sieve, Stretch, Ticket, Urgency};

/// Said meanwhile.
const LOOKING: &str = "the last events are being looked for";

/// What was loaded of a run behind its beginning.
#[derive(Debug, Default)]
pub(in crate::app) struct Parts {
    /// In order.
    pub list: Vec<Part>,
    /// Whether the last of them goes up to the end of the run.
    pub ends: bool,
    /// The row behind the last of them where it does not.
    pub trailing: Option<NodeId>,
    generation: Gen,
    asked: Option<Asked>,
    /// What came so far of what was asked for.
    came: Came,
    /// Somebody went to the last row, or to a match, and waits there.
    is_awaited: bool,
    /// The part whose number is asked for.
    numbering: Option<(Gen, NodeId)>,
    /// Where nothing fails: the events right behind, none for the end of the run.
    pub sound: Vec<Option<NodeId>>,
    /// Somebody waits for the next failure: while this is there, the source looks for it.
    pub waits: Option<Arc<()>>,
    /// On to it, that way, as soon as what came was read.
    resume: Option<bool>,
}

/// Events in a row that were loaded apart from those before them.
#[derive(Debug)]
pub(in crate::app) struct Part {
    /// The first of them.
    pub first: NodeId,
    /// Its number in the run, from 1, once it is known.
    pub number: Option<usize>,
    /// The row for what is not loaded before it; the first part has that of the load.
    pub note: Option<NodeId>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    End,
    /// What lies before this part.
    Before(NodeId),
    /// What lies behind this event.
    After(NodeId),
    /// A match in the hole before this part, or in the one at the end.
    Match {
        hole: Option<NodeId>,
        forward: bool,
        want: Want,
    },
}

/// What is looked for in what is not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Want {
    /// What the search matches.
    Hit,
    /// What fails.
    Fault,
    /// What the filter wants.
    Match,
}

#[derive(Debug, Default)]
struct Came {
    nodes: Vec<NodeId>,
    /// The number of the first, if it is known, and whether that was loaded before.
    number: Option<usize>,
    was_known: bool,
}

/// Where events of a run are not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Hole {
    /// The event right behind it; none at the end of the run.
    pub behind: Option<NodeId>,
    /// The places of the events around it.
    pub after: i64,
    pub before: Option<i64>,
}

impl App {
    /// To the last row that is loaded; the last that there is comes, if it can be had.
    pub(in crate::app) fn go_to_end(&mut self) -> Vec<Effect> {
        let mut effects = self.want_end();
        effects.extend(self.move_by(By::Last, false));
        effects
    }

    fn want_end(&mut self) -> Vec<Effect> {
        let Some(run) = self.shown_run().filter(|_| !self.in_detail()) else {
            return Vec::new();
        };
        if self.is_filtering() || !self.has_hole_at_end(run) {
            return Vec::new();
        }
        let effects = self.ask_part(run, Asked::End, Stretch::Last, Urgency::Wanted);
        if !effects.is_empty() {
            self.say(LOOKING);
        }
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.is_awaited = true;
        }
        effects
    }

    /// Whether the last events of a run are not loaded.
    pub(in crate::app) fn has_hole_at_end(&self, run: NodeId) -> bool {
        let is_long = self
            .loads
            .get(&run)
            .is_some_and(|load| load.state == State::Loading || load.more.is_some());
        match self.parts.get(&run) {
            Some(parts) if !parts.list.is_empty() => !parts.ends,
            _ => is_long,
        }
    }

    /// Loads what the row stands for, from its end or its beginning; none if it is the row of the load.
    pub(in crate::app) fn load_hole(
        &mut self,
        note: NodeId,
        from_end: bool,
        urgency: Urgency,
    ) -> Option<Vec<Effect>> {
        let run = self.store.owner(note);
        let parts = self.parts.get(&run)?;
        let behind = if parts.trailing == Some(note) {
            None
        } else {
            let is_it = |part: &&Part| part.note == Some(note);
            let own = parts.list.iter().find(is_it);
            let first = parts.list.first().filter(|_| from_end);
            Some(own.or(first)?.first)
        };
        let (asked, of) = match behind {
            Some(first) if from_end => {
                let place = self.store.order(first).at;
                (Asked::Before(first), Stretch::Before(place))
            }
            behind => {
                let last = self.event_before(run, behind)?;
                (
                    Asked::After(last),
                    Stretch::After(self.store.order(last).at),
                )
            }
        };
        Some(self.ask_part(run, asked, of, urgency))
    }

    /// The loaded event before this one, or the last.
    pub(in crate::app) fn event_before(
        &self,
        run: NodeId,
        behind: Option<NodeId>,
    ) -> Option<NodeId> {
        match behind {
            Some(first) => {
                let nth = self.store.loaded_before(first).checked_sub(1)?;
                self.store.nth_event(run, nth)
            }
            None => self.store.newest(run),
        }
    }

    /// Asks for the next that a test takes in a hole.
    pub(in crate::app) fn ask_match(
        &mut self,
        run: NodeId,
        hole: Hole,
        (want, forward): (Want, bool),
        test: Sieve,
    ) -> Vec<Effect> {
        let of = Stretch::Match {
            after: hole.after,
            before: hole.before,
            last: !forward,
            test,
        };
        let asked = Asked::Match {
            hole: hole.behind,
            forward,
            want,
        };
        if want == Want::Match
            && let Some(parts) = self.parts.get_mut(&run)
        {
            // What an earlier filter still looks for is not what this one wants.
            parts.asked = None;
        }
        let effects = self.ask_part(run, asked, of, Urgency::Wanted);
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.is_awaited = true;
        }
        effects
    }

    fn ask_part(
        &mut self,
        run: NodeId,
        asked: Asked,
        of: Stretch,
        urgency: Urgency,
    ) -> Vec<Effect> {
        if !self.has_parts(run) {
            return Vec::new();
        }
        let parts = self.parts.entry(run).or_default();
        // What somebody waits for is not held up by what was only near.
        let is_urgent = urgency == Urgency::Wanted;
        let (under_way, before) = (parts.asked, parts.generation);
        if under_way.is_some_and(|other| other == asked || !is_urgent) {
            return Vec::new();
        }
        let generation = self.next_generation();
        let parts = self.parts.entry(run).or_default();
        (parts.generation, parts.asked) = (generation, Some(asked));
        parts.came = Came::default();
        let mut effects = Vec::new();
        if under_way.is_some() {
            effects.push(Effect::Cancel(before));
        }
        effects.extend(self.ticket_for_part(run, generation, of, urgency));
        effects
    }

    /// Whether what the filter wants is being looked for in what is not loaded, and somebody waits for it.
    pub(in crate::app) fn is_looking_beyond(&self, run: NodeId) -> bool {
        let wants = |asked: &Asked| {
            let want = Want::Match;
            matches!(asked, Asked::Match { want: other, .. } if *other == want)
        };
        let parts = self.parts.get(&run);
        parts.is_some_and(|parts| parts.waits.is_some() && parts.asked.as_ref().is_some_and(wants))
    }

    /// Whether parts of a run can be had.
    pub(in crate::app) fn has_parts(&self, run: NodeId) -> bool {
        self.context_of(run).is_some_and(|(_, info)| info.tails)
    }

    fn ticket_for_part(
        &self,
        run: NodeId,
        generation: Gen,
        of: Stretch,
        urgency: Urgency,
    ) -> Option<Effect> {
        let (context, _) = self.context_of(run)?;
        let ask = Ask::Part {
            run: self.run_ref(run)?,
            of,
        };
        Some(Effect::Load(Ticket {
            context,
            node: run,
            generation,
            ask,
            limit: Limit::NONE,
            urgency,
        }))
    }

    /// Whether the end of a run is on its way, so that its middle can wait.
    pub(in crate::app) fn end_is_coming(&self, run: NodeId) -> bool {
        let parts = self.parts.get(&run);
        parts.is_some_and(|parts| parts.asked == Some(Asked::End))
    }

    /// Nobody waits at the end or for a match any more.
    pub(in crate::app) fn leave_end(&mut self) {
        for parts in self.parts.values_mut() {
            parts.is_awaited = false;
            (parts.waits, parts.resume) = (None, None);
        }
    }

    /// The event that the row of the load stands before, where parts behind it are loaded.
    pub(in crate::app) fn parts_begin(&self, run: NodeId) -> Option<NodeId> {
        Some(self.parts.get(&run)?.list.first()?.first)
    }
}
