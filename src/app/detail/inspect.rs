//! The detail of the selected node: which facts, which text, which payload.

use std::sync::Arc;

use crate::app::{App, Pane, detail::facets, time::when};
use crate::{
    doc::{Part, Source},
    guard::redact::Sort as Secrets,
    model::{Event, Extra, Fact, NodeId, Payload, Sort, Time, Tokens, Trouble},
    text::size,
};

/// Larger payloads are laid out for a copy beside the loop.
pub(in crate::app) const AT_ONCE: usize = 64 << 10;

pub(in crate::app) type Facts = Vec<(String, String)>;

impl App {
    /// Rows that the detail has on the screen.
    pub(in crate::app) fn detail_height(&self) -> usize {
        usize::from(self.measured.detail_rows)
    }

    /// Whether the keys go to the detail.
    pub fn in_detail(&self) -> bool {
        self.focus == Pane::Detail
    }

    pub(in crate::app) fn parts(&self, node: NodeId) -> (Vec<Part>, Vec<Part>) {
        let (facts, body) = match self.store.sort(node) {
            Sort::Context => (self.context_facts(node), Vec::new()),
            Sort::Mission => self.mission_parts(node),
            Sort::Run => self.run_parts(node),
            Sort::Step => self.step_parts(node),
            Sort::Event => self.event_parts(node),
            Sort::Note => (self.gap_facts(node), Vec::new()),
            Sort::Group => (Facts::new(), self.group_parts(node)),
        };
        let mut facts = vec![Part::Facts(self.noted(node, facts))];
        facts.extend(self.trouble_parts(node));
        facts.extend(self.follow_parts(node));
        (facts, body)
    }

    /// With what the person noted first, and its page in the service's console last.
    fn noted(&self, node: NodeId, mut facts: Facts) -> Facts {
        let note = self.kept_at(node).map(|item| item.note.clone());
        if let Some(note) = note.filter(|note| !note.is_empty()) {
            facts.insert(0, ("note".to_owned(), note));
        }
        let has_page = matches!(
            self.store.sort(node),
            Sort::Mission | Sort::Run | Sort::Event
        );
        put(
            &mut facts,
            "console",
            self.console_of(node).filter(|_| has_page),
        );
        facts
    }

    /// What is wrong with the node's loading, and what to do about it.
    fn trouble_parts(&self, node: NodeId) -> Vec<Part> {
        let about = if self.store.sort(node) == Sort::Note {
            self.store.owner(node)
        } else {
            node
        };
        let Some(load) = self.loads.get(&about) else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        if let Some(trouble) = &load.trouble {
            let heading = match load.synced {
                Some(_) => "could not be refreshed",
                None => "could not be loaded",
            };
            parts.push(Part::Heading(heading.to_owned()));
            parts.push(Part::Prose(trouble.to_string()));
            if let Some(synced) = load.synced {
                let at = when::clock(synced, &self.zone);
                parts.push(Part::Prose(format!("What is here was loaded at {at}.")));
            }
            let hint = match trouble {
                Trouble::Cancelled => String::new(),
                trouble => format!("{} ", trouble.hint()),
            };
            parts.push(Part::Prose(format!("{hint}Press r to try again.")));
        }
        if let Some((trouble, until)) = &load.waiting {
            parts.push(Part::Heading("waiting".to_owned()));
            parts.push(Part::Prose(format!(
                "{trouble}. Trying again at {}.",
                when::clock(*until, &self.zone)
            )));
        }
        if load.skipped > 0 {
            let text = format!(
                "{} could not be read, shown as unknown.",
                when::many(load.skipped as usize, "record")
            );
            parts.push(Part::Note(text));
        }
        parts
    }

    fn context_facts(&self, node: NodeId) -> Facts {
        let mut facts = Facts::new();
        if let Some((_, info)) = self.context_of(node) {
            put(&mut facts, "context", Some(info.name.clone()));
            put(&mut facts, "service", Some(info.provider.clone()));
            put(&mut facts, "address", Some(info.base_url.clone()));
            put(&mut facts, "credential", Some(info.credential.clone()));
            put(
                &mut facts,
                "certificates",
                info.insecure
                    .then(|| "NOT CHECKED (insecure = true)".to_owned()),
            );
        }
        let synced = self.loads.get(&node).and_then(|load| load.synced);
        put(&mut facts, "synced", self.time(synced));
        facts
    }

