//! Walks through what a tool gave and finds what holds by it: through wrappers, lists of outcomes and
//! JSON in strings, as far as that is still the top of what was given, never into the rows of a domain.
//! One pass, at most 64 KiB, bounded levels; it keeps ranges of the text and builds no values.

use std::borrow::Cow;

use super::Shape;
use super::frame::{Frame, Role};
use super::place::{Found, Places};
use super::set::RuleSet;
use super::text;
use crate::analysis::Rule;
use crate::text::json::{self, Scanner, Sort, Token, Wrong, unquote};

/// How much is read.
pub(super) const LIMIT: usize = 64 * 1024;
/// How many wrappers may lie round what counts.
const DEEPEST: usize = 8;
/// How many strings may lie round JSON.
const UNWRAPS: u8 = 3;

/// What a value says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) says: RuleSet,
    pub(super) shape: Shape,
    /// Whether it is text, not JSON, that says so.
    pub(super) by_text: bool,
    /// Whether it is a text that says that there is nothing.
    pub(super) explains: bool,
    /// Whether it is one piece of a content.
    pub(super) is_part: bool,
}

impl Said {
    pub(super) const fn nothing(shape: Shape) -> Self {
        Self {
            says: RuleSet::NONE,
            shape,
            by_text: false,
            explains: false,
            is_part: false,
        }
    }
}

/// A container in which a fault is looked for, and nothing else.
struct Skip {
    /// Depth outside of it.
    outside: usize,
    /// Whether the last key was one whose number tells of a fault.
    code: bool,
    tells: bool,
    /// How many tokens it has had.
    tokens: usize,
    is_array: bool,
    start: usize,
}

/// One look at one result. With a rule that is wanted, it remembers where that rule holds.
pub(super) struct Walk {
    pub(super) places: Places,
}

impl Walk {
    /// What the payload says. `body` is JSON as sent, or any other bytes.
    pub(super) fn body(&mut self, body: &[u8]) -> Said {
        let body = body.trim_ascii();
        if body.is_empty() {
            return Said::nothing(Shape::Nothing);
        }
        let complete = body.len() <= LIMIT;
        let head = body.get(..LIMIT).unwrap_or(body);
        if head.starts_with(b"\"") {
            return self.string(body, 0, &Found::default());
        }
        match self.json(head, 0, Role::Top, &Found::default()) {
            Ok(said) => said,
            Err((_, said)) if !complete => said,
            Err(_) => self.content(head, true, 0, &Found::default()),
        }
    }

    /// What a string literal says.
    fn string(&mut self, literal: &[u8], levels: u8, at: &Found) -> Said {
        let complete = literal.len() <= LIMIT || ends_closed(literal);
        let head = literal.get(..LIMIT).unwrap_or(literal);
        let text = unquote(head);
        self.content(text.as_bytes(), complete, levels, at)
    }

    /// What decoded text says. `complete` is false where the text has no end that closes it.
    fn content(&mut self, text: &[u8], complete: bool, levels: u8, at: &Found) -> Said {
        let text = text.trim_ascii();
        let text = unfenced(text);
        match text.first() {
            None => return Said::nothing(Shape::Empty),
            Some(b'{' | b'[') if levels < UNWRAPS => {
                if let Some(said) = self.inner(text, complete, levels + 1, at) {
                    return said;
                }
            }
            Some(b'"') if levels < UNWRAPS && json::fault(text).is_none() => {
                return self.string(text, levels + 1, at);
            }
            _ if matches!(text, b"null" | b"None" | b"undefined") => {
                return Said::nothing(Shape::Empty);
            }
            _ => {}
        }
        self.plain(text, at)
    }

    /// What JSON in a string says; none where it is none.
    fn inner(&mut self, text: &[u8], complete: bool, levels: u8, at: &Found) -> Option<Said> {
        let text = as_json(text);
        match self.json(&text, levels, Role::Top, at) {
            Ok(said) => Some(said),
            Err((fault, mut said)) if fault.what == Wrong::Cut => {
                // our own limit cuts too
                if (text.len() < LIMIT - 8 || !complete) && !text::is_shortened(&text) {
                    said.says.add(RuleSet::of(Rule::CutJson));
                    said.shape = Shape::Json;
                    self.places.cut(text.len(), at);
                }
                Some(said)
            }
            Err((fault, _)) if fault.what == Wrong::Trailing && text.starts_with(b"{") => {
                let rest = text.get(fault.at..)?;
                rest.starts_with(b"{").then_some(Said::nothing(Shape::Rows))
            }
            Err(_) => None,
        }
    }

