//! The part of a ticket that says what failed: for each failure that nothing recovered, and each loop, why,
//! when, and what was asked and came back.

use std::{fmt::Write as _, io};

use super::{TEXT, code, content, verdict_sign};
use crate::{
    analysis::spelling::span,
    export::{
        Parcel,
        course::Failing,
        spell::{offset, repeats, round},
        text::Sheet,
    },
    text::width::fit,
};

/// Failures that are told in full.
const MOST: usize = 8;
/// Columns of a reason.
const REASON: usize = 240;

/// What failed; nothing where nothing did.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    parcel: &Parcel<'_>,
    locator: &str,
    out: &mut String,
) -> io::Result<()> {
    let failures = parcel.course.failures_while(&|| parcel.go_on(0))?;
    if failures.is_empty() {
        return Ok(());
    }
    let any = failures.iter().any(|failing| failing.reason.is_some());
    let head = if any {
        "What failed"
    } else {
        "What went in circles"
    };
    let _ = writeln!(out, "\n## {head}");
    for failing in failures.iter().take(MOST) {
        one(sheet, parcel, failing, locator, out);
    }
    let more = failures.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "\n*and {more} more: see the table of operations*");
    }
    Ok(())
}

fn one(
    sheet: &mut Sheet<'_>,
    parcel: &Parcel<'_>,
    failing: &Failing,
    locator: &str,
    out: &mut String,
) {
    let course = parcel.course;
    let operation = &failing.culprit;
    let title = sheet.line(&course.headline(operation).title);
    let name = sheet.line(&course.name(operation.node));
    let verdict = operation.verdict;
    let sign = if failing.reason.is_some() {
        verdict_sign(verdict)
    } else {
        "∞"
    };
    let _ = writeln!(
        out,
        "\n### {sign} {} {}\n",
        code(&name),
        code(&fit(&title, 90))
    );
    let extent = course.digest().extent();
    let origin = parcel.run.started_at.or(extent.map(|(from, _)| from));
    let when = offset(origin, operation.at());
    let word = verdict.word().replace('_', " ");
    let mut told = vec![word];
    told.extend(
        failing
            .rule
            .map(|rule| format!("by the rule {}", rule.word())),
    );
    told.extend((!when.is_empty()).then(|| format!("at {when}")));
    told.extend(operation.took.map(|took| format!("took {}", span(took))));
    let _ = writeln!(out, "{}", told.join(", "));
    let circles = failing.loops.as_ref().filter(|repeat| repeat.is_loop);
    let reason = failing.reason.clone().or_else(|| circles.map(round));
    if let Some(reason) = reason {
        let reason = sheet.line(&reason);
        let _ = writeln!(out, "\n> {}", code(&fit(&reason, REASON)));
    }
    if let Some(repeat) = &failing.loops {
        let told = sheet.line(&repeats(repeat));
        let _ = writeln!(out, "\nRepeated: {}", code(&fit(&told, REASON)));
    }
    let id = sheet.masking.id(course.id(operation.node));
    let id = crate::text::percent::encoded(&id);
    for part in sheet.contents(course, operation, TEXT) {
        let _ = writeln!(out, "\n{}\n", part.name);
        content(&part, &format!("{locator}#{id}"), out);
    }
}
