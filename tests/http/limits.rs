//! Where a request comes from: who is limited with whom, and who is local.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use serde_json::json;

use crate::client::{Client, PROXY, Reply, limited, new_email, run};

/// Sends a request over a connection from `peer`, with these headers.
async fn send(router: &Router, peer: IpAddr, headers: &[(&str, &str)], path: &str, body: Option<String>) -> Reply {
    let method = if body.is_some() { Method::POST } else { Method::GET };
    let mut request = Request::builder().method(method).uri(path).extension(ConnectInfo(SocketAddr::new(peer, 4711)));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Client::new(router).send(request.body(Body::from(body.unwrap_or_default())).unwrap()).await
}

/// An attempt that takes no time: the password is too short for any account.
async fn attempt(router: &Router, peer: IpAddr, forwarded: Option<&str>, email: &str) -> u16 {
    let headers: Vec<(&str, &str)> = forwarded.map(|hops| ("x-forwarded-for", hops)).into_iter().collect();
    let body = json!({ "email": email, "password": "short", "name": "Ada" }).to_string();
    send(router, peer, &headers, "/api/accounts/sign_up", Some(body)).await.status.as_u16()
}

/// Whether one of many attempts is refused. A bucket fills up slowly meanwhile, so the first that is not may be luck.
async fn is_limited(
    router: &Router,
    peer: IpAddr,
    hops: impl Fn(usize) -> Option<String>,
    email: impl Fn() -> String,
    tries: usize,
) -> bool {
    for number in 0..tries {
        match attempt(router, peer, hops(number).as_deref(), &email()).await {
            429 => return true,
            status => assert_eq!(status, 400),
        }
    }
    false
}

/// More than are allowed at once.
const MANY: usize = 80;
/// Few enough for anybody new.
const FEW: usize = 10;

#[test]
fn behind_a_proxy_each_visitor_has_a_limit_of_their_own() {
    limited(|router| async move {
        let proxy = IpAddr::from(PROXY);
        let through = |client: &'static str| move |number: usize| Some(format!("10.0.0.{number}, {client}"));
        // What a client writes into the header itself comes before what the proxy adds, and helps nobody.
        assert!(is_limited(&router, proxy, through("203.0.113.1"), new_email, MANY).await);
        assert!(!is_limited(&router, proxy, through("203.0.113.2"), new_email, FEW).await);
        let household = |number: usize| Some(format!("2001:db8:1:2::{number:x}"));
        assert!(is_limited(&router, proxy, household, new_email, MANY).await);
        assert!(!is_limited(&router, proxy, through("2001:db8:1:3::1"), new_email, FEW).await);
        // Who is not the proxy is not believed.
        let stranger = IpAddr::from([198, 51, 100, 9]);
        let spoofed = |number: usize| Some(format!("203.0.113.{}", 100 + number));
        assert!(is_limited(&router, stranger, spoofed, new_email, MANY).await);
    });
}

#[test]
fn an_account_is_guessed_at_no_faster_from_many_addresses() {
    limited(|router| async move {
        let proxy = IpAddr::from(PROXY);
        let everywhere = |number: usize| Some(format!("192.0.2.{number}"));
        let email = new_email();
        let odd = format!(" {} ", email.to_uppercase());
        assert!(is_limited(&router, proxy, everywhere, || odd.clone(), MANY).await);
        let body = json!({ "email": email, "password": "a guess" }).to_string();
        let mut statuses = vec![];
        for number in 0..3 {
            let headers = [("x-forwarded-for", format!("192.0.2.{}", 200 + number))];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            let reply = send(&router, proxy, &headers, "/api/accounts/sign_in", Some(body.clone())).await;
            statuses.push(reply.status.as_u16());
            if statuses[number] == 429 {
                assert!(reply.headers.contains_key("retry-after"));
            }
        }
        assert!(statuses.contains(&429), "signing in counts with it: {statuses:?}");
        assert!(!is_limited(&router, proxy, |number| Some(format!("192.0.2.{}", 210 + number)), new_email, FEW).await);
    });
}

#[test]
fn figures_are_for_the_machine_itself_and_not_for_whom_a_proxy_brings() {
    async fn check(router: Router) {
        let local = IpAddr::from([127, 0, 0, 1]);
        assert!(send(&router, local, &[], "/metrics", None).await.status.is_success());
        for name in ["x-forwarded-for", "forwarded", "x-real-ip"] {
            let value = if name == "forwarded" { "for=127.0.0.1" } else { "127.0.0.1" };
            assert_eq!(send(&router, local, &[(name, value)], "/metrics", None).await.status, 401, "{name}");
        }
        assert_eq!(send(&router, IpAddr::from([10, 0, 0, 7]), &[], "/metrics", None).await.status, 401);
    }
    run(check);
    limited(check);
}
