//! How a record that comes again meets the one that is there: what is new wins, what is absent
//! erases nothing, and a run that has ended never goes back to not having ended.

use super::{Event, Extra, Fact, Kind, Mission, Payload, Run, RunStatus, Step, StepStatus};

/// Puts `new` over `old`; says whether anything changed.
pub fn mission(old: &mut Mission, new: Mission) -> bool {
    let before = old.clone();
    old.name = non_empty(new.name, &old.name);
    or(&mut old.description, new.description);
    or(&mut old.status, new.status);
    or(&mut old.created_at, new.created_at);
    or(&mut old.updated_at, new.updated_at);
    facts(&mut old.facts, new.facts, new.raw.is_empty());
    extras(&mut old.extras, new.extras);
    // The fuller record is the one worth showing: lists leave out what details have.
    if new.raw.len() >= old.raw.len() {
        old.raw = new.raw;
    }
    *old != before
}

/// Puts `new` over `old`; says whether anything changed.
pub fn run(old: &mut Run, new: Run) -> bool {
    let before = old.clone();
    let besides = new.raw.is_empty();
    let again = goes_on_again(old, &new);
    let ended = old.status.is_final() && !new.status.is_final() && !again || gives_way(old, &new);
    // A patch may say nothing of the status.
    let silent = is_silent(&new);
    if !ended {
        quiet(old, &new);
    }
    old.mission_id = non_empty(new.mission_id, &old.mission_id);
    old.title = non_empty(new.title, &old.title);
    if again {
        (old.ended_at, old.duration, old.error) = (None, None, None);
    }
    if silent && !ended {
        or(&mut old.status_reason, new.status_reason);
    } else if !ended {
        let moved_on = old.status != new.status;
        old.status = new.status;
        old.hearsay = new.hearsay;
        or(&mut old.status_sent, new.status_sent);
        // A reason explains one status and does not outlive it.
        if moved_on {
            old.status_reason = new.status_reason;
        } else {
            or(&mut old.status_reason, new.status_reason);
        }
        if moved_on && !new.raw.is_empty() {
            old.raw = Payload::default();
        }
    }
    if !ended && !new.raw.is_empty() && new.raw.len() >= old.raw.len() {
        old.raw = new.raw;
    }
    or(&mut old.started_at, new.started_at);
    or(&mut old.ended_at, new.ended_at);
    old.updated_at = old.updated_at.max(new.updated_at);
    or(&mut old.duration, new.duration);
    or(&mut old.tokens, new.tokens);
    or(&mut old.error, new.error);
    or(&mut old.parent_run_id, new.parent_run_id);
    or(&mut old.parent_event_id, new.parent_event_id);
    or(&mut old.room, new.room);
    facts(&mut old.facts, new.facts, besides);
    extras(&mut old.extras, new.extras);
    *old != before
}

/// Whether a status that is hearsay meets one that was learnt: it can only tell that a run has ended.
fn gives_way(old: &Run, new: &Run) -> bool {
    let learnt = old.status_sent.is_some() || old.status != RunStatus::Unknown;
    new.hearsay && learnt && !old.hearsay && (old.status.is_final() || !new.status.is_final())
}

/// Some services take up again what has ended (a session that is spoken to): what was heard of it
/// since tells that from a reply that is late.
fn goes_on_again(old: &Run, new: &Run) -> bool {
    let since = old.ended_at.zip(new.updated_at);
    old.status.is_final()
        && new.status == RunStatus::Running
        && !new.hearsay
        && since.is_some_and(|(ended, heard)| heard > ended)
}

/// Whether a record says nothing of the run's status.
fn is_silent(new: &Run) -> bool {
    new.status == RunStatus::Unknown && new.status_sent.is_none()
}

/// Since when nothing was heard: what knows the later sign of life decides, and any sign of life after
/// it ends a silence.
fn quiet(old: &mut Run, new: &Run) {
    let stale = new.updated_at.is_some() && new.updated_at < old.updated_at;
    if is_silent(new) {
        let counts = old.status == RunStatus::Running && !stale;
        let ends = new.updated_at.is_some() && new.updated_at > old.quiet_since;
        if new.quiet_since.is_some() && counts {
            old.quiet_since = new.quiet_since;
        } else if new.quiet_since.is_none() && ends {
            old.quiet_since = None;
        }
    } else if !stale || new.quiet_since.is_none() {
        old.quiet_since = new.quiet_since;
    }
}

/// Puts `new` over `old`; says whether anything changed.
pub fn step(old: &mut Step, new: Step) -> bool {
    let before = old.clone();
    or(&mut old.parent_id, new.parent_id);
    old.sequence = new.sequence;
    old.title = non_empty(new.title, &old.title);
    // A record that only names the step, or an older page, may say nothing of the status.
    let silent = new.status == StepStatus::Unknown && new.status_sent.is_none();
    if !silent {
        old.status = new.status;
    }
    or(&mut old.status_sent, new.status_sent);
    or(&mut old.started_at, new.started_at);
    or(&mut old.ended_at, new.ended_at);
    if !new.raw.is_empty() {
        old.raw = new.raw;
    }
    *old != before
}

/// `new` with what only `old` knows.
pub fn event_patch(old: Event, new: Event) -> Event {
    let has_bytes = !new.raw.is_empty();
    Event {
        id: new.id,
        kind: if has_bytes || new.kind != Kind::Unknown {
            new.kind
        } else {
            old.kind
        },
        type_sent: non_empty(new.type_sent, &old.type_sent),
        order: if new.time.is_some() {
            new.order
        } else {
            old.order
        },
        time: new.time.or(old.time),
        duration: new.duration.or(old.duration),
        at_end: new.at_end || old.at_end,
        parent_id: new.parent_id.or(old.parent_id),
        step_id: new.step_id.or(old.step_id),
        agent: new.agent.or(old.agent),
        tool: new.tool.or(old.tool),
        call_id: new.call_id.or(old.call_id),
        is_error: new.is_error.or(old.is_error),
        tokens: new.tokens.or(old.tokens),
        title: new.title.or(old.title),
        summary: new.summary.or(old.summary),
        // Spans only mean something in the bytes they were taken from.
        prose: if has_bytes { new.prose } else { old.prose },
        body: if has_bytes { new.body } else { old.body },
        content: if has_bytes { new.content } else { old.content },
        raw: if has_bytes { new.raw } else { old.raw },
    }
}

fn or<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

fn non_empty(new: String, old: &str) -> String {
    if new.is_empty() { old.to_owned() } else { new }
}

/// Facts with the same labels, of the same things, are replaced, others stay. What is told `besides` the record comes from
/// lists that arrive in any order, so it is placed by its label.
fn facts(old: &mut Vec<Fact>, new: Vec<Fact>, besides: bool) {
    for fact in new {
        let name = |fact: &Fact| (fact.label, fact.of.clone());
        let same = name(&fact);
        match old.iter_mut().find(|known| name(known) == same) {
            Some(known) => *known = fact,
            None if besides => {
                let before = old.iter().rposition(|known| name(known) < same);
                old.insert(before.map_or(0, |at| at + 1), fact);
            }
            None => old.push(fact),
        }
    }
}

/// Extras with the same labels are replaced, others stay; in the order of their labels.
fn extras(old: &mut Vec<Extra>, new: Vec<Extra>) {
    for extra in new {
        match old.iter_mut().find(|known| known.label == extra.label) {
            Some(known) => *known = extra,
            None => old.push(extra),
        }
    }
    old.sort_by(|a, b| a.label.cmp(&b.label));
}

#[cfg(test)]
mod tests;
