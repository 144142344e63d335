//! One message while it is streamed: the content that it began with and the sum of what was added. Adding
//! a piece costs its own length; the content as JSON is only made when somebody wants to see it. It
//! promises nothing about what will be stored in the end, which may differ.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::provider::wire::{self, Object, Raw};

/// No message is summed beyond this; it is asked for when it is whole.
const MOST: usize = 8 * 1024 * 1024;

/// A message that is being written.
#[derive(Debug, Default)]
pub struct Growing {
    /// The content at its creation, as sent.
    base: String,
    /// When it was created, as sent.
    pub created: Option<String>,
    /// The content's type, as the pieces say.
    sort: Option<&'static str>,
    /// Text of a message, arguments of a call, result of a tool, data.
    sum: String,
    summary: BTreeMap<u64, String>,
    thought: BTreeMap<u64, String>,
    /// What the pieces say of the tool.
    tool: Vec<(&'static str, String)>,
    size: usize,
    /// Whether something of it was missed, so that the sum means nothing.
    pub partial: bool,
}

impl Growing {
    /// A message whose beginning was heard.
    pub fn started(content: Option<Raw<'_>>, created: Option<Raw<'_>>) -> Self {
        Self {
            base: content.map(|raw| raw.get().to_owned()).unwrap_or_default(),
            created: created.map(|raw| raw.get().to_owned()),
            ..Self::default()
        }
    }

    /// Adds a piece; says whether it could be read.
    pub fn add(&mut self, delta: &Object<'_>) -> bool {
        let told = delta.some_text("type");
        let (sort, member) = match told.as_deref() {
            Some("text") => ("text", "text_delta"),
            Some("data") => ("data", "data_delta"),
            Some("tool_request") => ("tool_request", "arguments_delta"),
            Some("tool_response") => ("tool_response", "content_delta"),
            Some("reasoning_summary") => ("reasoning", "summary_delta"),
            Some("reasoning_content") => ("reasoning", "content_delta"),
            _ => return false,
        };
        if *self.sort.get_or_insert(sort) != sort {
            self.partial = true;
            return false;
        }
        for name in ["tool_call_id", "name"] {
            if sort.starts_with("tool_") && !self.tool.iter().any(|(known, _)| *known == name) {
                self.tool
                    .extend(delta.some_text(name).map(|text| (name, text)));
            }
        }
        let piece = delta.text_of(member).unwrap_or_default();
        self.size = self.size.saturating_add(piece.len());
        self.partial |= self.size > MOST;
        if self.partial {
            self.forget();
            return true;
        }
        match member {
            "summary_delta" => part(&mut self.summary, delta.count("summary_index"), &piece),
            "content_delta" if sort == "reasoning" => {
                part(&mut self.thought, delta.count("content_index"), &piece);
            }
            _ => self.sum.push_str(&piece),
        }
        true
    }

    fn forget(&mut self) {
        self.sum = String::new();
        self.summary.clear();
        self.thought.clear();
    }

    /// The content so far, in the service's own shape.
    pub fn content(&self) -> String {
        let raw: Option<Raw<'_>> = serde_json::from_str(&self.base).ok();
        let base = raw.and_then(Object::read);
        let Some(sort) = self.sort.filter(|_| !self.partial) else {
            return base.map_or_else(|| "null".to_owned(), |base| base.text().to_owned());
        };
        let like = base
            .as_ref()
            .filter(|base| base.text_of("type").as_deref() == Some(sort));
        let put = self.parts(sort, like);
        let mut members = Vec::new();
        if let Some(base) = like {
            for (key, value) in base.members() {
                let new = put.iter().find(|(name, _)| name == key);
                let value = new.map_or(value.get(), |(_, value)| value.as_str());
                members.push(member(key, value));
            }
        } else {
            members.push(member("type", &quoted(sort)));
            let author = base.as_ref().and_then(|base| base.raw("author"));
            members.extend(author.map(|raw| member("author", raw.get())));
            let tool = self.tool.iter();
            members.extend(tool.map(|(name, text)| member(name, &quoted(text))));
        }
        for (name, value) in &put {
            let is_there =
                like.is_some_and(|base| base.members().iter().any(|(key, _)| key == name));
            if !is_there {
                members.push(member(name, value));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    /// The members that have grown.
    fn parts(&self, sort: &str, base: Option<&Object<'_>>) -> Vec<(&'static str, String)> {
        let grown = |name: &str| {
            let begun = base.and_then(|base| base.raw(name)).filter(is_text);
            quoted(&(begun.and_then(wire::text).unwrap_or_default() + &self.sum))
        };
        match sort {
            "text" | "tool_response" if !self.sum.is_empty() => vec![("content", grown("content"))],
            "data" if !self.sum.is_empty() => vec![("data", json_or_text(&self.sum))],
            "tool_request" if !self.sum.is_empty() => {
                vec![("arguments", json_or_text(&self.sum))]
            }
            "reasoning" => {
                let mut parts = Vec::new();
                for (name, pieces) in [("summary", &self.summary), ("content", &self.thought)] {
                    if !pieces.is_empty() {
                        parts.push((name, joined(base.and_then(|base| base.array(name)), pieces)));
                    }
                }
                parts
            }
            _ => Vec::new(),
        }
    }
}

/// A piece without a number belongs to the first part.
fn part(parts: &mut BTreeMap<u64, String>, index: Option<u64>, piece: &str) {
    parts.entry(index.unwrap_or(0)).or_default().push_str(piece);
}

/// The parts of a reasoning: those that were there from the beginning, and what was added to each.
fn joined(begun: Option<Vec<Raw<'_>>>, added: &BTreeMap<u64, String>) -> String {
    let mut parts: BTreeMap<u64, String> = (0..)
        .zip(begun.unwrap_or_default())
        .filter_map(|(at, raw)| Some((at, wire::text(raw)?)))
        .collect();
    for (at, piece) in added {
        parts.entry(*at).or_default().push_str(piece);
    }
    let parts: Vec<String> = parts.values().map(|part| quoted(part)).collect();
    format!("[{}]", parts.join(","))
}

/// Arguments and data come as the text of their JSON. Until it is whole it is shown as a text.
fn json_or_text(sum: &str) -> String {
    match serde_json::from_str::<Raw<'_>>(sum) {
        Ok(whole) => whole.get().to_owned(),
        Err(_) => quoted(sum),
    }
}

fn is_text(raw: &Raw<'_>) -> bool {
    raw.get().starts_with('"')
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn member(key: &str, value: &str) -> String {
    format!("{}:{value}", quoted(key))
}
