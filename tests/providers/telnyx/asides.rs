//! What a Telnyx mission owns and which agents a run is linked to: in any wrapping, or not to be had.

use super::{Telnyx, answer, fixture, missions_of, read, run_ref, runs_of};
use sortie::model::{Ask, Batch, Fact, Of, Page};
use sortie::provider::{Provider, ReadError};

const LISTS: [&str; 3] = ["tools", "knowledge bases", "MCP servers"];

fn mission() -> Ask {
    Ask::Mission {
        mission: super::MISSION.into(),
    }
}

fn owned(what: &'static str) -> Ask {
    Ask::Aside {
        of: Of::Mission(super::MISSION.into()),
        what,
        page: Page::default(),
    }
}

fn linked() -> Ask {
    Ask::Aside {
        of: Of::Run(run_ref()),
        what: "linked agents",
        page: Page::default(),
    }
}

/// The facts and extras that an aside brings, as text.
fn told(batch: &Batch) -> Vec<(String, String)> {
    let facts = |facts: &[Fact]| -> Vec<(String, String)> {
        let all = facts.iter().map(|f| (f.label.to_owned(), f.value.clone()));
        all.collect()
    };
    let mut all = Vec::new();
    for mission in missions_of(batch) {
        assert_eq!(
            (mission.id.as_str(), mission.raw.len()),
            (super::MISSION, 0)
        );
        all.extend(facts(&mission.facts));
        all.extend(mission.extras.iter().map(|extra| {
            let raw = std::str::from_utf8(extra.raw.bytes()).unwrap();
            (format!("+{}", extra.label), raw.to_owned())
        }));
    }
    all
}

#[test]
fn opening_a_mission_asks_for_what_did_not_come_along() {
    let asked = |body: &str| read(&mission(), body).also;
    assert_eq!(asked(&fixture("mission")), LISTS.map(owned));
    let owning = fixture("mission").replacen(
        "\"name\"",
        r#""tools":[{"id":"t1"}],"mcp_servers":[],"knowledge_bases":null,"name""#,
        1,
    );
    assert_eq!(asked(&owning), [owned("knowledge bases")]);
    assert_eq!(read(&super::missions(), &fixture("missions")).also, []);
    let paths = LISTS.map(|what| Telnyx.request(&owned(what)).unwrap());
    let tails = ["tools", "knowledge-bases", "mcp-servers"];
    for (request, tail) in paths.iter().zip(tails) {
        let path = format!("/ai/missions/{}/{tail}", super::MISSION);
        assert_eq!(
            (request.path.as_str(), request.query.len()),
            (path.as_str(), 0)
        );
    }
}

