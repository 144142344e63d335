//! Fuzzy matching of names: which of many fit what was typed, the best first. A pure computation that
//! grows with the number of names, so of more than a few thousand it belongs beside the loop.

use std::{cmp::Reverse, collections::BinaryHeap, ops::Range, sync::Arc, thread};

use nucleo_matcher::{
    Config, Matcher, Utf32Str, chars,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use crate::{
    app::find::{
        letters::Letters,
        names::{Listed, Name},
    },
    model::NodeId,
};

/// How many of those that fit are weighed exactly and told; nobody scrolls through more.
const MOST: usize = 300;

/// What a letter scores at most, and what the first one of a word does besides.
const LETTER: u32 = 26;
const FIRST: u32 = 10;

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

/// Fits text to what was typed: the letters of each word in order, wherever they stand. Small letters
/// fit both cases, and a letter without an accent also those with one.
pub(super) struct Fuzzy {
    pattern: Pattern,
    /// Of each word whether small letters fit both cases, and whether those without an accent fit others.
    loose: Vec<(bool, bool)>,
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
        let pattern = Pattern::new(typed, CaseMatching::Smart, Normalization::Smart, kind);
        // Smart case and accents, as the pattern itself has them.
        let loose = pattern.atoms.iter().map(|atom| {
            let needle = atom.needle_text();
            let any_case = !needle.chars().any(chars::is_upper_case);
            (any_case, needle.chars().all(|c| chars::normalize(c) == c))
        });
        Self {
            loose: loose.collect(),
            pattern,
            matcher: Matcher::new(Config::DEFAULT),
            letters: Vec::new(),
            at: Vec::new(),
        }
    }

    /// The letters without which nothing fits.
    fn needs(&self) -> Letters {
        let words = self.pattern.atoms.iter();
        Letters::typed(words.flat_map(|atom| atom.needle_text().chars()))
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
        let mut words = self.pattern.atoms.iter().zip(&self.loose);
        words.try_fold(0, |sum, (atom, (any_case, any_accent))| {
            self.matcher.config.ignore_case = *any_case;
            self.matcher.config.normalize = *any_accent;
            let score = self.matcher.fuzzy_match_greedy(hay, atom.needle_text())?;
            Some(sum + u32::from(score))
        })
    }

    /// What no text can score more than.
    fn most(&self) -> u32 {
        let words = self.pattern.atoms.iter();
        let letters = words.map(|atom| u32::try_from(atom.needle_text().len()).unwrap_or(u32::MAX));
        letters.fold(0, |sum, letters| {
            sum.saturating_add(letters.saturating_mul(LETTER).saturating_add(FIRST))
        })
    }

    /// Whether it fits, however well.
    fn fits(&mut self, text: &str) -> bool {
        let mut words = self.pattern.atoms.iter().zip(&self.loose);
        let in_order = words.try_fold(true, |all, (atom, (any_case, _))| {
            match (text.is_ascii(), atom.needle_text()) {
                (true, Utf32Str::Ascii(needle)) => {
                    Some(all && in_order(text.as_bytes(), needle, *any_case))
                }
                _ => None,
            }
        });
        in_order.unwrap_or_else(|| self.rough(text).is_some())
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

/// Whether the letters of a word stand in order in a text, both of ASCII.
fn in_order(text: &[u8], word: &[u8], any_case: bool) -> bool {
    let mut rest = text;
    word.iter().all(|letter| {
        let other = if any_case {
            letter.to_ascii_uppercase()
        } else {
            *letter
        };
        let at = memchr::memchr2(*letter, other, rest);
        rest = at.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        at.is_some()
    })
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

/// About how well a name fits, how late it was chosen before, and where it stands: segment, and place in
/// it. The best is the smallest.
type Fit = (Reverse<u32>, Reverse<usize>, usize, usize);

/// The best of those that fit, the worst of them on top, and how many fit.
#[derive(Default)]
struct Fitting {
    best: BinaryHeap<Fit>,
    count: usize,
}

impl Fitting {
    /// Whether nothing that comes can be better than what is kept.
    fn is_settled(&self, most: u32) -> bool {
        let worst = self.best.peek().filter(|_| self.best.len() >= MOST);
        worst.is_some_and(|(worst, ..)| worst.0 >= most)
    }

    /// One more fits; only the best are kept.
    fn take(&mut self, score: u32, late: impl FnOnce() -> usize, place: (usize, usize)) {
        self.count += 1;
        if self.best.len() < MOST {
            let fit = (Reverse(score), Reverse(late()), place.0, place.1);
            self.best.push(fit);
            return;
        }
        let Some(mut worst) = self.best.peek_mut() else {
            return;
        };
        if Reverse(score) <= worst.0 {
            let fit = (Reverse(score), Reverse(late()), place.0, place.1);
            // What is written to there finds its place anew.
            if fit < *worst {
                *worst = fit;
            }
        }
    }
}

/// Looks through names, as long as it is wanted, at the two halves of many at once.
pub fn seek(order: &Seek, wanted: impl Fn() -> bool + Sync) -> Option<Sought> {
    let parts: Vec<&[Name]> = order.names.parts().collect();
    let mut used: Vec<(NodeId, usize)> = order.used.iter().copied().zip(1..).collect();
    used.sort_unstable();
    let half = parts.len() / 2;
    let look = |from, to| fitting(&order.typed, &used, &parts, from..to, &wanted);
    let (front, back) = thread::scope(|scope| {
        let front = (half > 0).then(|| scope.spawn(|| look(0, half)));
        let back = look(half, parts.len());
        (front.map(|front| front.join().ok().flatten()), back)
    });
    let (front, back) = (front.unwrap_or_else(|| Some(Fitting::default()))?, back?);
    let count = front.count + back.count;
    let mut best: Vec<Fit> = front.best.into_iter().chain(back.best).collect();
    best.sort_unstable();
    best.truncate(MOST);
    Some(Sought {
        number: order.number,
        best: exactly(&order.typed, &parts, best),
        count,
    })
}

/// The names of some segments that fit.
fn fitting(
    typed: &str,
    used: &[(NodeId, usize)],
    parts: &[&[Name]],
    which: Range<usize>,
    wanted: &impl Fn() -> bool,
) -> Option<Fitting> {
    let mut fuzzy = Fuzzy::new(typed);
    let needs = fuzzy.needs();
    let late = |node: NodeId| {
        let place = used.binary_search_by_key(&node, |(node, _)| *node);
        let used = place.ok().and_then(|place| used.get(place));
        used.map_or(0, |(_, late)| *late)
    };
    let most = fuzzy.most();
    let mut fitting = Fitting::default();
    for part in which {
        if !wanted() {
            return None;
        }
        for (at, name) in parts.get(part).into_iter().copied().flatten().enumerate() {
            if !name.letters.have(needs) {
                continue;
            }
            if fitting.is_settled(most) && late(name.node) == 0 {
                fitting.count += usize::from(fuzzy.fits(&name.text));
            } else if let Some(score) = fuzzy.rough(&name.text) {
                fitting.take(score, || late(name.node), (part, at));
            }
        }
    }
    Some(fitting)
}

/// Weighs the best exactly and puts them in order.
fn exactly(typed: &str, parts: &[&[Name]], best: Vec<Fit>) -> Vec<(u32, NodeId)> {
    let mut fuzzy = Fuzzy::new(typed);
    let best = best.into_iter().filter_map(|(_, late, part, at)| {
        let name = parts.get(part)?.get(at)?;
        let score = fuzzy.score(&name.text)?;
        // Of names that fit equally well the shorter one is meant; without letters none is.
        let len = if typed.is_empty() { 0 } else { name.text.len() };
        Some((Reverse(score), late, len, (part, at), name.node))
    });
    let mut best: Vec<_> = best.collect();
    best.sort_unstable();
    let best = best.into_iter();
    best.map(|(Reverse(score), .., node)| (score, node))
        .collect()
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
                .map(|(n, text)| Name::new(NodeId(n), *text))
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
            .map(|n| Name::new(NodeId(n), format!("run {n}")))
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
            typed in r"[a-dBÀàéeİ日 ^!'$\\]{0,6}",
            text in r"[a-dBÀàéeİ日👨\u{301}\u{200D} ]{0,24}",
        ) {
            let mut fuzzy = Fuzzy::new(&typed);
            let fits = fuzzy.score(&text).is_some();
            let places = fuzzy.places(&text);
            let many = text.chars().count();
            proptest::prop_assert!(places.iter().all(|at| (*at as usize) < many));
            proptest::prop_assert!(fits || places.is_empty());
            let rough = fuzzy.rough(&text);
            proptest::prop_assert_eq!(rough.is_some(), fits);
            proptest::prop_assert_eq!(fuzzy.fits(&text), fits);
            proptest::prop_assert!(rough.is_none_or(|score| score <= fuzzy.most()));
            proptest::prop_assert!(!fits || Letters::of(&text).have(fuzzy.needs()));
        }
    }
}
