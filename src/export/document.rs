//! A whole run as one JSON document, written record by record, so that a run of any size takes no more
//! memory than its largest record. The same bytes as `sortie show RUN -o json` prints; what sortie reads
//! of such a document it writes as the same document again.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Parcel,
    record::{self, ErrorRecord, line},
};
use crate::{guard::Masking, model::NodeId};

/// What a list of such documents begins with.
pub(super) const LIST: &str = "{\"schema\":\"sortie.export/1\",\n\"items\":[\n";

/// The document, without a line end.
pub(super) fn write(
    parcel: &Parcel<'_>,
    errors: &[ErrorRecord],
    masking: &mut Masking,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (home, run, course) = (parcel.home, parcel.run, parcel.course);
    write!(out, "{{\"schema\":\"sortie.run/1\",\n\"run\":")?;
    one(&record::run(home, run, masking), out)?;
    write!(out, ",\n\"header\":")?;
    one(&record::header(course, run, masking), out)?;
    let steps = parcel.steps.iter();
    list(
        "steps",
        steps.map(|step| text(&record::step(&run.id, step, masking))),
        out,
    )?;
    let children = parcel.children.iter();
    list(
        "child_runs",
        children.map(|child| text(&record::run(home, child, masking))),
        out,
    )?;
    let operations = course.operations();
    list(
        "operations",
        operations.map(|operation| {
            parcel.go_on(0)?;
            text(&record::operation(course, &operation, masking))
        }),
        out,
    )?;
    list("events", events(parcel, masking), out)?;
    let errors = errors.iter().map(|error| {
        text(&ErrorRecord {
            message: masking.text(&error.message).into_owned(),
            ..error.clone()
        })
    });
    list("errors", errors, out)?;
    out.write_all(b"}")
}

/// The records of the run, its steps, its child runs and its events, one a line.
pub(super) fn lines(
    parcel: &Parcel<'_>,
    masking: &mut Masking,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (home, run) = (parcel.home, parcel.run);
    one(&record::run(home, run, masking), out)?;
    for step in parcel.steps {
        out.write_all(b"\n")?;
        one(&record::step(&run.id, step, masking), out)?;
    }
    for child in parcel.children {
        out.write_all(b"\n")?;
        one(&record::run(home, child, masking), out)?;
    }
    for event in events(parcel, masking) {
        out.write_all(b"\n")?;
        out.write_all(event?.as_bytes())?;
    }
    out.write_all(b"\n")
}

fn events<'p>(
    parcel: &'p Parcel<'_>,
    masking: &'p mut Masking,
) -> impl Iterator<Item = io::Result<String>> + 'p {
    let nodes = (0..).map(NodeId).zip(parcel.course.events());
    nodes.map(|(node, event)| {
        parcel.go_on(1)?;
        let seq = parcel.course.number(node);
        text(&record::event(parcel.home, parcel.run, seq, event, masking))
    })
}

fn list(
    name: &str,
    records: impl Iterator<Item = io::Result<String>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    let mut any = false;
    for record in records {
        out.write_all(if any { b",\n" } else { b"\n" })?;
        out.write_all(record?.as_bytes())?;
        any = true;
    }
    out.write_all(if any { b"\n]" } else { b"]" })
}

fn one(record: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text(record)?.as_bytes())
}

/// A record without its line end.
fn text(record: &impl Serialize) -> io::Result<String> {
    let mut line = line(record).map_err(io::Error::other)?;
    line.pop();
    Ok(line)
}
