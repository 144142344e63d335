//! The `[notify]` section: what somebody is told of who looks elsewhere, by which ways, and how often.

use std::time::Duration;

use toml::{Spanned, de::DeValue};

use super::{
    duration::parse_duration,
    file::in_order,
    warning::{Warnings, suggestion},
};
use crate::{app::notify::On, term::notify::Ways};

const KEYS: [&str; 6] = ["on", "bell", "osc9", "osc777", "hook", "every"];

/// How somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    /// What rings without a condition.
    pub on: On,
    /// Through the terminal.
    pub ways: Ways,
    /// A program and its arguments; empty: none.
    pub hook: Vec<String>,
    /// No more often than this.
    pub every: Duration,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            on: On {
                failure: true,
                end: true,
            },
            ways: Ways::default(),
            hook: Vec::new(),
            every: Duration::from_secs(10),
        }
    }
}

/// Reads the section into `notify`.
pub(super) fn read(value: &Spanned<DeValue<'_>>, notify: &mut Notify, warnings: &mut Warnings<'_>) {
    let Some(table) = value.get_ref().as_table() else {
        warnings.add(value.span().start, "`notify` must be a section, `[notify]`");
        return;
    };
    for (key, value) in in_order(table) {
        let word = key.get_ref().as_ref();
        if !KEYS.contains(&word) {
            let near = suggestion(word, &KEYS);
            warnings.add(
                key.span().start,
                format!("unknown key `notify.{word}`{near}"),
            );
        } else if let Err(fault) = take(notify, word, value.get_ref()) {
            warnings.add(value.span().start, format!("`notify.{word}` {fault}"));
        }
    }
}

fn take(notify: &mut Notify, key: &str, value: &DeValue<'_>) -> Result<(), &'static str> {
    let yes = || value.as_bool().ok_or("must be true or false");
    match key {
        "on" => notify.on = on(value)?,
        "bell" => notify.ways.bell = yes()?,
        "osc9" => notify.ways.osc9 = yes()?,
        "osc777" => notify.ways.osc777 = yes()?,
        "hook" => notify.hook = hook(value)?,
        _ => {
            let text = value.as_str().ok_or(NO_TIME)?;
            notify.every = parse_duration(text).map_err(|_| NO_TIME)?;
        }
    }
    Ok(())
}

const NO_TIME: &str = "must be a span of time like \"10s\"; \"0s\" tells of everything";

fn on(value: &DeValue<'_>) -> Result<On, &'static str> {
    let fault = "must be a list of \"failure\" and \"end\", or empty";
    let mut on = On::default();
    for word in value.as_array().ok_or(fault)? {
        match word.get_ref().as_str() {
            Some("failure") => on.failure = true,
            Some("end") => on.end = true,
            _ => return Err(fault),
        }
    }
    Ok(on)
}

fn hook(value: &DeValue<'_>) -> Result<Vec<String>, &'static str> {
    let fault = "must be a program and its arguments, [\"program\", \"argument\"]";
    if let Some(line) = value.as_str() {
        return shell_words::split(line).map_err(|_| "has an open quote");
    }
    let words = value.as_array().ok_or(fault)?.iter();
    let words: Option<Vec<String>> = words
        .map(|word| word.get_ref().as_str().map(str::to_owned))
        .collect();
    words.ok_or(fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> (Notify, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let loaded = Config::load(Some(&file), &|_| None).unwrap();
        let warnings = loaded
            .warnings
            .iter()
            .map(|warning| warning.message.clone());
        (loaded.config.notify, warnings.collect())
    }

    #[test]
    fn everything_can_be_switched() {
        assert_eq!(read(""), (Notify::default(), Vec::new()));
        let text = "[notify]\non = [\"failure\"]\nbell = false\nosc9 = false\nosc777 = true\n\
                    hook = [\"notify-send\", \"a b\"]\nevery = \"1m\"\n";
        let (notify, warnings) = read(text);
        assert!(warnings.is_empty(), "{warnings:?}");
        let expected = Notify {
            on: On {
                failure: true,
                end: false,
            },
            ways: Ways {
                bell: false,
                osc9: false,
                osc777: true,
            },
            hook: vec!["notify-send".to_owned(), "a b".to_owned()],
            every: Duration::from_secs(60),
        };
        assert_eq!(notify, expected);
        assert_eq!(
            read("[notify]\non = []\nhook = \"a 'b c'\"\n").0.hook,
            ["a", "b c"]
        );
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_holds() {
        let (notify, warnings) =
            read("[notify]\non = [\"fail\"]\nbel = true\nevery = 3\nhook = [1]\nosc777 = true\n");
        assert!(notify.ways.osc777 && notify.on == Notify::default().on);
        for part in [
            "`notify.on` must",
            "`notify.bel`",
            "`notify.every` must",
            "`notify.hook` must",
        ] {
            assert!(
                warnings.iter().any(|told| told.contains(part)),
                "{part}: {warnings:?}"
            );
        }
    }
}
