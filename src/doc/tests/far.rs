//! A payload in a file reads as the same one in memory, and ends in a sentence when the file goes.

use super::*;

/// A file that can be read until it is taken away.
#[derive(Debug)]
struct Lent(Vec<u8>, std::sync::atomic::AtomicBool);

impl Lent {
    fn of(text: &str) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self(text.into(), true.into()))
    }

    fn take_away(&self) {
        self.1.store(false, std::sync::atomic::Ordering::Relaxed);
    }
}

impl crate::model::Far for Lent {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, range: std::ops::Range<usize>) -> Option<Vec<u8>> {
        let is_there = self.1.load(std::sync::atomic::Ordering::Relaxed);
        is_there.then(|| self.0[range].to_vec())
    }
}

fn long_list() -> String {
    let rows: Vec<_> = (0..20_000)
        .map(|n| format!(r#"{{"id": {n}, "token": "sk-live-0123456789abcdef{n:06}"}}"#))
        .collect();
    format!("{{\"rows\": [\n{}\n]}}", rows.join(",\n"))
}

#[test]
fn a_text_in_a_file_is_read_as_the_same_text_in_memory() {
    let text = long_list();
    for view in [View::Pretty, View::Raw, View::Hex] {
        let look = Look {
            view,
            ..Look::default()
        };
        let far = Part::Far(Source::far(Lent::of(&text)), Sort::Any);
        let far = read(Doc::new(vec![far], look, Redactor::default().masking()));
        let here = shown_as(&text, view);
        assert_eq!(far.rows(), here.rows());
        for row in [0, 1, 2, 900, far.rows() / 2, far.rows() - 1] {
            assert_eq!(far.row(row).text(), here.row(row).text());
            assert_eq!(far.copy(row, Form::Sent), here.copy(row, Form::Sent));
        }
    }
}

#[test]
fn a_file_that_is_taken_away_ends_in_a_sentence() {
    let text = long_list();
    for view in [View::Pretty, View::Raw, View::Hex] {
        let lent = Lent::of(&text);
        let look = Look {
            view,
            ..Look::default()
        };
        let far = Part::Far(Source::far(lent.clone()), Sort::Any);
        let doc = Doc::new(vec![far], look, Redactor::default().masking());
        lent.take_away();
        let doc = read(doc);
        let last = doc.row(doc.rows() - 1).text();
        assert!(last.contains("was changed or cut"), "{view:?}: {last}");
        assert_eq!(doc.progress(), None);
        for row in 0..doc.rows().min(100) {
            doc.row(row);
        }
        assert_eq!(doc.copy(1, Form::Sent).unwrap_or_default(), b"");
    }
}

#[test]
fn secrets_among_bytes_are_looked_for_slice_by_slice() {
    let text = long_list().repeat(6);
    let far = Part::Far(Source::far(Lent::of(&text)), Sort::Any);
    let look = Look {
        view: View::Hex,
        ..Look::default()
    };
    let mut doc = Doc::new(vec![far], look, Redactor::default().masking());
    let (step, rest) = doc.job().unwrap().run();
    assert!(!step.is_last(), "whoever goes on meanwhile need not wait");
    doc.take(step);
    let (at, len) = doc.progress().unwrap();
    assert!(at > 4 << 20 && at < len && len == text.len());
    let (step, rest) = rest.unwrap().run();
    assert!(rest.is_none());
    doc.take(step);
    let here = shown_as(&text, View::Hex);
    assert_eq!((doc.progress(), doc.rows()), (None, here.rows()));
    for row in [0, 5, doc.rows() / 2, doc.rows() - 1] {
        assert_eq!(doc.row(row).text(), here.row(row).text());
    }
}
