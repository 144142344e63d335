//! Forgiving readers that all four dialects share: raw JSON kept as the bytes sent, numbers that may
//! be strings, times in every spelling seen. They never fail for one member's sake.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use jiff::{Timestamp, civil};
use serde_json::value::RawValue;

use super::ReadError;
use crate::model::{Fact, Payload, Reply, Span, Time};

/// A borrowed JSON value, exactly as sent.
pub type Raw<'a> = &'a RawValue;

/// One record of a reply: its bytes as a payload and its members.
pub struct Object<'a> {
    raw: &'a str,
    members: Vec<(Cow<'a, str>, Raw<'a>)>,
}

impl<'a> Object<'a> {
    /// The members of `raw`; none when it is not an object. Duplicate keys are kept: the last wins.
    pub fn read(raw: Raw<'a>) -> Option<Self> {
        let text = raw.get();
        let members = serde_json::from_str::<Members<'a>>(text).ok()?.0;
        Some(Self { raw: text, members })
    }

    /// The text of the object as sent.
    pub fn text(&self) -> &'a str {
        self.raw
    }

    /// All members in the order sent.
    pub fn members(&self) -> &[(Cow<'a, str>, Raw<'a>)] {
        &self.members
    }

    /// A member that is there and not null.
    pub fn raw(&self, name: &str) -> Option<Raw<'a>> {
        self.members
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, raw)| *raw)
            .filter(|raw| raw.get() != "null")
    }

    /// The first of several names that is there and not null.
    pub fn first(&self, names: &[&str]) -> Option<Raw<'a>> {
        names.iter().find_map(|name| self.raw(name))
    }

    /// A member that is an object.
    pub fn object(&self, name: &str) -> Option<Object<'a>> {
        self.raw(name).and_then(Object::read)
    }

    /// A member that is an array.
    pub fn array(&self, name: &str) -> Option<Vec<Raw<'a>>> {
        self.raw(name).and_then(array)
    }

    /// A member as text: a string, or a number or boolean as spelled.
    pub fn text_of(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(text)
    }

    /// A member that is text and not blank.
    pub fn some_text(&self, name: &str) -> Option<String> {
        self.says(name).then(|| self.text_of(name)).flatten()
    }

    /// Whether a member is text and not blank.
    pub fn says(&self, name: &str) -> bool {
        let text = self.raw(name).and_then(glance);
        text.is_some_and(|text| !text.trim().is_empty())
    }

    /// A member as a time, in any spelling that `time` reads.
    pub fn time(&self, name: &str) -> Option<Time> {
        self.raw(name).and_then(time)
    }

    /// A member as a count: a number or digits in a string; none when negative.
    pub fn count(&self, name: &str) -> Option<u64> {
        self.raw(name).and_then(number).and_then(to_count)
    }

    /// A member as a number: a number, or one in a string.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.raw(name).and_then(number)
    }

    /// A member as a boolean: `true`, `false`, or these words in a string.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match &*glance(self.raw(name)?)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A member in milliseconds as a duration.
    pub fn millis(&self, name: &str) -> Option<Duration> {
        millis(self.number(name)?)
    }
}

/// So many members have room at once; few records have more.
const USUAL: usize = 8;

/// A JSON object as a list of its members, so that order and duplicates survive.
struct Members<'a>(Vec<(Cow<'a, str>, Raw<'a>)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> serde::de::Visitor<'de> for Visit {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(USUAL);
                while let Some(Lossy(key)) = map.next_key::<Lossy<'de>>()? {
                    members.push((key, map.next_value::<&'de RawValue>()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

/// A string that may hold lone surrogates; they become U+FFFD. Borrowed where nothing is escaped: a page
/// has thousands of them.
struct Lossy<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Lossy<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> serde::de::Visitor<'de> for Visit {
            type Value = Lossy<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_bytes<E: serde::de::Error>(
                self,
                v: &'de [u8],
            ) -> Result<Self::Value, E> {
                Ok(Lossy(match std::str::from_utf8(v) {
                    Ok(text) => Cow::Borrowed(text),
                    Err(_) => String::from_utf8_lossy(v),
                }))
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Self::Value, E> {
                Ok(Lossy(Cow::Owned(v.to_owned())))
            }
            fn visit_bytes<E: serde::de::Error>(self, v: &[u8]) -> Result<Self::Value, E> {
                let text = String::from_utf8_lossy(v).into_owned();
                Ok(Lossy(Cow::Owned(text)))
            }
        }
        // `bytes` accepts lone surrogates where `str` refuses the whole object for one of them.
        deserializer.deserialize_bytes(Visit)
    }
}

/// The whole body as one JSON value, or what it is instead.
pub fn body<'a>(reply: &'a Reply<'_>) -> Result<Raw<'a>, ReadError> {
    let text = std::str::from_utf8(reply.body)
        .map_err(|e| ReadError::Foreign(format!("invalid UTF-8 at byte {}", e.valid_up_to())))?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(ReadError::Foreign("an empty body".to_owned()));
    }
    serde_json::from_str::<&RawValue>(text).map_err(|e| {
        if text.trim_start().starts_with('<') {
            ReadError::Foreign("HTML where JSON was expected".to_owned())
        } else {
            ReadError::Foreign(format!(
                "broken JSON at line {}, column {}",
                e.line(),
                e.column()
            ))
        }
    })
}

