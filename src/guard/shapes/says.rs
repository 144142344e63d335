//! What the words around a word that looks drawn say of it: that it opens something, or that it is an id, a
//! hash, a place in a list. It judges names, not what is named.

use std::sync::LazyLock;

use super::run::Seen;

/// Bytes before a word in which it may be named.
const NEAR: usize = 40;
/// What the surroundings say of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Secret,
    Harmless,
    Nothing,
}

const SECRET: [&str; 23] = [
    "key",
    "keys",
    "secret",
    "secrets",
    "token",
    "password",
    "passwd",
    "pwd",
    "credential",
    "credentials",
    "auth",
    "passphrase",
    "bearer",
    "apikey",
    "passcode",
    "license",
    "refresh",
    "hmac",
    "psk",
    "creds",
    "otp",
    "pat",
    "pass",
];
/// Words before `key` and `token` that make these none that open anything.
const OF_PLACES: [&str; 20] = [
    "page",
    "next",
    "previous",
    "prev",
    "after",
    "cursor",
    "continuation",
    "sync",
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "idempotency",
    "public",
    "object",
    "row",
    "hash",
    "resume",
    "dedupe",
];
const HARMLESS: [&str; 59] = [
    "id",
    "ids",
    "uid",
    "uuid",
    "guid",
    "hash",
    "digest",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "commit",
    "checksum",
    "integrity",
    "signature",
    "etag",
    "cursor",
    "page",
    "trace",
    "span",
    "request",
    "image",
    "base64",
    "fingerprint",
    "revision",
    "blob",
    "tree",
    "parent",
    "ref",
    "nonce",
    "h1",
    "data",
    "encrypted",
    "thumbprint",
    "serial",
    "ray",
    "version",
    "build",
    "layer",
    "object",
    "block",
    "tx",
    "transaction",
    "address",
    "wallet",
    "cid",
    "video",
    "public",
    "after",
    "next",
    "primary",
    "foreign",
    "partition",
    "sort",
    "idempotency",
    "cache",
    "continuation",
    "sync",
];

/// What the words before, and the key, say.
pub(super) fn says(text: &[u8], at: usize, seen: Seen<'_>) -> Says {
    let before = text.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
    let line = match memchr::memrchr(b'\n', before) {
        Some(end) => before.get(end + 1..).unwrap_or_default(),
        None => before,
    };
    match seen {
        Seen::Raw => says_raw(line),
        // the nearest word that says something decides
        Seen::Read(Some(key)) if nearest(line) == Says::Nothing => nearest(key),
        Seen::Read(_) => nearest(line),
    }
}

/// The same of JSON as it is written: what stands before the quote of the string says nothing of it, unless
/// it is its key.
fn says_raw(line: &[u8]) -> Says {
    // of what stands behind an escape the first letter is not its own
    let line =
        memchr::memrchr(b'\\', line).map_or(line, |at| line.get(at + 2..).unwrap_or_default());
    let Some(quote) = memchr::memrchr(b'"', line) else {
        return nearest(line);
    };
    let (before, inside) = line.split_at_checked(quote).unwrap_or_default();
    let says = nearest(inside);
    if says != Says::Nothing {
        return says;
    }
    let key = before.trim_ascii_end().strip_suffix(b":");
    let key = key.and_then(|key| key.trim_ascii_end().strip_suffix(b"\""));
    let start = key.and_then(|key| memchr::memrchr(b'"', key));
    let key = key.zip(start).and_then(|(key, start)| key.get(start + 1..));
    key.map_or(Says::Nothing, nearest)
}

/// What the last word that says something says; `page key` is none that opens anything. What is harmless
/// is named right before: further off such words are said of something else.
fn nearest(text: &[u8]) -> Says {
    let mut words = words(text);
    let mut far = 0;
    while let Some(word) = words.next() {
        far += 1;
        match said(word) {
            Some(Says::Secret) if matches!(word.last(), Some(b'y' | b'Y' | b'n' | b'N')) => {
                let is_place = words.next().is_some_and(|before| {
                    OF_PLACES
                        .iter()
                        .any(|known| known.as_bytes().eq_ignore_ascii_case(before))
                });
                return if is_place {
                    Says::Harmless
                } else {
                    Says::Secret
                };
            }
            Some(Says::Harmless) if far > NEXT => {}
            Some(says) => return says,
            None => {}
        }
    }
    Says::Nothing
}

/// Words before one in which it is named as something harmless.
const NEXT: usize = 2;

fn said(word: &[u8]) -> Option<Says> {
    let first = usize::from(word.first()?.to_ascii_lowercase());
    let lengths = LENGTHS.get(first).copied().unwrap_or(0);
    if word.len() > LONGEST_SAID || lengths >> word.len() & 1 == 0 {
        return None;
    }
    let is = |known: &[&str]| {
        let mut known = known.iter().map(|known| known.as_bytes());
        known.any(|known| known.eq_ignore_ascii_case(word))
    };
    if is(&SECRET) {
        return Some(Says::Secret);
    }
    is(&HARMLESS).then_some(Says::Harmless)
}

/// For each first letter, how long the words above are: nearly all words are told by that.
static LENGTHS: LazyLock<[u32; 128]> = LazyLock::new(|| {
    let mut lengths = [0; 128];
    for word in SECRET.iter().chain(&HARMLESS) {
        let first = word.bytes().next().map(usize::from);
        if let Some(own) = first.and_then(|first| lengths.get_mut(first)) {
            *own |= 1 << word.len();
        }
    }
    lengths
});

/// Letters of the words above at most.
const LONGEST_SAID: usize = 12;

/// The words of a text from its end on; a capital behind a small letter begins one.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let solid = rest.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
        let word = rest.get(..solid)?;
        let mut start = solid;
        while let Some(byte) = start.checked_sub(1).and_then(|at| word.get(at))
            && byte.is_ascii_alphanumeric()
        {
            start -= 1;
            let before = start.checked_sub(1).and_then(|at| word.get(at));
            if byte.is_ascii_uppercase() && before.is_some_and(u8::is_ascii_lowercase) {
                break;
            }
        }
        rest = rest.get(..start)?;
        word.get(start..)
    })
}
