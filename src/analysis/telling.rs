//! Finds the one value of a JSON text that tells most about it. Looks at values in the order sent and
//! at the names they have; reads a text that is cut as far as it goes. Skips what is under secret keys.

use super::headline::{HEAD, first_line, mark_cut};
use crate::model::Kind;
use crate::text::json::{Scanner, Sort, Token, unquote};
use crate::text::keys;

/// Names whose values say what came out, best first.
const OUTCOMES: [&str; 17] = [
    "error",
    "message",
    "summary",
    "text",
    "content",
    "detail",
    "reason",
    "output",
    "result",
    "answer",
    "title",
    "description",
    "stderr",
    "stdout",
    "status",
    "state",
    "name",
];
/// Names that say little about what happened, besides all that end in `id` or `_at`.
const NOISE: [&str; 13] = [
    "type",
    "object",
    "role",
    "timestamp",
    "time",
    "ts",
    "created",
    "updated",
    "version",
    "index",
    "seq",
    "cursor",
    "uuid",
];

/// How many scalars are looked at.
const MOST: usize = 64;

/// A scalar of the text and the key that it, or the list it is in, stands under.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Decoded; empty where there is none.
    pub(super) key: String,
    sort: Sort,
    literal: &'a [u8],
    /// Whether the text ends in it.
    cut: bool,
}

impl Member<'_> {
    /// What it says, decoded.
    pub(super) fn text(&self) -> String {
        unquote(self.literal).into_owned()
    }

    /// What it says, with its name where it says nothing by itself.
    fn says(&self) -> String {
        match self.sort {
            Sort::Number | Sort::Word if !self.key.is_empty() => {
                format!("{}: {}", first_line(&self.key), self.text())
            }
            _ => self.text(),
        }
    }

    fn is_noise(&self) -> bool {
        let name = self.key.to_ascii_lowercase();
        NOISE.contains(&name.as_str())
            || name == "id"
            || ["_id", "_ids", "-id", "_at"]
                .iter()
                .any(|end| name.ends_with(end))
            || self.key.ends_with("Id")
            || self.key.ends_with("At")
            || is_uuid(self.literal)
    }

    /// How little it tells about an event of this kind: the smallest wins, the first among equals.
    fn rank(&self, kind: Kind) -> usize {
        let outcome = OUTCOMES.iter().position(|name| *name == self.key);
        let says_no = self.literal == b"false" && matches!(self.key.as_str(), "success" | "ok");
        let plain = OUTCOMES.len() + 1;
        match self.sort {
            _ if self.is_noise() => plain + 2,
            Sort::Word if says_no && kind != Kind::ToolCall => 2,
            Sort::String | Sort::Number if kind == Kind::ToolCall => plain,
            Sort::String => outcome.map_or(plain, |at| at + usize::from(at >= 2)),
            _ => plain + 1,
        }
    }
}

fn is_uuid(literal: &[u8]) -> bool {
    literal.len() == 38 && literal.split(|b| *b == b'-').count() == 5
}

/// What a result repeats of what its call asked for: the most telling of its `params`.
pub(super) fn asked(text: &[u8]) -> Option<String> {
    let mut scanner = Scanner::new(text.trim_ascii_start());
    let text = text.trim_ascii_start();
    let (mut is_params, mut begins) = (false, None);
    while let Some(Ok(token)) = scanner.next() {
        match (token.sort, scanner.depth()) {
            (Sort::Key, 1) => is_params = text.get(token.start..token.end) == Some(b"\"params\""),
            (Sort::Open(_), 2) if is_params => begins = Some(token.start),
            (Sort::Close(_), 1) if begins.is_some() => {
                return telling(Kind::ToolCall, text.get(begins?..token.end)?);
            }
            _ => {}
        }
    }
    None
}

/// One line out of `text`, which may be cut at its end; none where nothing in it tells anything.
pub(super) fn telling(kind: Kind, text: &[u8]) -> Option<String> {
    tell(kind, text, 2)
}

fn tell(kind: Kind, text: &[u8], levels: u8) -> Option<String> {
    let start = text.trim_ascii_start();
    let is_json = matches!(start.first()?, b'{' | b'[' | b'"');
    let mut members = members(start);
    if members.is_empty() && !is_json {
        let text = String::from_utf8_lossy(start);
        let line = first_line(&text);
        let is_cut = start.len() >= HEAD && text.ends_with(line);
        return (!line.is_empty() && line != "null").then(|| mark_cut(line, is_cut));
    }
    members.sort_by_cached_key(|member| member.rank(kind));
    members
        .iter()
        .find_map(|member| line_of(member, kind, levels))
}

fn line_of(member: &Member<'_>, kind: Kind, levels: u8) -> Option<String> {
    let says = member.says();
    let inner = says.trim_start();
    if inner.starts_with(['{', '[']) {
        let deeper = levels.checked_sub(1)?;
        return tell(kind, inner.as_bytes(), deeper);
    }
    let line = first_line(inner);
    (!line.is_empty()).then(|| mark_cut(line, member.cut && inner.ends_with(line)))
}

/// The scalars of a JSON text in the order sent, but for null and what lies under secret keys.
pub(super) fn members(text: &[u8]) -> Vec<Member<'_>> {
    let mut found = Vec::new();
    let mut scanner = Scanner::new(text);
    let mut key = String::new();
    // the depth outside of a secret that is being skipped
    let mut secret: Option<usize> = None;
    let mut end = 0;
    let mut after_key = false;
    loop {
        let depth = scanner.depth();
        let Some(step) = scanner.next() else {
            return found;
        };
        let Ok(token) = step else {
            break;
        };
        let Token {
            sort,
            start,
            end: stop,
        } = token;
        end = stop;
        let literal = text.get(start..stop).unwrap_or_default();
        after_key = sort == Sort::Key;
        match sort {
            Sort::Key if secret.is_none() => {
                key = unquote(literal).into_owned();
                if keys::is_secret(&key) {
                    secret = Some(depth);
                }
            }
            Sort::Key | Sort::Open(_) => {}
            Sort::Close(_) => {
                key.clear();
                secret = secret.filter(|outside| scanner.depth() > *outside);
            }
            Sort::String | Sort::Number | Sort::Word => {
                let hides = || sort == Sort::String && keys::tells(&key).hides(&unquote(literal));
                if secret.is_none() && literal != b"null" && found.len() < MOST && !hides() {
                    found.push(Member {
                        key: key.clone(),
                        sort,
                        literal,
                        cut: false,
                    });
                }
                secret = secret.filter(|outside| scanner.depth() > *outside);
            }
        }
    }
    if secret.is_none() && (after_key || !text.starts_with(b"{")) {
        found.extend(cut_string(text, end).map(|literal| Member {
            key,
            sort: Sort::String,
            literal,
            cut: true,
        }));
    }
    found
}

/// The string that the text ends in, when what comes after the last whole token begins one.
fn cut_string(text: &[u8], end: usize) -> Option<&[u8]> {
    let rest = text.get(end..)?;
    let skip = rest.iter().take_while(|b| b" \t\r\n,:".contains(b)).count();
    rest.get(skip..).filter(|rest| rest.starts_with(b"\""))
}
