//! The rows of a page: each operation with a bar of when it was, folded over what stands in it, on one axis
//! of time in which silence is a narrow band. Failures are unfolded.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{TEXT, WIDE, content, escaped};
use crate::{
    analysis::{
        Operation, Verdict,
        axis::{Axis, Labels, Mark, Shape, Window},
        spelling::span,
    },
    export::{
        Parcel,
        rows::{Clock, Line, lines_while},
        text::Sheet,
        waterfall::extent,
    },
    model::Time,
    text::width::fit,
};

/// Columns of the axis that bars are laid out on; a page gives them room in proportion.
const COLUMNS: u16 = 240;
/// A fold takes one column; labels need so many for a letter.
const LETTER: u16 = 5;
/// Bytes of texts and payloads of one page. What comes behind has rows only.
const ALL: usize = 24 << 20;
/// Rows beyond which failures are not unfolded.
const UNFOLDED: usize = 40;

/// The rows of the run that is the `nth` of its page.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    parcel: &Parcel<'_>,
    nth: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = lines_while(parcel.course, parcel.steps, &|| parcel.go_on(0))?;
    if lines.is_empty() {
        return out.write_all(b"<h2>Operations</h2>\n<p class=\"dim\">none</p>\n");
    }
    let mut flow = Flow::new(sheet, parcel, nth);
    let spent = lines
        .iter()
        .any(|line| matches!(line, Line::Operation(operation, ..) if operation.tokens.is_some()));
    let class = if spent { "flow" } else { "flow free" };
    let mut page = format!("<h2>Operations</h2>\n<div class=\"{class}\">\n");
    flow.scale(&mut page);
    for line in &lines {
        parcel.go_on(1)?;
        flow.line(line, &mut page);
        // Not all of it at once: a run may have any number of rows.
        out.write_all(page.as_bytes())?;
        page.clear();
    }
    out.write_all(b"</div>\n")?;
    if flow.bare > 0 {
        let bare = flow.bare;
        let note = format!(
            "<p class=\"dim\">The last {bare} rows are without their contents: the page would be too \
             large. The JSON export has all of it.</p>\n"
        );
        out.write_all(note.as_bytes())?;
    }
    Ok(())
}

struct Flow<'a, 's, 'p> {
    sheet: &'a mut Sheet<'s>,
    parcel: &'a Parcel<'p>,
    nth: usize,
    clock: Clock,
    axis: Option<Axis>,
    /// What goes on does so until then.
    until: Time,
    /// The bands of silence, for every row.
    bands: String,
    written: usize,
    unfolded: usize,
    /// Rows that had to do without their contents.
    bare: usize,
}

impl<'a, 's, 'p> Flow<'a, 's, 'p> {
    fn new(sheet: &'a mut Sheet<'s>, parcel: &'a Parcel<'p>, nth: usize) -> Self {
        let digest = parcel.course.digest();
        let span = digest.extent();
        let now = parcel.run.status.is_going_on().then_some(parcel.now);
        let until = span.map_or(parcel.now, |(_, to)| now.map_or(to, |now| now.max(to)));
        let gaps = digest.gaps();
        let idle: Vec<(Time, Time)> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        let axis = span.map(|(from, _)| Axis::new(Window::new(from, until), &idle, COLUMNS));
        let mut bands = String::new();
        for fold in axis.iter().flat_map(Axis::folds) {
            let _ = write!(bands, "<u style=\"left:{}%\"></u>", percent(fold.column));
        }
        Self {
            sheet,
            parcel,
            nth,
            clock: Clock {
                origin: parcel.run.started_at.or(span.map(|(from, _)| from)),
                now,
            },
            axis,
            until,
            bands,
            written: 0,
            unfolded: 0,
            bare: 0,
        }
    }

    /// The line of times above the rows.
    fn scale(&self, page: &mut String) {
        page.push_str(
            "<div class=\"scale\"><span class=\"num\">#</span><span class=\"at\">at</span><span></span>\
             <span>kind</span><span>what</span><span class=\"r\">dur</span>\
             <span class=\"r tok\">tokens</span><span class=\"ticks\">",
        );
        if let Some(axis) = &self.axis {
            // Laid out as coarsely as letters are wide, so that labels do not touch.
            let gaps = self.parcel.course.digest().gaps();
            let idle: Vec<(Time, Time)> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
            let coarse = Axis::new(axis.window(), &idle, COLUMNS / LETTER);
            let origin = self.clock.origin.unwrap_or(axis.window().from());
            for tick in coarse.ticks(&Labels::Offset { origin }) {
                if tick.mark == Mark::Time {
                    let left = percent(tick.column.saturating_mul(LETTER));
                    let label = escaped(&tick.label);
                    let _ = write!(page, "<span style=\"left:{left}%\">{label}</span>");
                }
            }
        }
        page.push_str("</span></div>\n");
    }

