//! What is nothing of a run, and refusals: each is an event that shows the record as it is, and what it is
//! is said.

use std::collections::HashSet;

use bytes::Bytes;

use super::{
    super::{
        Said,
        kept::{Kept, Told},
        ladder,
    },
    group::Other,
};
use crate::{
    model::{Event, Kind, Payload, Run, Span},
    provider::{Provider, capture::Sort, wire},
};

/// Bytes of a page that are looked at for its title.
const HEAD: usize = 4 << 10;
/// What cannot be read where records of a list should be.
const ODD: &str = "records that cannot be read";

/// The papers of one file.
#[derive(Default)]
pub(super) struct Papers {
    events: Vec<Event>,
    ids: HashSet<String>,
    /// What was met, by service and sort, in the order in which it was met, and how many of each.
    counts: Vec<(&'static str, &'static str, usize)>,
    /// What is to be said besides, and whether it is that a service said no.
    said: Vec<(String, bool)>,
    skipped: u32,
}

impl Papers {
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether something is to be said of the file that no event shows.
    pub fn is_said(&self) -> bool {
        !self.said.is_empty()
    }

    /// A record that answers no ask.
    pub fn put(&mut self, other: Other) {
        let Other {
            raw,
            provider,
            others,
            sort,
        } = other;
        match sort {
            Sort::Paper(paper) => {
                let bytes = paper.kept.map_or(raw, Bytes::from);
                self.count(title(provider.name()), paper.what);
                let event = self.event(bytes, singular(paper.what), paper.title);
                self.events.push(Event {
                    time: paper.time,
                    ..event
                });
            }
            Sort::Refusal(words) => {
                let all = std::iter::once(provider).chain(others);
                let names: Vec<&str> = all.map(|provider| title(provider.name())).collect();
                self.refuse(raw, &names.join(" or "), words);
            }
            Sort::Nothing(what) => {
                let what = if what == "records" { "" } else { what };
                let of = format!("an empty list of {what} of {}", title(provider.name()));
                self.said.push((of.replace("of  of", "of"), false));
            }
            Sort::Answer(_) => {}
        }
    }

    /// A reply in which the service says no.
    pub fn refuse(&mut self, raw: Bytes, service: &str, words: String) {
        let event = self.event(raw, "error reply".to_owned(), None);
        self.said
            .push((format!("an error reply of {service}: {words}"), true));
        self.events.push(Event {
            kind: Kind::Error,
            is_error: Some(true),
            title: Some(format!("error reply of {service}")),
            summary: Some(words),
            ..event
        });
    }

    /// A record that its service's reader cannot read.
    pub fn odd(&mut self, provider: &dyn Provider, event: Event) {
        self.count(title(provider.name()), ODD);
        self.unknown(event);
    }

    /// The same of one that was taken for that service's by its looks.
    pub fn foreign(&mut self, raw: Bytes, service: &'static str) {
        self.count(service, ODD);
        let event = self.event(raw, String::new(), None);
        self.unknown(Event {
            kind: Kind::Unknown,
            ..event
        });
    }

    /// A line that is no JSON.
    pub fn broken(&mut self, raw: Bytes, number: u32) {
        let (event, _) = ladder::event(Payload::new(raw), number, false);
        self.unknown(event);
    }

    fn unknown(&mut self, event: Event) {
        self.skipped = self.skipped.saturating_add(1);
        self.ids.insert(event.id.clone());
        self.events.push(event);
    }

    fn count(&mut self, service: &'static str, what: &'static str) {
        let mut counts = self.counts.iter_mut();
        match counts.find(|(known, sort, _)| (*known, *sort) == (service, what)) {
            Some((.., count)) => *count += 1,
            None => self.counts.push((service, what, 1)),
        }
    }

