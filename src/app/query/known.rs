//! Words that very many events share (names of tools, agents, steps, types), and whether they have what is
//! looked for, so that it is looked for in each of them once. For one worker and one snapshot: words are
//! told apart by where they lie in it, and nothing else may be asked about.

use std::cell::Cell;

/// Words that are remembered at a time.
const PLACES: usize = 128;

/// What was asked about words lately.
#[derive(Debug)]
pub struct Known {
    asked: [Cell<Asked>; PLACES],
}

/// Where what is looked for lies, where the word does and how long it is, and the answer.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    needle: usize,
    word: usize,
    len: usize,
    yes: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            asked: std::array::from_fn(|_| Cell::default()),
        }
    }
}

impl Known {
    /// Whether a word of the snapshot has what lies at `needle`, by asking once.
    pub fn has<N>(&self, needle: &N, word: &str, ask: impl FnOnce() -> bool) -> bool {
        let (needle, start) = (std::ptr::from_ref(needle).addr(), word.as_ptr().addr());
        let place = ((start >> 3) ^ (needle >> 4)) % PLACES;
        let Some(place) = self.asked.get(place) else {
            return ask();
        };
        let asked = place.get();
        if (asked.needle, asked.word, asked.len) == (needle, start, word.len()) {
            return asked.yes;
        }
        let yes = ask();
        place.set(Asked {
            needle,
            word: start,
            len: word.len(),
            yes,
        });
        yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_asked_about_once_for_each_thing_that_is_looked_for() {
        let (known, words) = (Known::default(), "grepgrepsed");
        let asked = Cell::new(0);
        let has = |needle: &&str, word: &str| {
            known.has(needle, word, || {
                asked.set(asked.get() + 1);
                word.contains(*needle)
            })
        };
        let (first, second) = ("re", "ed");
        for (needle, word, yes) in [
            (&first, &words[..4], true),
            (&first, &words[4..8], true),
            (&first, &words[8..], false),
            (&second, &words[..4], false),
            (&second, &words[8..], true),
        ] {
            let before = asked.get();
            for _ in 0..3 {
                assert_eq!(has(needle, word), yes, "{needle} in {word}");
            }
            assert_eq!(asked.get(), before + 1);
        }
        // Those that share a place are asked about anew, and told apart.
        for _ in 0..3 {
            assert!(has(&first, &words[..4]) && has(&first, &words[4..8]));
            assert!(!has(&first, &words[8..]) && has(&second, &words[8..]));
        }
    }
}
