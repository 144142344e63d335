//! `sortie show RUN|RUN#EVENT`: one run with its plan and events, or one event with its record. Ends
//! with 1 where what it shows has failed.

use std::{fmt::Write as _, io};

use super::{
    address::{Address, find_event},
    events::skipped,
    exit::{Exit, Failure, Stop},
    gather::{Parts, Whole, reference},
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
};
use crate::{
    args::Format,
    export::{RunTold, record},
    model::{Ask, Limit, Record, merge},
};

/// Content of more bytes than this is named before it is fetched.
const TOLD_ABOVE: u64 = 1024 * 1024;

pub(super) async fn run(
    session: &Session,
    address: &str,
    in_full: bool,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let Some(address) = Address::parse(address) else {
        let stop = Stop::Usage(format!("`{address}` names no run and no event"));
        return refuse(session, &stop, format, outlet);
    };
    let located = match session.locate(&address).await {
        Ok(located) => located,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let Some(asked) = session.contexts.get(located.placed.context) else {
        return Ok(Exit::NotFound);
    };
    let mut whole = session.whole(asked, &located.placed.row, Parts::ALL).await;
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    match &address.event {
        None => run_whole(session, asked, &whole, &failures, in_full, format, outlet),
        Some(wanted) => match event_at(&address, wanted, &whole, &failures) {
            Ok(at) => {
                failures.extend(content(session, asked, &mut whole, at, format, outlet).await?);
                one_event(session, asked, &whole, at, &failures, format, outlet)
            }
            Err(stop) => refuse(session, &stop, format, outlet),
        },
    }
}

/// Fetches what the record of an event lacks. What is large is said before.
async fn content(
    session: &Session,
    asked: &Asked,
    whole: &mut Whole,
    at: usize,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Option<Failure>> {
    let run = reference(&whole.run);
    let Some(event) = whole.events.get_mut(at) else {
        return Ok(None);
    };
    let Some(content) = event.content else {
        return Ok(None);
    };
    if let Some(size) = content.size.filter(|size| *size > TOLD_ABOVE) {
        let size = size.div_ceil(TOLD_ABOVE);
        outlet.note(format, &format!("the content has {size} MiB; fetching it"))?;
        outlet.err.flush()?;
    }
    let ask = Ask::Event {
        run,
        event: event.id.as_str().into(),
    };
    let (collected, failure) = session.ask(asked, ask, Limit::NONE).await;
    for record in collected.records {
        if let Record::Event(brought) = record
            && brought.id == event.id
        {
            *event = merge::event_patch(std::mem::take(event), brought);
        }
    }
    Ok(failure)
}

fn event_at(
    address: &Address,
    wanted: &str,
    whole: &Whole,
    failures: &[Failure],
) -> Result<usize, Stop> {
    match find_event(wanted, &whole.events).as_slice() {
        [at] => Ok(*at),
        [] if failures.is_empty() => {
            let count = whole.events.len();
            let message = format!("no event of the run's {count} fits `{}`", address.text);
            Err(Stop::NotFound(message))
        }
        [] => Err(Stop::Failed(failures.to_vec())),
        several => {
            let mut message = format!("`{}` fits {} events:", address.text, several.len());
            for at in several.iter().take(20) {
                let id = whole.events.get(*at).map_or("", |event| event.id.as_str());
                let _ = write!(message, "\n  {}#{id}", whole.run.id);
            }
            Err(Stop::Usage(message))
        }
    }
}

fn run_whole(
    session: &Session,
    asked: &Asked,
    whole: &Whole,
    failures: &[Failure],
    in_full: bool,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let (home, run) = (asked.home(), &whole.run);
    let events = || {
        let all = whole.events.iter().enumerate();
        all.map(|(at, event)| (whole.seq(at), event))
    };
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let told = RunTold {
            run,
            steps: &whole.steps,
            children: &whole.children,
            in_full,
        };
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.run(home, &told, events());
        outlet.out.write_all(text.as_bytes())?;
        skipped(whole.skipped, format, outlet)?;
        outlet.failures(format, failures, &mut masking)?;
    } else {
        let shown = json(&record::run(home, run, &mut masking))?;
        let steps = whole.steps.iter();
        let steps = steps.map(|step| json(&record::step(&run.id, step, &mut masking)));
        let steps = steps.collect::<io::Result<_>>()?;
        let children = whole.children.iter();
        let children = children.map(|child| json(&record::run(home, child, &mut masking)));
        let children = children.collect::<io::Result<_>>()?;
        let events =
            events().map(|(seq, event)| json(&record::event(home, run, seq, event, &mut masking)));
        let events = events.collect::<io::Result<_>>()?;
        let fields = [
            ("run", Field::One(shown)),
            ("steps", Field::Many(steps)),
            ("child_runs", Field::Many(children)),
            ("events", Field::Many(events)),
        ];
        outlet.records(format, "sortie.run/1", &fields, failures, &mut masking)?;
    }
    Ok(ended(run.status.is_failure(), failures))
}

fn one_event(
    session: &Session,
    asked: &Asked,
    whole: &Whole,
    at: usize,
    failures: &[Failure],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let Some(event) = whole.events.get(at) else {
        return Ok(Exit::NotFound);
    };
    let (home, run, seq) = (asked.home(), &whole.run, whole.seq(at));
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let text = session
            .sheet(&mut masking, outlet)
            .event(home, run, seq, event);
        outlet.out.write_all(text.as_bytes())?;
        outlet.failures(format, failures, &mut masking)?;
    } else {
        let shown = json(&record::event(home, run, seq, event, &mut masking))?;
        let fields = [("event", Field::One(shown))];
        outlet.records(format, "sortie.event/1", &fields, failures, &mut masking)?;
    }
    Ok(ended(event.is_error == Some(true), failures))
}

/// What could not be had weighs more than what the run did: the answer is not whole.
fn ended(failed: bool, failures: &[Failure]) -> Exit {
    match (failures.is_empty(), failed) {
        (false, _) => Exit::Partial,
        (true, true) => Exit::RunFailed,
        (true, false) => Exit::Ok,
    }
}
