//! What calls ask for, by what stands in their arguments: programs, paths, parts of files, questions.

/// What the arguments of a command or a path say about texts that come back.
pub(super) const TEXT_ARGUMENTS: &[&[u8]] = &[
    b".log",
    b".err",
    b".out",
    b"journalctl",
    b"dmesg",
    b" logs ",
    b"tail ",
    b"/var/log",
    b".py",
    b".rs",
    b".ts",
    b".js",
    b".java",
    b".go",
    b".md",
    b".txt",
    b"stack trace",
    b"stacktrace",
    b"traceback",
    b"grep ",
    b"\"log\"",
    b"git log",
    b"git show",
    b"git diff",
    b"\"diff\"",
    b"\"blame\"",
];

/// Programs that end with 1 where they find nothing, or a difference.
pub(super) const FINDERS: &[&[u8]] = &[
    b"grep",
    b"rg ",
    b"diff",
    b"cmp ",
    b"test ",
    b"[ -",
    b"which ",
    b"command -v",
    b"--exit-code",
    b"--check",
    b"2>/dev/null",
    b"2> /dev/null",
    b"merge-base",
    b"--is-ancestor",
    b"systemctl is-",
    b"systemctl status",
    b"timeout ",
    b"ag ",
    b"pylint",
    b"eslint",
    b"lint",
];

/// What gives nothing back.
pub(super) const WRITES: &[&[u8]] = &[
    b"update ",
    b"UPDATE ",
    b"insert ",
    b"INSERT ",
    b"delete ",
    b"DELETE",
    b"create ",
    b"CREATE ",
    b"drop ",
    b"DROP ",
    b"alter ",
    b"ALTER ",
    b"\"PUT\"",
    b"\"POST\"",
    b"\"PATCH\"",
    b"mkdir ",
];

/// What looks for what need not be there.
pub(super) const SEEKS: &[&[u8]] = &[
    b"is null",
    b"IS NULL",
    b"not exists",
    b"NOT EXISTS",
    b"_contains\"",
    b"\"filter",
    b"\"since\"",
    b"having ",
    b"HAVING ",
];

/// What asks for a part of a file.
pub(super) const RANGES: &[&[u8]] = &[
    b"\"offset\"",
    b"\"limit\"",
    b"\"lines\"",
    b"\"start_line\"",
    b"\"end_line\"",
    b"line_range",
    b"\"range\"",
];

/// What cuts a text on purpose.
pub(super) const CUTTERS: &[&[u8]] = &[
    b"head ",
    b"head\"",
    b"cut -c",
    b"max_bytes",
    b"max_chars",
    b"max_length",
    b"byte_range",
    b"\"range\"",
    b"truncate",
    b"\"limit_bytes\"",
];

/// What asks about a failure.
pub(super) const WONDERS: &[&[u8]] = &[
    b"\"why ",
    b"\"Why ",
    b"what happened",
    b"What happened",
    b"root cause",
    b" fail?",
    b" failed?",
    b"fail last",
    b"post-mortem",
    b"postmortem",
    b"went wrong",
];