    fn plain(&mut self, text: &[u8], at: &Found) -> Said {
        let says = text::says(text);
        self.places.text(says, text, at);
        Said {
            says,
            shape: if text::is_html(text) {
                Shape::Html
            } else {
                Shape::Text
            },
            by_text: true,
            explains: text::explains(text),
            is_part: false,
        }
    }

    /// What a JSON text says, or the fault and what was said until then.
    fn json(
        &mut self,
        text: &[u8],
        levels: u8,
        role: Role,
        at: &Found,
    ) -> Result<Said, (json::Fault, Said)> {
        let mut scanner = Scanner::new(text);
        let mut frames: Vec<Frame> = Vec::with_capacity(4);
        let mut skip: Option<Skip> = None;
        let mut root = Said::nothing(Shape::Json);
        let mut fault = None;
        loop {
            let outside = scanner.depth();
            let token = match scanner.next() {
                None => break,
                Some(Ok(token)) => token,
                Some(Err(broken)) => {
                    fault = Some(broken);
                    break;
                }
            };
            if let Some(passed) = &mut skip {
                if pass(passed, token, text, scanner.depth()) {
                    if let Some(frame) = frames.last_mut() {
                        let some = passed.tokens > 1;
                        frame.passed(passed.is_array, some, passed.tells, passed.start, token.end);
                    }
                    skip = None;
                }
                continue;
            }
            match token.sort {
                Sort::Key => {
                    if let Some(frame) = frames.last_mut() {
                        frame.key(token, text);
                    }
                }
                Sort::Open(shape) => {
                    let is_array = shape == json::Shape::Array;
                    let inside = match frames.last_mut() {
                        None if is_array => Some(Role::List),
                        None => Some(role),
                        Some(frame) if frames_left(levels, scanner.depth()) => {
                            frame.opens(is_array)
                        }
                        Some(frame) => {
                            frame.element();
                            None
                        }
                    };
                    match inside {
                        Some(role) => frames.push(Frame::new(is_array, role)),
                        None if !frames.last().is_some_and(Frame::probes) => {
                            let end = match scanner.pass_over() {
                                Ok(end) => end,
                                Err(broken) => {
                                    fault = Some(broken);
                                    break;
                                }
                            };
                            if let Some(frame) = frames.last_mut() {
                                let inside = text.get(token.start + 1..end - 1);
                                let some = !inside.unwrap_or_default().trim_ascii().is_empty();
                                frame.passed(is_array, some, false, token.start, end);
                            }
                        }
                        None => {
                            skip = Some(Skip {
                                outside,
                                code: false,
                                tells: false,
                                tokens: 0,
                                is_array,
                                start: token.start,
                            });
                        }
                    }
                }
                Sort::Close(_) => {
                    if let Some(said) = self.close(&mut frames, text, at) {
                        root = said;
                    }
                }
                Sort::String | Sort::Number | Sort::Word => {
                    if frames.is_empty() {
                        root = self.scalar(token, text, levels, at);
                    } else {
                        self.member(&mut frames, token, text, levels, at);
                    }
                }
            }
        }
        while !frames.is_empty() {
            if let Some(said) = self.close(&mut frames, text, at) {
                root = said;
            }
        }
        match fault {
            None => Ok(root),
            Some(fault) => Err((fault, root)),
        }
    }

    /// A value that stands alone.
    fn scalar(&mut self, token: Token, text: &[u8], levels: u8, at: &Found) -> Said {
        let literal = text.get(token.start..token.end).unwrap_or_default();
        match token.sort {
            Sort::String => self.string(literal, levels, at),
            _ if literal == b"null" => Said::nothing(Shape::Empty),
            _ => Said::nothing(Shape::Text),
        }
    }

