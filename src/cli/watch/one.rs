//! One run that is watched, alone or beside others: what came of it, and what is done where it failed.

use std::io;

use tokio::time::Instant;

use super::{
    Watch,
    outcome::{Outcome, of_all},
    quiet::{Quiet, Silence},
};
use crate::{
    analysis::spelling::span,
    cli::{
        events::skipped,
        exit::{Exit, Failure},
        follow::unended,
        gather::{Parts, Placed, Whole},
        locate::Located,
        pick::parts,
        session::Asked,
        sieve::Condition,
        trail::{Ear, Ended, Numbered, Stir, Trail},
    },
    export::record::ErrorRecord,
    model::{Run, RunStatus},
};

impl Watch<'_, '_> {
    /// Watches the only run.
    pub(super) async fn one(&self, located: &Located) -> io::Result<Exit> {
        let outcome = self.watch(&located.placed).await?;
        if outcome == Outcome::Met {
            return Ok(Exit::Ok);
        }
        Ok(of_all(&[outcome], &located.failures, self.printed()))
    }

    /// Watches a run until that is over, and does what is to be done where it failed.
    pub(super) async fn watch(&self, placed: &Placed<Run>) -> io::Result<Outcome> {
        let Some(asked) = self.session.contexts.get(placed.context) else {
            return Ok(Outcome::Unknown);
        };
        let wants = self.orders.until.as_ref().map_or(Parts::STATE, parts);
        let whole = self.session.whole(asked, &placed.row, wants).await;
        if whole
            .failures
            .iter()
            .any(|failure| failure.fault.is_timeout())
        {
            return self.timed_out(&whole.failures);
        }
        self.desk.borrow_mut().failures(&whole.failures)?;
        let mut watcher = Watcher {
            watch: self,
            context: placed.context,
            asked,
            condition: self.condition(asked, &whole).await,
            met: false,
            stalled: false,
            quiet: Quiet::new(self.orders.stall, Instant::now()),
        };
        watcher.acquaint(&whole);
        let mut trail = Trail::new(self.session, asked, whole.run.clone());
        let ended = if watcher.enough(&trail.run)? {
            Ended::Enough
        } else if trail.run.status.is_final() {
            Ended::Over
        } else {
            trail.follow(&whole.events, &mut watcher).await?
        };
        let (met, stalled) = (watcher.met, watcher.stalled);
        {
            let desk = &mut *self.desk.borrow_mut();
            skipped(trail.skipped, desk.lines.format, desk.outlet)?;
        }
        let run = &trail.run;
        if run.status.is_failure() {
            self.tell_failure(asked, run).await?;
        }
        if met {
            let note = format!(
                "it matches what was waited for, and is {}",
                run.status.word()
            );
            self.desk.borrow_mut().note_of(run, &note)?;
            return Ok(Outcome::Met);
        }
        match ended {
            Ended::Enough if stalled => Ok(Outcome::Stalled),
            Ended::Over | Ended::Enough => self.over(run),
            Ended::TimedOut(failure) => self.timed_out(&[failure]),
            Ended::GivenUp(failure) => {
                if !whole.failures.contains(&failure) {
                    self.desk.borrow_mut().error(failure.record())?;
                }
                Ok(Outcome::Lost(failure))
            }
        }
    }

    /// What ends the watching of a run besides its end.
    async fn condition(&self, asked: &Asked, whole: &Whole) -> Option<Condition> {
        let query = self.orders.until.clone()?;
        let mission = self.session.mission_name(asked, &whole.run, &query).await;
        let terms = self.session.terms(asked);
        Some(Condition::new(query, mission, &whole.steps, terms))
    }

    /// Says how a run has ended.
    pub(super) fn over(&self, run: &Run) -> io::Result<Outcome> {
        let outcome = Outcome::of(run.status, self.orders.until.is_some());
        let mut desk = self.desk.borrow_mut();
        if outcome == Outcome::Unknown {
            let error = ErrorRecord {
                context: None,
                code: "unknown_end",
                message: format!(
                    "how the run {} ended is not known: it is {}",
                    run.id,
                    run.status.word()
                ),
                hint: "Nothing more comes of it.".to_owned(),
            };
            desk.error(error)?;
            return Ok(outcome);
        }
        let mut note = format!("the run has ended: {}", run.status.word());
        let why = run.error.as_deref().or(run.status_reason.as_deref());
        if let Some(why) = why.filter(|_| run.status != RunStatus::Succeeded) {
            note.push_str(", ");
            note.push_str(why);
        }
        if outcome == Outcome::Unmatched {
            note.push_str(", and nothing matched what was waited for");
        }
        desk.note_of(run, &note)?;
        Ok(outcome)
    }

