//! A session's tokens over HTTP: exchanged, repeated, stolen, ended.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::time::Duration;

use behorig_domain::DeviceId;
use behorig_protocol::{
    CodeSent, EnterCode, ErrorBody, ErrorCode, PullRequest, Refresh, SignIn, SignedIn, Tokens,
    VERSION, VERSION_HEADER, path,
};
use behorig_server::demo::TECHNICIAN;
use behorig_testkit::TestServer;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(60 * 60);

struct Client {
    server: TestServer,
    http: reqwest::Client,
}

impl Client {
    async fn new() -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server: TestServer::start().await, http }
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<A, ErrorCode> {
        let url = format!("{}{path}", self.server.url());
        let mut post = self.http.post(url).header(VERSION_HEADER, VERSION).json(body);
        if let Some(token) = token {
            post = post.bearer_auth(token);
        }
        let answer = post.send().await.unwrap();
        if answer.status().is_success() {
            Ok(answer.json().await.unwrap())
        } else {
            Err(answer.json::<ErrorBody>().await.unwrap().code)
        }
    }

    async fn sign_in(&self, device: DeviceId) -> SignedIn {
        let (user_name, password) = (TECHNICIAN.user_name.into(), TECHNICIAN.password.into());
        let asked = SignIn { user_name, password, device, system: String::new() };
        let CodeSent { challenge, .. } = self.post(path::SIGN_IN, None, &asked).await.unwrap();
        let code = self.server.code(TECHNICIAN.phone).unwrap();
        self.post(path::SESSION, None, &EnterCode { challenge, code }).await.unwrap()
    }

    async fn refresh(&self, refresh: &str) -> Result<Tokens, ErrorCode> {
        self.post(path::REFRESH, None, &Refresh { refresh: refresh.into() }).await
    }

    async fn end(&self, refresh: &str) -> Result<serde_json::Value, ErrorCode> {
        self.post(path::END, None, &Refresh { refresh: refresh.into() }).await
    }

    /// Whether an access token opens anything.
    async fn opens(&self, access: &str) -> bool {
        let asked = PullRequest {
            device: DeviceId(Uuid::now_v7()),
            answers_after: 0,
            cursors: Default::default(),
            all_scopes: true,
            limit: 1,
        };
        let url = format!("{}{}", self.server.url(), path::PULL);
        let post = self.http.post(url).header(VERSION_HEADER, VERSION).bearer_auth(access);
        post.json(&asked).send().await.unwrap().status().is_success()
    }

    /// Listens for pokes.
    async fn listen(&self, access: &str) -> reqwest::Response {
        let url = format!("{}{}", self.server.url(), path::CHANGES);
        let get = self.http.get(url).header(VERSION_HEADER, VERSION).bearer_auth(access);
        get.send().await.unwrap()
    }
}

fn device() -> DeviceId {
    DeviceId(Uuid::now_v7())
}

#[tokio::test]
async fn each_refresh_brings_the_next_pair_and_an_old_one_ends_them_all() {
    let client = Client::new().await;
    let first = client.sign_in(device()).await.tokens;
    assert!(client.opens(&first.access).await);
    let second = client.refresh(&first.refresh).await.unwrap();
    let third = client.refresh(&second.refresh).await.unwrap();
    assert!(client.opens(&third.access).await);
    assert_eq!(client.refresh(&first.refresh).await, Err(ErrorCode::SignInNeeded));
    for tokens in [&first, &second, &third] {
        assert!(!client.opens(&tokens.access).await);
        assert_eq!(client.refresh(&tokens.refresh).await, Err(ErrorCode::SignInNeeded));
    }
}

#[tokio::test]
async fn a_lost_answer_costs_nothing_until_what_it_held_is_used() {
    let client = Client::new().await;
    let first = client.sign_in(device()).await.tokens;
    assert!(client.opens(&first.access).await);
    client.refresh(&first.refresh).await.unwrap();
    let second = client.refresh(&first.refresh).await.unwrap();
    assert!(client.opens(&second.access).await);
    assert_eq!(
        client.refresh(&first.refresh).await,
        Err(ErrorCode::SignInNeeded),
        "used by whoever got it: now two hold the same token"
    );
    assert!(!client.opens(&second.access).await);
}

#[tokio::test]
async fn an_access_token_lives_an_hour_and_a_session_thirty_days() {
    let client = Client::new().await;
    let mut tokens = client.sign_in(device()).await.tokens;
    assert_eq!(tokens.access_seconds, 3_600);
    client.server.pass(HOUR - Duration::from_secs(30));
    assert!(client.opens(&tokens.access).await);
    client.server.pass(Duration::from_secs(60));
    assert!(!client.opens(&tokens.access).await);
    for _ in 0..29 {
        tokens = client.refresh(&tokens.refresh).await.unwrap();
        client.server.pass(HOUR * 24);
    }
    client.server.pass(HOUR * 22 + HOUR / 2);
    tokens = client.refresh(&tokens.refresh).await.unwrap();
    assert!(tokens.access_seconds < 3_600, "not past the session's end");
    client.server.pass(HOUR);
    assert!(!client.opens(&tokens.access).await);
    assert_eq!(client.refresh(&tokens.refresh).await, Err(ErrorCode::SignInNeeded));
}

#[tokio::test]
async fn a_log_out_ends_this_session_and_no_other() {
    let client = Client::new().await;
    let here = client.sign_in(device()).await.tokens;
    let there = client.sign_in(device()).await.tokens;
    client.end(&here.refresh).await.unwrap();
    client.end(&here.refresh).await.unwrap();
    assert!(!client.opens(&here.access).await);
    assert_eq!(client.refresh(&here.refresh).await, Err(ErrorCode::SignInNeeded));
    assert!(client.opens(&there.access).await);
    for nonsense in ["", "x", "x.y", &here.access] {
        assert_eq!(client.refresh(nonsense).await, Err(ErrorCode::SignInNeeded), "{nonsense}");
        let _ = client.end(nonsense).await;
    }
    assert!(client.opens(&there.access).await);
}

#[tokio::test]
async fn the_share_comes_with_both_factors_and_stays_the_devices() {
    let client = Client::new().await;
    let (one, other) = (device(), device());
    let first = client.sign_in(one).await.recovery_share;
    assert_eq!(hex_digits(&first), 64);
    assert_eq!(client.sign_in(one).await.recovery_share, first);
    assert_ne!(client.sign_in(other).await.recovery_share, first);
}

fn hex_digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_hexdigit).count()
}

#[tokio::test]
async fn a_session_can_be_renewed_only_so_often() {
    let client = Client::new().await;
    let mut tokens = client.sign_in(device()).await.tokens;
    let mut brought = 0;
    let stopped = loop {
        match client.refresh(&tokens.refresh).await {
            Ok(next) => tokens = next,
            Err(code) => break code,
        }
        brought += 1;
        assert!(brought < 60, "somebody must stop this");
    };
    assert_eq!(stopped, ErrorCode::TooManyTries);
    assert!(client.opens(&tokens.access).await, "and the session goes on");
}

#[tokio::test]
async fn nobody_listens_with_a_session_that_has_ended() {
    let client = Client::new().await;
    let tokens = client.sign_in(device()).await.tokens;
    let mut stream = client.listen(&tokens.access).await;
    assert!(stream.chunk().await.unwrap().is_some(), "the first poke");
    client.end(&tokens.refresh).await.unwrap();
    // no poke comes: the stream ends by itself
    let end = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(Duration::from_secs(50), end).await.expect("the stream ends");
    assert_eq!(client.listen(&tokens.access).await.status(), 401);
}
