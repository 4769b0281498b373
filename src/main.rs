//! The `callboard` binary: hands the arguments to [`callboard::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    callboard::cli::main()
}