    /// Of several it is told once that time is up.
    fn timed_out(&self, failures: &[Failure]) -> io::Result<Outcome> {
        let mut desk = self.desk.borrow_mut();
        let timeout = failures.iter().find(|failure| failure.fault.is_timeout());
        if let Some(failure) = timeout.filter(|_| !desk.several) {
            desk.error(unended(failure))?;
        }
        Ok(Outcome::TimedOut)
    }

    /// Runs the command of `--on-fail`, if there is one.
    pub(super) async fn tell_failure(&self, asked: &Asked, run: &Run) -> io::Result<()> {
        let Some(on_fail) = &self.orders.on_fail else {
            return Ok(());
        };
        let masking = self.session.redactor.masking();
        let Err(why) = on_fail.run(asked.home(), run, masking).await else {
            return Ok(());
        };
        let error = ErrorRecord {
            context: None,
            code: "on_fail",
            message: format!("run {}: {why}", run.id),
            hint: "It is a program and its arguments; no shell reads it.".to_owned(),
        };
        self.desk.borrow_mut().error(error)
    }
}

/// Listens to one run.
struct Watcher<'w, 'a, 'o> {
    watch: &'w Watch<'a, 'o>,
    context: usize,
    asked: &'w Asked,
    condition: Option<Condition>,
    met: bool,
    stalled: bool,
    quiet: Quiet,
}

impl Watcher<'_, '_, '_> {
    /// What was there before: it is not printed, but may be what is waited for.
    fn acquaint(&mut self, whole: &Whole) {
        for event in &whole.events {
            self.quiet.learn(event);
        }
        let events: Vec<Numbered<'_>> = whole.events.iter().map(|event| (None, event)).collect();
        self.ask(&whole.run, &events);
    }

    fn ask(&mut self, run: &Run, events: &[Numbered<'_>]) {
        if let Some(condition) = &mut self.condition {
            let session = self.watch.session;
            self.met |= condition.is_met_by(session, self.asked, run, events);
        }
    }
}

impl Ear for Watcher<'_, '_, '_> {
    fn events(&mut self, run: &Run, events: &[Numbered<'_>]) -> io::Result<()> {
        for (_, event) in events {
            self.quiet.learn(event);
        }
        self.ask(run, events);
        self.watch.print(self.context, run, events)
    }

    fn error(&mut self, error: ErrorRecord) -> io::Result<()> {
        self.watch.desk.borrow_mut().error(error)
    }

    fn stirred(&mut self, stir: Stir) {
        let now = Instant::now();
        match stir {
            Stir::News => self.quiet.ended(now),
            Stir::Lost(wait) => self.quiet.interrupted(now, wait),
        }
    }

    fn enough(&mut self, run: &Run) -> io::Result<bool> {
        let session = self.watch.session;
        let condition = self.condition.as_ref();
        self.met |=
            condition.is_some_and(|condition| condition.is_met_by_run(session, self.asked, run));
        // Of a run that has ended the last events may still be on their way.
        if self.met || run.status.is_final() {
            return Ok(self.met && !run.status.is_final());
        }
        let note = match self.quiet.judge(Instant::now()) {
            Silence::Fine => return Ok(false),
            Silence::Unusual {
                silent,
                usual,
                in_step,
            } => {
                let what = if in_step { "step" } else { "run" };
                let (silent, usual) = (span(silent), span(usual));
                format!("no event for {silent} (this {what} is usually quiet for {usual} at most)")
            }
            Silence::Stalled(silent) => {
                self.stalled = true;
                format!("no event for {}: the run has stalled", span(silent))
            }
        };
        self.watch.desk.borrow_mut().note_of(run, &note)?;
        Ok(self.stalled)
    }

    fn due(&self) -> Option<Instant> {
        self.quiet.due()
    }
}
