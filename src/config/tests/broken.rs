//! Broken files: each is read as far as it can be, says where it is broken, and stops nothing.

use super::*;

const BEFORE: &str = "[contexts.before]\nprovider = \"elizaos\"\n";
const AFTER: &str = "[contexts.after]\nprovider = \"elizaos\"\n";

/// What stands between two contexts that are fine, a word that must be said of it, and whether what stands
/// behind it can still be read.
const BETWEEN: [(&str, &str, bool); 26] = [
    // not TOML
    ("[load\nevents = 5", "not TOML", true),
    ("[load]\nevents = ", "not TOML", true),
    ("[load]\nevents 5", "not TOML", true),
    ("= 5", "not TOML", true),
    ("start = \"inbox", "not TOML", true),
    ("[time]\nzone = utc", "not TOML", true),
    ("[rules]\nhtml = flase", "not TOML", true),
    ("[columns]\nruns = [\"+tokens\"", "not TOML", false),
    ("start = \"\"\"never closed", "not TOML", false),
    ("[contexts.before]\nprovider = \"telnyx\"", "not TOML", true),
    ("[load]\nevents = 1\nevents = 2", "not TOML", true),
    ("[time]\nzone = \"utc\" extra", "not TOML", true),
    ("\u{0}\u{1}\u{7}", "not TOML", true),
    ("]]}}", "not TOML", true),
    // TOML that means nothing
    (
        "[laod]\nevents = 5",
        "unknown key `laod`; did you mean `load`?",
        true,
    ),
    ("[load]\nevent = 5", "did you mean `events`?", true),
    ("[load]\nevents = \"many\"", "must be a whole number", true),
    ("[load]\nevents = -1", "must be a whole number", true),
    (
        "[load]\nbytes = 99999999999999999999999",
        "`load.bytes`",
        true,
    ),
    (
        "[load]\nbytes = \"64 parsecs\"",
        "must be a number of bytes",
        true,
    ),
    (
        "[time]\nzone = \"Mars/Olympus\"",
        "`time.zone` must be",
        true,
    ),
    ("[inbox]\nwindow = \"0s\"", "`inbox.window`", true),
    ("[cache]\nmax_mb = 1.5", "`cache.max_mb`", true),
    (
        "[contexts.odd]\nprovider = \"telnix\"",
        "context `odd` is left out",
        true,
    ),
    (
        "[contexts.odd]\napi_key = \"KEY-hunter22\"",
        "a key does not belong",
        true,
    ),
    (
        "[contexts.\"a b\"]\nprovider = \"elizaos\"",
        "letters, digits",
        true,
    ),
];

#[test]
fn every_broken_file_opens_with_what_can_be_read_and_names_its_line() {
    for (between, part, goes_on) in BETWEEN {
        let text = format!("{BEFORE}{between}\n{AFTER}");
        let case = Case::new(&[]);
        let path = case.write(&text);
        let loaded = case.load(None);
        let told: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
        let all = told.join("\n");
        assert!(all.contains(part), "{between:?}: {all}");
        assert!(!all.contains("hunter22"), "{all}");
        // Lines 3 and 4 are those between.
        let places = [3, 4, 5].map(|line| format!("{}:{line}: ", path.display()));
        let has_place = told
            .iter()
            .any(|one| places.iter().any(|place| one.starts_with(place)));
        assert!(has_place, "{between:?}: {all}");
        let known = names(&loaded);
        assert!(known.contains(&"before"), "{between:?}: {known:?} {all}");
        assert!(
            !goes_on || known.contains(&"after"),
            "{between:?}: {known:?} {all}"
        );
    }
}

#[test]
fn what_is_no_text_at_all_is_told_and_nothing_is_read() {
    let case = Case::new(&[ELIZA]);
    let path = case.write("");
    std::fs::write(&path, [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let loaded = case.load(None);
    assert_eq!(names(&loaded), ["elizaos"]);
    assert!(
        loaded.warnings[0].to_string().contains("cannot be read"),
        "{}",
        loaded.warnings[0]
    );
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let loaded = case.load(None);
    assert_eq!(
        (names(&loaded), loaded.warnings.len()),
        (vec!["elizaos"], 1)
    );
}

#[test]
fn what_is_to_be_mended_first_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let wrong = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let loaded = Config::load(Some(&path), &|_| None).unwrap();
        let wrong = loaded.config.wrong;
        wrong.map(|wrong| (wrong.line, wrong.is_torn()))
    };
    assert_eq!(wrong(BEFORE), None);
    assert_eq!(wrong("[laod]\nevents = 5"), Some((Some(1), false)));
    assert_eq!(
        wrong("[laod]\nevents = 5\n[load]\nevents = "),
        Some((Some(4), true))
    );
}