    fn mission_parts(&self, node: NodeId) -> (Facts, Vec<Part>) {
        let mut facts = Facts::new();
        let Some(mission) = self.store.mission(node) else {
            return (facts, Vec::new());
        };
        put(&mut facts, "mission", Some(mission.name.clone()));
        put(&mut facts, "id", Some(mission.id.clone()));
        put(&mut facts, "status", mission.status.clone());
        put(&mut facts, "created", self.time(mission.created_at));
        put(&mut facts, "updated", self.time(mission.updated_at));
        all(&mut facts, &mission.facts);
        let mut body = Vec::new();
        if let Some(text) = &mission.description {
            prose(&mut body, "description", text.clone());
        }
        record(&mut body, "record", &mission.raw, Secrets::Any);
        extras(&mut body, &mission.extras, Secrets::Any);
        (facts, body)
    }

    fn run_parts(&self, node: NodeId) -> (Facts, Vec<Part>) {
        let mut facts = Facts::new();
        let Some(run) = self.store.run(node) else {
            return (facts, Vec::new());
        };
        put(&mut facts, "run", Some(run.title.clone()));
        put(&mut facts, "id", Some(run.id.clone()));
        let sent = run
            .status_sent
            .as_ref()
            .filter(|sent| sent.as_str() != run.status.word());
        let sent = sent.map(|sent| format!(" ({sent})")).unwrap_or_default();
        put(
            &mut facts,
            "status",
            Some(format!("{}{sent}", run.status.word())),
        );
        put(&mut facts, "because", run.status_reason.clone());
        put(&mut facts, "started", self.time(run.started_at));
        put(&mut facts, "ended", self.time(run.ended_at));
        put(&mut facts, "dur", run.duration.map(when::span));
        put(&mut facts, "quiet since", self.time(run.quiet_since));
        put(
            &mut facts,
            "tokens",
            Some(run.tokens.map_or_else(|| "not reported".to_owned(), tokens)),
        );
        put(&mut facts, "started by run", run.parent_run_id.clone());
        let (events, failures) = self.store.counts(node);
        if events > 0 {
            let more = self
                .loads
                .get(&node)
                .is_some_and(|load| load.more.is_some());
            let plus = if more { "+" } else { "" };
            put(
                &mut facts,
                "events",
                Some(match self.digest(node) {
                    Some(_) => format!("{events}{plus} loaded"),
                    None => format!("{events}{plus} loaded, {failures}{plus} failed"),
                }),
            );
            put(&mut facts, "operations", self.operations_told(node));
        }
        all(&mut facts, &run.facts);
        let mut body = Vec::new();
        if let Some(text) = &run.error {
            prose(&mut body, "error", text.clone());
        }
        record(&mut body, "record", &run.raw, self.secrets(node));
        extras(&mut body, &run.extras, self.secrets(node));
        (facts, body)
    }

    fn step_parts(&self, node: NodeId) -> (Facts, Vec<Part>) {
        let mut facts = Facts::new();
        let Some(step) = self.store.step(node) else {
            return (facts, Vec::new());
        };
        put(&mut facts, "step", Some(step.title.clone()));
        put(&mut facts, "id", Some(step.id.clone()));
        let sent = step
            .status_sent
            .clone()
            .unwrap_or_else(|| step.status.word().to_owned());
        put(&mut facts, "status", Some(sent));
        put(&mut facts, "started", self.time(step.started_at));
        put(&mut facts, "ended", self.time(step.ended_at));
        let took = step
            .ended_at
            .zip(step.started_at)
            .and_then(|(end, start)| end.since(start));
        put(&mut facts, "dur", took.map(when::span));
        let mut body = Vec::new();
        if step.raw.is_empty() {
            body.push(Part::Note(
                "The plan does not have this step; events name it.".to_owned(),
            ));
        }
        record(&mut body, "record", &step.raw, Secrets::Any);
        (facts, body)
    }

