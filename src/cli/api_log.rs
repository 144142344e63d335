//! `--api-log`: every request of a command as a line on stderr, while the command runs and until its
//! end, however it ends. Paths are cleaned and masked; headers, bodies and credentials are not known
//! here at all.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use serde::Serialize;

use super::{print::json, session::Session};
use crate::{
    analysis::spelling::span,
    args::Format,
    export::{record::rfc3339, text::ascii},
    fetch::Line,
    guard::{Masking, clean},
    model::Sent,
};

/// Writes what was sent since it wrote last; the rest when it is dropped.
pub struct ApiLog<'a> {
    lines: Vec<(Line, usize)>,
    masking: Masking,
    format: Format,
    ascii: bool,
    to: &'a mut dyn Write,
}

#[derive(Serialize)]
struct RequestRecord<'a> {
    time: String,
    context: &'a str,
    method: &'a str,
    path: String,
    status: Option<u16>,
    duration_ms: u64,
    bytes: u64,
    retries: u32,
    cached: bool,
    reason: String,
}

impl<'a> ApiLog<'a> {
    /// Of all contexts of a session.
    pub fn new(session: &Session, format: Format, ascii: bool, to: &'a mut dyn Write) -> Self {
        let lines = session.contexts.iter();
        Self {
            lines: lines.map(|asked| (asked.line.clone(), 0)).collect(),
            masking: session.redactor.masking(),
            format,
            ascii,
            to,
        }
    }

    /// Writes what is new, the oldest first.
    pub fn write(&mut self) -> io::Result<()> {
        let mut new = Vec::new();
        for (line, seen) in &mut self.lines {
            let (sent, count) = line.requests_since(*seen);
            *seen = count;
            new.extend(sent);
        }
        self.put(new)
    }

    fn put(&mut self, mut new: Vec<Sent>) -> io::Result<()> {
        new.sort_by_key(|sent| sent.at);
        for sent in &new {
            let line = self.line(sent)?;
            // In one piece, because the command writes to the same place.
            self.to.write_all(line.as_bytes())?;
        }
        self.to.flush()
    }

    fn line(&mut self, sent: &Sent) -> io::Result<String> {
        let path = self.masking.text(&sent.path).into_owned();
        let reason = self.masking.text(&sent.reason).into_owned();
        if self.format != Format::Text {
            let record = RequestRecord {
                time: rfc3339(sent.at),
                context: &sent.context,
                method: sent.method,
                path,
                status: sent.status,
                duration_ms: u64::try_from(sent.took.as_millis()).unwrap_or(u64::MAX),
                bytes: sent.bytes,
                retries: sent.retries,
                cached: sent.cached,
                reason,
            };
            return Ok(json(&record)? + "\n");
        }
        let status = sent.status.map(|status| status.to_string());
        let mut line = format!(
            "{}  {} {path}  {}  {}  {} B",
            sent.context,
            sent.method,
            status.as_deref().unwrap_or("no reply"),
            span(sent.took),
            sent.bytes
        );
        if sent.retries > 0 {
            let _ = write!(line, "  retry {}", sent.retries);
        }
        if sent.cached {
            line.push_str("  cached");
        }
        if !reason.is_empty() {
            let _ = write!(line, "  ({reason})");
        }
        Ok(ascii(&clean::line(&line), self.ascii).into_owned() + "\n")
    }
}

impl Drop for ApiLog<'_> {
    fn drop(&mut self) {
        // What an interrupt gives up ends beside this, sooner or later.
        let lines = self.lines.iter();
        let rest = lines.flat_map(|(line, seen)| line.requests_since_and_under_way(*seen));
        let rest = rest.collect();
        // Nobody is left to tell that it could not be written.
        let _ = self.put(rest);
    }
}
