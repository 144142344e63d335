//! Named views and the filters that were asked are there again after a restart.

use crate::play::play_with;
use sortie::{
    config::read_saved,
    demo::{Demo, clock::Clock},
};

#[tokio::test]
async fn a_view_is_kept_found_by_its_name_after_a_restart_and_removed() {
    let home = tempfile::tempdir().unwrap();
    let state = Some(home.path().to_owned());
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    play_with((120, 40), &connections, state.clone(), async |play| {
        play.until("5 missions").await;
        play.press("a").await;
        play.until("failed+soft first").await;
        play.type_in("&ctx:demo-telnyx status:failed").await;
        play.press("enter").await;
        play.until("& ctx:demo-telnyx status:failed").await;
        play.type_in(":save-view oncall").await;
        play.press("enter").await;
        play.until("view oncall saved: inbox · last 24h · ctx:demo-telnyx")
            .await;
    })
    .await;
    play_with((120, 40), &connections, state, async |play| {
        play.until("5 missions").await;
        // By a few letters of its name, among everything else.
        play.type_in(":oncall").await;
        play.until("view oncall").await;
        play.press("enter").await;
        play.until("& ctx:demo-telnyx status:failed").await;
        play.until("failed+soft first").await;
        play.press("esc").await;
        play.until_gone("& ctx:demo-telnyx").await;
        // What was asked before the restart comes back with the arrow.
        play.press("& up").await;
        play.until("&ctx:demo-telnyx status:failed").await;
        play.press("esc").await;
        play.type_in(":views").await;
        play.press("enter").await;
        play.until("1 view").await;
        play.press("d").await;
        play.until("view oncall removed: inbox · last 24h · ctx:demo-telnyx")
            .await;
        play.until("nothing is kept yet").await;
    })
    .await;
    // Leaving writes down what is still to be written.
    assert_eq!(read_saved(home.path()).views, []);
}
