//! Who sends a request, and from where: looked up once, before anything else sees it.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::api::{
    house::{ClientAddress, CurrentCaller, House, session_token},
    stream::Refusal,
};

/// The addresses that a request has come through: each proxy adds, at the end, the one that it saw.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What a proxy adds to a request.
const FORWARDING: [&str; 3] = [FORWARDED_FOR, "forwarded", "x-real-ip"];

/// What callers are told apart by.
#[derive(Clone)]
pub(super) struct Callers {
    pub house: House,
    pub trusted_proxy: Option<IpAddr>,
}

/// Puts the caller and the address into the request's extensions. Files are served to anybody and need neither.
pub(super) async fn identify(State(callers): State<Callers>, mut request: Request, next: Next) -> Response {
    let is_file = ["/pkg/", "/fonts/", "/icons/"].iter().any(|folder| request.uri().path().starts_with(folder));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = address(peer, request.headers(), callers.trusted_proxy);
    let token = request.headers().get(header::COOKIE).and_then(|c| c.to_str().ok()).and_then(session_token).map(str::to_owned);
    let caller = match token {
        Some(token) if !is_file => match callers.house.accounts.authenticate(&token).await {
            Ok(caller) => caller,
            Err(error) => return Refusal::from(error).into_response(),
        },
        _ => None,
    };
    request.extensions_mut().insert(CurrentCaller(caller));
    request.extensions_mut().insert(address);
    next.run(request).await
}

/// Where a request comes from. `peer` is who holds the connection, if there is one.
fn address(peer: Option<IpAddr>, headers: &HeaderMap, trusted_proxy: Option<IpAddr>) -> ClientAddress {
    let peer = peer.map(|peer| peer.to_canonical());
    // Anybody may say anything in this header; only what the trusted proxy added itself, at its end, is true.
    let told = (peer.is_some() && peer == trusted_proxy).then(|| last_hop(headers)).flatten();
    let was_forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
    ClientAddress { ip: told.or(peer), is_local: peer.is_none_or(|peer| peer.is_loopback()) && !was_forwarded }
}

fn last_hop(headers: &HeaderMap) -> Option<IpAddr> {
    let hops = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    let last = hops.rsplit(',').next()?.trim();
    let ip = last.parse::<IpAddr>().ok();
    // Some proxies add the port, or brackets.
    let ip = ip.or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()));
    let ip = ip.or_else(|| last.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    ip.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, headers: &[(&'static str, &str)], proxy: Option<&str>) -> (String, bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let address = address(Some(peer.parse().unwrap()), &map, proxy.map(|proxy| proxy.parse().unwrap()));
        (address.key(), address.is_local)
    }

    fn told(value: &str) -> String {
        from("127.0.0.1", &[(FORWARDED_FOR, value)], Some("127.0.0.1")).0
    }

    #[test]
    fn only_the_trusted_proxy_tells_whose_client_it_is() {
        let forwarded = [(FORWARDED_FOR, "203.0.113.7")];
        assert_eq!(from("127.0.0.1", &forwarded, None).0, "127.0.0.1");
        assert_eq!(from("127.0.0.1", &forwarded, Some("127.0.0.1")).0, "203.0.113.7");
        assert_eq!(from("::ffff:127.0.0.1", &forwarded, Some("127.0.0.1")).0, "203.0.113.7");
        assert_eq!(from("198.51.100.1", &forwarded, Some("127.0.0.1")).0, "198.51.100.1");
        assert_eq!(from("127.0.0.1", &[], Some("127.0.0.1")).0, "127.0.0.1");
    }

    #[test]
    fn the_last_hop_is_the_one_that_the_proxy_saw() {
        assert_eq!(told("1.1.1.1, 2.2.2.2,203.0.113.7 "), "203.0.113.7");
        assert_eq!(told("203.0.113.7:4711"), "203.0.113.7");
        assert_eq!(told("[2001:db8:1:2::9]"), "2001:db8:1:2::/64");
        assert_eq!(told("[2001:db8:1:2::9]:4711"), "2001:db8:1:2::/64");
        for nonsense in ["unknown", "203.0.113.7, ", "", "a b"] {
            assert_eq!(told(nonsense), "127.0.0.1", "{nonsense:?}");
        }
        let two = [(FORWARDED_FOR, "1.1.1.1"), (FORWARDED_FOR, "203.0.113.7")];
        assert_eq!(from("127.0.0.1", &two, Some("127.0.0.1")).0, "203.0.113.7");
    }

    #[test]
    fn what_was_forwarded_is_not_local() {
        for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(from(peer, &[], None).1, "{peer}");
            for name in FORWARDING {
                for proxy in [None, Some("127.0.0.1")] {
                    assert!(!from(peer, &[(name, "127.0.0.1")], proxy).1, "{peer} {name}");
                }
            }
        }
        assert!(!from("10.0.0.7", &[], None).1);
    }

    #[test]
    fn a_household_counts_once() {
        assert_eq!(from("2001:db8:1:2::1", &[], None).0, from("2001:db8:1:2:ffff::9", &[], None).0);
        assert_ne!(from("2001:db8:1:2::1", &[], None).0, from("2001:db8:1:3::1", &[], None).0);
        assert_ne!(from("203.0.113.7", &[], None).0, from("203.0.113.8", &[], None).0);
    }
}
