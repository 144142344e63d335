//! Fuzzy matching of names: which of many fit what was typed, the best first. A pure computation that
//! grows with the number of names, so of more than a few thousand it belongs beside the loop.

use std::{cmp::Reverse, collections::HashMap, sync::Arc, thread};

use nucleo_matcher::{
    Config, Matcher, Utf32Str, chars,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use crate::{
    app::find::names::{Listed, Name},
    model::NodeId,
};

/// How many of those that fit are weighed exactly and told; nobody scrolls through more.
const MOST: usize = 300;

/// An order to look through names.
#[derive(Debug)]
pub struct Seek {
    /// Its number; once a younger one was given out, nobody waits for this one.
    pub number: u32,
    /// What was typed.
    pub typed: Arc<str>,
    /// Where to look.
    pub names: Listed,
    /// What was chosen before, the latest last: first among those that fit equally well.
    pub used: Vec<NodeId>,
}

/// What fits.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The order's.
    pub number: u32,
    /// The best, in order, at most 300.
    pub best: Vec<(u32, NodeId)>,
    /// How many fit.
    pub count: usize,
}

/// A name, and about how well it fits.
type Fits<'a> = (Reverse<u32>, &'a Name);

/// Fits text to what was typed: the letters of each word in order, wherever they stand. Small letters
/// fit both cases, and a letter without an accent also those with one.
pub(super) struct Fuzzy {
    pattern: Pattern,
    matcher: Matcher,
    letters: Vec<char>,
    at: Vec<u32>,
}

impl Fuzzy {
    /// For what was typed.
    pub fn new(typed: &str) -> Self {
        Self::of(typed, AtomKind::Fuzzy)
    }

    /// For words as they stand: letters strewn over a sentence mean nothing.
    pub fn words(typed: &str) -> Self {
        Self::of(typed, AtomKind::Substring)
    }

    fn of(typed: &str, kind: AtomKind) -> Self {
        Self {
            pattern: Pattern::new(typed, CaseMatching::Smart, Normalization::Smart, kind),
            matcher: Matcher::new(Config::DEFAULT),
            letters: Vec::new(),
            at: Vec::new(),
        }
    }

    /// How well it fits; none where it does not.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let hay = hay(text, &mut self.letters);
        self.pattern.score(hay, &mut self.matcher)
    }

    /// About how well it fits, by the first places where the letters stand instead of the best ones: a
    /// few times faster, enough to tell the best of many from the rest. None where it does not fit.
    fn rough(&mut self, text: &str) -> Option<u32> {
        let hay = hay(text, &mut self.letters);
        self.pattern.atoms.iter().try_fold(0, |sum, atom| {
            let needle = atom.needle_text();
            // Smart case and accents, as the pattern itself has them.
            self.matcher.config.ignore_case = !needle.chars().any(chars::is_upper_case);
            self.matcher.config.normalize = needle.chars().all(|c| chars::normalize(c) == c);
            let score = self.matcher.fuzzy_match_greedy(hay, needle)?;
            Some(sum + u32::from(score))
        })
    }

    /// Which characters fit, by their place, in order.
    pub fn places(&mut self, text: &str) -> Vec<u32> {
        self.at.clear();
        let hay = hay(text, &mut self.letters);
        if self
            .pattern
            .indices(hay, &mut self.matcher, &mut self.at)
            .is_none()
        {
            return Vec::new();
        }
        let mut places = self.at.clone();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The text as the matcher wants it. Made here, character by character: the library's own way takes text
/// whose accents stand apart for ASCII and counts bytes.
fn hay<'a>(text: &'a str, letters: &'a mut Vec<char>) -> Utf32Str<'a> {
    if text.is_ascii() {
        return Utf32Str::Ascii(text.as_bytes());
    }
    letters.clear();
    letters.extend(text.chars());
    Utf32Str::Unicode(letters)
}

/// Looks through names, as long as it is wanted, at the two halves of many at once.
pub fn seek(order: &Seek, wanted: impl Fn() -> bool + Sync) -> Option<Sought> {
    let parts: Vec<&[Name]> = order.names.parts().collect();
    let (front, back) = parts.split_at(parts.len() / 2);
    let (front, back) = thread::scope(|scope| {
        let front =
            (!front.is_empty()).then(|| scope.spawn(|| fitting(&order.typed, front, &wanted)));
        let back = fitting(&order.typed, back, &wanted);
        (front.map(|front| front.join().ok().flatten()), back)
    });
    let mut found = front.unwrap_or_else(|| Some(Vec::new()))?;
    found.append(&mut back?);
    Some(best(order, found))
}

/// The names that fit, with about how well.
fn fitting<'a>(
    typed: &str,
    parts: &[&'a [Name]],
    wanted: &impl Fn() -> bool,
) -> Option<Vec<Fits<'a>>> {
    let mut fuzzy = Fuzzy::new(typed);
    let mut found = Vec::new();
    for part in parts {
        if !wanted() {
            return None;
        }
        for name in *part {
            found.extend(fuzzy.rough(&name.text).map(|score| (Reverse(score), name)));
        }
    }
    Some(found)
}

