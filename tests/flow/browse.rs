//! From four contexts down to an event of each service, and what can be done there.

use sortie::term::page::Program;

use crate::play::{demo, play};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Rows to open one inside the other, a row inside them, a request that this takes, and what its
/// detail says.
const WAYS: [(&str, &[&str], &str, &str, &str); 4] = [
    (
        "demo-telnyx",
        &["Pager triage", "Disk of build-4 is full"],
        "Run set to running",
        "/events",
        "status",
    ),
    (
        "demo-vectara",
        &["Docs Expert", "Crawl of a hostile wiki"],
        "Texts from",
        "/events",
        "thinking",
    ),
    (
        "demo-agentex",
        &["incident-triage", "Live: error budget burn"],
        "Sample the",
        "/messages",
        "reasoning",
    ),
    (
        "demo-elizaos",
        &["Atlas", "Read the museum guestbook"],
        "run started",
        "/runs/",
        "RUN_STARTED",
    ),
];

#[tokio::test]
async fn four_contexts_are_listed_at_every_size() {
    for size in SIZES {
        demo(size, async |play| {
            for (context, ..) in WAYS {
                play.go_to(context).await;
                play.until_cursor("5 missions").await;
                assert!(!play.requests(context).is_empty());
            }
        })
        .await;
    }
}

#[tokio::test]
async fn an_event_of_each_service_can_be_read_at_every_size() {
    for size in SIZES {
        for (context, rows, event, request, detail) in WAYS {
            demo(size, async |play| {
                let before = play.requests(context).len();
                play.go_to(context).await;
                play.open(rows).await;
                play.go_to(event).await;
                play.press("enter").await;
                play.until(detail).await;
                let asked = play.requests(context);
                assert!(
                    asked.len() > before && asked.iter().any(|path| path.contains(request)),
                    "{asked:?}"
                );
                play.press("esc").await;
                play.until(event).await;
                assert!(play.cursor().contains(event), "{}", play.screen());
            })
            .await;
        }
    }
}

#[tokio::test]
async fn copies_the_payload_the_id_and_the_path_and_says_so() {
    demo((120, 40), async |play| {
        play.open(&["refund-sweep"]).await;
        play.until("refund-sweep  ").await;
        play.press("j y i").await;
        play.until("id: copied").await;
        play.press("y y").await;
        play.until("copied").await;
        play.press("y p").await;
        play.until("path: copied").await;
        let copies = play.copies();
        let [id, payload, path] = copies.as_slice() else {
            panic!("{copies:?}");
        };
        let record: serde_json::Value = serde_json::from_str(payload).unwrap();
        assert_eq!(
            record["run_id"],
            id.as_str(),
            "the record as the service sent it"
        );
        let mission = record["mission_id"].as_str().unwrap();
        assert_eq!(*path, format!("sortie:demo-telnyx/{mission}/{id}"));
    })
    .await;
}

#[tokio::test]
async fn a_pager_and_a_command_get_the_value_and_the_screen_comes_back() {
    demo((120, 40), async |play| {
        play.open(&["refund-sweep"]).await;
        play.until("refund-sweep  ").await;
        play.press("j v").await;
        play.until("the program").await;
        play.press("| w c space - l enter").await;
        play.until("the program").await;
        let [(pager, shown), (command, read)] = play.lent().try_into().unwrap();
        assert_eq!(pager, Program::Pager);
        assert_eq!(command, Program::Shell("wc -l".to_owned()));
        let record: serde_json::Value = serde_json::from_str(&read).unwrap();
        assert!(record["mission_id"].is_string());
        assert_eq!(shown.trim_end(), read.trim_end());
    })
    .await;
}

#[test]
fn a_text_that_takes_long_to_be_made_does_not_hold_the_screen() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(demo((120, 40), async |play| {
        play.open(&["nightly-billing"]).await;
        play.go_to("Run the nightly refunds").await;
        play.press("enter").await;
        play.until("2 failed").await;
        // Whatever is to be made waits for this to end.
        let hold = || {
            let (go, wait) = std::sync::mpsc::channel::<()>();
            drop(tokio::task::spawn_blocking(move || wait.recv()));
            go
        };
        let go = hold();
        play.press("p M").await;
        play.until("Esc gives it up").await;
        play.press("esc").await;
        play.until("given up: nothing was handed over").await;
        drop(go);
        let go = hold();
        play.press("p M").await;
        play.until("Esc gives it up").await;
        let before = play.cursor();
        play.press("j").await;
        assert_ne!(play.cursor(), before, "the screen goes on");
        assert!(play.lent().is_empty());
        drop(go);
        play.until("printed").await;
        let [(program, text)] = play.lent().try_into().unwrap();
        assert_eq!(program, Program::Terminal);
        assert!(text.starts_with("# ✗ Run failed"), "{text}");
    }));
}

