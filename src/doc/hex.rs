//! Bytes that are no text: named by how they begin, and shown as hexadecimal digits beside what of them
//! is ASCII. Any row is made from its own bytes alone, whatever the size.

use std::{borrow::Cow, fmt::Write as _, ops::Range, sync::Arc};

use memchr::memmem;

use super::{
    Tone,
    row::{RowText, Rows},
    source::Source,
};

/// Bytes that are looked at to tell text from what is none.
const LOOK: usize = 8 << 10;
/// Columns from which on a row holds 16 bytes: offset, digits, gaps and characters.
const WIDE: usize = 76;

/// Bytes as rows. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Hex {
    source: Source,
    /// Bytes in a row.
    across: usize,
    /// Digits of an offset.
    digits: usize,
    /// Bytes that are not shown, in order.
    hidden: Arc<[Range<usize>]>,
}

/// What stands for a byte that is not shown.
const HIDDEN: u8 = b'*';

impl Hex {
    /// Bytes for so many columns.
    pub fn new(source: Source, columns: usize) -> Self {
        let digits = if source.len() > 0xFFFF_FFFF { 12 } else { 8 };
        let mut hex = Self {
            source,
            across: 16,
            digits,
            hidden: Arc::default(),
        };
        hex.fit(columns);
        hex
    }

    /// The same with stars in place of some bytes, in order.
    #[must_use]
    pub fn without(mut self, hidden: Vec<Range<usize>>) -> Self {
        self.hidden = hidden.into();
        self
    }

    /// The parts that are not shown of which a row has some.
    pub(super) fn hidden_at(&self, row: usize) -> Vec<Range<usize>> {
        let (start, end) = (self.offset(row), self.offset(row + 1));
        let parts = self.hidden.iter();
        let here = parts.filter(|part| part.start < end && part.end > start);
        here.cloned().collect()
    }

    /// The rows with a part.
    pub(super) fn rows_of(&self, part: &Range<usize>) -> Range<usize> {
        self.row_at(part.start)..self.row_at(part.end.saturating_sub(1)) + 1
    }

    /// What was sent.
    pub(super) fn sent(&self, part: Range<usize>) -> Option<Vec<u8>> {
        self.source.get(part).map(Cow::into_owned)
    }

    /// The same with some of the hidden parts shown.
    #[must_use]
    pub(super) fn showing(mut self, parts: &[Range<usize>]) -> Self {
        let left = self.hidden.iter().filter(|part| !parts.contains(part));
        self.hidden = left.cloned().collect();
        self
    }

    fn hide(&self, start: usize, bytes: &mut [u8]) {
        let first = self.hidden.partition_point(|part| part.end <= start);
        let end = start + bytes.len();
        let parts = self.hidden.get(first..).unwrap_or_default().iter();
        for part in parts.take_while(|part| part.start < end) {
            let own = part.start.max(start) - start..part.end.min(end) - start;
            if let Some(bytes) = bytes.get_mut(own) {
                bytes.fill(HIDDEN);
            }
        }
    }

    /// The same bytes for another width.
    pub fn fit(&mut self, columns: usize) {
        self.across = match columns {
            WIDE.. => 16,
            44.. => 8,
            _ => 4,
        };
    }

    /// The row that holds a byte.
    pub fn row_at(&self, byte: usize) -> usize {
        byte / self.across
    }

    /// Where a row begins, in bytes.
    pub fn offset(&self, row: usize) -> usize {
        row.saturating_mul(self.across)
    }
}

impl Rows for Hex {
    fn len(&self) -> usize {
        self.source.len().div_ceil(self.across)
    }

    fn row(&self, at: usize) -> RowText {
        let start = self.offset(at);
        let digits = self.digits;
        let offset = (Tone::Label, format!("{start:0digits$x}  "));
        let Some(mut bytes) = self.source.get(start..start.saturating_add(self.across)) else {
            let missing = (Tone::Note, "not read yet".to_owned());
            return RowText {
                spans: vec![offset, missing],
                ..RowText::default()
            };
        };
        if !self.hidden.is_empty() {
            self.hide(start, bytes.to_mut());
        }
        let mut codes = String::new();
        for nth in 0..self.across {
            if nth > 0 && nth % 8 == 0 {
                codes.push(' ');
            }
            match bytes.get(nth) {
                Some(byte) => {
                    let _ = write!(codes, "{byte:02x} ");
                }
                None => codes.push_str("   "),
            }
        }
        codes.push(' ');
        let plain = |byte: &u8| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '·',
        };
        let shown = bytes.iter().map(plain).collect();
        RowText {
            spans: vec![offset, (Tone::Number, codes), (Tone::Text, shown)],
            ..RowText::default()
        }
    }
}

/// Whether bytes are no text: known by how they begin, or with so many NULs and bytes that are no UTF-8 in
/// what they begin with that little else can be read. A few of them are shown where they stand.
pub fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..LOOK).unwrap_or(bytes);
    let cut = head.len() < bytes.len();
    let chunks: Vec<usize> = head
        .utf8_chunks()
        .map(|chunk| chunk.invalid().len())
        .collect();
    let invalid: usize = chunks.iter().sum();
    // a character may be cut where the look ends
    let last = chunks.last().filter(|_| cut).copied().unwrap_or(0);
    let strange = invalid - last + memchr::memchr_iter(0, head).count();
    let is_known = strange > 0 && kind_of(bytes) != "binary";
    is_known || strange >= 4 && strange * 10 > head.len()
}

