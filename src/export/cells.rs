//! Tables of columns that somebody chose: for people, for spreadsheets, and as an object beside a record.
//! They have exactly the columns that were asked for, also where those are empty. Masked.

use std::fmt::Write as _;

use super::{Grid, grid::spelled, record::rfc3339, table::Table, text::Sheet};
use crate::{
    analysis::{CellValue, spelling::span},
    guard::{Masking, safe_json},
    text::{json::unquote, size},
};

impl Sheet<'_> {
    /// For people: names above, numbers to the right.
    pub fn cells(&mut self, names: &[&str], rows: &[Vec<CellValue>]) -> String {
        let right = |at: usize| {
            let mut cells = rows.iter().filter_map(|row| row.get(at));
            cells.all(|cell| *cell == CellValue::Nothing || is_number(cell))
                && rows.iter().any(|row| row.get(at).is_some_and(is_number))
        };
        let heads = names.iter().enumerate();
        let heads = heads.map(|(at, name)| (self.line(name).to_uppercase(), right(at)));
        let mut table = Table::of(heads.collect::<Vec<_>>());
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            table.row(cells);
        }
        table.render(self.columns, self.ascii)
    }

    fn cell(&mut self, cell: &CellValue) -> String {
        match cell {
            CellValue::Nothing => String::new(),
            CellValue::Time(at) => self.time(Some(*at)),
            CellValue::Span(took) => span(*took),
            CellValue::Count(count) => count.to_string(),
            CellValue::Far(bytes) => format!("(in {})", size::of(*bytes)),
            CellValue::Text(text) => self.line(text),
            CellValue::Json(json) => self.line(&plain(json)),
        }
    }
}

fn is_number(cell: &CellValue) -> bool {
    match cell {
        CellValue::Span(_) | CellValue::Count(_) => true,
        CellValue::Json(json) => json
            .first()
            .is_some_and(|first| first.is_ascii_digit() || *first == b'-'),
        _ => false,
    }
}

/// What a string says; other JSON on one line.
fn plain(json: &[u8]) -> String {
    if json.first() == Some(&b'"') {
        return unquote(json).into_owned();
    }
    safe_json(json).unwrap_or_else(|| String::from_utf8_lossy(json).into_owned())
}

/// For other programs: durations are milliseconds, times RFC 3339 in UTC.
pub fn spell(names: &[&str], rows: &[Vec<CellValue>], grid: Grid, masking: &mut Masking) -> String {
    if grid == Grid::Json {
        let rows: Vec<String> = rows.iter().map(|row| object(names, row, masking)).collect();
        return format!("[{}]\n", rows.join(","));
    }
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let rows = rows.iter().map(|row| {
        let cells = row.iter().map(|cell| match cell {
            CellValue::Nothing => String::new(),
            CellValue::Time(at) => rfc3339(*at),
            CellValue::Span(took) => took.as_millis().to_string(),
            CellValue::Count(count) => count.to_string(),
            CellValue::Far(bytes) => format!("(in {})", size::of(*bytes)),
            CellValue::Text(text) => masking.text(text).into_owned(),
            CellValue::Json(json) => plain(json),
        });
        cells.collect()
    });
    let all: Vec<Vec<String>> = std::iter::once(names).chain(rows).collect();
    spelled(all, grid)
}

/// The cells of one row as a JSON object; nothing is null.
pub fn object(names: &[&str], row: &[CellValue], masking: &mut Masking) -> String {
    let mut out = String::from("{");
    for (name, cell) in names.iter().zip(row) {
        if out.len() > 1 {
            out.push(',');
        }
        let _ = write!(out, "{}:{}", quoted(name), json(cell, masking));
    }
    out.push('}');
    out
}

fn json(cell: &CellValue, masking: &mut Masking) -> String {
    match cell {
        CellValue::Nothing => "null".to_owned(),
        CellValue::Time(at) => quoted(&rfc3339(*at)),
        CellValue::Span(took) => took.as_millis().to_string(),
        CellValue::Count(count) => count.to_string(),
        CellValue::Far(bytes) => quoted(&format!("(in {})", size::of(*bytes))),
        CellValue::Text(text) => quoted(&masking.text(text)),
        CellValue::Json(json) => {
            safe_json(json).unwrap_or_else(|| quoted(&String::from_utf8_lossy(json)))
        }
    }
}

fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    safe_json(json.as_bytes()).unwrap_or(json)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{guard::redact::Redactor, model::Time};

    #[test]
    fn cells_are_spelled_for_programs_and_none_is_a_formula() {
        let names = ["id", "took", "at", "n", "amount", "none"];
        let row = vec![
            CellValue::Text("=1+1\t\"x\"".to_owned()),
            CellValue::Span(Duration::from_secs(61)),
            CellValue::Time(Time(1_795_166_597_000_000_000)),
            CellValue::Count(7),
            CellValue::Json(br#"{"a": [1.50, "b"]}"#.to_vec()),
            CellValue::Nothing,
        ];
        let rows = [row];
        let mut masking = Redactor::default().masking();
        let mut told = |grid| spell(&names, &rows, grid, &mut masking);
        assert_eq!(
            told(Grid::Tsv),
            "id\ttook\tat\tn\tamount\tnone\n\
             '=1+1 \"x\"\t61000\t2026-11-20T09:23:17Z\t7\t{\"a\":[1.50,\"b\"]}\t\n"
        );
        assert_eq!(
            told(Grid::Csv).lines().nth(1),
            Some(
                "\"'=1+1\t\"\"x\"\"\",61000,2026-11-20T09:23:17Z,7,\"{\"\"a\"\":[1.50,\"\"b\"\"]}\","
            )
        );
        assert_eq!(
            told(Grid::Json),
            "[{\"id\":\"=1+1\\t\\\"x\\\"\",\"took\":61000,\"at\":\"2026-11-20T09:23:17Z\",\"n\":7,\
             \"amount\":{\"a\":[1.50,\"b\"]},\"none\":null}]\n"
        );
    }
}
