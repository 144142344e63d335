//! What the name of a key says about its value: whether it is a secret. Only names are judged here;
//! masking is `guard`'s, and whoever shows a single value out of an object asks here first.

/// Names end like this, once case and separators are dropped.
const SECRET_ENDS: [&str; 27] = [
    "token",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
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

/// The longest name looked at; what is longer is judged by its end.
const LONGEST: usize = 128;

/// Whether a value under this key is a secret: tokens, passwords, keys that open something, cookies.
/// Counts of tokens (`tokens`, `max_tokens`, `token_count`) and page tokens are none.
pub fn is_secret(key: &str) -> bool {
    let tail = tail(key);
    let Some(end) = SECRET_ENDS.iter().find(|end| tail.ends_with(**end)) else {
        return false;
    };
    let before = tail.strip_suffix(end).unwrap_or_default();
    *end != "token" || !HARMLESS_TOKENS.iter().any(|word| before.ends_with(word))
}

/// The end of the name, lower case, letters and digits only.
fn tail(key: &str) -> String {
    let mut tail: Vec<char> = key
        .chars()
        .rev()
        .take(LONGEST)
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    tail.reverse();
    tail.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
