//! The transcript of a task, page by page: the service's cursor page, or a bare array where that route
//! is missing, or what a whole export holds. The inbox and the spans are asked for besides.

use super::message::{Reader, Told};
use super::{aside, asks, paging, said};
use crate::model::{
    Ask, Batch, Event, Extra, Kind, Only, Page, Payload, Record, Reply, Row, Run, RunRef,
};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// A page of the transcript.
pub fn read(run: &RunRef, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if !reply.is_ok() {
        return refused(run, page, reply);
    }
    let whole = wire::body(reply)?;
    let object = Object::read(whole);
    let rows = match &object {
        None => wire::array(whole),
        Some(object) => object.array("data").or_else(|| object.array("messages")),
    };
    let Some(rows) = rows else {
        return Err(said::foreign(whole, "a list of messages"));
    };
    let mut reader = Reader::new(reply);
    let (mut batch, ids) = messages(&mut reader, page, &rows);
    let going_on = match &object {
        Some(object) => paging::by_cursor(page, object, rows.len(), &reader),
        None if paging::is_numbered(page) && !paging::reaches_known(page, reader.oldest()) => {
            paging::by_number(page, asks::messages_limit(page), &ids)
        }
        None => None,
    };
    batch.next = going_on.map(|page| Ask::Events {
        run: run.clone(),
        page,
    });
    if let Some(object) = &object {
        batch.rows.extend(memory(run, reply, object));
    }
    if page.index == 0 && page.after.is_none() {
        batch.also = besides(run);
    }
    Ok(batch)
}

/// Older servers lack pages by cursor; one without any list of messages may still have the export.
fn refused(run: &RunRef, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let next = if paging::has_no_cursors(reply, run, page) {
        paging::without_cursors(run, page)
    } else if paging::has_no_messages(reply, page) {
        paging::as_export(run, page)
    } else {
        return Err(said::refusal(reply));
    };
    let first = page.index == 0 && page.after.is_none();
    Ok(Batch {
        next: Some(next),
        also: if first { besides(run) } else { Vec::new() },
        ..Batch::default()
    })
}

/// Sync agents have no inbox, which is an empty list and not a refusal.
fn besides(run: &RunRef) -> Vec<Ask> {
    let inbox = (!run.mission.is_empty()).then(|| aside::of_run(run, aside::INBOX));
    inbox
        .into_iter()
        .chain([aside::of_run(run, aside::SPANS)])
        .collect()
}

/// Messages of one type; or spans. What reached the inbox is picked from all of it.
pub fn picked(
    run: &RunRef,
    only: &Only,
    page: &Page,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let again = |page| Ask::Picked {
        run: run.clone(),
        only: only.clone(),
        page,
    };
    if only.kind == Some(Kind::Span) {
        let of = crate::model::Of::Run(run.clone());
        return aside::read(&of, aside::SPANS, page, reply);
    }
    let rows = super::list(reply)?;
    let (mut batch, ids) = messages(&mut Reader::new(reply), page, &rows);
    batch.next = paging::by_number(page, asks::MESSAGES, &ids).map(again);
    if page.index == 0 && !run.mission.is_empty() {
        batch.also.push(aside::of_run(run, aside::INBOX));
    }
    Ok(batch)
}

fn messages(reader: &mut Reader<'_>, page: &Page, rows: &[Raw<'_>]) -> (Batch, Vec<String>) {
    let mut batch = Batch::default();
    let mut ids = Vec::new();
    for raw in rows {
        let told = reader.event(raw);
        batch.skipped += u32::from(!told.readable);
        ids.push(told.event.id.clone());
        let known = page.after.is_some_and(|after| told.event.order.at <= after);
        batch.rows.push(row(told, known));
    }
    (batch, ids)
}

/// The row of a message. What is stored of one that is still being written is empty, while a stream
/// may have brought the half of it: where it is known already, its bytes say nothing.
pub fn row(told: Told, known: bool) -> Row {
    let Told {
        event, unwritten, ..
    } = told;
    if !(known && unwritten) {
        return Row::Full(Record::Event(event));
    }
    Row::Patch(Record::Event(Event {
        id: event.id,
        kind: event.kind,
        type_sent: event.type_sent,
        order: event.order,
        time: event.time,
        tool: event.tool,
        call_id: event.call_id,
        ..Event::default()
    }))
}

/// What was asked for by id has that id.
pub fn with_id(row: Row, id: &str) -> Row {
    match row {
        Row::Full(record) => Row::Full(super::with_id(record, id)),
        Row::Patch(record) => Row::Patch(super::with_id(record, id)),
    }
}

/// What the agents remember, which only an export holds beside its messages.
fn memory(run: &RunRef, reply: &Reply<'_>, object: &Object<'_>) -> Option<Row> {
    let states = object.raw("task_states")?;
    let raw: Payload = match wire::array(states)?.as_slice() {
        [] => return None,
        [only] => wire::payload(reply, only),
        _ => wire::payload(reply, states),
    };
    Some(Row::Patch(Record::Run(Run {
        id: run.run.to_string(),
        extras: vec![Extra {
            label: "state".to_owned(),
            raw,
        }],
        ..Run::default()
    })))
}
