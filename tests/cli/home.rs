//! The program itself in a home of its own, with the services of the demo.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use sortie::demo::{Demo, clock::Clock};

pub struct Home {
    folder: tempfile::TempDir,
    demo: Demo,
}

pub const SERVICES: [(&str, &[&str]); 4] = [
    ("telnyx", &["TELNYX_BASE_URL", "TELNYX_API_KEY"]),
    ("vectara", &["VECTARA_BASE_URL", "VECTARA_API_KEY"]),
    ("agentex", &["AGENTEX_BASE_URL", "AGENTEX_SDK_API_KEY"]),
    ("elizaos", &["ELIZAOS_BASE_URL", "ELIZA_SERVER_AUTH_TOKEN"]),
];

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            demo: Demo::start(Clock::starting_now()).unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with the demo's services in its environment.
    pub fn program(&self, line: &str) -> Command {
        let mut command = self.bare(line);
        for (server, (_, [url, key])) in self.demo.servers().iter().zip(SERVICES.map(both)) {
            command
                .env(url, server.base_url.to_string())
                .env(key, &server.key);
        }
        command
    }

    /// The program with nothing but a home.
    pub fn bare(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sortie"));
        command
            .args(line.split(' '))
            .env_clear()
            .env("HOME", self.folder.path())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn stat(&self) -> Value {
        let out = self.bare("cache stat -o json").output().unwrap();
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// Of a service, the ids of runs that have ended.
    pub fn ended(&self, service: &str) -> Vec<String> {
        let out = self.program("runs --limit 0 --no-cache -o jsonl").output();
        let runs = lines(&out.unwrap().stdout).into_iter();
        let ended = runs.filter(|run| {
            let status = run["status"].as_str().unwrap();
            run["provider"] == service && ["succeeded", "failed"].contains(&status)
        });
        ended
            .map(|run| run["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn both((name, variables): (&'static str, &[&'static str])) -> (&'static str, [&'static str; 2]) {
    (name, variables.try_into().unwrap())
}

pub fn lines(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn fine(output: Output) -> Vec<u8> {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code();
    assert!(code.is_some_and(|code| code < 2), "{code:?}: {told}");
    output.stdout
}
