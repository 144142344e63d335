//! Reading a long stretch with two threads: one masks, the other makes rows of what is masked. What comes
//! of it is the same as of one thread that does both.

use std::{
    panic::resume_unwind,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use super::{Indexer, Mask, Piece};
use crate::{
    doc::Source,
    guard::{Edit, MaskJson, Masking},
};

/// Bytes that are masked at once, and how many of such parts may lie about.
const PART: usize = 256 << 10;
const PARTS: usize = 8;

/// Up to here the text is masked, and how since the last time. None where it cannot be read.
type Masked = Option<(usize, Vec<Edit>)>;

impl Indexer {
    /// Goes on up to about `end`.
    pub(super) fn beside(&mut self, text: &Source, end: usize, piece: &mut Piece) {
        let (masking, walk) = match std::mem::replace(&mut self.mask, Mask::Known) {
            Mask::Search(masking, walk) => (masking, walk),
            Mask::Known => {
                let end = end.max(self.at.saturating_add(self.wants));
                let before = self.at;
                self.take_in(text, Some((end.min(text.len()), Vec::new())), piece);
                self.wants = if self.at == before {
                    self.wants.max(PART) * 4
                } else {
                    super::WINDOW
                };
                return;
            }
        };
        let (tell, told) = sync_channel(PARTS);
        let joined = thread::scope(|scope| {
            let ahead = scope.spawn(move || mask(text, end, masking, walk, &tell));
            for masked in told {
                self.take_in(text, masked, piece);
                if self.done {
                    break;
                }
            }
            ahead.join()
        });
        match joined {
            Ok((masking, walk)) => self.mask = Mask::Search(masking, walk),
            Err(fault) => resume_unwind(fault),
        }
    }

    /// Makes rows of what is masked by now.
    fn take_in(&mut self, text: &Source, masked: Masked, piece: &mut Piece) {
        let base = self.at;
        let part = masked.and_then(|(known, edits)| Some((known, text.get(base..known)?, edits)));
        let Some((known, seen, mut edits)) = part else {
            return self.lose(piece);
        };
        let byte = |at: usize| seen.get(at.checked_sub(base)?).copied();
        for edit in &edits {
            self.expect(edit, byte);
        }
        piece.edits.append(&mut edits);
        self.read(&seen, known >= text.len(), piece);
    }
}

/// Masks up to about `end` and tells of it, until nobody listens any more.
fn mask(
    text: &Source,
    end: usize,
    mut masking: Box<Masking>,
    mut walk: MaskJson,
    tell: &SyncSender<Masked>,
) -> (Box<Masking>, MaskJson) {
    let mut width = PART;
    loop {
        let at = walk.at();
        let Some(window) = text.get(at..at.saturating_add(width)) else {
            let _ = tell.send(None);
            break;
        };
        let is_last = at + window.len() >= text.len();
        let mut edits = Vec::new();
        walk.run(&mut masking, &window, is_last, &mut edits);
        if walk.at() == at && !is_last {
            width *= 4;
            continue;
        }
        width = PART;
        let is_enough = is_last || walk.at() >= end;
        if tell.send(Some((walk.at(), edits))).is_err() || is_enough {
            break;
        }
    }
    (masking, walk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doc::json::{CAP, End, Json, Mode},
        guard::redact::{Redactor, Sort},
    };

    fn read(text: &str, budget: usize) -> Json {
        let source = Source::Here(text.to_owned().into());
        let masking = Redactor::default().masking();
        let (mut json, mut indexer) =
            Json::begin(source.clone(), masking, Sort::Any, Mode::Data, CAP);
        while !indexer.is_done() {
            json.take(indexer.here(&source, budget));
        }
        json
    }

    /// Three megabytes with secrets of all shapes, and a string that is longer than a part.
    fn text() -> String {
        let item = r#"{"id":1.5,"api_key":"sk-0123456789","secret":{"deep":[1,2]},
            "headers":[{"name":"Authorization","value":"abc"}],"tags":["a",null,true]}"#;
        let long = format!(r#"{{"body":"{}","password":"p"}}"#, r"x\n".repeat(300_000));
        let items = vec![item; 9000].join(",");
        format!("[{items},{long},{items}]")
    }

    #[test]
    fn two_threads_make_what_one_makes() {
        let text = text();
        let (one, two) = (read(&text, 1), read(&text, 64 << 20));
        assert_eq!(two.end(), Some(End::Whole));
        assert_eq!(one.table.rows(), two.table.rows());
        let containers = |json: &Json| json.table.containers().iter().collect::<Vec<_>>();
        assert!(containers(&one) == containers(&two));
        let edits = |json: &Json| {
            json.table
                .sheet
                .edits(0..text.len())
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(edits(&one).len(), 18_000 * 3 + 1);
        assert!(edits(&one) == edits(&two));
    }

    #[test]
    fn a_text_that_breaks_off_ends_where_it_does() {
        let text = text();
        for end in [1_500_000, text.len() / 2, text.len() - 1] {
            let (one, two) = (read(&text[..end], 1), read(&text[..end], 64 << 20));
            assert!(matches!(two.end(), Some(End::Fault { .. })));
            assert_eq!(one.end(), two.end());
            assert_eq!(one.table.rows(), two.table.rows());
        }
    }
}
