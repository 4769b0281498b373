//! Servers that draw diagrams, which only the portal's own configuration
//! names: a source is sent, SVG comes back. What a server answers is no
//! more trusted than what a repository holds.
//!
//! A server may hang or answer for ever, so time and size are bounded,
//! and one that does not answer is not asked for every diagram again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ureq::Agent;

/// How long one drawing may take, and how large it may be.
const PATIENCE: Duration = Duration::from_secs(20);
const MAX_BYTES: u64 = 4 << 20;
/// Of what a server complains, so much is shown.
const MAX_COMPLAINT: usize = 200;
/// So many questions in a row stay without an answer before no more are
/// asked.
const MAX_SILENCE: usize = 3;

/// Said where no server may be asked.
pub const OFFLINE: &str = "no other host is asked";

/// Asks servers for drawings.
#[derive(Default)]
pub struct Drawer {
    agent: OnceLock<Agent>,
    n_silent: AtomicUsize,
}

impl Drawer {
    /// Sends a source to a server and returns what it answers.
    pub fn drawn(&self, server: &str, source: &str) -> Result<Vec<u8>, String> {
        // The same words whether it was asked this time or not: which
        // question comes first differs from run to run.
        let silent = || format!("the server `{}` does not answer", host(server));
        if self.n_silent.load(Ordering::Relaxed) >= MAX_SILENCE {
            return Err(silent());
        }
        let asked = self
            .agent
            .get_or_init(agent)
            .post(server)
            .content_type("text/plain; charset=utf-8")
            .header("accept", "image/svg+xml")
            .send(source.as_bytes());
        let Ok(mut answer) = asked else {
            self.n_silent.fetch_add(1, Ordering::Relaxed);
            return Err(silent());
        };
        self.n_silent.store(0, Ordering::Relaxed);
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
        match body {
            Ok(body) if status == 200 && !body.is_empty() => Ok(body),
            Ok(body) => Err(complaint(server, status, &body)),
            Err(ureq::Error::BodyExceedsLimit(_)) => {
                Err(format!("the server `{}` answered with more than {MAX_BYTES} bytes", host(server)))
            }
            Err(_) => Err(silent()),
        }
    }
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        // A source goes where the configuration says, and nowhere else.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION"), " (diagrams)"))
        .build();
    config.new_agent()
}

/// Returns the host of an address, without what may stand before it.
fn host(server: &str) -> &str {
    let after = server.split_once("://").map_or(server, |(_, after)| after);
    let authority = after.split(['/', '?', '#']).next().unwrap_or(after);
    authority.rsplit('@').next().unwrap_or(authority)
}

fn complaint(server: &str, status: u16, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * MAX_COMPLAINT)]);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let is_shown = (400..500).contains(&status) && !line.starts_with('<');
    let line: String = line.chars().filter(|c| !c.is_control()).take(MAX_COMPLAINT).collect();
    match is_shown && !line.is_empty() {
        true => format!("the server `{}` answered with status {status}: {line}", host(server)),
        false => format!("the server `{}` answered with status {status}", host(server)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_name_the_host_alone() {
        let server = "https://user:secret@kroki.example:8000/plantuml/svg?key=1";
        assert_eq!(host(server), "kroki.example:8000");
        assert_eq!(
            complaint(server, 400, b"\n Syntax error\x07 in line 2\nmore"),
            "the server `kroki.example:8000` answered with status 400: Syntax error in line 2"
        );
        assert_eq!(
            complaint(server, 400, b"<html>"),
            "the server `kroki.example:8000` answered with status 400"
        );
        assert_eq!(
            complaint(server, 302, b"gone"),
            "the server `kroki.example:8000` answered with status 302"
        );
    }
}
