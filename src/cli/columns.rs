//! `--columns`: the columns that somebody chose, for each run or event that is listed. A value of a payload
//! is looked for in the run's own record, then in what the run did, where that was read.

use std::io;

use futures_util::{StreamExt as _, stream};

use super::{
    exit::{Failure, Stop},
    gather::{Parts, Placed, Whole},
    pick::AT_ONCE,
    print::Outlet,
    session::{Asked, Session},
};
use crate::{
    analysis::CellValue,
    app::{
        columns::{Column, List, RowFacts, Shows, row_value, run_value, value},
        query::PayloadPath,
    },
    args::{Format, GridFormat},
    export::{Grid, cells},
    guard::{Masking, Sort},
    model::{Event, Payload, Run},
};

/// The columns of tables for other programs unless told otherwise.
const RUNS: &str = "id,title,status,started,ended,duration,context,mission,tokens,error";
const RECORDS: &str = "number,id,kind,type,time,duration,tokens,step,agent,tool,call,title,summary";

/// The rows of a table.
pub(super) type Rows = Vec<Vec<CellValue>>;

/// What was found for runs, and what could not be.
pub(super) struct Cells {
    pub rows: Rows,
    pub failures: Vec<Failure>,
    /// Runs in whose operations a path may lead somewhere, but which were not read.
    pub not_read: usize,
}

/// Reads what was asked for; says with a caret what is no column.
fn read(list: List, text: &str) -> Result<Vec<Column>, Stop> {
    list.columns(text).map_err(|fault| {
        let known: Vec<&str> = list.words().collect();
        Stop::Usage(format!(
            "these are no columns:\n{}\nThe columns of {} are {}, and values of payloads: payload.amount, \
             refund:payload.amount",
            fault.picture(text),
            list.word(),
            known.join(", ")
        ))
    })
}

/// What was asked for; of a table for other programs, else nothing.
pub(super) fn wanted(
    list: List,
    text: Option<&str>,
    format: GridFormat,
) -> Result<Option<Vec<Column>>, Stop> {
    let usual = match (list, format) {
        (_, GridFormat::Text | GridFormat::Json | GridFormat::Jsonl) => None,
        (List::Runs, _) => Some(RUNS),
        (List::Events | List::Records, _) => Some(RECORDS),
    };
    text.or(usual).map(|text| read(list, text)).transpose()
}

/// Their names as people read them, or as programs do.
pub(super) fn names(columns: &[Column], people: bool) -> Vec<&str> {
    let names = columns.iter();
    names
        .map(|column| {
            if people {
                column.name.as_str()
            } else {
                column.record()
            }
        })
        .collect()
}

/// A record with its cells as `columns`, where some were asked for.
pub(super) fn with_columns(
    mut record: String,
    columns: Option<&[Column]>,
    row: Option<Vec<CellValue>>,
    masking: &mut Masking,
) -> String {
    if let Some((columns, row)) = columns.zip(row)
        && record.pop() == Some('}')
    {
        let object = cells::object(&names(columns, false), &row, masking);
        record.push_str(",\"columns\":");
        record.push_str(&object);
        record.push('}');
    }
    record
}

/// The cells of an event.
pub(super) fn of_event(
    columns: &[Column],
    number: Option<usize>,
    event: &Event,
    masking: &mut Masking,
) -> Vec<CellValue> {
    let facts = RowFacts {
        number,
        event,
        operation: None,
    };
    let cells = columns.iter().map(|column| match &column.shows {
        Shows::Fact(fact) => row_value(*fact, &facts),
        Shows::Path(path) => value(path, payload(event).bytes(), Sort::Any, masking, usize::MAX),
    });
    cells.collect()
}

/// Prints a table, with what is to be said beside it.
pub(super) fn print(
    session: &Session,
    columns: &[Column],
    rows: &Rows,
    (format, masking): (GridFormat, &mut Masking),
    outlet: &mut Outlet<'_>,
) -> io::Result<()> {
    let grid = match format {
        GridFormat::Csv => Some(Grid::Csv),
        GridFormat::Tsv => Some(Grid::Tsv),
        GridFormat::Text | GridFormat::Json | GridFormat::Jsonl => None,
    };
    if let Some(grid) = grid {
        outlet.cells(&cells::spell(&names(columns, false), rows, grid, masking))?;
    } else {
        let text = session
            .sheet(masking, outlet)
            .cells(&names(columns, true), rows);
        outlet.out.write_all(text.as_bytes())?;
    }
    for path in absent(columns, rows) {
        outlet.note(Format::Text, &format!("{path}: nowhere in what was read"))?;
    }
    Ok(())
}

