//! A file that is there whole or not at all: written beside its place under another name, put there when
//! it is finished, and taken away when it is not. A file that is there already stays unless it is meant.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::unfinished::{self, Unfinished};

/// Between what the name of an unfinished file stands.
const PREFIX: &str = ".sortie-";
const SUFFIX: &str = ".part";
/// How many names are tried for a file that may not take the place of another.
const NAMES: u32 = 999;

/// What a file becomes.
#[derive(Debug)]
pub struct Draft {
    to: Place,
    force: bool,
    stop: Stop,
    /// Bytes that were taken: a device does not say how many it has.
    taken: u64,
}

/// Says that nobody wants it any more.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Nobody wants it.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether nobody wants it.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A fault where nobody wants it.
    fn wanted(&self) -> io::Result<()> {
        if self.is_set() {
            return Err(stopped());
        }
        Ok(())
    }
}

#[derive(Debug)]
enum Place {
    /// Written elsewhere first.
    Beside(BufWriter<Unfinished>, PathBuf),
    /// A device or a pipe, which is written as it is.
    Straight(BufWriter<File>, PathBuf),
}

impl Draft {
    /// Begins a file. It is refused if there is one and `force` is not set.
    pub fn new(path: &Path, force: bool, stop: Stop) -> io::Result<Self> {
        let known = fs::metadata(path).ok();
        let to = match known {
            Some(known) if known.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Some(known) if !known.is_file() => {
                let file = File::options().write(true).open(path)?;
                Place::Straight(BufWriter::new(file), path.to_owned())
            }
            Some(_) if !force => return Err(io::ErrorKind::AlreadyExists.into()),
            known => {
                // What a link points to is replaced, and not the link.
                let path = match known {
                    Some(_) => fs::canonicalize(path)?,
                    None => path.to_owned(),
                };
                Place::Beside(BufWriter::new(beside(&path)?), path)
            }
        };
        Ok(Self {
            to,
            force,
            stop,
            taken: 0,
        })
    }

    /// Begins a file of that name in a folder, with a number behind the name where there is one already.
    pub fn unused(folder: &Path, name: &str, ending: &str, stop: Stop) -> io::Result<Self> {
        let path = folder.join(format!("{name}.{ending}"));
        let to = Place::Beside(BufWriter::new(beside(&path)?), path);
        Ok(Self {
            to,
            force: false,
            stop,
            taken: 0,
        })
    }

    /// Puts the file into its place; gives its path and its bytes.
    pub fn finish(self) -> io::Result<(PathBuf, u64)> {
        let (file, path) = match self.to {
            Place::Straight(mut file, path) => {
                file.flush()?;
                return Ok((path, self.taken));
            }
            Place::Beside(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                (file, path)
            }
        };
        file.as_file().sync_all()?;
        let bytes = file.as_file().metadata()?.len();
        self.stop.wanted()?;
        if self.force {
            file.replace(&path)?;
        } else {
            file.place(&path)?;
        }
        Ok((path, bytes))
    }

    /// The same under the first name of `name.ending`, `name-2.ending` and so on that is free.
    pub fn finish_unused(self, name: &str, ending: &str) -> io::Result<(PathBuf, u64)> {
        let Place::Beside(file, first) = self.to else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        let bytes = file.as_file().metadata()?.len();
        self.stop.wanted()?;
        for nth in 1..=NAMES {
            let path = match nth {
                1 => first.clone(),
                nth => first.with_file_name(format!("{name}-{nth}.{ending}")),
            };
            match file.place(&path) {
                Ok(()) => return Ok((path, bytes)),
                Err(fault) if fault.error.kind() == io::ErrorKind::AlreadyExists => {
                    file = fault.file;
                }
                Err(fault) => return Err(fault.error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Begins it beside its place, where nothing is left of those that were killed.
fn beside(path: &Path) -> io::Result<Unfinished> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    unfinished::clear(folder, PREFIX, SUFFIX);
    Unfinished::begin(folder, PREFIX, SUFFIX)
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stop.wanted()?;
        let count = match &mut self.to {
            Place::Beside(file, _) => file.write(bytes),
            Place::Straight(file, _) => file.write(bytes),
        }?;
        self.taken += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            Place::Beside(file, _) => file.flush(),
            Place::Straight(file, _) => file.flush(),
        }
    }
}

/// The fault of a writer that nobody waits for any more. `write_all` goes on after `Interrupted`.
pub fn stopped() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "interrupted")
}

