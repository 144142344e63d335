//! The agentex dialect.

use super::{Provider, ReadError};
use crate::model::{Ask, AuthScheme, Batch, Caps, Reply, Request};

/// agentex, seen from outside.
pub struct Agentex;

impl Provider for Agentex {
    fn name(&self) -> &'static str {
        "agentex"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "",
            auth: AuthScheme::None,
            open: false,
            steps: false,
        }
    }

    fn request(&self, _ask: &Ask) -> Option<Request> {
        None
    }

    fn read(&self, _ask: &Ask, _reply: &Reply<'_>) -> Result<Batch, ReadError> {
        Ok(Batch::default())
    }
}
