//! How many places of what is written are masked: those that masking counted, and those that stood for
//! secrets already in what was read, because it was masked when it was kept or exported.

use std::io::{self, Write};

use memchr::memmem;

use super::Parcel;

const OPEN: &[u8] = "‹".as_bytes();
const CLOSE: &[u8] = "›".as_bytes();
/// Bytes of the name of a rule and of a number, at most.
const NAMED: usize = 64;

/// How many places are masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// Those that were masked on the way out.
    pub now: usize,
    /// Those that were masked before they were read.
    pub before: usize,
}

impl Masked {
    /// Where so many placeholders stand, and so many were put there on the way out. What is spelled and then
    /// cut off does not stand there.
    pub(super) fn of(standing: usize, put: usize) -> Self {
        Self {
            now: put.min(standing),
            before: standing.saturating_sub(put),
        }
    }

    /// In words for a document. `open` is whether only the credentials in use were masked.
    pub(super) fn words(self, open: bool) -> String {
        let Self { now, before } = self;
        match (open, now, before) {
            (true, _, 0) => "secrets are NOT masked, but for the credentials in use".to_owned(),
            (true, _, n) => format!(
                "secrets are NOT masked, but for the credentials in use and {n} that were masked before it \
                 was read"
            ),
            (false, 0, 0) => "nothing had to be masked".to_owned(),
            (false, now, 0) => format!("{now} masked"),
            (false, now, n) => format!("{now} masked, and {n} before it was read"),
        }
    }
}

/// What stands for secrets in a text, in order: the name of the rule and the number of each.
pub(super) fn placeholders(text: &[u8]) -> impl Iterator<Item = (&str, &str)> {
    memmem::find_iter(text, OPEN).filter_map(|at| {
        let rest = text.get(at + OPEN.len()..)?;
        let near = rest.get(..NAMED.min(rest.len()))?;
        let word = std::str::from_utf8(near.get(..memmem::find(near, CLOSE)?)?).ok()?;
        let (rule, number) = word.rsplit_once('#')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_ours = !rule.is_empty()
            && rule.chars().all(is_name)
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit());
        is_ours.then_some((rule, number))
    })
}

/// Passes on what is written and counts what stands for secrets in it.
pub(super) struct Standing<'o> {
    out: &'o mut dyn Write,
    /// What may be the beginning of one, at the end of what was written.
    begun: Vec<u8>,
    /// How many there were.
    pub count: usize,
}

impl<'o> Standing<'o> {
    pub fn in_what_goes_to(out: &'o mut dyn Write) -> Self {
        Self {
            out,
            begun: Vec::new(),
            count: 0,
        }
    }

    fn look_at(&mut self, text: &[u8]) {
        self.count += placeholders(text).count();
        let from = text.len().saturating_sub(OPEN.len() + NAMED);
        let end = text.get(from..).unwrap_or_default();
        let begins = |at: &usize| {
            let rest = end.get(*at..).unwrap_or_default();
            let open = rest.get(..OPEN.len()).unwrap_or(rest);
            OPEN.starts_with(open) && memmem::find(rest, CLOSE).is_none()
        };
        let begun = (0..end.len()).find(begins).and_then(|at| end.get(at..));
        self.begun = begun.unwrap_or_default().to_vec();
    }
}

impl Write for Standing<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(text)?;
        let text = text.get(..taken).unwrap_or(text);
        if self.begun.is_empty() {
            self.look_at(text);
        } else {
            let mut whole = std::mem::take(&mut self.begun);
            whole.extend_from_slice(text);
            self.look_at(&whole);
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// How many places of a run's records were masked before they were read.
pub(super) fn before(parcel: &Parcel<'_>) -> io::Result<usize> {
    let runs = std::iter::once(parcel.run).chain(parcel.children);
    let runs = runs.map(|run| &run.raw);
    let steps = parcel.steps.iter().map(|step| &step.raw);
    let events = parcel.course.events().iter().map(|event| &event.raw);
    let all = runs.chain(steps).chain(events);
    let counts = all.map(|raw| {
        parcel.go_on(0)?;
        Ok(placeholders(raw.bytes()).count())
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_secrets_is_known_by_its_name_and_number() {
        let text = "a ‹key#1› and ‹api_key#22›‹x› ‹no number#› ‹#3› ‹jwt#4› ‹un";
        let found: Vec<_> = placeholders(text.as_bytes()).collect();
        assert_eq!(found, [("key", "1"), ("api_key", "22"), ("jwt", "4")]);
    }

    #[test]
    fn what_stands_for_secrets_is_counted_however_it_is_cut_into_writes() {
        let text = "‹a#1›, ‹not one›, ‹b#2›‹c#3› <d#4> ‹".repeat(3);
        for piece in 1..text.len() {
            let mut out = Vec::new();
            let mut standing = Standing::in_what_goes_to(&mut out);
            for part in text.as_bytes().chunks(piece) {
                standing.write_all(part).unwrap();
            }
            assert_eq!(standing.count, 9, "in pieces of {piece}");
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn what_was_masked_before_is_told_apart() {
        let words = |now, before, open| Masked { now, before }.words(open);
        assert_eq!(words(2, 3, false), "2 masked, and 3 before it was read");
        assert_eq!(words(2, 0, false), "2 masked");
        assert_eq!(words(0, 0, false), "nothing had to be masked");
        assert!(words(0, 3, true).contains("and 3 that were masked before"));
    }
}
