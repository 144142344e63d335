//! Telnyx lists over several pages: where they end, and that they end at all.

use super::{Telnyx, events, events_of, read};
use sortie::model::{Ask, Event};
use sortie::provider::Provider;

fn row(id: usize, second: usize) -> String {
    let time = format!("2026-08-03T21:{:02}:{:02}Z", second / 60, second % 60);
    format!(r#"{{"event_id":"{id}","type":"message","summary":"m","timestamp":"{time}"}}"#)
}

fn page(rows: &[String], meta: &str) -> String {
    format!(r#"{{"data":[{}]{meta}}}"#, rows.join(","))
}

/// Reads what `serve` gives for each page number until there is no next page.
fn follow(serve: impl Fn(u64) -> String) -> (Vec<u64>, Vec<Event>) {
    let (mut asked, mut found) = (Vec::new(), Vec::new());
    let mut next = Some(events());
    while let Some(ask) = next {
        let request = Telnyx.request(&ask).unwrap();
        let number = request
            .query
            .iter()
            .find(|(name, _)| name == "page[number]")
            .unwrap();
        let number = number.1.parse().unwrap();
        assert!(asked.len() < 50, "goes round in circles: {asked:?}");
        asked.push(number);
        let batch = read(&ask, &serve(number));
        found.extend(events_of(&batch));
        next = batch.next;
    }
    (asked, found)
}

fn meta(number: u64, pages: &str) -> String {
    format!(
        r#","meta":{{"page_number":{number},"page_size":2,"total_pages":{pages},"total_results":6}}"#
    )
}

fn two(number: u64) -> [String; 2] {
    let n = usize::try_from(number).unwrap() * 2;
    [row(n, n), row(n + 1, n + 1)]
}

#[test]
fn a_list_ends_with_its_last_page() {
    let (asked, found) = follow(|n| page(&two(n), &meta(n, "3")));
    assert_eq!((asked, found.len()), (vec![1, 2, 3], 6));
    let (asked, _) = follow(|n| page(&two(n), &meta(n, "\"3\"")));
    assert_eq!(asked, [1, 2, 3]);
}

#[test]
fn without_a_total_a_list_ends_with_an_empty_page() {
    for pages in ["0", "-1", "null", "\"many\""] {
        let serve = |n| {
            if n < 4 {
                page(&two(n), &meta(n, pages))
            } else {
                page(&[], &meta(n, pages))
            }
        };
        assert_eq!(follow(serve).0, [1, 2, 3, 4], "{pages}");
    }
    let (asked, found) = follow(|n| {
        if n < 3 {
            page(&two(n), "")
        } else {
            "{\"data\":null}".to_owned()
        }
    });
    assert_eq!((asked, found.len()), (vec![1, 2, 3], 4));
}

#[test]
fn repeated_rows_end_a_list_that_claims_to_go_on() {
    let huge = "999999999999";
    assert_eq!(follow(|n| page(&two(1), &meta(n, huge))).0, [1, 2]);
    assert_eq!(
        follow(|n| page(&two(n.min(3)), &meta(n, huge))).0,
        [1, 2, 3, 4]
    );
    assert_eq!(
        follow(|n| page(&two(1 + (n - 1) % 3), &meta(n, huge))).0,
        [1, 2, 3, 4]
    );
    assert_eq!(follow(|_| format!("[{}]", two(1).join(","))).0, [1, 2]);
}

#[test]
fn a_row_on_two_pages_is_one_event_by_its_id() {
    let (_, found) = follow(|n| match n {
        1 => page(&[row(1, 9), row(2, 8)], &meta(n, "2")),
        _ => page(&[row(2, 8), row(3, 7)], &meta(n, "2")),
    });
    let ids: Vec<_> = found.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "2", "3"]);
}

/// The ids in final order.
fn ordered(serve: impl Fn(u64) -> String) -> Vec<String> {
    let (_, mut found) = follow(serve);
    found.sort_by_key(|event| event.order);
    found.into_iter().map(|event| event.id).collect()
}

#[test]
fn equal_times_keep_the_order_of_the_list_whichever_way_it_runs() {
    let rising = |n| match n {
        1 => page(&[row(1, 5), row(2, 5), row(3, 6)], &meta(n, "2")),
        _ => page(&[row(4, 6), row(5, 6)], &meta(n, "2")),
    };
    assert_eq!(ordered(rising), ["1", "2", "3", "4", "5"]);
    let falling = |n| match n {
        1 => page(&[row(5, 9), row(4, 6), row(3, 6)], &meta(n, "2")),
        _ => page(&[row(2, 5), row(1, 5)], &meta(n, "2")),
    };
    assert_eq!(ordered(falling), ["1", "2", "3", "4", "5"]);
}

#[test]
fn an_event_without_a_time_stays_beside_its_neighbour() {
    let lost =
        r#"{"event_id":"lost","type":"message","summary":"m","timestamp":"soon"}"#.to_owned();
    let serve = |n| page(&[row(1, 5), lost.clone(), row(2, 7)], &meta(n, "1"));
    assert_eq!(ordered(serve), ["1", "lost", "2"]);
}

#[test]
fn single_reads_have_no_next_page() {
    let ask = Ask::Steps(super::run_ref());
    assert_eq!(
        read(&ask, r#"{"data":[],"meta":{"total_pages":9}}"#).next,
        None
    );
}
