//! The operations of runs as comma-separated values, repeats one by one: what they were, what became of
//! them, when, and what they cost. Without payloads, which `sortie calls -o csv` has. No cell is a formula.

use std::io::{self, Write};

use super::{
    Parcel,
    grid::{Grid, spelled},
    record,
};
use crate::guard::Masking;

const NAMES: [&str; 21] = [
    "context",
    "run_id",
    "seq",
    "event_id",
    "kind",
    "title",
    "summary",
    "verdict",
    "rule",
    "reason",
    "recovered_by",
    "step",
    "tool",
    "started_at",
    "ended_at",
    "duration_ms",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "repeats",
    "in_loop",
];

/// The names of the columns.
pub(super) fn head(out: &mut dyn Write) -> io::Result<()> {
    let names = NAMES.map(str::to_owned).to_vec();
    out.write_all(spelled([names], Grid::Csv).as_bytes())
}

/// The rows of a run, with the names of the columns above them where it is the first.
pub(super) fn write(
    parcel: &Parcel<'_>,
    first: bool,
    masking: &mut Masking,
    out: &mut dyn Write,
) -> io::Result<()> {
    if first {
        head(out)?;
    }
    let (course, run) = (parcel.course, parcel.run);
    for operation in course.operations() {
        parcel.go_on(1)?;
        let number = course.number(operation.node);
        let told = record::operation(course, &operation, masking);
        let mut cells = vec![
            parcel.home.context.to_owned(),
            masking.id(&run.id).into_owned(),
            number.map(|number| number.to_string()).unwrap_or_default(),
        ];
        cells.extend(told.cells());
        out.write_all(spelled([cells], Grid::Csv).as_bytes())?;
    }
    Ok(())
}
