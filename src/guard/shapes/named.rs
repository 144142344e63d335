//! Values in text that are secrets because of what stands before them: `export DB_PASSWORD=…`,
//! `Authorization: Bearer …`, `Cookie: …`, `curl -u user:…`, `postgres://user:…@host`, `password is …`,
//! and private keys in PEM. Code that only speaks of a secret, and a stand-in for one, are none.

use std::borrow::Cow;

use super::{
    Hit, command, lots,
    pem::key_block,
    value::{
        Value, byte, count, is_blank, is_quote, is_sent, is_set_to, is_value, stands_in, value,
    },
};
use crate::{
    guard::mask_json::{is_name, says_nothing},
    text::keys::{self, Tells},
};

/// Bytes of a name at most.
const LONGEST_NAME: usize = 64;

/// Blanks between a name and its sign at most, where names stand in a column.
pub(super) const WIDEST_COLUMN: usize = 24;

/// The secret that a sign tells of.
pub(super) fn behind(text: &[u8], at: usize) -> Option<Hit<'_>> {
    match text.get(at)? {
        b':' if text.get(at + 1..)?.starts_with(b"//") => address(text, at),
        b'=' | b':' => assigned(text, at),
        b'd' | b'D' => told(text, at),
        b'u' => user(text, at),
        b'-' => key_block(text, at),
        b'b' | b'B' | b'<' | b'p' | b'\'' => command::behind(text, at),
        _ => None,
    }
}

/// The name that ends before `at`, and whether it is in quotes.
fn name_before(text: &[u8], at: usize) -> Option<(&str, bool)> {
    let before = text.get(at.saturating_sub(LONGEST_NAME + WIDEST_COLUMN)..at)?;
    let blanks = before
        .iter()
        .rev()
        .take_while(|byte| is_blank(**byte))
        .count();
    let solid = before.get(..before.len() - blanks.min(WIDEST_COLUMN))?;
    // an optional member, or `:=`
    let bare = solid
        .strip_suffix(b"?")
        .or_else(|| solid.strip_suffix(b":"));
    let bare = bare.unwrap_or(solid);
    // `**Password**: …`
    let bare = bare.strip_suffix(b"**").unwrap_or(bare);
    let unquoted = bare
        .strip_suffix(b"\"")
        .or_else(|| bare.strip_suffix(b"'"))
        .or_else(|| bare.strip_suffix(b"`"));
    let is_quoted = unquoted.is_some();
    let bare = unquoted.unwrap_or(bare);
    let solid_end = bare
        .iter()
        .rposition(|byte| *byte != b'\\')
        .map_or(0, |last| last + 1);
    let bare = bare.get(..solid_end)?;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let len = bare.iter().rev().take_while(is_name).count();
    let name = bare.get(bare.len() - len..)?;
    if name.len() < 3 || name.len() > LONGEST_NAME {
        return None;
    }
    Some((std::str::from_utf8(name).ok()?, is_quoted))
}

/// Whether a colon is one of `::`.
pub(super) fn is_path(text: &[u8], at: usize) -> bool {
    let is = |at: Option<usize>| at.and_then(|at| byte(text, at)) == Some(b':');
    is(Some(at)) && (is(Some(at + 1)) || is(at.checked_sub(1)))
}

/// Whether the name before a sign is that of a secret, or the sign is in an address; in JSON in a string
/// also whether what stands behind it is. Knows escapes.
pub(super) fn is_named(text: &[u8], at: usize) -> bool {
    if text.get(at + 1..at + 3) == Some(b"//") {
        return true;
    }
    let Some((name, _)) = name_before(text, at) else {
        return false;
    };
    // the letter of an escape may stand before it
    let bare = name.get(1..).unwrap_or_default();
    is_secret(name)
        || is_secret(bare)
        || is_query(text, at, name)
        || is_name(name) && (names_secret(text, at + 1) || !word_before(text, at, name).is_empty())
}

/// The word before a name, with blanks between; empty where something else is between.
fn word_before<'t>(text: &'t [u8], at: usize, name: &str) -> &'t str {
    let solid = text.get(..at).unwrap_or_default().trim_ascii_end();
    let before = solid.strip_suffix(name.as_bytes()).unwrap_or_default();
    let near = before.get(before.len().saturating_sub(LONGEST_NAME)..);
    let near = near.unwrap_or_default();
    let word = near.trim_ascii_end();
    let len = word
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let word = word
        .get(word.len() - len..)
        .filter(|word| near.len() > word.len() && near.ends_with(b" "));
    word.and_then(|word| std::str::from_utf8(word).ok())
        .unwrap_or_default()
}

