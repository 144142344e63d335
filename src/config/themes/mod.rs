//! The themes: the bundled ones, and `themes/NAME.toml` beside the configuration. What is wrong in a file
//! is named with its line and left out; what remains of it holds. Nothing is painted here.

mod look;
mod read;

use std::{fs, io, path::Path, sync::Arc};

use self::read::Draft;
use super::warning::Warning;
use crate::{
    app::theme::{Theme, instead},
    source::reason,
};

/// The bundled themes, each after the one that it is based on.
const BUNDLED: [(&str, &str); 6] = [
    ("ansi", include_str!("../../../assets/themes/ansi.toml")),
    ("mono", include_str!("../../../assets/themes/mono.toml")),
    (
        "high-contrast",
        include_str!("../../../assets/themes/high-contrast.toml"),
    ),
    ("light", include_str!("../../../assets/themes/light.toml")),
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("cb", include_str!("../../../assets/themes/cb.toml")),
];

/// The folder of themes, beside the configuration.
const FOLDER: &str = "themes";

/// The bundled themes, by name.
pub fn bundled() -> Vec<Arc<Theme>> {
    let (mut themes, _) = read_bundled();
    themes.sort_by(|a, b| a.name.cmp(&b.name));
    themes
}

fn read_bundled() -> (Vec<Arc<Theme>>, Vec<Warning>) {
    let (mut themes, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in BUNDLED {
        let (draft, mut warnings) = Draft::read(name, &format!("{name}.toml"), text);
        let (theme, mut more) = draft.settle(Some(&themes));
        themes.push(Arc::new(theme));
        faults.append(&mut warnings);
        faults.append(&mut more);
    }
    (themes, faults)
}

/// The bundled themes and those beside the configuration, by name, and what is wrong with the latter.
pub(super) fn load(config: &Path) -> (Vec<Arc<Theme>>, Vec<Warning>) {
    let mut themes = bundled();
    let (drafts, mut warnings) = drafts(&config.with_file_name(FOLDER));
    let mut own: Vec<Arc<Theme>> = Vec::new();
    let mut waiting = drafts;
    // A theme may be based on one that is read later, and one of a bundled name on the bundled one.
    while !waiting.is_empty() {
        let waits = |name: &str| waiting.iter().any(|draft| draft.name == name);
        let is_bundled = |name: &str| themes.iter().any(|theme| theme.name == name);
        let is_ready = |draft: &Draft| {
            let base = draft.base();
            base.is_none_or(|base| !waits(base) || (base == draft.name && is_bundled(base)))
        };
        let next = waiting.iter().position(is_ready);
        let draft = waiting.remove(next.unwrap_or_default());
        let bases: Vec<_> = own.iter().chain(&themes).cloned().collect();
        let (theme, mut faults) = draft.settle(next.is_some().then_some(bases.as_slice()));
        warnings.append(&mut faults);
        own.push(Arc::new(theme));
    }
    themes.retain(|theme| own.iter().all(|own| own.name != theme.name));
    themes.append(&mut own);
    themes.sort_by(|a, b| a.name.cmp(&b.name));
    (themes, warnings)
}

/// What the files of a folder say. It need not be there.
fn drafts(folder: &Path) -> (Vec<Draft>, Vec<Warning>) {
    let (mut drafts, mut warnings) = (Vec::new(), Vec::new());
    let unreadable = |path: &Path, fault: &io::Error| Warning {
        file: path.display().to_string(),
        line: None,
        message: format!("cannot be read: {}", reason(fault)),
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(fault) => {
            if fault.kind() != io::ErrorKind::NotFound {
                warnings.push(unreadable(folder, &fault));
            }
            return (drafts, warnings);
        }
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    for path in paths {
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        match fs::read_to_string(&path) {
            Err(fault) => warnings.push(unreadable(&path, &fault)),
            Ok(text) => {
                let (draft, mut faults) = Draft::read(name, &path.display().to_string(), &text);
                drafts.push(draft);
                warnings.append(&mut faults);
            }
        }
    }
    (drafts, warnings)
}

/// The name that a configuration gives, or what is wrong with it. The message quotes no value.
pub(super) fn known(themes: &[Arc<Theme>], name: &str) -> Result<(), String> {
    if themes.iter().any(|theme| theme.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = themes.iter().map(|theme| theme.name.as_str()).collect();
    Err(format!(
        "`theme`: there is no such theme{}",
        instead(name, &names)
    ))
}

#[cfg(test)]
mod tests;
