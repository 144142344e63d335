//! What entries are called: what a person would look for, and a hash of all that tells one from another,
//! the credential among it. The hash is salted by installation and goes one way, so that a name tells
//! nothing about a key; and whoever asks with another key looks for other names.

use std::{
    fmt::Write as _,
    fs,
    hash::{BuildHasher as _, RandomState},
    io::{self, Write as _},
    path::Path,
};

use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use super::access;
use crate::{
    fetch::{Auth, Connection},
    text::percent::encoded,
};

/// What the name of a file begins with that is still being written.
pub(super) const UNFINISHED: &str = ".unfinished-";
/// What the names of entries end in.
pub(super) const ENDING: &str = "jsonl";
/// The file with the salt.
pub(super) const SALT: &str = ".salt";
/// Bytes of a salt.
const SALTED: usize = 32;
/// Characters of ids in names.
const SHOWN: usize = 80;
/// Bytes of hashes in names; what earlier versions of sortie had is known by half of that.
const HASHED: usize = 16;

/// Who asks, as a hash of all that proves it: accounts of one service share nothing. It stays in memory.
pub(super) fn who(connection: &Connection) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut put = |part: &[u8]| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    match &connection.auth {
        Auth::None => put(b"none"),
        Auth::Key {
            secret, account_id, ..
        } => {
            put(b"key");
            put(secret.expose_secret().as_bytes());
            put(account_id.as_deref().unwrap_or_default().as_bytes());
        }
        Auth::Client {
            client_id,
            client_secret,
            token_url,
            ..
        } => {
            put(b"client");
            put(client_id.as_bytes());
            put(client_secret.expose_secret().as_bytes());
            put(token_url.as_str().as_bytes());
        }
        Auth::Missing(_) => put(b"missing"),
    }
    for (name, value) in &connection.headers {
        put(name.as_bytes());
        put(value.expose_secret().as_bytes());
    }
    hash.finalize().into()
}

/// A name for a file: what a person would look for, and what makes it one of its kind.
pub(super) fn of(salt: &[u8], shown: &str, parts: &[&[u8]]) -> String {
    let shown: String = encoded(shown).chars().take(SHOWN).collect();
    let mut name = shown.trim_start_matches('.').to_owned();
    name.push('-');
    let mut hash = Sha256::new();
    for part in std::iter::once(&salt).chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    for byte in hash.finalize().iter().take(HASHED) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Whether a name, without an ending, is one that is given here.
pub(super) fn is_ours(name: &str) -> bool {
    let hash = name.rsplit_once('-').map(|(_, hash)| hash);
    hash.is_some_and(|hash| {
        let is_hex = hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_hex && (hash.len() == 2 * HASHED || hash.len() == HASHED)
    })
}

/// The salt of this installation; none where there is none yet.
pub(super) fn salt(folder: &Path) -> Option<Vec<u8>> {
    let path = folder.join(SALT);
    let salt = access::is_own_file(&path).then(|| fs::read(&path).ok())??;
    (salt.len() >= SALTED).then_some(salt)
}

/// The same, made if there is none: two that make one at once agree on the first.
pub(super) fn make_salt(folder: &Path) -> io::Result<Vec<u8>> {
    if let Some(salt) = salt(folder) {
        return Ok(salt);
    }
    access::make(folder)?;
    // Keys of hash tables are drawn by the system.
    let drawn = (0..SALTED / 8).flat_map(|n| RandomState::new().hash_one(n).to_le_bytes());
    let drawn: Vec<u8> = drawn.collect();
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    file.write_all(&drawn)?;
    let path = folder.join(SALT);
    let Err(fault) = file.persist_noclobber(&path) else {
        return Ok(drawn);
    };
    if fault.error.kind() != io::ErrorKind::AlreadyExists {
        return Err(fault.error);
    }
    if let Some(salt) = salt(folder) {
        return Ok(salt);
    }
    // It is damaged, or no file of ours: what it named is not found any more.
    fault.file.persist(&path).map_err(|fault| fault.error)?;
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ours_by_their_hash_and_tell_parts_apart() {
        let name = of(b"salt", "prod/1 ü", &[b"a", b"bc"]);
        assert!(name.starts_with("prod%2F1%20%C3%BC-"), "{name}");
        assert!(is_ours(&name) && is_ours("r-0123456789abcdef"));
        for other in [
            "notes",
            "my-notes",
            "r-0123456789ABCDEF",
            "r-0123456789abcde",
        ] {
            assert!(!is_ours(other), "{other}");
        }
        assert_ne!(name, of(b"salt", "prod/1 ü", &[b"ab", b"c"]));
        assert_ne!(name, of(b"pepper", "prod/1 ü", &[b"a", b"bc"]));
    }

    #[test]
    fn the_salt_is_made_once_and_anew_where_it_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("runs");
        assert_eq!(salt(&at), None);
        let first = make_salt(&at).unwrap();
        assert_eq!(
            (first.len(), make_salt(&at).unwrap()),
            (SALTED, first.clone())
        );
        fs::write(at.join(SALT), "short").unwrap();
        let second = make_salt(&at).unwrap();
        assert_ne!(second, first);
        assert_eq!(salt(&at), Some(second));
    }
}
