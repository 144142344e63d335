//! Where the cursor of a run goes while the run is read, for somebody who has pressed no key since.

use crate::{
    analysis::Digest,
    app::{App, Effect, list::By, load::State},
    model::NodeId,
};

/// A row that is to be selected as soon as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Seek {
    /// The first failure of a run that was opened.
    Failure(NodeId),
    /// The first row of a run that is being read, for somebody who went there.
    Beginning(NodeId),
}

impl App {
    /// Somebody who opened a run wants to see what failed in it, unless a key was pressed since; who went to
    /// its beginning stays there, also where what is older comes later.
    pub(in crate::app) fn seek(&mut self, run: NodeId) -> Vec<Effect> {
        match self.seek {
            Some(Seek::Beginning(of)) if of == run => return self.select_first(),
            Some(Seek::Failure(of)) if of == run => {}
            Some(_) | None => return Vec::new(),
        }
        let Some(failure) = self.digest(run).and_then(Digest::first_failure) else {
            return self.seek_beginning(run);
        };
        if self.selected == Some(failure) {
            return Vec::new();
        }
        self.open_above(failure);
        self.selected = Some(failure);
        // With what led to it above, and what followed below.
        self.put_on_line(usize::from(self.measured.tree_rows) / 2);
        self.select(Some(failure))
    }

    /// To the first row there is, and to the one that takes its place while a run is read.
    pub(in crate::app) fn go_to_beginning(&mut self) -> Vec<Effect> {
        let run = self.shown_run().filter(|_| !self.in_detail());
        let comes = |run: &NodeId| {
            let load = self.loads.get(run);
            load.is_some_and(|load| load.state == State::Loading)
        };
        self.seek = run.filter(comes).map(Seek::Beginning);
        self.move_by(By::First, false)
    }

    /// Where nothing failed one begins at the beginning, also where the newest came first.
    fn seek_beginning(&mut self, run: NodeId) -> Vec<Effect> {
        let loaded = self
            .loads
            .get(&run)
            .is_some_and(|load| load.state == State::Ready);
        if !loaded || self.is_live(run) {
            return Vec::new();
        }
        self.select_first()
    }

    fn select_first(&mut self) -> Vec<Effect> {
        let first = self.outline.first();
        if first.is_none() || self.selected == first {
            return Vec::new();
        }
        self.top = 0;
        self.select(first)
    }
}
