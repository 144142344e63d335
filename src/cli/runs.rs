//! `sortie runs`: the runs of all contexts together, the newest start first.

use std::io;

use jiff::Timestamp;

use super::{
    exit::Exit,
    gather::Wanted,
    missions::home,
    print::{Field, Outlet, json},
    refuse,
    session::Session,
};
use crate::{
    args::{Format, RunFilter, Since},
    export::record,
    model::Time,
};

pub(super) async fn run(
    session: &Session,
    filter: &RunFilter,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let query = filter.query.as_deref().map(|text| session.query(text));
    let query = match query.transpose() {
        Ok(query) => query,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let wanted = Wanted {
        mission: filter.mission.clone(),
        status: filter.status.clone(),
        since: filter.since.and_then(|since| beginning(session, since)),
        limit: (filter.limit > 0).then_some(filter.limit as usize),
        query,
    };
    let mut found = session.runs(&wanted).await;
    let listed = found.rows.len();
    let not_read = match &wanted.query {
        Some(query) => session.settle(&mut found, query, filter.load).await,
        None => 0,
    };
    if let Some(sort) = filter.sort {
        found
            .rows
            .sort_by_cached_key(|placed| sort.key(&placed.row.1));
    }
    let rows = || {
        let placed = found.rows.iter();
        placed.filter_map(|placed| {
            let (mission, run) = &placed.row;
            Some((home(session, placed.context)?, mission.as_str(), run))
        })
    };
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.runs(rows());
        outlet.out.write_all(text.as_bytes())?;
        if Some(listed) == wanted.limit {
            outlet.note(format, "more may follow; --limit 0 lists all")?;
        }
        if not_read > 0 {
            outlet.note(format, &format!("not read: {not_read}; --load reads them"))?;
        }
        for note in &found.notes {
            outlet.note(format, &masking.text(note))?;
        }
        outlet.failures(format, &found.failures, &mut masking)?;
    } else {
        let items = rows().map(|(home, _, run)| json(&record::run(home, run, &mut masking)));
        let items = items.collect::<io::Result<_>>()?;
        let mut fields = vec![("items", Field::Many(items))];
        if wanted.query.is_some() && format == Format::Json {
            fields.push(("not_read", Field::One(not_read.to_string())));
        }
        outlet.records(
            format,
            "sortie.runs/1",
            &fields,
            &found.failures,
            &mut masking,
        )?;
    }
    Ok(Exit::of(!found.rows.is_empty(), &found.failures))
}

/// None reaches back to the beginning.
pub(super) fn beginning(session: &Session, since: Since) -> Option<Time> {
    let at = |time: Timestamp| i64::try_from(time.as_nanosecond()).ok().map(Time);
    match since {
        Since::Ago(span) => {
            let nanos = i64::try_from(span.as_nanos()).ok()?;
            session.now.0.checked_sub(nanos).map(Time)
        }
        Since::At(time) => at(time),
        Since::Civil(day) => at(day.to_zoned(session.zone.clone()).ok()?.timestamp()),
    }
}
