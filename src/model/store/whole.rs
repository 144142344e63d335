//! A whole record over one that is known: what other records told of an event, and what was fetched of
//! it, outlives the list that tells neither. It merges fields and refuses to look into bytes.

use super::Event;

/// A whole event keeps what other records (spans) told of it, and content that was fetched.
pub(super) fn over(known: Event, event: Event) -> Event {
    let event = Event {
        // Where the time stands in what it took is told with how long it took.
        at_end: event.at_end || event.duration.is_none() && known.at_end,
        duration: event.duration.or(known.duration),
        tokens: event.tokens.or(known.tokens),
        step_id: event.step_id.or(known.step_id),
        ..event
    };
    let is_fetched = known.content.is_none() && !known.raw.is_empty();
    if event.content.is_none() || !is_fetched {
        return event;
    }
    Event {
        summary: known.summary.or(event.summary),
        // Places in the bytes they were taken from.
        prose: known.prose,
        body: known.body,
        raw: known.raw,
        content: None,
        ..event
    }
}
