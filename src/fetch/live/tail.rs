//! What is known of a followed run: which rows were told before, how young the youngest event is, up to
//! where nothing is missing and whether the run has ended. A look reads some of what is known again;
//! only what is new is passed on.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;
use std::sync::Arc;

use crate::model::{Ask, Event, Known, Payload, Record, Row, RunRef, RunStatus, Time};

/// An event that claims to come from the future must not hide those that come after it.
const DAY: i64 = 24 * 3600 * 1_000_000_000;

/// What was told of a run so far.
pub(super) struct Tail {
    run: RunRef,
    pub known: Known,
    /// Up to here it was loaded before: what is older may be known to whoever follows.
    before: Option<i64>,
    /// Up to here nothing is missing.
    read: Mark,
    /// The last version of each row, as each ask tells it.
    last: HashMap<u64, u64>,
    /// All versions that ever came, so that a row that alternates is no news for ever.
    ever: HashSet<(u64, u64)>,
    /// Lengths of the events that a stream has told and nobody has read since.
    grown: HashMap<String, usize>,
}

/// A place in a run: an `Order::at`, and how many events are known up to there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    newest: Option<i64>,
    events: u32,
    /// As in `Known`: what follows lies in it.
    step: Option<Arc<str>>,
}

impl Mark {
    /// What a look's own list brought was read from here on without a gap, if the look ends well.
    pub fn reach(&mut self, fresh: &Fresh) {
        if fresh.newest >= self.newest && fresh.step.is_some() {
            self.step.clone_from(&fresh.step);
        }
        self.newest = self.newest.max(fresh.newest);
        self.events = self.events.saturating_add(fresh.events);
    }
}

/// What is new in some rows.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    /// Those that differ from what was told last.
    pub rows: Vec<Row>,
    /// Whether anything is among them that was never told before.
    pub news: bool,
    /// How many events are among them that were not known in any form.
    pub events: u32,
    /// The youngest of those that counts.
    pub newest: Option<i64>,
    /// The step that the run is in after them, where they say so.
    pub step: Option<Arc<str>>,
}

impl Tail {
    pub fn new(run: RunRef, mut known: Known, now: Time) -> Self {
        if known.newest.is_some_and(|newest| is_ahead(newest, now)) {
            known.newest = Some(now.0);
        }
        Self {
            run,
            before: known.newest,
            read: Mark {
                newest: known.newest,
                events: known.events,
                step: known.step.clone(),
            },
            known,
            last: HashMap::new(),
            ever: HashSet::new(),
            grown: HashMap::new(),
        }
    }

    /// What a look is to go on from. That is not the newest event: frames that came after a gap, or the
    /// first page of a list whose second one failed, are younger than what is still missing.
    pub fn gapless(&self) -> Known {
        Known {
            newest: self.read.newest,
            events: self.read.events,
            step: self.read.step.clone(),
            ..self.known.clone()
        }
    }

    /// How far a look that begins now reads: it finds at least what is known by now.
    pub fn aim(&self) -> Mark {
        Mark {
            newest: self.known.newest,
            events: self.known.events,
            step: self.known.step.clone(),
        }
    }

    /// A look with this aim has ended well.
    pub fn has_read(&mut self, aim: Mark) {
        self.read = aim;
    }

    /// Takes note of rows that a stream brought.
    pub fn pushed(&mut self, rows: &[Row]) {
        for row in rows {
            if let Row::Full(Record::Event(event)) = row {
                self.grown.insert(event.id.clone(), event.raw.len());
            }
        }
    }

    /// Without the events of a list that a stream tells further than the list does: services store what
    /// they pushed only when it is whole, and an event asked for by its id is.
    pub fn unless_grown(&mut self, ask: &Ask, mut rows: Vec<Row>) -> Vec<Row> {
        if self.grown.is_empty() {
            return rows;
        }
        match ask {
            Ask::Events { .. } => rows.retain(|row| {
                let known = self.grown.get(row.record().id());
                known.is_none_or(|known| raw(row).len() >= *known)
            }),
            Ask::Event { event, .. } => {
                self.grown.remove(&**event);
            }
            _ => {}
        }
        rows
    }

