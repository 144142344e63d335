//! Maskings that went on beside each other, as those of stretches of one text do, made one again: a secret
//! that both met has one placeholder in the end. What is masked is decided elsewhere.

use std::collections::{HashMap, hash_map::Entry};
use std::sync::Arc;

use super::Masking;

impl Masking {
    /// How many secrets have a placeholder.
    pub(crate) fn numbered(&self) -> usize {
        self.known.len()
    }

    /// Goes on behind what a clone of it has masked meanwhile, which began with so many masked and
    /// numbered: says which placeholders of the clone have other names here.
    pub(crate) fn adopt(&mut self, later: Self, (masked, numbered): (usize, usize)) -> Renamed {
        self.masked += later.masked.saturating_sub(masked);
        let number = |by: &str| -> Option<usize> {
            let (_, number) = by.strip_suffix('›')?.rsplit_once('#')?;
            number.parse().ok()
        };
        let numbers = later
            .known
            .into_iter()
            .filter_map(|(hash, by)| Some((number(&by)?, hash, by)));
        let mut fresh: Vec<(usize, u64, Arc<str>)> =
            numbers.filter(|(number, ..)| *number > numbered).collect();
        fresh.sort_unstable_by_key(|(number, ..)| *number);
        let mut renamed = HashMap::new();
        for (_, hash, by) in fresh {
            let next = self.known.len() + 1;
            let own = match self.known.entry(hash) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => {
                    let name = by.rsplit_once('#').map_or(&*by, |(name, _)| name);
                    new.insert(format!("{name}#{next}›").into()).clone()
                }
            };
            if own != by {
                renamed.insert(by, own);
            }
        }
        Renamed(renamed)
    }
}

/// Placeholders that were given beside another masking, and what stands for the same there.
#[derive(Debug, Default)]
pub(crate) struct Renamed(HashMap<Arc<str>, Arc<str>>);

impl Renamed {
    /// What is to be read instead of a text that masking has put somewhere; none where that stays.
    pub fn of(&self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        let mut changed = false;
        while let Some(start) = rest.find('‹') {
            let end = rest.get(start..).and_then(|from| from.find('›'));
            let Some(end) = end.map(|end| start + end + '›'.len_utf8()) else {
                break;
            };
            let own = self.0.get(rest.get(start..end).unwrap_or_default());
            out.push_str(rest.get(..start).unwrap_or_default());
            out.push_str(own.map_or(rest.get(start..end).unwrap_or_default(), |own| own));
            changed |= own.is_some();
            rest = rest.get(end..).unwrap_or_default();
        }
        out.push_str(rest);
        changed.then_some(out)
    }
}
