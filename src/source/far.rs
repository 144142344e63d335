//! A file that is not read until somebody looks: its parts, with the last ones looked at kept. A file
//! that was changed since it was opened gives nothing more, for what is known of it may not be so any
//! more. Keeps a few MiB at most.

use std::{
    fs, io,
    ops::Range,
    path::Path,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use rustix::{
    buffer::spare_capacity,
    io::{Errno, pread},
};

use crate::model;

/// Bytes of a block, and how many of them are kept.
const BLOCK: usize = 64 << 10;
const KEPT: usize = 64;

/// An open file.
#[derive(Debug)]
pub(super) struct Far {
    file: fs::File,
    len: usize,
    changed: Option<SystemTime>,
    /// The last blocks looked at, the latest at the end.
    blocks: Mutex<Vec<(usize, Bytes)>>,
}

impl Far {
    /// Opens a file; none where it is none that can be read in parts.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = fs::File::open(path)?;
        let told = file.metadata()?;
        let len = usize::try_from(told.len()).ok();
        Ok(len.filter(|_| told.is_file()).map(|len| Self {
            file,
            len,
            changed: told.modified().ok(),
            blocks: Mutex::default(),
        }))
    }

    fn is_same(&self) -> bool {
        self.file
            .metadata()
            .is_ok_and(|told| told.len() == self.len as u64 && told.modified().ok() == self.changed)
    }

    fn direct(&self, range: Range<usize>) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(range.len()).ok()?;
        while bytes.len() < range.len() {
            // Into room that nobody has filled with zeros before.
            let at = (range.start + bytes.len()) as u64;
            match pread(&self.file, spare_capacity(&mut bytes), at) {
                Ok(0) => return None,
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return None,
            }
        }
        bytes.truncate(range.len());
        // Asked behind the reading: what was written meanwhile is seen.
        self.is_same().then_some(bytes)
    }

    fn block(&self, number: usize) -> Option<Bytes> {
        let locked = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut blocks = locked();
        if let Some(at) = blocks.iter().rposition(|(own, _)| *own == number) {
            let block = blocks.remove(at);
            let bytes = block.1.clone();
            blocks.push(block);
            return Some(bytes);
        }
        drop(blocks);
        let start = number * BLOCK;
        let bytes = Bytes::from(self.direct(start..(start + BLOCK).min(self.len))?);
        let mut blocks = locked();
        if blocks.len() >= KEPT {
            blocks.remove(0);
        }
        blocks.push((number, bytes.clone()));
        Some(bytes)
    }
}

impl model::Far for Far {
    fn len(&self) -> usize {
        self.len
    }

    fn read(&self, range: Range<usize>) -> Option<Vec<u8>> {
        if range.start > range.end || range.end > self.len {
            return None;
        }
        if range.len() >= BLOCK {
            return self.direct(range);
        }
        let mut bytes = Vec::with_capacity(range.len());
        while bytes.len() < range.len() {
            let at = range.start + bytes.len();
            let block = self.block(at / BLOCK)?;
            let from = at % BLOCK;
            let until = block.len().min(from + range.end - at);
            bytes.extend_from_slice(block.get(from..until).filter(|part| !part.is_empty())?);
        }
        Some(bytes)
    }
}
