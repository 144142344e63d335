//! Paint: the app, read only, onto a frame.
