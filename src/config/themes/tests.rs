//! Themes from files: what they say, what is wrong with them, and that the bundled ones are sound.

use std::fs;

use super::*;
use crate::{
    app::theme::{Look, Role},
    guard::ansi::{Colour, Ink},
};

fn rgb(red: u8, green: u8, blue: u8) -> Vec<Colour> {
    vec![Colour::Rgb(red, green, blue)]
}

/// The themes of a folder with these files, and what is told of them without the folder.
fn themes(files: &[(&str, &str)]) -> (Vec<Arc<Theme>>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let themes = folder.path().join("themes");
    fs::create_dir(&themes).unwrap();
    for (name, text) in files {
        fs::write(themes.join(name), text).unwrap();
    }
    let (found, warnings) = load(&folder.path().join("config.toml"));
    let start = format!("{}/", themes.display());
    let told = warnings.iter().map(|warning| {
        let told = warning.to_string();
        told.strip_prefix(&start).map(str::to_owned).unwrap_or(told)
    });
    (found, told.collect())
}

fn named<'t>(themes: &'t [Arc<Theme>], name: &str) -> &'t Theme {
    themes.iter().find(|theme| theme.name == name).unwrap()
}

#[test]
fn the_bundled_themes_have_no_fault_and_ansi_says_what_holds_without_any() {
    let (themes, faults) = read_bundled();
    assert_eq!(faults, []);
    let usual = Theme::default();
    assert_eq!(*named(&themes, "ansi"), usual);
    let mono = named(&themes, "mono");
    for role in Role::ALL {
        let colourless = Look {
            marks: role.usual().marks,
            ..Look::default()
        };
        assert_eq!(*mono.look(*role), colourless, "{role:?}");
    }
}

#[test]
fn the_page_to_begin_with_names_every_role() {
    let (_, text) = BUNDLED[0];
    for role in Role::ALL {
        let named = format!("\n{} = ", role.name());
        assert!(text.contains(&named), "{}", role.name());
    }
}

#[test]
fn a_theme_keeps_of_its_base_what_it_does_not_name() {
    let own = "base = \"dark\"\n[roles]\nfailed = \"#ff0000 bold underline\"\nsoft = 1\n\
               tool = { fg = 208, bg = \"bright-red\", italic = true, bold = false }\n\
               hit = \"black on #ffcc00/yellow\"\n";
    let (themes, told) = themes(&[("mine.toml", own)]);
    assert_eq!(
        told,
        [
            "mine.toml:4: `roles.soft` must be a text like \"red bold\", or { fg = \"red\", bold = true }"
        ]
    );
    let (mine, dark) = (named(&themes, "mine"), named(&themes, "dark"));
    assert!(mine.paints);
    assert_eq!(mine.look(Role::Plain), dark.look(Role::Plain));
    let failed = mine.look(Role::Failed);
    assert_eq!(failed.fore, rgb(255, 0, 0));
    assert_eq!(failed.marks, Ink::BOLD | Ink::UNDERLINE);
    let tool = mine.look(Role::Tool);
    assert_eq!(tool.fore, [Colour::Table(208)]);
    assert_eq!(tool.back, [Colour::Table(9)]);
    assert_eq!(tool.marks, Ink::ITALIC);
    let hit = mine.look(Role::Hit);
    assert_eq!(hit.fore, [Colour::Table(0)]);
    assert_eq!(hit.back, [Colour::Rgb(255, 204, 0), Colour::Table(3)]);
}

#[test]
fn a_wrong_line_is_named_with_file_and_line_and_the_rest_holds() {
    let broken = "base = \"drak\"\npaint = true\n[roles]\nfaild = \"red\"\nsoft = \"yelow bold\"\n\
                  tool = { fg = \"#12345\", bold = true, blink = true }\nuser = \"green on\"\n\
                  ok = \n";
    let (themes, told) = themes(&[("broken.toml", broken), ("notes.txt", "not a theme")]);
    let starts = [
        "broken.toml:1: `base`: there is no such theme; did you mean dark? There are ansi,",
        "broken.toml:2: unknown key `paint`",
        "broken.toml:4: unknown role `roles.faild`; did you mean `failed`?",
        "broken.toml:5: `roles.soft` has a word that is neither",
        "broken.toml:6: `roles.tool.fg` must be a colour: \"#rrggbb\"",
        "broken.toml:6: unknown key `roles.tool.blink`",
        "broken.toml:7: `roles.user`: what stands behind `on` must be a colour",
        "broken.toml:8: not TOML",
    ];
    for start in starts {
        assert!(
            told.iter().any(|told| told.starts_with(start)),
            "{start}: {told:#?}"
        );
    }
    assert!(
        told.iter()
            .any(|told| told.ends_with("did you mean `yellow`?"))
    );
    assert!(
        told.iter().all(|told| !told.contains("12345")),
        "no value is quoted"
    );
    let theme = named(&themes, "broken");
    assert_eq!(theme.look(Role::Soft).marks, Ink::BOLD);
    assert_eq!(theme.look(Role::Tool).marks, Ink::BOLD);
    assert_eq!(theme.look(Role::User).fore, [Colour::Table(2)]);
    assert_eq!(*theme.look(Role::Failed), Role::Failed.usual());
}

#[test]
fn a_background_is_painted_only_by_a_theme_that_says_so_and_has_one() {
    let (themes, told) = themes(&[
        ("bare.toml", "paint_background = true\n"),
        ("flat.toml", "base = \"light\"\npaint_background = false\n"),
        ("shy.toml", "[roles]\nplain = \"black on white\"\n"),
    ]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("bare.toml:1: a painted background needs the role `plain`"));
    assert!(told[1].starts_with("shy.toml:2: the bg of `plain` is painted only where"));
    for name in ["bare", "flat", "shy"] {
        let theme = named(&themes, name);
        assert!(
            !theme.paints && theme.look(Role::Plain).back.is_empty(),
            "{name}"
        );
    }
    let light = named(&themes, "light");
    assert_eq!(
        named(&themes, "flat").look(Role::Soft),
        light.look(Role::Soft)
    );
}

#[test]
fn themes_are_based_on_each_other_in_any_order_and_a_circle_is_told() {
    let (themes, told) = themes(&[
        ("a.toml", "base = \"b\"\n"),
        ("b.toml", "base = \"dark\"\n[roles]\nsoft = \"blue\"\n"),
        ("dark.toml", "base = \"dark\"\n[roles]\nuser = \"red\"\n"),
        ("x.toml", "base = \"y\"\n"),
        ("y.toml", "base = \"x\"\n[roles]\nsoft = \"red\"\n"),
    ]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("x.toml:1: `base` comes back to this theme"),
        "{told:?}"
    );
    let a = named(&themes, "a");
    assert_eq!(a.look(Role::Soft).fore, [Colour::Table(4)]);
    assert_eq!(a.look(Role::User).fore, [Colour::Table(1)]);
    assert!(a.paints);
    let darks = themes.iter().filter(|theme| theme.name == "dark");
    assert_eq!(darks.count(), 1);
    assert_eq!(
        named(&themes, "y").look(Role::Soft).fore,
        [Colour::Table(1)]
    );
}
