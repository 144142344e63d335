//! What is told of a panic, by a command and by the screen, where the reason of the panic quotes a payload.

use super::{OWN, RUN, Server, answer, clean, home, planted, run, screen, written};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_panic_tells_a_secret() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let quoted = planted();
    let says = ("SORTIE_PANIC_SAYS", quoted.as_str());
    let line = ["events".to_owned(), RUN.to_owned()];
    let told = run(home.path(), &line, &[("SORTIE_PANIC", "fetch"), says]);
    assert!(told.contains("SORTIE_PANIC asked"), "{told}");
    clean(&told, "a panic while fetching");
    let own = ("SORTIE_PANIC_SAYS", OWN);
    let told = run(home.path(), &line, &[("SORTIE_PANIC", "fetch"), own]);
    clean(&told, "a panic that quotes the key in use");
    for says in [says, own] {
        let pty = screen(home.path(), &[], &[("SORTIE_PANIC", "frame"), says]);
        pty.wait_until("the end", || {
            !pty.screen().alternate_screen() && pty.written().contains("SORTIE_PANIC asked")
        });
        clean(&pty.written(), "a panic while drawing");
    }
    clean(&written(home.path()), "what a panic left");
}
