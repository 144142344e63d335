//! What is asked and what is written, without a terminal.

use std::{fs, io::Cursor};

use super::*;

/// What came of it: the exit, what was printed and asked, and the file.
struct Told {
    exit: Exit,
    out: String,
    err: String,
    asked: String,
    file: Option<String>,
}

fn done(flags: &Init, before: Option<&str>, typed: Option<&str>) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/config.toml");
    if let Some(text) = before {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let global = Global {
        config: Some(path.clone()),
        ..Global::default()
    };
    let (mut out, mut err, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let mut lines = Cursor::new(typed.unwrap_or_default().to_owned());
    let mut asker = Asker {
        typed: &mut lines,
        told: &mut asked,
    };
    let someone = typed.is_some().then_some(&mut asker);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let work = perform(flags, &global, &|_| None, someone, &mut outlet);
    let exit = runtime.block_on(work).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Told {
        exit,
        out: text(out),
        err: text(err),
        asked: text(asked),
        file: fs::read_to_string(path).ok(),
    }
}

fn flags(change: impl Fn(&mut Init)) -> Init {
    let mut flags = Init {
        provider: Some("telnyx"),
        key_env: Some("TELNYX_API_KEY".to_owned()),
        no_test: true,
        ..Init::default()
    };
    change(&mut flags);
    flags
}

#[test]
fn flags_write_a_context_behind_what_is_there() {
    let mine = "# mine\nstart = \"inbox\"\n";
    let told = done(
        &flags(|flags| flags.name = Some("prod".to_owned())),
        Some(mine),
        None,
    );
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let expected = "# mine\nstart = \"inbox\"\n\n[contexts.prod]\nprovider = \"telnyx\"\n\
                    base_url = \"https://api.telnyx.com/v2\"\napi_key_env = \"TELNYX_API_KEY\"\n";
    assert_eq!(told.file.as_deref(), Some(expected));
    assert!(
        told.out.contains("Wrote context prod") && told.out.contains("sortie runs --context prod")
    );
}

#[test]
fn questions_write_the_same_and_refuse_a_key_that_was_pasted() {
    let key = "KEY0189F2A3B4C5D6E7F8091A2B3C4D5E6F_aBcDeFgHiJkLmNoPqRsTuV";
    // What does not fit is asked for again.
    let typed = format!("5\n2\nftp://x\nhttps://v.example/v2\n1\n{key}\nnot a name\nMY_KEY\n\n");
    let told = done(
        &Init {
            no_test: true,
            ..Init::default()
        },
        None,
        Some(&typed),
    );
    assert_eq!(told.exit, Exit::Ok, "{}{}", told.asked, told.err);
    let file = told.file.unwrap();
    assert!(
        file.starts_with(
            "[contexts.vectara]\nprovider = \"vectara\"\nbase_url = \"https://v.example/v2\"\n"
        ),
        "{file}"
    );
    assert!(file.ends_with("api_key_env = \"MY_KEY\"\n"), "{file}");
    for part in [
        "a number from 1 to 4",
        "must begin with http",
        "looks like a key itself",
        "MY_KEY is not set now",
    ] {
        assert!(told.asked.contains(part), "{part}: {}", told.asked);
    }
    let all = [told.asked, told.out, told.err, file].concat();
    assert!(!all.contains("KEY0189"), "{all}");
}

#[test]
fn what_cannot_be_written_leaves_the_file_as_it_was() {
    let taken = "[contexts.prod]\nprovider = \"elizaos\"\n";
    let inline = "contexts = { a = { provider = \"elizaos\" } }\n";
    let torn = "[contexts.x\nprovider = ";
    let named = |name: &'static str| move |flags: &mut Init| flags.name = Some(name.to_owned());
    for (flags, before, part) in [
        (
            flags(named("prod")),
            taken,
            "there is a context prod already",
        ),
        (flags(named("a b")), taken, "letters, digits"),
        (flags(named("new")), inline, "Mend it first"),
        (flags(named("x")), torn, "ortie config check"),
        (
            flags(|flags| flags.base_url = Some("https://u:pw@x".to_owned())),
            taken,
            "--base-url",
        ),
        (Init::default(), taken, "asks its questions on a terminal"),
    ] {
        let told = done(&flags, Some(before), None);
        assert_eq!(
            (told.exit, told.file.as_deref()),
            (Exit::Usage, Some(before)),
            "{part}: {}",
            told.err
        );
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
}

#[test]
fn answers_that_end_write_nothing() {
    let told = done(&Init::default(), None, Some("1\n"));
    assert_eq!((told.exit, told.file), (Exit::Usage, None));
    assert!(told.err.contains("nothing was written"), "{}", told.err);
}

#[test]
fn a_context_that_cannot_be_had_is_not_written_unless_somebody_wants_it() {
    let closed = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let flags = |base_url: String| Init {
        provider: Some("elizaos"),
        base_url: Some(base_url),
        no_key: true,
        ..Init::default()
    };
    let told = done(&flags(closed()), None, None);
    assert_eq!(
        (told.exit, told.file),
        (Exit::Service, None),
        "{}",
        told.err
    );
    assert!(
        told.err.contains("--no-test writes it all the same"),
        "{}",
        told.err
    );
    for (answer, written) in [("y", true), ("", false)] {
        let typed = format!("elizaos\n{}\n4\nlab\n{answer}\n", closed());
        let told = done(&Init::default(), None, Some(&typed));
        assert_eq!(told.file.is_some(), written, "{}{}", told.asked, told.err);
    }
}

#[test]
fn a_service_that_may_go_without_a_key_gets_none_unless_one_is_spoken_of() {
    let flags = |change: fn(&mut Init)| {
        let mut flags = Init {
            provider: Some("agentex"),
            base_url: Some("http://127.0.0.1:9".to_owned()),
            no_test: true,
            ..Init::default()
        };
        change(&mut flags);
        flags
    };
    let written = |flags: &Init| done(flags, None, None).file.unwrap();
    let open = written(&flags(|_| {}));
    assert!(!open.contains("key"), "{open}");
    let open = written(&flags(|flags| flags.provider = Some("elizaos")));
    assert!(!open.contains("key"), "{open}");
    let keyed = written(&flags(|flags| flags.auth = Some(AuthScheme::Bearer)));
    assert!(
        keyed.contains("api_key_env = \"AGENTEX_SDK_API_KEY\""),
        "{keyed}"
    );
}
