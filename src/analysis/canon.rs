//! Whether two payloads are the same for a person: arguments whatever their order and wrapping, results
//! but for what differs at every call (ids, times, durations, hashes). Answers are hashes, equal within
//! this process's version only; nothing is compared byte by byte and nothing is built.

mod mask;
mod mix;

use crate::model::Event;
use crate::text::json::{Scanner, Shape, Sort, unquote};
use mix::{Mix, join};

/// JSON up to here is read as values; what is larger counts by its bytes.
const LIMIT: usize = 64 * 1024;
/// How much of the end of a larger result counts.
const TAIL: usize = 4096;
/// How many strings may lie round JSON.
const UNWRAPS: u8 = 4;

/// Whether what differs at every call is left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Exact,
    Masked,
}

/// Equal for arguments that are the same JSON value, whatever the order of keys, white space, spelling
/// of numbers, or JSON held in a string. Ids of the call itself that lie beside the arguments are left
/// out: they differ at every call. What is no JSON counts by its bytes, and so does what is larger
/// than 64 KiB.
pub fn arguments(event: &Event) -> u64 {
    let body = body(event).trim_ascii();
    if body.len() > LIMIT {
        return mix::bytes(b'b', body);
    }
    value(body, Mode::Exact, 0).unwrap_or_else(|| mix::bytes(b'b', body))
}

/// Equal for results that are the same once ids, times, durations and hashes are left out, which are
/// known by the name of their key or by their form. Of more than 64 KiB only the beginning, the last
/// 4 KiB and the length's order of magnitude count.
pub fn outcome(event: &Event) -> u64 {
    let body = body(event).trim_ascii();
    if body.len() <= LIMIT
        && let Some(hash) = value(body, Mode::Masked, 0)
    {
        return hash;
    }
    let head = body.get(..LIMIT).unwrap_or(body);
    if head.len() == body.len() {
        return mask::text(head);
    }
    let tail = body.len().checked_sub(TAIL).and_then(|at| body.get(at..));
    let ends = join(mask::text(head), mask::text(tail.unwrap_or_default()));
    join(ends, u64::from(body.len().ilog2()))
}

/// An id in the payload that can tie a call to its result, hashed: the first of `tool_call_id`,
/// `call_id`, `id` and `request_id` that is there, at the top or one level below.
pub fn inner_id(event: &Event) -> Option<u64> {
    let body = body(event);
    let head = body.get(..LIMIT).unwrap_or(body).trim_ascii();
    if head.starts_with(b"\"") {
        let text = unquote(head);
        return id_in(text.trim_ascii().as_bytes());
    }
    id_in(head)
}

fn id_in(text: &[u8]) -> Option<u64> {
    if !text.starts_with(b"{") {
        return None;
    }
    let mut best: Option<(usize, u64)> = None;
    let mut wanted = None;
    let mut scanner = Scanner::new(text);
    while let Some(Ok(token)) = scanner.next() {
        let literal = text.get(token.start..token.end).unwrap_or_default();
        let depth = scanner.depth();
        match token.sort {
            Sort::Key => {
                wanted = rank(literal)
                    .filter(|_| depth <= 2)
                    .map(|rank| rank * 2 + depth - 1);
            }
            Sort::String | Sort::Number => {
                let said = literal.strip_prefix(b"\"").unwrap_or(literal);
                let said = said.strip_suffix(b"\"").unwrap_or(said).trim_ascii();
                if let Some(rank) = wanted.take()
                    && !said.is_empty()
                    && best.is_none_or(|(known, _)| rank < known)
                {
                    best = Some((rank, mix::bytes(b'i', said)));
                }
            }
            Sort::Word | Sort::Open(_) | Sort::Close(_) => wanted = None,
        }
    }
    best.map(|(_, hash)| hash)
}

