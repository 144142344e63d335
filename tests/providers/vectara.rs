//! vectara: what its replies become in the model.
