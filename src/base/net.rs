//! The one place that asks other hosts. Here it asks whether an address
//! answers, and nothing of an answer but its status is read; `drawer`
//! asks servers that the configuration names.
//!
//! Addresses come from content, so hosts of private networks are not
//! asked unless their names are allowed: a page must not be able to make
//! a build knock on the doors behind a firewall.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

pub mod drawer;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many redirections are followed.
const MAX_REDIRECTS: u32 = 8;

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Found,
    /// There is nothing, or no such host; why, in a few words.
    Missing(String),
    /// It cannot be told: the host wants a login, is busy, or does not
    /// answer.
    Unknown(String),
    /// The host is one of a private network.
    Private,
}

/// Asks whether addresses answer.
pub struct Asker {
    agent: Agent,
}

/// Makes an asker. Hosts in `allowed` are asked wherever they are.
pub fn asker(allowed: &[String]) -> Asker {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(MAX_REDIRECTS)
        .http_status_as_error(false)
        .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .build();
    let proxy = config.proxy().map(|proxy| proxy.host().to_string());
    let allowed = allowed.iter().cloned().chain(proxy).collect();
    let resolver = PublicHosts { allowed, inner: DefaultResolver::default() };
    Asker { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
}

impl Asker {
    /// Asks for the head of what is there, and for the whole where a
    /// host does not like that.
    pub fn answer(&self, url: &str) -> Answer {
        let head = self.agent.head(url).call();
        match head {
            Ok(response) if response.status().as_u16() < 400 => Answer::Found,
            Err(error) if is_final(&error) => answer_of(&error),
            _ => match self.agent.get(url).call() {
                Ok(response) => answer_with(response.status().as_u16()),
                Err(error) => answer_of(&error),
            },
        }
    }
}

fn answer_with(status: u16) -> Answer {
    match status {
        ..400 => Answer::Found,
        404 | 410 => Answer::Missing(format!("status {status}")),
        _ => Answer::Unknown(format!("status {status}")),
    }
}

/// Tells whether asking in another way would end in the same way.
fn is_final(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::HostNotFound | ureq::Error::Timeout(_) | ureq::Error::Other(_) | ureq::Error::BadUri(_)
    )
}

fn answer_of(error: &ureq::Error) -> Answer {
    match error {
        ureq::Error::Other(inner) if inner.is::<IsPrivate>() => Answer::Private,
        ureq::Error::HostNotFound => Answer::Missing("there is no such host".to_string()),
        ureq::Error::BadUri(_) => Answer::Missing("it is no address".to_string()),
        ureq::Error::Timeout(_) => Answer::Unknown("no answer in time".to_string()),
        ureq::Error::TooManyRedirects => Answer::Unknown("it redirects in circles".to_string()),
        error => Answer::Unknown(error.to_string()),
    }
}

/// Finds the addresses of hosts that are for everybody.
#[derive(Debug)]
struct PublicHosts {
    allowed: Vec<String>,
    inner: DefaultResolver,
}

#[derive(Debug)]
struct IsPrivate;

impl std::fmt::Display for IsPrivate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a host of a private network")
    }
}

impl std::error::Error for IsPrivate {}

impl Resolver for PublicHosts {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or("");
        if self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return Ok(found);
        }
        let mut public = self.inner.empty();
        found.iter().filter(|place| is_public(place.ip())).for_each(|place| public.push(*place));
        match public.is_empty() {
            true => Err(ureq::Error::Other(Box::new(IsPrivate))),
            false => Ok(public),
        }
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, .., g, h] = ip.segments();
    let low = Ipv4Addr::from((u32::from(g) << 16) | u32::from(h));
    match (a, b) {
        // Only these are given to anybody; of them, what holds an
        // address of the older kind is as that one is.
        (0x2002, b) => is_public_v4(Ipv4Addr::from((u32::from(b) << 16) | u32::from(ip.segments()[2]))),
        (0x2001, 0 | 0xdb8) => false,
        (0x2000..=0x3fff, _) => true,
        (0x64, 0xff9b) => is_public_v4(low),
        _ => ip.to_ipv4_mapped().is_some_and(is_public_v4),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn private_hosts_are_told_from_public_ones() {
        let is_public = |text: &str| super::is_public(text.parse().expect("it is an address"));
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.9.9",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(private), "{private}");
        }
        for public in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
        {
            assert!(is_public(public), "{public}");
        }
    }
}
