//! Names what a string holds that is not there to be read: base64 by the first bytes of what it encodes,
//! data URLs by what they say. Strict: an id in hex, words or a long token are none.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::text::size;

/// Shorter strings are shown as they are, unless they are data URLs.
const SHORTEST: usize = 256;

/// First bytes, and what they begin.
const MAGIC: [(&[u8], &str); 11] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1F\x8B\x08", "gzip"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x00asm", "wasm"),
    (b"SQLite format", "sqlite"),
];

/// What to say of a string literal of `extent` bytes in place of showing it; `head` is its beginning.
pub(super) fn name(head: &[u8], extent: usize) -> Option<String> {
    let len = extent.checked_sub(2)?;
    let inside = head.get(1..)?;
    let inside = inside
        .strip_suffix(b"\"")
        .filter(|_| head.len() == extent)
        .unwrap_or(inside);
    if let Some(url) = inside.strip_prefix(b"data:") {
        return data_url(url, len);
    }
    if len < SHORTEST {
        return None;
    }
    let kind = encoded(inside, len, head.len() == extent)?;
    Some(format!("{kind} {} base64", size::of(len / 4 * 3)))
}

fn data_url(url: &[u8], len: usize) -> Option<String> {
    let comma = url.iter().take(128).position(|b| *b == b',')?;
    let says = std::str::from_utf8(url.get(..comma)?).ok()?;
    let (says, is_base64) = match says.strip_suffix(";base64") {
        Some(says) => (says, true),
        None => (says, false),
    };
    let kind = says.split(';').next().filter(|kind| !kind.is_empty());
    let kind = match kind {
        Some(kind) => kind,
        // `data:,` alone is one too, but also what a sentence may begin with.
        None if is_base64 => "text/plain",
        None => return None,
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/.+-".contains(&b);
    if !kind.contains('/') || !kind.bytes().all(plain) {
        return None;
    }
    let len = len.saturating_sub(comma + "data:,".len());
    Some(if is_base64 {
        format!("{kind} {} base64", size::of(len / 4 * 3))
    } else {
        format!("{kind} {} data URL", size::of(len))
    })
}

/// What a text encodes, if it is base64 beyond doubt.
fn encoded(text: &[u8], len: usize, is_whole: bool) -> Option<&'static str> {
    let body = if is_whole {
        text.trim_suffix_of(b'=')
    } else {
        text
    };
    let mut seen = [false; 128];
    for byte in body {
        let known = byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
        *seen.get_mut(usize::from(*byte)).filter(|_| known)? = true;
    }
    let has = |byte: u8| seen.get(usize::from(byte)).copied().unwrap_or(false);
    let is_url = has(b'-') || has(b'_');
    if is_url && (has(b'+') || has(b'/')) {
        return None;
    }
    let head = body.get(..32)?;
    let bytes = if is_url {
        URL_SAFE_NO_PAD.decode(head).ok()?
    } else {
        STANDARD_NO_PAD.decode(head).ok()?
    };
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let magic = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    if let Some(kind) = magic
        .map(|(_, kind)| *kind)
        .or(is_webp.then_some("image/webp"))
    {
        return Some(kind);
    }
    // Without a known beginning it has to look like base64 and like nothing else.
    let variety = seen.iter().filter(|seen| **seen).count();
    let both = (has(b'+') && has(b'/')) || text.ends_with(b"=");
    (variety >= 48 && both && !is_url && len.is_multiple_of(4)).then_some("binary")
}

trait TrimSuffix {
    fn trim_suffix_of(&self, byte: u8) -> &[u8];
}

impl TrimSuffix for [u8] {
    /// Without at most two of that byte at the end.
    fn trim_suffix_of(&self, byte: u8) -> &[u8] {
        let one = self.strip_suffix(&[byte]).unwrap_or(self);
        one.strip_suffix(&[byte]).unwrap_or(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    fn named(text: &str) -> Option<String> {
        let literal = format!("\"{text}\"");
        let head = &literal.as_bytes()[..literal.len().min(1024)];
        name(head, literal.len())
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..len).map(next).collect()
    }

    #[test]
    fn what_is_encoded_is_named() {
        for (magic, kind) in MAGIC {
            let bytes = [magic, &noise(3000)].concat();
            let expected = Some(format!("{kind} 3.0 KB base64"));
            assert_eq!(named(&STANDARD.encode(&bytes)), expected);
            assert_eq!(named(&URL_SAFE.encode(&bytes)), expected);
        }
        assert_eq!(
            named(&STANDARD.encode(noise(300))).as_deref(),
            Some("binary 300 B base64")
        );
        let url = format!("data:image/png;base64,{}", STANDARD.encode(noise(3000)));
        assert_eq!(named(&url).as_deref(), Some("image/png 3.0 KB base64"));
        let text = format!("data:text/html,{}", "x".repeat(400));
        assert_eq!(named(&text).as_deref(), Some("text/html 400 B data URL"));
        assert_eq!(
            named("data:text/plain;base64,aGVsbG8h").as_deref(),
            Some("text/plain 6 B base64")
        );
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        let hex = "0123456789abcdef".repeat(40);
        let path = "srcComponents/Button2/index/".repeat(20);
        let token: String = STANDARD.encode(noise(600)).replace(['+', '/', '='], "x");
        for text in [
            hex.clone(),
            hex.to_uppercase(),
            "word".repeat(200),
            "some words and more ".repeat(20),
            path,
            token,
            "A".repeat(1000),
            STANDARD.encode(noise(30)),
            "data: one, two".to_owned(),
            "data:one, two".to_owned(),
            "data:,".to_owned(),
            format!("{0}.{0}", URL_SAFE.encode(noise(300))),
        ] {
            assert_eq!(named(&text), None, "{text}");
        }
    }
}
