//! The bytes of records, out of the file that they stay in.

use std::{io, os::unix::fs::FileExt as _};

use bytes::Bytes;

use super::{ENDS, LONG, Lines, index::Place};
use crate::{
    model::{Payload, Trouble},
    source::bytes::reason,
};

/// Bytes that are read for events which they hardly hold anything else than: so many times theirs.
const SPARSE: u64 = 4;

impl Lines {
    /// The bytes of records that follow each other, read together where hardly anything else lies between.
    pub(super) fn raw(&self, places: &[Place]) -> Result<Vec<Payload>, Trouble> {
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Ok(Vec::new());
        };
        let wanted: u64 = places.iter().map(|place| u64::from(place.len)).sum();
        let span = last.end() - first.start();
        let read = |start: u64, len: u64| {
            self.part(start, len)
                .map_err(|error| self.trouble(reason(&error)))
        };
        let payloads = if span <= wanted.saturating_mul(SPARSE) && last.len <= LONG {
            let piece = Bytes::from(read(first.start(), span)?);
            let part = |place: &Place| {
                let from = usize::try_from(place.start() - first.start()).unwrap_or(usize::MAX);
                let until = from.saturating_add(place.len as usize);
                let is_within = until <= piece.len();
                Payload::new(if is_within {
                    piece.slice(from..until)
                } else {
                    Bytes::new()
                })
            };
            places.iter().map(part).collect()
        } else {
            let each = places.iter().map(|place| {
                let len = if place.len > LONG {
                    ENDS as u64
                } else {
                    u64::from(place.len)
                };
                Ok(Payload::new(read(place.start(), len)?.into()))
            });
            each.collect::<Result<_, Trouble>>()?
        };
        // Asked behind the reading: what was written meanwhile is seen.
        self.is_same()?;
        Ok(payloads)
    }

    fn part(&self, start: u64, len: u64) -> io::Result<Vec<u8>> {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(len)?;
        bytes.resize(len, 0);
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }

    /// A file may grow: what is known of it stays true. Nothing of one that was written over does.
    pub(super) fn is_same(&self) -> Result<(), Trouble> {
        let told = self
            .file
            .metadata()
            .map_err(|error| self.trouble(reason(&error)))?;
        let is_same =
            told.len() > self.len || told.len() == self.len && told.modified().ok() == self.changed;
        if is_same {
            return Ok(());
        }
        Err(self.trouble("it was changed since it was opened: open it again".to_owned()))
    }
}
