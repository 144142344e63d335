//! Rows as they were fitted into their columns lately: nearly every row of a frame stood in the one before,
//! and to mask, clean, cut and measure its words anew costs more than all the rest of it.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    mem,
};

use ratatui::text::Line;

use crate::guard::Redactor;

/// Rows that are kept before those that nobody asked for meanwhile are dropped: more than a frame has.
const ROWS: usize = 512;

/// See the module. Rows are known by the hash of all that decides what they look like, with a seed that
/// nobody can guess.
#[derive(Debug, Default)]
pub struct Fitted {
    seed: RandomState,
    /// What they were masked by.
    redactor: Redactor,
    now: HashMap<u64, Line<'static>>,
    before: HashMap<u64, Line<'static>>,
}

impl Fitted {
    /// What a row is known by.
    pub fn key(&self, of: impl Hash) -> u64 {
        self.seed.hash_one(of)
    }

    /// The row, if it was fitted lately and would be masked the same.
    pub fn get(&mut self, key: u64, redactor: &Redactor) -> Option<Line<'static>> {
        if !self.redactor.is(redactor) {
            self.redactor = redactor.clone();
            self.now.clear();
            self.before.clear();
        }
        if let Some(line) = self.now.get(&key) {
            return Some(line.clone());
        }
        let line = self.before.remove(&key)?;
        self.keep(key, line.clone());
        Some(line)
    }

    /// Keeps it for the next frame.
    pub fn keep(&mut self, key: u64, line: Line<'static>) {
        if self.now.len() >= ROWS {
            self.before = mem::take(&mut self.now);
        }
        self.now.insert(key, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_otherwise_or_long_gone_is_fitted_anew() {
        let mut fitted = Fitted::default();
        let (one, other) = (
            Redactor::new(vec!["sk-live-1234".into()]),
            Redactor::new(vec!["sk-live-5678".into()]),
        );
        let key = fitted.key("a row");
        assert_eq!(fitted.get(key, &one), None);
        fitted.keep(key, Line::raw("a row"));
        assert_eq!(fitted.get(key, &one), Some(Line::raw("a row")));
        assert_eq!(fitted.get(key, &one.clone()), Some(Line::raw("a row")));
        assert_eq!(fitted.get(key, &one.open()), None, "open");
        assert_eq!(fitted.get(key, &other), None, "other credentials");
        fitted.keep(key, Line::raw("a row"));
        for n in 0..3 * ROWS {
            let key = fitted.key(n);
            fitted.keep(key, Line::default());
        }
        assert_eq!(fitted.get(key, &other), None, "long gone");
        assert!(fitted.now.len() + fitted.before.len() <= 2 * ROWS);
    }
}
