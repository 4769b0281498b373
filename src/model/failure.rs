//! Operational failures: what stops a command, as opposed to a
//! [`Diagnostic`](super::diagnostic::Diagnostic), which never does.

use std::fmt;

/// Why a command stopped; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Wrong arguments or configuration: exit code 2, nothing written.
    Usage,
    /// Disk, network, permissions: exit code 3, the old site is intact.
    Environment,
    /// Something that would lose or mix up files: exit code 4.
    Refusal,
    /// The person pressed Ctrl-C, or a signal came: exit code 128 plus
    /// the signal's number.
    Interrupted(u8),
}

/// A command stopped, with a message for a person and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    pub message: String,
    pub help: Option<String>,
}

impl Failure {
    /// Returns a failure of the caller's arguments or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, message.into())
    }

    /// Returns a failure of the disk or the system.
    pub fn environment(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Environment, message.into())
    }

    /// Returns a refusal to do something unsafe.
    pub fn refusal(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Refusal, message.into())
    }

    /// Returns the end of a command by a signal of this number.
    pub fn interrupted(signal: u8) -> Self {
        Self::new(FailureKind::Interrupted(signal), "interrupted; the site is as it was".to_string())
    }

    /// Returns the failure with advice added.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns the exit code of the command.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            FailureKind::Usage => 2,
            FailureKind::Environment => 3,
            FailureKind::Refusal => 4,
            FailureKind::Interrupted(signal) => 128_u8.saturating_add(signal),
        }
    }

    fn new(kind: FailureKind, message: String) -> Self {
        Failure { kind, message, help: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
