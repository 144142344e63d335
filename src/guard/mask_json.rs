//! A whole JSON text masked, and what masking has to know about text that may be broken or cut: where
//! strings, atoms and containers end by quotes and brackets alone, and which values say nothing. None of
//! it decides what is a secret.

use memchr::memmem;

use super::edits::applied;
use super::mask_walk::MaskJson;
use super::redact::{Masking, Sort};
use crate::text::{json::string_end, keys};

/// The text with its secrets replaced, none where there was nothing to replace; and whether there is
/// something in it besides strings, numbers, brackets and what is between them, so that it is no JSON.
pub(super) fn masked(masking: &mut Masking, text: &[u8], sort: Sort) -> (Option<Vec<u8>>, bool) {
    let mut edits = Vec::new();
    let mut walk = MaskJson::new(sort);
    walk.run(masking, text, true, &mut edits);
    let masked = (!edits.is_empty()).then(|| applied(text, 0, &edits).into_owned());
    (masked, walk.is_odd)
}

/// Whether an atom is one of JSON, as far as its letters tell.
pub(super) fn is_json_atom(atom: &[u8]) -> bool {
    matches!(atom, b"null" | b"true" | b"false")
        || atom
            .iter()
            .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
}

/// Whether members of lists are called by the value of this key.
pub(super) fn is_name(key: &str) -> bool {
    ["name", "key", "header"]
        .iter()
        .any(|word| key.eq_ignore_ascii_case(word))
}

/// Whether a key without escapes, quotes included, may be one of those that say something of a value:
/// their last three letters are known, and most keys end otherwise.
pub(super) fn may_tell(literal: &[u8]) -> bool {
    let [b'"', .., a, b, c, b'"'] = literal else {
        return literal.eq_ignore_ascii_case(b"\"pw\"");
    };
    let last = [*a, *b, *c];
    if last.iter().all(u8::is_ascii_alphabetic) {
        let small = last.map(|letter| letter | 0x20);
        return keys::is_last(small) || matches!(&small, b"ame" | b"lue" | b"ams" | b"der");
    }
    let inside = literal.get(1..literal.len() - 1);
    keys::may_be_secret(inside.unwrap_or_default())
}

/// What is neither space nor punctuation nor a string.
pub(super) fn is_atom(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':'
    )
}

/// One past an atom; none where it may go on behind the text.
pub(super) fn atom_end(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    Some(start + rest.iter().position(|b| !is_atom(*b))?)
}

/// One past the bracket that closes the one at `start`; none where it is not in the text.
pub(super) fn container_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether a value says where a secret comes from, or what it has to be, and is none.
pub(super) fn stands_for(key: &str, value: &str) -> bool {
    const WORDS: [&str; 16] = [
        "string",
        "str",
        "text",
        "number",
        "integer",
        "boolean",
        "object",
        "array",
        "required",
        "optional",
        "none",
        "null",
        "nil",
        "undefined",
        "true",
        "false",
    ];
    let is = |words: &[&str], text: &str| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let value = value.trim();
    let within = |open: &str, close: &str| {
        let inside = value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(close))
    };
    let is_variable = |name: &str| {
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        name.len() > 2 && name.bytes().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let is_told = |inside: &str| {
        inside
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b" _-".contains(&b))
    };
    is(&WORDS, value)
        || within("${", "}")
        || within("{{", "}}")
        || within("<", ">") && is_told(value.trim_matches(['<', '>']))
        || value.strip_prefix('$').is_some_and(is_variable)
        || value.starts_with("arn:aws:secretsmanager:")
        // the ways in which `fetch` sends them
        || key.eq_ignore_ascii_case("credentials") && is(&["include", "omit", "same-origin"], value)
        // the working directory
        || is(&["pwd", "oldpwd"], key) && is_path(value)
}

fn is_path(value: &str) -> bool {
    let drive = value.as_bytes().first_chunk::<3>();
    value.starts_with('/')
        || value == "~"
        || value.starts_with("~/")
        || value.starts_with("./")
        || drive.is_some_and(|[letter, colon, slash]| {
            letter.is_ascii_alphabetic() && *colon == b':' && matches!(slash, b'\\' | b'/')
        })
}

/// Whether an object says of what sort a value has to be, as the schemas of tools do.
pub(super) fn is_schema(object: &[u8]) -> bool {
    const SORTS: [&[u8]; 8] = [
        b"string", b"number", b"integer", b"boolean", b"object", b"array", b"null", b"[",
    ];
    memmem::find_iter(object, b"\"type\"").any(|at| {
        let rest = object.get(at + 6..).unwrap_or_default().trim_ascii_start();
        let value = rest
            .strip_prefix(b":")
            .unwrap_or_default()
            .trim_ascii_start();
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        SORTS.iter().any(|sort| value.starts_with(sort))
    }) || memmem::find(object, b"\"$ref\"").is_some()
}

/// Whether there is nothing to hide: empty, or masked before it was sent.
pub(super) fn says_nothing(value: &str) -> bool {
    let value = value.trim();
    let is_mask = |c: char| matches!(c, '*' | '•' | '…');
    let masks = value.chars().filter(|c| is_mask(*c)).count();
    let others = value.chars().count() - masks;
    let bare = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    value.is_empty()
        || (masks >= 3 && others <= 4)
        || is_placeholder(value)
        || ["redacted", "masked", "hidden"]
            .iter()
            .any(|word| bare.eq_ignore_ascii_case(word))
}

/// Whether it is one of our own placeholders.
fn is_placeholder(value: &str) -> bool {
    value
        .strip_prefix('‹')
        .and_then(|inner| inner.strip_suffix('›'))
        .and_then(|inner| inner.rsplit_once('#'))
        .is_some_and(|(name, number)| {
            !name.contains('‹') && number.bytes().all(|b| b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_tell_something_may_tell_something() {
        for key in [
            "name", "Key", "HEADER", "value", "params", "api_key", "x-token ", "pw", "token2",
            "auth",
        ] {
            assert!(may_tell(format!("\"{key}\"").as_bytes()), "{key}");
        }
        for key in ["", "a", "path", "body", "n", "tags"] {
            assert!(!may_tell(format!("\"{key}\"").as_bytes()), "{key}");
        }
        assert!(!may_tell(b"\""));
    }
}
