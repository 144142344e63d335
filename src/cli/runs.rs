//! `sortie runs`: the runs of all contexts together, the newest start first.

use std::io;

use jiff::Timestamp;

use super::{
    columns,
    exit::Exit,
    gather::{Sifted, Wanted},
    missions::home,
    print::{Field, Outlet, json},
    refuse,
    session::Session,
    views::Viewed,
};
use crate::{
    app::columns::List,
    args::{Format, GridFormat, RunFilter, Since},
    export::record,
    model::Time,
};

pub(super) async fn run(
    session: &Session,
    filter: &RunFilter,
    wanted_as: GridFormat,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = wanted_as.records();
    let columns = match columns::wanted(List::Runs, filter.columns.as_deref(), wanted_as) {
        Ok(columns) => columns,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let viewed = session.viewed(
        filter.query.as_deref(),
        filter.view.as_deref(),
        filter.since,
    );
    let Viewed { query, since, sort } = match viewed {
        Ok(viewed) => viewed,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let wanted = Wanted {
        mission: filter.mission.clone(),
        status: filter.status.clone(),
        since: since.and_then(|since| beginning(session, since)),
        limit: (filter.limit > 0).then_some(filter.limit as usize),
        query,
        ..Wanted::default()
    };
    let Sifted {
        mut found,
        looked,
        mut not_read,
        is_cut,
    } = session.sifted(&wanted, filter.load).await;
    if let Some(sort) = filter.sort.or(sort) {
        found
            .rows
            .sort_by_cached_key(|placed| sort.key(&placed.row.1));
    }
    let mut masking = session.redactor.masking();
    let mut cells = None;
    if let Some(columns) = &columns {
        let mut read = session
            .cells(&found.rows, columns, filter.load, &mut masking)
            .await;
        found.failures.append(&mut read.failures);
        not_read += read.not_read;
        cells = Some(read.rows);
    }
    let rows = || {
        let placed = found.rows.iter();
        placed.filter_map(|placed| {
            let (mission, run) = &placed.row;
            Some((home(session, placed.context)?, mission.as_str(), run))
        })
    };
    if format == Format::Text {
        if let Some((columns, cells)) = columns.as_deref().zip(cells.as_ref()) {
            columns::print(session, columns, cells, (wanted_as, &mut masking), outlet)?;
        } else {
            let mut sheet = session.sheet(&mut masking, outlet);
            let text = sheet.runs(rows());
            outlet.out.write_all(text.as_bytes())?;
        }
        if Some(found.rows.len()) == wanted.limit {
            outlet.note(format, "more may follow; --limit 0 lists all")?;
        } else if is_cut {
            let note = format!(
                "only the newest {looked} runs that may match were looked at; --limit 0 looks at all"
            );
            outlet.note(format, &note)?;
        }
        if not_read > 0 {
            outlet.note(format, &format!("not read: {not_read}; --load reads them"))?;
        }
        for note in found.notes.iter().chain(&found.nowhere) {
            outlet.note(format, &masking.text(note))?;
        }
        outlet.failures(format, &found.failures, &mut masking)?;
    } else {
        let mut cells = cells.into_iter().flatten();
        let items = rows().map(|(home, _, run)| {
            let record = json(&record::run(home, run, &mut masking))?;
            Ok(columns::with_columns(
                record,
                columns.as_deref(),
                cells.next(),
                &mut masking,
            ))
        });
        let items = items.collect::<io::Result<_>>()?;
        let mut fields = vec![("items", Field::Many(items))];
        if wanted.query.is_some() && format == Format::Json {
            fields.push(("not_read", Field::One(not_read.to_string())));
        }
        outlet.records_told(
            format,
            "sortie.runs/1",
            &fields,
            (&found.failures, &found.nowhere),
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
