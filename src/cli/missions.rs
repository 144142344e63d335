//! `sortie missions`: every mission of the contexts, by context and name.

use std::io;

use super::{
    exit::Exit,
    gather::Placed,
    print::{Field, Outlet, json},
    session::Session,
};
use crate::{
    args::Format,
    export::record::{self, Home},
    model::Mission,
};

pub(super) async fn run(
    session: &Session,
    limit: u32,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let mut found = session.missions().await;
    let key = |placed: &Placed<Mission>| (placed.context, placed.row.name.to_lowercase());
    found.rows.sort_by_key(key);
    if limit > 0 {
        found.rows.truncate(limit as usize);
    }
    let rows = || {
        let placed = found.rows.iter();
        placed.filter_map(|placed| Some((home(session, placed.context)?, &placed.row)))
    };
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.missions(rows());
        outlet.out.write_all(text.as_bytes())?;
        outlet.failures(format, &found.failures, &mut masking)?;
    } else {
        let items =
            rows().map(|(home, mission)| json(&record::mission(home, mission, &mut masking)));
        let items = items.collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(items))];
        let schema = "sortie.missions/1";
        outlet.records(format, schema, &fields, &found.failures, &mut masking)?;
    }
    Ok(Exit::of(!found.rows.is_empty(), &found.failures))
}

pub(super) fn home(session: &Session, context: usize) -> Option<Home<'_>> {
    session.contexts.get(context).map(super::Asked::home)
}