/// Whether a name is that of a parameter of an address that lets somebody in.
fn is_query(text: &[u8], at: usize, name: &str) -> bool {
    const NAMES: [&str; 7] = [
        "key",
        "sig",
        "signature",
        "code",
        "auth",
        "x-amz-signature",
        "x-goog-signature",
    ];
    let before = at.checked_sub(name.len() + 1).and_then(|at| byte(text, at));
    byte(text, at) == Some(b'=')
        && matches!(before, Some(b'?' | b'&'))
        && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The value of such a parameter, if it looks drawn.
fn in_query<'t>(text: &'t [u8], at: usize, name: &'t str) -> Option<Hit<'t>> {
    let value = value(text, at + 1).filter(|value| value.start == at + 1 && !value.is_quoted)?;
    let says = text.get(value.start..value.end)?;
    lots::is_key(says).then_some(Hit {
        start: value.start,
        end: value.end,
        name: Cow::Borrowed(name),
        rule: "named",
    })
}

/// Whether the string that begins here, in JSON in a string, is the name of a secret.
fn names_secret(text: &[u8], from: usize) -> bool {
    let start = from + count(text, from, |b| is_blank(b) || matches!(b, b'\\' | b'"'));
    let len = count(text, start, |b| !matches!(b, b'\\' | b'"')).min(LONGEST_NAME);
    let name = text.get(start..start + len).unwrap_or_default();
    std::str::from_utf8(name).is_ok_and(|name| keys::tells(name) != Tells::Nothing)
}

/// Whether a name in text is that of a secret: as in JSON, and besides as parameters are named. What
/// `auth` alone names is told by what it stands for, and said of many things.
fn is_secret(name: &str) -> bool {
    let name = name.trim_start_matches('-');
    match keys::tells(name) {
        Tells::Nothing => name.eq_ignore_ascii_case("sig"),
        Tells::Sent => !name.eq_ignore_ascii_case("auth"),
        Tells::Secret | Tells::Text | Tells::Password => true,
    }
}

/// `name = value` and `name: value`.
fn assigned(text: &[u8], at: usize) -> Option<Hit<'_>> {
    // `==`, `=~`, `=>` and `!=` compare or map
    let next = byte(text, at + 1);
    if is_path(text, at)
        || matches!(next, Some(b'=' | b'~'))
        || matches!(byte(text, at.checked_sub(1)?)?, b'=' | b'!' | b'<' | b'>')
    {
        return None;
    }
    let (name, name_is_quoted) = name_before(text, at)?;
    if is_query(text, at, name) {
        return in_query(text, at, name);
    }
    let before = if name_is_quoted {
        ""
    } else {
        word_before(text, at, name)
    };
    let is_place = name.eq_ignore_ascii_case("token") && keys::is_harmless_token(before);
    let of_two = || name.eq_ignore_ascii_case("key") && keys::is_secret(&[before, name].concat());
    if is_place || !is_secret(name) && !of_two() {
        return None;
    }
    let from = at + 1 + usize::from(next == Some(b'>') || (next == Some(b'=')));
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("cookie") {
        return cookies(text, from, name);
    }
    let value = value(text, from)?;
    let whole = value.start;
    let value = if lower.ends_with("authorization") {
        without_scheme(text, value)?
    } else {
        value
    };
    let has_scheme = value.start > whole;
    let says = text.get(value.start..value.end)?;
    // a member of JSON in the middle of a text: what stands there is what the key says, words too
    let is_member = name_is_quoted && value.is_quoted;
    let is_tight = byte(text, at) == Some(b'=') && value.start == at + 1;
    let is_meant = if is_member {
        let tells = keys::tells(name);
        std::str::from_utf8(says).is_ok_and(|says| {
            (tells == Tells::Nothing || tells.hides(says))
                && !says_nothing(says)
                && !stands_in(says)
        })
    } else {
        let is_set = byte(text, at) == Some(b'=') && value.start == at + 2;
        is_value(says, &lower, value.is_quoted, is_tight)
            || is_set && value.is_quoted && is_set_to(says, name)
            || has_scheme && is_sent(says)
    };
    is_meant.then(|| Hit {
        start: value.start,
        end: value.end,
        name: Cow::Borrowed(name.trim_start_matches('-')),
        rule: "named",
    })
}

/// What stands behind `Bearer` or another scheme.
fn without_scheme(text: &[u8], whole: Value) -> Option<Value> {
    let says = text.get(whole.start..whole.end)?;
    let word = says
        .iter()
        .position(|byte| is_blank(*byte))
        .unwrap_or(says.len());
    let scheme = says.get(..word)?;
    let known: [&[u8]; 7] = [
        b"bearer",
        b"basic",
        b"token",
        b"apikey",
        b"digest",
        b"key",
        b"negotiate",
    ];
    if !known.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Some(whole);
    }
    let end = whole.end;
    if word < says.len() {
        let start = whole.start + word + count(text, whole.start + word, is_blank);
        return Some(Value {
            start,
            end,
            ..whole
        });
    }
    value(text, end).map(|value| Value {
        is_quoted: whole.is_quoted || value.is_quoted,
        ..value
    })
}

