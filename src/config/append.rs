//! A context written behind what a configuration says already: not a byte of that is touched. The key
//! itself is never written, only where it comes from.

use std::{
    fmt::Write as _,
    fs::{self, DirBuilder, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::Secret;
use crate::model::AuthScheme;

/// A context that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContext {
    /// Its name, which fits.
    pub name: String,
    /// The service's name.
    pub provider: &'static str,
    /// Where it is.
    pub base_url: String,
    /// How the key is sent, where it is not sent as it usually is.
    pub auth: Option<AuthScheme>,
    /// Where the key comes from; none where none is sent.
    pub key: Option<Secret>,
    /// The account on a hosted platform.
    pub account_id: Option<String>,
}

impl NewContext {
    /// The section as it stands in the file.
    pub fn section(&self) -> String {
        // Only a dot has a meaning of its own in the name of a section.
        let name = if self.name.contains('.') {
            quoted(&self.name)
        } else {
            self.name.clone()
        };
        let mut text = format!("[contexts.{name}]\n");
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key} = {value}");
        };
        line("provider", &quoted(self.provider));
        line("base_url", &quoted(&self.base_url));
        let auth = self.auth.map(|auth| match auth {
            AuthScheme::Bearer => "bearer",
            AuthScheme::XApiKey => "x-api-key",
            AuthScheme::AgentKey => "agent-key",
            AuthScheme::None => "none",
        });
        if let Some(auth) = auth {
            line("auth", &quoted(auth));
        }
        match &self.key {
            None => {}
            Some(Secret::Env(name)) => line("api_key_env", &quoted(name)),
            Some(Secret::File(path)) => line("api_key_file", &quoted(&path.display().to_string())),
            Some(Secret::Command(words)) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                line("api_key_command", &format!("[{}]", words.join(", ")));
            }
        }
        if let Some(id) = &self.account_id {
            line("account_id", &quoted(id));
        }
        text
    }

    /// The whole file with the section at its end.
    pub fn behind(&self, text: &str) -> String {
        let gap = match text {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        format!("{text}{gap}{}", self.section())
    }
}

/// A text as TOML writes it, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Puts a whole configuration in the place of `before`, which is none where there was none. A new file is
/// for its owner alone; one that is there keeps its mode, and where it is a link, what it leads to is
/// replaced. Fails where somebody changed the file meanwhile.
pub fn put_config(path: &Path, before: Option<&str>, text: &str) -> io::Result<()> {
    let path = match before {
        Some(_) => fs::canonicalize(path)?,
        None => path.to_path_buf(),
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".sortie-")
        .tempfile_in(&folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let Some(before) = before else {
        return match file.persist_noclobber(&path) {
            Ok(_) => Ok(()),
            Err(fault) => Err(fault.error),
        };
    };
    if fs::read(&path)? != before.as_bytes() {
        return Err(io::Error::other("it was changed meanwhile; start again"));
    }
    let mode = fs::metadata(&path)?.permissions().mode() & 0o777;
    file.as_file()
        .set_permissions(Permissions::from_mode(mode))?;
    file.persist(&path).map_err(|fault| fault.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Credential};

    fn new(name: &str, key: Option<Secret>) -> NewContext {
        NewContext {
            name: name.to_owned(),
            provider: "telnyx",
            base_url: "https://api.telnyx.com/v2".to_owned(),
            auth: None,
            key,
            account_id: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_before_it_changes() {
        let words = ["pa\"ss", "show", "a\\b\u{7}"].map(str::to_owned).to_vec();
        for (name, key) in [
            ("prod", Secret::Env("TELNYX_API_KEY".to_owned())),
            ("a.b-c_1", Secret::File(PathBuf::from("/k/ü ein key"))),
            ("c", Secret::Command(words)),
        ] {
            for before in [
                "",
                "start = \"inbox\"",
                "# mine\n",
                "[load]\nevents = 5\n\n",
            ] {
                let text = new(name, Some(key.clone())).behind(before);
                assert!(text.starts_with(before), "{text}");
                let loaded = Config::of_text(Path::new("/c.toml"), &text, &|_| None);
                assert!(loaded.warnings.is_empty(), "{text}: {:?}", loaded.warnings);
                let [context] = loaded.config.contexts.as_slice() else {
                    panic!("{text}");
                };
                assert_eq!(
                    (context.name.as_str(), &context.credential),
                    (name, &Credential::Key(key.clone()))
                );
            }
        }
    }

    #[test]
    fn a_new_file_is_private_and_an_old_one_keeps_its_mode_and_its_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sortie/config.toml");
        put_config(&path, None, "a").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), mode(&path)),
            ("a", 0o600)
        );
        assert!(put_config(&path, None, "b").is_err(), "it is there by now");
        assert!(put_config(&path, Some("x"), "b").is_err(), "it was changed");
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        put_config(&link, Some("a"), "ab").unwrap();
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), mode(&path)),
            ("ab", 0o644)
        );
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "no half of a file is left");
    }
}
