//! `sortie show RUN|RUN#EVENT`: one run with its plan and what happened in it, or one event with the
//! operation that it belongs to. Ends with 1 where what it shows has failed by the service's own word;
//! what only its content says changes no exit code.

use std::{fmt::Write as _, io};

use futures_util::{StreamExt as _, stream};

use super::{
    events::skipped,
    exit::{Exit, Failure, Stop},
    gather::{Parts, Whole, reference},
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
};
use crate::{
    analysis::{OpKind, Verdict},
    args::{Format, Part},
    export::{Course, RunTold, View, record},
    model::{Address, Ask, Limit, Record, address::find_event, merge},
};

/// Content of more bytes than this is named before it is fetched.
const TOLD_ABOVE: u64 = 1024 * 1024;
/// Contents that are fetched at the same time.
const AT_ONCE: usize = 4;

/// What is to be shown, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// What of a run's events.
    pub view: View,
    /// Whether what is kept beside it is printed.
    pub in_full: bool,
    /// How.
    pub format: Format,
}

pub(super) async fn run(
    session: &Session,
    address: &str,
    wanted: Wanted,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = wanted.format;
    let (address, located, asked) = match session.sought(address).await {
        Ok(sought) => sought,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let mut whole = session.whole(asked, &located.placed.row, Parts::ALL).await;
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    let shown = Shown { session, asked };
    let lacking = whole.events.iter().any(|event| event.content.is_some());
    let Some(event) = &address.event else {
        if lacking && wanted.view == View::Calls {
            let calls = shown.parts(&whole, |kind| kind == OpKind::Tool);
            failures.extend(shown.content(&mut whole, calls, format, outlet).await?);
        }
        return shown.whole(&whole, &failures, wanted, outlet);
    };
    let at = match event_at(&address, event, &whole, &failures) {
        Ok(at) => at,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    if lacking {
        let sides = shown.sides(&whole, at);
        failures.extend(shown.content(&mut whole, sides, format, outlet).await?);
    }
    shown.event(&whole, at, &failures, format, outlet)
}

/// The place of the event that an address names.
pub(super) fn event_at(
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

/// A run of a context on its way out.
pub(super) struct Shown<'a> {
    pub session: &'a Session,
    pub asked: &'a Asked,
}

impl Shown<'_> {
    pub fn course<'w>(&self, whole: &'w Whole) -> Course<'w> {
        self.session.course(self.asked, whole)
    }

    /// The places of the events of operations of some kinds.
    pub fn parts(&self, whole: &Whole, wanted: impl Fn(OpKind) -> bool) -> Vec<usize> {
        let course = self.course(whole);
        let operations = course.operations();
        let wanted = operations.filter(|operation| wanted(operation.kind));
        let events = wanted.flat_map(|operation| operation.events);
        events.map(crate::model::NodeId::index).collect()
    }

    /// The places of the events of the operation that one belongs to.
    fn sides(&self, whole: &Whole, at: usize) -> Vec<usize> {
        let operation = self.course(whole).operation_at(at);
        let events = operation.map(|operation| operation.events);
        let mut sides: Vec<usize> = events
            .into_iter()
            .flatten()
            .map(crate::model::NodeId::index)
            .collect();
        if !sides.contains(&at) {
            sides.push(at);
        }
        sides
    }

    /// Fetches what the records of events lack. What is large is said before.
    pub async fn content(
        &self,
        whole: &mut Whole,
        places: Vec<usize>,
        format: Format,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Vec<Failure>> {
        let lacks = |at: &usize| {
            let event = whole.events.get(*at);
            event.is_some_and(|event| event.content.is_some())
        };
        let places: Vec<usize> = places.into_iter().filter(lacks).collect();
        let contents = places
            .iter()
            .filter_map(|at| whole.events.get(*at)?.content);
        let sizes = contents.filter_map(|content| content.size);
        let size: u64 = sizes.fold(0, u64::saturating_add);
        if size > TOLD_ABOVE {
            let size = size.div_ceil(TOLD_ABOVE);
            outlet.note(format, &format!("the content has {size} MiB; fetching it"))?;
            outlet.err.flush()?;
        }
        let run = reference(&whole.run);
        let asks: Vec<Ask> = places
            .iter()
            .filter_map(|at| {
                Some(Ask::Event {
                    run: run.clone(),
                    event: whole.events.get(*at)?.id.as_str().into(),
                })
            })
            .collect();
        let answers = asks
            .into_iter()
            .map(|ask| self.session.ask(self.asked, ask, Limit::NONE));
        let answers: Vec<_> = stream::iter(answers).buffered(AT_ONCE).collect().await;
        let mut failures: Vec<Failure> = Vec::new();
        for (at, (collected, failure)) in places.into_iter().zip(answers) {
            failures.extend(failure.filter(|failure| !failures.contains(failure)));
            let Some(event) = whole.events.get_mut(at) else {
                continue;
            };
            for record in collected.records {
                if let Record::Event(brought) = record
                    && brought.id == event.id
                {
                    *event = merge::event_patch(std::mem::take(event), brought);
                }
            }
        }
        Ok(failures)
    }

    fn whole(
        &self,
        whole: &Whole,
        failures: &[Failure],
        wanted: Wanted,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Exit> {
        let (session, home, run) = (self.session, self.asked.home(), &whole.run);
        let format = wanted.format;
        let course = self.course(whole);
        let mut masking = session.redactor.masking();
        if format == Format::Text {
            let told = RunTold {
                run,
                steps: &whole.steps,
                children: &whole.children,
                course: &course,
                view: wanted.view,
                now: session.now,
                in_full: wanted.in_full,
            };
            let all = whole.events.iter().enumerate();
            let events = all.map(|(at, event)| (whole.seq(at), event));
            let mut sheet = session.sheet(&mut masking, outlet);
            let text = sheet.run(home, &told, events);
            outlet.out.write_all(text.as_bytes())?;
            skipped(whole.skipped, format, outlet)?;
            outlet.failures(format, failures, &mut masking)?;
        } else {
            let fields = self.fields(whole, &course, wanted, &mut masking)?;
            outlet.records(format, "sortie.run/1", &fields, failures, &mut masking)?;
        }
        Ok(ended(run.status.is_failure(), failures))
    }

    /// The records of a run. As lines, those of the run, its steps, its child runs and its events; where
    /// only some operations are wanted, those.
    fn fields(
        &self,
        whole: &Whole,
        course: &Course<'_>,
        wanted: Wanted,
        masking: &mut crate::guard::Masking,
    ) -> io::Result<Vec<(&'static str, Field)>> {
        let (home, run) = (self.asked.home(), &whole.run);
        let picked = matches!(wanted.view, View::Calls | View::Failures);
        let operations: Vec<_> = match wanted.view {
            View::Calls => {
                let all = course.operations();
                all.filter(|operation| operation.kind == OpKind::Tool)
                    .collect()
            }
            View::Failures => {
                let rows = course.failures().into_iter();
                rows.map(|failing| failing.culprit).collect()
            }
            View::Operations | View::Waterfall | View::Events => course.operations().collect(),
        };
        let parts: std::collections::HashSet<usize> = operations
            .iter()
            .flat_map(|operation| &operation.events)
            .map(|node| node.index())
            .collect();
        let told = |masking: &mut _| {
            let each = operations.iter();
            let each = each.map(|operation| json(&record::operation(course, operation, masking)));
            each.collect::<io::Result<_>>().map(Field::Many)
        };
        if wanted.format == Format::Jsonl && picked {
            return Ok(vec![("operations", told(masking)?)]);
        }
        let shown = Field::One(json(&record::run(home, run, masking))?);
        let steps = whole.steps.iter();
        let steps = steps.map(|step| json(&record::step(&run.id, step, masking)));
        let steps = Field::Many(steps.collect::<io::Result<_>>()?);
        let children = whole.children.iter();
        let children = children.map(|child| json(&record::run(home, child, masking)));
        let children = Field::Many(children.collect::<io::Result<_>>()?);
        // Placeholders are numbered in the order in which they stand in the document.
        let told = match wanted.format {
            Format::Json => Some(told(masking)?),
            Format::Text | Format::Jsonl => None,
        };
        let events = whole.events.iter().enumerate();
        let events = events.filter(|(at, _)| !picked || parts.contains(at));
        let events = events
            .map(|(at, event)| json(&record::event(home, run, whole.seq(at), event, masking)));
        let events = Field::Many(events.collect::<io::Result<_>>()?);
        let mut fields = vec![
            ("run", shown),
            ("steps", steps),
            ("child_runs", children),
            ("events", events),
        ];
        if let Some(told) = told {
            let header = Field::One(json(&record::header(course, run, masking))?);
            fields.insert(1, ("header", header));
            fields.insert(4, ("operations", told));
        }
        Ok(fields)
    }

    fn event(
        &self,
        whole: &Whole,
        at: usize,
        failures: &[Failure],
        format: Format,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Exit> {
        let Some(event) = whole.events.get(at) else {
            return Ok(Exit::NotFound);
        };
        let (session, home, run) = (self.session, self.asked.home(), &whole.run);
        let course = self.course(whole);
        let operation = course.operation_at(at);
        // What became of the call is what became of its result, whichever of them was named.
        let failed = operation
            .as_ref()
            .map_or(event.is_error == Some(true), |operation| {
                operation.verdict == Verdict::Failed
            });
        let mut masking = session.redactor.masking();
        if format == Format::Text {
            let mut sheet = session.sheet(&mut masking, outlet);
            let text = match &operation {
                Some(operation) => sheet.operation(home, run, &course, operation),
                None => sheet.event(home, run, whole.seq(at), event),
            };
            outlet.out.write_all(text.as_bytes())?;
            outlet.failures(format, failures, &mut masking)?;
        } else {
            let told = |at: usize, event, masking: &mut _| {
                json(&record::event(home, run, whole.seq(at), event, masking))
            };
            let shown = told(at, event, &mut masking)?;
            let mut fields = vec![("event", Field::One(shown))];
            if let Some(operation) = operation.filter(|_| format == Format::Json) {
                let sides = operation.events.iter().map(|node| node.index());
                let sides = sides.filter_map(|at| Some((at, whole.events.get(at)?)));
                let sides = sides.map(|(at, event)| told(at, event, &mut masking));
                let sides = sides.collect::<io::Result<_>>()?;
                let told = json(&record::operation(&course, &operation, &mut masking))?;
                fields.push(("operation", Field::One(told)));
                fields.push(("events", Field::Many(sides)));
            }
            outlet.records(format, "sortie.event/1", &fields, failures, &mut masking)?;
        }
        Ok(ended(failed, failures))
    }
}

/// What could not be had weighs more than what the run did: the answer is not whole.
fn ended(failed: bool, failures: &[Failure]) -> Exit {
    match (failures.is_empty(), failed) {
        (false, _) => Exit::Partial,
        (true, true) => Exit::RunFailed,
        (true, false) => Exit::Ok,
    }
}

/// How the flags want a run to be seen.
pub(super) fn view(part: Part) -> View {
    match part {
        Part {
            waterfall: true, ..
        } => View::Waterfall,
        Part { calls: true, .. } => View::Calls,
        Part { failures: true, .. } => View::Failures,
        Part { raw: true, .. } => View::Events,
        Part { .. } => View::Operations,
    }
}
