//! Signals that end a command without a screen. Nothing is unwound: what is not finished is for whoever
//! ends the process to take away. A hang-up that sortie was started to survive is none.

use std::{fs, future::pending, time::Duration};

use tokio::signal::{
    ctrl_c,
    unix::{SignalKind, signal},
};

use super::{exit::Exit, pager};

/// How long an interrupted command may take to end by itself.
const GRACE: Duration = Duration::from_millis(300);

/// Waits for SIGINT, SIGTERM or SIGHUP and calls `exit` with the exit code: what is typed is read, and a
/// full pipe written, by calls that nothing can stop. Needs a running tokio runtime.
pub async fn end_on_signals(exit: fn(i32)) {
    let code = tokio::select! {
        () = interrupted() => {
            tokio::time::sleep(GRACE).await;
            Exit::Interrupted.code().into()
        }
        () = raised(SignalKind::terminate()) => of(SignalKind::terminate()),
        () = raised(SignalKind::hangup()), if !is_ignored(SignalKind::hangup()) => {
            of(SignalKind::hangup())
        }
    };
    exit(code);
}

/// What a shell is told of whoever was ended by a signal.
fn of(kind: SignalKind) -> i32 {
    128 + kind.as_raw_value()
}

/// Until somebody wants the command to end. In a pager that key is the pager's.
pub async fn interrupted() {
    while ctrl_c().await.is_ok() {
        if !pager::shows() {
            return;
        }
    }
    // Where signals cannot be heard, none ends anything.
    pending::<()>().await;
}

async fn raised(kind: SignalKind) {
    match signal(kind) {
        Ok(mut raised) => drop(raised.recv().await),
        Err(_) => pending().await,
    }
}

/// Whether sortie was started not to mind a signal, as by `nohup`. Where that cannot be known it counts
/// as such.
fn is_ignored(kind: SignalKind) -> bool {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = told.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = u32::try_from(kind.as_raw_value() - 1).ok();
    let bit = bit.and_then(|bit| 1_u64.checked_shl(bit));
    mask.zip(bit).is_none_or(|(mask, bit)| mask & bit != 0)
}
