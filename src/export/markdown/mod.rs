//! A run as Markdown that reads well in a ticket: what it is, its plan, its operations as a table, and what
//! failed with its arguments and results. Short enough for a comment: what is long is cut and says so. What
//! services sent is never markup here.

mod failed;
pub(super) mod words;

use std::{fmt::Write as _, io};

use super::{
    Parcel,
    brief::{Brief, sign, word},
    contents::Content,
    parcel::Terms,
    plan::in_tree_order,
    record::ErrorRecord,
    rows::{Clock, Line, lines_while},
    tally::{Masked, placeholders},
    text::Sheet,
};
use crate::{
    analysis::{Verdict, spelling::span},
    guard::Masking,
    model::{RunStatus, Step, StepStatus},
    text::{size, width::fit},
};
use words::{cell, code, fence};

/// Bytes of one text or payload.
const TEXT: usize = 3_000;
/// Rows of the table of operations; of more, those in the middle that did not fail are left out.
const ROWS: usize = 120;
/// Of so many rows, those at the beginning; the others stand at the end.
const FIRST: usize = 80;
/// Columns of a title or of a summary in a row.
const WIDE: usize = 90;

/// A run.
pub(super) fn run(
    parcel: &Parcel<'_>,
    errors: &[ErrorRecord],
    terms: &Terms,
    masking: &mut Masking,
) -> io::Result<String> {
    let before = masking.masked();
    let mut sheet = terms.sheet(masking);
    let brief = sheet.brief(parcel, TEXT);
    let mut out = String::new();
    head(parcel, &brief, &mut out);
    missing(&mut sheet, errors, &mut out);
    for (label, text) in &brief.texts {
        let _ = writeln!(out, "\n## {}\n", capital(label));
        content(text, &brief.locator, &mut out);
    }
    plan(&mut sheet, parcel.steps, &mut out);
    children(&mut sheet, parcel, &mut out);
    failed::write(&mut sheet, parcel, &brief.locator, &mut out)?;
    operations(&mut sheet, parcel, &mut out)?;
    let put = masking.masked() - before;
    let masked = Masked::of(placeholders(out.as_bytes()).count(), put);
    let masked = masked.words(terms.open);
    let _ = writeln!(
        out,
        "\n---\nExported with sortie · {masked} · {}",
        code(&brief.locator)
    );
    Ok(out)
}

fn head(parcel: &Parcel<'_>, brief: &Brief, out: &mut String) {
    let run = parcel.run;
    let _ = writeln!(
        out,
        "# {} Run {}: {}\n",
        sign(run.status),
        word(run),
        code(&brief.title)
    );
    let mut facts = brief.facts.iter();
    // The first fact is the head of the table: Markdown has no table without one.
    if let Some((label, value)) = facts.next() {
        let _ = writeln!(out, "| {label} | {} |\n|:--|:--|", cell(value));
    }
    for (label, value) in facts {
        let _ = writeln!(out, "| {label} | {} |", cell(value));
    }
}

/// What could not be had.
fn missing(sheet: &mut Sheet<'_>, errors: &[ErrorRecord], out: &mut String) {
    if errors.is_empty() {
        return;
    }
    out.push_str("\n**Not all of this run could be read:**\n\n");
    for error in errors {
        let told = sheet.line(&error.message);
        let _ = writeln!(out, "- {}", code(&told));
    }
}

fn plan(sheet: &mut Sheet<'_>, steps: &[Step], out: &mut String) {
    if steps.is_empty() {
        return;
    }
    out.push_str("\n## Plan\n\n");
    for (depth, step) in in_tree_order(steps) {
        let title = if step.title.trim().is_empty() {
            &step.id
        } else {
            &step.title
        };
        let title = sheet.line(title);
        let took = step.started_at.zip(step.ended_at);
        let took = took.and_then(|(start, end)| end.since(start));
        let took = took.map(|took| format!(", {}", span(took)));
        let _ = writeln!(
            out,
            "{}- {} {} ({}{})",
            "  ".repeat(depth.min(6)),
            step_sign(step.status),
            code(&fit(&title, WIDE * 2)),
            step.status.word(),
            took.unwrap_or_default(),
        );
    }
}

