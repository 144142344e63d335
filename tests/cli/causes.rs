//! `causes`: failed runs by what they have in common.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn failed_runs_stand_under_what_they_have_in_common() {
    let (_demo, session) = demo();
    let told = tell(&session, "causes --since 7d -o json").await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let json = told.json();
    assert_eq!(json["schema"], "sortie.causes/1");
    let items = json["items"].as_array().unwrap();
    let names = "fingerprint kind tool message count first_seen last_seen missions runs";
    assert_eq!(keys(&items[0]).join(" "), names);
    for item in items {
        let runs = item["runs"].as_array().unwrap();
        assert_eq!(item["count"], runs.len());
        assert!(item["first_seen"].as_str() <= item["last_seen"].as_str());
    }
    let last = |item: &Value| item["last_seen"].as_str().unwrap().to_owned();
    assert!(items.iter().rev().map(last).is_sorted());
    // What the lists do not say is counted, and read when that is asked for.
    let unread = json["not_read"].as_u64().unwrap();
    let loaded = tell(&session, "causes --since 7d --load -o json")
        .await
        .json();
    assert_eq!(loaded["not_read"], 0);
    let count = |json: &Value| {
        let items = json["items"].as_array().unwrap().iter();
        items
            .map(|item| item["count"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(count(&loaded), count(&json) + unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn causes_are_a_table_or_bare_records() {
    let (_demo, session) = demo();
    let told = tell(&session, "causes").await;
    assert!(told.out.starts_with("RUNS "), "{}", told.out);
    let bare = tell(&session, "causes -o jsonl").await;
    assert!(bare.lines().iter().all(|record| record["count"].is_u64()));
}
