//! One run that is followed: each event is handed on once, in its final form, until the run has ended,
//! asking again cannot help, time is up, or whoever listens has heard enough. What breaks on the way is
//! tried again by the engine and told once. Prints nothing itself.

use std::{io, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{
    exit::Failure,
    feed::{Came, Feed},
    gather::reference,
    session::{Asked, Session},
};
use crate::{
    analysis::spelling::span,
    export::record::ErrorRecord,
    fetch,
    model::{
        Arrival, Ask, Event, Got, Known, Live, Record, Row, Run, RunRef, Time, Trouble, merge,
    },
};

/// News that wait to be heard before the engine waits.
const WAITING: usize = 16;

/// Waits that nobody needs to hear of.
const BRIEF: Duration = Duration::from_secs(2);

/// An event with its number, where that is known: it is not before the run has ended.
pub(super) type Numbered<'e> = (Option<usize>, &'e Event);

/// Whoever listens.
pub(super) trait Ear {
    /// Events that have just come, in the order of the run; at the end also where none came any more, since
    /// what became of the last operation may be known only now.
    fn events(&mut self, run: &Run, events: &[Numbered<'_>]) -> io::Result<()>;

    /// What broke, and that it is tried again.
    fn error(&mut self, error: ErrorRecord) -> io::Result<()>;

    /// Something was heard of the run or its service, just now.
    fn stirred(&mut self, _stir: Stir) {}

    /// Whether that was enough. Asked after all that is heard, and when that is due.
    fn enough(&mut self, _run: &Run) -> io::Result<bool> {
        Ok(false)
    }

    /// When to be asked again although nothing comes.
    fn due(&self) -> Option<Instant> {
        None
    }
}

/// What is heard of a run or its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stir {
    /// Something happened in the run.
    News,
    /// It cannot be asked, and is again after so long.
    Lost(Duration),
}

/// Why nothing more is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The run has ended.
    Over,
    /// Asking again cannot help.
    GivenUp(Failure),
    /// `--timeout` passed.
    TimedOut(Failure),
    /// Whoever listened wanted no more.
    Enough,
}

/// A run that is followed.
pub(super) struct Trail<'a> {
    session: &'a Session,
    asked: &'a Asked,
    /// How it stands now.
    pub run: Run,
    /// Records that could not be read.
    pub skipped: u32,
    /// The trouble that was told last, until it is over.
    lost: Option<Trouble>,
}

impl<'a> Trail<'a> {
    /// Of a run as it is known.
    pub fn new(session: &'a Session, asked: &'a Asked, run: Run) -> Self {
        Self {
            session,
            asked,
            run,
            skipped: 0,
            lost: None,
        }
    }

    /// Tells of what comes after these events, which are in the order of the run.
    pub async fn follow(&mut self, known: &[Event], ear: &mut dyn Ear) -> io::Result<Ended> {
        let at = reference(&self.run);
        let mut feed = Feed::new(known, self.pushes(&at));
        let (mail, mut inbox) = mpsc::channel(WAITING);
        let engine = fetch::follow(&self.asked.line, at, knowledge(known), mail);
        let mut engine = Box::pin(engine);
        let mut working = true;
        let deadline = self.session.deadline();
        let mut ended = Ended::Over;
        loop {
            tokio::select! {
                biased;
                news = inbox.recv() => match news {
                    Some(arrival) => {
                        if let Some(failure) = self.heard(arrival, &mut feed, ear)? {
                            ended = Ended::GivenUp(failure);
                        }
                    }
                    None => break,
                },
                () = &mut engine, if working => working = false,
                () = until(feed.due()) => {}
                () = until(ear.due()) => {}
                () = until(deadline.as_ref().map(|(at, _)| *at)) => {
                    let context = Some(self.asked.record.name.clone());
                    if let Some((_, fault)) = deadline {
                        ended = Ended::TimedOut(Failure { context, fault });
                    }
                    break;
                }
            }
            self.tell(&feed.ready(Instant::now()), ear)?;
            if ear.enough(&self.run)? {
                ended = Ended::Enough;
                break;
            }
        }
        let rest = feed.rest();
        let rest: Vec<Numbered<'_>> = rest.iter().map(|event| (None, event)).collect();
        ear.events(&self.run, &rest)?;
        if ended == Ended::Over && ear.enough(&self.run)? {
            return Ok(Ended::Enough);
        }
        Ok(ended)
    }