#[tokio::test]
async fn a_payload_of_megabytes_is_read_and_copied_whole() {
    demo((120, 40), async |play| {
        play.open(&["refund-sweep", "Export all open"]).await;
        play.go_to("orders.export").await;
        play.until("SO-000001").await;
        play.press("3 G").await;
        let last = play.screen();
        assert!(!last.contains("SO-000001"), "{last}");
        play.press("1 y y").await;
        play.until("payload: copied").await;
        let copies = play.copies();
        assert!(copies[0].len() > 3_000_000, "{} bytes", copies[0].len());
        let payload: serde_json::Value = serde_json::from_str(&copies[0]).unwrap();
        assert_eq!(payload["call_id"], "x1");
    })
    .await;
}

#[tokio::test]
async fn searches_what_is_loaded_and_steps_through_the_hits() {
    demo((120, 40), async |play| {
        play.open(&["Docs Expert", "Crawl of a hostile wiki"]).await;
        play.until("bidi override").await;
        play.press("/").await;
        play.type_in("page/1").await;
        play.press("enter").await;
        play.until("match 1/").await;
        let first = play.cursor();
        play.press("n").await;
        play.until("match 2/").await;
        assert_ne!(play.cursor(), first);
        play.press("N").await;
        play.until("match 1/").await;
        assert_eq!(play.cursor(), first);
        play.press("/").await;
        play.type_in("no such words").await;
        play.press("enter").await;
        play.until("is not in what is loaded").await;
    })
    .await;
}

#[tokio::test]
async fn steps_through_failures() {
    demo((120, 40), async |play| {
        play.open(&["Pager triage"]).await;
        play.until("Checkout latency alert").await;
        play.press("g e").await;
        let first = play.cursor();
        assert!(first.contains('✗'), "{}", play.screen());
        play.press("e E").await;
        assert_eq!(play.cursor(), first);
    })
    .await;
}

#[tokio::test]
async fn a_live_run_grows_under_a_selection_that_stays() {
    demo((120, 40), async |play| {
        play.open(&["incident-triage", "Live: error budget burn"])
            .await;
        play.go_to("Sample the").await;
        let before = play.cursor();
        let calls = |screen: &str| screen.matches("sample_errors").count();
        let had = calls(&play.screen());
        let mut asked = play.requests("demo-agentex").len();
        for _ in 0..100 {
            play.press("r").await;
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            assert!(
                play.requests("demo-agentex").len() > asked,
                "r asks the service"
            );
            asked = play.requests("demo-agentex").len();
            if calls(&play.screen()) > had {
                break;
            }
        }
        assert!(calls(&play.screen()) > had, "{}", play.screen());
        assert_eq!(play.cursor(), before);
    })
    .await;
}

#[tokio::test]
async fn the_demo_begins_on_the_empty_screen() {
    play((80, 24), &[], async |play| {
        play.until("TELNYX_API_KEY").await;
        play.press("d").await;
        play.until("demo-telnyx").await;
        play.go_to("demo-elizaos").await;
        play.until_cursor("5 missions").await;
    })
    .await;
}

#[tokio::test]
async fn q_leaves_one_level_a_press_and_then_ends() {
    demo((80, 24), async |play| {
        play.until("demo-elizaos").await;
        play.press("?").await;
        play.until("Keys that work here").await;
        play.press("q").await;
        play.until_gone("Keys that work here").await;
        play.leave("q").await;
    })
    .await;
}

#[tokio::test]
async fn a_fold_counts_failures_as_the_header_does_and_never_mixes_units() {
    demo((120, 40), async |play| {
        play.go_to("nightly-billing").await;
        play.press("l").await;
        play.go_to("pay.refund: 4").await;
        play.press("l").await;
        play.until("44 events  2 failed  1 soft").await;
        play.press("h").await;
        play.until_cursor("\u{2717}2  ~1").await;
        play.press("h").await;
        play.press("h").await;
        // The two failed runs, not their events.
        play.until_cursor("\u{2717}2").await;
    })
    .await;
}

#[tokio::test]
async fn a_few_letters_in_the_palette_lead_to_a_mission_and_to_an_action_without_a_key() {
    demo((120, 40), async |play| {
        play.until("5 missions").await;
        play.type_in(":pgrtri").await;
        play.until("Pager triage").await;
        play.press("enter").await;
        play.until_cursor("Pager triage").await;
        play.until("Checkout latency alert").await;
        play.type_in(":causes").await;
        play.press("enter").await;
        play.until("causes  last 24h").await;
    })
    .await;
}

#[tokio::test]
async fn a_pasted_id_opens_its_run_from_anywhere_and_an_unknown_one_says_what_was_tried() {
    demo((120, 40), async |play| {
        play.open(&["Pager triage"]).await;
        play.go_to("Checkout latency alert").await;
        play.press("y r").await;
        play.until("copied").await;
        let id = play.copies()[0].clone();
        play.press("h h").await;
        // A whole line of a log that holds the id.
        play.press("O").await;
        play.type_in(&format!("run={id} gave up")).await;
        play.press("enter").await;
        play.until("[2] timeline").await;
        play.until(&format!("run {}", &id[..8])).await;
        play.press("q O").await;
        play.type_in("0000-no-such-run").await;
        play.press("enter").await;
        let told = play.until("no run fits").await;
        assert!(told.contains("demo-elizaos"), "{told}");
    })
    .await;
}
