//! Events → what a person reads. Pure: model and text only.
