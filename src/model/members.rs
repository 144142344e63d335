//! What a service's records of a tool call hold besides the arguments, where both lie side by side.

/// Members of a call's payload. Empty where the payload is the arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallMembers {
    /// Groups of names for one thing that the record says of the call, the tool's name or the call's id: of
    /// each group the first one that is there is the record's own and was never sent to the tool.
    pub own: &'static [&'static [&'static str]],
    /// Names of members of which nobody can say whose they are.
    pub doubtful: &'static [&'static str],
}

impl CallMembers {
    /// Whether records hold anything besides the arguments.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.doubtful.is_empty()
    }
}
