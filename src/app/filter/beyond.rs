//! A filter and what is not loaded of a long run: the source looks for the next event that may match, and
//! what lies around it comes.

use std::sync::{Arc, Weak};

use crate::{
    analysis::{Digest, OpKind, Terms},
    app::{
        App, Effect,
        action::Action,
        load::{Missing, parts::Want},
        query::{Answers, Field, OperationFacts, Query},
    },
    model::{Event, EventView, NodeId, Sieve, Test},
};

/// What a filter wants, as a test of events that are not loaded: all that may match, and sometimes more.
struct Fitting {
    query: Query,
    /// What is wanted of operations of two events: the call may have one of it, its result another.
    clauses: Vec<Query>,
    answers: Answers,
    terms: Terms,
    /// Whether an event alone can tell.
    alone: bool,
    /// Gone when nobody waits any more.
    asker: Weak<()>,
}

impl Test for Fitting {
    fn candidate(&self, records: &[u8]) -> Option<usize> {
        (!records.is_empty()).then_some(0)
    }

    fn takes(&self, event: &Event) -> bool {
        if !self.alone {
            return true;
        }
        // To read it as an operation costs several times what the rest does.
        let kind = if self.query.asks_about(Field::Kind) {
            let mut digest = Digest::new(self.terms.clone());
            digest.push(NodeId(0), event);
            match digest.sketch(NodeId(0)) {
                Some(sketch) => sketch.kind,
                None => return true,
            }
        } else {
            OpKind::Msg
        };
        let facts = OperationFacts {
            events: &[EventView::from(event)],
            kind,
            step: None,
            told: None,
        };
        let passes = |query: &Query| query.passes(&self.answers, &facts);
        passes(&self.query) || self.clauses.len() > 1 && self.clauses.iter().any(passes)
    }

    fn is_wanted(&self) -> bool {
        self.asker.strong_count() > 0
    }
}

impl App {
    /// Looks for what may match in what is not loaded of the run on the screen; none where all of it is
    /// loaded or was looked through.
    pub(super) fn look_beyond(&mut self) -> Option<Vec<Effect>> {
        let run = self.shown_run().filter(|run| self.has_parts(*run))?;
        let hole = self.open_holes(run, Want::Match).into_iter().next()?;
        let facts = self.run_facts(run)?;
        let query = self.filter.as_ref()?.query.clone();
        let asker = Arc::new(());
        let test = Sieve(Arc::new(Fitting {
            clauses: query.clauses(),
            answers: query.answers(&facts),
            alone: query.is_told_by_events(),
            query,
            terms: self.terms_of(run),
            asker: Arc::downgrade(&asker),
        }));
        self.notice.take_if(|notice| !notice.failed);
        let effects = self.ask_match(run, hole, (Want::Match, true), test);
        if let Some(parts) = self.parts.get_mut(&run) {
            parts.waits = Some(asker);
        }
        Some(effects)
    }

    /// What may match next came, or there is nothing of that kind.
    pub(in crate::app) fn looked_beyond(&mut self, run: NodeId) {
        let left = self.open_holes(run, Want::Match).len();
        let key = self.key_of(Action::Filter);
        self.say(if left == 0 {
            "everything was looked through: nothing else matches".to_owned()
        } else {
            format!("read on up to what may match next; {key} Enter reads on")
        });
    }

    /// In this hole nothing matches.
    pub(in crate::app) fn holds_no_match(&mut self, behind: Option<NodeId>) {
        if let Some(filter) = self.filter.as_mut() {
            filter.voids.push(behind);
        }
    }

    /// Where nothing that is not loaded matches: the events right behind.
    pub(in crate::app) fn matchless(&self) -> Option<&Vec<Option<NodeId>>> {
        self.filter.as_ref().map(|filter| &filter.voids)
    }

    /// What is not loaded of the run on the screen and was not looked through: `979800 not read (& Enter)`.
    pub(super) fn not_looked_through(&self) -> Option<String> {
        let run = self.screen().filter(|run| self.has_parts(*run))?;
        if self.open_holes(run, Want::Match).is_empty() {
            return None;
        }
        if self.is_looking_beyond(run) {
            return Some("looking through the rest".to_owned());
        }
        let count = self.loads.get(&run).and_then(|load| load.hole);
        let many = match count {
            Some(Missing::Counted(many)) if self.holes(run).len() == 1 => many.to_string(),
            _ => "the rest".to_owned(),
        };
        Some(format!(
            "{many} not read ({} Enter)",
            self.key_of(Action::Filter)
        ))
    }
}
