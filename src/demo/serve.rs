//! The demo's servers alone, for other programs to connect to: says where they are and runs until it
//! is interrupted. With a file name it writes a configuration for them, and their keys beside it.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};

use super::{Demo, Server, clock::Clock};
use crate::model::AuthScheme;

/// The first line of a configuration written here, by which it is known again.
const MARK: &str = "# sortie's demo servers; good while they run.";

/// Runs the servers until SIGINT or SIGTERM. Keys go into files that only their owner can read.
pub async fn serve(config_out: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let demo = Demo::start(Clock::starting_now())?;
    if let Some(path) = config_out {
        write_config(path, demo.servers()).map_err(|fault| named(path, &fault))?;
    }
    for server in demo.servers() {
        writeln!(
            out,
            "{:<13} {}  {}",
            server.context, server.base_url, server.key
        )?;
    }
    if let Some(path) = config_out {
        writeln!(out, "configuration in {}", path.display())?;
    }
    out.flush()?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Says what could not be written; the system's own words do not.
fn named(path: &Path, fault: &io::Error) -> io::Error {
    let text = format!("cannot write {}: {fault}", path.display());
    io::Error::new(fault.kind(), text)
}

/// Makes the folder too where there is none: it is for keys, and for nobody else to look into.
fn write_config(path: &Path, servers: &[Server]) -> io::Result<()> {
    refuse_foreign(path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut config = format!("{MARK}\n");
    for server in servers {
        let key_file = key_file(path, server)?;
        write_private(&key_file, &server.key)?;
        let _ = write!(
            config,
            "\n[contexts.{}]\nprovider = {:?}\nbase_url = {:?}\nauth = {:?}\napi_key_file = {}\n",
            server.context,
            server.provider,
            server.base_url.as_str(),
            word(server.auth),
            quoted(&key_file.display().to_string()),
        );
    }
    write_private(path, &config)
}

/// A configuration that somebody wrote by hand is not replaced.
fn refuse_foreign(path: &Path) -> io::Result<()> {
    match fs::read(path) {
        Ok(there) if !there.starts_with(MARK.as_bytes()) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "it exists and is not from the demo",
        )),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// A JSON string is a TOML string too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `NAME.key` beside the configuration, by its absolute path.
fn key_file(config: &Path, server: &Server) -> io::Result<PathBuf> {
    Ok(std::path::absolute(config)?.with_file_name(format!("{}.key", server.context)))
}

fn write_private(path: &Path, content: &str) -> io::Result<()> {
    // A file that is there may have a wider mode, which opening it would keep.
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?
        .write_all(content.as_bytes())
}

fn word(auth: AuthScheme) -> &'static str {
    match auth {
        AuthScheme::Bearer => "bearer",
        AuthScheme::XApiKey => "x-api-key",
        AuthScheme::AgentKey => "agent-key",
        AuthScheme::None => "none",
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::config::Config;

    #[tokio::test]
    async fn the_written_configuration_connects_to_the_servers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not/there/demo.toml");
        let demo = Demo::start(Clock::starting_now()).unwrap();
        write_config(&path, demo.servers()).unwrap();
        write_config(&path, demo.servers()).unwrap();

        let loaded = Config::load(Some(&path), &|_| None).unwrap();
        assert!(loaded.warnings.is_empty());
        let names: Vec<_> = loaded.config.contexts.iter().map(|c| &c.name).collect();
        assert_eq!(
            names,
            [
                "demo-telnyx",
                "demo-vectara",
                "demo-agentex",
                "demo-elizaos"
            ]
        );
        for server in demo.servers() {
            let key = path.with_file_name(format!("{}.key", server.context));
            assert_eq!(fs::read_to_string(&key).unwrap(), server.key);
            let mode = fs::metadata(&key).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_configuration_of_ones_own_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, "[contexts.prod]").unwrap();
        let refused = write_config(&path, &[]).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "[contexts.prod]");
    }
}
