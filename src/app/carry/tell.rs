//! Operations and runs written down for somebody else: as Markdown, as JSON, as the words in which they
//! failed. Only what is to be written is decided here; the writing takes the whole run and is done beside
//! the loop.

use std::{borrow::Cow, sync::Arc};

use jiff::tz::TimeZone;

use crate::app::{App, Effect, action::Action, time::when};
use crate::{
    analysis::Terms,
    guard::redact::Masking,
    model::{NodeId, Run, Snapshot, Sort, Step, Time},
};

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An operation as Markdown.
    Markdown,
    /// A run as Markdown.
    Report,
    /// An operation as JSON, with its events.
    Operation,
    /// What is said to have gone wrong.
    Error,
}

/// An order to write operations or runs down.
#[derive(Debug)]
pub struct Tell {
    /// How.
    pub form: Form,
    /// In the order of the rows.
    pub runs: Vec<OfRun>,
    /// Where the events are.
    pub events: Snapshot,
    /// The zone of times for people.
    pub zone: TimeZone,
    /// Now, for what has not ended.
    pub now: Time,
    /// One for all of them.
    pub masking: Masking,
    /// What it is, in a few words.
    pub what: Cow<'static, str>,
}

/// What is wanted of one run.
#[derive(Debug)]
pub struct OfRun {
    /// Its context's name.
    pub context: String,
    /// Its service.
    pub provider: String,
    /// The name of its mission.
    pub mission: String,
    /// The run.
    pub run: Run,
    /// Its plan.
    pub steps: Vec<Step>,
    /// Its events in final order.
    pub events: Vec<NodeId>,
    /// Whether all of them are loaded, so that each has its number.
    pub numbered: bool,
    /// Those whose operations are wanted; none where the run is.
    pub wanted: Vec<NodeId>,
    /// How it is read.
    pub terms: Terms,
}

fn nothing(form: Form) -> &'static str {
    match form {
        Form::Report => "this row lies in no run",
        Form::Operation | Form::Markdown => "this row is no operation of a run",
        Form::Error => "this row is neither a run nor an operation of one",
    }
}

impl App {
    /// Writes down the selected row, or the marked ones.
    pub(in crate::app) fn tell(&mut self, action: Action) -> Vec<Effect> {
        let form = match action {
            Action::CopyMarkdown => Form::Markdown,
            Action::CopyReport => Form::Report,
            Action::CopyOperation => Form::Operation,
            _ => Form::Error,
        };
        let rows = self.rows_meant();
        let is_run = |node: &NodeId| self.store.sort(*node) == Sort::Run;
        let form = if form == Form::Markdown && !rows.is_empty() && rows.iter().all(is_run) {
            Form::Report
        } else {
            form
        };
        let mut runs: Vec<OfRun> = Vec::new();
        let mut known: Vec<NodeId> = Vec::new();
        for node in rows {
            let Some(run) = self.run_of(node) else {
                continue;
            };
            let sort = self.store.sort(node);
            let whole = form == Form::Report || sort == Sort::Run && form == Form::Error;
            if !whole && sort != Sort::Event {
                continue;
            }
            let at = known.iter().position(|other| *other == run);
            match at.and_then(|at| runs.get_mut(at)) {
                Some(of) if !whole => of.wanted.push(node),
                Some(_) => {}
                None => {
                    let Some(mut of) = self.of_run(run) else {
                        continue;
                    };
                    of.wanted.extend((!whole).then_some(node));
                    known.push(run);
                    runs.push(of);
                }
            }
        }
        if runs.is_empty() {
            self.say(nothing(form));
            return Vec::new();
        }
        let count = runs.iter().map(|of| of.wanted.len().max(1)).sum();
        let what = match form {
            Form::Report => when::many(count, "run"),
            Form::Error => "error".to_owned(),
            Form::Markdown | Form::Operation => when::many(count, "operation"),
        };
        let what = match form {
            Form::Markdown | Form::Report => format!("{what} as Markdown"),
            Form::Operation => format!("{what} as JSON"),
            Form::Error => what,
        };
        vec![Effect::Tell(Box::new(Tell {
            form,
            runs,
            events: self.store.snapshot(),
            zone: self.zone.clone(),
            now: self.now,
            masking: self.redactor.masking(),
            what: what.into(),
        }))]
    }

    /// Why there is nothing to write down here, as far as that is known at once.
    pub(in crate::app) fn tells_nothing(&self, action: Action) -> Option<String> {
        let rows = self.rows_meant();
        let (form, takes_runs) = match action {
            Action::CopyMarkdown => (Form::Markdown, true),
            Action::CopyOperation => (Form::Operation, false),
            _ => (Form::Error, true),
        };
        let any = rows.iter().any(|node| match self.store.sort(*node) {
            Sort::Event => true,
            Sort::Run => takes_runs,
            _ => false,
        });
        (!any).then(|| nothing(form).to_owned())
    }

    /// The rows that a copy is about: the marked ones, else the selected one.
    pub(in crate::app) fn rows_meant(&self) -> Vec<NodeId> {
        if let Some(calls) = &self.calls {
            return calls.call().map(|(node, _)| *node).into_iter().collect();
        }
        let picks = if self.in_detail() {
            Vec::new()
        } else {
            self.picks()
        };
        if picks.is_empty() {
            return self.selected.into_iter().collect();
        }
        picks
    }

    fn of_run(&self, run: NodeId) -> Option<OfRun> {
        let (_, info) = self.context_of(run)?;
        let steps = self.plans.get(&run).into_iter().flatten();
        let events: Vec<NodeId> = self.store.events_of(run).collect();
        let first = events.first();
        Some(OfRun {
            context: info.name.clone(),
            provider: info.provider.clone(),
            mission: self
                .store
                .mission(self.store.owner(run))
                .map(|mission| mission.name.clone())
                .unwrap_or_default(),
            run: self.store.run(run)?.clone(),
            steps: steps
                .filter_map(|step| self.store.step(*step).cloned())
                .collect(),
            numbered: first.is_some_and(|first| self.store.number(*first).is_some()),
            events,
            wanted: Vec::new(),
            terms: Terms {
                call_ids: info.call_ids,
                switches: Arc::clone(&self.switches),
            },
        })
    }
}
