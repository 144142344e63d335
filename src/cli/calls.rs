//! `sortie calls RUN…`: every tool call of one or several runs with its whole arguments, what became of it
//! and how long it took, sorted, as a table for people or for other programs.

use std::io;

use super::{
    exit::{Exit, Failure, Stop},
    gather::{Parts, Whole},
    pick::{Telling, look_at},
    print::{Field, Outlet, json},
    refuse,
    session::Session,
    show::Shown,
};
use crate::{
    analysis::{Call, CallSort, OpKind, Operation},
    app::query::{Paths, Query},
    args::{Format, GridFormat},
    export::{CallRecord, Grid, grid},
    model::Address,
};

pub(super) async fn run(
    session: &Session,
    runs: &[String],
    (sort, query): (CallSort, Option<&str>),
    format: GridFormat,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let told = format.records();
    let query = match query.map(|text| session.query(text)).transpose() {
        Ok(query) => query,
        Err(stop) => return refuse(session, &stop, told, outlet),
    };
    let mut calls = Vec::new();
    let mut failures = Vec::new();
    let mut paths = query.as_ref().map(Paths::of);
    for text in runs {
        match of_run(session, text, query.as_ref(), told, outlet).await? {
            Ok(found) => {
                if let Some(paths) = &mut paths {
                    look_at(paths, &found.whole);
                }
                calls.extend(found.calls);
                failures.extend(found.failures);
            }
            Err(stop) => return refuse(session, &stop, told, outlet),
        }
    }
    calls.sort_by(|one, other| {
        let order = sort.by.compare(one, other);
        if sort.reverse { order.reverse() } else { order }
    });
    if sort.reverse && sort.by == crate::analysis::CallOrder::Number {
        calls.reverse();
    }
    let absent = paths.filter(|_| failures.is_empty());
    let absent = absent.map(|paths| paths.told()).unwrap_or_default();
    let nowhere = absent
        .into_iter()
        .map(|path| format!("no event of these runs has {path}"));
    let nowhere: Vec<String> = nowhere.collect();
    print(session, &calls, (&failures, &nowhere), format, outlet)?;
    for note in &nowhere {
        let note = session.redactor.masking().text(note).into_owned();
        outlet.note(told, &note)?;
    }
    Ok(Exit::of(!calls.is_empty(), &failures))
}

/// The calls of a run that are wanted, and all that was read of it.
struct Found {
    calls: Vec<Call>,
    whole: Whole,
    failures: Vec<Failure>,
}

async fn of_run(
    session: &Session,
    text: &str,
    query: Option<&Query>,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Result<Found, Stop>> {
    let address = Address::parse(text).filter(|address| address.event.is_none());
    let Some(address) = address else {
        return Ok(Err(Stop::Usage(format!("`{text}` names no run"))));
    };
    let located = match session.recall(&address).await {
        Ok(located) => located,
        Err(stop) => return Ok(Err(stop)),
    };
    let Some(asked) = session.contexts.get(located.placed.context) else {
        return Ok(Err(Stop::NotFound(format!("no run fits `{text}`"))));
    };
    let mut whole = session.whole(asked, &located.placed.row, Parts::ALL).await;
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    let shown = Shown { session, asked };
    if whole.events.iter().any(|event| event.content.is_some()) {
        let places = shown.parts(&whole, |kind| kind == OpKind::Tool);
        failures.extend(shown.content(&mut whole, places, format, outlet).await?);
    }
    let mission = match query {
        Some(query) => session.mission_name(asked, &whole.run, query).await,
        None => String::new(),
    };
    let course = shown.course(&whole);
    let telling = Telling::new(&whole, &course);
    let mut facts = session.facts(asked, &mission, &whole.run);
    facts.soft = Some(telling.is_soft());
    let wanted = |operation: &&Operation| {
        query.is_none_or(|query| telling.asked(operation, |of| query.matches_operation(&facts, of)))
    };
    let calls = telling.operations.iter().filter(wanted);
    let calls = calls.filter_map(|operation| {
        let event = course.event(operation.node)?;
        let number = course.number(operation.node);
        Call::of(&whole.run.id, operation, event, number)
    });
    let calls = calls.collect();
    Ok(Ok(Found {
        calls,
        whole,
        failures,
    }))
}

fn print(
    session: &Session,
    calls: &[Call],
    (failures, nowhere): (&[Failure], &[String]),
    format: GridFormat,
    outlet: &mut Outlet<'_>,
) -> io::Result<()> {
    let mut masking = session.redactor.masking();
    match format {
        GridFormat::Json | GridFormat::Jsonl => {
            let items = calls
                .iter()
                .map(|call| json(&CallRecord::of(call, &mut masking)));
            let items = Field::Many(items.collect::<io::Result<_>>()?);
            let fields = [("items", items)];
            let told = format.records();
            let failed = (failures, nowhere);
            return outlet.records_told(told, "sortie.calls/1", &fields, failed, &mut masking);
        }
        GridFormat::Csv => outlet.cells(&grid::spell(calls, Grid::Csv, &mut masking))?,
        GridFormat::Tsv => outlet.cells(&grid::spell(calls, Grid::Tsv, &mut masking))?,
        GridFormat::Text => {
            let table = session.sheet(&mut masking, outlet).call_table(calls);
            outlet.out.write_all(table.as_bytes())?;
        }
    }
    outlet.failures(Format::Text, failures, &mut masking)
}
