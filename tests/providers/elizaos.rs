//! elizaos: what its replies become in the model.
