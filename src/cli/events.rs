//! `sortie events RUN`: every event of a run, the oldest first.

use std::io;

use super::{
    address::Address,
    exit::{Exit, Stop},
    missions::home,
    print::{Field, Outlet, json},
    refuse,
    session::Session,
};
use crate::{args::Format, export::record, model::Kind};

pub(super) async fn run(
    session: &Session,
    run: &str,
    kinds: &[Kind],
    limit: u32,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let Some(address) = Address::parse(run).filter(|address| address.event.is_none()) else {
        let stop = Stop::Usage(format!("`{run}` is no run; write its id, or MISSION/RUN"));
        return refuse(session, &stop, format, outlet);
    };
    let located = match session.locate(&address).await {
        Ok(located) => located,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let context = located.placed.context;
    let (Some(asked), Some(home)) = (session.contexts.get(context), home(session, context)) else {
        return Ok(Exit::NotFound);
    };
    let whole = session.whole(asked, &located.placed.row, false).await;
    let limit = if limit == 0 {
        usize::MAX
    } else {
        limit as usize
    };
    let rows = || {
        let all = whole.events.iter().enumerate();
        all.filter(|(_, event)| kinds.is_empty() || kinds.contains(&event.kind))
            .take(limit)
            .map(|(at, event)| (whole.seq(at), event))
    };
    let printed = rows().next().is_some();
    let mut failures = located.failures;
    failures.extend(whole.failures.iter().cloned());
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.events(rows());
        outlet.out.write_all(text.as_bytes())?;
        skipped(whole.skipped, format, outlet)?;
        outlet.failures(format, &failures, &mut masking)?;
    } else {
        let items = rows()
            .map(|(seq, event)| json(&record::event(home, &whole.run, seq, event, &mut masking)));
        let items = items.collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(items))];
        outlet.records(format, "sortie.events/1", &fields, &failures, &mut masking)?;
    }
    Ok(Exit::of(printed, &failures))
}

pub(super) fn skipped(count: u32, format: Format, outlet: &mut Outlet<'_>) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let note = format!("{count} records could not be read; they are shown as unknown");
    outlet.note(format, &note)
}
