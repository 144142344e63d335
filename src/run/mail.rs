//! What comes to the loop from elsewhere: rows from the network through a bounded channel, so that
//! the fetcher waits and the screen does not, and the few answers of our own threads.

use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};

use crate::{app::Msg, model::Arrival};

/// Mails of the fetcher that may lie about unread. One holds at most 500 rows, which take the loop some
/// milliseconds: what somebody waits for comes behind no more than these.
const ROOM: usize = 2;

/// The loop's inbox. It keeps both ends, so it never closes while the loop runs.
pub struct Mail {
    arrivals: Receiver<Arrival>,
    news: UnboundedReceiver<Msg>,
    post: Post,
}

/// Where mail for the loop is handed in.
#[derive(Clone)]
pub struct Post {
    /// For the fetcher.
    pub arrivals: Sender<Arrival>,
    /// For everybody else. Without a bound, since a thread that copies must not wait for a loop that
    /// waits for it; there is one answer for each order, or one for some thousand events looked at.
    pub news: UnboundedSender<Msg>,
}

impl Default for Mail {
    fn default() -> Self {
        let (arrivals_in, arrivals) = mpsc::channel(ROOM);
        let (news_in, news) = mpsc::unbounded_channel();
        let post = Post {
            arrivals: arrivals_in,
            news: news_in,
        };
        Self {
            arrivals,
            news,
            post,
        }
    }
}

impl Mail {
    /// Where to hand in mail.
    pub fn post(&self) -> Post {
        self.post.clone()
    }

    /// The next message. Dropping the future loses none.
    pub(super) async fn next(&mut self) -> Msg {
        tokio::select! {
            biased;
            Some(msg) = self.news.recv() => msg,
            Some(arrival) = self.arrivals.recv() => Msg::Arrived(Box::new(arrival)),
            else => std::future::pending().await,
        }
    }

    /// The next message, if there is one already.
    pub(super) fn ready(&mut self) -> Option<Msg> {
        if let Ok(msg) = self.news.try_recv() {
            return Some(msg);
        }
        let arrival = self.arrivals.try_recv().ok()?;
        Some(Msg::Arrived(Box::new(arrival)))
    }
}