    fn event(&mut self, bytes: Bytes, type_sent: String, name: Option<String>) -> Event {
        let number = u32::try_from(self.events.len() + 1).unwrap_or(u32::MAX);
        let size = bytes.len();
        let (event, _) = ladder::event(Payload::new(bytes), number, false);
        let id = if self.ids.insert(event.id.clone()) {
            event.id
        } else {
            format!("{}@{number}", event.id)
        };
        Event {
            id,
            kind: Kind::Data,
            type_sent,
            order: event.order,
            time: event.time,
            title: name.or(event.title),
            body: Span::new(0, size),
            raw: event.raw,
            ..Event::default()
        }
    }

    /// What is to be said of the file that is called `name`.
    pub fn told(&self, name: &str) -> Vec<Said> {
        let sorts = self.counts.iter().map(|(service, what, count)| {
            let records = if *count == 1 { "record" } else { "records" };
            let of = match *what {
                "records" => format!("{count} {records} of {service}"),
                ODD => return format!("{count} {records} of {service} cannot be read"),
                what => format!("{count} {records} of {service} {what}"),
            };
            let them = if *count == 1 { "it" } else { "them" };
            format!("{of}: nothing of a run in {them}")
        });
        let sorts = sorts.map(|sort| (sort, false));
        let all = sorts.chain(self.said.iter().cloned());
        all.map(|(text, is_refusal)| Said {
            text: format!("{name}: {text}"),
            is_refusal,
        })
        .collect()
    }

    /// All of it as one run, which is called `name`.
    pub fn kept(self, name: &str) -> Kept {
        let sorts = self.counts.iter().map(|(service, what, count)| {
            let what = if *count == 1 {
                singular(what)
            } else {
                (*what).to_owned()
            };
            format!("{count} {what} of {service}")
        });
        let title: Vec<String> = sorts
            .chain(self.said.iter().map(|(said, _)| said.clone()))
            .collect();
        let times = || self.events.iter().filter_map(|event| event.time);
        let run = Run {
            id: name.to_owned(),
            title: wire::one_line(&title.join(", "), 200),
            started_at: times().min(),
            updated_at: times().max(),
            ..Run::default()
        };
        Kept {
            told: Told::Read {
                events: self.events,
                skipped: self.skipped,
            },
            ..Kept::of(run, &Bytes::new())
        }
    }
}

/// A service's name as people write it.
pub(super) fn title(name: &str) -> &'static str {
    match name {
        "telnyx" => "Telnyx",
        "vectara" => "Vectara",
        "agentex" => "Agentex",
        "elizaos" => "ElizaOS",
        _ => "a service",
    }
}

/// One of them: `messages of a channel` are each a `message of a channel`.
fn singular(what: &str) -> String {
    let (head, rest) = what
        .find(" of ")
        .or_else(|| what.find(" to "))
        .or_else(|| what.find(" that "))
        .and_then(|at| what.split_at_checked(at))
        .unwrap_or((what, ""));
    let one = match head {
        "aliases" => "alias",
        head => head.strip_suffix('s').unwrap_or(head),
    };
    let rest = rest.replace(" that wait ", " that waits ");
    format!("{one}{rest}")
}

/// What an HTML page says that a proxy or a gateway sends where a service should have replied: its title,
/// where that is a status of a failure.
pub(in crate::source) fn page(bytes: &[u8]) -> Option<String> {
    let head = bytes.trim_ascii_start();
    let head = String::from_utf8_lossy(head.get(..HEAD.min(head.len()))?);
    let lower = head.to_ascii_lowercase();
    if !(lower.starts_with("<!doctype html") || lower.starts_with("<html")) {
        return None;
    }
    let within = |tag: &str| {
        let open = lower.find(&format!("<{tag}"))?;
        let start = open + lower.get(open..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find(&format!("</{tag}"))?;
        Some(wire::one_line(head.get(start..end)?, 100))
    };
    ["title", "h1"]
        .into_iter()
        .filter_map(within)
        .find(|text| is_failure(text))
}

/// Whether a title has a status of 400 to 599 in it.
fn is_failure(title: &str) -> bool {
    let mut words = title.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.len() == 3 && matches!(word.parse(), Ok(400..=599)))
}
