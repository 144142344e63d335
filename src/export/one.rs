//! One run or one event in full, as text for people: labelled facts, then sections. What is kept
//! beside a run is named with its size; its content only where that is wanted.

use std::fmt::Write as _;

use serde_json::value::RawValue;

use super::{
    plan::in_tree_order,
    pretty::pretty,
    record::{Home, duration, locator},
    table::{Table, cut_lines, facts},
    text::{Sheet, ascii, span},
};
use crate::{
    analysis::{headline, prose},
    guard::{Sort, clean},
    model::{Event, Extra, Mission, Run, Step, Tokens},
};

/// What is shown of a run besides its events.
pub struct RunTold<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its plan.
    pub steps: &'a [Step],
    /// The runs that it started.
    pub children: &'a [Run],
    /// Whether what is kept beside it is printed, and not only named.
    pub in_full: bool,
}

impl Sheet<'_> {
    /// A run: header, plan, child runs, what is kept beside it, events.
    pub fn run<'e>(
        &mut self,
        home: Home<'_>,
        told: &RunTold<'_>,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
        let run = told.run;
        let mut list = vec![
            ("run", self.line(&run.id)),
            ("title", self.line(&run.title)),
            ("context", home.context.to_owned()),
            ("provider", home.provider.to_owned()),
            ("mission", self.line(&run.mission_id)),
            ("status", self.status(run)),
            ("started", self.instant(run.started_at)),
            ("ended", self.instant(run.ended_at)),
            ("quiet since", self.instant(run.quiet_since)),
            ("duration", duration(run).map(span).unwrap_or_default()),
            ("tokens", tokens_in_full(run.tokens)),
            (
                "parent run",
                self.line(run.parent_run_id.as_deref().unwrap_or_default()),
            ),
            ("error", self.text(run.error.as_deref().unwrap_or_default())),
        ];
        for fact in &run.facts {
            list.push((fact.label, self.fact(&fact.value)));
        }
        let mut out = cut_lines(&facts(&list), self.columns);
        section("plan", &self.steps(told.steps), &mut out);
        section("child runs", &self.children(home, told.children), &mut out);
        self.beside(home, &run.extras, told.in_full, &mut out);
        section("events", &self.events(events), &mut out);
        out
    }

    /// A mission: header, facts, what is kept beside it, record.
    pub fn mission(&mut self, home: Home<'_>, mission: &Mission, in_full: bool) -> String {
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let mut list = vec![
            ("mission", self.line(&mission.id)),
            ("name", self.line(&mission.name)),
            ("context", home.context.to_owned()),
            ("provider", home.provider.to_owned()),
            ("status", self.line(&text(&mission.status))),
            ("created", self.instant(mission.created_at)),
            ("updated", self.instant(mission.updated_at)),
            ("description", self.text(&text(&mission.description))),
        ];
        for fact in &mission.facts {
            list.push((fact.label, self.fact(&fact.value)));
        }
        let mut out = cut_lines(&facts(&list), self.columns);
        self.beside(home, &mission.extras, in_full, &mut out);
        if in_full {
            let record = self.payload(mission.raw.bytes(), Sort::of(home.provider));
            section("record", &record, &mut out);
        }
        out
    }

    /// What is kept beside a record: named, or printed.
    fn beside(&mut self, home: Home<'_>, extras: &[Extra], in_full: bool, out: &mut String) {
        if in_full {
            self.extras_in_full(home, extras, out);
        } else {
            let name = "beside the record (--extras prints it)";
            section(name, &self.extras(extras), out);
        }
    }

    /// An event: header, what it says, payload.
    pub fn event(
        &mut self,
        home: Home<'_>,
        run: &Run,
        seq: Option<usize>,
        event: &Event,
    ) -> String {
        let head = headline(event);
        let failed = match event.is_error {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let list = [
            ("event", self.line(&event.id)),
            ("number", seq.map(|seq| seq.to_string()).unwrap_or_default()),
            ("run", self.line(&run.id)),
            ("context", home.context.to_owned()),
            ("kind", event.kind.word().to_owned()),
            ("type", self.line(&event.type_sent)),
            ("title", self.line(&head.title)),
            ("time", self.instant(event.time)),
            ("duration", event.duration.map(span).unwrap_or_default()),
            (
                "step",
                self.line(event.step_id.as_deref().unwrap_or_default()),
            ),
            (
                "agent",
                self.line(event.agent.as_deref().unwrap_or_default()),
            ),
            ("tool", self.line(event.tool.as_deref().unwrap_or_default())),
            (
                "call",
                self.line(event.call_id.as_deref().unwrap_or_default()),
            ),
            ("failed", failed.to_owned()),
            ("tokens", tokens_in_full(event.tokens)),
            ("content", left_out(event)),
        ];
        let mut out = cut_lines(&facts(&list), self.columns);
        if let Some(prose) = prose(event) {
            section("text", &self.text(&prose), &mut out);
        }
        section(
            "record",
            &self.payload(event.raw.bytes(), Sort::Any),
            &mut out,
        );
        out
    }

    fn children(&mut self, home: Home<'_>, runs: &[Run]) -> String {
        let mut table = Table::new(&[
            "STATUS",
            "STARTED",
            "DURATION>",
            "EVENT",
            "LOCATOR",
            "TITLE",
        ]);
        for run in runs {
            table.row([
                run.status.word().to_owned(),
                self.time(run.started_at),
                duration(run).map(span).unwrap_or_default(),
                self.line(run.parent_event_id.as_deref().unwrap_or_default()),
                locator(home, run),
                self.line(&run.title),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    fn extras(&mut self, extras: &[Extra]) -> String {
        let mut table = Table::new(&["LABEL", "RECORDS>", "BYTES>"]);
        for extra in extras {
            let records: Result<Vec<&RawValue>, _> = serde_json::from_slice(extra.raw.bytes());
            table.row([
                self.line(&extra.label),
                records.map_or(1, |records| records.len()).to_string(),
                extra.raw.len().to_string(),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    fn extras_in_full(&mut self, home: Home<'_>, extras: &[Extra], out: &mut String) {
        for extra in extras {
            let label = self.line(&extra.label);
            section(
                &label,
                &self.payload(extra.raw.bytes(), Sort::of(home.provider)),
                out,
            );
        }
    }

    fn steps(&mut self, steps: &[Step]) -> String {
        let mut table = Table::new(&["STEP", "STATUS", "STARTED", "DURATION>", "TITLE"]);
        for (depth, step) in in_tree_order(steps) {
            let took = step.started_at.zip(step.ended_at);
            let took = took.and_then(|(start, end)| end.since(start));
            table.row([
                format!("{}{}", "  ".repeat(depth), self.line(&step.id)),
                step.status.word().to_owned(),
                self.time(step.started_at),
                took.map(span).unwrap_or_default(),
                self.line(&step.title),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    fn status(&mut self, run: &Run) -> String {
        let sent = run.status_sent.as_deref();
        let sent = sent.filter(|sent| !sent.eq_ignore_ascii_case(run.status.word()));
        let sent = sent
            .map(|sent| format!(" (sent: {sent})"))
            .unwrap_or_default();
        let reason = run.status_reason.as_deref();
        let reason = reason
            .map(|reason| format!(", {reason}"))
            .unwrap_or_default();
        self.line(&format!("{}{sent}{reason}", run.status.word()))
    }

    fn payload(&mut self, bytes: &[u8], sort: Sort) -> String {
        let masked = self.masking.json(bytes, sort);
        let text = pretty(&masked).unwrap_or_else(|| clean::bytes(&masked));
        cut_lines(&ascii(&text, self.ascii), self.columns)
    }
}

fn section(name: &str, content: &str, out: &mut String) {
    if !content.is_empty() {
        let _ = writeln!(out, "\n{name}");
        out.push_str(content.trim_end_matches('\n'));
        out.push('\n');
    }
}

/// What the record lacks.
fn left_out(event: &Event) -> String {
    match event.content.map(|content| content.size) {
        None => String::new(),
        Some(None) => "not fetched".to_owned(),
        Some(Some(bytes)) => format!("{bytes} B, not fetched"),
    }
}

fn tokens_in_full(tokens: Option<Tokens>) -> String {
    let Some(tokens) = tokens else {
        return String::new();
    };
    let parts = [
        ("total", tokens.sum()),
        ("input", tokens.input),
        ("output", tokens.output),
        ("cached", tokens.cached),
        ("reasoning", tokens.reasoning),
    ];
    let parts = parts
        .iter()
        .filter_map(|(name, count)| Some(format!("{} {name}", (*count)?)));
    parts.collect::<Vec<_>>().join(", ")
}
