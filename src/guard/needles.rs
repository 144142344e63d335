//! The credentials in use, in every form in which they may turn up in text, and the search for all of
//! them at once. Searching costs one table look-up per few bytes, however many there are.

mod forms;

use secrecy::{ExposeSecret as _, SecretString};
use std::collections::{HashMap, HashSet};

use forms::forms;

/// Shorter credentials would mask ordinary words.
const SHORTEST: usize = 6;

/// One form of one credential.
struct Needle {
    bytes: Vec<u8>,
    /// Which credential.
    secret: usize,
    /// Whether the base64 digits next to it hold bits of it too.
    spills: (bool, bool),
}

/// A credential found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) secret: usize,
}

/// All forms of all credentials.
pub(super) struct Needles {
    secrets: Vec<SecretString>,
    list: Vec<Needle>,
    /// The length of the shortest form; so many bytes are looked at in one go.
    window: usize,
    /// For what the last two bytes of the window come to: how far it can move on.
    shifts: Vec<u8>,
    /// Forms by the last two bytes of their first window, longest first.
    by_pair: HashMap<usize, Vec<usize>>,
}

impl Needles {
    /// None where no credential is long enough to be searched for.
    pub(super) fn new(credentials: Vec<SecretString>) -> Option<Self> {
        let mut list: Vec<Needle> = Vec::new();
        let secrets: Vec<SecretString> = credentials
            .into_iter()
            .filter(|secret| secret.expose_secret().chars().count() >= SHORTEST)
            .collect();
        let mut known = HashSet::new();
        for (i, secret) in secrets.iter().enumerate() {
            let own = forms(secret.expose_secret(), i).into_iter();
            list.extend(own.filter(|form| known.insert(form.bytes.clone())));
        }
        list.sort_by_key(|needle| std::cmp::Reverse(needle.bytes.len()));
        let window = list.last()?.bytes.len().min(usize::from(u8::MAX));
        let mut needles = Self {
            secrets,
            list,
            window,
            shifts: vec![u8::try_from(window - 1).unwrap_or(u8::MAX); SHIFTS],
            by_pair: HashMap::new(),
        };
        needles.index();
        Some(needles)
    }

    fn index(&mut self) {
        for (i, needle) in self.list.iter().enumerate() {
            let head = needle.bytes.get(..self.window).unwrap_or_default();
            for (at, two) in head.windows(2).enumerate() {
                let left = u8::try_from(self.window - 2 - at).unwrap_or(u8::MAX);
                if let Some(shift) = self.shifts.get_mut(slot(pair(two))) {
                    *shift = left.min(*shift);
                }
                if left == 0 {
                    self.by_pair.entry(pair(two)).or_default().push(i);
                }
            }
        }
    }

    /// Whether JSON spells all of them as they are.
    pub(super) fn is_plain(&self) -> bool {
        let plain = |b: u8| (b' '..=b'~').contains(&b) && !matches!(b, b'"' | b'\\');
        self.secrets
            .iter()
            .all(|secret| secret.expose_secret().bytes().all(plain))
    }

    /// Bytes of the longest form, with the digits that may belong to it.
    pub(super) fn longest(&self) -> usize {
        self.list.first().map_or(0, |needle| needle.bytes.len()) + 2
    }

    /// The credential itself, to tell whether two finds are the same.
    pub(super) fn secret(&self, i: usize) -> &str {
        self.secrets
            .get(i)
            .map_or("", |secret| secret.expose_secret())
    }

    /// The first credential that begins at `from` or later; the longest of those that begin together.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<Found> {
        let mut at = from;
        loop {
            let key = pair(text.get(at + self.window - 2..at + self.window)?);
            match self.shifts.get(slot(key)).copied().unwrap_or(1) {
                0 => {
                    if let Some(found) = self.at(text, at, key) {
                        return Some(found.within(from));
                    }
                    at += 1;
                }
                shift => at += usize::from(shift),
            }
        }
    }

    /// The beginning of a credential at which a text was cut off (`…`), by somebody who did not know.
    pub(super) fn find_cut(&self, text: &[u8]) -> Option<Found> {
        let body = text.strip_suffix("…".as_bytes())?;
        let cut = |needle: &Needle| {
            let longest = needle.bytes.len().min(body.len());
            (SHORTEST..=longest)
                .rev()
                .find(|len| needle.bytes.get(..*len).is_some_and(|b| body.ends_with(b)))
        };
        let (len, secret) = self
            .list
            .iter()
            .filter_map(|needle| Some((cut(needle)?, needle.secret)))
            .max()?;
        Some(Found {
            start: body.len() - len,
            end: body.len(),
            secret,
        })
    }

    fn at(&self, text: &[u8], at: usize, key: usize) -> Option<Found> {
        let rest = text.get(at..)?;
        let candidates = self.by_pair.get(&key)?.iter();
        let needle = candidates
            .filter_map(|i| self.list.get(*i))
            .find(|needle| rest.starts_with(&needle.bytes))?;
        let digit = |i: usize| text.get(i).is_some_and(|b| is_base64(*b));
        let mut found = Found {
            start: at,
            end: at + needle.bytes.len(),
            secret: needle.secret,
        };
        if needle.spills.0 && at > 0 && digit(at - 1) {
            found.start -= 1;
        }
        if needle.spills.1 && digit(found.end) {
            found.end += 1;
        }
        Some(found)
    }
}

impl Found {
    fn within(self, from: usize) -> Self {
        Self {
            start: self.start.max(from),
            ..self
        }
    }
}