/// Whether a fault is that.
pub fn is_stopped(fault: &io::Error) -> bool {
    fault.kind() == io::ErrorKind::ConnectionAborted
}

/// Why a file could not be written, in a sentence.
pub fn reason(path: &Path, fault: &io::Error) -> String {
    // A device or a pipe has taken what went before.
    let is_straight = fs::metadata(path).is_ok_and(|known| !known.is_file());
    let nothing = if is_straight {
        "not all of it was written"
    } else {
        "nothing was left there"
    };
    let path = path.display();
    match fault.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{path} is there already; --force overwrites it")
        }
        io::ErrorKind::IsADirectory => format!("{path} is a folder; name a file in it"),
        io::ErrorKind::NotFound => format!("the folder of {path} is not there"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("{path} may not be written")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("no room for {path}: the disk is full; {nothing}")
        }
        io::ErrorKind::FileTooLarge => {
            format!("{path} would be larger than files may be here; {nothing}")
        }
        _ => format!("cannot write {path}: {fault}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut draft = Draft::new(&path, false, Stop::default()).unwrap();
        draft.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(draft);
        assert!(names(folder.path()).is_empty());

        let mut draft = Draft::new(&path, false, Stop::default()).unwrap();
        draft.write_all(b"whole").unwrap();
        assert_eq!(draft.finish().unwrap(), (path.clone(), 5));
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn what_is_there_stays_unless_it_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        // It comes while the other is being written.
        let draft = Draft::new(&path, false, Stop::default()).unwrap();
        fs::write(&path, "first").unwrap();
        let fault = draft.finish().unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::AlreadyExists);
        let fault = Draft::new(&path, false, Stop::default()).unwrap_err();
        assert!(reason(&path, &fault).contains("--force"), "{fault}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");

        let mut draft = Draft::new(&path, true, Stop::default()).unwrap();
        draft.write_all(b"second").unwrap();
        draft.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_pipe_says_how_much_it_took_and_a_device_that_is_full_that_not_all_was_written() {
        let path = Path::new("/dev/null");
        let mut draft = Draft::new(path, false, Stop::default()).unwrap();
        draft.write_all(b"whole").unwrap();
        assert_eq!(draft.finish().unwrap().1, 5);
        let full = io::ErrorKind::StorageFull.into();
        let told = reason(path, &full);
        assert!(told.ends_with("not all of it was written"), "{told}");
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "first").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut draft = Draft::new(&link, true, Stop::default()).unwrap();
        draft.write_all(b"second").unwrap();
        draft.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
    }

    #[test]
    fn names_go_on_where_one_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        for expected in ["run.md", "run-2.md", "run-3.md"] {
            let draft = Draft::unused(folder.path(), "run", "md", Stop::default()).unwrap();
            let (path, _) = draft.finish_unused("run", "md").unwrap();
            assert_eq!(path, folder.path().join(expected));
        }
    }

    #[test]
    fn nobody_waits_for_what_was_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let stop = Stop::default();
        let mut draft = Draft::new(&folder.path().join("a"), false, stop.clone()).unwrap();
        stop.set();
        let fault = draft.write_all(b"more").unwrap_err();
        assert!(is_stopped(&fault));
        drop(draft);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_full_disk_is_said_so() {
        let path = Path::new("/dev/full");
        if !path.exists() {
            return;
        }
        let mut draft = Draft::new(path, false, Stop::default()).unwrap();
        draft.write_all(b"more").unwrap();
        let fault = draft.finish().unwrap_err();
        assert!(reason(path, &fault).contains("the disk is full"), "{fault}");
    }
}
