//! The spellings in which one credential turns up: as it is, percent-encoded, escaped for HTML and for
//! JSON in JSON, in hexadecimal and in base64. Most credentials are letters and digits, and of those
//! nearly all spellings are the same one.

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};
use std::fmt::Write as _;

use super::Needle;
use crate::text::percent::encoded_keeping;

/// What is left as it is by those who percent-encode: RFC 3986, `quote` of Python, the same with addresses
/// in mind, and what JavaScript does for parts of addresses and for whole ones.
const KEPT: [&str; 5] = ["", "/", "/:", "!*'()", ";,/?:@&=+$!*'()#"];

/// How characters are written in HTML: by Python, by Go, by templates that are careful, by others that
/// are more so, and by those that write out only what begins a tag.
const HTML: [&[(char, &str)]; 5] = [
    &[
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#x27;"),
    ],
    &[
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&#34;"),
        ('\'', "&#39;"),
        ('+', "&#43;"),
    ],
    &[
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#x27;"),
        ('`', "&#x60;"),
        ('=', "&#x3D;"),
    ],
    &[
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#39;"),
        ('`', "&#x60;"),
        ('=', "&#x3D;"),
        ('/', "&#x2F;"),
    ],
    &[
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
        ('\'', "&#39;"),
    ],
];

/// What is written by its number in JSON, what is no ASCII or not: by Python, for HTML by Go and by Java,
/// and by .NET.
const NUMBERED: [&str; 4] = ["", "<>&", "<>&='", "<>&'\"+`"];

/// JSON in a string of JSON, so deep, has its escapes escaped.
const DEEPEST: usize = 2;

pub(super) fn forms(secret: &str, index: usize) -> Vec<Needle> {
    let mut spelled = vec![secret.to_owned()];
    for kept in KEPT {
        let encoded = encoded_keeping(secret, kept);
        spelled.push(small_digits(&encoded));
        // forms have a `+` for a blank
        spelled.push(encoded.replace("%20", "+"));
        spelled.push(encoded);
    }
    spelled.extend(HTML.iter().map(|known| in_html(secret, known)));
    for literal in literals(secret) {
        let mut nested = literal;
        for _ in 0..DEEPEST {
            let next = nested.replace('\\', "\\\\").replace('"', "\\\"");
            spelled.push(std::mem::replace(&mut nested, next));
        }
        spelled.push(nested);
    }
    let hex = |digits: fn(&mut String, u8)| {
        secret.bytes().fold(String::new(), |mut out, byte| {
            digits(&mut out, byte);
            out
        })
    };
    spelled.push(hex(|out, byte| {
        let _ = write!(out, "{byte:02x}");
    }));
    spelled.push(hex(|out, byte| {
        let _ = write!(out, "{byte:02X}");
    }));
    let mut forms: Vec<Needle> = spelled
        .into_iter()
        .map(|spelled| Needle {
            bytes: spelled.into_bytes(),
            secret: index,
            spills: (false, false),
        })
        .collect();
    for alphabet in [STANDARD, URL_SAFE] {
        for offset in 0..3 {
            forms.extend(base64_core(secret, offset, &alphabet, index));
        }
    }
    forms
}

fn in_html(secret: &str, known: &[(char, &str)]) -> String {
    let mut out = String::with_capacity(secret.len());
    for c in secret.chars() {
        match known.iter().find(|(plain, _)| *plain == c) {
            Some((_, spelled)) => out.push_str(spelled),
            None => out.push(c),
        }
    }
    out
}

/// What stands between the quotes of JSON: as it is written by most, with `\/`, and with numbers for some
/// characters, in small digits and in capitals.
fn literals(secret: &str) -> Vec<String> {
    let plain = literal(secret, |_| false, false);
    let mut literals = vec![plain.replace('/', "\\/"), plain];
    for capitals in [false, true] {
        for numbered in NUMBERED {
            let is = |c: char| numbered.contains(c);
            literals.push(literal(secret, is, capitals));
            literals.push(literal(secret, |c| !c.is_ascii() || is(c), capitals));
        }
        literals.push(literal(secret, |c| c == '/', capitals));
        literals.push(literal(secret, |c| !c.is_ascii_alphanumeric(), capitals));
    }
    literals
}

fn literal(secret: &str, by_number: impl Fn(char) -> bool, capitals: bool) -> String {
    let mut out = String::with_capacity(secret.len());
    for c in secret.chars() {
        if by_number(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = if capitals {
                    write!(out, "\\u{unit:04X}")
                } else {
                    write!(out, "\\u{unit:04x}")
                };
            }
            continue;
        }
        let quoted = serde_json::to_string(&c).unwrap_or_default();
        let inside = quoted
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        match inside {
            Some(inside) => out.push_str(inside),
            None => out.push(c),
        }
    }
    out
}

/// The same with `%3a` for `%3A`, as some spell it.
fn small_digits(encoded: &str) -> String {
    let mut digits = 0;
    encoded
        .chars()
        .map(|c| {
            let digit = digits > 0;
            digits = if c == '%' {
                2
            } else {
                digits - usize::from(digit)
            };
            if digit { c.to_ascii_lowercase() } else { c }
        })
        .collect()
}

/// The base64 digits that are the secret's alone when `offset` bytes stand before it.
fn base64_core(secret: &str, offset: usize, alphabet: &Alphabet, index: usize) -> Option<Needle> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(secret.as_bytes());
    let digits = GeneralPurpose::new(alphabet, NO_PAD).encode(&padded);
    let first = (offset * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    let core = digits.as_bytes().get(first..last)?;
    Some(Needle {
        bytes: core.to_vec(),
        secret: index,
        spills: (
            !(offset * 8).is_multiple_of(6),
            !(padded.len() * 8).is_multiple_of(6),
        ),
    })
}
