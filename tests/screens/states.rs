//! Everything that a load can come to, and a screen with nothing to load from.

use std::sync::Arc;
use std::time::Duration;

use sortie::app::help::Sought;
use sortie::config;
use sortie::model::{Ask, Got, Page, Record, RunStatus, Ticket, Time, Trouble};

use crate::desk::{Desk, setup};
use crate::library;
use crate::made::{ago, context, event, mission, rows, run};
use crate::picture::golden;

const CONTEXTS: [(&str, &str); 7] = [
    ("works", "telnyx"),
    ("refused", "telnyx"),
    ("limited", "vectara"),
    ("dead", "agentex"),
    ("silent", "elizaos"),
    ("vacant", "elizaos"),
    ("endless", "vectara"),
];

/// Contexts that are in every kind of trouble at once, a second after the start.
pub fn troubles(size: (u16, u16)) -> Desk {
    let contexts = CONTEXTS
        .iter()
        .map(|(name, provider)| context(name, provider));
    let mut desk = Desk::new(size, setup(contexts.collect()), answer);
    desk.wait(Duration::from_secs(1));
    desk
}

fn answer(ticket: &Ticket) -> Vec<(Ask, Got)> {
    let say = |got| vec![(ticket.ask.clone(), got)];
    let (name, _) = CONTEXTS[usize::from(ticket.context.0)];
    match (name, &ticket.ask) {
        ("works", Ask::Missions { .. }) => {
            rows(ticket, vec![mission("billing"), mission("triage")])
        }
        ("works", Ask::Runs { mission, .. }) if &**mission == "m-billing" => rows(
            ticket,
            vec![
                run("Nightly refunds", RunStatus::TimedOut),
                run("", RunStatus::Unknown),
            ],
        ),
        ("refused", _) => say(Got::Failed(Trouble::Refused {
            source_name: "TELNYX_API_KEY".to_owned(),
            message: "Authentication failed: the API key is not valid".to_owned(),
        })),
        ("limited", _) => say(Got::Waiting {
            trouble: Trouble::RateLimited {
                retry_after: Some(Duration::from_secs(30)),
                message: "too many requests".to_owned(),
            },
            until: Time(library::now().0 + 30_000_000_000),
        }),
        ("dead", _) => say(Got::Failed(Trouble::Unreachable {
            host: "agentex.example:443".to_owned(),
            cause: "connection refused".to_owned(),
        })),
        ("endless", Ask::Missions { page }) if page.index < 2 => {
            let from = page.index * 3;
            let missions = (from..from + 3)
                .map(|n| mission(&format!("agent {n}")))
                .collect();
            let mut said = rows(ticket, missions);
            let page = Page {
                cursor: Some(Arc::from("next")),
                index: page.index + 1,
                ..Page::default()
            };
            let more = Some(Ask::Missions { page });
            if let Some((_, done)) = said.last_mut() {
                *done = Got::Done { more };
            }
            said
        }
        ("silent", _) | ("endless", Ask::Missions { .. }) => Vec::new(),
        _ => say(Got::Done { more: None }),
    }
}

/// Somebody's first start.
pub fn nothing_configured(size: (u16, u16)) -> Desk {
    let mut setup = setup(Vec::new());
    let variables = config::environment_report(&|_| None).into_iter();
    let file = Sought::variable("/home/sam/.config/sortie/config.toml", false);
    setup.looked_for = std::iter::once(file)
        .chain(variables.map(|(name, found)| Sought::variable(name, found)))
        .collect();
    Desk::new(size, setup, |_| Vec::new())
}

#[test]
fn every_trouble_has_a_row_and_the_others_go_on() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = troubles(size);
        golden(&format!("troubles_{}x{}", size.0, size.1), &desk.text());
        for name in ["refused", "limited", "dead", "silent"] {
            desk.go_to(&format!("{name}  "));
            golden(
                &format!("trouble {name}_{}x{}", size.0, size.1),
                &desk.text(),
            );
        }
    }
}

#[test]
fn a_countdown_goes_down() {
    let mut desk = troubles((120, 40));
    assert!(
        desk.text().contains("trying again in 30 s"),
        "{}",
        desk.text()
    );
    desk.wait(Duration::from_secs(10));
    assert!(
        desk.text().contains("trying again in 20 s"),
        "{}",
        desk.text()
    );
    desk.wait(Duration::from_secs(25));
    assert!(desk.text().contains("trying again: "), "{}", desk.text());
}

