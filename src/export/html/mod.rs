//! Runs as one page that needs nothing else: no script, no address, nothing loaded from anywhere, which the
//! page itself forbids. Operations fold, bars show when they were, it follows the reader's light or dark,
//! and it prints. Written row by row; what is very long is cut and says so.

mod flow;
mod words;

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{
    Parcel,
    brief::{Brief, sign, word},
    contents::Content,
    parcel::Terms,
    plan::in_tree_order,
    record::ErrorRecord,
    tally::Masked,
    text::Sheet,
};
use crate::{
    analysis::{Verdict, spelling::span},
    guard::Masking,
    model::{RunStatus, StepStatus},
    text::{size, width::fit},
};
use words::escaped;

const STYLE: &str = include_str!("page.css");

/// Nothing but the style in the page itself may act.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";

/// Bytes of one text or payload.
const TEXT: usize = 24_000;
/// Failures that are named above the rows.
const MOST: usize = 24;
/// Columns of one line.
const WIDE: usize = 300;

/// A run, the `nth` of its page from 1.
pub(super) fn run(
    parcel: &Parcel<'_>,
    errors: &[ErrorRecord],
    terms: &Terms,
    nth: usize,
    masking: &mut Masking,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut sheet = terms.sheet(masking);
    let brief = sheet.brief(parcel, TEXT);
    let mut page = String::new();
    if nth == 1 {
        begin(&brief.title, &mut page);
    }
    page.push_str("<article>\n");
    head(parcel, &brief, &mut page);
    missing(&mut sheet, errors, &mut page);
    failed(&mut sheet, parcel, nth, &mut page)?;
    plan(&mut sheet, parcel, &mut page);
    texts(&brief, &mut page);
    out.write_all(page.as_bytes())?;
    flow::write(&mut sheet, parcel, nth, out)?;
    let mut page = String::new();
    besides(&mut sheet, parcel, &mut page);
    let _ = writeln!(
        page,
        "<p class=\"sub\"><code>{}</code></p>\n</article>",
        escaped(&brief.locator)
    );
    out.write_all(page.as_bytes())
}

fn begin(title: &str, page: &mut String) {
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escaped(title)
    );
}

/// What stands behind the last run.
pub(super) fn end(terms: &Terms, masked: Masked, out: &mut dyn Write) -> io::Result<()> {
    let masked = masked.words(terms.open);
    let zone = terms.zone.iana_name().unwrap_or("the local zone");
    writeln!(
        out,
        "<footer>Exported with sortie {} · {masked} · times in {}</footer>\n</main>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        escaped(zone)
    )
}

fn head(parcel: &Parcel<'_>, brief: &Brief, page: &mut String) {
    let run = parcel.run;
    let _ = writeln!(
        page,
        "<h1><span class=\"pill {}\">{} {}</span>{}</h1>",
        tone(run.status),
        sign(run.status),
        word(run),
        escaped(&brief.title)
    );
    for (_, text) in brief.facts.iter().filter(|(label, _)| *label == "error") {
        let _ = writeln!(page, "<p class=\"error\">{}</p>", escaped(text));
    }
    page.push_str("<dl class=\"facts\">\n");
    for (label, value) in &brief.facts {
        // The pill says it already.
        if (*label == "status" && *value == word(run)) || *label == "error" {
            continue;
        }
        let value = escaped(value);
        let _ = writeln!(page, "<div><dt>{label}</dt><dd>{value}</dd></div>");
    }
    page.push_str("</dl>\n");
    for (_, text) in brief.texts.iter().filter(|(label, _)| *label == "error") {
        let _ = writeln!(page, "<pre class=\"error\">{}</pre>", escaped(&text.text));
    }
}

/// What could not be had.
fn missing(sheet: &mut Sheet<'_>, errors: &[ErrorRecord], page: &mut String) {
    for error in errors {
        let told = sheet.line(&error.message);
        let told = escaped(&told);
        let _ = writeln!(
            page,
            "<p class=\"note\">Not all of this run could be read: {told}</p>"
        );
    }
}

