//! A large packed file of plain records is unpacked once, by a thread beside, into a file that has no name
//! and that nobody else can open: whatever becomes of sortie, nothing of it stays. It is read from there
//! while it still grows.

use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, Seek as _},
    os::unix::fs::{DirBuilderExt as _, FileExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use super::{
    ENDS, Index, Lines, SMALL,
    extent::{self, Extent},
    glance::glance,
    plain_lines,
};
use crate::{
    model::{Batch, Mission, Trouble},
    source::{bytes::reason, feed::Feed, packed, plain},
};

/// What is packed into less is unpacked in memory: that takes no time unless it is a bomb, which has its
/// limit there.
const LEAST: u64 = 32 << 10;
/// What is packed into more is large, whatever it is.
const SURELY: u64 = 512 << 10;
/// So much is unpacked: no disk should be filled by a few bytes.
const LIMIT: u64 = 64 << 30;

impl Lines {
    /// Opens a packed file; none where it is small or something else than plain records line by line, and
    /// where there is no room for it in `folder` nor among the temporary files.
    pub fn unpacked(path: &Path, id: &str, name: &str, folder: Option<&Path>) -> Option<Self> {
        let mut file = fs::File::open(path).ok()?;
        let told = file.metadata().ok()?;
        if !told.is_file() || told.len() < LEAST {
            return None;
        }
        let mut feed = Feed::new(&file);
        if !packed::is_packed(feed.peek(8)) {
            return None;
        }
        let room = if told.len() > SURELY {
            2 * ENDS
        } else {
            usize::try_from(SMALL).ok()? + 1
        };
        let head = packed::head(&mut feed, room)?;
        let begins = head.get(..ENDS)?;
        let skip = plain::mark(begins);
        let first = plain_lines(begins, skip)?;
        let is_one_run = is_of_one(begins, skip, &first);
        let (spill, at) = spill(folder, &head)?;
        file.rewind().ok()?;
        let lines = Self {
            mission: Mission {
                id: id.to_owned(),
                name: name.to_owned(),
                ..Mission::default()
            },
            name: path.display().to_string(),
            // Nobody else can write to it: there is nothing to be compared.
            len: 0,
            changed: None,
            growth: None,
            extent: extent::Read::new(Arc::new(Extent::growing(head.len() as u64))),
            index: Arc::new(Index::default()),
            is_one_run,
            file: spill.try_clone().ok()?,
        };
        let unpacking = Unpacking {
            spill,
            folder: at,
            extent: lines.extent.extent(),
            at: 0,
            had: head.len() as u64,
            limit: LIMIT,
        };
        thread::Builder::new()
            .name("unpack".to_owned())
            .spawn(move || unpacking.all(&file))
            .ok()?;
        lines.look_through(skip as u64).ok()?;
        Some(lines)
    }

    /// No steps, and at the end why that is not the end of the file: also to those who never get there.
    pub(super) fn whole(&self) -> Result<Batch, Trouble> {
        let broken = self.index.once(|_| false).broken.clone();
        broken.map_or_else(|| Ok(Batch::default()), |cause| Err(self.trouble(cause)))
    }
}

/// Whether all whole lines of the beginning are of that run.
fn is_of_one(begins: &[u8], skip: usize, run: &str) -> bool {
    let whole = memchr::memrchr(b'\n', begins).and_then(|end| begins.get(skip..end));
    let whole = whole.unwrap_or_default();
    let mut lines = plain::lines(whole, 0).into_iter();
    lines.all(|line| {
        let seen = glance(whole.get(line).unwrap_or_default());
        seen.is_bare || seen.run.unwrap_or_default() == run
    })
}

/// A file without a name that begins with these bytes, and the folder that it takes its room from.
fn spill(folder: Option<&Path>, head: &[u8]) -> Option<(fs::File, PathBuf)> {
    let temporary = std::env::temp_dir();
    let folders = folder.into_iter().chain([temporary.as_path()]);
    let mut made = folders.filter_map(|at| Some((nameless(at, head).ok()?, at.to_owned())));
    made.next()
}

fn nameless(folder: &Path, head: &[u8]) -> io::Result<fs::File> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let file = tempfile::tempfile_in(folder)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all_at(head, 0)?;
    Ok(file)
}

