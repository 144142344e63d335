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

/// Facts with the same labels are replaced, others stay. What is told `besides` the record comes from
/// lists that arrive in any order, so it is placed by its label.
fn facts(old: &mut Vec<Fact>, new: Vec<Fact>, besides: bool) {
    for fact in new {
        match old.iter_mut().find(|known| known.label == fact.label) {
            Some(known) => *known = fact,
            None if besides => {
                let before = old.iter().rposition(|known| known.label < fact.label);
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
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn a_finished_run_does_not_start_again() {
        let mut known = Run {
            status: RunStatus::Failed,
            ended_at: Some(Time(9)),
            error: Some("boom".to_owned()),
            ..Run::default()
        };
        let stale = Run {
            status: RunStatus::Running,
            started_at: Some(Time(1)),
            ..Run::default()
        };
        assert!(run(&mut known, stale.clone()));
        assert_eq!(known.status, RunStatus::Failed);
        assert_eq!(known.ended_at, Some(Time(9)));
        assert_eq!(known.started_at, Some(Time(1)));
        assert!(!run(&mut known, stale), "the second time nothing is new");
    }

    #[test]
    fn what_a_list_says_gives_way_to_what_was_learnt() {
        let run_of = |status, hearsay| Run {
            status,
            hearsay,
            ..Run::default()
        };
        for (known, said, expected) in [
            (
                (RunStatus::Failed, false),
                RunStatus::Succeeded,
                RunStatus::Failed,
            ),
            (
                (RunStatus::Succeeded, true),
                RunStatus::TimedOut,
                RunStatus::TimedOut,
            ),
            (
                (RunStatus::Running, false),
                RunStatus::Succeeded,
                RunStatus::Succeeded,
            ),
            (
                (RunStatus::Paused, false),
                RunStatus::Running,
                RunStatus::Paused,
            ),
            (
                (RunStatus::Unknown, false),
                RunStatus::Running,
                RunStatus::Running,
            ),
        ] {
            let mut run_known = run_of(known.0, known.1);
            run(&mut run_known, run_of(said, true));
            assert_eq!(run_known.status, expected, "{known:?} {said:?}");
        }
        let mut said = run_of(RunStatus::Succeeded, true);
        run(&mut said, run_of(RunStatus::Failed, false));
        run(&mut said, run_of(RunStatus::Succeeded, true));
        assert_eq!(said.status, RunStatus::Failed);
    }

    #[test]
    fn a_run_that_was_heard_of_since_its_end_goes_on_again() {
        let mut known = Run {
            status: RunStatus::Failed,
            ended_at: Some(Time(9)),
            error: Some("boom".to_owned()),
            ..Run::default()
        };
        let heard = |at| Run {
            status: RunStatus::Running,
            updated_at: Some(Time(at)),
            ..Run::default()
        };
        run(&mut known, heard(9));
        assert_eq!(known.status, RunStatus::Failed);
        run(&mut known, heard(10));
        assert_eq!(
            (known.status, known.ended_at, known.error),
            (RunStatus::Running, None, None)
        );
    }

    #[test]
    fn a_patch_of_a_run_keeps_status_and_bytes() {
        let mut known = Run {
            status: RunStatus::Running,
            raw: Payload::new("{}".into()),
            ..Run::default()
        };
        let heard = Run {
            updated_at: Some(Time(7)),
            ..Run::default()
        };
        assert!(run(&mut known, heard));
        assert_eq!(known.status, RunStatus::Running);
        let failed = Run {
            status: RunStatus::Failed,
            ..Run::default()
        };
        assert!(run(&mut known, failed));
        assert_eq!((known.status, known.raw.len()), (RunStatus::Failed, 2));
    }

    #[test]
    fn a_sign_of_life_ends_a_silence_and_an_older_record_does_not_bring_it_back() {
        let at = |updated, quiet: Option<i64>| Run {
            updated_at: Some(Time(updated)),
            quiet_since: quiet.map(Time),
            ..Run::default()
        };
        let listed = || Run {
            status: RunStatus::Running,
            status_sent: Some("running".to_owned()),
            ..at(5, Some(5))
        };
        let mut known = listed();
        run(&mut known, at(4, None));
        assert_eq!(known.quiet_since, Some(Time(5)), "older than the silence");
        run(&mut known, at(7, None));
        assert_eq!((known.quiet_since, known.updated_at), (None, Some(Time(7))));
        run(&mut known, listed());
        assert_eq!((known.quiet_since, known.updated_at), (None, Some(Time(7))));
        run(&mut known, at(7, Some(7)));
        assert_eq!(known.quiet_since, Some(Time(7)), "later, and still nothing");
        run(&mut known, listed());
        assert_eq!(known.quiet_since, Some(Time(7)));
        let paused = Run {
            status: RunStatus::Paused,
            ..at(8, None)
        };
        run(&mut known, paused);
        run(&mut known, at(9, Some(9)));
        assert_eq!(
            known.quiet_since, None,
            "a paused run is not expected to speak"
        );
    }

    #[test]
    fn a_reason_does_not_outlive_its_status() {
        let mut known = Run {
            status: RunStatus::Unknown,
            status_sent: Some("started".to_owned()),
            status_reason: Some("never ended".to_owned()),
            ..Run::default()
        };
        let ended = Run {
            status: RunStatus::Succeeded,
            status_sent: Some("completed".to_owned()),
            ..Run::default()
        };
        assert!(run(&mut known, ended));
        assert_eq!(known.status_reason, None);
    }

    #[test]
    fn a_step_keeps_its_status_where_nothing_is_said_of_it() {
        let mut known = Step {
            status: StepStatus::Running,
            ..Step::default()
        };
        step(&mut known, Step::default());
        assert_eq!(known.status, StepStatus::Running);
        let odd = Step {
            status_sent: Some("odd".to_owned()),
            ..Step::default()
        };
        step(&mut known, odd);
        assert_eq!(known.status, StepStatus::Unknown);
    }

    #[test]
    fn absent_fields_erase_nothing() {
        let fact = |value: &str| Fact {
            label: "model",
            value: value.to_owned(),
        };
        let mut known = Mission {
            name: "n".to_owned(),
            description: Some("d".to_owned()),
            facts: vec![fact("small")],
            ..Mission::default()
        };
        assert!(mission(
            &mut known,
            Mission {
                facts: vec![fact("large")],
                ..Mission::default()
            }
        ));
        assert_eq!(known.description.as_deref(), Some("d"));
        assert_eq!(known.facts, [fact("large")]);
    }

    #[test]
    fn what_is_told_besides_lies_the_same_whatever_comes_first() {
        let told = |label: &'static str| Run {
            facts: vec![Fact {
                label,
                value: String::new(),
            }],
            extras: vec![Extra {
                label: label.to_owned(),
                raw: Payload::default(),
            }],
            ..Run::default()
        };
        let after = |order: [&'static str; 3]| {
            let mut known = Run {
                raw: Payload::new("{}".into()),
                ..told("schedule")
            };
            for label in order {
                assert!(run(&mut known, told(label)));
            }
            known
        };
        let one = after(["inbox", "spans", "tracker"]);
        assert_eq!(one, after(["tracker", "inbox", "spans"]));
        assert_eq!(one, after(["spans", "tracker", "inbox"]));
        let labels: Vec<_> = one.facts.iter().map(|fact| fact.label).collect();
        assert_eq!(labels, ["inbox", "schedule", "spans", "tracker"]);
    }
}
