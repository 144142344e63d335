//! What stands in an operation, for documents that people read: its arguments and its result, its words, its
//! record. Masked, cleaned, laid out where it is JSON, and cut where it is long, with its whole size told.

use super::{course::Course, pretty::pretty, text::Sheet};
use crate::{
    analysis::{OpKind, Operation, prose},
    guard::{Sort, clean},
    model::{Event, Kind},
};

/// Of a payload so many times as much is laid out as is shown: laying out makes it longer, never shorter.
const AHEAD: usize = 2;

/// A piece of an operation.
#[derive(Debug)]
pub(super) struct Content {
    /// What it is, in a word.
    pub name: &'static str,
    /// Masked, clean and perhaps cut.
    pub text: String,
    /// Bytes of all of it as it was sent.
    pub bytes: usize,
    /// Whether some of it is left out.
    pub cut: bool,
    /// Whether it is JSON, laid out.
    pub json: bool,
}

impl Sheet<'_> {
    /// What stands in an operation, each piece of at most `limit` bytes.
    pub(super) fn contents(
        &mut self,
        course: &Course<'_>,
        operation: &Operation,
        limit: usize,
    ) -> Vec<Content> {
        self.stand_at(course, operation);
        if operation.kind == OpKind::Tool {
            return self.sides(course, operation, limit);
        }
        let mut contents = Vec::new();
        for event in operation
            .events
            .iter()
            .filter_map(|node| course.event(*node))
        {
            contents.extend(self.of_event(event, limit));
        }
        contents
    }

    /// What is masked next is of this operation.
    pub(super) fn stand_at(&mut self, course: &Course<'_>, operation: &Operation) {
        let number = course.number(operation.node);
        self.masking
            .at("operation", number, course.id(operation.node));
    }

    fn sides(&mut self, course: &Course<'_>, operation: &Operation, limit: usize) -> Vec<Content> {
        let told = course.sides(operation).map(|(name, event)| {
            let event = event?;
            match event.body {
                Some(body) => Some(self.payload_cut(name, event.raw.part(body), limit)),
                None => self.of_event(event, limit).into_iter().next(),
            }
        });
        told.into_iter().flatten().collect()
    }

    fn of_event(&mut self, event: &Event, limit: usize) -> Vec<Content> {
        let mut contents = Vec::new();
        if let Some(words) = prose(event) {
            contents.push(self.words("text", &words, limit));
        }
        let whole = matches!(event.kind, Kind::Unknown | Kind::Data | Kind::Error);
        match event.body {
            Some(body) => contents.push(self.payload_cut("data", event.raw.part(body), limit)),
            None if contents.is_empty() && whole => {
                contents.push(self.payload_cut("record", event.raw.bytes(), limit));
            }
            None => {}
        }
        contents.retain(|content| !content.text.trim().is_empty());
        contents
    }

    /// A text, cut.
    pub(super) fn words(&mut self, name: &'static str, text: &str, limit: usize) -> Content {
        self.masking.within(name);
        let ahead = text.get(..floor(text, limit.saturating_mul(AHEAD)));
        let shown = self.text(ahead.unwrap_or(text));
        let (shown, cut) = shorten(shown, limit);
        Content {
            name,
            cut: cut || ahead.is_some_and(|ahead| ahead.len() < text.len()),
            text: shown,
            bytes: text.len(),
            json: false,
        }
    }

    /// A payload, laid out and cut.
    pub(super) fn payload_cut(
        &mut self,
        name: &'static str,
        bytes: &[u8],
        limit: usize,
    ) -> Content {
        self.sorted_cut(name, bytes, Sort::Any, limit)
    }

    /// The same of what may be a record of which services tell more than is good.
    pub(super) fn sorted_cut(
        &mut self,
        name: &'static str,
        bytes: &[u8],
        sort: Sort,
        limit: usize,
    ) -> Content {
        self.masking.within(name);
        let most = limit.saturating_mul(AHEAD);
        // What is far too long is not read to its end: its beginning is masked as what breaks off.
        if bytes.len() > most {
            let head = bytes.get(..most).unwrap_or(bytes);
            let masked = self.masking.json(head, sort);
            let (text, _) = shorten(clean::bytes(&masked), limit);
            return Content {
                name,
                text,
                bytes: bytes.len(),
                cut: true,
                json: false,
            };
        }
        let laid_out = if sort == Sort::Any {
            self.value(bytes)
        } else {
            let masked = self.masking.json(bytes, sort);
            pretty(&masked).unwrap_or_else(|| clean::bytes(&masked))
        };
        let json = laid_out.starts_with(['{', '[']);
        let (text, cut) = shorten(laid_out, limit);
        Content {
            name,
            text,
            bytes: bytes.len(),
            cut,
            json,
        }
    }
}

/// The text, or as many of its lines as fit, and whether that is less; of one long line its beginning.
fn shorten(mut text: String, limit: usize) -> (String, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = floor(&text, limit);
    let head = text.get(..end).unwrap_or_default();
    let line = head.rfind('\n').filter(|at| *at > limit / 2);
    text.truncate(line.unwrap_or(end));
    (text, true)
}

/// The last end of a character at or before that byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::redact::Redactor;
    use jiff::tz::TimeZone;

    #[test]
    fn what_is_long_is_cut_at_a_line_and_told_with_its_size() {
        let mut masking = Redactor::default().masking();
        let mut sheet = Sheet {
            masking: &mut masking,
            zone: &TimeZone::UTC,
            columns: None,
            ascii: false,
        };
        let short = sheet.payload_cut("result", br#"{"a":1}"#, 100);
        assert_eq!(short.text, "{\n  \"a\": 1\n}");
        assert!(short.json && !short.cut);
        let long = format!("[{}1]", "\"é\",".repeat(5_000));
        let cut = sheet.payload_cut("result", long.as_bytes(), 1_000);
        assert!(cut.cut && cut.text.len() <= 1_000);
        assert_eq!(cut.bytes, long.len());
        let words = sheet.words("text", &"line of words\n".repeat(500), 99);
        assert!(words.cut && words.text.ends_with("words"), "{}", words.text);
        let secret = format!(
            "{{\"pad\":\"{}\",\"password\":\"hunter22\"}}",
            "x".repeat(10)
        );
        assert!(
            !sheet
                .payload_cut("result", secret.as_bytes(), 25)
                .text
                .contains("hunter22")
        );
    }
}
