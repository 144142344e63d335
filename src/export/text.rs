//! Records as text for people: tables for lists, sections for one thing. Masked and cleaned; quotes,
//! empty fields and empty columns are left out. May change from version to version; scripts read the
//! JSON records.

use std::{borrow::Cow, time::Duration};

use jiff::tz::TimeZone;

use super::{
    record::{ContextRecord, Home, ProofRecord, Seen, duration, timestamp},
    table::Table,
};
use crate::{
    analysis::{Fingerprint, Headline, headline, spelling::span},
    guard::{Masking, Sort, clean},
    model::{Elsewhere, Event, Mission, Run, Time, Tokens},
    text::{ascii::plain, width::width},
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

/// The columns of events that are printed as they come.
pub struct Columns {
    widths: [usize; 10],
    head: bool,
}

/// The columns of contexts that are printed as they answer.
pub struct ProofColumns {
    widths: [usize; 6],
    head: bool,
}

impl Default for Columns {
    /// As wide as most runs need, because nobody knows what comes.
    fn default() -> Self {
        Self {
            widths: [4, 0, 27, 11, 16, 6, 8, 12, 8, 7],
            head: true,
        }
    }
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

    /// A context that was asked, with the next step where it failed: the next line of the table whose
    /// columns are `before`. Not cut: what to do stands at the end of the line.
    pub fn proof(
        &mut self,
        before: &mut ProofColumns,
        proof: &ProofRecord,
        hint: Option<&str>,
    ) -> String {
        let mut table = Table::new(&["NAME", "PROVIDER", "BASE URL", "STATE", "TIME>", "RESULT"]);
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
        let head = std::mem::take(&mut before.head);
        table.go_on(&mut before.widths, head, None, self.ascii)
    }

    /// The columns of what contexts will answer, as wide as these contexts need.
    pub fn proof_columns<'c>(
        &mut self,
        contexts: impl IntoIterator<Item = &'c ContextRecord>,
    ) -> ProofColumns {
        let mut widths = [
            "NAME", "PROVIDER", "BASE URL", "failed", "59m 59s", "RESULT",
        ]
        .map(str::len);
        for context in contexts {
            let texts = [
                Some(context.name.as_str()),
                context.provider.as_deref(),
                context.base_url.as_deref(),
            ];
            for (wide, text) in widths.iter_mut().zip(texts) {
                *wide = width(&self.line(text.unwrap_or_default())).max(*wide);
            }
        }
        ProofColumns { widths, head: true }
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
                self.id(&mission.id),
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
            "RUN", "STATUS", "STARTED", "DUR>", "CONTEXT", "MISSION", "TOKENS>", "TITLE",
        ]);
        for (home, mission, run) in runs {
            table.row([
                self.id(&run.id),
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

    /// Failures with a cause in common.
    pub fn causes<'c>(
        &mut self,
        causes: impl IntoIterator<Item = (&'c Fingerprint, &'c Seen)>,
    ) -> String {
        let mut table = Table::new(&[
            "RUNS>", "FIRST", "LAST", "KIND", "TOOL", "MESSAGE", "MISSIONS",
        ]);
        for (shape, seen) in causes {
            let missions: Vec<&str> = seen.missions().collect();
            table.row([
                seen.count().to_string(),
                self.time(seen.first()),
                self.time(seen.last()),
                shape.kind.to_owned(),
                self.line(shape.tool.as_deref().unwrap_or_default()),
                self.line(&shape.message),
                self.line(&missions.join(", ")),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// Events with their numbers in the run.
    pub fn events<'e>(
        &mut self,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
        self.event_table(events, true)
            .render(self.columns, self.ascii)
    }

    /// The next events of a run that is being followed, in the columns of those before. They have no
    /// number yet, and ids would take the room of what they say.
    pub fn next_events<'e>(
        &mut self,
        before: &mut Columns,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
    ) -> String {
        let (columns, ascii) = (self.columns, self.ascii);
        let rows = self.event_table(events, false);
        let head = std::mem::take(&mut before.head);
        rows.go_on(&mut before.widths, head, columns, ascii)
    }

    fn event_table<'e>(
        &mut self,
        events: impl IntoIterator<Item = (Option<usize>, &'e Event)>,
        ids: bool,
    ) -> Table {
        let mut table = Table::new(&[
            "#>", "EVENT", "TIME", "KIND", "TITLE", "FAILED", "DUR>", "AGENT", "STEP", "SUMMARY",
        ]);
        for (seq, event) in events {
            let head = headline(event);
            // Without a number it is the id that names it.
            let id = if ids {
                self.id(&event.id)
            } else {
                String::new()
            };
            table.row([
                seq.map(|seq| seq.to_string()).unwrap_or_default(),
                seq.map_or(id, |_| String::new()),
                self.instant(event.time),
                event.kind.word().to_owned(),
                self.line(&head.title),
                failed(event).to_owned(),
                event.duration.map(span).unwrap_or_default(),
                self.line(event.agent.as_deref().unwrap_or_default()),
                self.line(event.step_id.as_deref().unwrap_or_default()),
                self.line(said_besides(&head)),
            ]);
        }
        table
    }

    /// Events of many runs.
    pub fn everywhere<'e>(
        &mut self,
        events: impl IntoIterator<Item = (Home<'e>, &'e Elsewhere)>,
    ) -> String {
        let mut table = Table::new(&[
            "TIME", "KIND", "TITLE", "FAILED", "CONTEXT", "RUN", "EVENT", "AGENT", "SUMMARY",
        ]);
        for (home, row) in events {
            let event = &row.event;
            let head = headline(event);
            table.row([
                self.instant(event.time),
                event.kind.word().to_owned(),
                self.line(&head.title),
                failed(event).to_owned(),
                home.context.to_owned(),
                self.line(&row.run),
                self.id(&event.id),
                self.line(event.agent.as_deref().unwrap_or_default()),
                self.line(said_besides(&head)),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    /// A fact may be a piece of the record, with secrets under their keys.
    pub(super) fn fact(&mut self, value: &str) -> String {
        if value.starts_with(['{', '[']) {
            let masked = self.masking.json(value.as_bytes(), Sort::Any);
            return ascii(&clean::bytes(&masked), self.ascii).into_owned();
        }
        self.text(value)
    }

    pub(super) fn line(&mut self, text: &str) -> String {
        ascii(&clean::line(&self.masking.text(text)), self.ascii).into_owned()
    }

    /// An id, which is only masked where it is a secret.
    pub(super) fn id(&mut self, id: &str) -> String {
        ascii(&clean::line(&self.masking.id(id)), self.ascii).into_owned()
    }

    pub(super) fn text(&mut self, text: &str) -> String {
        ascii(&clean::text(&self.masking.text(text)), self.ascii).into_owned()
    }

    pub(super) fn time(&self, time: Option<Time>) -> String {
        self.spell(time, "%Y-%m-%d %H:%M:%S %Z")
    }

    pub(super) fn instant(&self, time: Option<Time>) -> String {
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

/// The summary, unless it says the title once more.
fn said_besides(head: &Headline) -> &str {
    if head.summary.trim() == head.title.trim() {
        ""
    } else {
        &head.summary
    }
}

fn failed(event: &Event) -> &'static str {
    if event.is_error == Some(true) {
        "failed"
    } else {
        ""
    }
}

fn tokens(tokens: Option<Tokens>) -> String {
    let sum = tokens.and_then(|tokens| tokens.sum());
    sum.map(|sum| sum.to_string()).unwrap_or_default()
}
