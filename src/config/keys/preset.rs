//! Key maps for hands that know another program: what differs from the built-in one, and nothing else.

/// Each preset with its text, in the order in which they are told.
pub const PRESETS: &[(&str, &str)] = &[
    ("vim", include_str!("../../../assets/keys/vim.toml")),
    ("arrows", include_str!("../../../assets/keys/arrows.toml")),
    ("k9s", include_str!("../../../assets/keys/k9s.toml")),
    ("less", include_str!("../../../assets/keys/less.toml")),
    ("tmux", include_str!("../../../assets/keys/tmux.toml")),
];

#[cfg(test)]
mod tests {
    use super::super::{check, defaults, preset, tests::means};
    use super::*;
    use crate::app::{
        action::Action,
        keymap::{Mode, Origin},
    };

    #[test]
    fn presets_have_no_fault_and_leave_every_action_a_key() {
        let built_in = defaults();
        for (name, text) in PRESETS {
            let mut map = defaults();
            assert_eq!(
                super::super::lay(&mut map, text, |_| Origin::default()),
                [],
                "{name}"
            );
            let map = preset(name).unwrap();
            for mode in Mode::ALL {
                for (_, action) in built_in.hints(mode) {
                    assert!(
                        map.key_for(mode, action).is_some(),
                        "{name} leaves {} no key in {}",
                        action.name(),
                        mode.name()
                    );
                }
            }
            assert_eq!(check(&built_in, &map, &[]), [], "{name}");
        }
    }

    #[test]
    fn hands_find_the_keys_they_know() {
        let table = [
            ("vim", Mode::Tree, "g g", Action::MoveFirst),
            ("vim", Mode::Tree, "ctrl-w 3", Action::FocusDetail),
            ("vim", Mode::Detail, "ctrl-w w", Action::FocusNext),
            ("arrows", Mode::Tree, "f1", Action::Help),
            ("arrows", Mode::Tree, "ctrl-home", Action::MoveFirst),
            ("arrows", Mode::Detail, "f3", Action::SearchNext),
            ("k9s", Mode::Tree, "/", Action::Filter),
            ("k9s", Mode::Tree, "d", Action::Open),
            ("k9s", Mode::Tree, "ctrl-r", Action::Refresh),
            ("less", Mode::Detail, "space", Action::PageDown),
            ("less", Mode::Tree, "b", Action::PageUp),
            ("less", Mode::Tree, "h", Action::Help),
        ];
        for (name, mode, keys, action) in table {
            let map = preset(name).unwrap();
            assert_eq!(means(&map, mode, keys), Some(action), "{keys} in {name}");
        }
        let tmux = preset("tmux").unwrap();
        assert_eq!(means(&tmux, Mode::Tree, "ctrl-b"), None, "tmux takes it");
        let vim = preset("vim").unwrap();
        assert!(vim.counts);
        assert_eq!(means(&vim, Mode::Tree, "3"), None, "digits count");
    }

    #[test]
    fn a_file_lies_over_the_preset_that_it_names_wherever_it_does() {
        let mut map = defaults();
        let text = "[tree]\n\"d\" = \"view\"\n";
        let faults = super::super::merge(&mut map, &format!("preset = \"k9s\"\n{text}"));
        assert_eq!(faults, []);
        assert_eq!(means(&map, Mode::Tree, "d"), Some(Action::View));
        assert_eq!(means(&map, Mode::Tree, "/"), Some(Action::Filter));
        let faults = super::super::merge(&mut defaults(), "preset = \"vi\"\ncounts = 1\n");
        assert_eq!(faults.len(), 2);
        assert!(faults[0].what.contains("vim"), "{faults:?}");
    }
}
