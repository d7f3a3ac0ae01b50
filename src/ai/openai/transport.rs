//! The way to the provider: one HTTP client, the key, tries, and errors that say what happened without saying too much.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result as Outcome, bail};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use time::OffsetDateTime;

use super::{breaker::Breaker, retry};
use crate::ai::{ModelError, Secret};

const CONNECT: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 32 * 1024 * 1024;
/// The longest explanation of a provider that is logged, in characters.
const EXPLANATION: usize = 300;

/// A provider's address and key, with the one client that all its models are reached by.
#[derive(Clone)]
pub struct Endpoint {
    base: Url,
    key: Option<Secret>,
    http: Client,
}

impl Endpoint {
    /// Checks the address; nothing is sent yet.
    pub fn new(base: &str, key: Option<Secret>) -> Outcome<Self> {
        // The address may hold a password: it is not repeated here.
        let mut base: Url =
            base.trim().parse().context("FLOWERY_OPENAI_BASE_URL is no address like http://127.0.0.1:11434/v1")?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            bail!("FLOWERY_OPENAI_BASE_URL starts with http:// or https:// and names a host");
        }
        base.set_query(None);
        base.set_fragment(None);
        let path = format!("{}/", base.path().trim_end_matches('/'));
        base.set_path(&path);
        let mut headers = HeaderMap::new();
        if let Some(key) = &key {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
                .map_err(|_| anyhow::anyhow!("FLOWERY_OPENAI_API_KEY holds a character that no header can carry"))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let mut client = Client::builder()
            .default_headers(headers)
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .user_agent(concat!("flowery/", env!("CARGO_PKG_VERSION")));
        if base.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]") {
            client = client.no_proxy();
        }
        let http = client.build().context("no HTTP client can be made")?;
        Ok(Self { base, key, http })
    }

    /// A request to a path under the address, like `chat/completions`.
    pub(super) fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, ModelError> {
        let url = self.base.join(path).map_err(|error| ModelError::Unreachable(error.to_string()))?;
        Ok(self.http.request(method, url))
    }

    /// A stranger's words, fit for the log.
    fn told(&self, text: &str) -> String {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(4 * EXPLANATION).collect();
        let text = self.key.as_ref().map_or_else(|| text.clone(), |key| key.blot_out(&text));
        text.chars().take(EXPLANATION).collect()
    }

    fn failed(&self, error: reqwest::Error) -> ModelError {
        // Where no connection came about in time, nothing was asked.
        if error.is_timeout() && !error.is_connect() {
            return ModelError::Slow;
        }
        let mut text = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(&error.without_url() as &dyn std::error::Error);
        let mut told = Vec::new();
        while let Some(error) = cause {
            told.push(error.to_string());
            cause = error.source();
        }
        text.push_str(&told.join(": "));
        ModelError::Unreachable(self.told(&text))
    }

    /// What a status other than success means.
    async fn refusal(&self, response: Response, deadline: Instant) -> ModelError {
        let status = response.status();
        let retry_after = retry::retry_after(response.headers(), OffsetDateTime::now_utc());
        let is_json = is_of(&response, "json");
        let body = read(response, deadline).await.unwrap_or_default();
        let problem = if is_json { Problem::read(&body) } else { Problem::default() };
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ModelError::Unauthorized(status.as_u16()),
            StatusCode::PAYMENT_REQUIRED => ModelError::OutOfCredit,
            StatusCode::TOO_MANY_REQUESTS if problem.is_about_money() => ModelError::OutOfCredit,
            StatusCode::TOO_MANY_REQUESTS => ModelError::Busy { retry_after },
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_EARLY => ModelError::Failing(status.as_u16()),
            StatusCode::SERVICE_UNAVAILABLE if retry_after.is_some() => ModelError::Busy { retry_after },
            _ if status.is_server_error() => ModelError::Failing(status.as_u16()),
            _ if status.is_redirection() => ModelError::Unreadable(format!("it sends elsewhere ({})", status.as_u16())),
            _ => ModelError::Refused { status: status.as_u16(), message: self.told(&problem.message) },
        }
    }
}

impl fmt::Debug for Endpoint {
    /// The host alone: an address can hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.base.host_str().unwrap_or_default())
    }
}

/// What a provider says in an error.
#[derive(Default)]
struct Problem {
    message: String,
    code: String,
}

impl Problem {
    fn read(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = body.get("error").unwrap_or(&body);
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
        let message = error.as_str().unwrap_or_else(|| text("message"));
        Self { message: message.to_owned(), code: format!("{} {}", text("code"), text("type")) }
    }