/// What binary bytes are, by how they begin; `binary` where nobody knows.
pub fn kind_of(bytes: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 27] = [
        (b"\x89PNG\r\n\x1A\n", "png image"),
        (b"\xFF\xD8\xFF", "jpeg image"),
        (b"GIF87a", "gif image"),
        (b"GIF89a", "gif image"),
        (b"BM", "bmp image"),
        (b"II*\0", "tiff image"),
        (b"MM\0*", "tiff image"),
        (b"\0\0\x01\0", "icon"),
        (b"%PDF-", "pdf document"),
        (b"PK\x03\x04", "zip archive"),
        (b"PK\x05\x06", "empty zip archive"),
        (b"\x1F\x8B", "gzip data"),
        (b"\x28\xB5\x2F\xFD", "zstd data"),
        (b"BZh", "bzip2 data"),
        (b"\xFD7zXZ\0", "xz data"),
        (b"7z\xBC\xAF\x27\x1C", "7z archive"),
        (b"\0asm", "wasm module"),
        (b"\x7FELF", "elf binary"),
        (b"\xCF\xFA\xED\xFE", "mach-o binary"),
        (b"SQLite format 3\0", "sqlite database"),
        (b"OggS", "ogg audio"),
        (b"fLaC", "flac audio"),
        (b"ID3", "mp3 audio"),
        (b"PAR1", "parquet data"),
        (b"\xFF\xFE", "utf-16 text"),
        (b"\xFE\xFF", "utf-16 text"),
        (b"\x93NUMPY", "numpy array"),
    ];
    let inner = bytes.get(8..12);
    match bytes.get(..4) {
        Some(b"RIFF") if inner == Some(b"WEBP") => return "webp image",
        Some(b"RIFF") if inner == Some(b"WAVE") => return "wav audio",
        _ if bytes.get(4..8) == Some(b"ftyp") => {
            let is_image = matches!(inner, Some(b"avif" | b"heic" | b"mif1"));
            return if is_image { "heif image" } else { "mp4 video" };
        }
        _ => {}
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return "tar archive";
    }
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    known.map_or_else(|| by_nuls(bytes), |(_, kind)| kind)
}

/// ASCII in two bytes a character has a NUL in every other place.
fn by_nuls(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..64).unwrap_or(bytes);
    let nuls = |odd: usize| {
        head.iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let half = head.len() / 2;
    let (even, odd) = (nuls(0), nuls(1));
    if half >= 4 && even.max(odd) * 10 >= half * 9 && even.min(odd) == 0 {
        "utf-16 text"
    } else if memmem::find(head, b"\0\0").is_none() && even + odd == 1 {
        "text with a NUL"
    } else {
        "binary"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{doc::flow, text::width};
    use bytes::Bytes;

    fn hex(sent: &[u8], columns: usize) -> Hex {
        Hex::new(Bytes::copy_from_slice(sent).into(), columns)
    }

    #[test]
    fn bytes_stand_beside_their_characters() {
        let sent: Vec<u8> = (0x1A..0x1A + 18).collect();
        let rows = hex(&sent, 80);
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows.row(0).text(),
            "00000000  1a 1b 1c 1d 1e 1f 20 21  22 23 24 25 26 27 28 29  ······ !\"#$%&'()"
        );
        assert_eq!(
            rows.row(1).text().trim_end(),
            format!("00000010  2a 2b{}*+", " ".repeat(45))
        );
        assert_eq!(
            hex(&sent, 50).row(2).text(),
            format!("00000010  2a 2b {} *+", "   ".repeat(6))
        );
        assert_eq!(hex(b"", 80).len(), 0);
    }

    #[test]
    fn what_is_hidden_is_stars_in_its_place() {
        let sent: Vec<u8> = (b'a'..=b'z').cycle().take(40).collect();
        let rows = hex(&sent, 80).without(vec![2..4, 14..18, 39..40]);
        let chars = |row: usize| rows.row(row).spans.last().unwrap().1.clone();
        assert_eq!(
            [chars(0), chars(1), chars(2)],
            ["ab**efghijklmn**", "**stuvwxyzabcdef", "ghijklm*"]
        );
        assert!(!rows.row(0).text().contains("63 64"));
    }

    #[test]
    fn rows_fit_where_they_say() {
        let sent = vec![0xAB; 100];
        for columns in [31, 44, 75, 76, 200] {
            let row = hex(&sent, columns).row(0);
            assert!(width::width(&row.text()) <= columns, "{columns}");
            assert_eq!(flow::height(&row, columns, flow::How::Wrap), 1);
        }
    }

    #[test]
    fn kinds_are_told_by_how_they_begin() {
        for (bytes, kind) in [
            (b"\x89PNG\r\n\x1A\n\0\0".as_slice(), "png image"),
            (b"RIFF\x01\0\0\0WEBPVP8", "webp image"),
            (b"\0\0\0\x18ftypmp42", "mp4 video"),
            (b"h\0e\0l\0l\0o\0", "utf-16 text"),
            (b"\0\x01\x02\0\0\x05", "binary"),
            (b"", "binary"),
        ] {
            assert_eq!(kind_of(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn text_is_not_binary() {
        for text in ["", "plain", "日本語\n", "\u{1B}[31mred"] {
            assert!(!is_binary(text.as_bytes()), "{text:?}");
        }
        let long = "é".repeat(LOOK);
        assert!(!is_binary(long.as_bytes()) && !is_binary(&long.as_bytes()[1..]));
        assert!(!is_binary(
            b"a few \xFF wrong bytes in a long text of many words"
        ));
        assert!(is_binary(b"a\0b") && is_binary(b"\xFF\xD8\xFF\xE0\x80\x81"));
    }
}
