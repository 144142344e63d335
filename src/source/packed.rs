//! What is packed with gzip or zstd, unpacked. Whole members and frames are checked by their sums; what
//! breaks off gives all that could be had before; what was changed may give more, which is left out where it
//! shows. Refuses to unpack more than a limit: a small file can hold more than any memory.

use std::{
    fmt::Write as _,
    io::{self, Read},
};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{feed::Feed, ladder};

/// Bytes that are unpacked together.
const PIECE: usize = 256 << 10;

/// Why nothing is given.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It would be larger than the limit.
    TooLarge,
    /// There is not enough memory.
    NoRoom,
}

/// The unpacked bytes, and where they broke off; as they are where they are not packed.
pub(super) fn unpacked(bytes: Bytes, limit: usize) -> Result<(Bytes, Option<String>), Refused> {
    if !is_packed(&bytes) {
        return Ok((bytes, None));
    }
    let mut out = Vec::new();
    let broken = unpack(&mut Feed::new(&*bytes), |some| push(&mut out, some, limit))?;
    let note = broken.map(|broken| {
        let lost = sound(&mut out, broken.is_cut);
        broken.note(lost)
    });
    Ok((out.into(), note))
}

/// Whether bytes begin as what is packed does.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    is_gzip(bytes) || is_frame(bytes)
}

/// Hands on all that is unpacked, piece by piece, as long as somebody takes it. Gives where it broke off.
pub(super) fn unpack<E>(
    from: &mut Feed<impl Read>,
    take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Option<Broken>, E> {
    if is_gzip(from.peek(2)) {
        gunzip(from, take)
    } else {
        unzstd(from, usize::MAX, take)
    }
}

/// The beginning of what is unpacked, with no less than so many bytes, if there are as many; else none.
/// Takes no longer where what is packed would be given out only when much more was unpacked.
pub(super) fn head(from: &mut Feed<impl Read>, room: usize) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let take = |some: &[u8]| {
        head.extend_from_slice(some);
        if head.len() < room { Ok(()) } else { Err(()) }
    };
    let is_there = if is_gzip(from.peek(2)) {
        gunzip(from, take).is_err()
    } else {
        unzstd(from, room, take).is_err()
    };
    is_there.then_some(head)
}

/// Where what is packed breaks off.
pub(super) struct Broken {
    format: &'static str,
    at: usize,
    /// Whether it is because the bytes end.
    is_cut: bool,
}

impl Broken {
    /// In words; `lost` are the bytes that were unpacked behind what can be told to be wrong.
    pub fn note(&self, lost: usize) -> String {
        let Self { format, at, is_cut } = self;
        let what = match (is_cut, lost) {
            (true, 0) => return format!("the {format} data is cut off at byte {at}"),
            // A changed byte may ask for more than there is.
            (true, _) => "cut off or damaged",
            (false, _) => "damaged",
        };
        let mut note = format!("the {format} data is {what} before byte {at}");
        if lost > 0 {
            let _ = write!(
                note,
                "; {lost} bytes from the first line on that is no JSON are left out"
            );
        }
        note
    }
}

/// How a bundle begins.
const BUNDLE: &[u8] = b"{\"schema\":\"sortie.bundle/";

