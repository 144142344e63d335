//! The loop and what surrounds it: opens the screen on contexts, files or the demo, and joins keys,
//! network and painting around one app. It decides nothing: what a key means is the app's business,
//! what a frame looks like the screen's.

mod custom;
mod export;
mod files;
mod hand;
mod keys;
mod last;
mod line;
mod lists;
mod look;
mod mail;
mod notify;
mod order;
mod pace;
mod resume;
mod shelf;
mod spelled;
mod stage;
mod start;
mod turn;
mod work;
mod world;

pub use export::Exports;
pub use lists::Lists;
pub use look::colours;
pub use mail::{Mail, Post};
pub use order::{RunArgs, Shown, Stopped};
pub use shelf::Shelf;
pub use stage::{Stage, paint};
pub use start::start;
pub use turn::run;
pub use world::{Cast, World, contexts, over};
