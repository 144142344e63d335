//! `sortie causes`: failed runs of all contexts by what they have in common, the latest first. Runs
//! whose list does not say why they failed are counted, and read only when that is asked for.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};

use super::{
    exit::{Exit, Failure},
    gather::{Parts, Placed, Wanted},
    missions::home,
    pick::parts,
    print::{Field, Outlet, json},
    refuse,
    runs::beginning,
    session::Session,
    views::Viewed,
};
use crate::{
    analysis::{Fingerprint, Terms},
    app::query::{Query, Truth},
    args::{CauseFilter, Format, Since},
    export::{
        Course,
        record::{self, Seen},
    },
    guard::redact::Masking,
    model::{Run, RunStatus},
};

/// How far back it looks unless it is told otherwise.
const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Runs that are read at the same time.
const AT_ONCE: usize = 4;

pub(super) async fn run(
    session: &Session,
    filter: &CauseFilter,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let viewed = session.viewed(
        filter.query.as_deref(),
        filter.view.as_deref(),
        filter.since,
    );
    let Viewed { query, since, .. } = match viewed {
        Ok(viewed) => viewed,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let since = since.unwrap_or(Since::Ago(WINDOW));
    let wanted = Wanted {
        mission: filter.mission.clone(),
        status: vec![RunStatus::Failed, RunStatus::TimedOut],
        since: beginning(session, since),
        query,
        ..Wanted::default()
    };
    let mut found = session.runs(&wanted).await;
    let mut masking = session.redactor.masking();
    let mut causes = Causes::default();
    let query = wanted.query.as_ref();
    let mut silent: Vec<(Placed<(String, Run)>, bool)> = Vec::new();
    for placed in &found.rows {
        let is_open = is_open(session, placed, query);
        if is_open || !causes.takes(session, placed, &mut masking) {
            silent.push((placed.clone(), is_open));
        }
    }
    let mut unread = silent.len();
    if filter.load {
        unread = 0;
        let read = silent.into_iter().map(|(placed, is_open)| {
            let query = query.filter(|_| is_open);
            read(session, placed, query)
        });
        let mut read = stream::iter(read).buffered(AT_ONCE);
        while let Some((placed, told, failures)) = read.next().await {
            if let Some(told) = told {
                causes.put(session, &placed, told, &mut masking);
            }
            for failure in failures {
                if !found.failures.contains(&failure) {
                    found.failures.push(failure);
                }
            }
        }
    }
    let rows = causes.in_order();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.causes(rows.iter().map(|(shape, seen)| (*shape, *seen)));
        outlet.out.write_all(text.as_bytes())?;
        if unread > 0 {
            let why = if query.is_some() {
                "to see whether they match and why they failed"
            } else {
                "to see why they failed"
            };
            let note = format!("not read: {unread}; --load reads them {why}");
            outlet.note(format, &note)?;
        }
        for note in &found.notes {
            outlet.note(format, &masking.text(note))?;
        }
        outlet.failures(format, &found.failures, &mut masking)?;
    } else {
        let items = rows
            .iter()
            .map(|(shape, seen)| json(&record::cause(shape, seen, &mut masking)));
        let mut fields = vec![("items", Field::Many(items.collect::<io::Result<_>>()?))];
        if format == Format::Json {
            fields.push(("not_read", Field::One(unread.to_string())));
        }
        let schema = "sortie.causes/1";
        outlet.records(format, schema, &fields, &found.failures, &mut masking)?;
    }
    Ok(Exit::of(!rows.is_empty(), &found.failures))
}

/// Whether a query asks more of a run than its list tells.
fn is_open(session: &Session, placed: &Placed<(String, Run)>, query: Option<&Query>) -> bool {
    let (Some(query), Some(asked)) = (query, session.contexts.get(placed.context)) else {
        return false;
    };
    let (mission, run) = &placed.row;
    query.matches_unread(&session.facts(asked, mission, run)) == Truth::NotRead
}

/// What came of a run that was read: none where a query does not want it, else what failed in it.
type Read = (
    Placed<(String, Run)>,
    Option<Option<Fingerprint>>,
    Vec<Failure>,
);

/// Reads a run whole, and says what failed in it.
async fn read(session: &Session, placed: Placed<(String, Run)>, query: Option<&Query>) -> Read {
    let Some(asked) = session.contexts.get(placed.context) else {
        return (placed, None, Vec::new());
    };
    let parts = query.map_or(Parts::STATE, parts);
    let (mission, run) = &placed.row;
    let whole = session.whole(asked, run, parts).await;
    let is_wanted =
        query.is_none_or(|query| session.matches(asked, mission, query, &whole) == Truth::Yes);
    if !is_wanted {
        return (placed, None, whole.failures);
    }
    let terms = Terms {
        call_ids: asked.call_ids(),
        switches: Arc::clone(&session.switches),
    };
    let over = !whole.run.status.is_going_on();
    let course = Course::read(&whole.events, over, true, terms);
    let mut masking = session.redactor.masking();
    let error = whole.run.error.as_deref().map(str::trim);
    let told = error
        .filter(|error| !error.is_empty())
        .map(|error| Fingerprint::new("run", None, &masking.text(error)))
        .or_else(|| {
            let node = course.digest().first_failure()?;
            let operation = course.digest().operation(node)?;
            let event = course.event(operation.answer.unwrap_or(operation.node))?;
            let said = |text: &str| masking.text(text).into_owned();
            Some(Fingerprint::of(&operation, event, said))
        });
    (placed, Some(told), whole.failures)
}

/// Failures by their fingerprint.
#[derive(Default)]
struct Causes(BTreeMap<Fingerprint, Seen>);

impl Causes {
    /// Puts a run under its error; says whether it has one.
    fn takes(
        &mut self,
        session: &Session,
        placed: &Placed<(String, Run)>,
        masking: &mut Masking,
    ) -> bool {
        let error = placed.row.1.error.as_deref().map(str::trim);
        let Some(error) = error.filter(|error| !error.is_empty()) else {
            return false;
        };
        let shape = Fingerprint::new("run", None, &masking.text(error));
        self.put(session, placed, Some(shape), masking);
        true
    }

    fn put(
        &mut self,
        session: &Session,
        placed: &Placed<(String, Run)>,
        shape: Option<Fingerprint>,
        masking: &mut Masking,
    ) {
        let (mission, run) = &placed.row;
        let Some(home) = home(session, placed.context) else {
            return;
        };
        let shape = shape.unwrap_or_else(|| {
            let word = run.status.word();
            let reason = run.status_reason.as_deref();
            let reason = reason.map_or_else(|| format!("{word}, no reason given"), str::to_owned);
            Fingerprint::new("run", None, &masking.text(&reason))
        });
        let at = run.ended_at.or(run.started_at).or(run.last_activity());
        self.0.entry(shape).or_default().add(home, mission, run, at);
    }

    /// The one that was seen last first.
    fn in_order(&self) -> Vec<(&Fingerprint, &Seen)> {
        let mut rows: Vec<_> = self.0.iter().collect();
        rows.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.last()));
        rows
    }
}
