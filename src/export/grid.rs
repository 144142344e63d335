//! Tool calls as a grid for other programs: tab-separated, comma-separated, or JSON. Masked. A cell that
//! a spreadsheet would take for a formula is set off with an apostrophe, so that nothing that a service
//! sent is ever computed there.

use serde::Serialize;
use serde_json::value::RawValue;

use super::record::{line, timestamp};
use crate::{
    analysis::Call,
    guard::{Masking, Sort, safe_json},
};

/// How a grid is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grid {
    /// Cells between tabs; a tab or line end in a cell is a blank.
    Tsv,
    /// RFC 4180, with line feeds.
    Csv,
    /// A JSON array of records.
    Json,
}

const NAMES: [&str; 9] = [
    "run_id",
    "seq",
    "event_id",
    "tool",
    "verdict",
    "duration_ms",
    "step",
    "started_at",
    "arguments",
];

/// The record of a call.
#[derive(Debug, Serialize)]
pub struct CallRecord {
    run_id: String,
    seq: Option<usize>,
    event_id: String,
    tool: Option<String>,
    verdict: &'static str,
    duration_ms: Option<u64>,
    step: Option<String>,
    started_at: Option<String>,
    /// As sent, masked; text that is no JSON is a string.
    arguments: Option<Box<RawValue>>,
}

impl CallRecord {
    /// Of a call, masked.
    pub fn of(call: &Call, masking: &mut Masking) -> Self {
        let [run, event, step] =
            [&call.run, &call.event, &call.step].map(|id| masking.id(id).into_owned());
        let some = |text: String| (!text.is_empty()).then_some(text);
        let tool = some(masking.text(&call.tool).into_owned());
        let arguments = arguments(call, masking);
        Self {
            run_id: run,
            seq: call.number,
            event_id: event,
            tool,
            verdict: call.verdict.word(),
            duration_ms: call
                .took
                .and_then(|took| u64::try_from(took.as_millis()).ok()),
            step: some(step),
            started_at: call.started.map(|at| timestamp(at).to_string()),
            arguments: arguments.and_then(|json| RawValue::from_string(json).ok()),
        }
    }

    fn cells(&self) -> [String; 9] {
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        [
            self.run_id.clone(),
            number(self.seq.and_then(|seq| u64::try_from(seq).ok())),
            self.event_id.clone(),
            self.tool.clone().unwrap_or_default(),
            self.verdict.to_owned(),
            number(self.duration_ms),
            self.step.clone().unwrap_or_default(),
            self.started_at.clone().unwrap_or_default(),
            self.arguments
                .as_ref()
                .map(|json| json.get().to_owned())
                .unwrap_or_default(),
        ]
    }
}

/// The arguments of a call on one line of JSON, masked; none where there are none.
pub fn arguments(call: &Call, masking: &mut Masking) -> Option<String> {
    if call.arguments.is_empty() {
        return None;
    }
    let masked = masking.json(call.arguments.bytes(), Sort::Any);
    let text = || serde_json::Value::from(String::from_utf8_lossy(&masked)).to_string();
    Some(safe_json(&masked).unwrap_or_else(text))
}

/// Calls with the names of the columns above them; ends with a line end.
pub fn spell(calls: &[Call], grid: Grid, masking: &mut Masking) -> String {
    let records = calls.iter().map(|call| CallRecord::of(call, masking));
    let records: Vec<CallRecord> = records.collect();
    if grid == Grid::Json {
        return line(&records).unwrap_or_default();
    }
    let rows = records.iter().map(CallRecord::cells);
    let all = std::iter::once(NAMES.map(str::to_owned)).chain(rows);
    spelled(all.map(Vec::from), grid)
}

/// Rows of cells; ends with a line end.
pub(super) fn spelled(rows: impl IntoIterator<Item = Vec<String>>, grid: Grid) -> String {
    let mut out = String::new();
    for cells in rows {
        let cells = cells.into_iter().map(|cell| match grid {
            Grid::Csv => comma(&safe(cell)),
            Grid::Tsv | Grid::Json => safe(cell).replace(['\t', '\n', '\r'], " "),
        });
        let cells: Vec<String> = cells.collect();
        out.push_str(&cells.join(if grid == Grid::Csv { "," } else { "\t" }));
        out.push('\n');
    }
    out
}

/// A cell that no spreadsheet computes.
fn safe(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn comma(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{guard::redact::Redactor, model::Payload};
    use bytes::Bytes;

    fn call(tool: &str, arguments: &'static str) -> Call {
        Call {
            run: "r".to_owned(),
            event: "e".to_owned(),
            number: Some(3),
            tool: tool.to_owned(),
            arguments: Payload::new(Bytes::from_static(arguments.as_bytes())),
            took: Some(std::time::Duration::from_millis(900)),
            ..Call::default()
        }
    }

    fn told(calls: &[Call], grid: Grid) -> String {
        spell(calls, grid, &mut Redactor::default().masking())
    }

    #[test]
    fn a_cell_is_never_a_formula_and_never_breaks_its_row() {
        let calls = [
            call("=cmd|' /C calc'!A0", "{\"a\": \"x,y\", \"n\": 1.50}"),
            call("@sum\ttab", "not json,\n\"at all\""),
        ];
        let csv = told(&calls, Grid::Csv);
        let rows: Vec<&str> = csv.lines().collect();
        assert_eq!(rows.len(), 3, "{csv}");
        assert_eq!(
            rows[1],
            "r,3,e,'=cmd|' /C calc'!A0,ok,900,,,\"{\"\"a\"\":\"\"x,y\"\",\"\"n\"\":1.50}\""
                .replace(",ok,", &format!(",{},", Call::default().verdict.word()))
        );
        let tsv = told(&calls, Grid::Tsv);
        for row in tsv.lines() {
            assert_eq!(row.split('\t').count(), NAMES.len(), "{row}");
        }
        assert!(tsv.contains("\t'@sum tab\t"), "{tsv}");
    }

    #[test]
    fn records_have_the_arguments_as_sent_and_masked() {
        let calls = [call(
            "pay",
            "{\"amount\": 1.50, \"password\": \"hunter22\"}",
        )];
        let json = told(&calls, Grid::Json);
        assert!(json.contains("\"amount\":1.50"), "{json}");
        for grid in [Grid::Json, Grid::Csv, Grid::Tsv] {
            assert!(!told(&calls, grid).contains("hunter22"));
        }
        let names: Vec<String> = serde_json::from_str::<serde_json::Value>(&json).unwrap()[0]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(names, NAMES);
    }
}