fn failed(
    sheet: &mut Sheet<'_>,
    parcel: &Parcel<'_>,
    nth: usize,
    page: &mut String,
) -> io::Result<()> {
    let failures = parcel.course.failures_while(&|| parcel.go_on(0))?;
    let shown: Vec<_> = failures
        .iter()
        .filter(|failing| failing.reason.is_some())
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    page.push_str("<h2>What failed</h2>\n<ul class=\"failed\">\n");
    for failing in shown.iter().take(MOST) {
        let course = parcel.course;
        let title = sheet.line(&course.headline(&failing.culprit).title);
        let name = sheet.line(&course.name(failing.culprit.node));
        let reason = sheet.line(failing.reason.as_deref().unwrap_or_default());
        let verdict = failing.culprit.verdict;
        let soft = if verdict == Verdict::Failed {
            ""
        } else {
            " class=\"soft\""
        };
        let _ = writeln!(
            page,
            "<li{soft}><a href=\"#r{nth}-{}\">{} {}</a> <span class=\"dim\">{}</span><span class=\"why\">{}</span></li>",
            failing.row.node.index(),
            escaped(&name),
            escaped(&fit(&title, WIDE)),
            verdict.word().replace('_', " "),
            escaped(&fit(&reason, WIDE)),
        );
    }
    if let Some(more) = shown.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(page, "<li class=\"dim\">and {more} more below</li>");
    }
    page.push_str("</ul>\n");
    Ok(())
}

fn plan(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, page: &mut String) {
    if parcel.steps.is_empty() {
        return;
    }
    page.push_str("<h2>Plan</h2>\n<ol class=\"plan\">\n");
    for (_, step) in in_tree_order(parcel.steps) {
        let title = if step.title.trim().is_empty() {
            &step.id
        } else {
            &step.title
        };
        let title = sheet.line(title);
        let took = step.started_at.zip(step.ended_at);
        let took = took.and_then(|(start, end)| end.since(start));
        let (tone, sign) = match step.status {
            StepStatus::Succeeded => ("good", "✓"),
            StepStatus::Failed => ("bad", "✗"),
            StepStatus::Running => ("live", "…"),
            StepStatus::Skipped => ("dim", "⊘"),
            StepStatus::Pending | StepStatus::Unknown => ("dim", "·"),
        };
        let _ = writeln!(
            page,
            "<li class=\"{tone}\" title=\"{}\">{sign} {}<small>{}</small></li>",
            step.status.word(),
            escaped(&fit(&title, WIDE)),
            took.map(span).unwrap_or_default()
        );
    }
    page.push_str("</ol>\n");
}

fn texts(brief: &Brief, page: &mut String) {
    let mut texts = brief
        .texts
        .iter()
        .filter(|(label, _)| *label != "error")
        .peekable();
    if texts.peek().is_none() {
        return;
    }
    page.push_str("<h2>What it was about</h2>\n<div class=\"text\">\n");
    for (label, text) in texts {
        let _ = writeln!(page, "<details><summary>{label}</summary>");
        content(text, page);
        page.push_str("</details>\n");
    }
    page.push_str("</div>\n");
}

/// The runs that it started, and what is kept beside it.
fn besides(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, page: &mut String) {
    if !parcel.children.is_empty() {
        page.push_str("<h2>Runs that it started</h2>\n<ol class=\"plan\">\n");
        for child in parcel.children {
            let title = sheet.line(&child.title);
            let id = sheet.id(&child.id);
            let _ = writeln!(
                page,
                "<li class=\"{}\">{} {} <small>{}</small></li>",
                tone(child.status),
                sign(child.status),
                escaped(&fit(&title, WIDE)),
                escaped(&id)
            );
        }
        page.push_str("</ol>\n");
    }
    let extras = sheet.extras_cut(parcel, TEXT);
    if extras.is_empty() {
        return;
    }
    page.push_str("<h2>Beside the record</h2>\n<div class=\"text\">\n");
    for (label, extra) in &extras {
        let _ = writeln!(page, "<details><summary>{}</summary>", escaped(label));
        content(extra, page);
        page.push_str("</details>\n");
    }
    page.push_str("</div>\n");
}

/// A text or payload, and how much of it is left out.
fn content(content: &Content, page: &mut String) {
    let _ = writeln!(page, "<pre>{}</pre>", escaped(&content.text));
    if content.cut {
        let _ = writeln!(
            page,
            "<p class=\"dim\">the first {} of {}</p>",
            size::of(content.text.len()),
            size::of(content.bytes)
        );
    }
}

fn tone(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Succeeded => "good",
        RunStatus::Failed | RunStatus::TimedOut => "bad",
        RunStatus::Pending | RunStatus::Running | RunStatus::Paused => "live",
        RunStatus::Cancelled | RunStatus::Unknown => "dim",
    }
}

#[cfg(test)]
mod tests;
