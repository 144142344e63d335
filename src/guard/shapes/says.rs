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
    let key = match seen {
        Seen::Read(key) => key,
        Seen::Raw => return says_raw(text, at, line),
    };
    // the nearest word that says something decides
    match nearest(line) {
        Says::Nothing => key.map_or(Says::Nothing, nearest),
        says => says,
    }
}

/// The same as far as it says it in any case: of JSON, what stands before a quote is another text, or will be
/// once it is read, but for the key of the member.
fn says_raw(text: &[u8], at: usize, line: &[u8]) -> Says {
    let quote = memchr::memrchr(b'"', line);
    let inside = quote.map_or(line, |quote| line.get(quote + 1..).unwrap_or_default());
    // of what stands behind an escape the first letter is not its own
    let own = memchr::memrchr(b'\\', inside);
    let inside_own = own.map_or(inside, |at| inside.get(at + 2..).unwrap_or_default());
    match nearest(inside_own) {
        Says::Nothing if own.is_none() && quote.is_some() => {}
        says => return says,
    }
    let opens = at - inside.len() - 1;
    let before = text.get(opens.saturating_sub(LONGEST_KEY)..opens);
    let before = before.unwrap_or_default();
    let solid = before
        .iter()
        .rposition(|byte| *byte != b'\\')
        .map_or(0, |last| last + 1);
    let before = before.get(..solid).unwrap_or_default().trim_ascii_end();
    let Some(name) = before.strip_suffix(b":") else {
        return Says::Nothing;
    };
    let name = name.trim_ascii_end();
    let Some(name) = name.strip_suffix(b"\"") else {
        return Says::Nothing;
    };
    let begins = memchr::memrchr(b'"', name).map_or(name.len(), |quote| quote + 1);
    match nearest(name.get(begins..).unwrap_or_default()) {
        Says::Harmless => Says::Harmless,
        _ => Says::Nothing,
    }
}

/// Bytes before a value in which its key is.
const LONGEST_KEY: usize = 200;

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
    let word = packed(word);
    let at = SAID.partition_point(|(known, _)| *known < word);
    let (known, says) = SAID.get(at)?;
    (*known == word).then_some(*says)
}

/// A word of the length of those above as one number, in small letters.
fn packed(word: &[u8]) -> u128 {
    word.iter().fold(0, |packed, letter| {
        packed << 8 | u128::from(letter.to_ascii_lowercase())
    })
}

/// All words above in order; what is said of a secret too says that.
static SAID: LazyLock<Vec<(u128, Says)>> = LazyLock::new(|| {
    let of = |words: &'static [&'static str], says: Says| {
        words
            .iter()
            .map(move |word| (packed(word.as_bytes()), says))
    };
    let mut said: Vec<_> = of(&SECRET, Says::Secret)
        .chain(of(&HARMLESS, Says::Harmless))
        .collect();
    said.sort_by_key(|(word, _)| *word);
    said
});

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