/// What the thread knows that unpacks.
struct Unpacking {
    spill: fs::File,
    folder: PathBuf,
    extent: Arc<Extent>,
    /// How much was unpacked.
    at: u64,
    /// How much was there before.
    had: u64,
    limit: u64,
}

/// Why no more is unpacked.
enum Stop {
    /// Nobody reads it any more.
    Left,
    Full(io::Error),
    TooLarge,
}

impl Unpacking {
    fn all(mut self, file: &fs::File) {
        let _ending = Ending(Arc::clone(&self.extent));
        let mut feed = Feed::new(file);
        let ended = packed::unpack(&mut feed, |some| self.take(some));
        let broken = match (ended, feed.fault()) {
            (Ok(_), Some(fault)) => Some(reason(fault)),
            (Ok(broken), None) => broken.map(|broken| broken.note(0)),
            (Err(Stop::Left), _) => None,
            (Err(Stop::TooLarge), _) => Some(format!(
                "unpacked it is larger than {} GiB, which is the most that sortie takes",
                self.limit >> 30
            )),
            (Err(Stop::Full(fault)), _) => Some(format!(
                "only its first {} MiB could be unpacked into {}: {}",
                self.at >> 20,
                self.folder.display(),
                reason(&fault)
            )),
        };
        self.extent.finish(broken);
    }

    fn take(&mut self, some: &[u8]) -> Result<(), Stop> {
        let end = self.at + some.len() as u64;
        if end > self.limit {
            return Err(Stop::TooLarge);
        }
        let known = self.had.saturating_sub(self.at).min(some.len() as u64);
        let from = usize::try_from(known).unwrap_or(some.len());
        let new = some.get(from..).unwrap_or_default();
        self.spill
            .write_all_at(new, self.at + known)
            .map_err(Stop::Full)?;
        self.at = end;
        if self.extent.grow(end) {
            Ok(())
        } else {
            Err(Stop::Left)
        }
    }
}

/// Ends what somebody may be waiting for, also where the thread breaks.
struct Ending(Arc<Extent>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.finish(Some("sortie broke on this file".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(limit: u64) -> (u64, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        unpacked_into(nameless(folder.path(), b"").unwrap(), limit)
    }

    fn unpacked_into(spill: fs::File, limit: u64) -> (u64, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("packed");
        let text = b"{\"id\":\"a\"}\n".repeat(200_000);
        let packed = ruzstd::encoding::compress_to_vec(
            text.as_slice(),
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        fs::write(&path, packed).unwrap();
        let read = extent::Read::new(Arc::new(Extent::growing(0)));
        let unpacking = Unpacking {
            spill,
            folder: "/room".into(),
            extent: read.extent(),
            at: 0,
            had: 0,
            limit,
        };
        unpacking.all(&fs::File::open(path).unwrap());
        let extent = read.extent();
        (extent.beyond(u64::MAX).end, extent.broken())
    }

    #[test]
    fn a_bomb_fills_no_disk() {
        assert_eq!(unpacked(LIMIT), (2_200_000, None));
        let (end, broken) = unpacked(1 << 20);
        assert!((500_000..=1 << 20).contains(&end), "{end}");
        assert!(broken.unwrap().starts_with("unpacked it is larger than"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_told() {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let (end, broken) = unpacked_into(full.unwrap(), LIMIT);
        assert_eq!(end, 0);
        let told = "only its first 0 MiB could be unpacked into /room: no storage space";
        assert_eq!(broken.unwrap(), told);
    }
}
