//! Ids on their way out: they name things and look drawn by lot, so that nothing of them is judged by how it
//! looks. Only what is surely a secret is masked.

use std::{borrow::Cow, sync::LazyLock};

use super::Masking;
use crate::guard::shapes::{OTHERS, Rules, Spots};

/// The formats of keys and tokens alone.
static FORMATS: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules::default();
    for name in OTHERS {
        rules.switch_off(name);
    }
    rules
});
impl Masking {
    /// An id with its secrets masked: credentials in use, and keys of a format that is known. Nothing else is
    /// judged by how it looks: ids look drawn by lot, and what they name is found by them.
    pub fn id<'a>(&mut self, id: &'a str) -> Cow<'a, str> {
        let bytes = id.as_bytes();
        let is_asked = self.rules.has_asked() && self.rules.is_more(bytes);
        if self.needles.is_none() && !is_asked && (self.is_open || is_uuid(id)) {
            return Cow::Borrowed(id);
        }
        let since = self.places_so_far();
        self.stand_at(None);
        let is_key = || !FORMATS.hits(bytes, None, false, Spots::Unknown).is_empty();
        let was_open = self.is_open;
        self.is_open = was_open || !is_asked && (is_uuid(id) || !is_key());
        let masked = self.hidden(bytes, None, false, Spots::Unknown);
        self.is_open = was_open;
        self.name_places(since);
        match masked {
            Some(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
            None => Cow::Borrowed(id),
        }
    }
}

/// Whether it is written as UUIDs are: most ids are that, and no key is.
fn is_uuid(id: &str) -> bool {
    let digit = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    id.len() == 36 && id.bytes().enumerate().all(digit)
}
