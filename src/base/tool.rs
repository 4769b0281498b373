//! The one door to programs that the portal's own configuration names:
//! they read a source and write what it stands for. A repository's files
//! can never name one, and what they are given is data on their input,
//! never an argument; no shell is asked.
//!
//! A program may hang or write for ever, so time and size are bounded.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take, and how much it may write.
const MAX_TIME: Duration = Duration::from_secs(20);
const MAX_BYTES: u64 = 4 << 20;

/// Runs `command`, a program and its arguments, in `folder`, and returns
/// what it writes for `input`.
#[expect(clippy::disallowed_methods, reason = "the door to programs that the configuration names")]
pub fn output(command: &[String], folder: &Path, input: &[u8]) -> Result<Vec<u8>, String> {
    let (program, arguments) = command.split_first().ok_or("no program is named")?;
    let named = || format!("`{program}`");
    // One beside the configuration is named from there, not from
    // wherever the command was given.
    let place = if program.contains('/') { folder.join(program) } else { program.into() };
    let mut child = Command::new(place)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{} cannot be run: {}", named(), error.kind()))?;
    let (mut stdin, stdout) = (child.stdin.take(), child.stdout.take());
    std::thread::scope(|threads| {
        // It may write before it has read all.
        threads.spawn(move || {
            if let Some(stdin) = &mut stdin {
                // One that reads no more is told by its exit code.
                let _unread = stdin.write_all(input);
            }
        });
        let reader = threads.spawn(move || {
            let mut bytes = Vec::new();
            let stdout = stdout.map(|stdout| stdout.take(MAX_BYTES + 1).read_to_end(&mut bytes));
            stdout.is_some_and(|read| read.is_ok()).then_some(bytes)
        });
        let is_done = ended(&mut child, &|| reader.is_finished());
        if is_done.is_none() {
            // Whatever happens to it, nobody waits any longer.
            let _killed = child.kill();
            let _reaped = child.wait();
            return Err(format!("{} took longer than {} seconds", named(), MAX_TIME.as_secs()));
        }
        let bytes = reader.join().ok().flatten().unwrap_or_default();
        match is_done {
            _ if bytes.len() as u64 > MAX_BYTES => {
                Err(format!("{} wrote more than {MAX_BYTES} bytes", named()))
            }
            Some(true) if !bytes.is_empty() => Ok(bytes),
            Some(true) => Err(format!("{} wrote nothing", named())),
            _ => Err(format!("{} failed", named())),
        }
    })
}

/// Waits for the end of a program and tells whether it went well; `None`
/// if it does not end. One that has written too much is not waited for.
fn ended(child: &mut Child, has_read_all: &dyn Fn() -> bool) -> Option<bool> {
    const PAUSE: Duration = Duration::from_millis(5);
    let began = Instant::now();
    let mut closed: Option<Instant> = None;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => {}
            Err(_) => return None,
        }
        if closed.is_none() && has_read_all() {
            closed = Some(Instant::now());
        }
        let is_late = began.elapsed() > MAX_TIME;
        if is_late || closed.is_some_and(|since| since.elapsed() > Duration::from_secs(1)) {
            let _killed = child.kill();
            let _reaped = child.wait();
            return if is_late { None } else { Some(false) };
        }
        std::thread::sleep(PAUSE);
    }
}