    /// Whether the service tells of events while they are written.
    fn pushes(&self, at: &RunRef) -> bool {
        let provider = self.asked.provider;
        provider.is_some_and(|provider| provider.stream(at).is_some())
    }

    fn tell(&self, events: &[Event], ear: &mut dyn Ear) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let events: Vec<Numbered<'_>> = events.iter().map(|event| (None, event)).collect();
        ear.events(&self.run, &events)
    }

    /// Takes a piece of news; a failure where it is the last.
    fn heard(
        &mut self,
        arrival: Arrival,
        feed: &mut Feed,
        ear: &mut dyn Ear,
    ) -> io::Result<Option<Failure>> {
        match arrival.got {
            Got::Rows { rows, skipped } => {
                self.skipped = self.skipped.saturating_add(skipped);
                let settled = matches!(arrival.ask, Ask::Event { .. });
                for row in rows {
                    if self.row(row, settled, feed) {
                        ear.stirred(Stir::News);
                    }
                }
            }
            Got::Waiting { trouble, until } => self.lost(trouble, until, BRIEF, ear)?,
            Got::Live(Live::Lost { trouble, until }) => {
                self.lost(trouble, until, Duration::ZERO, ear)?;
            }
            Got::Live(Live::GivenUp(trouble)) | Got::Failed(trouble) => {
                return Ok(Some(Failure::of(&self.asked.record.name, trouble)));
            }
            Got::Live(Live::Streaming | Live::Polling { .. }) => self.lost = None,
            Got::Live(Live::Asking { .. } | Live::Over)
            | Got::Done { .. }
            | Got::Kept(_)
            | Got::Budget(_) => {}
        }
        Ok(None)
    }

    /// Whether that is something that happened in the run.
    fn row(&mut self, row: Row, settled: bool, feed: &mut Feed) -> bool {
        let (record, came) = match row {
            Row::Full(record) => (record, Came::Whole),
            Row::Patch(record) => (record, Came::Patch),
        };
        match record {
            Record::Event(event) => {
                feed.take(event, came, settled, Instant::now());
                true
            }
            Record::Run(run) if run.id == self.run.id => {
                let before = self.run.status;
                merge::run(&mut self.run, run);
                before != self.run.status
            }
            Record::Step(_) => true,
            Record::Run(_) | Record::Mission(_) | Record::Elsewhere(_) => false,
        }
    }

    /// Says once what broke and that it is tried again, unless the wait is shorter than `least`.
    fn lost(
        &mut self,
        trouble: Trouble,
        until: Time,
        least: Duration,
        ear: &mut dyn Ear,
    ) -> io::Result<()> {
        let wait = until.since(present()).unwrap_or_default();
        ear.stirred(Stir::Lost(wait));
        if self.lost.as_ref() == Some(&trouble) || wait < least {
            return Ok(());
        }
        let mut error = Failure::of(&self.asked.record.name, trouble.clone()).record();
        error.hint = format!("It is tried again in {}.", span(wait));
        self.lost = Some(trouble);
        ear.error(error)
    }
}

/// What is known of a run with these events.
fn knowledge(events: &[Event]) -> Known {
    let mut latest = events.iter().rev();
    Known {
        newest: events.iter().map(|event| event.order.at).max(),
        step: latest
            .find_map(|event| event.step_id.as_deref())
            .map(Into::into),
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        ..Known::default()
    }
}

/// What time it is.
pub(super) fn present() -> Time {
    Time(i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX))
}

/// Never, where there is no time.
pub(super) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
