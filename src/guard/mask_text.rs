//! Finds what must not be seen in text that may be anything, window by window: the credentials in use,
//! what has the shape of a secret, and the values of secret keys where members of JSON stand in it. Says
//! up to where it has found all.

use memchr::memmem;

use super::edits::Edit;
use super::mask_walk::MaskJson;
use super::redact::{Masking, Sort};

/// A string or container that goes on for longer ends there: nobody writes secrets of that size into
/// text, but a lone quotation mark is common.
const LONGEST: usize = 16 << 20;
/// Bytes before the end of a window in which a key may begin.
const KEY: usize = 256;
/// Bytes before a secret that say what it is, and bytes behind its beginning that it has at most before
/// something says that it is one.
const BEFORE: usize = 512;
const BEHIND: usize = 1024;

/// The search of one text.
#[derive(Debug)]
pub struct MaskText {
    json: MaskJson,
    /// Up to here all credentials are found.
    credentials: usize,
    /// Up to here all shapes are found, and from here on they are looked for.
    shaped: usize,
    from: usize,
    /// Found, and not yet told.
    found: Vec<Edit>,
}

impl Default for MaskText {
    fn default() -> Self {
        Self {
            json: MaskJson::new(Sort::Any),
            credentials: 0,
            shaped: 0,
            from: 0,
            found: Vec::new(),
        }
    }
}

impl MaskText {
    /// Up to here all edits are told; the next window begins here.
    pub fn at(&self) -> usize {
        self.json.at().min(self.credentials).min(self.from)
    }

    /// Goes through a window that begins at `at`, and adds the edits that it is sure of. Where it goes
    /// on behind nothing, a larger window is needed.
    pub fn run(
        &mut self,
        masking: &mut Masking,
        window: &[u8],
        is_last: bool,
        edits: &mut Vec<Edit>,
    ) {
        let base = self.at();
        let part = |at: usize| window.get(at - base..).unwrap_or_default();
        self.members(masking, part(self.json.at()), is_last);
        self.credentials(masking, part(self.credentials), is_last);
        self.settle();
        self.shapes(masking, part(self.from), is_last);
        let at = self.at();
        self.settle();
        let sure = self.found.partition_point(|edit| edit.end <= at);
        edits.extend(self.found.drain(..sure));
    }

    fn members(&mut self, masking: &mut Masking, window: &[u8], is_last: bool) {
        if memmem::find(window, b"\":").is_none() {
            let tail = window.len().saturating_sub(KEY);
            let key = window.iter().skip(tail).position(|byte| *byte == b'"');
            let end = key
                .filter(|_| !is_last)
                .map_or(window.len(), |key| tail + key);
            self.json.pass(end);
            return;
        }
        let ends = is_last || window.len() >= LONGEST;
        self.json.run(masking, window, ends, &mut self.found);
    }

    fn credentials(&mut self, masking: &mut Masking, window: &[u8], is_last: bool) {
        let base = self.credentials;
        let longest = masking.longest();
        let sure = if is_last { 0 } else { longest };
        let sure = window.len().saturating_sub(sure);
        let mut at = 0;
        while longest > 0
            && let Some((range, by)) = masking.credential(window, at)
            && range.start < sure
        {
            at = range.end;
            self.add(base, range, &by);
        }
        if is_last && let Some((range, by)) = masking.cut_credential(window) {
            self.add(base, range, &by);
        }
        self.credentials = base + at.max(sure);
    }

