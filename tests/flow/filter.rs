//! `&` through the real loop: asked while it is typed, a hit in its context and back, and the service's own
//! filter where more is read.

use crate::play::demo;

#[tokio::test]
async fn a_failed_call_is_found_among_its_run_and_shown_where_it_happened() {
    demo((120, 40), async |play| {
        play.open(&["Pager triage", "Disk of build-4 is full"])
            .await;
        play.press("enter").await;
        play.until("[2] timeline").await;
        play.type_in("&kind:tool").await;
        play.until(" match").await;
        play.press("enter").await;
        let filtered = play.until("& kind:tool").await;
        play.press("g enter").await;
        play.until("in context").await;
        play.press("esc").await;
        let again = play.until_gone("in context").await;
        let rows = |screen: &str| screen.matches(" tool ").count();
        assert_eq!(rows(&again), rows(&filtered));
        play.press("esc").await;
        play.until_gone("& kind:tool").await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_filter_says_so_and_more_is_read_with_the_services_filter() {
    demo((120, 40), async |play| {
        play.go_to("demo-telnyx").await;
        play.until_cursor("5 missions").await;
        play.type_in("&stauts:failed").await;
        play.until("status? ").await;
        play.press("ctrl-u").await;
        play.type_in("status:failed ctx:demo-telnyx").await;
        play.press("enter").await;
        play.until("missions not opened: 5").await;
        play.press("& enter").await;
        play.until("reading 5 lists").await;
        play.until("Pager triage").await;
        let asked = play.requests("demo-telnyx");
        assert!(
            asked.iter().any(|path| path.contains("status=failed")),
            "{asked:?}"
        );
    })
    .await;
}
