//! The ways of a copy that are not the terminal's own: the buffer of tmux, and a file.

use std::{fs, process::Command};

use super::{
    MISSION, PROGRAM, Pty, RUN, Server, answer, clean, home, leave, screen_on_event, settle,
    surroundings, written,
};

/// Copies of one event, in all their forms.
const COPIES: [&str; 10] = ["yy", "ym", "yM", "yj", "yc", "yt", "ye", "yv", "ys", "yl"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_a_copy_has_a_secret_in_it() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let mut pty = screen_on_event(home.path(), &["--clipboard", "file"], &[]);
    for keys in COPIES {
        pty.type_keys(keys);
        settle(&pty);
    }
    leave(&mut pty);
    let saved = fs::read_dir(home.path().join(".state/sortie/y")).unwrap();
    assert!(saved.count() > 5, "few copies were saved");
    let all = written(home.path());
    assert!(all.contains("canary:"), "nothing that was planted was met");
    clean(&all, "a file of a copy");
    clean(&pty.written(), "the terminal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_buffer_of_tmux_and_no_title_has_a_secret_in_it() {
    if Command::new("tmux").arg("-V").output().is_err() {
        // Written where a run of the tests is read.
        std::io::Write::write_all(
            &mut std::io::stderr(),
            b"tmux is not installed: not tried\n",
        )
        .unwrap();
        return;
    }
    let server = Server::saying(answer).await;
    let home = home(&server);
    let socket = home.path().join("socket").display().to_string();
    let at = |name: &str| home.path().join(name).display().to_string();
    let command = format!(
        "{PROGRAM} --config {} --log {} open sortie:canary/{MISSION}/{RUN}#e-00",
        at("sortie.toml"),
        at("screen.log")
    );
    let argv = [
        "tmux",
        "-u",
        "-S",
        &socket,
        "-f",
        "/dev/null",
        "new-session",
        &command,
    ];
    let surroundings = surroundings(home.path());
    let env: Vec<(&str, &str)> = surroundings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mut pty = Pty::start(&argv, &env, 150, 44);
    pty.wait_for("Bash");
    settle(&pty);
    let ask = |words: &[&str]| {
        let told = Command::new("tmux")
            .args(["-S", &socket])
            .args(words)
            .output()
            .unwrap();
        String::from_utf8_lossy(&told.stdout).into_owned()
    };
    // A key that ends something is not to be taken for the beginning of another one.
    ask(&["set-option", "-s", "escape-time", "0"]);
    let mut met = 0;
    for keys in COPIES {
        pty.type_keys(keys);
        settle(&pty);
        let buffer = ask(&["show-buffer"]);
        met += usize::from(buffer.contains("canary:"));
        clean(&buffer, &format!("the buffer of tmux after {keys}"));
        let names = ask(&["display-message", "-p", "#{pane_title} #{window_name}"]);
        clean(&names, "a title");
    }
    assert!(
        met > 2,
        "only {met} buffers had something of what was planted"
    );
    leave(&mut pty);
    clean(&pty.written(), "the terminal");
    clean(&written(home.path()), "what the screen wrote");
}