fn children(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, out: &mut String) {
    if parcel.children.is_empty() {
        return;
    }
    out.push_str("\n## Runs that it started\n\n");
    for child in parcel.children {
        let title = sheet.line(&child.title);
        let id = sheet.id(&child.id);
        let _ = writeln!(
            out,
            "- {} {} {} {}",
            sign(child.status),
            word(child),
            code(&id),
            code(&fit(&title, WIDE))
        );
    }
}

fn operations(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, out: &mut String) -> io::Result<()> {
    let course = parcel.course;
    let lines = lines_while(course, parcel.steps, &|| parcel.go_on(0))?;
    if lines.is_empty() {
        return Ok(());
    }
    let extent = course.digest().extent();
    let clock = Clock {
        origin: parcel.run.started_at.or(extent.map(|(from, _)| from)),
        now: parcel.run.status.is_going_on().then_some(parcel.now),
    };
    out.push_str(
        "\n## Operations\n\n| # | at | | what | dur | tokens |\n|--:|--:|:--|:--|--:|--:|\n",
    );
    let last = lines.len().saturating_sub(ROWS - FIRST);
    let is_long = lines.len() > ROWS;
    let mut left_out = 0;
    for (nth, line) in lines.iter().enumerate() {
        parcel.go_on(1)?;
        let fails = matches!(line, Line::Operation(_, role, _) if role.fails || role.is_loop);
        if is_long && (FIRST..last).contains(&nth) && !fails {
            left_out += 1;
            continue;
        }
        elided(std::mem::take(&mut left_out), out);
        row(sheet, parcel, line, clock, out);
    }
    elided(left_out, out);
    Ok(())
}

fn elided(rows: usize, out: &mut String) {
    if rows > 0 {
        let _ = writeln!(out, "| | | | *{rows} rows left out* | | |");
    }
}

fn row(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, line: &Line, clock: Clock, out: &mut String) {
    let row = sheet.row(parcel.course, line, clock);
    let (operation, role) = match line {
        Line::Operation(operation, role, _) => (operation, role),
        Line::Step(_) => {
            let _ = writeln!(out, "| | | | **{}** | | |", cell(&row.summary));
            return;
        }
        Line::Gap(gap) => {
            let quiet = span(gap.to.since(gap.from).unwrap_or_default());
            let _ = writeln!(out, "| | | | *{quiet} without events* | | |");
            return;
        }
    };
    let [number, offset, verdict, kind] = &row.cells;
    let mut what = cell(&fit(&row.title, WIDE));
    if what.is_empty() {
        kind.clone_into(&mut what);
    }
    for part in [fit(&row.summary, WIDE), row.notes.as_str().into()] {
        let part = cell(&part);
        if !part.is_empty() {
            what.push(' ');
            what.push_str(&part);
        }
    }
    let told = match verdict.as_str() {
        "" => String::new(),
        "ok" => "✓".to_owned(),
        word => format!("{} {}", verdict_sign(role.verdict), word.replace('_', " ")),
    };
    // An id stands in the place of a number that nobody knows.
    let number = match parcel.course.number(operation.node) {
        Some(_) => number.clone(),
        None => cell(number),
    };
    let _ = writeln!(
        out,
        "| {number} | {offset} | {told} | {what} | {} | {} |",
        row.took, row.tokens
    );
}

/// A text or payload, and how much of it is left out.
fn content(content: &Content, locator: &str, out: &mut String) {
    fence(
        if content.json { "json" } else { "text" },
        &content.text,
        out,
    );
    if content.cut {
        let _ = writeln!(
            out,
            "\n*the first {} of {}; all of it: {}*",
            size::of(content.text.len()),
            size::of(content.bytes),
            code(&format!("sortie show '{locator}'"))
        );
    }
}

fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failed => "✗",
        Verdict::SoftFailure => "~",
        Verdict::Unanswered => "?",
        Verdict::Running => "…",
        Verdict::Cancelled | Verdict::Skipped => "⊘",
        Verdict::NotReported | Verdict::Ok => "✓",
    }
}

fn step_sign(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Succeeded => sign(RunStatus::Succeeded),
        StepStatus::Failed => sign(RunStatus::Failed),
        StepStatus::Running => "…",
        StepStatus::Pending | StepStatus::Unknown => "·",
        StepStatus::Skipped => "⊘",
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests;
