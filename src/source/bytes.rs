//! The bytes of a file or of standard input, whole, up to a limit that an endless one reaches before
//! memory does.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;

use super::packed::{self, Refused};
use crate::model::Trouble;

const CAP: u64 = 2 * 1024 * 1024 * 1024;
/// What is packed is taken up to this size.
const UNPACKED: usize = 1024 * 1024 * 1024;

/// What was read.
pub(super) struct Content {
    /// The name to show for it.
    pub name: String,
    /// What is in it, unpacked.
    pub bytes: Bytes,
    /// Where it broke off when it was unpacked.
    pub broken: Option<String>,
}

/// The name to show for `path`, and what is in it.
pub(super) fn read(path: &Path) -> Result<Content, Trouble> {
    let name = name(path);
    let read = if is_stdin(path) {
        read_all(io::stdin().lock(), 0)
    } else {
        read_file(path)
    };
    let bytes = read.map_err(|error| Trouble::File {
        name: path.display().to_string(),
        cause: reason(&error),
    })?;
    if bytes.len() as u64 > CAP {
        return Err(Trouble::TooLarge { limit: CAP });
    }
    let refused = |refused| Trouble::File {
        name: path.display().to_string(),
        cause: match refused {
            Refused::TooLarge => format!(
                "unpacked it is larger than {} MiB, which is the most that sortie takes",
                UNPACKED >> 20
            ),
            Refused::NoRoom => "there is not enough memory to unpack it".to_owned(),
        },
    };
    let (bytes, broken) = packed::unpacked(bytes, UNPACKED).map_err(refused)?;
    Ok(Content {
        name,
        bytes,
        broken,
    })
}

/// The name to show for `path`.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) {
        return "stdin".to_owned();
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read_file(path: &Path) -> io::Result<Bytes> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len().min(CAP);
    read_all(file, usize::try_from(size).unwrap_or(0))
}

fn read_all(from: impl io::Read, expected: usize) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    // One more than expected, so that the end is seen without growing. A file that memory has no room
    // for is a file that cannot be read, and no reason to die.
    bytes.try_reserve_exact(expected.saturating_add(1))?;
    from.take(CAP + 1).read_to_end(&mut bytes)?;
    Ok(Bytes::from(bytes))
}

/// Why a file could not be read, in the words of somebody who has a shell.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        kind => kind.to_string(),
    }
}
