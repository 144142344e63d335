//! All runs that a query picks, watched at the same time: those that go on, and those that appear
//! meanwhile, for which the lists are looked at again and again. The lists are asked gently: looking takes
//! a small part of the time, and of each list only the newest runs are read again.

use std::{
    collections::{HashSet, VecDeque},
    fmt::Write as _,
    io,
    time::Duration,
};

use futures_util::{StreamExt as _, future::LocalBoxFuture, stream::FuturesUnordered};
use tokio::time::Instant;

use super::{
    Watch,
    outcome::{Outcome, of_all},
};
use crate::{
    app::query::{Query, Truth},
    cli::{
        exit::{Exit, Failure, Stop},
        gather::{Found, Placed, Wanted},
        trail::until,
    },
    export::record::ErrorRecord,
    model::{Run, RunStatus},
};

/// Between two looks at the lists.
const EVERY: Duration = Duration::from_secs(30);
/// Where looking takes long: so many times as long passes before the next look.
const BETWEEN: u32 = 9;
/// Rows of a list that are read again.
const NEWEST: u32 = 100;
/// Runs that are watched at the same time; the others wait for their turn.
const AT_ONCE: usize = 50;

/// A run with its mission's name, in its context.
type Listed = Placed<(String, Run)>;

/// What came of a look at the lists.
struct Look {
    found: Found<Listed>,
    not_read: usize,
    took: Duration,
}

/// The runs so far.
#[derive(Default)]
struct Course {
    known: HashSet<(usize, String, String)>,
    waiting: VecDeque<Placed<Run>>,
    outcomes: Vec<Outcome>,
    /// What kept lists from being read the last time.
    unread: Vec<Failure>,
}

impl Watch<'_, '_> {
    /// Until all have ended, or one matches what is waited for.
    pub(super) async fn all(&self, query: Query) -> io::Result<Result<Exit, Stop>> {
        let mut course = Course::default();
        let look = self.look(&query, None).await;
        let (took, nothing) = (look.took, look.found.rows.is_empty());
        if nothing && look.found.failures.is_empty() {
            self.tell_not_read(&look)?;
            return Ok(Err(Stop::NotFound(format!("no run matches `{query}`"))));
        }
        if nothing {
            return Ok(Err(Stop::Failed(look.found.failures)));
        }
        self.tell_not_read(&look)?;
        if self.begin(&mut course, look)? {
            return Ok(Ok(Exit::Ok));
        }
        let met = self.go_on(&mut course, &query, took).await?;
        let left = course.outcomes.iter();
        let left = left
            .filter(|outcome| **outcome == Outcome::TimedOut)
            .count();
        if left > 0 {
            self.tell_timeout(left + course.waiting.len())?;
        }
        let in_time = |failure: &Failure| !failure.fault.is_timeout();
        if !course.unread.iter().all(in_time) {
            course.outcomes.push(Outcome::TimedOut);
        }
        Ok(Ok(if met {
            Exit::Ok
        } else {
            of_all(&course.outcomes, &course.unread, self.printed())
        }))
    }

    /// Watches what waits and what comes; whether what was waited for came.
    async fn go_on(&self, course: &mut Course, query: &Query, first: Duration) -> io::Result<bool> {
        let mut going = FuturesUnordered::new();
        let mut looking: Option<LocalBoxFuture<'_, Look>> = None;
        let mut next = Instant::now() + wait(first);
        loop {
            while going.len() < AT_ONCE
                && let Some(placed) = course.waiting.pop_front()
            {
                going.push(async move { self.watch(&placed).await });
            }
            if going.is_empty() && looking.is_none() {
                if course.is_out_of_time() {
                    return Ok(false);
                }
                let look = Box::pin(self.look(query, Some(NEWEST))).await;
                if !self.take(course, look)? {
                    return Ok(false);
                }
                next = Instant::now() + EVERY;
                continue;
            }
            let time = looking.is_none().then_some(next);
            tokio::select! {
                Some(outcome) = going.next() => {
                    let outcome = outcome?;
                    let met = outcome == Outcome::Met;
                    course.outcomes.push(outcome);
                    if met {
                        return Ok(true);
                    }
                }
                look = ready(&mut looking) => {
                    looking = None;
                    next = Instant::now() + wait(look.took);
                    self.take(course, look)?;
                }
                () = until(time) => looking = Some(Box::pin(self.look(query, Some(NEWEST)))),
            }
        }
    }

    async fn look(&self, query: &Query, newest: Option<u32>) -> Look {
        let began = Instant::now();
        let wanted = Wanted {
            query: Some(query.clone()),
            newest,
            ..Wanted::default()
        };
        let sifted = self.session.sifted(&wanted, false).await;
        Look {
            found: sifted.found,
            not_read: sifted.not_read,
            took: began.elapsed(),
        }
    }

