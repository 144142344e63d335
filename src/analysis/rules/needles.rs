//! Many short words looked for in one pass over a text, each with its mark. Words shorter than two bytes
//! are not found. It finds places; what a place means is for others to say.

/// How many sorts of beginnings are told apart.
const SORTS: usize = 4096;

/// Words by their first two bytes.
pub(super) struct Needles<M> {
    /// Of each sort of beginning: which of `words` begin so.
    first: Vec<(u16, u16)>,
    words: Vec<(&'static [u8], M)>,
}

impl<M: Copy> Needles<M> {
    /// Of words with their marks.
    pub(super) fn new(words: impl IntoIterator<Item = (&'static [u8], M)>) -> Self {
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_by_key(|(word, _)| sort_of(word));
        let mut first = vec![(0, 0); SORTS];
        for (at, (word, _)) in (0u16..).zip(&words) {
            if let Some(range) = sort_of(word).and_then(|sort| first.get_mut(sort)) {
                if range.1 == 0 {
                    range.0 = at;
                }
                range.1 = at + 1;
            }
        }
        Self { first, words }
    }

    /// Calls with every word that is there, in the order of their places, until the answer is true.
    pub(super) fn any(&self, text: &[u8], mut found: impl FnMut(usize, M) -> bool) -> bool {
        for (at, pair) in text.windows(2).enumerate() {
            let sort = sort_of(pair).and_then(|sort| self.first.get(sort));
            let Some((from, to)) = sort.filter(|(_, to)| *to > 0) else {
                continue;
            };
            let here = text.get(at..).unwrap_or_default();
            let words = self.words.get(usize::from(*from)..usize::from(*to));
            for (word, mark) in words.unwrap_or_default() {
                if here.starts_with(word) && found(at, *mark) {
                    return true;
                }
            }
        }
        false
    }
}

fn sort_of(word: &[u8]) -> Option<usize> {
    match word {
        [a, b, ..] => Some((usize::from(*a) * 61 + usize::from(*b)) % SORTS),
        _ => None,
    }
}