impl Session {
    /// The cells of runs. Those at hand, and with `load` all, are read where a path leads nowhere in the
    /// record alone.
    pub(super) async fn cells(
        &self,
        runs: &[Placed<(String, Run)>],
        columns: &[Column],
        load: bool,
        masking: &mut Masking,
    ) -> Cells {
        let each = runs.iter().map(|placed| async move {
            let asked = self.contexts.get(placed.context)?;
            let (mission, run) = &placed.row;
            let lacks = paths(columns).any(|path| !path.leads_in(run.raw.bytes()));
            let reads = lacks && (load || self.is_at_hand(asked, run).await);
            let whole = if reads {
                Some(self.whole(asked, run, Parts::STATE).await)
            } else {
                None
            };
            let found = paths(columns).map(|path| reached(path, asked, run, whole.as_ref()));
            let found: Vec<Option<(Payload, Sort)>> = found.collect();
            let failures = whole.map(|whole| whole.failures).unwrap_or_default();
            Some((asked, mission, run, found, failures, lacks && !reads))
        });
        let mut each = stream::iter(each).buffered(AT_ONCE);
        let mut cells = Cells {
            rows: Vec::new(),
            failures: Vec::new(),
            not_read: 0,
        };
        while let Some(row) = each.next().await {
            let Some((asked, mission, run, found, failures, unread)) = row else {
                cells.rows.push(Vec::new());
                continue;
            };
            let mut found = found.into_iter();
            let facts = self.facts(asked, mission, run);
            let row = columns.iter().map(|column| match &column.shows {
                Shows::Fact(fact) => run_value(*fact, &facts),
                Shows::Path(path) => match found.next().flatten() {
                    Some((payload, sort)) => {
                        value(path, payload.bytes(), sort, masking, usize::MAX)
                    }
                    None => CellValue::Nothing,
                },
            });
            cells.rows.push(row.collect());
            cells.not_read += usize::from(unread);
            for failure in failures {
                if !cells.failures.contains(&failure) {
                    cells.failures.push(failure);
                }
            }
        }
        cells
    }
}

fn paths(columns: &[Column]) -> impl Iterator<Item = &PayloadPath> {
    columns.iter().filter_map(|column| match &column.shows {
        Shows::Path(path) => Some(path),
        Shows::Fact(_) => None,
    })
}

/// The paths that lead nowhere in what was printed.
fn absent(columns: &[Column], rows: &Rows) -> Vec<String> {
    let each = columns.iter().enumerate();
    let paths = each.filter_map(|(at, column)| match &column.shows {
        Shows::Path(path) => Some((at, path)),
        Shows::Fact(_) => None,
    });
    let lacks = |at: usize| {
        rows.iter()
            .all(|row| row.get(at) == Some(&CellValue::Nothing))
    };
    paths
        .filter(|(at, _)| !rows.is_empty() && lacks(*at))
        .map(|(_, path)| path.to_string())
        .collect()
}

/// The payload of an event; the record itself where it has no part of its own.
fn payload(event: &Event) -> Payload {
    event
        .body
        .map_or_else(|| event.raw.clone(), |body| event.raw.sub(body))
}

/// The first payload that a path leads to something in.
fn reached(
    path: &PayloadPath,
    asked: &Asked,
    run: &Run,
    whole: Option<&Whole>,
) -> Option<(Payload, Sort)> {
    if path.leads_in(run.raw.bytes()) {
        return Some((run.raw.clone(), Sort::of(asked.home().provider)));
    }
    let events = whole.into_iter().flat_map(|whole| &whole.events);
    let mut payloads = events.map(payload);
    let found = payloads.find(|payload| path.leads_in(payload.bytes()));
    found.map(|payload| (payload, Sort::Any))
}