#[test]
fn nothing_in_a_mission_and_runs_without_a_name() {
    let mut desk = troubles((120, 40));
    desk.go_to("triage").press("l");
    desk.go_to("billing").press("l");
    golden("empty lists", &desk.text());
}

#[test]
fn what_is_wrong_with_the_configuration_stands_where_it_was_looked_for() {
    let mut desk = nothing_configured((80, 24));
    let file = desk.app.looked_for.first_mut().unwrap();
    file.found = true;
    assert!(
        desk.press("?")
            .press("esc")
            .text()
            .contains("names no context")
    );
    let file = desk.app.looked_for.first_mut().unwrap();
    file.wrong = Some(format!(
        "{}:3: not TOML: no value after the equals sign",
        file.name
    ));
    let text = desk.press("?").press("esc").text();
    assert!(
        text.contains("✗ /home/sam/.config/sortie/config.toml:3: not TOML"),
        "{text}"
    );
}

#[test]
fn no_context_is_configured() {
    for size in [(60, 16), (80, 24), (120, 40)] {
        let mut desk = nothing_configured(size);
        golden(&format!("nothing_{}x{}", size.0, size.1), &desk.text());
        desk.press("?");
        golden(&format!("nothing help_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn a_wrong_line_in_the_config_is_told_at_the_start() {
    let mut setup = setup(vec![context("works", "telnyx")]);
    setup.warnings = vec![
        "config.toml: line 12: unknown key `time_zone`, did you mean `timezone`?".to_owned(),
        "keys.toml:3: `oppen` is not an action".to_owned(),
    ];
    let desk = Desk::new((80, 24), setup, answer);
    golden("warning", &desk.text());
}

#[test]
fn what_was_kept_of_a_run_that_may_go_on_says_how_old_it_is_until_it_is_read_anew() {
    let mut then = Some(ago(2 * 3600));
    let mut desk = Desk::new(
        (120, 40),
        setup(vec![context("claims", "vectara")]),
        move |ticket| {
            let told = match &ticket.ask {
                Ask::Missions { .. } => vec![mission("desk")],
                Ask::Runs { .. } => vec![run("Water damage", RunStatus::Succeeded)],
                Ask::Events { .. } => vec![Record::Event(event(2, "quote"))],
                _ => Vec::new(),
            };
            let mut said = rows(ticket, told);
            let kept = then.filter(|_| matches!(ticket.ask, Ask::Events { .. }));
            if let Some(at) = kept {
                said.insert(0, (ticket.ask.clone(), Got::Kept(at)));
                then = None;
            }
            said
        },
    );
    desk.open(&["desk"]).go_to("Water").press("enter");
    let header = desk.text().lines().next().unwrap().to_owned();
    assert!(
        header.contains("  kept 2h ago: R reads it anew"),
        "{header}"
    );
    desk.resize((80, 24));
    let header = desk.text().lines().next().unwrap().to_owned();
    assert!(header.contains("  kept 2h ago"), "{header}");
    desk.press("R");
    assert!(!desk.text().contains("kept"), "{}", desk.text());
}

/// A run whose list of events breaks off behind so many, on a screen of its own.
fn broken_off(events: i64, ends: fn() -> Got) -> String {
    let contexts = vec![context("works", "telnyx")];
    let mut desk = Desk::new((120, 40), setup(contexts), move |ticket| {
        let told = match &ticket.ask {
            Ask::Missions { .. } => vec![mission("billing")],
            Ask::Runs { .. } => vec![run("Nightly refunds", RunStatus::Failed)],
            // An even number is that of a result that is no error.
            Ask::Events { .. } => (1..=events)
                .map(|at| Record::Event(event(2 * at, "quote")))
                .collect(),
            _ => Vec::new(),
        };
        let mut said = rows(ticket, told);
        if let (Ask::Events { .. }, Some((_, end))) = (&ticket.ask, said.last_mut()) {
            *end = ends();
        }
        said
    });
    desk.open(&["billing"]).go_to("Nightly").press("enter");
    desk.text().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_header_claims_no_absence_of_failures_of_what_was_not_read() {
    let lost = || {
        Got::Failed(Trouble::Unreachable {
            host: "works.example:443".to_owned(),
            cause: "connection refused".to_owned(),
        })
    };
    let header = broken_off(0, lost);
    assert!(header.ends_with("  not read"), "{header}");
    let header = broken_off(2, lost);
    assert!(header.contains("  not read to its end"), "{header}");
    assert!(!header.contains("no failures"), "{header}");
    let header = broken_off(2, || Got::Done { more: None });
    assert!(header.contains("  no failures"), "{header}");
}
