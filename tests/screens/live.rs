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

#[test]
fn a_stream_that_broke_says_when_it_is_taken_up_again() {
    let mut desk = desk((80, 24));
    desk.hear(Got::Live(Live::Lost {
        trouble: Trouble::Unreachable {
            host: "agents.example:443".to_owned(),
            cause: "connection refused".to_owned(),
        },
        until: Time(desk.now.0 + 4_200_000_000),
    }));
    golden("live lost", &desk.text());
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
