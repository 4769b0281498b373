//! The event stream: every open page listens on it and learns which
//! generation of the site stands, and what is wrong with it.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::wire::Wire;

/// How often a silent stream says that it lives, so that one whose
/// reader has gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How many pages may listen; the one that came first goes first.
pub(super) const MAX_LISTENERS: usize = 128;
/// How many messages may wait for a slow reader before it is dropped.
const MAX_WAITING: usize = 16;

/// All pages that listen, and the last message, which a new one gets at
/// once.
#[derive(Debug, Default)]
pub(super) struct Hub {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: Option<Arc<str>>,
    /// In the order in which they came.
    listeners: Vec<SyncSender<Arc<str>>>,
}

impl Hub {
    /// Sends a message to all listeners. `data` has no line break.
    pub(super) fn publish(&self, data: &str) {
        let message: Arc<str> = format!("data: {data}\n\n").into();
        let mut inner = self.inner();
        inner.listeners.retain(|listener| listener.try_send(Arc::clone(&message)).is_ok());
        inner.last = Some(message);
    }

    /// Adds a listener.
    pub(super) fn listen(&self) -> Receiver<Arc<str>> {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let mut inner = self.inner();
        if let Some(last) = &inner.last {
            let _the_channel_is_empty = sender.try_send(Arc::clone(last));
        }
        if inner.listeners.len() >= MAX_LISTENERS {
            let oldest = inner.listeners.remove(0);
            // The connection outlives our writer: the page must close it.
            let _may_be_gone = oldest.try_send("event: full\ndata: {}\n\n".into());
        }
        inner.listeners.push(sender);
        receiver
    }

    #[cfg(test)]
    pub(super) fn n_listeners(&self) -> usize {
        self.inner().listeners.len()
    }

    /// Ends all streams.
    pub(super) fn close(&self) {
        self.inner().listeners.clear();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a stream until its reader or the hub goes away.
pub(super) fn stream(wire: &Wire, messages: &Receiver<Arc<str>>) -> io::Result<()> {
    wire.write(
        b"HTTP/1.1 200 OK\r\n\
          Content-Type: text/event-stream\r\n\
          Cache-Control: no-store\r\n\
          X-Accel-Buffering: no\r\n\
          X-Content-Type-Options: nosniff\r\n\
          Cross-Origin-Resource-Policy: same-origin\r\n\
          Connection: close\r\n\r\n\
          retry: 1000\n\n",
    )?;
    loop {
        match messages.recv_timeout(HEARTBEAT) {
            Ok(message) => wire.write(message.as_bytes())?,
            Err(RecvTimeoutError::Timeout) if wire.is_gone() => return Ok(()),
            Err(RecvTimeoutError::Timeout) => wire.write(b":\n\n")?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_gets_the_last_message_and_those_after() {
        let hub = Hub::default();
        let early = hub.listen();
        hub.publish("1");
        let late = hub.listen();
        hub.publish("2");
        let all =
            |listener: &Receiver<Arc<str>>| listener.try_iter().map(|m| m.to_string()).collect::<String>();
        assert_eq!(all(&early), "data: 1\n\ndata: 2\n\n");
        assert_eq!(all(&late), "data: 1\n\ndata: 2\n\n");
    }

    #[test]
    fn the_oldest_of_too_many_goes() {
        let hub = Hub::default();
        let listeners: Vec<_> = (0..=MAX_LISTENERS).map(|_| hub.listen()).collect();
        hub.publish("x");
        let count = |idx: usize| listeners[idx].try_iter().map(|m| m.to_string()).collect::<String>();
        assert_eq!(count(0), "event: full\ndata: {}\n\n");
        assert_eq!(count(1), "data: x\n\n");
        assert_eq!(hub.inner().listeners.len(), MAX_LISTENERS);
    }

    #[test]
    fn a_listener_that_does_not_read_is_dropped() {
        let hub = Hub::default();
        let _listener = hub.listen();
        (0..=MAX_WAITING).for_each(|_| hub.publish("x"));
        assert_eq!(hub.inner().listeners.len(), 0);
    }
}
