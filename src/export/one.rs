//! One run or one event in full, as text for people: labelled facts, then sections. Of a run its
//! operations are told, or its calls, its failures or its bare events. What is kept beside a run is
//! named with its size; its content only where that is wanted.

use std::fmt::Write as _;

use serde_json::value::RawValue;

use super::{
    course::Course,
    plan::in_tree_order,
    pretty::pretty,
    record::{Home, duration, locator},
    rows::Clock,
    table::{Table, cut_lines, facts},
    text::{Sheet, ascii},
};
use crate::{
    analysis::{Header, Verdict, headline, prose, spelling::span},
    guard::{Sort, clean},
    model::{Event, Extra, Mission, Run, Step, Time, Tokens},
};

/// What is shown of what happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Its operations, then its failures.
    #[default]
    Operations,
    /// Its operations with bars, then its failures.
    Waterfall,
    /// Its tool calls in full.
    Calls,
    /// Its failures and loops.
    Failures,
    /// Its events one to one.
    Events,
}

/// What is shown of a run.
pub struct RunTold<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its plan.
    pub steps: &'a [Step],
    /// The runs that it started.
    pub children: &'a [Run],
    /// Its events, read.
    pub course: &'a Course<'a>,
    /// What is shown of them.
    pub view: View,
    /// Now, for what has not ended.
    pub now: Time,
    /// Whether what is kept beside it is printed, and not only named.
    pub in_full: bool,
}