    fn is_about_money(&self) -> bool {
        ["insufficient_quota", "billing", "credit"].iter().any(|word| self.code.contains(word))
    }
}

/// The way to one of the provider's models, which is left alone when it keeps failing.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub endpoint: Arc<Endpoint>,
    breaker: Arc<Breaker>,
}

impl Line {
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        Self { endpoint, breaker: Arc::default() }
    }

    /// Does a whole exchange by the deadline: with tries, and remembering how it went.
    pub async fn exchange<T, F>(&self, deadline: Instant, once: impl Fn() -> F) -> Result<T, ModelError>
    where
        F: Future<Output = Result<T, ModelError>>,
    {
        self.breaker.admit(Instant::now())?;
        let outcome = self.tries(deadline, once).await;
        self.breaker.learn(outcome.as_ref().map(|_| ()), Instant::now());
        if let Err(error) = &outcome {
            tracing::warn!(provider.error = %error, "a model of the provider gave no answer");
        }
        outcome
    }

    async fn tries<T, F>(&self, deadline: Instant, once: impl Fn() -> F) -> Result<T, ModelError>
    where
        F: Future<Output = Result<T, ModelError>>,
    {
        let mut tries = 0;
        loop {
            let Ok(outcome) = tokio::time::timeout_at(deadline.into(), once()).await else { return Err(ModelError::Slow) };
            let error = match outcome {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            tries += 1;
            match retry::pause(&error, tries) {
                Some(pause) if Instant::now() + pause < deadline => tokio::time::sleep(pause).await,
                _ => return Err(error),
            }
        }
    }

    /// Sends a JSON request once and gives a successful response whose body is still to be read.
    pub async fn post(&self, path: &str, body: &Value, deadline: Instant) -> Result<Response, ModelError> {
        let request = self.endpoint.request(Method::POST, path)?.header(CONTENT_TYPE, "application/json").body(body.to_string());
        self.send(request, deadline).await
    }

    /// Sends a request once and gives a successful response whose body is still to be read.
    pub async fn send(&self, request: RequestBuilder, deadline: Instant) -> Result<Response, ModelError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let response = request.timeout(left).send().await.map_err(|error| self.endpoint.failed(error))?;
        if !response.status().is_success() {
            return Err(self.endpoint.refusal(response, deadline).await);
        }
        if is_of(&response, "html") {
            return Err(ModelError::Unreadable("a page instead of data".into()));
        }
        Ok(response)
    }

    /// The body of a response.
    pub async fn body(&self, response: Response, deadline: Instant) -> Result<Vec<u8>, ModelError> {
        read(response, deadline).await
    }

    /// The body of a response, read as JSON.
    pub async fn json<T: DeserializeOwned>(&self, response: Response, deadline: Instant) -> Result<T, ModelError> {
        let body = self.body(response, deadline).await?;
        #[derive(Deserialize)]
        struct Failure {
            error: Value,
        }
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(value),
            Err(error) => match serde_json::from_slice::<Failure>(&body) {
                Ok(failure) => Err(ModelError::Unreadable(self.endpoint.told(&failure.error.to_string()))),
                // The message of the parser holds places, not what stands there.
                Err(_) => Err(ModelError::Unreadable(format!("no such JSON (line {}, column {})", error.line(), error.column()))),
            },
        }
    }

    /// The next piece of a body that comes bit by bit.
    pub async fn piece(&self, response: &mut Response) -> Result<Option<bytes::Bytes>, ModelError> {
        response.chunk().await.map_err(|error| if error.is_timeout() { ModelError::Slow } else { ModelError::BrokenOff })
    }

    /// A stranger's words, fit for the log.
    pub fn told(&self, text: &str) -> String {
        self.endpoint.told(text)
    }
}

fn is_of(response: &Response, kind: &str) -> bool {
    let kind_of = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind_of.is_some_and(|value| value.to_ascii_lowercase().contains(kind))
}

async fn read(mut response: Response, deadline: Instant) -> Result<Vec<u8>, ModelError> {
    let whole = async {
        let mut body = Vec::new();
        while let Some(piece) =
            response.chunk().await.map_err(|error| if error.is_timeout() { ModelError::Slow } else { ModelError::BrokenOff })?
        {
            if body.len() + piece.len() > LONGEST {
                return Err(ModelError::Unreadable("longer than any answer".into()));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    };
    tokio::time::timeout_at(deadline.into(), whole).await.unwrap_or(Err(ModelError::Slow))
}
