//! telnyx: what its replies become in the model.
