//! `sortie events RUN --follow`: what is there, then what comes, until the run has ended. What breaks on
//! the way is tried again by the engine and told here once; data never waits for it.

use std::{io, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{
    events::{find, picked, skipped},
    exit::{Exit, Failure, Stop},
    feed::{Came, Feed},
    gather::{Parts, Picked, Whole, reference},
    pick::parts,
    print::{Outlet, json},
    refuse,
    session::{Asked, Session},
    sieve::Sieve,
};
use crate::{
    analysis::spelling::span,
    args::{EventFilter, Format},
    export::{record, text::Columns},
    fetch,
    guard::Masking,
    model::{
        Arrival, Ask, Event, Got, Known, Live, Record, Row, Run, RunStatus, Time, Trouble, merge,
    },
};

/// News that wait to be printed before the engine waits.
const WAITING: usize = 16;

/// Waits that nobody needs to hear of.
const BRIEF: Duration = Duration::from_secs(2);

pub(super) async fn run(
    session: &Session,
    run: &str,
    filter: &EventFilter,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    if format == Format::Json {
        let message = "what is followed has no end to close a document with; use -o jsonl or text";
        return refuse(session, &Stop::Usage(message.to_owned()), format, outlet);
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
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    let mut printer = Printer {
        session,
        asked,
        wanted: picked(filter),
        sieve,
        format,
        run: whole.run.clone(),
        masking: session.redactor.masking(),
        columns: Columns::default(),
        printed: false,
        lost: None,
        skipped: whole.skipped,
    };
    outlet.failures(format, &failures, &mut printer.masking)?;
    let events = whole.events.iter().enumerate();
    let events: Vec<_> = events.map(|(at, event)| (whole.seq(at), event)).collect();
    printer.events(&events, outlet)?;
    let may_come =
        !printer.run.status.is_final() && (failures.is_empty() || !whole.events.is_empty());
    if may_come {
        failures.extend(printer.follow(&whole, outlet).await?);
    }
    skipped(printer.skipped, format, outlet)?;
    if let [Failure { fault, .. }] = failures.as_slice()
        && fault.is_timeout()
    {
        return Ok(Exit::Timeout);
    }
    Ok(match failures.as_slice() {
        [] => ended(printer.run.status),
        _ => Exit::of(printer.printed, &failures),
    })
}

fn ended(status: RunStatus) -> Exit {
    match status {
        RunStatus::Cancelled => Exit::RunCancelled,
        status if status.is_failure() => Exit::RunFailed,
        _ => Exit::Ok,
    }
}

/// Prints the events of one run as they come.
struct Printer<'a> {
    session: &'a Session,
    asked: &'a Asked,
    wanted: Picked,
    /// What a query picks of them.
    sieve: Option<Sieve>,
    format: Format,
    run: Run,
    masking: Masking,
    columns: Columns,
    printed: bool,
    /// The trouble that was told last, until it is over.
    lost: Option<Trouble>,
    skipped: u32,
}

impl Printer<'_> {
    /// Until the run has ended, or nothing more can be had.
    async fn follow(
        &mut self,
        whole: &Whole,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Option<Failure>> {
        let at = reference(&self.run);
        let known = Known {
            newest: whole.events.iter().map(|event| event.order.at).max(),
            step: whole
                .events
                .iter()
                .rev()
                .find_map(|event| event.step_id.as_deref().map(Into::into)),
            events: u32::try_from(whole.events.len()).unwrap_or(u32::MAX),
            ..Known::default()
        };
        let pushes = |asked: &Asked| Some(asked.provider?.stream(&at).is_some());
        let mut feed = Feed::new(&whole.events, pushes(self.asked).unwrap_or(false));
        let (mail, mut inbox) = mpsc::channel(WAITING);
        let mut engine = Box::pin(fetch::follow(&self.asked.line, at.clone(), known, mail));
        let mut working = true;
        let deadline = self.session.deadline();
        let mut failure = None;
        loop {
            tokio::select! {
                biased;
                news = inbox.recv() => match news {
                    Some(arrival) => {
                        failure = self.heard(arrival, &mut feed, outlet)?.or(failure);
                    }
                    None => break,
                },
                () = &mut engine, if working => working = false,
                () = until(feed.due()) => {}
                () = until(deadline.as_ref().map(|(at, _)| *at)) => {
                    let context = Some(self.asked.record.name.clone());
                    let fault = deadline.map(|(_, fault)| fault);
                    failure = fault.map(|fault| Failure { context, fault });
                    break;
                }
            }
            self.now(&feed.ready(Instant::now()), outlet)?;
        }
        let rest = feed.rest();
        let rest: Vec<_> = rest.iter().map(|event| (None, event)).collect();
        // Also where nothing more came: what became of the last operation may be known only now.
        self.events(&rest, outlet)?;
        if let Some(failure) = failure
            .as_ref()
            .filter(|failure| failure.fault.is_timeout())
        {
            let mut error = failure.record();
            "the run had not ended when --timeout passed".clone_into(&mut error.message);
            "Follow it longer with a longer --timeout.".clone_into(&mut error.hint);
            outlet.error(self.format, error, &mut self.masking)?;
        } else if let Some(failure) = &failure {
            outlet.failures(
                self.format,
                std::slice::from_ref(failure),
                &mut self.masking,
            )?;
        } else {
            let note = format!("the run has ended: {}", self.run.status.word());
            outlet.note(self.format, &note)?;
        }
        Ok(failure)
    }

    /// Takes a piece of news; a failure where it is the last.
    fn heard(
        &mut self,
        arrival: Arrival,
        feed: &mut Feed,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Option<Failure>> {
        match arrival.got {
            Got::Rows { rows, skipped } => {
                self.skipped = self.skipped.saturating_add(skipped);
                let settled = matches!(arrival.ask, Ask::Event { .. });
                for row in rows {
                    self.row(row, settled, feed);
                }
            }
            Got::Waiting { trouble, until } => self.lost(trouble, until, BRIEF, outlet)?,
            Got::Live(Live::Lost { trouble, until }) => {
                self.lost(trouble, until, Duration::ZERO, outlet)?;
            }
            Got::Live(Live::GivenUp(trouble)) | Got::Failed(trouble) => {
                return Ok(Some(Failure::of(&self.asked.record.name, trouble)));
            }
            Got::Live(Live::Streaming | Live::Polling { .. }) => self.lost = None,
            Got::Live(Live::Asking { .. } | Live::Over) | Got::Done { .. } | Got::Budget(_) => {}
        }
        Ok(None)
    }

    fn row(&mut self, row: Row, settled: bool, feed: &mut Feed) {
        let (record, came) = match row {
            Row::Full(record) => (record, Came::Whole),
            Row::Patch(record) => (record, Came::Patch),
        };
        match record {
            Record::Event(event) => feed.take(event, came, settled, Instant::now()),
            Record::Run(run) if run.id == self.run.id => {
                merge::run(&mut self.run, run);
            }
            Record::Run(_) | Record::Mission(_) | Record::Step(_) | Record::Elsewhere(_) => {}
        }
    }

    /// Says once what broke and that it is tried again, unless the wait is shorter than `least`.
    fn lost(
        &mut self,
        trouble: Trouble,
        until: Time,
        least: Duration,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<()> {
        if self.lost.as_ref() == Some(&trouble) {
            return Ok(());
        }
        let now = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        let wait = until.since(Time(now)).unwrap_or_default();
        if wait < least {
            return Ok(());
        }
        let mut error = Failure::of(&self.asked.record.name, trouble.clone()).record();
        error.hint = format!("It is tried again in {}.", span(wait));
        self.lost = Some(trouble);
        outlet.error(self.format, error, &mut self.masking)
    }

    /// Prints what has just come. Its number is not known before the run has ended.
    fn now(&mut self, events: &[Event], outlet: &mut Outlet<'_>) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let events: Vec<_> = events.iter().map(|event| (None, event)).collect();
        self.events(&events, outlet)
    }

    /// Prints those that are wanted, at once.
    fn events(
        &mut self,
        events: &[(Option<usize>, &Event)],
        outlet: &mut Outlet<'_>,
    ) -> io::Result<()> {
        let fitting: Vec<(Option<usize>, Event)>;
        let fits: Vec<(Option<usize>, &Event)> = match self.sieve.as_mut() {
            Some(sieve) => {
                fitting = sieve.pick(self.session, self.asked, &self.run, events);
                fitting.iter().map(|(seq, event)| (*seq, event)).collect()
            }
            None => events.to_vec(),
        };
        let wanted: Vec<_> = fits
            .into_iter()
            .filter(|(_, event)| self.wanted.takes(event))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        self.printed = true;
        if self.format == Format::Text {
            let mut sheet = self.session.sheet(&mut self.masking, outlet);
            let text = sheet.next_events(&mut self.columns, wanted);
            outlet.out.write_all(text.as_bytes())?;
        } else {
            let home = self.asked.home();
            for (seq, event) in wanted {
                let record = record::event(home, &self.run, seq, event, &mut self.masking);
                writeln!(outlet.out, "{}", json(&record)?)?;
            }
        }
        outlet.out.flush()
    }
}

/// Never, where there is no time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