/// Weighs the best of them exactly and puts them in order.
fn best(order: &Seek, found: Vec<Fits<'_>>) -> Sought {
    let used: HashMap<NodeId, usize> = (1..)
        .zip(&order.used)
        .map(|(late, node)| (*node, late))
        .collect();
    let late = |name: &Name| Reverse(used.get(&name.node).copied().unwrap_or_default());
    let count = found.len();
    let mut found: Vec<_> = (0_u32..)
        .zip(found)
        .map(|(place, (score, name))| (score, late(name), place, name))
        .collect();
    if count > MOST {
        found.select_nth_unstable_by_key(MOST, |(score, late, place, _)| (*score, *late, *place));
        found.truncate(MOST);
    }
    let mut fuzzy = Fuzzy::new(&order.typed);
    let mut found: Vec<_> = found
        .into_iter()
        .filter_map(|(_, late, place, name)| {
            let score = fuzzy.score(&name.text)?;
            // Of names that fit equally well the shorter one is meant; without letters none is.
            let typed = !order.typed.is_empty();
            let len = if typed { name.text.len() } else { 0 };
            Some((Reverse(score), late, len, place, name.node))
        })
        .collect();
    found.sort_unstable();
    let best = found
        .into_iter()
        .map(|(Reverse(score), .., node)| (score, node))
        .collect();
    Sought {
        number: order.number,
        best,
        count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, names: &[&str], used: &[u32]) -> Vec<u32> {
        let order = Seek {
            number: 1,
            typed: typed.into(),
            names: (0..)
                .zip(names)
                .map(|(n, text)| Name {
                    node: NodeId(n),
                    text: (*text).into(),
                })
                .collect(),
            used: used.iter().copied().map(NodeId).collect(),
        };
        let sought = seek(&order, || true).unwrap();
        sought.best.into_iter().map(|(_, node)| node.0).collect()
    }

    #[test]
    fn letters_in_order_fit_and_the_best_come_first() {
        let names = ["nightly billing", "refund sweep", "billing", "Big Refund"];
        assert_eq!(found("bil", &names, &[]), [2, 0]);
        assert_eq!(found("rfnd", &names, &[]), [3, 1]);
        assert_eq!(found("Ref", &names, &[]), [3]);
        assert_eq!(found("REF", &names, &[]), [] as [u32; 0]);
        assert_eq!(found("swe ref", &names, &[]), [1]);
        assert_eq!(found("^x!", &names, &[]), [] as [u32; 0]);
        assert_eq!(found("", &names, &[]), [0, 1, 2, 3]);
    }

    #[test]
    fn what_was_used_last_comes_first_only_among_equals() {
        let names = ["run aa", "run ab", "run ac", "ru-xn"];
        assert_eq!(found("run", &names, &[1, 2]), [2, 1, 0, 3]);
        assert_eq!(found("run", &names, &[3]), [0, 1, 2, 3]);
        assert_eq!(found("", &names, &[3]), [3, 0, 1, 2]);
    }

    #[test]
    fn of_many_the_best_are_told_and_all_are_counted() {
        let names: Vec<Name> = (0..5_000)
            .map(|n| Name {
                node: NodeId(n),
                text: format!("run {n}").into(),
            })
            .collect();
        let order = Seek {
            number: 1,
            typed: "r4999".into(),
            names: names.into_iter().collect(),
            used: Vec::new(),
        };
        assert_eq!(seek(&order, || true).unwrap().best[0].1, NodeId(4_999));
        let all = Seek {
            typed: "run".into(),
            ..order
        };
        let all_found = seek(&all, || true).unwrap();
        assert_eq!((all_found.best.len(), all_found.count), (MOST, 5_000));
        assert!(seek(&all, || false).is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it_and_places_are_those_of_characters(
            typed in r"[a-dÀé日 ^!'$\\]{0,6}",
            text in r"[a-dÀé日👨\u{301}\u{200D} ]{0,24}",
        ) {
            let mut fuzzy = Fuzzy::new(&typed);
            let fits = fuzzy.score(&text).is_some();
            let places = fuzzy.places(&text);
            let many = text.chars().count();
            proptest::prop_assert!(places.iter().all(|at| (*at as usize) < many));
            proptest::prop_assert!(fits || places.is_empty());
            proptest::prop_assert_eq!(fuzzy.rough(&text).is_some(), fits);
        }
    }
}
