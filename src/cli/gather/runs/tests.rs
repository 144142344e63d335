//! Which runs are listed, and in which order.

use super::*;

fn started(millis: Option<i64>) -> Run {
    Run {
        started_at: millis.and_then(Time::from_millis),
        ..Run::default()
    }
}

#[test]
fn activity_is_whatever_was_heard_last() {
    let mut run = started(Some(1));
    assert_eq!(run.last_activity(), Time::from_millis(1));
    run.updated_at = Time::from_millis(9);
    run.ended_at = Time::from_millis(5);
    assert_eq!(run.last_activity(), Time::from_millis(9));
    assert_eq!(Run::default().last_activity(), None);
}

#[test]
fn since_takes_what_was_active_and_leaves_what_is_not_known() {
    let wanted = Wanted {
        since: Time::from_millis(5),
        ..Wanted::default()
    };
    assert!(wanted.takes_plainly(&started(Some(5))));
    assert!(!wanted.takes_plainly(&started(Some(4))));
    assert!(!wanted.takes_plainly(&started(None)));
}

#[test]
fn order_is_seen_in_what_has_a_start() {
    let runs = |starts: &[Option<i64>]| starts.iter().copied().map(started).collect::<Vec<_>>();
    assert!(is_newest_first(&runs(&[Some(9), None, Some(9), Some(2)])));
    assert!(!is_newest_first(&runs(&[Some(2), None, Some(9)])));
}
