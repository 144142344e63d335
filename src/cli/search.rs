//! `sortie search WORD`: a text in what runs did. Reads the runs that a query picks, the newest first, and
//! prints each event that has the text with its address and the line. The line is masked before it is
//! cut, so that no value is parted from the key that makes it a secret.

use std::{io, ops::Range};

use futures_util::{StreamExt as _, stream};

use super::{
    exit::{Exit, Failure, Stop},
    gather::{self, Parts, Whole},
    missions::home,
    pick::AT_ONCE,
    print::{Field, Outlet, json},
    refuse,
    session::Session,
};
use crate::{
    app::query::{Needle, Query},
    args::Format,
    export::{self, Hit},
    guard::{Masking, Sort},
    model::{Event, EventView},
    text::json::unquote,
};

/// Characters that are shown on either side of what was found.
const BESIDE: usize = 60;

/// What is looked for, and where.
pub(super) struct Wanted<'a> {
    pub word: &'a str,
    pub query: Option<&'a str>,
    /// Runs that are looked through at most; 0 is no limit.
    pub runs: usize,
    /// Hits that are printed at most; 0 is no limit.
    pub limit: usize,
}

pub(super) async fn run(
    session: &Session,
    wanted: &Wanted<'_>,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let (needle, query) = match read(session, wanted) {
        Ok(read) => read,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let limit = (wanted.runs > 0).then_some(wanted.runs);
    let listed = session
        .runs(&gather::Wanted {
            query: query.clone(),
            limit,
            ..gather::Wanted::default()
        })
        .await;
    let mut failures = listed.failures;
    let looked = listed.rows.len();
    let wholes = listed.rows.iter().map(|placed| async {
        let asked = session.contexts.get(placed.context)?;
        let (mission, run) = &placed.row;
        let whole = session.whole(asked, run, Parts::STATE).await;
        let fits = match &query {
            Some(query) => session.fitting(asked, mission, query, &whole),
            None => vec![true; whole.events.len()],
        };
        Some((placed.context, whole, fits))
    });
    let mut wholes = stream::iter(wholes).buffered(AT_ONCE);
    let mut found = Found::default();
    let most = if wanted.limit == 0 {
        usize::MAX
    } else {
        wanted.limit
    };
    while let Some(read) = wholes.next().await {
        let Some((context, whole, fits)) = read else {
            continue;
        };
        found.take(context, whole, &fits, &needle, &mut failures);
        if found.hits >= most {
            break;
        }
    }
    drop(wholes);
    let mut masking = session.redactor.masking();
    let rows = found
        .rows
        .iter()
        .flat_map(|(context, whole, hits)| hits.iter().map(move |at| (*context, whole, *at)));
    let hits: Vec<Hit<'_>> = rows
        .take(most)
        .filter_map(|(context, whole, at)| {
            let event = whole.events.get(at)?;
            Some(Hit {
                home: home(session, context)?,
                run: &whole.run,
                seq: whole.seq(at),
                event,
                line: line(event, &needle, &mut masking),
            })
        })
        .collect();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.hits(&hits);
        outlet.out.write_all(text.as_bytes())?;
        let events = found.events;
        let mut told = format!("{} hits in {events} events of {looked} runs", found.hits);
        if limit == Some(looked) {
            told.push_str("; older runs were not looked through, --runs 0 looks through all");
        }
        outlet.note(format, &told)?;
        outlet.failures(format, &failures, &mut masking)?;
    } else {
        let items = hits.iter().map(|hit| json(&export::hit(hit, &mut masking)));
        let items = Field::Many(items.collect::<io::Result<_>>()?);
        let mut fields = vec![("items", items)];
        if format == Format::Json {
            fields.push(("runs_read", Field::One(looked.to_string())));
            fields.push(("events_read", Field::One(found.events.to_string())));
        }
        outlet.records(format, "sortie.hits/1", &fields, &failures, &mut masking)?;
    }
    Ok(Exit::of(!hits.is_empty(), &failures))
}

fn read(session: &Session, wanted: &Wanted<'_>) -> Result<(Needle, Option<Query>), Stop> {
    let needle = Needle::new(wanted.word).map_err(Stop::Usage)?;
    let query = wanted.query.map(|text| session.query(text));
    Ok((needle, query.transpose()?))
}

/// What was found so far.
#[derive(Default)]
struct Found {
    /// Runs with hits, and the places of those among their events.
    rows: Vec<(usize, Whole, Vec<usize>)>,
    hits: usize,
    events: usize,
}

impl Found {
    fn take(
        &mut self,
        context: usize,
        whole: Whole,
        fits: &[bool],
        needle: &Needle,
        failures: &mut Vec<Failure>,
    ) {
        for failure in &whole.failures {
            if !failures.contains(failure) {
                failures.push(failure.clone());
            }
        }
        self.events += whole.events.len();
        let events = whole.events.iter().zip(fits).enumerate();
        let hits = events
            .filter(|(_, (event, fits))| **fits && needle.stands_in(&EventView::from(*event)));
        let hits: Vec<usize> = hits.map(|(at, _)| at).collect();
        self.hits += hits.len();
        if !hits.is_empty() {
            self.rows.push((context, whole, hits));
        }
    }
}

/// The line with what was found in it, masked, with as much around it as is read at a glance.
fn line(event: &Event, needle: &Needle, masking: &mut Masking) -> String {
    for span in &event.prose {
        let said = unquote(event.raw.part(*span));
        let said = masking.text(&said);
        let mut lines = said.lines();
        let found = lines.find_map(|line| Some(around(line, &needle.place(line)?)));
        if let Some(found) = found {
            return found;
        }
    }
    let payload = match event.body {
        Some(body) => event.raw.part(body),
        None => event.raw.bytes(),
    };
    let masked = masking.json(payload, Sort::Any);
    let masked = String::from_utf8_lossy(&masked);
    if let Some(place) = needle.place_in_json(&masked) {
        return around(&masked, &place);
    }
    let named = [
        &event.tool,
        &event.agent,
        &event.summary,
        &event.title,
        &event.step_id,
    ];
    let mut named = named
        .into_iter()
        .flatten()
        .chain([&event.type_sent, &event.id]);
    let found = named.find(|text| needle.place(text).is_some());
    found.map_or_else(String::new, |text| masking.text(text).into_owned())
}

/// A part of a text with some characters on either side.
fn around(text: &str, place: &Range<usize>) -> String {
    let before = text.get(..place.start).unwrap_or_default();
    let behind = text.get(place.end..).unwrap_or_default();
    let from = before.char_indices().rev().nth(BESIDE).map(|(at, _)| at);
    let to = behind.char_indices().nth(BESIDE).map(|(at, _)| at);
    let found = text.get(place.clone()).unwrap_or_default();
    let found: String = found.chars().take(4 * BESIDE).collect();
    let (begin, before) = match from {
        Some(at) => ("…", before.get(at..).unwrap_or_default()),
        None => ("", before),
    };
    let (behind, end) = match to {
        Some(at) => (behind.get(..at).unwrap_or_default(), "…"),
        None => (behind, ""),
    };
    format!("{begin}{before}{found}{behind}{end}")
        .trim()
        .to_owned()
}
