//! Looking again at a task that is followed: what is asked, and how little of the lists is read.

use sortie::model::{Ask, Known, Page, Row};
use sortie::provider::Provider;
use sortie::provider::agentex::Agentex;

use super::{TASK, event, events_at, line, read, read_status, run_ref, time};

fn known(looks: u32, ended: bool) -> Known {
    Known {
        newest: Some(at("2026-11-20T09:34:30Z")),
        events: 9,
        looks,
        step: None,
        ended,
    }
}

fn at(spelled: &str) -> i64 {
    time(spelled).unwrap().0
}

fn lines(known: &Known) -> Vec<String> {
    let path = |ask: &Ask| line(ask).split('?').next().unwrap().to_owned();
    Agentex.looks(&run_ref(), known).iter().map(path).collect()
}

#[test]
fn a_look_asks_the_task_and_its_newest_messages_and_the_rest_every_so_often() {
    let task = format!("/tasks/{TASK}");
    let base = [task.as_str(), "/messages/paginated"];
    assert_eq!(lines(&known(0, false)), base);
    assert_eq!(lines(&known(1, false)), base);
    assert_eq!(lines(&known(3, false))[2..], ["/events"]);
    assert_eq!(lines(&known(5, false))[2..], ["/spans"]);
    assert_eq!(lines(&known(60, false))[2..], ["/events", "/spans"]);
    assert_eq!(lines(&known(1, true))[2..], ["/events", "/spans"]);
    let asks = Agentex.looks(&run_ref(), &known(0, false));
    assert!(
        read(&asks[0], include_str!("../../fixtures/agentex/task.json"))
            .also
            .is_empty()
    );
    assert!(line(&asks[1]).ends_with("&limit=50"));
}

/// The states, the trackers and the inboxes of other agents come with the task asked for as a whole.
#[test]
fn every_twentieth_look_and_the_last_ones_ask_for_all_that_belongs_to_the_task() {
    let whole = |known: &Known| Agentex.looks(&run_ref(), known)[0] == Ask::Run(run_ref());
    let which: Vec<u32> = (0..60).filter(|n| whole(&known(*n, false))).collect();
    assert_eq!(which, [19, 39, 59]);
    assert!(whole(&known(1, true)));
}

#[test]
fn where_nothing_is_known_yet_a_look_reads_everything() {
    let asks = Agentex.looks(&run_ref(), &Known::default());
    assert_eq!(asks[0], Ask::Run(run_ref()));
    assert_eq!(asks[1], super::events());
}

/// A page of a followed transcript whose oldest message is from then.
fn page(oldest: &str) -> String {
    format!(
        r#"{{"data":[{{"id":"b","content":{{"type":"text"}},"created_at":"2026-11-20T09:34:40"}},
        {{"id":"a","content":{{"type":"text"}},"created_at":"{oldest}"}}],"next_cursor":"c","has_more":true}}"#
    )
}

fn after() -> Page {
    Page {
        after: known(0, false).newest,
        seen: 9,
        ..Page::default()
    }
}

#[test]
fn a_followed_transcript_is_read_until_it_reaches_what_is_known() {
    let young = read(&events_at(after()), &page("2026-11-20T09:34:35"));
    assert!(young.also.is_empty());
    let next = young.next.unwrap();
    assert!(line(&next).ends_with("&limit=50&cursor=c"));
    // Late rows lie a little before younger ones.
    assert!(
        read(&events_at(after()), &page("2026-11-20T09:34:20"))
            .next
            .is_some()
    );
    assert_eq!(
        read(&events_at(after()), &page("2026-11-20T09:33:59")).next,
        None
    );
    assert_eq!(read(&next, &page("2026-11-20T09:33:59")).next, None);
}

#[test]
fn an_older_server_is_followed_from_its_newest_page() {
    let body = r#"{"message":"Item with id 'paginated' does not exist.","code":404,"data":null}"#;
    let turned = read_status(&events_at(after()), 404, body).unwrap();
    assert!(turned.also.is_empty());
    let next = turned.next.unwrap();
    let expected = format!(
        "/messages?task_id={TASK}&limit=50&page_number=1&order_by=created_at&order_direction=desc"
    );
    assert_eq!(line(&next), expected);
    let rows = |oldest: &str| {
        let row = |n: u32, at: &str| {
            format!(r#"{{"id":"{n}","content":{{"type":"text"}},"created_at":"{at}"}}"#)
        };
        let mut rows: Vec<String> = (0..49).map(|n| row(n, "2026-11-20T09:34:40")).collect();
        rows.push(row(49, oldest));
        format!("[{}]", rows.join(","))
    };
    assert_eq!(read(&next, &rows("2026-11-20T09:33:00")).next, None);
    let second = read(&next, &rows("2026-11-20T09:34:39")).next.unwrap();
    assert!(line(&second).contains("page_number=2"));
}

#[test]
fn a_server_without_any_list_of_messages_is_read_from_its_export() {
    let route = r#"{"detail":"Not Found"}"#;
    let by_number = read_status(&super::events(), 404, route)
        .unwrap()
        .next
        .unwrap();
    let export = read_status(&by_number, 404, route).unwrap().next.unwrap();
    assert_eq!(line(&export), format!("/tasks/{TASK}/export"));
    let whole = read(&export, include_str!("../../fixtures/agentex/export.json"));
    assert_eq!((whole.rows.len(), whole.next), (5, None));
    assert!(read_status(&export, 404, route).is_err());
}

/// What is stored of a message before it is whole says less than what a stream brought of it.
#[test]
fn a_known_message_that_is_still_being_written_loses_nothing_by_a_look() {
    let rows = r#"[{"id":"new","content":{"type":"text","content":""},"streaming_status":"IN_PROGRESS","created_at":"2026-11-20T09:34:31"},
        {"id":"old","content":{"type":"text","content":""},"streaming_status":"IN_PROGRESS","created_at":"2026-11-20T09:34:30"},
        {"id":"done","content":{"type":"text","content":"x"},"streaming_status":"DONE","created_at":"2026-11-20T09:34:29"}]"#;
    let batch = read(&events_at(after()), &format!(r#"{{"data":{rows}}}"#));
    let bytes = |row: &Row| (matches!(row, Row::Full(_)), !event(row).raw.is_empty());
    assert_eq!(bytes(&batch.rows[0]), (true, true));
    assert_eq!(bytes(&batch.rows[1]), (false, false));
    assert_eq!(event(&batch.rows[1]).summary, None);
    assert_eq!(bytes(&batch.rows[2]), (true, true));
    // Read for the first time, its bytes are all there is.
    let whole = read(&super::events(), rows);
    assert!(whole.rows.iter().all(|row| bytes(row) == (true, true)));
}