#[test]
fn an_untyped_list_is_read_in_any_wrapping() {
    let list = r#"[{"id":"t1","name":"crm","type":"webhook"},"plain",{"odd":1},7]"#;
    let names = "crm · webhook\nplain\n7";
    for body in [
        format!("{{\"data\":{list}}}"),
        format!("{{\"data\":{{\"tools\":{list}}}}}"),
        format!("{{\"tools\":{list},\"meta\":{{}}}}"),
        list.to_owned(),
    ] {
        let told = told(&read(&owned("tools"), &body));
        assert_eq!(told[0], ("tools".to_owned(), names.to_owned()), "{body}");
        assert_eq!(told[1].0, "+tools");
        assert!(told[1].1.contains(r#"{"odd":1},7]"#), "{}", told[1].1);
    }
    let one = told(&read(
        &owned("tools"),
        r#"{"data":{"tool_id":"t9","url":"u"}}"#,
    ));
    assert_eq!(one[0].1, "t9");
    assert_eq!(one[1].1, r#"{"tool_id":"t9","url":"u"}"#);
    let bare = told(&read(
        &owned("tools"),
        r#"{"title":"fax","extra":{"deep":[1]}}"#,
    ));
    assert_eq!(bare[0].1, "fax");
    let text = told(&read(&owned("tools"), "\"none yet\""));
    assert_eq!(text[0].1, "none yet");
}

#[test]
fn what_stands_beside_the_entries_is_kept() {
    let body = r#"{"data":[{"name":"a"}],"note":"two more elsewhere"}"#;
    let told = told(&read(&owned("tools"), body));
    assert_eq!((told[0].1.as_str(), told[1].1.as_str()), ("a", body));
}

#[test]
fn no_entries_in_any_wrapping_say_nothing() {
    for body in [
        "[]",
        "{}",
        "null",
        "\"\"",
        "",
        "{\"data\":[]}",
        "{\"data\":{}}",
        "{\"data\":null}",
        "{\"tools\":[]}",
        "{\"data\":[],\"meta\":{\"total_pages\":0}}",
    ] {
        let batch = read(&owned("tools"), body);
        assert_eq!(
            (batch.rows.len(), batch.next, batch.skipped),
            (0, None, 0),
            "{body}"
        );
    }
}

#[test]
fn a_list_that_cannot_be_read_is_noted_on_its_owner() {
    for (status, body) in [(404, "{}"), (405, ""), (500, "oops"), (200, "<html>")] {
        assert!(answer(&owned("tools"), status, body).is_err(), "{status}");
    }
    let said = answer(&owned("tools"), 200, &fixture("error_gateway")).unwrap_err();
    assert_eq!(
        said,
        ReadError::Said("The key was missing or not valid.".to_owned())
    );
    for what in LISTS {
        let noted = Telnyx.without(&owned(what), "404: no such route").unwrap();
        let told = told(&noted);
        assert_eq!(
            told,
            [(what.to_owned(), "not read: 404: no such route".to_owned())]
        );
    }
    let noted = Telnyx.without(&linked(), "403").unwrap();
    let run = &runs_of(&noted)[0];
    assert_eq!(
        (run.id.as_str(), run.facts[0].value.as_str()),
        (super::RUN, "not read: 403")
    );
    assert_eq!(Telnyx.without(&mission(), "500"), None);
    assert_eq!(Telnyx.without(&Ask::Run(run_ref()), "500"), None);
}

#[test]
fn an_untyped_list_with_pages_is_read_to_its_end() {
    let page = |n: u32| {
        format!(
            r#"{{"data":[{{"name":"t{n}"}}],"meta":{{"page_number":{n},"total_pages":9,"total_results":3}}}}"#
        )
    };
    let first = read(&owned("tools"), &page(1));
    assert_eq!(told(&first)[0].1, "t1\n3 in all");
    let second = first.next.unwrap();
    let query = Telnyx.request(&second).unwrap().query;
    assert_eq!(query, [("page[number]".to_owned(), "2".to_owned())]);
    let more = read(&second, &page(2));
    assert_eq!(
        told(&more),
        [(
            "+tools, page 2".to_owned(),
            "[{\"name\":\"t2\"}]".to_owned()
        )]
    );
    let noted = Telnyx.without(&second, "500").unwrap();
    assert_eq!(told(&noted)[0].0, "more tools");
    // Rows that repeat are the end, whatever the number of pages.
    assert_eq!(read(&more.next.unwrap(), &page(2)).next, None);
}

#[test]
fn the_plan_brings_the_linked_agents() {
    let batch = read(&Ask::Steps(run_ref()), &fixture("plan"));
    assert_eq!(batch.also, [linked()]);
    let without_plan = answer(&Ask::Steps(run_ref()), 404, "{}").unwrap();
    assert_eq!(without_plan.also, [linked()]);
    let path = Telnyx.request(&linked()).unwrap().path;
    assert!(
        path.ends_with(&format!("/runs/{}/telnyx-agents", super::RUN)),
        "{path}"
    );
    let batch = read(&linked(), &fixture("linked_agents"));
    let run = &runs_of(&batch)[0];
    assert_eq!(
        (run.id.as_str(), run.mission_id.as_str()),
        (super::RUN, super::MISSION)
    );
    assert_eq!(
        run.facts[0].value,
        "assistant-3d1f9c52-8b07-4a6e-93c1-0f5e2a7d4b68 · since 2026-08-03 21:05:30 UTC"
    );
    let whole = fixture("linked_agents");
    let raw = std::str::from_utf8(run.extras[0].raw.bytes()).unwrap();
    assert!(raw.starts_with('[') && whole.contains(raw));
}
