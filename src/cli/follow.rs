//! `sortie events RUN --follow`: what is there, then what comes, until the run has ended. What breaks on
//! the way is tried again by the engine and told here once; data never waits for it.

use std::io;

use super::{
    events::{find, picked, skipped},
    exit::{Exit, Failure, Stop},
    gather::{Parts, Picked},
    lines::Lines,
    pick::parts,
    print::Outlet,
    refuse,
    session::{Asked, Session},
    sieve::Sieve,
    trail::{Ear, Ended, Numbered, Trail},
};
use crate::{
    args::{EventFilter, Format},
    export::record::ErrorRecord,
    model::{Event, Run, RunStatus},
};

/// What may end an output that goes on for as long as a run does.
const ENDLESS: &str = "what is followed has no end to close a document with; use -o jsonl or text";

/// Refuses the form of output that has an end.
fn endless(format: Format) -> Result<(), Stop> {
    match format {
        Format::Json => Err(Stop::Usage(ENDLESS.to_owned())),
        Format::Text | Format::Jsonl => Ok(()),
    }
}

pub(super) async fn run(
    session: &Session,
    run: &str,
    filter: &EventFilter,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    if let Err(stop) = endless(format) {
        return refuse(session, &stop, format, outlet);
    }
    let query = filter.query.as_deref().map(|text| session.query(text));
    let query = match query.transpose() {
        Ok(query) => query,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let located = match find(session, run).await {
        Ok(located) => located,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let Some(asked) = session.contexts.get(located.placed.context) else {
        return Ok(Exit::NotFound);
    };
    let wants = query.as_ref().map_or(Parts::STATE, parts);
    let whole = session.whole(asked, &located.placed.row, wants).await;
    let sieve = match query {
        Some(query) => {
            let mission = session.mission_name(asked, &whole.run, &query).await;
            let terms = session.terms(asked);
            Some(Sieve::new(query, mission, &whole.steps, terms))
        }
        None => None,
    };
    let others = located.failures;
    let mut own = whole.failures.clone();
    let mut trail = Trail::new(session, asked, whole.run.clone());
    trail.skipped = whole.skipped;
    let mut printer = Printer {
        session,
        asked,
        wanted: picked(filter),
        sieve,
        lines: Lines::new(format, session.redactor.masking(), false),
        outlet,
    };
    let (outlet, masking) = (&mut *printer.outlet, &mut printer.lines.masking);
    outlet.failures(format, &others, masking)?;
    outlet.failures(format, &own, masking)?;
    let events = whole.events.iter().enumerate();
    let events: Vec<_> = events.map(|(at, event)| (whole.seq(at), event)).collect();
    printer.events(&trail.run, &events)?;
    let may_come = !trail.run.status.is_final() && (own.is_empty() || !whole.events.is_empty());
    if may_come {
        let ended = trail.follow(&whole.events, &mut printer).await?;
        own.extend(printer.end(ended, trail.run.status)?);
    }
    skipped(trail.skipped, format, printer.outlet)?;
    let printed = printer.lines.printed;
    Ok(exit(trail.run.status, printed, own, others))
}

/// The code for a run that was followed. How it ended badly weighs more than what else failed, unless
/// nothing of it could be had; `others` are contexts that did not answer whether the run is theirs.
fn exit(status: RunStatus, printed: bool, own: Vec<Failure>, others: Vec<Failure>) -> Exit {
    let ended = ended(status);
    if ended != Exit::Ok && (printed || own.is_empty()) {
        return ended;
    }
    if let [Failure { fault, .. }] = own.as_slice()
        && fault.is_timeout()
    {
        return Exit::Timeout;
    }
    match (own.is_empty(), others.is_empty()) {
        (true, true) => ended,
        (true, false) => Exit::Partial,
        (false, _) => Exit::of(printed, &[own, others].concat()),
    }
}

fn ended(status: RunStatus) -> Exit {
    match status {
        RunStatus::Cancelled => Exit::RunCancelled,
        status if status.is_failure() => Exit::RunFailed,
        _ => Exit::Ok,
    }
}

/// Prints the events of one run as they come.
struct Printer<'a, 'o> {
    session: &'a Session,
    asked: &'a Asked,
    wanted: Picked,
    /// What a query picks of them.
    sieve: Option<Sieve>,
    lines: Lines,
    outlet: &'a mut Outlet<'o>,
}

impl Ear for Printer<'_, '_> {
    fn events(&mut self, run: &Run, events: &[Numbered<'_>]) -> io::Result<()> {
        let fitting: Vec<(Option<usize>, Event)>;
        let fits: Vec<Numbered<'_>> = match self.sieve.as_mut() {
            Some(sieve) => {
                fitting = sieve.pick(self.session, self.asked, run, events);
                fitting.iter().map(|(seq, event)| (*seq, event)).collect()
            }
            None => events.to_vec(),
        };
        let wanted: Vec<_> = fits
            .into_iter()
            .filter(|(_, event)| self.wanted.takes(event))
            .collect();
        self.lines
            .events(self.session, self.asked, run, &wanted, self.outlet)
    }

    fn error(&mut self, error: ErrorRecord) -> io::Result<()> {
        let format = self.lines.format;
        self.outlet.error(format, error, &mut self.lines.masking)
    }
}

impl Printer<'_, '_> {
    /// Says how it ended; what failed, where something did.
    fn end(&mut self, ended: Ended, status: RunStatus) -> io::Result<Option<Failure>> {
        match ended {
            Ended::TimedOut(failure) => {
                self.error(unended(&failure))?;
                Ok(Some(failure))
            }
            Ended::GivenUp(failure) => {
                self.error(failure.record())?;
                Ok(Some(failure))
            }
            Ended::Over | Ended::Enough => {
                let note = format!("the run has ended: {}", status.word());
                self.outlet.note(self.lines.format, &note)?;
                Ok(None)
            }
        }
    }
}

/// That time was up before the run had ended.
pub(super) fn unended(failure: &Failure) -> ErrorRecord {
    ErrorRecord {
        message: "the run had not ended when --timeout passed".to_owned(),
        hint: "Follow it longer with a longer --timeout.".to_owned(),
        ..failure.record()
    }
}