    fn shapes(&mut self, masking: &mut Masking, window: &[u8], is_last: bool) {
        let base = self.from;
        let hits = masking.shapes(window, is_last);
        let mut sure = window.len();
        if !is_last {
            sure = sure.saturating_sub(BEHIND);
            if window.len() < LONGEST {
                // what reaches the end of the window may go on behind it
                let open = window
                    .iter()
                    .rev()
                    .take_while(|byte| !byte.is_ascii_whitespace());
                let open = window.len() - open.count();
                let cut = hits.iter().find(|(range, _)| range.end >= open);
                sure = sure
                    .min(open)
                    .min(cut.map_or(usize::MAX, |(range, _)| range.start));
            }
        }
        let settled = self.found.len();
        for (range, name) in hits {
            let (start, end) = (base + range.start, base + range.end);
            if start < self.shaped || range.start >= sure {
                continue;
            }
            let known = self.found.get(..settled).unwrap_or_default();
            let before = known.partition_point(|edit| edit.start <= start);
            let around = before.checked_sub(1).and_then(|at| known.get(at));
            if around.is_none_or(|edit| edit.end < end) {
                let value = window.get(range.clone()).unwrap_or_default();
                if let Some(by) = masking.placeholder(&name, value) {
                    self.add(base, range, &by);
                }
            }
        }
        self.shaped = self.shaped.max(base + sure);
        let from = self.shaped.saturating_sub(if is_last { 0 } else { BEFORE });
        self.from = self.from.max(from);
    }

    fn add(&mut self, base: usize, range: std::ops::Range<usize>, by: &str) {
        self.found.push(Edit {
            start: base + range.start,
            end: base + range.end,
            by: by.into(),
        });
    }

    /// In order, and none in another: what lies within an edit is part of what that replaces.
    fn settle(&mut self) {
        self.found
            .sort_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end)));
        let mut settled: Vec<Edit> = Vec::with_capacity(self.found.len());
        for edit in self.found.drain(..) {
            match settled.last_mut() {
                Some(last) if edit.end <= last.end => {}
                Some(last) if edit.start < last.end => {
                    last.end = edit.end;
                    last.by = [&*last.by, &*edit.by].concat().into();
                }
                _ => settled.push(edit),
            }
        }
        self.found = settled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::{Redactor, edits::applied};
    use proptest::prelude::*;
    use secrecy::SecretString;

    fn masking() -> Masking {
        Redactor::new(vec![SecretString::from("sk-live-1234")]).masking()
    }

    /// The text as it is masked by windows of that size.
    fn masked(text: &[u8], window: usize) -> String {
        let (mut mask, mut masking, mut edits) = (MaskText::default(), masking(), Vec::new());
        let mut size = window;
        while mask.at() < text.len() {
            let at = mask.at();
            let end = (at + size).min(text.len());
            mask.run(&mut masking, &text[at..end], end == text.len(), &mut edits);
            size = if mask.at() > at { window } else { 2 * size };
        }
        String::from_utf8(applied(text, 0, &edits).into_owned()).unwrap()
    }

    #[test]
    fn secrets_are_found_across_windows() {
        let text = "log sk-live-1234\nsaid {\"password\":\n \"hunter2\", \"n\": \"sk-live-1234\"}\n5\" pipe sk-live-1234";
        let wanted = "log ‹key#1›\nsaid {\"password\":\n \"‹password#2›\", \"n\": \"‹key#1›\"}\n5\" pipe ‹key#1›";
        for window in [1, 7, 20, 50, 1000] {
            let seen = masked(text.as_bytes(), window);
            // which one is met first depends on the window
            let same = seen
                .replace("password#1", "password#2")
                .replace("key#2", "key#1");
            assert_eq!(same, wanted, "{window}");
        }
        assert_eq!(
            masked("Bearer sk-live-1…".as_bytes(), 100),
            "Bearer ‹key#1›…"
        );
    }

    proptest! {
        #[test]
        fn nothing_secret_is_left(text in "[a\"{}:,\n ]{0,20}", window in 1_usize..30) {
            let sent = format!("{text}sk-live-1234{text}{{\"token\":\"hunter2\"}}{text}");
            let seen = masked(sent.as_bytes(), window);
            prop_assert!(!seen.contains("sk-live-1234"), "{}", seen);
        }
    }
}