    /// A value that a member or an element has.
    fn member(&mut self, frames: &mut [Frame], token: Token, text: &[u8], levels: u8, at: &Found) {
        let literal = text.get(token.start..token.end).unwrap_or_default();
        let Some(frame) = frames.last_mut() else {
            return;
        };
        if token.sort == Sort::String && frame.reads_strings() {
            frame.element();
            frame.hears(literal);
            let here = self.places.inside(at, frames, text);
            let said = self.string(literal, levels, &here);
            if let Some(frame) = frames.last_mut() {
                frame.says(frame.now(), said);
            }
        } else {
            frame.element();
            frame.scalar(token, literal);
        }
    }

    /// Ends the innermost container; what it says goes to the one around it, or is the answer.
    fn close(&mut self, frames: &mut Vec<Frame>, text: &[u8], at: &Found) -> Option<Said> {
        let said = frames.last().map(Frame::resolve)?;
        self.places.members(said.says, frames, text, at);
        frames.pop();
        match frames.last_mut() {
            None => Some(said),
            Some(frame) => {
                frame.says(frame.now(), said);
                None
            }
        }
    }
}

fn frames_left(levels: u8, depth: usize) -> bool {
    depth + usize::from(levels) <= DEEPEST
}

/// Goes on through a container that is passed over; true at its end.
fn pass(skip: &mut Skip, token: Token, text: &[u8], depth: usize) -> bool {
    skip.tokens += 1;
    if depth == skip.outside {
        return true;
    }
    if !skip.tells {
        let literal = text.get(token.start..token.end).unwrap_or_default();
        match token.sort {
            Sort::Key => skip.code = matches!(literal, b"\"code\"" | b"\"status\""),
            Sort::String => skip.tells = super::value::tells(literal),
            Sort::Number => skip.tells = skip.code && literal != b"0",
            Sort::Word | Sort::Open(_) | Sort::Close(_) => {}
        }
    }
    false
}

/// Whether a string that is too long to be read whole ends like a JSON container.
fn ends_closed(literal: &[u8]) -> bool {
    let mut tail = literal.strip_suffix(b"\"").unwrap_or(literal);
    loop {
        let cut = [&b"\\n"[..], b"\\r", b"\\t", b" "]
            .iter()
            .find_map(|end| tail.strip_suffix(*end));
        match cut {
            Some(rest) => tail = rest,
            None => return matches!(tail.last(), Some(b'}' | b']')),
        }
    }
}

/// Text without the fence that marks it as code.
fn unfenced(text: &[u8]) -> &[u8] {
    let Some(rest) = text.strip_prefix(b"```json") else {
        return text;
    };
    let rest = rest.strip_suffix(b"```").unwrap_or(rest);
    rest.trim_ascii()
}

/// What Python prints of a dict, as JSON; anything else as it is.
fn as_json(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.starts_with(b"{'") && !text.starts_with(b"[{'") {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut quote = None;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match (quote, *byte) {
            (None, b'\'' | b'"') => {
                quote = Some(*byte);
                out.push(b'"');
            }
            (Some(open), close) if open == close => {
                quote = None;
                out.push(b'"');
            }
            (Some(_), b'"') => out.extend_from_slice(b"\\\""),
            (Some(_), b'\\') => {
                match text.get(at) {
                    Some(b'\'') => out.push(b'\''),
                    Some(next) => out.extend_from_slice(&[b'\\', *next]),
                    None => out.push(b'\\'),
                }
                at += 1;
            }
            (None, b'T' | b'F' | b'N') => {
                let rest = text.get(at - 1..).unwrap_or_default();
                let words = [("True", "true"), ("False", "false"), ("None", "null")];
                let word = words
                    .iter()
                    .find(|(python, _)| rest.starts_with(python.as_bytes()));
                match word {
                    Some((python, json)) => {
                        out.extend_from_slice(json.as_bytes());
                        at += python.len() - 1;
                    }
                    None => out.push(*byte),
                }
            }
            (_, byte) => out.push(byte),
        }
    }
    Cow::Owned(out)
}
