//! Texts that attack the terminal, scripts that are wide, and plans that are deep.

use sortie::app::ContextInfo;
use sortie::model::{Ask, Event, Mission, Record, Run, RunStatus};

use crate::desk::{Desk, setup};
use crate::made::{context, event, mission, rows, run, step};
use crate::picture::golden;

const TEXTS: [&str; 12] = [
    "\u{1b}[2J\u{1b}[31mgone\u{1b}[0m\r\nnext line\ttab",
    "\u{1b}]52;c;cm0gLXJmIC8=\u{7}clipboard",
    "invoice\u{202e}fdp.exe\u{202c} \u{2066}turned\u{2069}",
    "zero\u{200b}width\u{feff} tag\u{e0041} soft\u{ad}hyphen",
    "\u{9b}31mC1\u{85}next del\u{7f}",
    "日本語のとても長い要約が一行に収まらない場合はどこかで切られる必要があります、そうでなければ崩れます",
    "한국어 텍스트와 가나다라마바사",
    "👩🏽\u{200d}🚀 family 👨\u{200d}👩\u{200d}👧 flag 🇩🇪 keycap 1\u{fe0f}\u{20e3} heart ❤\u{fe0f}",
    "e\u{301}a\u{308} zalgo a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c} done",
    "می\u{200c}خواهم العربية עברית",
    "\u{301}starts with a mark",
    "",
];

/// A run whose every name and text is hostile, opened.
pub fn opened(size: (u16, u16)) -> Desk {
    let info = ContextInfo {
        name: TEXTS[0].to_owned(),
        base_url: TEXTS[1].to_owned(),
        ..context("hostile", "telnyx")
    };
    let mut desk = Desk::new(size, setup(vec![info]), |ticket| match &ticket.ask {
        Ask::Missions { .. } => rows(
            ticket,
            vec![Record::Mission(Mission {
                id: "m".to_owned(),
                name: TEXTS[2].to_owned(),
                description: Some(TEXTS[3].to_owned()),
                status: Some(TEXTS[4].to_owned()),
                ..Mission::default()
            })],
        ),
        Ask::Runs { .. } => rows(
            ticket,
            vec![Record::Run(Run {
                id: TEXTS[0].to_owned(),
                title: TEXTS[2].to_owned(),
                status: RunStatus::Failed,
                error: Some(TEXTS[1].to_owned()),
                ..Run::default()
            })],
        ),
        Ask::Events { .. } => {
            let events = (0..)
                .zip(TEXTS)
                .map(|(at, text)| Record::Event(event(at, text)));
            rows(ticket, events.collect())
        }
        _ => rows(ticket, Vec::new()),
    });
    desk.press("j l j l");
    desk
}

#[test]
fn hostile_and_wide_texts_stay_in_their_cells() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = opened(size);
        golden(&format!("hostile_{}x{}", size.0, size.1), &desk.text());
        for _ in TEXTS {
            desk.press("j");
        }
        golden(&format!("hostile end_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn each_hostile_text_can_be_read_in_the_detail() {
    let mut desk = opened((100, 24));
    for (at, _) in TEXTS.iter().enumerate() {
        desk.press("j");
        golden(&format!("hostile detail {at:02}"), &desk.text());
    }
}

#[test]
fn the_demos_hostile_runs_are_harmless() {
    let ways = [
        ("vectara", "Docs Expert", "Crawl of a hostile"),
        ("agentex", "market-research", "Hostile texts"),
        ("elizaos", "Atlas", "Read the museum"),
    ];
    for (name, mission, run) in ways {
        let mut desk = Desk::demo((120, 60));
        desk.open(&[mission, run]);
        golden(&format!("hostile demo {name}"), &desk.text());
        // Each row's detail is drawn on the way down, and looked through.
        for _ in 0..40 {
            desk.press("j 3 G 1");
        }
    }
}

#[test]
fn very_deep_steps_keep_their_columns() {
    for size in [(60, 16), (80, 40), (120, 40)] {
        let mut desk =
            Desk::new(
                size,
                setup(vec![context("deep", "telnyx")]),
                |ticket| match &ticket.ask {
                    Ask::Missions { .. } => rows(ticket, vec![mission("m")]),
                    Ask::Runs { .. } => rows(ticket, vec![run("nested", RunStatus::Succeeded)]),
                    Ask::Steps(_) => {
                        let id = |n: usize| format!("s{n}");
                        let steps =
                            (0..40).map(|n| step(&id(n), n.checked_sub(1).map(id).as_deref()));
                        rows(ticket, steps.collect())
                    }
                    Ask::Events { .. } => {
                        let events = (0..40).map(|at| {
                            Record::Event(Event {
                                step_id: Some(format!("s{at}")),
                                ..event(at, "deep.tool")
                            })
                        });
                        rows(ticket, events.collect())
                    }
                    _ => rows(ticket, Vec::new()),
                },
            );
        desk.press("j l j l j");
        for _ in 0..18 {
            desk.press("l j j");
        }
        golden(&format!("deep_{}x{}", size.0, size.1), &desk.text());
    }
}
