//! One context fails; it says so in its place and the others go on.

use sortie::{
    demo::{Demo, clock::Clock},
    fetch::{Auth, Connection},
};

use crate::play::play;

fn connections() -> (Demo, Vec<Connection>) {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    (demo, connections)
}

#[tokio::test]
async fn a_refused_key_is_told_where_it_is_and_the_others_work() {
    let (_demo, mut connections) = connections();
    let Auth::Key { secret, source, .. } = &mut connections[0].auth else {
        panic!("the demo has keys");
    };
    *secret = "wrong-key-of-a-test".to_owned().into();
    *source = "TELNYX_API_KEY".to_owned();
    play((120, 40), &connections, async |play| {
        play.go_to("demo-vectara").await;
        play.until_cursor("5 missions").await;
        play.until("401").await;
        play.go_to("demo-telnyx").await;
        let screen = play.until("TELNYX_API_KEY").await;
        assert!(!screen.contains("wrong-key"), "{screen}");
        play.open(&["Docs Expert", "Crawl of a hostile wiki"]).await;
        play.until("Texts from").await;
    })
    .await;
}

#[tokio::test]
async fn a_dead_host_is_told_and_asked_again_with_r() {
    let (_demo, mut connections) = connections();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    connections[3].base_url = format!("http://{address}/").parse().unwrap();
    play((120, 40), &connections, async |play| {
        play.go_to("demo-agentex").await;
        play.until_cursor("5 missions").await;
        play.until("cannot reach").await;
        play.go_to("demo-elizaos").await;
        play.until("Press r to try again").await;
        play.press("r").await;
        play.until_gone("Press r to try again").await;
        play.until("Press r to try again").await;
    })
    .await;
}
