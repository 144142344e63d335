//! Shows an address in the person's browser, where there is one on the machine where the person is. Over
//! SSH, or without a display, there is none: then the address is told, and nothing is copied or run.

use std::{
    env,
    process::{Command, Stdio},
    thread,
};

/// Shows it, and says so; or says the address itself, for the person to open.
pub fn open(address: &str) -> Result<String, String> {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let there = place(
        ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
            .into_iter()
            .any(set),
        set("DISPLAY") || set("WAYLAND_DISPLAY") || cfg!(target_os = "macos"),
    );
    if let Some(why) = there {
        return Ok(format!("{why}: {address}"));
    }
    if !["http://", "https://"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
    {
        return Err(format!("this is no address of the web: {address}"));
    }
    let named = env::var("BROWSER").ok();
    let words = words(named.as_deref(), cfg!(target_os = "macos"));
    let Some((program, rest)) = words.split_first() else {
        return Ok(format!("there is no browser here: {address}"));
    };
    let started = Command::new(program)
        .args(rest)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            // Apart, so that one that ends is not left behind.
            thread::spawn(move || child.wait());
            Ok(format!("opened in {program}: {address}"))
        }
        Err(fault) => Err(format!(
            "{program} could not be started ({fault}): {address}"
        )),
    }
}

/// Why no browser of this machine would be seen; none where it would.
fn place(ssh: bool, display: bool) -> Option<&'static str> {
    match (ssh, display) {
        (true, _) => Some("over SSH the browser is yours"),
        (false, false) => Some("without a display there is no browser"),
        (false, true) => None,
    }
}

/// The program that opens addresses, with its arguments: the first of those in `$BROWSER`, else the
/// system's own.
fn words(named: Option<&str>, macos: bool) -> Vec<String> {
    let first = named.and_then(|list| list.split(':').find(|entry| !entry.trim().is_empty()));
    let words = first.and_then(|line| shell_words::split(line).ok());
    words
        .map(|words| words.into_iter().filter(|word| word != "%s").collect())
        .filter(|words: &Vec<String>| !words.is_empty())
        .unwrap_or_else(|| vec![if macos { "open" } else { "xdg-open" }.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_used_only_where_the_person_sees_it() {
        assert!(place(true, true).is_some() && place(true, false).is_some());
        assert!(place(false, false).is_some());
        assert_eq!(place(false, true), None);
    }

    #[test]
    fn the_named_browser_goes_before_the_system_s_own() {
        assert_eq!(
            words(Some("firefox --new-tab %s:lynx"), false),
            ["firefox", "--new-tab"]
        );
        assert_eq!(words(Some(""), false), ["xdg-open"]);
        assert_eq!(words(None, true), ["open"]);
    }
}
