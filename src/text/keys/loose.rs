//! Names under which a secret stands as often as something else does: `pass` is a password or the
//! number of tests that passed, `auth` a key or the name of a scheme. There the value has to look like
//! one. It judges single names and values and knows no text around them.

use super::Tells;

/// What a name in small letters ends with, if a word begins there.
const ENDS: [(&str, Tells); 4] = [
    ("pass", Tells::Password),
    ("auth", Tells::Sent),
    ("pat", Tells::Sent),
    ("sas", Tells::Sent),
];

/// What is written together with `pass` and makes it a password.
const WHOSE: [&str; 20] = [
    "user", "db", "admin", "root", "ssh", "smtp", "imap", "mail", "my", "ftp", "http", "proxy",
    "login", "wifi", "sql", "mysql", "pg", "redis", "db_user", "key",
];

/// What comes before `pass` where it is a turn, a ticket or a result.
const TURNS: [&str; 24] = [
    "first", "second", "third", "last", "next", "prev", "per", "single", "multi", "two", "one",
    "all", "test", "tests", "check", "checks", "is", "did", "must", "final", "forward", "backward",
    "boarding", "render",
];

/// What a name says that is none of those that always name secrets.
#[cold]
pub(super) fn tells(key: &str) -> Tells {
    if key.eq_ignore_ascii_case("pw") {
        return Tells::Password;
    }
    for (end, says) in ENDS {
        let Some(before) = before(key, end) else {
            continue;
        };
        let last = key.as_bytes().get(before.len()).copied();
        let begins = last.is_some_and(|byte| byte.is_ascii_uppercase())
            && before.ends_with(|c: char| c.is_ascii_lowercase());
        let bare = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_word = begins || bare.len() < before.len() || bare.is_empty();
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(bare));
        let is_alone = bare.is_empty() && matches!(end, "pat" | "sas");
        return match says {
            Tells::Password if is_word && ends_with_any(bare, &TURNS) => Tells::Nothing,
            Tells::Password if is_word || is(&WHOSE) => says,
            Tells::Sent if is_word && !is_alone => says,
            _ => Tells::Nothing,
        };
    }
    Tells::Nothing
}

fn before<'k>(key: &'k str, end: &str) -> Option<&'k str> {
    let (before, last) = key.split_at_checked(key.len().checked_sub(end.len())?)?;
    last.eq_ignore_ascii_case(end).then_some(before)
}

/// Whether the last word of a name is one of these.
fn ends_with_any(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        before(name, word).is_some_and(|left| {
            let first = name.as_bytes().get(left.len());
            !left.ends_with(|c: char| c.is_ascii_alphanumeric())
                || first.is_some_and(u8::is_ascii_uppercase)
        })
    })
}

/// Whether a text is what somebody chose as a password, and not how a test went.
pub(super) fn is_password(value: &str) -> bool {
    const RESULTS: [&str; 22] = [
        "yes", "no", "ok", "pass", "passed", "fail", "failed", "failure", "success", "true",
        "false", "all", "none", "null", "partial", "skip", "skipped", "pending", "error", "warn",
        "warning", "unknown",
    ];
    let is_number = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%' | b'/' | b'-' | b'+'));
    let is_count = is_number && value.len() < 6;
    value.len() > 2
        && !value.contains(char::is_whitespace)
        && !is_count
        && !RESULTS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether a text is sent to be let in, and not the name of a way to be.
pub(super) fn is_sent(value: &str) -> bool {
    /// Beginnings of the names of schemes that have digits.
    const SCHEMES: [&str; 9] = [
        "oauth", "http", "sha", "hmac", "aws", "ed25519", "md5", "tls", "v",
    ];
    let value = match value.split_once(' ') {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => rest,
        Some(_) => return false,
        None => value,
    };
    let plain = |byte: u8| byte.is_ascii_graphic();
    if value.len() < 8
        || !value.bytes().all(plain)
        || value.contains("://")
        || value.starts_with(['/', '$', '{', '<', '.'])
    {
        return false;
    }
    let parts = value.split(|c: char| !c.is_ascii_alphanumeric());
    parts.into_iter().any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let is_scheme = SCHEMES.iter().any(|scheme| {
            let head = part.as_bytes().get(..scheme.len());
            let rest = part.as_bytes().get(scheme.len()..).unwrap_or_default();
            head.is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
                && rest.iter().all(u8::is_ascii_digit)
        });
        part.len() >= 6 && digits > 0 && digits < part.len() && !is_scheme
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_told_from_results() {
        for key in [
            "pass",
            "PASS",
            "pw",
            "PW",
            "db_pass",
            "DB-PASS",
            "dbPass",
            "userpass",
            "smtp.pass",
        ] {
            assert_eq!(tells(key), Tells::Password, "{key}");
        }
        for key in [
            "bypass",
            "compass",
            "Bypass",
            "surpass",
            "first_pass",
            "tests_pass",
            "multiPass",
            "render-pass",
            "pww",
            "npw",
        ] {
            assert_eq!(tells(key), Tells::Nothing, "{key}");
        }
        for value in ["hunter2", "zetaPw6", "123456", "tr0ub4dor&3", "letmein"] {
            assert!(is_password(value), "{value}");
        }
        for value in [
            "yes",
            "OK",
            "12",
            "98.5%",
            "3/4",
            "failed",
            "",
            "all of them",
            "-1",
        ] {
            assert!(!is_password(value), "{value}");
        }
    }

    #[test]
    fn what_lets_in_is_told_from_the_way_in() {
        for key in [
            "auth",
            "Auth",
            "x-auth",
            "X_AUTH",
            "npmAuth",
            "github_pat",
            "AZURE_SAS",
        ] {
            assert_eq!(tells(key), Tells::Sent, "{key}");
        }
        for key in ["oauth", "pat", "sas", "spat", "format", "Kansas"] {
            assert_eq!(tells(key), Tells::Nothing, "{key}");
        }
        for value in [
            "Zk3mQ9xT2",
            "Bearer Zk3mQ9xT2",
            "dXNlcjpwYXNzMTIzNA0",
            "ab12cd-34567890",
        ] {
            assert!(is_sent(value), "{value}");
        }
        for value in [
            "basic",
            "oauth2",
            "oauth2-pkce",
            "api_key_v2",
            "AWS4-HMAC-SHA256",
            "https://a.b/c1d2e3f4",
            "none",
            "token based auth 2",
            "client_credentials",
            "/etc/auth/x1y2z3",
            "12345678",
        ] {
            assert!(!is_sent(value), "{value}");
        }
    }
}
