//! `sortie events RUN`: the events of a run, the oldest first; `sortie events --all`: those of all runs,
//! the newest first, where a service lists them.

use std::io;

use super::{
    columns,
    exit::{Exit, Stop},
    gather::Picked,
    locate::Located,
    missions::home,
    pick::absent,
    print::{Field, Outlet, json},
    refuse,
    session::Session,
};
use crate::{
    app::columns::{Column, List},
    args::{EventFilter, Format, GridFormat},
    export::record,
    model::{Address, Run},
};

/// Events of all runs that are listed unless told otherwise.
const MOST: u32 = 100;

pub(super) async fn run(
    session: &Session,
    run: Option<&str>,
    filter: &EventFilter,
    format: GridFormat,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let columns = match columns::wanted(List::Records, filter.columns.as_deref(), format) {
        Ok(columns) => columns,
        Err(stop) => return refuse(session, &stop, format.records(), outlet),
    };
    let how = (columns.as_deref(), format);
    match run {
        Some(run) => of_run(session, run, filter, how, outlet).await,
        None => of_all(session, filter, how, outlet).await,
    }
}

/// The columns that are wanted, if any, and the form.
type How<'a> = (Option<&'a [Column]>, GridFormat);

/// What a filter picks.
pub(super) fn picked(filter: &EventFilter) -> Picked {
    Picked {
        kinds: filter.kind.clone(),
        step: filter.step.clone(),
        agent: filter.agent.clone(),
    }
}

/// 0 is no limit.
fn limit(given: u32) -> Option<usize> {
    (given > 0).then_some(given as usize)
}

/// The run that is named, as the service lists it now.
pub(super) async fn find(session: &Session, run: &str) -> Result<Located, Stop> {
    session.locate(&address(run)?).await
}

/// What names a run and no event.
fn address(run: &str) -> Result<Address, Stop> {
    let address = Address::parse(run).filter(|address| address.event.is_none());
    address.ok_or_else(|| Stop::Usage(format!("`{run}` is no run; write its id, or MISSION/RUN")))
}

async fn of_run(
    session: &Session,
    run: &str,
    filter: &EventFilter,
    (asked_for, how): How<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = how.records();
    let query = match filter
        .query
        .as_deref()
        .map(|text| session.query(text))
        .transpose()
    {
        Ok(query) => query,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let located = match address(run) {
        Ok(address) => session.recall(&address).await,
        Err(stop) => Err(stop),
    };
    let located = match located {
        Ok(located) => located,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let context = located.placed.context;
    let (Some(asked), Some(home)) = (session.contexts.get(context), home(session, context)) else {
        return Ok(Exit::NotFound);
    };
    let wanted = picked(filter);
    let (whole, kept) = session
        .picked_by(asked, &located.placed.row, &wanted, query.as_ref())
        .await;
    let most = filter.limit.and_then(limit).unwrap_or(usize::MAX);
    let rows = || {
        let all = whole.events.iter().zip(&kept).enumerate();
        all.filter(|(_, (_, kept))| **kept)
            .take(most)
            .map(|(at, (event, _))| (whole.seq(at), event))
    };
    let printed = rows().next().is_some();
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    let nowhere = absent(query.as_ref(), &whole);
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        if let Some(wanted) = asked_for {
            let cells =
                rows().map(|(seq, event)| columns::of_event(wanted, seq, event, &mut masking));
            let cells = cells.collect();
            columns::print(session, wanted, &cells, (how, &mut masking), outlet)?;
        } else {
            let mut sheet = session.sheet(&mut masking, outlet);
            let text = sheet.events(rows());
            outlet.out.write_all(text.as_bytes())?;
        }
        for note in &nowhere {
            outlet.note(format, &masking.text(note))?;
        }
        skipped(whole.skipped, format, outlet)?;
        outlet.failures(format, &failures, &mut masking)?;
    } else {
        let items = rows().map(|(seq, event)| {
            let record = json(&record::event(home, &whole.run, seq, event, &mut masking))?;
            let cells = asked_for.map(|of| columns::of_event(of, seq, event, &mut masking));
            Ok(columns::with_columns(
                record,
                asked_for,
                cells,
                &mut masking,
            ))
        });
        let items = items.collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(items))];
        let told = (failures.as_slice(), nowhere.as_slice());
        outlet.records_told(format, "sortie.events/1", &fields, told, &mut masking)?;
    }
    Ok(Exit::of(printed, &failures))
}

async fn of_all(
    session: &Session,
    filter: &EventFilter,
    (asked_for, how): How<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = how.records();
    let most = limit(filter.limit.unwrap_or(MOST));
    let query = filter
        .query
        .as_deref()
        .map(|text| session.query_of_events(text));
    let query = match query.transpose() {
        Ok(query) => query,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let mut wanted = picked(filter);
    if let (Some(query), []) = (&query, wanted.kinds.as_slice()) {
        wanted.kinds.extend(query.service().kind);
    }
    let found = session.everywhere(&wanted, query.as_ref(), most).await;
    let rows = || {
        let placed = found.rows.iter();
        placed.filter_map(|placed| Some((home(session, placed.context)?, &placed.row)))
    };
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        if let Some(wanted) = asked_for {
            let cells =
                rows().map(|(_, row)| columns::of_event(wanted, None, &row.event, &mut masking));
            let cells = cells.collect();
            columns::print(session, wanted, &cells, (how, &mut masking), outlet)?;
        } else {
            let mut sheet = session.sheet(&mut masking, outlet);
            let text = sheet.everywhere(rows());
            outlet.out.write_all(text.as_bytes())?;
        }
        if most == Some(found.rows.len()) {
            outlet.note(format, "more may follow; --limit 0 lists all")?;
        }
        for note in &found.notes {
            outlet.note(format, &masking.text(note))?;
        }
        skipped(found.skipped, format, outlet)?;
        outlet.failures(format, &found.failures, &mut masking)?;
    } else {
        let items = rows().map(|(home, row)| {
            let run = Run {
                mission_id: row.mission.clone(),
                id: row.run.clone(),
                ..Run::default()
            };
            let record = json(&record::event(home, &run, None, &row.event, &mut masking))?;
            let cells = asked_for.map(|of| columns::of_event(of, None, &row.event, &mut masking));
            Ok(columns::with_columns(
                record,
                asked_for,
                cells,
                &mut masking,
            ))
        });
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let schema = "sortie.events/1";
        outlet.records(format, schema, &fields, &found.failures, &mut masking)?;
    }
    Ok(Exit::of(!found.rows.is_empty(), &found.failures))
}

pub(super) fn skipped(count: u32, format: Format, outlet: &mut Outlet<'_>) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let note = match count {
        1 => "1 record could not be read; it is shown as unknown".to_owned(),
        _ => format!("{count} records could not be read; they are shown as unknown"),
    };
    outlet.note(format, &note)
}