    /// What the first look found: what had ended before counts, but is not watched. Whether what is waited
    /// for is there already.
    fn begin(&self, course: &mut Course, look: Look) -> io::Result<bool> {
        self.tell_unread(course, look.found.failures)?;
        let mut ended: Vec<RunStatus> = Vec::new();
        let mut silent = 0;
        for listed in look.found.rows {
            let run = &listed.row.1;
            course.known.insert(key(&listed));
            if is_live(run) {
                course.waiting.push_back(placed(listed));
                continue;
            }
            if self.is_met_by(&listed) {
                let note = format!(
                    "it matches what is waited for, and is {}",
                    run.status.word()
                );
                self.desk.borrow_mut().note_of(run, &note)?;
                return Ok(true);
            }
            if run.status.is_final() {
                ended.push(run.status);
            } else {
                silent += 1;
            }
            let waits = self.orders.until.is_some();
            course.outcomes.push(Outcome::of(run.status, waits));
        }
        let mut note = match course.waiting.len() {
            0 => "no run that matches goes on".to_owned(),
            1 => "watching 1 run".to_owned(),
            several => format!("watching {several} runs"),
        };
        if !ended.is_empty() {
            let count = |status| ended.iter().filter(|ended| **ended == status).count();
            let each = RunStatus::ALL.map(|status| (count(status), status.word()));
            let each = each.into_iter().filter(|(count, _)| *count > 0);
            let each: Vec<String> = each
                .map(|(count, word)| format!("{count} {word}"))
                .collect();
            note.push_str("; had ended before: ");
            note.push_str(&each.join(", "));
        }
        if silent > 0 {
            let _ = write!(note, "; silent for long, and not watched: {silent}");
        }
        self.desk.borrow_mut().note(&note)?;
        Ok(false)
    }

    /// Whether a run matches what is waited for by what its list tells.
    fn is_met_by(&self, listed: &Listed) -> bool {
        let Some((until, asked)) = self
            .orders
            .until
            .as_ref()
            .zip(self.session.contexts.get(listed.context))
        else {
            return false;
        };
        let (mission, run) = &listed.row;
        let facts = self.session.facts(asked, mission, run);
        until.matches_unread(&facts) == Truth::Yes
    }

    /// Takes what a later look found; whether there was anything new.
    fn take(&self, course: &mut Course, look: Look) -> io::Result<bool> {
        self.tell_unread(course, look.found.failures)?;
        let mut any = false;
        for listed in look.found.rows {
            if !course.known.insert(key(&listed)) {
                continue;
            }
            let (mission, run) = &listed.row;
            if !is_live(run) && !run.status.is_final() {
                course.outcomes.push(Outcome::Unknown);
                continue;
            }
            any = true;
            let note = format!("has appeared: {mission} {}", run.title);
            self.desk.borrow_mut().note_of(run, note.trim_end())?;
            course.waiting.push_back(placed(listed));
        }
        Ok(any)
    }

    /// What keeps a list from being read is told once as long as it does. That time is up is told of all.
    fn tell_unread(&self, course: &mut Course, failures: Vec<Failure>) -> io::Result<()> {
        let new: Vec<Failure> = failures
            .iter()
            .filter(|failure| !failure.fault.is_timeout() && !course.unread.contains(failure))
            .cloned()
            .collect();
        self.desk.borrow_mut().failures(&new)?;
        course.unread = failures;
        Ok(())
    }

    fn tell_not_read(&self, look: &Look) -> io::Result<()> {
        if look.not_read == 0 {
            return Ok(());
        }
        let count = look.not_read;
        let note = format!("not read, and so not watched: {count}; ask by what lists of runs tell");
        self.desk.borrow_mut().note(&note)
    }

    fn tell_timeout(&self, left: usize) -> io::Result<()> {
        let runs = if left == 1 {
            "1 run"
        } else {
            &format!("{left} runs")
        };
        let error = ErrorRecord {
            context: None,
            code: "timeout",
            message: format!("{runs} had not ended when --timeout passed"),
            hint: "Watch longer with a longer --timeout.".to_owned(),
        };
        self.desk.borrow_mut().error(error)
    }
}

impl Course {
    fn is_out_of_time(&self) -> bool {
        self.outcomes.contains(&Outcome::TimedOut)
            || self.unread.iter().any(|failure| failure.fault.is_timeout())
    }
}

/// Whether a run goes on, as far as anybody knows: a silent one may have been forgotten.
fn is_live(run: &Run) -> bool {
    run.status.is_going_on() && run.quiet_since.is_none()
}

/// Until the next look.
fn wait(took: Duration) -> Duration {
    took.saturating_mul(BETWEEN).max(EVERY)
}

fn key(listed: &Listed) -> (usize, String, String) {
    let run = &listed.row.1;
    (listed.context, run.mission_id.clone(), run.id.clone())
}

fn placed(listed: Listed) -> Placed<Run> {
    Placed {
        context: listed.context,
        row: listed.row.1,
    }
}

/// What comes of a look that is under way.
async fn ready(looking: &mut Option<LocalBoxFuture<'_, Look>>) -> Look {
    match looking {
        Some(looking) => looking.await,
        None => std::future::pending().await,
    }
}
