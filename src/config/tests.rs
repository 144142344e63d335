use std::path::Path;

use super::*;
use crate::analysis::Rule;

mod broken;

struct Case {
    folder: tempfile::TempDir,
    env: Vec<(&'static str, String)>,
}

impl Case {
    fn new(env: &[(&'static str, &str)]) -> Self {
        let env = env.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            folder: tempfile::tempdir().unwrap(),
            env: env.collect(),
        }
    }

    fn write(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("sortie/config.toml");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn load(&self, flag: Option<&Path>) -> Loaded {
        let env = |name: &str| match name {
            "XDG_CONFIG_HOME" => Some(self.folder.path().display().to_string()),
            "HOME" => Some("/home/somebody".to_owned()),
            _ => {
                let found = self.env.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone())
            }
        };
        Config::load(flag, &env).unwrap()
    }

    /// The warnings of a file, without its path.
    fn faults(text: &str) -> Vec<String> {
        let case = Self::new(&[]);
        case.write(text);
        let path = case.folder.path().join("sortie/config.toml");
        let path = path.display().to_string();
        let warnings = case.load(None).warnings;
        warnings
            .iter()
            .map(|warning| warning.to_string().replace(&path, "config.toml"))
            .collect()
    }
}

fn names(loaded: &Loaded) -> Vec<&str> {
    let contexts = loaded.config.contexts.iter();
    contexts.map(|context| context.name.as_str()).collect()
}

const ELIZA: (&str, &str) = ("ELIZAOS_BASE_URL", "http://127.0.0.1:3000");

#[test]
fn the_environment_adds_only_services_that_the_file_has_not() {
    let lab = "[contexts.lab]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:1\"\n";
    let other = "[contexts.a]\nprovider = \"agentex\"\nbase_url = \"http://127.0.0.1:1\"\n";
    let broken = "[contexts.lab]\nprovider = \"elizaos\"\nbase_url = \"nonsense\"\n";
    for (file, by_flag, expected) in [
        ("", false, vec!["elizaos"]),
        (lab, false, vec!["lab"]),
        (other, false, vec!["a", "elizaos"]),
        (broken, false, vec![]),
        (other, true, vec!["a"]),
        ("", true, vec![]),
    ] {
        let case = Case::new(&[ELIZA]);
        let path = case.write(file);
        let loaded = case.load(by_flag.then_some(path.as_path()));
        assert_eq!(names(&loaded), expected, "{file:?} by flag: {by_flag}");
    }
}

#[test]
fn contexts_keep_the_order_of_the_file() {
    let case = Case::new(&[]);
    let one = |name: &str| {
        format!("[contexts.{name}]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:1\"\n")
    };
    case.write(&[one("zoo"), one("bar"), one("mid")].concat());
    assert_eq!(names(&case.load(None)), ["zoo", "bar", "mid"]);
}

#[test]
fn the_screen_begins_with_the_view_that_all_contexts_in_use_name() {
    let one = |name: &str, view: &str| {
        format!(
            "[contexts.{name}]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:1\"\n{view}\n"
        )
    };
    let view = |name: &str| format!("view = \"{name}\"");
    let start = "start = \"view:all\"\n";
    for (file, expected) in [
        (one("a", &view("oncall")), Some("oncall")),
        (
            one("a", &view("oncall")) + &one("b", &view("oncall")),
            Some("oncall"),
        ),
        (one("a", &view("oncall")) + &one("b", ""), None),
        (one("a", ""), None),
        (start.to_owned() + &one("a", ""), Some("all")),
        (
            start.to_owned() + &one("a", &view("x")) + &one("b", &view("y")),
            Some("all"),
        ),
        (start.to_owned() + &one("a", &view("x")), Some("x")),
        (one("a", &view("on call")), None),
    ] {
        let case = Case::new(&[]);
        case.write(&file);
        assert_eq!(case.load(None).config.view(), expected, "{file}");
    }
}

#[test]
fn wrong_lines_are_named_and_the_rest_holds() {
    let text = "\
strat = \"missions\"
start = \"outbox\"
[load]
evnets = 5
bytes = \"lots\"
events = 7
[time]
zone = \"Mars/Olympus\"
[contexts.lab]
provider = \"elizaos\"
base_url = \"http://127.0.0.1:3000\"
porvider = \"x\"
idle_timeout = \"soon\"
insecure = \"no\"
[contexts.odd]
provider = \"elisaos\"
";
    assert_eq!(
        Case::faults(text),
        [
            "config.toml:1: unknown key `strat`; did you mean `start`?",
            "config.toml:2: `start` must be \"missions\", \"inbox\", \"last\" or \"view:NAME\"",
            "config.toml:4: unknown key `load.evnets`; did you mean `events`?",
            "config.toml:5: `load.bytes` must be a number of bytes, or a text like \"64 MiB\"",
            "config.toml:8: `time.zone` must be \"utc\", \"local\" or a name like \"Europe/Amsterdam\"",
            "config.toml:12: unknown key `contexts.lab.porvider`; did you mean `provider`?",
            "config.toml:13: `contexts.lab.idle_timeout` must be a duration like \"20s\"",
            "config.toml:14: `contexts.lab.insecure` must be true or false",
            "config.toml:15: context `odd` is left out: `provider` is unknown",
            "config.toml:16: `contexts.odd.provider` must be one of telnyx, vectara, agentex, elizaos; did you mean `elizaos`?",
        ]
    );
    let case = Case::new(&[]);
    case.write(text);
    let config = case.load(None).config;
    assert_eq!(config.load.events, 7);
    assert_eq!(config.load.bytes, Load::default().bytes);
    assert_eq!(config.contexts[0].name, "lab");
    assert_eq!(config.broken[0].name, "odd");
}

#[test]
fn broken_syntax_is_named_and_what_follows_still_read() {
    let text = "start = = 1\n[load]\nevents = 9\n";
    let faults = Case::faults(text);
    let case = Case::new(&[]);
    case.write(text);
    assert_eq!(case.load(None).config.load.events, 9);
    assert!(
        faults[0].starts_with("config.toml:1: not TOML"),
        "{faults:?}"
    );
}

#[test]
fn literal_keys_are_refused_and_not_repeated() {
    for (line, instead) in [
        ("api_key = \"sk-hunter22\"", "api_key_env"),
        ("token = \"sk-hunter22\"", "api_key_env"),
        ("client_secret = \"sk-hunter22\"", "client_secret_env"),
        ("api_key_env = \"sk-hunter22\"", "the name of a variable"),
        (
            "api_key_env = \"KEY0189ABhunter22CDEF_x7\"",
            "the name of a variable",
        ),
        (
            "headers = { Authorization = \"Bearer sk-hunter22\" }",
            "env:VARIABLE",
        ),
        (
            "headers = { X-Tenant-Token = \"sk-hunter22\" }",
            "env:VARIABLE",
        ),
        (
            "base_url = \"https://me:sk-hunter22@a.example\"",
            "user or password",
        ),
        ("api_key = sk-hunter22", "not TOML"),
    ] {
        let text = format!("[contexts.a]\nprovider = \"telnyx\"\n{line}\n");
        let faults = Case::faults(&text);
        let fault = faults.iter().find(|fault| fault.contains("config.toml:3"));
        assert!(
            fault.is_some_and(|fault| fault.contains(instead)),
            "{faults:?}"
        );
        assert!(!faults.concat().contains("hunter"), "{faults:?}");
    }
}

#[test]
fn names_of_variables_may_be_long_or_have_digits() {
    for name in ["TELNYX_API_KEY", "key2", "PROD_EU_2_TELNYX_KEY_2026", "_k"] {
        let text = format!("[contexts.a]\nprovider = \"telnyx\"\napi_key_env = \"{name}\"\n");
        assert_eq!(Case::faults(&text), [""; 0], "{name}");
    }
}

#[tokio::test]
async fn a_refused_key_is_the_reason_why_there_is_no_credential() {
    let case = Case::new(&[("OTHER", "k")]);
    case.write(
        "[contexts.a]\nprovider = \"telnyx\"\nbase_url = \"http://127.0.0.1:9\"\napi_key = \"sk-hunter22\"\n",
    );
    let config = case.load(None).config;
    let connection = resolve(&config.contexts[0], &|_| None).await;
    let crate::fetch::Auth::Missing(trouble) = &connection.auth else {
        panic!("there is a credential");
    };
    let shown = trouble.to_string();
    assert!(
        shown.contains("literal `api_key`") && shown.contains(":4"),
        "{shown}"
    );
    assert_eq!(credential_source(&connection), None);
}

#[test]
fn paths_start_at_home_or_at_the_file() {
    let case = Case::new(&[]);
    case.write(
        "[contexts.a]\nprovider = \"telnyx\"\nbase_url = \"http://127.0.0.1:9\"\napi_key_file = \"k\"\nca_file = \"~/ca\"\n",
    );
    let config = case.load(None).config;
    let beside = case.folder.path().join("sortie/k");
    assert_eq!(
        config.contexts[0].credential,
        Credential::Key(Secret::File(beside))
    );
    assert_eq!(
        config.contexts[0].ca_file.as_deref(),
        Some(Path::new("/home/somebody/ca"))
    );
}

#[test]
fn commands_are_lists_or_shell_words() {
    let case = Case::new(&[]);
    case.write(
        "[contexts.a]\nprovider = \"telnyx\"\nbase_url = \"http://127.0.0.1:9\"\napi_key_command = \"pass show 'a b'\"\n",
    );
    let words = ["pass", "show", "a b"].map(str::to_owned).to_vec();
    let config = case.load(None).config;
    assert_eq!(
        config.contexts[0].credential,
        Credential::Key(Secret::Command(words))
    );
}

#[test]
fn a_file_named_by_flag_must_be_there() {
    let fault = Config::load(Some(Path::new("/no/such.toml")), &|_| None)
        .err()
        .unwrap();
    assert!(fault.to_string().contains("/no/such.toml"), "{fault}");
    let loaded = Case::new(&[]).load(None);
    assert!(!loaded.config.found && loaded.warnings.is_empty());
}

#[test]
fn the_default_file_shows_every_key_and_means_the_defaults() {
    assert_eq!(Case::faults(DEFAULT), [""; 0]);
    let shown: Vec<&str> = DEFAULT
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .collect();
    let shown = shown.join("\n");
    assert_eq!(Case::faults(&shown), [""; 0]);
    let case = Case::new(&[]);
    case.write(&shown);
    let config = case.load(None).config;
    assert_eq!(config.load, Load::default());
    assert_eq!(config.zone, Zone::default());
    for key in fields::KNOWN {
        let known_elsewhere = key == "client_secret_file" || key == "client_secret_command";
        assert!(
            known_elsewhere || DEFAULT.contains(&format!("# {key} = ")),
            "{key}"
        );
    }
}

#[test]
fn rules_are_switched_for_all_tools_and_for_some() {
    let case = Case::new(&[]);
    case.write(
        "[rules]\nempty = false\n[rules.tools.\"web.*\"]\nhttp-status = false\nempty = true\n",
    );
    let rules = case.load(None).config.rules;
    assert!(!rules.allows(Rule::Empty, "search") && rules.allows(Rule::Empty, "web.search"));
    assert!(rules.allows(Rule::HttpStatus, "search"));
    assert!(!rules.allows(Rule::HttpStatus, "web.search"));
    assert!(Case::new(&[]).load(None).config.rules.is_default());
}

#[test]
fn wrong_switches_are_named() {
    let text = "[rules]\nemtpy = false\nhtml = \"no\"\n[rules.tools.\"web.*\"]\nhtlm = true\n";
    assert_eq!(
        Case::faults(text),
        [
            "config.toml:2: unknown rule `rules.emtpy`; did you mean `empty`?",
            "config.toml:3: `rules.html` must be true or false",
            "config.toml:5: unknown rule `rules.tools.\"web.*\".htlm`; did you mean `html`?",
        ]
    );
    assert_eq!(
        Case::faults("rules = 1\n"),
        ["config.toml:1: `rules` must be a section, `[rules]`"]
    );
}

#[test]
fn columns_are_read_and_wrong_ones_are_named() {
    let text = "[columns]\nruns = [\"+tokens\", \"+duratoin\", \"+refund:payload.amount\"]\nevents = \"id\"\nrnus = []\n";
    assert_eq!(
        Case::faults(text),
        [
            "config.toml:2: `columns.runs` wants a column: none of runs is called \"duratoin\"; nearest: duration",
            "config.toml:3: `columns.events` must be a list like [\"+tokens\", \"-started\"]",
            "config.toml:4: unknown key `columns.rnus`; did you mean `runs`?",
        ]
    );
    let case = Case::new(&[]);
    case.write(text);
    let columns = case.load(None).config.columns;
    assert_eq!(columns.runs.to_string(), "+tokens +refund:payload.amount");
    assert!(columns.events.is_usual());
}

#[test]
fn ways_of_copies_and_tools_are_read_and_wrong_ones_are_named() {
    use crate::term::copy::Route;
    let case = Case::new(&[]);
    case.write(
        "[copy]\nroute = [\"osc52\", \"file\"]\nosc52_max = \"3 K\"\n[tools.\"pay.*\"]\n\
         url = \"https://mcp.example/rpc\"\ntransport = \"mcp\"\n\
         headers = { Authorization = \"Bearer env:PAY_TOKEN\" }\n",
    );
    let config = case.load(None).config;
    assert_eq!(config.copy.order, Some(vec![Route::Osc52, Route::File]));
    assert_eq!(config.copy.osc52_max, Some(3 * 1024));
    assert_eq!((config.tools.len(), config.tools[0].headers.len()), (1, 1));
    let text = "[copy]\nroute = \"carrier pigeon\"\n[tools.a]\nurl = \"ftp://x\"\n[tools.b]\n\
                url = \"https://x\"\nheaders = { Authorization = \"Bearer abc\" }\n";
    let faults = Case::faults(text).join("\n");
    for told in [
        "must be \"auto\", one of",
        "must begin with http://",
        "holds a secret: name its variable",
    ] {
        assert!(faults.contains(told), "{told}: {faults}");
    }
    assert!(!faults.contains("abc"), "{faults}");
}

#[test]
fn masking_takes_what_is_allowed_and_patterns_and_names_what_is_wrong() {
    let text = "[mask]\noff = [\"card-number\", \"card-nubmer\"]\nallow = [\"hunter2\", 7]\nallow_key = []\n\
        [mask.rules]\nbadge = \"EMP-[0-9]{6}\"\nbroken = \"EMP-[0-9\"\nnothing = \"x*\"\n";
    assert_eq!(
        Case::faults(text),
        [
            "config.toml:2: unknown rule of masking `card-nubmer`; did you mean `card-number`?",
            "config.toml:3: `mask.allow` must hold texts that are not empty",
            "config.toml:4: unknown key `mask.allow_key`; did you mean `allow_keys`?",
            "config.toml:7: `mask.rules.broken` is no pattern: unclosed character class",
            "config.toml:8: `mask.rules.nothing` matches nothing at all, and so would every text",
        ]
    );
}
