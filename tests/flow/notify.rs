//! `:bell` in the real loop: what comes in a followed run rings once.

use crate::play::demo;

#[tokio::test]
async fn a_condition_rings_when_something_like_that_comes() {
    demo((120, 40), async |play| {
        play.open(&["incident-triage"]).await;
        play.go_to("Live: error budget burn").await;
        play.type_in(":watch").await;
        play.press("enter").await;
        play.until("live").await;
        play.until("sample_errors").await;
        play.type_in(":bell tool:sample_errors").await;
        play.press("enter").await;
        play.until(" bell tool:sample_errors").await;
        play.until_gone(" bell tool:sample_errors").await;
        let rung = play.rung();
        assert_eq!(rung.len(), 1);
        assert!(rung[0].starts_with("sortie: incident-triage"), "{rung:?}");
    })
    .await;
}
