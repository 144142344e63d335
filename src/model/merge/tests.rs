//! What stays and what gives way when a record comes again.

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
        of: None,
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
            of: None,
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

#[test]
fn what_is_told_of_several_things_under_one_label_stays_apart() {
    let of = |agent: &str, value: &str| Run {
        facts: vec![Fact {
            label: "other inbox",
            value: value.to_owned(),
            of: Some(agent.to_owned()),
        }],
        ..Run::default()
    };
    let mut known = Run::default();
    for told in [of("b", "3"), of("a", "1"), of("b", "4")] {
        run(&mut known, told);
    }
    let values: Vec<_> = known.facts.iter().map(|fact| &*fact.value).collect();
    assert_eq!(values, ["1", "4"]);
}