    /// Takes note of rows that came in answer to `ask`.
    pub fn take(&mut self, ask: &Ask, rows: Vec<Row>, now: Time) -> Fresh {
        let mut fresh = Fresh::default();
        for row in rows {
            let (key, version) = (self.key(ask, &row), version(&row));
            let known = self.last.insert(key, version);
            if known == Some(version) {
                continue;
            }
            fresh.news |= self.ever.insert((key, version));
            if let Record::Event(event) = row.record()
                && ask.run() == Some(&self.run)
                && self.is_unknown(event)
            {
                let at = self.count(event, now);
                if at.is_some()
                    && at >= fresh.newest
                    && let Some(step) = &event.step_id
                {
                    fresh.step = Some(step.as_str().into());
                }
                fresh.newest = fresh.newest.max(at);
                fresh.events += 1;
            }
            self.note_end(&row);
            fresh.rows.push(row);
        }
        fresh
    }

    /// Whether no ask has told of this event before, and no load.
    fn is_unknown(&mut self, event: &Event) -> bool {
        let mut hasher = DefaultHasher::new();
        "event".hash(&mut hasher);
        event.id.hash(&mut hasher);
        let first = self.ever.insert((hasher.finish(), 0));
        // What the load may have brought is not counted twice: lists by number would skip some.
        first && self.before.is_none_or(|before| event.order.at > before)
    }

    /// The event's place, unless it claims to come from the future.
    fn count(&mut self, event: &Event, now: Time) -> Option<i64> {
        self.known.events = self.known.events.saturating_add(1);
        let at = Some(event.order.at).filter(|at| !is_ahead(*at, now));
        if at.is_some()
            && at >= self.known.newest
            && let Some(step) = &event.step_id
        {
            self.known.step = Some(step.as_str().into());
        }
        self.known.newest = self.known.newest.max(at);
        at
    }

    fn note_end(&mut self, row: &Row) {
        let Record::Run(run) = row.record() else {
            return;
        };
        if *run.id != *self.run.run {
            return;
        }
        if run.status.is_final() {
            self.known.ended = true;
        } else if matches!(row, Row::Full(_)) && run.status != RunStatus::Unknown {
            self.known.ended = false;
        }
    }

    /// Names a row among all that different asks tell.
    fn key(&self, ask: &Ask, row: &Row) -> u64 {
        let mut hasher = DefaultHasher::new();
        discriminant(ask).hash(&mut hasher);
        if let Ask::Aside { what, .. } = ask {
            what.hash(&mut hasher);
        }
        let elsewhere = ask.run().filter(|run| **run != self.run);
        elsewhere.map(|run| &run.run).hash(&mut hasher);
        discriminant(row).hash(&mut hasher);
        discriminant(row.record()).hash(&mut hasher);
        row.record().id().hash(&mut hasher);
        hasher.finish()
    }
}

fn is_ahead(at: i64, now: Time) -> bool {
    at > now.0.saturating_add(DAY)
}

