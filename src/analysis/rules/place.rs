//! Where a rule holds, for people: a path and the words that say so. Kept only when somebody asked for
//! one rule's reason; otherwise nothing is allocated.

use super::frame::Frame;
use super::set::RuleSet;
use super::text::first_line;
use crate::analysis::Rule;
use crate::text::json::unquote;
use crate::text::keys;

/// A place in what a tool gave, as the path that leads to it; empty at the top.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(String);

/// How much of a text is quoted.
const QUOTED: usize = 48;

/// Remembers where the wanted rule was found first.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The rule whose reason is wanted.
    pub(super) want: Option<Rule>,
    /// What is known of it.
    pub(super) reason: Option<String>,
}

impl Places {
    fn wants(&self, rule: Rule) -> bool {
        self.want == Some(rule) && self.reason.is_none()
    }

    /// The place of the member or element that is being read.
    pub(super) fn inside(&self, at: &Found, frames: &[Frame], text: &[u8]) -> Found {
        if self.want.is_none() {
            return Found::default();
        }
        path(at, frames, text)
    }

    /// A text says something.
    pub(super) fn text(&mut self, says: RuleSet, text: &[u8], at: &Found) {
        let Some(rule) = self
            .want
            .filter(|rule| self.wants(*rule) && says.has(*rule))
        else {
            return;
        };
        let quoted = quoted(&String::from_utf8_lossy(first_line(text)));
        let what = match rule {
            Rule::Html => "a web page about a fault".to_owned(),
            Rule::HttpStatus => format!("text that begins with a status: “{quoted}”"),
            Rule::ExitCode => format!("text that tells of an exit: “{quoted}”"),
            _ => format!("text that begins as an error: “{quoted}”"),
        };
        self.reason = Some(format!("{what}{}", place(at)));
    }

    /// JSON was cut after so many bytes.
    pub(super) fn cut(&mut self, bytes: usize, at: &Found) {
        if self.wants(Rule::CutJson) {
            let what = format!("JSON that ends in the middle, after {bytes} bytes");
            self.reason = Some(format!("{what}{}", place(at)));
        }
    }

    /// The innermost container says something by its own members.
    pub(super) fn members(&mut self, says: RuleSet, frames: &[Frame], text: &[u8], at: &Found) {
        let Some(rule) = self
            .want
            .filter(|rule| self.wants(*rule) && says.has(*rule))
        else {
            return;
        };
        let Some((frame, around)) = frames.split_last() else {
            return;
        };
        let Some((key, value)) = frame.hit(rule) else {
            return;
        };
        let part = |(start, end): (usize, usize)| text.get(start..end).unwrap_or_default();
        let key = unquote(part(key));
        let is_number = !part(value).starts_with(b"\"");
        let tells = keys::tells(&key);
        let hides =
            tells.hides(&unquote(part(value))) && (tells == keys::Tells::Secret || !is_number);
        let shown = if hides {
            "…".to_owned()
        } else {
            shown(part(value))
        };
        let here = path(at, around, text);
        self.reason = Some(format!("\"{}\": {shown}{}", quoted(&key), place(&here)));
    }
}

/// The path that leads to the member or element that the innermost container reads.
fn path(at: &Found, frames: &[Frame], text: &[u8]) -> Found {
    let mut path = at.0.clone();
    for frame in frames {
        match frame.step() {
            Ok((start, end)) => {
                let key = unquote(text.get(start..end).unwrap_or_default());
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(key.chars().filter(|c| !c.is_control()).take(24));
            }
            Err(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    Found(path)
}

fn place(at: &Found) -> String {
    let path = &at.0;
    let length = path.chars().count();
    if path.is_empty() {
        return String::new();
    }
    if length <= 40 {
        return format!(" at {path}");
    }
    let tail: String = path.chars().skip(length - 39).collect();
    format!(" at …{tail}")
}

/// A value as sent, where it is short; of a container only its beginning.
fn shown(value: &[u8]) -> String {
    match value.first() {
        Some(b'"') => format!("“{}”", quoted(&unquote(value))),
        Some(b'{') => "{…}".to_owned(),
        Some(b'[') => "[…]".to_owned(),
        _ => quoted(&String::from_utf8_lossy(value)),
    }
}

/// The first line of a text, cut with a sign where it goes on: whoever masks it must know.
fn quoted(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    line.chars().take(QUOTED - 1).chain(['…']).collect()
}
