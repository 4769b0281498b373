//! The only file that knows the HTTP library. It is asked for requests
//! and for a way to answer each, so that another can take its place.

use std::io::{self, Write};
use std::net::TcpListener;

use tiny_http::Server;

use crate::model::failure::Failure;

use super::ServeOptions;
use super::http::{Request, Response};

/// The port that is tried first when none was named.
const FIRST_PORT: u16 = 3000;
/// How many ports are tried.
const N_PORTS: u16 = 100;

/// Whoever waits for an answer.
pub(super) trait Client: Send {
    /// Returns what was asked.
    fn request(&self) -> Request;
    /// Returns where the answer is written, status line first.
    fn writer(self: Box<Self>) -> Box<dyn Write + Send>;
}

impl Client for tiny_http::Request {
    fn request(&self) -> Request {
        let text = |header: &tiny_http::Header| (header.field.to_string(), header.value.to_string());
        Request {
            method: self.method().to_string(),
            target: self.url().to_string(),
            headers: self.headers().iter().map(text).collect(),
        }
    }

    fn writer(self: Box<Self>) -> Box<dyn Write + Send> {
        self.into_writer()
    }
}

/// Takes the port: the one that was named, or the first that is free.
pub(super) fn bind(options: &ServeOptions) -> Result<TcpListener, Failure> {
    let hostname = options.hostname.trim_matches(['[', ']']);
    let ports = match options.port {
        Some(port) => port..=port,
        None => FIRST_PORT..=FIRST_PORT + N_PORTS - 1,
    };
    let mut refusal = None;
    for port in ports {
        match TcpListener::bind((hostname, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => {
                let is_taken = error.kind() == io::ErrorKind::AddrInUse;
                refusal = Some((port, error));
                if !is_taken {
                    break;
                }
            }
        }
    }
    let (port, error) = refusal.expect("at least one port is tried");
    Err(Failure::usage(format!("cannot listen on `{hostname}:{port}`: {error}"))
        .with_help("name another port with `--port`, or another address with `--hostname`"))
}

/// Starts to answer on a port.
pub(super) fn server(listener: TcpListener) -> Result<Server, Failure> {
    Server::from_listener(listener, None)
        .map_err(|error| Failure::environment(format!("cannot serve HTTP: {error}")))
}

/// Writes a whole response.
pub(super) fn send(mut writer: Box<dyn Write + Send>, response: &Response) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        // A line break in a value would begin another header.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    writer.write_all(head.as_bytes())?;
    writer.write_all(&response.body)?;
    writer.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        414 => "URI Too Long",
        500 => "Internal Server Error",
        _ => "",
    }
}
