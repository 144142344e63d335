//! The envelopes: `data` with or without `meta`, and the four shapes of a refusal. Told apart by
//! HTTP status first; the service's error codes are not used alike everywhere, so nothing rests on
//! them.

use crate::model::Reply;
use crate::provider::ReadError;
use crate::provider::capture::only;
use crate::provider::wire::{self, Object, Raw};

/// The longest message taken from a body that is none of the service's own shapes.
const EXCERPT: usize = 200;
/// Bytes at the end of a reply in which a glance finds what it says about its pages.
const TAIL: usize = 1024;
/// Rows in the largest page that the contract allows.
const LARGEST: u64 = 1_000;

/// A list, and what the service says about its pages.
pub(super) struct List<'a> {
    pub(super) rows: Vec<Raw<'a>>,
    meta: Option<Object<'a>>,
}

impl List<'_> {
    /// How many pages there are; none where it is not said, is negative or 0.
    pub(super) fn total_pages(&self) -> Option<u64> {
        let total = self.meta.as_ref()?.count("total_pages")?;
        (total > 0).then_some(total)
    }

    /// Which page this is, from 1; none where it is not said.
    pub(super) fn page_number(&self) -> Option<u64> {
        self.meta.as_ref()?.count("page_number")
    }

    /// How many rows there are on all pages; none where it is not said or is negative.
    pub(super) fn total_results(&self) -> Option<u64> {
        self.meta.as_ref()?.count("total_results")
    }

    /// How many rows the service puts on a page; none where it is not said or makes no sense.
    pub(super) fn page_size(&self) -> Option<u64> {
        let size = self.meta.as_ref()?.count("page_size")?;
        (1..=LARGEST).contains(&size).then_some(size)
    }
}

/// The rows of a list. A list of one may come without its brackets, `null` is an empty one. Rows
/// without the wrapper are read too, but an array with nothing in it is from somebody else.
pub(super) fn list<'a>(reply: &'a Reply<'_>) -> Result<List<'a>, ReadError> {
    let Some(object) = wire::object(reply).filter(|_| reply.is_ok()) else {
        let whole = success(reply)?;
        return match wire::array(whole).filter(|rows| !rows.is_empty()) {
            Some(rows) => Ok(List { rows, meta: None }),
            None => Err(foreign(whole)),
        };
    };
    let meta = object.object("meta");
    let named = object.members().iter().any(|(name, _)| name == "data");
    match object.raw("data") {
        Some(data) => {
            let rows = wire::array(data).unwrap_or_else(|| vec![data]);
            Ok(List { rows, meta })
        }
        None if named => Ok(List {
            rows: Vec::new(),
            meta,
        }),
        None => Err(without_data(&object)),
    }
}

/// What a reply says about its pages, where that stands at its very end: seen without reading the rows.
pub(super) fn glance<'a>(reply: &'a Reply<'_>) -> Option<List<'a>> {
    const NAME: &[u8] = b"\"meta\"";
    let from = reply.body.len().saturating_sub(TAIL);
    let tail = reply.body.get(from..)?;
    let at = tail.windows(NAME.len()).rposition(|part| part == NAME)?;
    let rest = std::str::from_utf8(tail.get(at + NAME.len()..)?).ok()?;
    let meta = rest.trim().strip_prefix(':')?.strip_suffix('}')?;
    Some(List {
        rows: Vec::new(),
        meta: Some(Object::read(serde_json::from_str(meta).ok()?)?),
    })
}

/// The one object of a reply, in its wrapper or bare. Should there be several, all of them.
pub(super) fn one<'a>(reply: &'a Reply<'_>) -> Result<Vec<Raw<'a>>, ReadError> {
    let whole = success(reply)?;
    let Some(object) = Object::read(whole) else {
        return Err(foreign(whole));
    };
    if let Some(data) = object.raw("data") {
        let rows = wire::array(data).unwrap_or_else(|| vec![data]);
        if rows.is_empty() {
            return Err(ReadError::Missing("the answer holds nothing".to_owned()));
        }
        return Ok(rows);
    }
    let ids = ["mission_id", "run_id", "event_id"];
    if object.first(&ids).is_some() {
        return Ok(vec![whole]);
    }
    Err(without_data(&object))
}

/// Whatever JSON a reply holds; none where it holds nothing at all.
pub(super) fn untyped<'a>(reply: &'a Reply<'_>) -> Result<Option<Raw<'a>>, ReadError> {
    if reply.is_ok() && reply.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let whole = success(reply)?;
    let object = Object::read(whole).filter(|object| object.raw("data").is_none());
    match object.as_ref().and_then(first_error) {
        Some(words) => Err(ReadError::Said(words)),
        None => Ok(Some(whole)),
    }
}

fn success<'a>(reply: &'a Reply<'_>) -> Result<Raw<'a>, ReadError> {
    if reply.is_ok() {
        return wire::body(reply);
    }
    let words = refusal(reply);
    Err(match reply.status {
        404 | 410 => ReadError::Missing(words),
        _ => ReadError::Said(words),
    })
}

fn without_data(object: &Object<'_>) -> ReadError {
    match said(object) {
        Some(words) => ReadError::Said(words),
        None => ReadError::Foreign("a JSON object without `data`".to_owned()),
    }
}

fn foreign(whole: Raw<'_>) -> ReadError {
    let what = match whole.get().as_bytes().first() {
        Some(b'[') => "a JSON array",
        Some(b'"') => "a JSON string",
        Some(b'n') => "null",
        _ => "a JSON value",
    };
    ReadError::Foreign(format!("{what} where Telnyx sends an object with `data`"))
}

/// What a refusal says, in one line.
fn refusal(reply: &Reply<'_>) -> String {
    let object = wire::body(reply).ok().and_then(Object::read);
    object.as_ref().and_then(said).unwrap_or_else(|| {
        let head = reply.body.get(..EXCERPT * 4).unwrap_or(reply.body);
        let line = wire::one_line(&String::from_utf8_lossy(head), EXCERPT);
        if line.is_empty() {
            "an empty answer".to_owned()
        } else {
            line
        }
    })
}

/// What a captured refusal says; none where it may be anything else.
pub(super) fn refused(object: &Object<'_>) -> Option<String> {
    let is_envelope = only(object, &["errors"]) && first_error(object).is_some();
    let is_detail = only(object, &["detail"]) && object.raw("detail").is_some();
    (is_envelope || is_detail).then(|| said(object)).flatten()
}

fn first_error(object: &Object<'_>) -> Option<String> {
    let first = object.array("errors")?.first().copied()?;
    let error = Object::read(first)?;
    let names = ["detail", "title", "description"];
    names.iter().find_map(|name| error.some_text(name))
}

fn said(object: &Object<'_>) -> Option<String> {
    first_error(object)
        .or_else(|| object.some_text("detail"))
        .or_else(|| faults(object))
        .map(|words| wire::one_line(&words, EXCERPT * 2))
}

/// `detail` as the framework writes it: each fault with its place.
fn faults(object: &Object<'_>) -> Option<String> {
    let faults: Vec<String> = object
        .array("detail")?
        .into_iter()
        .filter_map(Object::read)
        .filter_map(|fault| {
            let words = fault.some_text("msg")?;
            let place = fault.array("loc").unwrap_or_default();
            let place: Vec<String> = place.into_iter().filter_map(wire::text).collect();
            Some(if place.is_empty() {
                words
            } else {
                format!("{}: {words}", place.join("."))
            })
        })
        .collect();
    (!faults.is_empty()).then(|| faults.join("; "))
}