    fn event_parts(&self, node: NodeId) -> (Facts, Vec<Part>) {
        let Some(event) = self.store.event(node) else {
            return (Facts::new(), Vec::new());
        };
        if let Some(source) = self.document(node) {
            let heading = format!("payload  {}", size::of(source.len()));
            let body = vec![Part::Heading(heading), Part::Far(source, Secrets::Any)];
            return (self.event_facts(node, &event), body);
        }
        let operation = self.shown_operation(node);
        if let Some(operation) = operation.filter(|_| event.content.is_none()) {
            return self.operation_parts(&event, &operation);
        }
        let facts = self.event_facts(node, &event);
        let mut body = Vec::new();
        if let Some(content) = event.content {
            body.push(Part::Heading("content".to_owned()));
            body.push(Part::Note(self.content_note(node, content)));
        }
        facets::of(&mut body, "", &event);
        (facts, body)
    }

    /// The text of an event that stays in its file.
    pub(in crate::app) fn document(&self, node: NodeId) -> Option<Source> {
        if self.documents.is_empty() || self.store.sort(node) != Sort::Event {
            return None;
        }
        let mut above = std::iter::successors(Some(node), |at| {
            let owner = self.store.owner(*at);
            (owner != *at).then_some(owner)
        });
        let mission = above.find_map(|at| self.store.mission(at))?;
        let far = self.documents.get(&mission.id)?;
        Some(Source::far(Arc::clone(far)))
    }

    fn event_facts(&self, node: NodeId, event: &Event) -> Facts {
        let mut facts = Facts::new();
        let word = event.kind.word();
        let sent = if event.type_sent.is_empty() || event.type_sent == word {
            word.to_owned()
        } else {
            format!("{word} ({})", event.type_sent)
        };
        put(&mut facts, "event", Some(sent));
        put(&mut facts, "tool", event.tool.clone());
        put(
            &mut facts,
            "failed",
            event
                .is_error
                .map(|failed| if failed { "yes" } else { "no" }.to_owned()),
        );
        put(&mut facts, "time", self.time(event.time));
        put(&mut facts, "dur", event.duration.map(when::span));
        put(&mut facts, "step", event.step_id.clone());
        put(&mut facts, "agent", event.agent.clone());
        put(&mut facts, "tokens", event.tokens.map(tokens));
        put(&mut facts, "call", event.call_id.clone());
        let number = self.store.number(node).map(|number| format!("  #{number}"));
        put(
            &mut facts,
            "id",
            Some(format!("{}{}", event.id, number.unwrap_or_default())),
        );
        facts
    }

    pub(in crate::app) fn time(&self, time: Option<Time>) -> Option<String> {
        time.map(|time| {
            format!(
                "{}  {} ago",
                when::full(time, &self.zone),
                when::age(self.now, time)
            )
        })
        .map(|text| text.replace("soon ago", "ahead"))
    }
}

pub(in crate::app) fn put(facts: &mut Facts, label: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        facts.push((label.to_owned(), value));
    }
}

fn all(facts: &mut Facts, more: &[Fact]) {
    facts.extend(
        more.iter()
            .map(|fact| (fact.label.to_owned(), fact.value.clone())),
    );
}

pub(in crate::app) fn prose(body: &mut Vec<Part>, heading: &str, text: String) {
    body.push(Part::Heading(heading.to_owned()));
    body.push(Part::Prose(text));
}

pub(in crate::app) fn record(body: &mut Vec<Part>, heading: &str, raw: &Payload, secrets: Secrets) {
    if !raw.is_empty() {
        body.push(Part::Heading(format!("{heading}  {}", size::of(raw.len()))));
        body.push(Part::Json(raw.clone(), secrets));
    }
}

/// What the service keeps beside a record, each under its name.
fn extras(body: &mut Vec<Part>, extras: &[Extra], secrets: Secrets) {
    for extra in extras {
        record(body, &extra.label, &extra.raw, secrets);
    }
}

pub(in crate::app) fn tokens(tokens: Tokens) -> String {
    let parts = [
        ("in", tokens.input),
        ("cached", tokens.cached),
        ("out", tokens.output),
        ("reasoning", tokens.reasoning),
        ("total", tokens.total),
    ];
    let words: Vec<_> = parts
        .into_iter()
        .filter_map(|(word, n)| n.map(|n| format!("{n} {word}")))
        .collect();
    words.join(", ")
}