    fn line(&mut self, line: &Line, page: &mut String) {
        match line {
            Line::Operation(operation, role, depth) => {
                let fails = role.fails.then_some(role.verdict);
                self.operation(line, operation, (fails, *depth), page);
            }
            Line::Step(_) => {
                let row = self.sheet.row(self.parcel.course, line, self.clock);
                let text = escaped(&row.summary);
                let _ = writeln!(page, "<div class=\"line step\">{text}</div>");
            }
            Line::Gap(gap) => {
                let quiet = span(gap.to.since(gap.from).unwrap_or_default());
                let _ = writeln!(
                    page,
                    "<div class=\"line idle\">{quiet} without events</div>"
                );
            }
        }
    }

    fn operation(
        &mut self,
        line: &Line,
        operation: &Operation,
        (fails, depth): (Option<Verdict>, usize),
        page: &mut String,
    ) {
        let contents = if self.written < ALL {
            self.sheet.contents(self.parcel.course, operation, TEXT)
        } else {
            self.bare += 1;
            Vec::new()
        };
        let class = match fails {
            None => "",
            Some(Verdict::Failed) => " fails",
            Some(_) => " fails soft",
        };
        let id = format!("r{}-{}", self.nth, operation.node.index());
        if contents.is_empty() {
            let _ = write!(page, "<div id=\"{id}\" class=\"row plainrow{class}\">");
            self.cells(line, operation, depth, page);
            page.push_str("</div>\n");
            return;
        }
        let unfold = fails.is_some() && self.unfolded < UNFOLDED;
        self.unfolded += usize::from(unfold);
        let open = if unfold { " open" } else { "" };
        let _ = write!(
            page,
            "<details id=\"{id}\" class=\"{}\"{open}><summary class=\"row\">",
            class.trim()
        );
        self.cells(line, operation, depth, page);
        page.push_str("</summary><div class=\"body\">\n");
        if let Some(reason) = self.parcel.course.reason(operation) {
            let reason = self.sheet.line(&reason);
            let _ = writeln!(page, "<p class=\"bad\">{}</p>", escaped(&reason));
        }
        for part in &contents {
            self.written += part.text.len();
            let _ = writeln!(page, "<h4>{}</h4>", part.name);
            content(part, page);
        }
        page.push_str("</div></details>\n");
    }

    fn cells(&mut self, line: &Line, operation: &Operation, depth: usize, page: &mut String) {
        let row = self.sheet.row(self.parcel.course, line, self.clock);
        let verdict = match line {
            Line::Operation(_, role, _) => role.verdict,
            Line::Step(_) | Line::Gap(_) => operation.verdict,
        };
        let [number, offset, told, kind] = &row.cells;
        let (tone, sign) = if told.is_empty() {
            ("dim", "")
        } else {
            glyph(verdict)
        };
        let indent = depth.min(8) * 12;
        let _ = write!(
            page,
            "<span class=\"num\">{}</span><span class=\"at\">{offset}</span>\
             <span class=\"{tone}\" title=\"{}\">{sign}</span><span class=\"kind k-{kind}\">{kind}</span>\
             <span class=\"what\" style=\"padding-left:{indent}px\">",
            escaped(&fit(number, 40)),
            told.replace('_', " "),
        );
        let parts = [
            ("b", &row.title),
            ("span", &row.summary),
            ("em", &row.notes),
        ];
        let told = parts.iter().filter(|(_, text)| !text.is_empty());
        let told: Vec<String> = told
            .map(|(tag, text)| format!("<{tag}>{}</{tag}>", escaped(&fit(text, WIDE))))
            .collect();
        page.push_str(&told.join(" "));
        let _ = write!(
            page,
            "</span><span class=\"r\">{}</span><span class=\"r tok\">{}</span><span class=\"bar k-{kind}\">{}",
            row.took, row.tokens, self.bands
        );
        self.bar(operation, verdict, page);
        page.push_str("</span>");
    }

    fn bar(&self, operation: &Operation, verdict: Verdict, page: &mut String) {
        let Some(axis) = &self.axis else {
            return;
        };
        let Some(extent) = extent(operation, self.until) else {
            return;
        };
        let bad = if verdict.is_failure() { " bad" } else { "" };
        let bar = axis.bar(extent);
        let _ = match bar.shape {
            Shape::Span { from, to, open } => write!(
                page,
                "<i class=\"{}{bad}\" style=\"left:{}%;width:{}%\"></i>",
                if open { "open" } else { "" },
                eighths(from.0),
                eighths(to.0.saturating_sub(from.0))
            ),
            Shape::Ended { column } | Shape::Mark { column } => write!(
                page,
                "<i class=\"mark{bad}\" style=\"left:{}%\"></i>",
                percent(column)
            ),
            Shape::Outside => Ok(()),
        };
    }
}

/// The sign of a verdict, and its colour.
fn glyph(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Failed => ("bad", "✗"),
        Verdict::SoftFailure => ("warn", "~"),
        Verdict::Unanswered => ("warn", "?"),
        Verdict::Running => ("live", "…"),
        Verdict::Cancelled | Verdict::Skipped => ("dim", "⊘"),
        Verdict::NotReported => ("dim", ""),
        Verdict::Ok => ("good", "✓"),
    }
}

/// A column as a part of the width, in percent with two digits behind the point.
fn percent(column: u16) -> String {
    eighths(u32::from(column) * 8)
}

fn eighths(eighths: u32) -> String {
    let hundredths = u64::from(eighths) * 10_000 / (u64::from(COLUMNS) * 8);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
