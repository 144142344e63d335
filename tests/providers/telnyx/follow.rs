//! Following a Telnyx run: news are found whichever way the list runs, at the cost of a page or two.

use std::collections::BTreeSet;

use super::{Telnyx, at, events_of, read, run_ref, runs_of};
use sortie::model::{Ask, Known, Page, RunStatus};
use sortie::provider::Provider;

/// Which way the service lists the events of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Rising,
    Falling,
    /// By something that has nothing to do with time.
    None,
}

const WAYS: [Way; 3] = [Way::Rising, Way::Falling, Way::None];

/// A service with `count` events, one a second, as one that says nothing else would page it.
struct Service {
    count: usize,
    way: Way,
    /// Whether it says how long its lists are.
    meta: bool,
    /// How many events carry the same time.
    at_once: usize,
}

fn scattered(id: u64) -> u64 {
    let mixed = (id + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 20
}

impl Service {
    fn of(count: usize, way: Way) -> Self {
        Self {
            count,
            way,
            meta: true,
            at_once: 1,
        }
    }

    fn ids(&self) -> Vec<usize> {
        let mut ids: Vec<usize> = (0..self.count).collect();
        match self.way {
            Way::Rising => {}
            Way::Falling => ids.reverse(),
            Way::None => ids.sort_by_key(|id| scattered(*id as u64)),
        }
        ids
    }

    fn event(&self, id: usize) -> String {
        let second = id / self.at_once;
        let time = format!(
            "2026-08-03T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        );
        format!(r#"{{"event_id":"{id}","type":"message","summary":"m","timestamp":"{time}"}}"#)
    }

    fn answer(&self, ask: &Ask) -> String {
        let query = Telnyx.request(ask).unwrap().query;
        let number = |name: &str| -> usize {
            let found = query.iter().find(|(key, _)| key == name).unwrap();
            found.1.parse().unwrap()
        };
        let (page, size) = (number("page[number]"), number("page[size]"));
        assert!(size <= 1000);
        let ids = self.ids();
        let rows: Vec<String> = ids
            .iter()
            .skip((page - 1) * size)
            .take(size)
            .map(|id| self.event(*id))
            .collect();
        let pages = ids.len().div_ceil(size);
        let meta = format!(
            r#","meta":{{"page_number":{page},"page_size":{size},"total_pages":{pages},"total_results":{}}}"#,
            ids.len()
        );
        let meta = if self.meta { meta.as_str() } else { "" };
        format!(r#"{{"data":[{}]{meta}}}"#, rows.join(","))
    }

    /// The ids that one look brings, and how many pages it reads.
    fn look(&self, known: &Known) -> (BTreeSet<usize>, usize) {
        let asks = Telnyx.looks(&run_ref(), known);
        let mut next = asks
            .into_iter()
            .find(|ask| matches!(ask, Ask::Events { .. }));
        let (mut found, mut pages) = (BTreeSet::new(), 0);
        while let Some(ask) = next {
            pages += 1;
            assert!(pages < 200, "no end");
            let batch = read(&ask, &self.answer(&ask));
            let ids = events_of(&batch).into_iter().map(|e| e.id.parse::<usize>());
            found.extend(ids.map(Result::unwrap));
            next = batch.next;
        }
        (found, pages)
    }
}

/// The first `count` events are known.
fn known(count: usize) -> Known {
    let newest = format!(
        "2026-08-03T{:02}:{:02}:{:02}Z",
        (count - 1) / 3600,
        (count - 1) / 60 % 60,
        (count - 1) % 60
    );
    Known {
        newest: at(&newest).map(|time| time.0),
        events: u32::try_from(count).unwrap(),
        ..Known::default()
    }
}

#[test]
fn news_are_found_whichever_way_the_list_runs() {
    for way in WAYS {
        for meta in [true, false] {
            for (before, after) in [
                (1, 2),
                (40, 43),
                (99, 101),
                (100, 101),
                (730, 733),
                (800, 1_100),
            ] {
                let service = Service {
                    meta,
                    ..Service::of(after, way)
                };
                let (found, _) = service.look(&known(before));
                let missed: Vec<usize> = (before..after).filter(|id| !found.contains(id)).collect();
                assert_eq!(missed, [0; 0], "{way:?} {meta} {before} {after}");
            }
        }
    }
}

#[test]
fn a_look_costs_little_whatever_the_run_holds() {
    for (way, quiet, news) in [
        (Way::Rising, 1, 1),
        (Way::Falling, 1, 2),
        (Way::None, 1, 52),
    ] {
        let pages = |count| Service::of(count, way).look(&known(5_050)).1;
        assert_eq!((pages(5_050), pages(5_053)), (quiet, news), "{way:?}");
        let few = |count| Service::of(count, way).look(&known(40)).1;
        assert_eq!((few(40), few(43)), (1, 1), "{way:?}");
    }
}

/// Rows that come twice, or that nobody can read, leave a count that is never reached.
#[test]
fn a_list_that_counts_more_than_is_known_is_read_whole_only_now_and_then() {
    for meta in [true, false] {
        let service = Service {
            meta,
            ..Service::of(5_050, Way::None)
        };
        let pages = |looks| {
            let known = Known {
                events: 4_970,
                looks,
                ..known(5_050)
            };
            service.look(&known).1
        };
        let whole: Vec<u32> = (0..24).filter(|looks| pages(*looks) > 3).collect();
        assert_eq!(whole, [0, 8, 16], "{meta}");
    }
}

#[test]
fn a_list_without_a_count_that_has_lost_rows_is_not_read_whole_at_each_look() {
    let service = Service {
        meta: false,
        ..Service::of(5_050, Way::Rising)
    };
    let look = |looks| {
        let known = Known {
            events: 5_150,
            looks,
            ..known(5_049)
        };
        service.look(&known)
    };
    let (found, pages) = look(1);
    assert!(found.contains(&5_049) && pages <= 3, "{pages}");
    assert!(look(8).1 > 50);
}

#[test]
fn news_of_the_same_moment_are_found_too() {
    for way in WAYS {
        let service = Service {
            at_once: 1_000,
            ..Service::of(433, way)
        };
        let known = Known {
            events: 430,
            ..known(1)
        };
        let (found, _) = service.look(&known);
        assert!((430..433).all(|id| found.contains(&id)), "{way:?}");
    }
}

#[test]
fn a_count_that_is_wrong_or_has_shrunk_does_not_hide_news() {
    for way in [Way::Rising, Way::Falling] {
        for meta in [true, false] {
            // 300 known, of which the service has dropped some and to which it has added others.
            let service = Service {
                meta,
                ..Service::of(150, way)
            };
            let known = Known {
                events: 300,
                ..known(148)
            };
            let (found, pages) = service.look(&known);
            assert!(
                found.contains(&148) && found.contains(&149),
                "{way:?} {meta}"
            );
            assert!(pages <= 3, "{pages}");
        }
    }
}

#[test]
fn a_service_that_repeats_its_rows_ends_a_look() {
    let body = |ask: &Ask| {
        let body = Service::of(100, Way::Rising).answer(ask);
        body.replace("\"total_pages\":1", "\"total_pages\":999999999")
    };
    let one_page = Ask::Events {
        run: run_ref(),
        page: Page::default(),
    };
    let repeated = body(&one_page);
    let mut next = Telnyx.looks(&run_ref(), &known(100)).pop();
    let mut pages = 0;
    while let Some(ask) = next {
        pages += 1;
        next = read(&ask, &repeated).next;
    }
    assert!(pages <= 3, "{pages}");
}

#[test]
fn rows_keep_their_places_when_news_come() {
    for way in [Way::Rising, Way::Falling] {
        let places = |count: usize, from: &Known| {
            let service = Service {
                at_once: 40,
                ..Service::of(count, way)
            };
            let ask = Telnyx.looks(&run_ref(), from).pop().unwrap();
            let mut events = events_of(&read(&ask, &service.answer(&ask)));
            events.sort_by_key(|event| event.order);
            let ids = events
                .iter()
                .map(|event| event.id.parse::<usize>().unwrap());
            ids.zip(events.iter().map(|e| e.order.tie))
                .collect::<Vec<_>>()
        };
        let first = places(60, &Known::default());
        let later = places(
            63,
            &Known {
                events: 60,
                ..known(1)
            },
        );
        assert_eq!(first[..], later[..60], "{way:?}");
        assert!(later.is_sorted());
    }
}

#[test]
fn a_look_asks_for_the_run_and_its_news_and_seldom_for_the_plan() {
    let of = |looks, ended| {
        let known = Known {
            looks,
            ended,
            ..known(10)
        };
        let asks = Telnyx.looks(&run_ref(), &known);
        asks.iter().any(|ask| matches!(ask, Ask::Run(_)))
            && asks.iter().any(|ask| matches!(ask, Ask::Steps(_)))
    };
    let with_plan: Vec<u32> = (0..17).filter(|looks| of(*looks, false)).collect();
    assert_eq!(with_plan, [7, 15]);
    assert!(of(0, true), "the last looks take in the plan");
}

#[test]
fn news_of_steps_bring_the_plan_along() {
    let ask = Ask::Events {
        run: run_ref(),
        page: Page {
            after: at("2026-08-03T21:00:00Z").map(|time| time.0),
            seen: 1,
            ..Page::default()
        },
    };
    let body = |kind: &str, time: &str| {
        format!(
            r#"{{"data":[{{"event_id":"e","type":"{kind}","summary":"s","timestamp":"{time}"}}]}}"#
        )
    };
    let plan = vec![Ask::Steps(run_ref())];
    for (kind, time, also) in [
        ("step_completed", "2026-08-03T21:00:05Z", plan.clone()),
        ("status_change", "2026-08-03T21:00:05Z", plan),
        ("message", "2026-08-03T21:00:05Z", Vec::new()),
        ("step_completed", "2026-08-03T21:00:00Z", Vec::new()),
    ] {
        assert_eq!(read(&ask, &body(kind, time)).also, also, "{kind} {time}");
    }
    assert!(Telnyx.without(&Ask::Steps(run_ref()), "500").is_some());
}

#[test]
fn the_newest_event_tells_since_when_a_run_is_quiet() {
    // Received at 23:10:02.
    let ask = Ask::Events {
        run: run_ref(),
        page: Page::default(),
    };
    let heard = |times: [&str; 2]| {
        let rows = times.map(|time| {
            format!(r#"{{"event_id":"{time}","type":"message","summary":"","timestamp":"{time}"}}"#)
        });
        let batch = read(&ask, &format!(r#"{{"data":[{}]}}"#, rows.join(",")));
        // Without a count the list may go on.
        let run = runs_of(&batch).pop();
        assert!(
            run.as_ref()
                .is_none_or(|run| run.status == RunStatus::Unknown)
        );
        run.map(|run| (run.updated_at, run.quiet_since))
    };
    let (early, late) = ("2026-08-03T21:00:00Z", "2026-08-03T22:50:00Z");
    let older = "2026-08-03T20:00:00Z";
    assert_eq!(heard([early, older]), Some((at(early), at(early))));
    assert_eq!(heard([late, older]), Some((at(late), None)));
    assert_eq!(
        heard([older, early]),
        None,
        "the end of the list is not read yet"
    );
}
