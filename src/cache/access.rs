//! Whose a folder or a file is. Runs are kept only in what belongs to whoever runs sortie, is open to
//! nobody else and is no link: so nobody can put entries there, or have them written elsewhere.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::Path,
};

use rustix::process::geteuid;

/// What others must not do with a folder.
const OTHERS: u32 = 0o077;

/// Why a folder is not to be used; nothing where it is fine or not there yet. One that is open to
/// others is closed to them.
pub(super) fn refusal(folder: &Path) -> Option<String> {
    let shown = folder.display();
    let told = match fs::symlink_metadata(folder) {
        Ok(told) => told,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return None,
        Err(fault) => return Some(format!("{shown} cannot be looked at: {}", fault.kind())),
    };
    if told.is_symlink() {
        return Some(format!("{shown} is a link to another place"));
    }
    if !told.is_dir() {
        return Some(format!("{shown} is no folder"));
    }
    if told.uid() != geteuid().as_raw() {
        return Some(format!("{shown} belongs to somebody else"));
    }
    if told.mode() & OTHERS == 0 {
        return None;
    }
    let closed = fs::set_permissions(folder, Permissions::from_mode(0o700));
    let fault = closed.err()?;
    Some(format!("{shown} is open to others: {}", fault.kind()))
}

/// Whether it is an ordinary file of our own, in a folder of our own.
pub(super) fn is_own_file(path: &Path) -> bool {
    let is_own = fs::symlink_metadata(path)
        .is_ok_and(|told| told.is_file() && told.uid() == geteuid().as_raw());
    is_own && path.parent().is_some_and(|of| refusal(of).is_none())
}

/// Makes a folder that nobody else may look into, where there is none, and refuses one that is not ours.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    match refusal(folder) {
        Some(why) => Err(io::Error::new(io::ErrorKind::PermissionDenied, why)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use super::*;

    #[test]
    fn links_files_and_what_others_own_are_refused_and_what_is_open_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(refusal(&at("none")), None);
        fs::create_dir(at("open")).unwrap();
        fs::set_permissions(at("open"), Permissions::from_mode(0o777)).unwrap();
        assert_eq!(refusal(&at("open")), None);
        let mode = fs::metadata(at("open")).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
        symlink(at("open"), at("link")).unwrap();
        assert!(
            refusal(&at("link"))
                .unwrap()
                .ends_with("is a link to another place")
        );
        assert!(make(&at("link")).is_err());
        fs::write(at("open/file"), "").unwrap();
        assert!(refusal(&at("open/file")).unwrap().ends_with("is no folder"));
        assert!(is_own_file(&at("open/file")));
        symlink(at("open/file"), at("open/other")).unwrap();
        assert!(!is_own_file(&at("open/other")) && !is_own_file(&at("link/file")));
        // Of somebody else: root can give one away, everybody else has root's.
        fs::create_dir(at("theirs")).unwrap();
        let theirs = match chown(at("theirs"), Some(1), None) {
            Ok(()) => at("theirs"),
            Err(_) => "/usr".into(),
        };
        assert!(
            refusal(&theirs)
                .unwrap()
                .ends_with("belongs to somebody else")
        );
    }
}
