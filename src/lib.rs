//! sortie: a terminal trace viewer for runs of AI agents. It reads four services and files into one
//! model (mission → run → plan step → event) and shows it as a tree with a detail beside it, or prints
//! it. It writes nowhere: no service, no run is ever changed. Traces are handed to a receiver of them
//! when a command says so, by a client apart.
//!
//! A pure middle and a thin rim. The middle is values and functions that neither block nor read a
//! clock, so the screen cannot freeze and everything in it is tested by calling it. The rim is the few
//! places that touch the world.
//!
//! # How data flows
//!
//! ```text
//!  keys ──► term::keys ──► app::keymap ──► Action ─┐
//!                                                  ▼
//!  fetch ──► Provider::read ──► Arrival ──► App::update(msg, now) ──► [Effect] ──► run ──► fetch, copies, documents
//!  source ─────────────────────────▲               │                                              │
//!                                  │               ▼                                              │
//!                                  │         ui::draw(&app) ──► Measured ──► App                  │
//!                                  └────────────────────────── mail ◄────────────────────────────-┘
//! ```
//!
//! What is wanted is a [`model::Ask`]. A [`provider::Provider`] turns it into a request and the reply
//! into a [`model::Batch`] of rows, with the asks that follow from it (`next` for paging, `also` for
//! what must be asked besides). [`fetch`] sends and retries, [`source`] answers the same asks from
//! files. Rows arrive by mail; [`app`] drops those of an older generation, merges the rest into its
//! store and outline, and says what to do next as [`app::Effect`]s. [`ui`] paints what is in the window
//! and says how much room there was. There is no tick: between events the loop sleeps until a deadline
//! of the app, or for ever.
//!
//! The commands of [`cli`] take the same way without a screen: asks through the same engine, rows
//! gathered, records and tables printed by [`export`].
//!
//! Every payload keeps the bytes that the service sent. Titles and summaries are read off them when a
//! row is drawn or printed ([`analysis`]); a payload becomes rows to read once ([`doc`]). Whatever leaves
//! passes [`guard`]: masked everywhere, and cleaned of what would act on a terminal on the screen and in
//! text.
//!
//! # Who may know whom
//!
//! | module | may use | besides |
//! | --- | --- | --- |
//! | [`text`] | nothing of sortie | JSON scanning, widths, names of keys |
//! | [`model`] | `text` | facts and asks; no I/O, no clock |
//! | [`analysis`], [`guard`] | `model`, `text` | pure |
//! | [`doc`] | `model`, `text`, `guard` | pure |
//! | [`provider`] | `model`, `text` | pure; holds no credential |
//! | [`app`] | `model`, `analysis`, `doc`, `guard`, `text` | pure; the time is handed in |
//! | [`ui`] | `app` (never mutably) and what that uses | ratatui |
//! | [`export`] | `model`, `analysis`, `doc`, `guard`, `text` | |
//! | [`fetch`] | `provider`, `model`, `text`, `source` | the only one that asks services |
//! | [`source`] | `provider`, `model`, `text` | files and standard input |
//! | [`send`] | `export` | posts traces where a command says so; knows no context |
//! | [`cache`] | `fetch`, `source`, `export`, `guard`, `provider`, `model`, `text`, `unfinished` | runs that have ended, on disk |
//! | [`term`] | the keys of `app`, `fault`, `unfinished` | the only one with crossterm and arboard |
//! | [`unfinished`] | nothing of sortie | files on their way into their place |
//! | [`cli`] | everything but `ui` and `term` | |
//! | [`run`], [`config`], [`args`], [`log`], [`demo`] | what they need | `demo` knows nothing of the screen |
//!
//! `tests/layers.rs` holds the table as data and fails with file and line.
//!
//! # Where threads meet
//!
//! The main thread owns the [`app::App`] and paints; nothing of it is behind a lock. Everything else
//! runs on the runtime's workers, on its blocking threads or on a thread of its own, and answers by mail:
//!
//! - the fetcher's tasks, one per ticket, through a bounded channel: they wait, the screen does not;
//! - the thread that looks through a large file: it fills an index that asks for its rows wait on, and ends
//!   when nobody has the file open any more; if the file is packed, one more thread unpacks it, and the
//!   first one waits at the end of what is unpacked;
//! - documents of large payloads and searches, on blocking threads, over cheap snapshots of events;
//! - copies, on the desk's thread, in the order in which they were asked for;
//! - signals, which give the terminal back and end the process without the loop.
//!
//! The terminal itself is given back by one function, whoever calls it: the exit, the panic hook, a
//! signal or the suspend key.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "a test fails by panicking"
    )
)]
pub mod analysis;
pub mod app;
pub mod args;
pub mod cache;
pub mod cli;
pub mod config;
pub mod demo;
pub mod doc;
pub mod export;
pub mod fault;
pub mod fetch;
pub mod guard;
pub mod log;
pub mod model;
pub mod provider;
pub mod run;
pub mod send;
pub mod source;
pub mod term;
pub mod text;
pub mod ui;
pub mod unfinished;
