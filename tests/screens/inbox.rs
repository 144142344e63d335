//! The runs of all contexts in one list: what failed first, good news, and contexts that cannot be had.

use std::time::Duration;

use sortie::model::{Ask, Got, Record, Run, RunStatus, Ticket, Trouble};

use crate::desk::{Desk, setup};
use crate::made::{ago, context, mission, rows};
use crate::picture::golden;

fn press(desk: &mut Desk, command: &str) {
    desk.press(":").type_in(command).press("enter");
}

#[test]
fn the_inbox_of_four_contexts() {
    for size in [(80, 24), (120, 40), (200, 60), (60, 16), (84, 46)] {
        let mut desk = Desk::demo(size);
        desk.press("a");
        golden(&format!("inbox {}x{}", size.0, size.1), &desk.text());
    }
    let mut desk = Desk::demo((80, 24));
    desk.press("a").paint(true, true);
    golden("inbox ascii", &desk.text());
    desk.press("!");
    golden("inbox failures ascii", &desk.text());
}

#[test]
fn runs_in_another_order_say_so() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::demo(size);
        desk.open(&["Pager triage"]).press("s");
        golden(&format!("sorted {}x{}", size.0, size.1), &desk.text());
        desk.press("a s S");
        golden(&format!("sorted inbox {}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn runs_by_context() {
    let mut desk = Desk::demo((120, 40));
    press(&mut desk, "contexts");
    golden("contexts 120x40", &desk.text());
}

fn finished(id: &str, status: RunStatus, seconds: i64) -> Record {
    Record::Run(Run {
        mission_id: "m-billing".to_owned(),
        id: id.to_owned(),
        title: format!("Bills of {id}"),
        status,
        started_at: Some(ago(seconds)),
        duration: Some(Duration::from_secs(61)),
        ..Run::default()
    })
}

#[test]
fn good_news_is_told_as_good_news() {
    let answer = |ticket: &Ticket| match &ticket.ask {
        Ask::Missions { .. } => rows(ticket, vec![mission("billing")]),
        Ask::AllRuns { .. } => rows(
            ticket,
            vec![
                finished("tuesday", RunStatus::Succeeded, 600),
                finished("monday", RunStatus::Cancelled, 7_200),
                finished("sunday", RunStatus::Failed, 90_000),
            ],
        ),
        _ => vec![(ticket.ask.clone(), Got::Done { more: None })],
    };
    let mut info = context("prod", "telnyx");
    info.all_runs = true;
    let mut desk = Desk::new((80, 24), setup(vec![info]), answer);
    desk.press("a");
    golden("inbox good news", &desk.text());
    desk.press("!");
    golden("inbox good news failures only", &desk.text());
    press(&mut desk, "window 2d");
    golden("inbox wider window", &desk.text());
}

#[test]
fn a_context_that_cannot_be_had_says_so_at_the_end() {
    let answer = |ticket: &Ticket| match (ticket.context.0, &ticket.ask) {
        (0, Ask::Missions { .. }) => rows(ticket, vec![mission("billing")]),
        (0, Ask::Runs { .. }) => rows(ticket, vec![finished("tuesday", RunStatus::Failed, 600)]),
        (1, _) => {
            let trouble = Trouble::Unreachable {
                host: "agentex.example:443".to_owned(),
                cause: "connection refused".to_owned(),
            };
            vec![(ticket.ask.clone(), Got::Failed(trouble))]
        }
        (2, _) => Vec::new(),
        _ => vec![(ticket.ask.clone(), Got::Done { more: None })],
    };
    let contexts = ["prod", "dead", "silent"].map(|name| context(name, "vectara"));
    let mut desk = Desk::new((80, 24), setup(contexts.to_vec()), answer);
    desk.press("a").wait(Duration::from_secs(1));
    golden("inbox troubles", &desk.text());
}

#[test]
fn failures_by_what_they_have_in_common() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = Desk::demo(size);
        press(&mut desk, "causes");
        for _ in 0..40 {
            desk.wait(Duration::from_secs(1));
        }
        desk.press("enter");
        golden(&format!("causes {}x{}", size.0, size.1), &desk.text());
    }
    let mut desk = Desk::demo((80, 24));
    press(&mut desk, "causes");
    desk.paint(true, false);
    golden("causes ascii", &desk.text());
}
