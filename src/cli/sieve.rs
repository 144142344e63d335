//! Which events of a run that is followed a query picks, as they come. What became of an operation may be
//! known only later: its events are picked as soon as it is.

use super::{
    gather::Whole,
    session::{Asked, Session},
};
use crate::{
    app::query::Query,
    model::{Event, Run, Step},
};

/// What was seen of a run, and what of it was picked.
pub(super) struct Sieve {
    query: Query,
    mission: String,
    seen: Whole,
    /// The number of each event that has one, and whether it was picked.
    told: Vec<(Option<usize>, bool)>,
}

impl Sieve {
    pub fn new(query: Query, mission: String, steps: &[Step]) -> Self {
        let seen = Whole {
            steps: steps.to_vec(),
            ..Whole::default()
        };
        Self {
            query,
            mission,
            seen,
            told: Vec::new(),
        }
    }

    /// Those that are picked now, of these and of what came before them.
    pub fn pick(
        &mut self,
        session: &Session,
        asked: &Asked,
        run: &Run,
        events: &[(Option<usize>, &Event)],
    ) -> Vec<(Option<usize>, Event)> {
        if !self.query.needs_verdicts() {
            self.seen.events.clear();
            self.told.clear();
        }
        self.seen.run = run.clone();
        for (number, event) in events {
            self.seen.events.push((*event).clone());
            self.told.push((*number, false));
        }
        let fits = session.fitting(asked, &self.mission, &self.query, &self.seen);
        let mut picked = Vec::new();
        for ((event, told), fits) in self.seen.events.iter().zip(&mut self.told).zip(fits) {
            if fits && !told.1 {
                told.1 = true;
                picked.push((told.0, event.clone()));
            }
        }
        picked
    }
}
