//! Files that are written under another name and put into their place when they are whole. They are known
//! by their paths until then, so that whoever is ended by a signal takes them away, and each is locked for
//! as long as it is written, so that what a killed sortie left is known by the next one that writes there.
//! Nothing is decided here of what is written, or where.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use rustix::{
    fs::{FlockOperation, OFlags, flock},
    process::geteuid,
};
use tempfile::{NamedTempFile, PersistError};

/// What has not been written to for so long, and is locked by nobody, was left by one that is dead. A file
/// that was just made is not locked yet.
const LEFT: Duration = Duration::from_secs(60);
/// Nobody who ends waits longer for a disk that does not answer.
const PATIENCE: Duration = Duration::from_millis(500);

static UNDER_WAY: Mutex<UnderWay> = Mutex::new(UnderWay {
    ended: false,
    paths: Vec::new(),
});

/// What is being written, and whether nothing may be any more.
struct UnderWay {
    ended: bool,
    paths: Vec<PathBuf>,
}

fn under_way() -> MutexGuard<'static, UnderWay> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is not in its place yet. Dropping it takes it away.
#[derive(Debug)]
pub struct Unfinished {
    // The first to be dropped: a file is known until it is gone.
    file: NamedTempFile,
    known: Known,
}

/// What came of moving a file: where it could not be moved it is still known.
fn moved(done: Result<File, PersistError>, known: Known) -> Result<(), Misplaced> {
    done.map(|_| ()).map_err(|fault| Misplaced {
        error: fault.error,
        file: Unfinished {
            file: fault.file,
            known,
        },
    })
}

/// Where a file is, as long as it is not finished.
#[derive(Debug)]
struct Known(PathBuf);

impl Drop for Known {
    fn drop(&mut self) {
        under_way().paths.retain(|path| *path != self.0);
    }
}

/// Why a file did not get into its place, with the file.
#[derive(Debug)]
pub struct Misplaced {
    /// Why.
    pub error: io::Error,
    /// What may be put elsewhere.
    pub file: Unfinished,
}

impl From<Misplaced> for io::Error {
    fn from(misplaced: Misplaced) -> Self {
        misplaced.error
    }
}

impl Unfinished {
    /// Begins a file of mode 0600 in a folder, with a name between these words.
    ///
    /// # Errors
    /// Where the folder takes none; `ConnectionAborted` where sortie is about to end.
    pub fn begin(folder: &Path, prefix: &str, suffix: &str) -> io::Result<Self> {
        // Held while the file is made: whoever ends either sees it or keeps it from being made.
        let mut under_way = under_way();
        if under_way.ended {
            return Err(io::Error::new(
                io::ErrorKind::ConnectionAborted,
                "interrupted",
            ));
        }
        let file = tempfile::Builder::new()
            .prefix(prefix)
            .suffix(suffix)
            .tempfile_in(folder)?;
        under_way.paths.push(file.path().to_owned());
        drop(under_way);
        // Where files cannot be locked, none is taken for one that somebody left.
        let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
        let known = Known(file.path().to_owned());
        Ok(Self { file, known })
    }

    /// The file itself.
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// Where it is as long as it is not finished.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Puts it into its place, over whatever is there.
    ///
    /// # Errors
    /// With the file, where it cannot be moved there.
    pub fn replace(self, path: &Path) -> Result<(), Misplaced> {
        let known = self.known;
        moved(self.file.persist(path), known)
    }

    /// The same where nothing is there yet.
    ///
    /// # Errors
    /// With the file; `AlreadyExists` where something is there.
    pub fn place(self, path: &Path) -> Result<(), Misplaced> {
        let known = self.known;
        moved(self.file.persist_noclobber(path), known)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Takes away what is not finished, before the process ends without unwinding. Nothing is begun from then
/// on. A disk that does not answer is not waited for.
pub fn abandon() {
    let (done, wait) = mpsc::channel();
    let removing = thread::Builder::new().spawn(move || {
        let mut under_way = under_way();
        under_way.ended = true;
        for path in under_way.paths.drain(..) {
            // It may have got into its place meanwhile.
            let _ = fs::remove_file(path);
        }
        drop(under_way);
        // Nobody listens after the limit.
        let _ = done.send(());
    });
    if removing.is_ok() {
        let _ = wait.recv_timeout(PATIENCE);
    }
}

/// Takes away what somebody of the same user left in a folder between these words and can finish no more,
/// because it was killed.
pub fn clear(folder: &Path, prefix: &str, suffix: &str) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files {
        let name = file.file_name();
        let is_named = name.to_str().is_some_and(|name| {
            name.len() > prefix.len() + suffix.len()
                && name.starts_with(prefix)
                && name.ends_with(suffix)
        });
        if is_named && is_left(&file.path()).unwrap_or(false) {
            // Another one may have done it.
            let _ = fs::remove_file(file.path());
        }
    }
}

/// Whether a file is our user's, was not written to for a while, and is written by nobody.
fn is_left(path: &Path) -> io::Result<bool> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)?;
    let told = file.metadata()?;
    let is_old = told.modified()?.elapsed().is_ok_and(|age| age > LEFT);
    let is_ours = told.is_file() && told.uid() == geteuid().as_raw();
    Ok(is_ours && is_old && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn age(path: &Path) {
        let long_ago = SystemTime::now() - LEFT * 2;
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_modified(long_ago).unwrap();
    }

    #[test]
    fn what_is_finished_is_forgotten_and_what_is_not_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let known = |path: &Path| under_way().paths.contains(&path.to_owned());
        let file = Unfinished::begin(folder.path(), ".a-", ".part").unwrap();
        let path = file.path().to_owned();
        assert!(known(&path));
        drop(file);
        assert!(!known(&path) && names(folder.path()).is_empty());
        let mut file = Unfinished::begin(folder.path(), ".a-", ".part").unwrap();
        let path = file.path().to_owned();
        file.write_all(b"whole").unwrap();
        fs::write(folder.path().join("there"), "before").unwrap();
        let misplaced = file.place(&folder.path().join("there")).unwrap_err();
        assert_eq!(misplaced.error.kind(), io::ErrorKind::AlreadyExists);
        assert!(known(&path));
        misplaced
            .file
            .replace(&folder.path().join("there"))
            .unwrap();
        assert!(!known(&path));
        assert_eq!(fs::read(folder.path().join("there")).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["there"]);
    }

    #[test]
    fn only_what_a_dead_sortie_left_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [".a-dead.part", ".a-young.part", "b.part", ".a-.part"] {
            fs::write(at(name), "half").unwrap();
        }
        fs::write(at("elsewhere"), "precious").unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at(".a-link.part")).unwrap();
        let alive = Unfinished::begin(folder.path(), ".a-", ".part").unwrap();
        for name in [".a-dead.part", "b.part", ".a-.part", "elsewhere"] {
            age(&at(name));
        }
        age(alive.path());
        clear(folder.path(), ".a-", ".part");
        let mut left = vec![
            alive
                .path()
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            ".a-link.part".to_owned(),
            ".a-young.part".to_owned(),
            "b.part".to_owned(),
            ".a-.part".to_owned(),
            "elsewhere".to_owned(),
        ];
        left.sort();
        assert_eq!(names(folder.path()), left);
    }
}
