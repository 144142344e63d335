//! What leaves sortie: records as JSON and text.
