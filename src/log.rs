//! A log in a file, only when asked for. Only sortie's own lines get in: the libraries below may
//! print headers, and no filter can let those through. What sortie logs itself never holds headers,
//! bodies or query strings; ids that stand in a path are masked where they are secrets.

use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::Mutex,
};

use tracing_subscriber::{
    Layer as _,
    filter::{Targets, filter_fn},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::fault;

/// What is logged unless `SORTIE_LOG_FILTER` says otherwise.
const FILTER: &str = "sortie=debug";

/// Why there is no log, or not the one that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// The file cannot be written.
    #[error("cannot write the log {path}: {cause}")]
    File {
        /// As given.
        path: String,
        /// Short cause.
        cause: String,
    },
    /// `SORTIE_LOG_FILTER` means nothing; everything of sortie's is logged.
    #[error("SORTIE_LOG_FILTER is not understood; write it like `sortie::fetch=debug,sortie=info`")]
    Filter,
}

/// Logs to `path` from now on, for the rest of the process.
pub fn start(path: &Path, filter: Option<&str>) -> Result<(), LogFault> {
    let file = private(path).map_err(|fault| LogFault::File {
        path: path.display().to_string(),
        cause: match fault.kind() {
            io::ErrorKind::NotFound => "its folder is not there".to_owned(),
            kind => kind.to_string(),
        },
    })?;
    let asked = filter.map(str::parse::<Targets>);
    let misread = matches!(asked, Some(Err(_)));
    let targets = match asked {
        Some(Ok(targets)) => targets,
        Some(Err(_)) | None => FILTER.parse().unwrap_or_default(),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(Masked(file)))
        .with_filter(targets)
        .with_filter(filter_fn(|facts| is_own(facts.target())));
    // A second start in one process keeps the first log.
    let _ = tracing_subscriber::registry().with(lines).try_init();
    if misread {
        Err(LogFault::Filter)
    } else {
        Ok(())
    }
}

/// Gets one line at a time.
struct Masked(File);

impl Write for Masked {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let said = String::from_utf8_lossy(line);
        let mut masking = fault::redactor().masking();
        self.0.write_all(masking.id(&said).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn is_own(target: &str) -> bool {
    target == "sortie" || target.starts_with("sortie::")
}

/// Opens a file that only its owner can read, also where it was there before.
fn private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_only_own_lines_and_only_for_the_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        start(&path, Some("trace")).unwrap();
        tracing::debug!("one of ours");
        tracing::debug!(target: "hyper", "authorization: hunter22");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("one of ours") && !text.contains("hunter"),
            "{text}"
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn says_what_is_wrong_with_file() {
        let fault = start(Path::new("/no/such/folder/log"), None).unwrap_err();
        assert!(fault.to_string().contains("/no/such/folder/log"), "{fault}");
    }
}
