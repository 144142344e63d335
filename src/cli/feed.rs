//! Which events of a followed run are printed when: each once, in its final form. Services tell some
//! fields of an event in other lists than the event itself, before it or after it, so each is held back
//! for a while; one that a service tells while it is written, until it grows no more. What was asked for
//! by its id is whole. Fields alone are no event and are never printed as one. Reads no clock.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use tokio::time::Instant;

use crate::model::{Event, merge};

/// An event is held for so long, or, where it grows, until it has not changed for so long: longer than a
/// look takes, and than the time between two looks at a run in which something happens.
const STILL: Duration = Duration::from_secs(3);

/// What came and what of it was printed.
#[derive(Debug)]
pub struct Feed {
    /// Ids of what was printed.
    printed: HashSet<String>,
    /// What may grow, and since when it is held; where it grows, when it last did.
    held: Vec<(Event, Instant)>,
    /// Fields of events that are not printed, by id: laid over the record whenever that comes.
    fields: HashMap<String, Event>,
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
            fields: HashMap::new(),
            grows,
        }
    }

    /// Takes an event that came. `settled` is whether it was asked for by itself.
    pub fn take(&mut self, event: Event, came: Came, settled: bool, now: Instant) {
        if self.printed.contains(&event.id) {
            return;
        }
        if came == Came::Patch && event.raw.is_empty() {
            self.take_fields(event);
            return;
        }
        let event = match self.fields.get(&event.id) {
            Some(fields) => merge::event_patch(event, fields.clone()),
            None => event,
        };
        // What is long ago is due at once.
        let long_ago = now.checked_sub(STILL).unwrap_or(now);
        let Some((held, at)) = self.held.iter_mut().find(|(held, _)| held.id == event.id) else {
            self.held
                .push((event, if settled { long_ago } else { now }));
            return;
        };
        let event = match came {
            Came::Whole => event,
            Came::Patch => merge::event_patch(held.clone(), event),
        };
        if settled {
            *at = long_ago;
        } else if self.grows && *held != event {
            *at = now;
        }
        *held = event;
    }

    fn take_fields(&mut self, fields: Event) {
        if let Some((held, _)) = self.held.iter_mut().find(|(held, _)| held.id == fields.id) {
            *held = merge::event_patch(held.clone(), fields.clone());
        }
        let all = match self.fields.remove(&fields.id) {
            Some(known) => merge::event_patch(known, fields),
            None => fields,
        };
        self.fields.insert(all.id.clone(), all);
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
        for event in &events {
            self.fields.remove(&event.id);
        }
        self.printed
            .extend(events.iter().map(|event| event.id.clone()));
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Payload;

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
    fn what_is_whole_is_printed_soon_and_once() {
        let now = Instant::now();
        let mut feed = Feed::new([&event("old", "")], false);
        for id in ["old", "a", "b"] {
            feed.take(event(id, id), Came::Whole, false, now);
        }
        assert_eq!(titles(feed.ready(now)), [""; 0]);
        // Changing does not keep it back where nothing grows.
        feed.take(event("a", "new"), Came::Whole, false, now + STILL / 2);
        assert_eq!(titles(feed.ready(now + STILL)), ["new", "b"]);
        feed.take(event("a", "again"), Came::Whole, false, now);
        assert_eq!((feed.due(), feed.rest().len()), (None, 0));
    }

    /// Fields of another list, without bytes.
    fn fields(id: &str, tool: &str) -> Event {
        Event {
            id: id.to_owned(),
            tool: Some(tool.to_owned()),
            ..Event::default()
        }
    }

    #[test]
    fn fields_from_other_lists_are_part_of_the_event_whichever_comes_first() {
        let now = Instant::now();
        for grows in [false, true] {
            let mut feed = Feed::new([], grows);
            feed.take(fields("early", "x"), Came::Patch, false, now);
            feed.take(fields("never", "x"), Came::Patch, false, now);
            assert_eq!((feed.due(), feed.ready(now + STILL).len()), (None, 0));
            feed.take(event("early", "1"), Came::Whole, false, now);
            feed.take(event("late", "2"), Came::Whole, false, now);
            feed.take(fields("late", "x"), Came::Patch, false, now);
            // The record alone does not know them.
            feed.take(event("late", "2"), Came::Whole, false, now);
            let events = feed.ready(now + STILL);
            let told: Vec<_> = events
                .iter()
                .map(|event| (event.title.as_deref(), event.tool.as_deref()))
                .collect();
            assert_eq!(told, [(Some("1"), Some("x")), (Some("2"), Some("x"))]);
            assert_eq!(feed.rest().len(), 0, "no event is empty");
        }
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
        let whole = Event {
            raw: Payload::new("{}".into()),
            ..event("a", "Hello")
        };
        feed.take(event("a", "Hel"), Came::Whole, false, now);
        feed.take(event("b", "Wor"), Came::Whole, false, now);
        feed.take(whole, Came::Patch, true, now);
        assert_eq!(titles(feed.ready(now)), ["Hello"]);
        assert_eq!(titles(feed.rest()), ["Wor"]);
    }
}
