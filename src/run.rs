//! The loop: keys, mail and deadlines in; frames and effects out.