fn rank(literal: &[u8]) -> Option<usize> {
    let names: [&[u8]; 4] = [
        b"\"tool_call_id\"",
        b"\"call_id\"",
        b"\"id\"",
        b"\"request_id\"",
    ];
    names.iter().position(|name| *name == literal)
}

/// A container that is being read.
struct Open {
    is_object: bool,
    sum: u64,
    /// Of the member that is being read; none where its value is left out.
    key: Option<u64>,
}

impl Open {
    /// Members in any order, elements in theirs.
    fn take(&mut self, value: u64) {
        if self.is_object {
            if let Some(key) = self.key {
                self.sum = self.sum.wrapping_add(join(key, value));
            }
        } else {
            self.sum = join(self.sum, value);
        }
    }
}

/// The hash of a JSON text; none where it is none.
fn value(text: &[u8], mode: Mode, levels: u8) -> Option<u64> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let is_left_out = |name: &str, depth: usize| match mode {
        Mode::Masked => mask::is_fleeting(name),
        Mode::Exact => depth == 1 && names_the_call(name),
    };
    for token in Scanner::new(text) {
        let token = token.ok()?;
        let literal = text.get(token.start..token.end).unwrap_or_default();
        let hash = match token.sort {
            Sort::Key => {
                let depth = open.len();
                if let Some(object) = open.last_mut() {
                    let name = unquote(literal);
                    let is_kept = !is_left_out(&name, depth);
                    object.key = is_kept.then(|| mix::bytes(b'k', name.as_bytes()));
                }
                continue;
            }
            Sort::Open(shape) => {
                let is_object = shape == Shape::Object;
                open.push(Open {
                    is_object,
                    sum: if is_object { 1 } else { 2 },
                    key: None,
                });
                continue;
            }
            Sort::Close(_) => open.pop()?.sum,
            Sort::String => string(literal, mode, levels),
            Sort::Number => number(literal, mode),
            Sort::Word => mix::bytes(b'w', literal),
        };
        match open.last_mut() {
            Some(around) => around.take(hash),
            None => root = Some(hash),
        }
    }
    root
}

/// Whether a member beside the arguments is the id of this one call.
fn names_the_call(name: &str) -> bool {
    matches!(
        name,
        "call_id"
            | "callId"
            | "tool_call_id"
            | "toolCallId"
            | "request_id"
            | "requestId"
            | "idempotency_key"
            | "idempotencyKey"
            | "actionId"
            | "messageId"
            | "responseId"
            | "runId"
            | "startTime"
            | "timestamp"
    )
}

/// JSON in a string counts as the value that it is.
fn string(literal: &[u8], mode: Mode, levels: u8) -> u64 {
    let text = unquote(literal);
    let inner = text.trim_ascii().as_bytes();
    let is_json = matches!(inner.first(), Some(b'{' | b'[' | b'"')) && levels < UNWRAPS;
    if let Some(hash) = is_json.then(|| value(inner, mode, levels + 1)).flatten() {
        return hash;
    }
    match mode {
        Mode::Exact => mix::bytes(b's', text.as_bytes()),
        Mode::Masked => mask::text(text.as_bytes()),
    }
}

/// `1`, `1.0` and `1e0` are the same; digits that a float does not hold count as spelled.
fn number(literal: &[u8], mode: Mode) -> u64 {
    if mode == Mode::Masked && mask::is_epoch(literal) {
        return mix::bytes(b'm', b"time");
    }
    let float = std::str::from_utf8(literal)
        .ok()
        .and_then(|text| text.parse::<f64>().ok());
    match float {
        Some(float) if literal.len() <= 15 => {
            let zero = if float == 0.0 { 0.0 } else { float };
            let mut mix = Mix::new(b'n');
            mix.word(zero.to_bits());
            mix.end()
        }
        _ => mix::bytes(b'n', literal),
    }
}

fn body(event: &Event) -> &[u8] {
    event.body.map_or(b"", |body| event.raw.part(body))
}

#[cfg(test)]
mod tests;