fn pair(two: &[u8]) -> usize {
    two.iter().fold(0, |key, b| key << 8 | usize::from(*b))
}

/// Of so few that they stay at hand; pairs that share one have the shorter way.
const SHIFTS: usize = 1 << 12;

/// Where the shift of a pair is.
fn slot(pair: usize) -> usize {
    (pair >> 3 ^ pair) % SHIFTS
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD as PADDED, URL_SAFE_NO_PAD};

    const KEY: &str = "k\u{e9}y/9\"+ ~%_z";

    fn needles(secrets: &[&str]) -> Needles {
        Needles::new(secrets.iter().map(|s| SecretString::from(*s)).collect()).unwrap()
    }

    #[test]
    fn every_form_is_found() {
        let needles = needles(&["another-credential", KEY]);
        let url: String = url::form_urlencoded::byte_serialize(KEY.as_bytes()).collect();
        for form in [
            KEY.to_owned(),
            serde_json::to_string(KEY).unwrap(),
            serde_json::to_string(KEY).unwrap().replace('/', "\\/"),
            url.replace('+', "%20").replace("%7E", "~"),
            PADDED.encode(KEY),
            PADDED.encode(format!("u:{KEY}")),
            PADDED.encode(format!("us:{KEY}:x")),
            URL_SAFE_NO_PAD.encode(format!("use:{KEY}")),
        ] {
            let text = format!("before {form} after");
            let found = needles.find(text.as_bytes(), 0).unwrap();
            assert_eq!(found.secret, 1, "{form}");
        }
    }

    #[test]
    fn a_key_is_found_as_others_spell_it() {
        let needles = needles(&["Zeb/ra+Lantern=44", "o'h <b>&\"é:q"]);
        for (form, secret) in [
            ("Zeb/ra%2BLantern%3D44", 0),
            ("Zeb/ra%2bLantern%3d44", 0),
            ("Zeb%2Fra%2BLantern%3D44", 0),
            ("Zeb/ra&#43;Lantern=44", 0),
            ("Zeb&#x2F;ra+Lantern&#x3D;44", 0),
            (r"Zeb\/ra+Lantern=44", 0),
            (r"Zeb\\/ra+Lantern=44", 0),
            (r"Zeb\u002fra+Lantern=44", 0),
            (r"Zeb\u002Fra\u002BLantern\u003D44", 0),
            (r"Zeb\\u002fra+Lantern=44", 0),
            (r"Zeb/ra+Lantern\u003d44", 0),
            (r"Zeb/ra\u002BLantern=44", 0),
            ("5a65622f72612b4c616e7465726e3d3434", 0),
            ("5A65622F72612B4C616E7465726E3D3434", 0),
            ("o'h%20%3Cb%3E%26%22%C3%A9%3Aq", 1),
            ("o'h%20%3Cb%3E&%22%C3%A9:q", 1),
            ("o%27h+%3Cb%3E%26%22%C3%A9%3Aq", 1),
            ("o&#x27;h &lt;b&gt;&amp;&quot;é:q", 1),
            ("o&#39;h &lt;b&gt;&amp;&#34;é:q", 1),
            (r#"o'h <b>&\\\"é:q"#, 1),
            (r#"o'h \u003cb\u003e\u0026\"é:q"#, 1),
            (r#"o'h <b>&\"\u00e9:q"#, 1),
        ] {
            let text = format!("before {form} after");
            let found = needles.find(text.as_bytes(), 0);
            let found = found.map(|found| (&text[found.start..found.end], found.secret));
            assert_eq!(found, Some((form, secret)));
        }
        for other in [
            "Zeb/ra%2BLantern%3D45",
            "zeb/ra+lantern=44",
            "5a65622f72612b4c",
        ] {
            assert_eq!(needles.find(other.as_bytes(), 0), None, "{other}");
        }
    }

    #[test]
    fn base64_is_masked_to_the_last_bit() {
        let needles = needles(&["sk-secret"]);
        let sent = format!("Basic {}", PADDED.encode("u:sk-secret!"));
        let found = needles.find(sent.as_bytes(), 0).unwrap();
        let open = [&sent[..found.start], &sent[found.end..]].concat();
        // what is left are the bits of `u` and `!`
        assert_eq!(open, "Basic dTh");
    }

    #[test]
    fn the_first_and_longest_wins() {
        let needles = needles(&["secret", "secret-long", "zzzzzz"]);
        let found = |text: &str, from| {
            needles
                .find(text.as_bytes(), from)
                .map(|f| (f.start, f.end, f.secret))
        };
        assert_eq!(found("a zzzzzz secret-long", 0), Some((2, 8, 2)));
        assert_eq!(found("a zzzzzz secret-long", 8), Some((9, 20, 1)));
        assert_eq!(found("zzzzzzz", 0), Some((0, 6, 2)));
        assert_eq!(found("secre", 0), None);
        assert_eq!(found("", 0), None);
    }

    #[test]
    fn short_credentials_are_not_searched_for() {
        assert!(Needles::new(vec![SecretString::from("12345")]).is_none());
        assert!(Needles::new(Vec::new()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn the_search_finds_what_a_plain_search_finds(text in "[ab]{0,40}", one in "[ab]{6,9}", two in "[ab]{6,9}") {
            let both = needles(&[&one, &two]);
            let plain = text.find(&one).into_iter().chain(text.find(&two)).min();
            let found = both.find(text.as_bytes(), 0).map(|f| f.start);
            proptest::prop_assert_eq!(found, plain);
        }
    }
}
