//! The keys that hold on the screen: the built-in ones with the person's own laid over them.

use std::{io, path::Path};

use crate::{app::keymap::Keymap, config};

/// The built-in keys with `keys.toml` from beside the configuration laid over them.
pub(super) fn laid_over(config: &Path, warnings: &mut Vec<String>) -> Keymap {
    let mut map = config::keys::defaults();
    let path = config.with_file_name("keys.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let faults = config::keys::merge(&mut map, &text);
            let shown = path.display();
            warnings.extend(faults.iter().map(|fault| fault.in_file(&shown.to_string())));
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => warnings.push(format!("{}: {}", path.display(), fault.kind())),
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{action::Action, keymap::Mode};

    #[test]
    fn keys_beside_the_configuration_are_laid_over_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.toml");
        let mut warnings = Vec::new();
        let map = laid_over(&config, &mut warnings);
        assert!(warnings.is_empty(), "a file that is not there is no fault");
        assert_eq!(
            map.key_for(Mode::Tree, Action::ErrorNext).as_deref(),
            Some("e")
        );

        std::fs::write(
            folder.path().join("keys.toml"),
            "[tree]\n\"x\" = \"oppen\"\n\"e\" = \"none\"\n",
        )
        .unwrap();
        let map = laid_over(&config, &mut warnings);
        assert_eq!(map.key_for(Mode::Tree, Action::ErrorNext), None);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("keys.toml:2: "), "{warnings:?}");
    }
}