/// A number for what a row says.
fn version(row: &Row) -> u64 {
    let mut hasher = DefaultHasher::new();
    let raw = raw(row);
    raw.bytes().hash(&mut hasher);
    // The bytes of an event say everything; other rows are put together from several replies.
    if raw.is_empty() || !matches!(row, Row::Full(Record::Event(_))) {
        let _ = write!(Hashing(&mut hasher), "{row:?}");
        for extra in extras(row.record()) {
            extra.raw.bytes().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn raw(row: &Row) -> &Payload {
    match row.record() {
        Record::Mission(mission) => &mission.raw,
        Record::Run(run) => &run.raw,
        Record::Step(step) => &step.raw,
        Record::Event(event) => &event.raw,
        Record::Elsewhere(elsewhere) => &elsewhere.event.raw,
    }
}

fn extras(record: &Record) -> &[crate::model::Extra] {
    match record {
        Record::Mission(mission) => &mission.extras,
        Record::Run(run) => &run.extras,
        Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => &[],
    }
}

/// Text goes into the hash as it is written; none of it is kept.
struct Hashing<'a>(&'a mut DefaultHasher);

impl std::fmt::Write for Hashing<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Order, Page, Run};

    fn run() -> RunRef {
        RunRef {
            mission: "m".into(),
            run: "r".into(),
            room: None,
        }
    }

    fn events() -> Ask {
        Ask::Events {
            run: run(),
            page: Page::default(),
        }
    }

    fn event(id: &str, at: i64, text: &'static str) -> Row {
        Row::Full(Record::Event(Event {
            id: id.to_owned(),
            step_id: Some(format!("s{at}")),
            order: Order { at, tie: 0 },
            raw: Payload::new(text.as_bytes().into()),
            ..Event::default()
        }))
    }

    fn status(status: RunStatus) -> Row {
        Row::Full(Record::Run(Run {
            id: "r".to_owned(),
            status,
            ..Run::default()
        }))
    }

    #[test]
    fn only_what_changed_is_passed_on() {
        let mut tail = Tail::new(run(), Known::default(), Time(9));
        let first = tail.take(&events(), vec![event("a", 1, "1")], Time(9));
        assert_eq!((first.rows.len(), first.news, first.events), (1, true, 1));
        let again = tail.take(&events(), vec![event("a", 1, "1")], Time(9));
        assert_eq!((again.rows.len(), again.news, again.events), (0, false, 0));
        let grown = tail.take(&events(), vec![event("a", 1, "12")], Time(9));
        assert_eq!((grown.rows.len(), grown.news, grown.events), (1, true, 0));
        // What was said before is told again but is no news: it may alternate for ever.
        let back = tail.take(&events(), vec![event("a", 1, "1")], Time(9));
        assert_eq!((back.rows.len(), back.news, back.events), (1, false, 0));
        assert_eq!(tail.known.events, 1);
    }

    #[test]
    fn what_was_loaded_before_is_not_counted_twice() {
        let known = Known {
            newest: Some(5),
            events: 3,
            ..Known::default()
        };
        let mut tail = Tail::new(run(), known, Time(9));
        let rows = vec![event("old", 5, "x"), event("new", 6, "y")];
        assert_eq!(tail.take(&events(), rows, Time(9)).events, 1);
        assert_eq!((tail.known.events, tail.known.newest), (4, Some(6)));
    }

    #[test]
    fn an_event_from_the_future_hides_none() {
        let mut tail = Tail::new(run(), Known::default(), Time(9));
        let rows = vec![event("odd", 3 * DAY, "x"), event("b", 7, "y")];
        assert_eq!(tail.take(&events(), rows, Time(9)).rows.len(), 2);
        assert_eq!(tail.known.newest, Some(7));
    }

    #[test]
    fn an_event_from_the_future_that_was_loaded_hides_none() {
        let after = |newest| {
            let known = Known {
                newest: Some(newest),
                events: 3,
                ..Known::default()
            };
            let mut tail = Tail::new(run(), known, Time(9));
            let told = tail.gapless().newest;
            tail.take(&events(), vec![event("new", 12, "x")], Time(20));
            (told, tail.known.events)
        };
        assert_eq!(after(7), (Some(7), 4));
        assert_eq!(after(10), (Some(10), 4), "clocks differ a little");
        assert_eq!(after(3 * DAY), (Some(9), 4));
    }

    #[test]
    fn what_lies_before_the_newest_event_is_known_when_a_look_has_read_it() {
        let mut tail = Tail::new(run(), Known::default(), Time(9));
        let mut aim = tail.aim();
        aim.reach(&tail.take(&events(), vec![event("c", 3, "x")], Time(9)));
        // Pushed while it was looked: the look may have missed what came before it.
        tail.take(&events(), vec![event("e", 5, "x")], Time(9));
        assert_eq!((tail.known.newest, tail.gapless().newest), (Some(5), None));
        tail.has_read(aim);
        let known = tail.gapless();
        assert_eq!((known.newest, known.events), (Some(3), 1));
        assert_eq!(known.step.as_deref(), Some("s3"), "not that of the frame");
        let aim = tail.aim();
        tail.has_read(aim);
        let known = tail.gapless();
        assert_eq!((known.newest, known.events), (Some(5), 2));
    }

    #[test]
    fn a_run_that_goes_on_has_not_ended() {
        let mut tail = Tail::new(run(), Known::default(), Time(9));
        let ask = Ask::Run(run());
        for (sent, ended) in [
            (RunStatus::Running, false),
            (RunStatus::Failed, true),
            (RunStatus::Unknown, true),
            (RunStatus::Running, false),
        ] {
            tail.take(&ask, vec![status(sent)], Time(9));
            assert_eq!(tail.known.ended, ended, "{sent:?}");
        }
    }
}