/// Damaged data unpacks into bytes that nobody wrote: of a bundle, all of whose lines are JSON, what stands
/// from the first line on that is none is left out. Of what is cut the last line is a part of one and stays.
/// Gives how many bytes were left out.
fn sound(out: &mut Vec<u8>, is_cut: bool) -> usize {
    if !out.starts_with(BUNDLE) {
        return 0;
    }
    let mut end = 0;
    while let Some(rest) = out.get(end..).filter(|rest| !rest.is_empty()) {
        let next = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let line = rest.get(..next).unwrap_or_default().trim_ascii();
        let is_part = is_cut && next == rest.len();
        if !line.is_empty() && !is_part && !ladder::is_json(line) {
            break;
        }
        end += next;
    }
    let lost = out.len() - end;
    out.truncate(end);
    lost
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

fn is_frame(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || skippable(bytes).is_some()
}

/// Bytes of a frame that holds nothing to be unpacked.
fn skippable(bytes: &[u8]) -> Option<usize> {
    let (magic, rest) = bytes.split_first_chunk::<4>()?;
    let is_one = u32::from_le_bytes(*magic) & 0xffff_fff0 == 0x184d_2a50;
    let (size, _) = rest.split_first_chunk::<4>().filter(|_| is_one)?;
    usize::try_from(u32::from_le_bytes(*size))
        .ok()?
        .checked_add(8)
}

fn gunzip<E>(
    from: &mut Feed<impl Read>,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Option<Broken>, E> {
    let mut packed = MultiGzDecoder::new(from);
    let mut piece = vec![0; PIECE];
    loop {
        let count = match packed.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(count) => count,
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            Err(fault) => {
                return Ok(Some(Broken {
                    format: "gzip",
                    at: packed.get_ref().at(),
                    is_cut: is_end(&fault),
                }));
            }
        };
        take(piece.get(..count).unwrap_or_default())?;
    }
}

fn is_end(fault: &io::Error) -> bool {
    fault.kind() == io::ErrorKind::UnexpectedEof
}

/// Of a frame that has more than `room` bytes no more than about as many are unpacked.
fn unzstd<E>(
    from: &mut Feed<impl Read>,
    room: usize,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Option<Broken>, E> {
    let mut decoder = FrameDecoder::new();
    while !from.is_empty() {
        if let Some(size) = skippable(from.peek(8)) {
            from.skip(size);
            continue;
        }
        if let Some(is_cut) = frame(&mut decoder, from, room, &mut take)? {
            return Ok(Some(Broken {
                format: "zstd",
                at: from.at(),
                is_cut,
            }));
        }
    }
    Ok(None)
}

/// Unpacks one frame. Where it breaks off: whether it is because the bytes end.
fn frame<E>(
    decoder: &mut FrameDecoder,
    from: &mut Feed<impl Read>,
    room: usize,
    take: &mut impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Option<bool>, E> {
    if decoder.reset(&mut *from).is_err() {
        return Ok(Some(from.is_empty()));
    }
    let mut is_whole = true;
    let mut decoded = 0;
    while is_whole && !decoder.is_finished() {
        let piece = PIECE.min(room);
        let step = decoder.decode_blocks(&mut *from, BlockDecodingStrategy::UptoBytes(piece));
        decoded += piece;
        is_whole = step.is_ok() && (decoded < room || decoder.is_finished());
        if !is_whole && !decoder.is_finished() {
            // What was unpacked so far is kept back until the frame ends: an empty last block ends it.
            let end: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
            let _ = decoder.decode_blocks(end, BlockDecodingStrategy::All);
        }
        let some = decoder.collect().unwrap_or_default();
        take(&some)?;
    }
    if !is_whole {
        return Ok(Some(from.is_empty()));
    }
    let told = decoder.get_checksum_from_data();
    let is_same = told.is_none() || told == decoder.get_calculated_checksum();
    Ok((!is_same).then_some(false))
}

fn push(out: &mut Vec<u8>, some: &[u8], limit: usize) -> Result<(), Refused> {
    if out.len() + some.len() > limit {
        return Err(Refused::TooLarge);
    }
    out.try_reserve(some.len()).map_err(|_| Refused::NoRoom)?;
    out.extend_from_slice(some);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn text() -> Vec<u8> {
        let lines =
            (0_u32..40_000).map(|n| format!("{{\"n\":{}}}\n", n.wrapping_mul(2_654_435_761)));
        lines.collect::<String>().into_bytes()
    }

    fn gz(text: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    fn zst(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    fn whole(packed: Vec<u8>) -> (Bytes, Option<String>) {
        unpacked(packed.into(), usize::MAX).unwrap()
    }

    #[test]
    fn members_and_frames_in_a_row_are_one_text() {
        let text = text();
        let twice = [text.as_slice(), text.as_slice()].concat();
        assert_eq!(
            whole([gz(&text), gz(&text)].concat()),
            (twice.clone().into(), None)
        );
        let skipped = [0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let frames = [&skipped[..], &zst(&text), &skipped, &zst(&text)].concat();
        assert_eq!(whole(frames), (twice.into(), None));
        assert_eq!(whole(b"{}".to_vec()), (Bytes::from_static(b"{}"), None));
    }

    #[test]
    fn what_is_cut_gives_what_came_before_and_where() {
        let text = text();
        for (format, packed) in [("gzip", gz(&text)), ("zstd", zst(&text))] {
            let at = packed.len() * 2 / 3;
            let (some, broken) = whole(packed[..at].to_vec());
            assert!(some.len() > text.len() / 3, "{format}: {}", some.len());
            assert_eq!(some, text[..some.len()]);
            let broken = broken.unwrap();
            assert_eq!(broken, format!("the {format} data is cut off at byte {at}"));
        }
    }

    #[test]
    fn what_was_changed_is_said_to_be_damaged() {
        let text = text();
        for (format, mut packed) in [("gzip", gz(&text)), ("zstd", zst(&text))] {
            let last = packed.len() - 2;
            packed[last] ^= 0x55;
            let broken = whole(packed).1.unwrap();
            assert!(
                broken.contains(&format!("the {format} data is damaged")),
                "{broken}"
            );
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let zeros = vec![0; 3 << 20];
        for packed in [gz(&zeros), zst(&zeros)] {
            assert!(packed.len() < 64 << 10);
            let refused = unpacked(packed.into(), 1 << 20);
            assert_eq!(refused, Err(Refused::TooLarge));
        }
    }
}
