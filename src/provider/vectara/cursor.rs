//! Where a list goes on. Besides the service's page key this carries what the next page needs to
//! know of those before it: the direction, the last place given, the step, and enough of the keys
//! already used to notice a ring of them. It reads no rows.

use crate::model::Page;

const SEPARATOR: char = '\u{1f}';
const COMMA: char = '\u{1e}';
/// How many steps are remembered; agents have a handful.
const STEPS: usize = 64;

/// Which end of a list comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Direction {
    /// As today's servers do, and what is assumed where the times do not tell.
    #[default]
    NewestFirst,
    OldestFirst,
}

/// The provider's own part of a `Page`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) direction: Direction,
    /// The list was begun again because the service no longer knew a key.
    pub(super) again: bool,
    /// Hash of an earlier key, moved at every power of two pages, so that a ring of any length is
    /// noticed without keeping all keys (Brent's method).
    mark: u64,
    /// The last `Order::at` given.
    pub(super) edge: Option<i64>,
    /// The step that the next row belongs to, while that is certain.
    pub(super) step: Option<String>,
    /// The steps that newer pages named, and whether each was left for good.
    pub(super) steps: Vec<(String, bool)>,
    /// What the list itself hands on from page to page.
    pub(super) note: String,
    /// The service's key; empty at the beginning.
    pub(super) key: String,
}

impl Cursor {
    pub(super) fn of(page: &Page) -> Self {
        page.cursor
            .as_deref()
            .and_then(Self::parsed)
            .unwrap_or_default()
    }

    fn parsed(text: &str) -> Option<Self> {
        let mut parts = text.splitn(7, SEPARATOR);
        let flags = parts.next()?;
        Some(Self {
            direction: if flags.contains('o') {
                Direction::OldestFirst
            } else {
                Direction::NewestFirst
            },
            again: flags.contains('a'),
            mark: u64::from_str_radix(parts.next()?, 16).ok()?,
            edge: parts.next()?.parse().ok(),
            step: parts
                .next()
                .filter(|step| !step.is_empty())
                .map(str::to_owned),
            steps: parts
                .next()?
                .split(COMMA)
                .filter_map(|step| Some((step.get(1..)?.to_owned(), step.starts_with('-'))))
                .collect(),
            note: parts.next()?.to_owned(),
            key: parts.next()?.to_owned(),
        })
    }

    fn text(&self) -> String {
        let direction = match self.direction {
            Direction::NewestFirst => "n",
            Direction::OldestFirst => "o",
        };
        let again = if self.again { "a" } else { "" };
        let edge = self.edge.map(|edge| edge.to_string()).unwrap_or_default();
        let step = plain(self.step.as_deref().unwrap_or_default());
        let steps: Vec<String> = self
            .steps
            .iter()
            .take(STEPS)
            .map(|(step, left)| format!("{}{}", if *left { '-' } else { '+' }, plain(step)))
            .collect();
        let mark = format!("{:x}", self.mark);
        [
            &format!("{direction}{again}"),
            &mark,
            &edge,
            &step,
            &steps.join(&COMMA.to_string()),
            &self.note.replace(SEPARATOR, " "),
            &self.key,
        ]
        .map(String::as_str)
        .join(&SEPARATOR.to_string())
    }

    /// The page after `page`, which had `rows` rows and named `key` as the next; none at the end:
    /// no key, no rows, or a key that was used before.
    pub(super) fn next(mut self, page: &Page, rows: usize, key: Option<String>) -> Option<Page> {
        let key = key.filter(|key| !key.is_empty() && *key != self.key)?;
        let (hashed, index) = (hash(&key), page.index.saturating_add(1));
        if rows == 0 || hashed == self.mark {
            return None;
        }
        if index.is_power_of_two() {
            self.mark = hashed;
        }
        self.key = key;
        let before = [page.before, self.edge].into_iter().flatten().min();
        Some(Page {
            cursor: Some(self.text().into()),
            index,
            seen: page
                .seen
                .saturating_add(u32::try_from(rows).unwrap_or(u32::MAX)),
            before,
            after: page.after,
        })
    }

    /// The beginning of the list that `page` is a later page of, once more; `note` is what its first
    /// page was asked with.
    pub(super) fn again(page: &Page, note: String) -> Page {
        let cursor = Self {
            again: true,
            note,
            ..Self::default()
        };
        Page {
            cursor: Some(cursor.text().into()),
            after: page.after,
            ..Page::default()
        }
    }

    /// The beginning of a list that must know something from the start.
    pub(super) fn noted(note: String) -> Page {
        let cursor = Self {
            note,
            ..Self::default()
        };
        Page {
            cursor: Some(cursor.text().into()),
            ..Page::default()
        }
    }
}

fn plain(name: &str) -> String {
    name.replace([SEPARATOR, COMMA], " ")
}

/// FNV-1a, to tell texts apart.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pages are read when the service answers with these keys for ever.
    fn pages_read(keys: &[&str]) -> usize {
        let mut page = Page::default();
        for read in 1..1_000 {
            let key = keys[(read - 1) % keys.len()].to_owned();
            match Cursor::of(&page).next(&page, 100, Some(key)) {
                Some(next) => page = next,
                None => return read,
            }
        }
        usize::MAX
    }

    #[test]
    fn rings_of_keys_end() {
        assert_eq!(pages_read(&["same"]), 2);
        for length in 2..40 {
            let keys: Vec<String> = (0..length).map(|n| format!("key {n}")).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            assert!(pages_read(&keys) <= length * 4, "{length}");
        }
    }

    #[test]
    fn what_a_page_hands_on_is_read_back() {
        let cursor = Cursor {
            direction: Direction::OldestFirst,
            again: true,
            mark: 7,
            edge: Some(-5),
            step: Some("step\u{1f}two".to_owned()),
            steps: vec![("α".to_owned(), true), ("b".to_owned(), false)],
            note: "look/3".to_owned(),
            key: String::new(),
        };
        let page = Page::default();
        let next = cursor.next(&page, 3, Some("k\u{1f}é".to_owned())).unwrap();
        assert_eq!((next.index, next.seen, next.before), (1, 3, Some(-5)));
        let read = Cursor::of(&next);
        assert_eq!(
            (read.key.as_str(), read.step.as_deref()),
            ("k\u{1f}é", Some("step two"))
        );
        assert_eq!(
            read.steps,
            [("α".to_owned(), true), ("b".to_owned(), false)]
        );
        assert_eq!((read.direction, read.again), (Direction::OldestFirst, true));
        assert_eq!(read.note, "look/3");
    }

    #[test]
    fn no_key_and_no_rows_are_the_end() {
        for (rows, key) in [(5, None), (5, Some("")), (0, Some("more"))] {
            let key = key.map(str::to_owned);
            assert_eq!(Cursor::default().next(&Page::default(), rows, key), None);
        }
    }
}
