//! A run that goes on while somebody looks, and the list of requests.

use std::time::Duration;

use sortie::model::{Ask, Budget, Got, Live, Record, Row, RunStatus, Sent, Ticket, Time, Trouble};

use crate::desk::{Desk, setup};
use crate::made::{ago, context, event, mission, rows, run};
use crate::picture::golden;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A context with one mission and one run that goes on.
fn desk(size: (u16, u16)) -> Desk {
    let contexts = vec![context("prod", "agentex")];
    let mut desk = Desk::new(size, setup(contexts), answer);
    desk.open(&["support", "Refund"]);
    desk
}

fn answer(ticket: &Ticket) -> Vec<(Ask, Got)> {
    match &ticket.ask {
        Ask::Missions { .. } => rows(ticket, vec![mission("support")]),
        Ask::Runs { .. } => rows(ticket, vec![run("Refund", RunStatus::Running)]),
        Ask::Events { .. } => rows(
            ticket,
            (1..=3)
                .map(|at| Record::Event(event(at, &format!("step {at}"))))
                .collect(),
        ),
        _ => rows(ticket, Vec::new()),
    }
}

fn more(from: i64) -> Got {
    let rows = (from..from + 4).map(|at| Row::Full(Record::Event(event(at, "more"))));
    Got::Rows {
        rows: rows.collect(),
        skipped: 0,
    }
}

#[test]
fn a_run_that_goes_on() {
    for size in SIZES {
        let mut desk = desk(size);
        desk.hear(Got::Live(Live::Polling {
            every: Duration::from_secs(2),
        }));
        desk.hear(Got::Budget(Budget {
            left: 58,
            of: Some(60),
            resets: None,
        }));
        golden(&format!("live_{}x{}", size.0, size.1), &desk.text());
        desk.press("k").hear(more(4));
        golden(&format!("live news_{}x{}", size.0, size.1), &desk.text());
    }
}

fn lost(cause: &str, until: Time) -> Got {
    Got::Live(Live::Lost {
        trouble: Trouble::Unreachable {
            host: "agents.example:443".to_owned(),
            cause: cause.to_owned(),
        },
        until,
    })
}

#[test]
fn a_stream_that_broke_says_why_and_when_it_is_taken_up_again() {
    let mut desk = desk((80, 24));
    let until = Time(desk.now.0 + 4_200_000_000);
    desk.hear(lost("connection refused", until));
    golden("live lost", &desk.text());
    desk.resize((120, 24));
    let words = "· lost (connection refused), again in 5 s ·";
    assert!(desk.text().contains(words), "{}", desk.text());
    desk.resize((80, 24));
    desk.hear(lost("a cause of more words than there is room for", until));
    let status = desk.text().lines().last().unwrap().to_owned();
    assert!(status.contains("UTC · synced"), "{status}");
    assert!(status.contains("· lost, again in 5 s ·"), "{status}");
}

#[test]
fn the_detail_of_a_run_says_why_it_is_lost_until_it_is_found() {
    let mut desk = desk((120, 40));
    desk.go_to("Refund");
    assert!(!desk.text().contains("following"));
    desk.hear(lost("connection refused", Time(desk.now.0 + 4_200_000_000)));
    for words in [
        "following",
        "cannot reach agents.example:443: connection",
        "Trying again at 02:21:",
        "Check the context's base_url",
    ] {
        assert!(desk.text().contains(words), "{words:?} in\n{}", desk.text());
    }
    let every = Duration::from_secs(1);
    desk.hear(Got::Live(Live::Polling { every }));
    assert!(!desk.text().contains("following"), "{}", desk.text());
}

#[test]
fn an_answer_that_is_late_is_waited_for_aloud() {
    let mut desk = desk((80, 24));
    let asked = desk.now;
    desk.wait(Duration::from_secs(3));
    desk.hear(Got::Live(Live::Asking { since: asked }));
    assert!(
        desk.text().contains("· asking for 3 s ·"),
        "{}",
        desk.text()
    );
    assert_eq!(
        desk.app.next_deadline(),
        Some(Time(desk.now.0 + 1_000_000_000))
    );
    desk.wait(Duration::from_secs(9));
    assert!(
        desk.text().contains("· asking for 12 s ·"),
        "{}",
        desk.text()
    );
    desk.hear(more(4));
    assert!(desk.text().contains("· live ·"), "{}", desk.text());
}

#[test]
fn the_list_of_requests() {
    let sent = |nth: i64, status, path: &str| Sent {
        at: ago(60 - nth),
        context: "prod".to_owned(),
        method: "GET",
        path: path.to_owned(),
        status,
        took: Duration::from_millis(40 + nth.unsigned_abs()),
        bytes: 2_048 * nth.unsigned_abs(),
        retries: u32::from(status == Some(503)),
        cached: status == Some(304),
        reason: format!("events of run 8c41, page {nth}"),
    };
    for size in SIZES {
        let mut desk = desk(size);
        desk.sent = vec![
            sent(
                1,
                Some(200),
                "/agents?limit=200&page_number=1&order_by=created_at",
            ),
            sent(2, Some(503), "/tasks?agent_id=1&limit=100"),
            sent(3, Some(429), "/tasks?agent_id=1&limit=100"),
            sent(4, None, "/messages/paginated?task_id=1&limit=200"),
            sent(
                5,
                Some(304),
                "/messages/paginated?task_id=1&limit=200&cursor=a\u{1b}[31m",
            ),
        ];
        desk.press("@");
        golden(&format!("requests_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn a_run_that_is_silent_for_longer_than_usual_says_so_with_a_sign() {
    let many = |ticket: &Ticket| match &ticket.ask {
        Ask::Events { .. } => {
            let all = (1..=15).map(|at| Record::Event(event(at, &format!("step {at}"))));
            rows(ticket, all.collect())
        }
        _ => answer(ticket),
    };
    for size in [(80, 24), (120, 40)] {
        let contexts = vec![context("prod", "agentex")];
        let mut desk = Desk::new(size, setup(contexts), many);
        desk.open(&["support", "Refund"]);
        desk.hear(Got::Live(Live::Streaming)).hear(more(16));
        desk.wait(Duration::from_secs(254));
        let said = "! no event for 4m10s";
        let text = desk.text();
        assert!(text.contains(said), "{text}");
        golden(&format!("live silent_{}x{}", size.0, size.1), &text);
        desk.paint(true, false);
        assert!(desk.text().contains(said));
        desk.hear(more(20));
        assert!(!desk.text().contains("no event for"), "{}", desk.text());
    }
}
