//! Two records of one id made one. Which of two whole ones is better, and how fields that became known
//! fill one that is there. Absent fields erase nothing; what has ended has ended.

use crate::model::{Event, Mission, Record, Row, Run, RunStatus, Step, StepStatus};

/// Puts what `row` says into `known`, the record that came before it with the same id.
pub(super) fn merge(known: &mut Record, row: Row) {
    match (known, row) {
        (Record::Mission(known), Row::Full(Record::Mission(new))) => better_mission(known, new),
        (Record::Run(known), Row::Full(Record::Run(new))) => better_run(known, new),
        (Record::Mission(known), Row::Patch(Record::Mission(new))) => patch_mission(known, new),
        (Record::Run(known), Row::Patch(Record::Run(new))) => patch_run(known, new),
        (Record::Step(known), Row::Patch(Record::Step(new))) => patch_step(known, new),
        (Record::Event(known), Row::Patch(Record::Event(new))) => patch_event(known, new),
        // A list that repeats itself. The first is as good, and so are two sorts of one id.
        (_, Row::Full(_) | Row::Patch(_)) => {}
    }
}

fn better_mission(known: &mut Mission, new: Mission) {
    let times = |m: &Mission| [m.created_at, m.updated_at].iter().flatten().count();
    if times(&new) > times(known) {
        *known = new;
    }
}

fn better_run(known: &mut Run, new: Run) {
    let times = |r: &Run| {
        [r.started_at, r.ended_at, r.updated_at]
            .iter()
            .flatten()
            .count()
    };
    let ends = (known.status.is_final(), new.status.is_final());
    let better = match ends {
        (true, false) => false,
        (false, true) => true,
        (true, true) | (false, false) => times(&new) > times(known),
    };
    if better {
        *known = new;
    }
}

fn fill<T>(known: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *known = new;
    }
}

fn fill_text(known: &mut String, new: String) {
    if !new.is_empty() {
        *known = new;
    }
}

fn patch_mission(known: &mut Mission, new: Mission) {
    fill_text(&mut known.name, new.name);
    fill(&mut known.description, new.description);
    fill(&mut known.status, new.status);
    fill(&mut known.created_at, new.created_at);
    fill(&mut known.updated_at, new.updated_at);
    if !new.facts.is_empty() {
        known.facts = new.facts;
    }
    if !new.raw.is_empty() {
        known.raw = new.raw;
    }
}

fn patch_run(known: &mut Run, new: Run) {
    let says_less = known.status.is_final() && !new.status.is_final();
    if new.status != RunStatus::Unknown && !says_less {
        known.status = new.status;
        fill(&mut known.status_sent, new.status_sent);
        fill(&mut known.status_reason, new.status_reason);
    }
    fill_text(&mut known.mission_id, new.mission_id);
    fill_text(&mut known.title, new.title);
    fill(&mut known.started_at, new.started_at);
    fill(&mut known.ended_at, new.ended_at);
    fill(&mut known.quiet_since, new.quiet_since);
    fill(&mut known.updated_at, new.updated_at);
    fill(&mut known.duration, new.duration);
    fill(&mut known.tokens, new.tokens);
    fill(&mut known.error, new.error);
    fill(&mut known.parent_run_id, new.parent_run_id);
    fill(&mut known.room, new.room);
    if !new.facts.is_empty() {
        known.facts = new.facts;
    }
    if !new.raw.is_empty() {
        known.raw = new.raw;
    }
}

fn patch_step(known: &mut Step, new: Step) {
    fill(&mut known.parent_id, new.parent_id);
    fill_text(&mut known.title, new.title);
    if new.status != StepStatus::Unknown {
        known.status = new.status;
        fill(&mut known.status_sent, new.status_sent);
    }
    fill(&mut known.started_at, new.started_at);
    fill(&mut known.ended_at, new.ended_at);
    if !new.raw.is_empty() {
        known.raw = new.raw;
    }
}

fn patch_event(known: &mut Event, new: Event) {
    fill(&mut known.time, new.time);
    fill(&mut known.duration, new.duration);
    fill(&mut known.step_id, new.step_id);
    fill(&mut known.agent, new.agent);
    fill(&mut known.tool, new.tool);
    fill(&mut known.call_id, new.call_id);
    fill(&mut known.is_error, new.is_error);
    fill(&mut known.tokens, new.tokens);
    fill(&mut known.title, new.title);
    fill(&mut known.summary, new.summary);
    // Spans are places in the bytes they came with.
    if !new.raw.is_empty() {
        known.raw = new.raw;
        known.prose = new.prose;
        known.body = new.body;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    fn run(status: RunStatus, started: Option<i64>) -> Run {
        Run {
            id: "r".to_owned(),
            status,
            started_at: started.map(Time),
            ..Run::default()
        }
    }

    fn merged(known: Run, row: Row) -> Run {
        let mut known = Record::Run(known);
        merge(&mut known, row);
        let Record::Run(run) = known else {
            panic!("a run stays a run")
        };
        run
    }

    #[test]
    fn a_finished_run_is_not_overwritten_by_an_unfinished_one() {
        let done = run(RunStatus::Failed, None);
        let going = run(RunStatus::Running, Some(1));
        for row in [
            Row::Full(Record::Run(going.clone())),
            Row::Patch(Record::Run(going.clone())),
        ] {
            assert_eq!(merged(done.clone(), row).status, RunStatus::Failed);
        }
        let row = Row::Full(Record::Run(done));
        assert_eq!(merged(going, row).status, RunStatus::Failed);
    }

    #[test]
    fn more_known_times_win_and_patches_erase_nothing() {
        let bare = run(RunStatus::Running, None);
        let timed = run(RunStatus::Running, Some(5));
        let row = Row::Full(Record::Run(timed.clone()));
        assert_eq!(merged(bare.clone(), row).started_at, Some(Time(5)));
        let row = Row::Patch(Record::Run(bare));
        assert_eq!(merged(timed, row).started_at, Some(Time(5)));
    }

    #[test]
    fn the_first_of_two_events_stays() {
        let event = |kind: &str| Event {
            id: "e".to_owned(),
            type_sent: kind.to_owned(),
            ..Event::default()
        };
        let mut known = Record::Event(event("first"));
        merge(&mut known, Row::Full(Record::Event(event("second"))));
        assert_eq!(known, Record::Event(event("first")));
    }
}
