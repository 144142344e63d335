//! `sortie missions`: every mission of the contexts, by context and name; `sortie show --mission`: one of
//! them, with what its service keeps beside it.

use std::{fmt::Write as _, io};

use super::{
    exit::{Exit, Failure, Stop},
    gather::{Placed, Wanted},
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
};
use crate::{
    args::Format,
    export::record::{self, Home},
    model::{Ask, Limit, Mission, Record, merge},
};

/// How many missions of one name are told.
const TOLD: usize = 20;

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
    session
        .contexts
        .get(context)
        .map(super::session::Asked::home)
}

/// One mission, by id or name.
pub(super) async fn show(
    session: &Session,
    wanted: &str,
    in_full: bool,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let (placed, mut failures) = match find(session, wanted).await {
        Ok(found) => found,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let Some(asked) = session.contexts.get(placed.context) else {
        return Ok(Exit::NotFound);
    };
    let (mission, failure) = detailed(session, asked, placed.row).await;
    failures.extend(failure);
    let home = asked.home();
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.mission(home, &mission, in_full);
        outlet.out.write_all(text.as_bytes())?;
        outlet.failures(format, &failures, &mut masking)?;
    } else {
        let shown = json(&record::mission(home, &mission, &mut masking))?;
        let fields = [("mission", Field::One(shown))];
        let schema = "sortie.mission/1";
        outlet.records(format, schema, &fields, &failures, &mut masking)?;
    }
    Ok(Exit::of(true, &failures))
}

/// The mission that is wanted: of that id, else the only one of that name.
async fn find(session: &Session, wanted: &str) -> Result<(Placed<Mission>, Vec<Failure>), Stop> {
    let mut found = session.missions().await;
    let admits = Wanted {
        mission: Some(wanted.to_owned()),
        ..Wanted::default()
    };
    found.rows.retain(|placed| admits.admits(&placed.row));
    if found.rows.iter().any(|placed| placed.row.id == wanted) {
        found.rows.retain(|placed| placed.row.id == wanted);
    }
    if found.rows.len() > 1 {
        let mut message = format!("`{wanted}` fits {} missions:", found.rows.len());
        for placed in found.rows.iter().take(TOLD) {
            let context = home(session, placed.context).map_or("", |home| home.context);
            let _ = write!(
                message,
                "\n  {context}  {}  {}",
                placed.row.id, placed.row.name
            );
        }
        message.push_str("\nName its id, or its context with --context.");
        return Err(Stop::Usage(message));
    }
    match found.rows.pop() {
        Some(placed) => Ok((placed, found.failures)),
        None if found.failures.is_empty() => {
            Err(Stop::NotFound(format!("no mission is called `{wanted}`")))
        }
        None => Err(Stop::Failed(found.failures)),
    }
}

/// The mission with its detail and what stands beside it, as far as the service has them.
pub(super) async fn detailed(
    session: &Session,
    asked: &Asked,
    mut mission: Mission,
) -> (Mission, Option<Failure>) {
    let ask = Ask::Mission {
        mission: mission.id.as_str().into(),
    };
    if !asked.answers(&ask) {
        return (mission, None);
    }
    let (collected, failure) = session.ask(asked, ask, Limit::NONE).await;
    for record in collected.records {
        if let Record::Mission(brought) = record
            && brought.id == mission.id
        {
            merge::mission(&mut mission, brought);
        }
    }
    (mission, failure)
}
