//! What the name of a key says about its value: whether it is a secret. Only names are judged here;
//! masking is `guard`'s, and whoever shows a single value out of an object asks here first.

/// Names end like this, once case and separators are dropped.
const SECRET_ENDS: [&str; 30] = [
    "token",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "authorization",
    "apikey",
    "apikeys",
    "accesskey",
    "secretkey",
    "secretkeys",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "sharedkey",
    "servicekey",
    "accountkey",
    "bearer",
    "cookie",
    "cookies",
    "jwt",
    "credential",
    "credentials",
    "clientassertion",
    "connectionstring",
];

/// Words before `token` that make it a place in a list or a piece of text, not a secret.
const HARMLESS_TOKENS: [&str; 21] = [
    "page",
    "next",
    "prev",
    "previous",
    "continuation",
    "cursor",
    "sync",
    "resume",
    "start",
    "stop",
    "end",
    "first",
    "last",
    "per",
    "eos",
    "bos",
    "pad",
    "unk",
    "mask",
    "sep",
    "special",
];

/// Whether a value under this key is a secret: tokens, passwords, keys that open something, cookies.
/// Counts of tokens (`tokens`, `max_tokens`, `token_count`) and page tokens are none.
pub fn is_secret(key: &str) -> bool {
    let key = key.as_bytes();
    let Some(last) = last_three(key).filter(|last| is_last(*last)) else {
        return false;
    };
    SECRET_ENDS.iter().any(|end| {
        end.as_bytes().ends_with(&last)
            && strip_end(key, end).is_some_and(|before| {
                let is = |word: &str| strip_end(before, word).is_some();
                *end != "token" || !HARMLESS_TOKENS.iter().any(|word| is(word))
            })
    })
}

/// Whether a token of that sort is a place in a list or a piece of text: `page`, `next`.
pub fn is_harmless_token(sort: &str) -> bool {
    HARMLESS_TOKENS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(sort))
}

/// Whether its last three letters are those with which the name of a secret ends, if it has so many: most
/// names are told apart by them. It may be the end of a name.
pub fn may_be_secret(key: &[u8]) -> bool {
    key.len() > 2 && last_three(key).is_none_or(is_last)
}

/// The last three letters and digits of a name, in small letters, and what is no ASCII between them.
#[inline]
fn last_three(key: &[u8]) -> Option<[u8; 3]> {
    let last = *key.last_chunk::<3>()?;
    if last.iter().all(u8::is_ascii_alphanumeric) {
        return Some(last.map(|letter| letter.to_ascii_lowercase()));
    }
    last_three_of_all(key)
}

#[cold]
fn last_three_of_all(key: &[u8]) -> Option<[u8; 3]> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let mut letters = key.iter().rev().copied().filter(is_letter);
    let (c, b, a) = (letters.next()?, letters.next()?, letters.next()?);
    Some([a, b, c].map(|letter| letter.to_ascii_lowercase()))
}

/// Whether the name of a secret ends with these letters; of what are none it does not.
#[inline]
pub fn is_last(last: [u8; 3]) -> bool {
    let [a, b, c] = last.map(|letter| usize::from((letter | 0x20).wrapping_sub(b'a')));
    let thirds = LAST.get(a).and_then(|seconds| seconds.get(b)).copied();
    c < LETTERS && thirds.unwrap_or(0) >> c & 1 == 1
}

const LETTERS: usize = 26;

/// For each letter but two from the end, for each that follows it, a bit for each that may be the last.
#[expect(clippy::indexing_slicing, reason = "made while compiling")]
static LAST: [[u32; LETTERS]; LETTERS] = {
    let mut last = [[0; LETTERS]; LETTERS];
    let mut i = 0;
    while i < SECRET_ENDS.len() {
        if let [.., a, b, c] = SECRET_ENDS[i].as_bytes() {
            last[(*a - b'a') as usize][(*b - b'a') as usize] |= 1 << (*c - b'a');
        }
        i += 1;
    }
    last
};

/// What stands before `end`, with case and separators left out of the comparison.
fn strip_end<'a>(name: &'a [u8], end: &str) -> Option<&'a [u8]> {
    let mut left = name;
    for wanted in end.bytes().rev() {
        loop {
            let (last, before) = left.split_last()?;
            left = before;
            if last.eq_ignore_ascii_case(&wanted) {
                break;
            }
            if last.is_ascii_alphanumeric() || !last.is_ascii() {
                return None;
            }
        }
    }
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_one_that_may_be() {
        for end in SECRET_ENDS {
            assert!(is_secret(end) && is_secret(&end.to_uppercase()), "{end}");
        }
    }

    #[test]
    fn secrets_are_known_by_name() {
        for key in [
            "token",
            "accessToken",
            "refresh_token",
            "X-Auth-Token",
            "client_secret",
            "clientSecret",
            "secrets",
            "password",
            "db.password",
            "Authorization",
            "proxy-authorization",
            "api_key",
            "api-key",
            "apikey",
            "x-api-key",
            "TELNYX_API_KEY",
            "OPENAI_API_KEY",
            "private_key",
            "aws_secret_access_key",
            "bearer",
            "Cookie",
            "set-cookie",
        ] {
            assert!(is_secret(key), "{key}");
        }
    }

    #[test]
    fn counts_and_places_are_no_secrets() {
        for key in [
            "tokens",
            "token_count",
            "max_tokens",
            "input_tokens",
            "maxTokens",
            "tokenizer",
            "token_type",
            "total_tokens",
            "next_page_token",
            "cost_per_token",
            "time_to_first_token",
            "eos_token",
            "key",
            "api_key_ref",
            "secretary",
            "author",
            "charge_key_name",
            "",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }
}