impl Sheet<'_> {
    /// A run: header, plan, child runs, what is kept beside it, what happened.
    pub fn run<'e>(
        &mut self,
        home: Home<'_>,
        told: &RunTold<'_>,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
        let run = told.run;
        let mut list = vec![
            ("run", self.id(&run.id)),
            ("title", self.line(&run.title)),
            ("context", home.context.to_owned()),
            ("provider", home.provider.to_owned()),
            ("mission", self.id(&run.mission_id)),
            ("status", self.status(run)),
            ("started", self.instant(run.started_at)),
            ("ended", self.instant(run.ended_at)),
            ("quiet since", self.instant(run.quiet_since)),
            ("dur", duration(run).map(span).unwrap_or_default()),
        ];
        list.extend(self.sums(told));
        list.extend([
            (
                "parent run",
                self.id(run.parent_run_id.as_deref().unwrap_or_default()),
            ),
            ("error", self.text(run.error.as_deref().unwrap_or_default())),
        ]);
        for fact in &run.facts {
            list.push((fact.label, self.fact(&fact.value)));
        }
        let mut out = cut_lines(&facts(&list), self.columns);
        let part = matches!(told.view, View::Calls | View::Failures);
        if !part {
            section("plan", &self.steps(told.steps), &mut out);
            section("child runs", &self.children(home, told.children), &mut out);
        }
        if told.in_full || !part {
            self.beside(home, &run.extras, told.in_full, &mut out);
        }
        self.happened(told, events, &mut out);
        out
    }

    /// What the operations come to.
    fn sums(&mut self, told: &RunTold<'_>) -> Vec<(&'static str, String)> {
        let header = told.course.digest().header();
        let tokens = told.run.tokens.or(header.tokens);
        let name = |node| told.course.name(node);
        let slowest = header.slowest.and_then(|(node, took)| {
            let operation = told.course.digest().operation(node)?;
            let title = told.course.headline(&operation).title;
            Some(format!("{} {title} {}", name(node), span(took)))
        });
        let first = header.first_failure.and_then(|node| {
            let operation = told.course.digest().operation(node)?;
            let title = told.course.headline(&operation).title;
            Some(format!("{} {title}", name(node)))
        });
        let loops = Some(header.loops).filter(|loops| *loops > 0);
        vec![
            ("tokens", tokens_in_full(tokens)),
            ("operations", operations(&header)),
            ("failures", header.failed.to_string()),
            ("soft failures", header.soft.to_string()),
            ("unanswered", header.unanswered.to_string()),
            ("loops", loops.map(|n| n.to_string()).unwrap_or_default()),
            ("first failure", self.line(&first.unwrap_or_default())),
            ("slowest", self.line(&slowest.unwrap_or_default())),
        ]
    }

    fn happened<'e>(
        &mut self,
        told: &RunTold<'_>,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
        out: &mut String,
    ) {
        let (course, run) = (told.course, told.run);
        let extent = course.digest().extent();
        let clock = Clock {
            origin: run.started_at.or(extent.map(|(from, _)| from)),
            now: run.status.is_going_on().then_some(told.now),
        };
        match told.view {
            View::Operations => {
                let rows = self.operations(course, told.steps, clock);
                section("operations", &rows, out);
            }
            View::Waterfall => {
                let rows = self.waterfall(course, told.steps, clock);
                section("operations", &rows, out);
            }
            View::Calls => section("calls", &self.calls(course, clock), out),
            View::Events => return section("events", &self.events(events), out),
            View::Failures => {}
        }
        if told.view == View::Calls {
            return;
        }
        let failures = self.failing(course, clock);
        let none = failures.is_empty() && told.view == View::Failures;
        section("failures", if none { "none" } else { &failures }, out);
    }

    /// A mission: header, facts, what is kept beside it, record.
    pub fn mission(&mut self, home: Home<'_>, mission: &Mission, in_full: bool) -> String {
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        let mut list = vec![
            ("mission", self.id(&mission.id)),
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
            ("event", self.id(&event.id)),
            ("number", seq.map(|seq| seq.to_string()).unwrap_or_default()),
            ("run", self.id(&run.id)),
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
                self.id(event.call_id.as_deref().unwrap_or_default()),
            ),
            ("failed", failed.to_owned()),
            (
                "tokens",
                event
                    .tokens
                    .map(|tokens| tokens_in_full(Some(tokens)))
                    .unwrap_or_default(),
            ),
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
        let mut table = Table::new(&["STATUS", "STARTED", "DUR>", "EVENT", "LOCATOR", "TITLE"]);
        for run in runs {
            table.row([
                run.status.word().to_owned(),
                self.time(run.started_at),
                duration(run).map(span).unwrap_or_default(),
                self.id(run.parent_event_id.as_deref().unwrap_or_default()),
                locator(home, run, self.masking),
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
        let mut table = Table::new(&["STEP", "STATUS", "STARTED", "DUR>", "TITLE"]);
        for (depth, step) in in_tree_order(steps) {
            let took = step.started_at.zip(step.ended_at);
            let took = took.and_then(|(start, end)| end.since(start));
            table.row([
                format!("{}{}", "  ".repeat(depth), self.id(&step.id)),
                step.status.word().to_owned(),
                self.time(step.started_at),
                took.map(span).unwrap_or_default(),
                self.line(&step.title),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// What became of it, in our word and the service's, and why.
    pub(super) fn status(&mut self, run: &Run) -> String {
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

pub(super) fn section(name: &str, content: &str, out: &mut String) {
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

/// What is not reported is said so where anything is.
pub(super) fn tokens_in_full(tokens: Option<Tokens>) -> String {
    let Some(tokens) = tokens else {
        return "not reported".to_owned();
    };
    let parts = [
        ("total", tokens.sum()),
        ("input", tokens.input),
        ("output", tokens.output),
        ("cached", tokens.cached),
        ("reasoning", tokens.reasoning),
    ];
    let parts = parts.iter().map(|(name, count)| match count {
        Some(count) => format!("{count} {name}"),
        None => format!("{name} not reported"),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// `19: 2 failed, 1 soft_failure, 9 ok, 7 not_reported; 1 recovered`.
pub(super) fn operations(header: &Header) -> String {
    let counts = &header.counts;
    let count = |verdict: &Verdict| (counts.of(*verdict), verdict.word());
    let parts: Vec<String> = Verdict::ALL
        .iter()
        .map(count)
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mut text = counts.operations.to_string();
    if !parts.is_empty() {
        text = format!("{text}: {}", parts.join(", "));
    }
    if counts.recovered > 0 {
        text = format!("{text}; {} recovered", counts.recovered);
    }
    text
}
