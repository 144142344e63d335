//! Which events of a followed run are printed when: each once, in its final form. A record of a service
//! that only lists what is whole is printed as it comes; where a service tells of events while they are
//! written, one is held back until it was asked for by its id, or grows no more. Reads no clock.

use std::{collections::HashSet, time::Duration};

use tokio::time::Instant;

use crate::model::{Event, merge};

/// An event that has not changed for so long is taken for whole: longer than the time between two
/// looks at a run in which something happens.
const STILL: Duration = Duration::from_secs(3);

/// What came and what of it was printed.
#[derive(Debug)]
pub struct Feed {
    /// Ids of what was printed.
    printed: HashSet<String>,
    /// What may grow, and when it last did.
    held: Vec<(Event, Instant)>,
    /// Whether the service tells of events while they are written.
    grows: bool,
}

/// How an event came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// As a record.
    Whole,
    /// As fields of one.
    Patch,
}

impl Feed {
    /// After these events, which are printed already.
    pub fn new<'e>(printed: impl IntoIterator<Item = &'e Event>, grows: bool) -> Self {
        let printed = printed.into_iter().map(|event| event.id.clone());
        Self {
            printed: printed.collect(),
            held: Vec::new(),
            grows,
        }
    }

    /// Takes an event that came. `settled` is whether it was asked for by itself.
    pub fn take(&mut self, event: Event, came: Came, settled: bool, now: Instant) {
        if self.printed.contains(&event.id) {
            return;
        }
        // What is long ago is due at once.
        let since = if settled || !self.grows {
            now.checked_sub(STILL).unwrap_or(now)
        } else {
            now
        };
        let Some((held, at)) = self.held.iter_mut().find(|(held, _)| held.id == event.id) else {
            self.held.push((event, since));
            return;
        };
        let event = match came {
            Came::Whole => event,
            Came::Patch => merge::event_patch(held.clone(), event),
        };
        if *held != event {
            (*held, *at) = (event, since);
        } else if settled {
            *at = since;
        }
    }

    /// When the next event is due.
    pub fn due(&self) -> Option<Instant> {
        self.held.iter().map(|(_, since)| *since + STILL).min()
    }

    /// What is due, in the order of the run.
    pub fn ready(&mut self, now: Instant) -> Vec<Event> {
        self.release(|since| since + STILL <= now)
    }

    /// All that is held: nothing will grow any more.
    pub fn rest(&mut self) -> Vec<Event> {
        self.release(|_| true)
    }

    fn release(&mut self, is_due: impl Fn(Instant) -> bool) -> Vec<Event> {
        let (due, held) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|(_, since)| is_due(*since));
        self.held = held;
        let due: Vec<(Event, Instant)> = due;
        let mut events: Vec<Event> = due.into_iter().map(|(event, _)| event).collect();
        events.sort_by_key(|event| event.order);
        self.printed
            .extend(events.iter().map(|event| event.id.clone()));
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, title: &str) -> Event {
        Event {
            id: id.to_owned(),
            title: Some(title.to_owned()),
            ..Event::default()
        }
    }

    fn titles(events: Vec<Event>) -> Vec<String> {
        events.into_iter().filter_map(|event| event.title).collect()
    }

    #[test]
    fn what_is_whole_is_printed_as_it_comes_and_once() {
        let now = Instant::now();
        let mut feed = Feed::new([&event("old", "")], false);
        for id in ["old", "a", "b"] {
            feed.take(event(id, id), Came::Whole, false, now);
        }
        assert_eq!(titles(feed.ready(now)), ["a", "b"]);
        feed.take(event("a", "again"), Came::Whole, false, now);
        assert_eq!((feed.due(), feed.rest().len()), (None, 0));
    }

    #[test]
    fn what_grows_is_held_until_it_is_still() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut feed = Feed::new([], true);
        feed.take(event("a", "He"), Came::Whole, false, start);
        feed.take(event("a", "Hello"), Came::Whole, false, at(2));
        // Told again as it is, it has not grown.
        feed.take(event("a", "Hello"), Came::Whole, false, at(4));
        assert_eq!(titles(feed.ready(at(4))), [""; 0]);
        assert_eq!(feed.due(), Some(at(5)));
        assert_eq!(titles(feed.ready(at(5))), ["Hello"]);
    }

    #[test]
    fn what_was_asked_for_or_cannot_grow_any_more_waits_no_longer() {
        let now = Instant::now() + STILL;
        let mut feed = Feed::new([], true);
        feed.take(event("a", "Hel"), Came::Whole, false, now);
        feed.take(event("b", "Wor"), Came::Whole, false, now);
        feed.take(event("a", "Hello"), Came::Patch, true, now);
        assert_eq!(titles(feed.ready(now)), ["Hello"]);
        assert_eq!(titles(feed.rest()), ["Wor"]);
    }
}