/// The members of a body that is one JSON object, read once where [`body`] and [`Object::read`] read it
/// twice; none for any other body, and without a word about it.
pub fn object<'a>(reply: &'a Reply<'_>) -> Option<Object<'a>> {
    let text = std::str::from_utf8(reply.body).ok()?;
    let raw = text.trim_start_matches('\u{feff}').trim();
    let members = serde_json::from_str::<Members<'a>>(raw).ok()?.0;
    Some(Object { raw, members })
}

/// The elements of an array; none when it is not one.
pub fn array(raw: Raw<'_>) -> Option<Vec<Raw<'_>>> {
    serde_json::from_str(raw.get()).ok()
}

/// A string with its escapes undone, or a number or boolean as spelled.
pub fn text(raw: Raw<'_>) -> Option<String> {
    glance(raw).map(Cow::into_owned)
}

/// The same, borrowed from the record where nothing is escaped.
fn glance(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let spelled = raw.get();
    match spelled.as_bytes().first()? {
        b'"' => {
            let inner = spelled.strip_prefix('"')?.strip_suffix('"')?;
            if inner.contains('\\') {
                serde_json::from_str::<Lossy<'_>>(spelled)
                    .ok()
                    .map(|lossy| lossy.0)
            } else {
                Some(Cow::Borrowed(inner))
            }
        }
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(spelled)),
    }
}

/// A number, or one in a string.
pub fn number(raw: Raw<'_>) -> Option<f64> {
    let n: f64 = glance(raw)?.trim().parse().ok()?;
    n.is_finite().then_some(n)
}

/// A count that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked first"
)]
pub fn to_count(n: f64) -> Option<u64> {
    (0.0..=9.0e18).contains(&n).then_some(n as u64)
}

/// Milliseconds, with fractions; none when negative or absurd.
pub fn millis(n: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(n / 1000.0).ok()
}

/// A time in any spelling seen: RFC 3339 with 0 to 9 fraction digits (more are cut), without a zone
/// (read as UTC), or a number: seconds below 1e11, milliseconds from there on.
pub fn time(raw: Raw<'_>) -> Option<Time> {
    let spelled = glance(raw)?;
    let spelled = spelled.trim();
    let told = match spelled.parse::<f64>() {
        Ok(n) => epoch(n),
        Err(_) => iso(spelled),
    };
    // What counts from 1970 and has not begun to was never set.
    told.filter(|time| time.0 > 0)
}

/// Seconds or milliseconds since 1970, told apart by size.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
pub fn epoch(n: f64) -> Option<Time> {
    if !n.is_finite() {
        return None;
    }
    let micros = (if n.abs() < 1.0e11 {
        n * 1.0e6
    } else {
        n * 1000.0
    })
    .round();
    (micros.abs() < 9.2e15).then(|| Time(micros as i64 * 1000))
}

/// A time as a line for people says it, to the second (`2026-11-21 15:09:22 UTC`); what is no time stays
/// as it is spelled.
pub fn spoken(spelled: &str) -> String {
    let stamp = iso(spelled.trim()).map(|time| Timestamp::from_nanosecond(i128::from(time.0)));
    match stamp {
        Some(Ok(stamp)) => stamp.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Some(Err(_)) | None => spelled.to_owned(),
    }
}

/// A spelled-out time.
pub fn iso(spelled: &str) -> Option<Time> {
    let cut = cut_fraction(spelled);
    let stamp = cut.parse::<Timestamp>().ok().or_else(|| civil_utc(&cut))?;
    i64::try_from(stamp.as_nanosecond()).ok().map(Time)
}

fn civil_utc(spelled: &str) -> Option<Timestamp> {
    let civil: civil::DateTime = spelled.parse().ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// The same time with at most nine fraction digits, which is all that the reader takes.
fn cut_fraction(spelled: &str) -> Cow<'_, str> {
    let fraction = spelled.split(['.', ',']).nth(1).unwrap_or_default();
    if fraction.bytes().take_while(u8::is_ascii_digit).count() <= 9 {
        return Cow::Borrowed(spelled);
    }
    let mut digits = None;
    spelled
        .chars()
        .filter(|c| match (c, digits) {
            ('.' | ',', _) => {
                digits = Some(0);
                true
            }
            (c, Some(n)) if c.is_ascii_digit() => {
                digits = Some(n + 1);
                n < 9
            }
            _ => {
                digits = None;
                true
            }
        })
        .collect()
}

/// The slice of a reply's body that `raw` was read from, as a payload that shares it.
pub fn payload(reply: &Reply<'_>, raw: Raw<'_>) -> Payload {
    slice(reply.body, raw.get())
}

fn slice(body: &Bytes, text: &str) -> Payload {
    let whole = Payload::new(body.clone());
    match whole.span_of(text.as_bytes()) {
        Some(span) => whole.sub(span),
        None => Payload::new(Bytes::copy_from_slice(text.as_bytes())),
    }
}

/// Where `part` lies in the record `whole`; both must come from the same body.
pub fn span(whole: &Payload, part: Raw<'_>) -> Option<Span> {
    whole.span_of(part.get().as_bytes())
}

/// The facts of a list that there are.
pub fn facts(all: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Vec<Fact> {
    all.into_iter()
        .filter_map(|(label, value)| {
            value.map(|value| Fact {
                label,
                value,
                of: None,
            })
        })
        .collect()
}

/// Path values and free text in one line: white space folded, at most `max` characters.
pub fn one_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > max * 4 {
            break;
        }
    }
    if line.chars().count() > max {
        line = line.chars().take(max.saturating_sub(1)).collect();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
