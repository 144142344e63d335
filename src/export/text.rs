//! Records as text for people: tables for lists, sections for one thing. Masked and cleaned; quotes,
//! empty fields and empty columns are left out. May change from version to version; scripts read the
//! JSON records.

use std::{borrow::Cow, fmt::Write as _, time::Duration};

use jiff::tz::TimeZone;

use super::{
    plan::in_tree_order,
    pretty::pretty,
    record::{ContextRecord, Home, ProofRecord, duration, timestamp},
    table::{Table, cut_lines, facts},
};
use crate::{
    analysis::{headline, prose},
    guard::{Masking, Sort, clean},
    model::{Event, Mission, Run, Step, Time, Tokens},
    text::ascii::plain,
};

/// How text is written: the masking of this one output, the zone of its times and, on a terminal,
/// the columns there are.
pub struct Sheet<'a> {
    /// Numbers the secrets of this output.
    pub masking: &'a mut Masking,
    /// The zone of its times.
    pub zone: &'a TimeZone,
    /// Where lines are cut; none where the text goes to a file or pipe.
    pub columns: Option<usize>,
    /// Whether only ASCII is shown.
    pub ascii: bool,
}

impl Sheet<'_> {
    /// Contexts.
    pub fn contexts(&mut self, contexts: &[ContextRecord]) -> String {
        let mut table = Table::new(&[
            "NAME",
            "PROVIDER",
            "BASE URL",
            "CREDENTIAL",
            "STATE",
            "ERROR",
        ]);
        for context in contexts {
            let state = if context.ok { "ok" } else { "unusable" };
            let cells = [
                Some(context.name.as_str()),
                context.provider.as_deref(),
                context.base_url.as_deref(),
                context.credential_source.as_deref(),
                Some(state),
                context.error.as_deref(),
            ];
            table.row(cells.map(|cell| self.line(cell.unwrap_or_default())));
        }
        table.render(self.columns, self.ascii)
    }

    /// Contexts that were asked, each with the next step where it failed. Not cut: what to do stands at
    /// the end of the line.
    pub fn proofs<'p>(
        &mut self,
        proofs: impl IntoIterator<Item = (&'p ProofRecord, Option<&'p str>)>,
    ) -> String {
        let mut table = Table::new(&["NAME", "PROVIDER", "BASE URL", "STATE", "TIME>", "RESULT"]);
        for (proof, hint) in proofs {
            let context = &proof.context;
            let state = if context.ok { "ok" } else { "failed" };
            let why = context.error.as_deref().unwrap_or_default();
            let told = match hint {
                Some(hint) => format!("{}. {hint}", why.trim_end_matches('.')),
                None => why.to_owned(),
            };
            table.row([
                self.line(&context.name),
                self.line(context.provider.as_deref().unwrap_or_default()),
                self.line(context.base_url.as_deref().unwrap_or_default()),
                state.to_owned(),
                span(Duration::from_millis(proof.duration_ms)),
                self.line(&told),
            ]);
        }
        table.render(None, self.ascii)
    }

    /// Missions.
    pub fn missions<'m>(
        &mut self,
        missions: impl IntoIterator<Item = (Home<'m>, &'m Mission)>,
    ) -> String {
        let mut table = Table::new(&[
            "CONTEXT",
            "MISSION",
            "NAME",
            "STATUS",
            "CREATED",
            "DESCRIPTION",
        ]);
        for (home, mission) in missions {
            table.row([
                home.context.to_owned(),
                self.line(&mission.id),
                self.line(&mission.name),
                self.line(mission.status.as_deref().unwrap_or_default()),
                self.time(mission.created_at),
                self.line(mission.description.as_deref().unwrap_or_default()),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// Runs, with the names of their missions.
    pub fn runs<'r>(
        &mut self,
        runs: impl IntoIterator<Item = (Home<'r>, &'r str, &'r Run)>,
    ) -> String {
        let mut table = Table::new(&[
            "RUN",
            "STATUS",
            "STARTED",
            "DURATION>",
            "CONTEXT",
            "MISSION",
            "TOKENS>",
            "TITLE",
        ]);
        for (home, mission, run) in runs {
            table.row([
                self.line(&run.id),
                run.status.word().to_owned(),
                self.time(run.started_at),
                duration(run).map(span).unwrap_or_default(),
                home.context.to_owned(),
                self.line(mission),
                tokens(run.tokens),
                self.line(&run.title),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// Events with their numbers in the run.
    pub fn events<'e>(
        &mut self,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
        let mut table = Table::new(&[
            "#>",
            "TIME",
            "KIND",
            "TITLE",
            "FAILED",
            "DURATION>",
            "AGENT",
            "STEP",
            "SUMMARY",
        ]);
        for (seq, event) in events {
            let head = headline(event);
            let failed = if event.is_error == Some(true) {
                "failed"
            } else {
                ""
            };
            table.row([
                seq.map(|seq| seq.to_string()).unwrap_or_default(),
                self.instant(event.time),
                event.kind.word().to_owned(),
                self.line(&head.title),
                failed.to_owned(),
                event.duration.map(span).unwrap_or_default(),
                self.line(event.agent.as_deref().unwrap_or_default()),
                self.line(event.step_id.as_deref().unwrap_or_default()),
                self.line(&head.summary),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// A run: header, plan, events.
    pub fn run<'e>(
        &mut self,
        home: Home<'_>,
        run: &Run,
        steps: &[Step],
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
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
        section("plan", &self.steps(steps), &mut out);
        section("events", &self.events(events), &mut out);
        out
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
        ];
        let mut out = cut_lines(&facts(&list), self.columns);
        if let Some(prose) = prose(event) {
            section("text", &self.text(&prose), &mut out);
        }
        section("record", &self.payload(event.raw.bytes()), &mut out);
        out
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

    fn payload(&mut self, bytes: &[u8]) -> String {
        let masked = self.masking.json(bytes, Sort::Any);
        let text = pretty(&masked).unwrap_or_else(|| clean::bytes(&masked));
        cut_lines(&ascii(&text, self.ascii), self.columns)
    }

    /// A fact may be a piece of the record, with secrets under their keys.
    fn fact(&mut self, value: &str) -> String {
        if value.starts_with(['{', '[']) {
            let masked = self.masking.json(value.as_bytes(), Sort::Any);
            return ascii(&clean::bytes(&masked), self.ascii).into_owned();
        }
        self.text(value)
    }

    fn line(&mut self, text: &str) -> String {
        ascii(&clean::line(&self.masking.text(text)), self.ascii).into_owned()
    }

    fn text(&mut self, text: &str) -> String {
        ascii(&clean::text(&self.masking.text(text)), self.ascii).into_owned()
    }

    fn time(&self, time: Option<Time>) -> String {
        self.spell(time, "%Y-%m-%d %H:%M:%S %Z")
    }

    fn instant(&self, time: Option<Time>) -> String {
        self.spell(time, "%Y-%m-%d %H:%M:%S%.3f %Z")
    }

    fn spell(&self, time: Option<Time>, form: &str) -> String {
        time.map(|time| {
            timestamp(time)
                .to_zoned(self.zone.clone())
                .strftime(form)
                .to_string()
        })
        .unwrap_or_default()
    }
}

/// Clean text as it is, or in ASCII where only that is shown.
pub fn ascii(text: &str, only: bool) -> Cow<'_, str> {
    if only {
        plain(text)
    } else {
        Cow::Borrowed(text)
    }
}

fn section(name: &str, content: &str, out: &mut String) {
    if !content.is_empty() {
        let _ = writeln!(out, "\n{name}");
        out.push_str(content.trim_end_matches('\n'));
        out.push('\n');
    }
}

fn tokens(tokens: Option<Tokens>) -> String {
    let sum = tokens.and_then(|tokens| tokens.sum());
    sum.map(|sum| sum.to_string()).unwrap_or_default()
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

/// A duration in at most two units.
pub fn span(duration: Duration) -> String {
    let (seconds, millis) = (duration.as_secs(), duration.as_millis());
    match seconds {
        0 => format!("{millis}ms"),
        // Rounded, as on the screen; what would round to a minute stays below it.
        1..60 => {
            let tenths = ((millis + 50) / 100).min(599);
            format!("{}.{}s", tenths / 10, tenths % 10)
        }
        60..3_600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units() {
        for (millis, text) in [
            (0, "0ms"),
            (999, "999ms"),
            (1_240, "1.2s"),
            (7_493, "7.5s"),
            (59_990, "59.9s"),
            (61_000, "1m 01s"),
            (7_260_000, "2h 01m"),
            (90_000_000, "1d 01h"),
        ] {
            assert_eq!(span(Duration::from_millis(millis)), text);
        }
    }
}