/// Longer headers are sent by nobody.
const LONGEST_COOKIES: usize = 8 << 10;

/// All of a header of cookies; of one that is set, its value alone.
fn cookies<'t>(text: &'t [u8], from: usize, name: &'t str) -> Option<Hit<'t>> {
    let start = from + count(text, from, is_blank);
    let quote = byte(text, start).filter(|byte| is_quote(*byte));
    let start = start + usize::from(quote.is_some());
    let is_set = name.to_ascii_lowercase().ends_with("set-cookie");
    let within = text.get(..text.len().min(start + LONGEST_COOKIES))?;
    let len = count(within, start, |byte| {
        !(matches!(byte, b'\r' | b'\n' | b'"' | b'\'' | b'`') || is_set && byte == b';')
    });
    let says = text.get(start..start + len)?.trim_ascii_end();
    let sets = says.iter().position(|byte| *byte == b'=')?;
    let value = says.get(sets + 1..)?;
    let start = start + if is_set { sets + 1 } else { 0 };
    let told = if is_set { value } else { says };
    let is_sent = told.split(|byte| *byte == b';').any(|part| {
        let at = memchr::memchr(b'=', part).filter(|_| !is_set);
        is_session(part.get(at.map_or(0, |at| at + 1)..).unwrap_or_default())
    });
    (is_sent && value.len() >= 6 && std::str::from_utf8(value).is_ok_and(|value| !stands_in(value)))
        .then(|| Hit {
            start,
            end: start + if is_set { value.len() } else { says.len() },
            name: Cow::Borrowed(name),
            rule: "named",
        })
}

/// Whether the value of a cookie may be one of somebody, and not a choice that they made.
fn is_session(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    value.len() >= 16 || value.len() >= 6 && digits > 0 && letters > 0 || digits >= 8
}

/// `password is hunter2`, `--password hunter2`.
fn told(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let (name, _) = name_before(text, at + 1)?;
    let is_option = name.starts_with("--");
    if !keys::is_secret(name) {
        return None;
    }
    let mut from = at + 2;
    if !is_option {
        let rest = text.get(from..)?;
        let verb = [&b"is "[..], b"was ", b"to ", b"is: "]
            .into_iter()
            .find(|verb| rest.starts_with(verb))?;
        from += verb.len();
    }
    let value = value(text, from)?;
    let says = text.get(value.start..value.end)?;
    let digits = says.iter().any(u8::is_ascii_digit);
    let is = digits && is_value(says, &name.to_ascii_lowercase(), value.is_quoted, true);
    is.then(|| Hit {
        start: value.start,
        end: value.end,
        name: Cow::Borrowed(name.trim_start_matches('-')),
        rule: "named",
    })
}

/// `-u user:password` of curl.
fn user(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let line = text.get(at.saturating_sub(400)..at)?;
    memchr::memmem::find(line, b"curl")?;
    let value = value(text, at + 1)?;
    let says = text.get(value.start..value.end)?;
    let colon = says.iter().position(|byte| *byte == b':')?;
    let password = std::str::from_utf8(says.get(colon + 1..)?).ok()?;
    (password.len() > 2 && !stands_in(password) && !says_nothing(password)).then_some(Hit {
        start: value.start + colon + 1,
        end: value.end,
        name: Cow::Borrowed("password"),
        rule: "password",
    })
}

/// The password in an address, `at` being the colon behind its scheme.
fn address(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let start = at + 3;
    let part = text.get(start..text.len().min(start + 512))?;
    let ends =
        |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\');
    let len = part.iter().position(ends).unwrap_or(part.len());
    let part = part.get(..len)?;
    let slash = part.iter().position(|b| matches!(b, b'/' | b'?'));
    let host = part.get(..slash.unwrap_or(len))?;
    // a password may have a slash in it, but then an at-sign behind that is followed by a host
    let sign = memchr::memrchr(b'@', host).or_else(|| {
        let sign = memchr::memchr(b'@', part)?;
        let user = part.get(..sign)?;
        user.contains(&b':').then_some(sign)
    })?;
    let colon = memchr::memchr(b':', part.get(..sign)?)?;
    let password = std::str::from_utf8(part.get(colon + 1..sign)?).ok()?;
    let is_port = |b: &u8| b.is_ascii_digit();
    let is_path = part.get(..colon)?.contains(&b'/')
        || password
            .split_once('/')
            .is_some_and(|(port, _)| port.as_bytes().iter().all(is_port));
    (!password.is_empty() && !is_path && !stands_in(password) && !says_nothing(password)).then_some(
        Hit {
            start: start + colon + 1,
            end: start + sign,
            name: Cow::Borrowed("password"),
            rule: "password",
        },
    )
}
