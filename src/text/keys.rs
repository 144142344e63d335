//! What the name of a key says about its value: whether it is a secret. Only names are judged here;
//! masking is `guard`'s, and whoever shows a single value out of an object asks here first.

mod loose;

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

/// What a name says of the value under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// That it may be anything.
    Nothing,
    /// That it is a secret, whatever it is.
    Secret,
    /// That it is a secret unless it is a number or a choice: `apiTokenValue`.
    Text,
    /// That it is a password, or how something went: `pass`.
    Password,
    /// That it lets somebody in, or says how: `auth`.
    Sent,
}

impl Tells {
    /// Whether a text under that name is a secret.
    pub fn hides(self, value: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Secret | Self::Text => true,
            Self::Password => loose::is_password(value),
            Self::Sent => loose::is_sent(value),
        }
    }
}

/// What a value under this key is: tokens, passwords, keys that open something and cookies are secrets.
/// Counts of tokens (`tokens`, `max_tokens`, `token_count`) and page tokens are none.
pub fn tells(key: &str) -> Tells {
    if !may_be_secret(key.as_bytes()) {
        return Tells::Nothing;
    }
    if is_secret_name(key.as_bytes()) {
        return Tells::Secret;
    }
    match without_turn(key).filter(|name| is_secret_name(name)) {
        Some(_) => Tells::Text,
        None => loose::tells(key),
    }
}

/// Whether whatever stands under this key is a secret.
pub fn is_secret(key: &str) -> bool {
    is_secret_name(key.as_bytes())
}

fn is_secret_name(key: &[u8]) -> bool {
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

/// The name without what tells one of several from another: `token2`, `apiKeyValue`, `client_secret_old`.
#[cold]
fn without_turn(key: &str) -> Option<&[u8]> {
    let key = key.as_bytes();
    let bare = without_number(key);
    let turned = TURNS.iter().find_map(|word| strip_end(bare, word));
    let name = turned.map_or(bare, without_number);
    (name.len() < key.len()).then_some(name)
}

/// Words behind the name of a secret.
const TURNS: [&str; 3] = ["value", "old", "new"];

fn without_number(name: &[u8]) -> &[u8] {
    let end = name.iter().rposition(|byte| !byte.is_ascii_digit());
    name.get(..end.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

/// Whether a token of that sort is a place in a list or a piece of text: `page`, `next`.
pub fn is_harmless_token(sort: &str) -> bool {
    HARMLESS_TOKENS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(sort))
}

/// Whether its last three letters are those with which a name ends that tells something, if it has so
/// many: most names are told apart by them. It may be the end of a name.
pub fn may_be_secret(key: &[u8]) -> bool {
    if key.len() < 3 {
        return key.eq_ignore_ascii_case(b"pw");
    }
    match key {
        [.., b'0'..=b'9'] => last_three(without_number(key)).is_none_or(is_last),
        key => last_three(key).is_none_or(is_last),
    }
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

/// Whether a name that tells something ends with these letters; of what are none it does not.
#[inline]
pub fn is_last(last: [u8; 3]) -> bool {
    let [a, b, c] = last.map(|letter| usize::from((letter | 0x20).wrapping_sub(b'a')));
    let thirds = LAST.get(a).and_then(|seconds| seconds.get(b)).copied();
    c < LETTERS && thirds.unwrap_or(0) >> c & 1 == 1
}

/// The last three letters of the names of secrets, and of those that may be.
const ENDS: [&str; SECRET_ENDS.len() + 7] = {
    let mut ends = ["lue"; SECRET_ENDS.len() + 7];
    let more = ["old", "new", "ass", "uth", "pat", "sas"];
    let (known, rest) = ends.split_at_mut(SECRET_ENDS.len());
    known.copy_from_slice(&SECRET_ENDS);
    let (rest, _) = rest.split_at_mut(more.len());
    rest.copy_from_slice(&more);
    ends
};

const LETTERS: usize = 26;

/// For each letter but two from the end, for each that follows it, a bit for each that may be the last.
#[expect(clippy::indexing_slicing, reason = "made while compiling")]
static LAST: [[u32; LETTERS]; LETTERS] = {
    let mut last = [[0; LETTERS]; LETTERS];
    let mut i = 0;
    while i < ENDS.len() {
        if let [.., a, b, c] = ENDS[i].as_bytes() {
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

    #[test]
    fn numbers_and_turns_behind_a_name_do_not_hide_it() {
        for key in [
            "token2",
            "apiKeyValue",
            "myApiToken2",
            "clientSecretOld",
            "PASSWORD_NEW",
            "api_key_1",
            "access-token-value-2",
        ] {
            assert_eq!(tells(key), Tells::Text, "{key}");
        }
        for key in [
            "passed",
            "pass_rate",
            "passes",
            "bypass",
            "compass",
            "tokens",
            "tokens2",
            "token_count",
            "max_tokens",
            "author",
            "token_type",
            "value",
            "old",
            "new",
            "threshold",
            "page_token_2",
            "nextTokenValue",
            "h1",
            "12",
            "class",
            "otp",
            "pin",
        ] {
            assert_eq!(tells(key), Tells::Nothing, "{key}");
        }
        assert!(tells("token").hides("") && tells("pass").hides("hunter2"));
        assert!(!tells("pass").hides("failed") && !tells("auth").hides("basic"));
    }
}
