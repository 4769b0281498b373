//! Takes the port and lets connections in: a bounded number of them,
//! each read by a thread of its own with a small stack. When there are
//! too many, the one that has been silent the longest goes, so that
//! half a request can never stand in the way of a whole one.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::model::failure::Failure;

use super::ServeOptions;

/// The port that is tried first when none was named.
const FIRST_PORT: u16 = 3000;
/// How many ports are tried.
const N_PORTS: u16 = 100;
/// How many connections there may be at once.
pub(super) const MAX_CONNECTIONS: usize = 256;
/// Reading a request takes little; pages are made elsewhere.
const STACK_BYTES: usize = 256 << 10;
/// How long to wait when the system has nothing left to give.
const PAUSE: Duration = Duration::from_millis(20);

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

/// What a connection is doing; decides who goes when there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doing {
    /// Nothing yet, or not enough: the first to go.
    Waiting,
    /// Taking a response, perhaps very slowly.
    Writing,
    /// Being answered, or listening to events, of which there are fewer
    /// than connections: never sent away.
    Served,
}

/// All connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Counts changes, in place of a clock.
    n_changes: u64,
    next_id: u64,
    open: BTreeMap<u64, Open>,
    is_over: bool,
}

#[derive(Debug)]
struct Open {
    stream: Arc<TcpStream>,
    doing: Doing,
    /// The change since which it does so.
    since: u64,
}

/// One connection among the others, until it is dropped.
pub(super) struct Connection {
    id: u64,
    pub(super) stream: Arc<TcpStream>,
    all: Arc<Connections>,
}

/// Lets connections in and hands each to `serve`, on a thread of its
/// own, until `close` is called.
pub(super) fn accept(
    listener: &TcpListener,
    all: &Arc<Connections>,
    serve: impl Fn(Connection) + Clone + Send + 'static,
) {
    while !all.inner().is_over {
        match listener.accept() {
            Ok((stream, _)) => {
                let Some(connection) = Connections::admit(all, stream) else { continue };
                let serve = serve.clone();
                let thread = thread::Builder::new().stack_size(STACK_BYTES);
                // Without a thread the connection is closed.
                let _dropped_with_its_closure = thread.spawn(move || serve(connection));
            }
            // No more files may be open, or the other side has left.
            Err(_) => {
                all.inner().send_one_away();
                thread::sleep(PAUSE);
            }
        }
    }
}

impl Connections {
    fn admit(all: &Arc<Connections>, mut stream: TcpStream) -> Option<Connection> {
        let mut inner = all.inner();
        if inner.is_over {
            return None;
        }
        if inner.open.len() >= MAX_CONNECTIONS && !inner.send_one_away() {
            // Not a word that could block.
            let is_set = stream.set_nonblocking(true);
            let _best_effort =
                is_set.and_then(|()| stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"));
            return None;
        }
        let stream = Arc::new(stream);
        let (id, since) = (inner.next_id, inner.n_changes);
        inner.next_id += 1;
        inner.n_changes += 1;
        inner.open.insert(id, Open { stream: Arc::clone(&stream), doing: Doing::Waiting, since });
        Some(Connection { id, stream, all: Arc::clone(all) })
    }

    /// Closes all connections and ends `accept`, which listens at
    /// `address`.
    pub(super) fn close(&self, address: SocketAddr) {
        let mut inner = self.inner();
        inner.is_over = true;
        for open in inner.open.values() {
            let _may_be_closed = open.stream.shutdown(Shutdown::Both);
        }
        drop(inner);
        // It waits for a connection, so it gets one.
        let mut address = address;
        match address {
            SocketAddr::V4(own) if own.ip().is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            SocketAddr::V6(own) if own.ip().is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        let _wakes = TcpStream::connect_timeout(&address, Duration::from_secs(1));
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Closes the connection that can best be spared, if there is one.
    fn send_one_away(&mut self) -> bool {
        let dispensable = self.open.iter().filter(|(_, open)| open.doing != Doing::Served);
        let Some((&id, _)) = dispensable.min_by_key(|(_, open)| (open.doing, open.since)) else {
            return false;
        };
        if let Some(open) = self.open.remove(&id) {
            // Its thread waits for the socket, and wakes up by this.
            let _may_be_closed = open.stream.shutdown(Shutdown::Both);
        }
        true
    }
}

impl Connection {
    /// Says what the connection does from now on; `false` if it was sent
    /// away.
    pub(super) fn now(&self, doing: Doing) -> bool {
        let mut inner = self.all.inner();
        inner.n_changes += 1;
        let since = inner.n_changes;
        match inner.open.get_mut(&self.id) {
            Some(open) => {
                (open.doing, open.since) = (doing, since);
                true
            }
            None => false,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.inner().open.remove(&self.id);
        let _may_be_closed = self.stream.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets a connection in and returns both ends.
    fn connect(listener: &TcpListener, all: &Arc<Connections>) -> (TcpStream, Option<Connection>) {
        let far = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (near, _) = listener.accept().unwrap();
        (far, Connections::admit(all, near))
    }

    #[test]
    fn who_waits_longest_goes_first_and_who_is_served_stays() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let all = Arc::new(Connections::default());
        let mut ends: Vec<_> = (0..MAX_CONNECTIONS).map(|_| connect(&listener, &all)).collect();
        let now = |ends: &Vec<(TcpStream, Option<Connection>)>, idx: usize, doing| {
            ends[idx].1.as_ref().unwrap().now(doing)
        };
        assert!(now(&ends, 0, Doing::Served));
        assert!(now(&ends, 1, Doing::Waiting));
        ends.push(connect(&listener, &all));
        assert!(!now(&ends, 2, Doing::Waiting), "the third has waited longest");
        assert!(now(&ends, 1, Doing::Waiting));

        (0..=MAX_CONNECTIONS).filter(|idx| *idx != 2).for_each(|idx| {
            now(&ends, idx, Doing::Served);
        });
        assert!(connect(&listener, &all).1.is_none(), "nobody can be spared");
        now(&ends, 7, Doing::Writing);
        assert!(connect(&listener, &all).1.is_some());
        assert!(!now(&ends, 7, Doing::Writing), "a slow reader can be spared");
        drop(ends);
        assert_eq!(all.inner().open.len(), 0);
    }
}
