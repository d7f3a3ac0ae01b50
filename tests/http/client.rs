//! A plain HTTP client against one house that all tests share; each test brings its own people.

use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use flowery::server::{
    self,
    settings::{FileSettings, JobSettings, ProviderSettings, Settings},
};
use flowery::store::Store;
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A running house, seen from outside and from inside.
#[derive(Clone)]
pub struct House {
    pub router: Router,
    pub rooms: flowery::api::house::House,
    pub store: Store,
    pub data: PathBuf,
}

fn on_a_runtime(name: &str) -> (Runtime, House) {
    on_a_runtime_with(name, |_| ())
}

fn on_a_runtime_with(name: &str, change: impl FnOnce(&mut Settings)) -> (Runtime, House) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let house = runtime.block_on(open(name, change));
    (runtime, house)
}

/// Runs a test on the runtime that the house lives on.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce(Router) -> F) {
    static HOUSE: OnceLock<(Runtime, House)> = OnceLock::new();
    let (runtime, house) = HOUSE.get_or_init(|| on_a_runtime("flowery-http-tests"));
    runtime.block_on(test(house.router.clone()));
}

/// Files that a server which was killed left in its data folder.
pub const LEFT_BEHIND: [&str; 3] = ["incoming/half", "reading/copy", "imports/abc.csv"];

/// Runs a test in a second house, where nothing else happens meanwhile: for what changes the house itself. The server before it
/// was killed.
pub fn alone<F: Future<Output = ()>>(test: impl FnOnce(House) -> F) {
    static HOUSE: OnceLock<(Runtime, House)> = OnceLock::new();
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let leave_behind = |settings: &mut Settings| {
        for path in LEFT_BEHIND.map(|path| settings.data.join(path)) {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "Somebody's").unwrap();
        }
    };
    let (runtime, house) = HOUSE.get_or_init(|| on_a_runtime_with("flowery-http-tests-alone", leave_behind));
    runtime.block_on(test(house.clone()));
}

/// Runs a test in a third house, which limits attempts and stands behind a proxy at [`PROXY`].
pub fn limited<F: Future<Output = ()>>(test: impl FnOnce(Router) -> F) {
    static HOUSE: OnceLock<(Runtime, House)> = OnceLock::new();
    let change = |settings: &mut Settings| {
        settings.rate_limits = true;
        settings.trusted_proxy = Some(PROXY.into());
    };
    let (runtime, house) = HOUSE.get_or_init(|| on_a_runtime_with("flowery-http-tests-limited", change));
    runtime.block_on(test(house.router.clone()));
}

pub const PROXY: [u8; 4] = [127, 0, 0, 1];

async fn open(name: &str, change: impl FnOnce(&mut Settings)) -> House {
    let models = std::env::var("FLOWERY_MODELS")
        .unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("models").display().to_string());
    let mut settings = Settings {
        leptos: LeptosOptions::builder().output_name("flowery").site_root("target/site").build(),
        public_url: "http://flowery.test".into(),
        database: "mem://".into(),
        // Of this checkout alone: another one's tests may run beside these.
        data: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name),
        models: models.into(),
        rate_limits: false,
        trusted_proxy: None,
        files: FileSettings::default(),
        jobs: JobSettings::default(),
        train_every_h: 0,
        tune_every_h: 0,
        taste_half_life_days: 365,
        provider: ProviderSettings::default(),
    };
    change(&mut settings);
    let open = server::open(&settings).await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // The worker runs as long as the tests do.
    std::mem::forget(stop);
    tokio::spawn(open.worker.run(stopped));
    House {
        router: server::router(&settings, open.house.clone(), open.store.clone()),
        rooms: open.house,
        store: open.store,
        data: settings.data,
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {} {:?}", self.status, self.text))
    }

    /// The body of a success.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self.json()
    }

    /// Checks that this is the contract's error of that status, with a sentence for a person, and returns its code.
    pub fn error(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let error = self.json()["error"].clone();
        assert!(error["code"].is_string() && error["message"].as_str().is_some_and(|m| m.ends_with(['.', '!', '?'])), "{error}");
        error
    }
}

/// A browser or script with its cookie.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub cookie: Option<String>,
}

impl Client {
    pub fn new(router: &Router) -> Self {
        Self { router: router.clone(), cookie: None }
    }

    /// A new person, signed up and signed in.
    pub async fn signed_up(router: &Router) -> Self {
        let mut client = Self::new(router);
        client.sign_up(&new_email()).await;
        client
    }

    pub async fn sign_up(&mut self, email: &str) -> Value {
        let reply = self.post("/api/accounts/sign_up", json!({ "email": email, "password": PASSWORD, "name": "Ada" })).await;
        self.keep_cookie(&reply);
        reply.ok()
    }

    /// Takes the session cookie of a reply.
    pub fn keep_cookie(&mut self, reply: &Reply) {
        let set = reply.headers.get(header::SET_COOKIE).and_then(|c| c.to_str().ok());
        self.cookie = set.and_then(|c| c.split(';').next()).map(str::to_owned);
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (mut parts, body) = request.into_parts();
        if let Some(cookie) = &self.cookie {
            parts.headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        parts.headers.entry(header::HOST).or_insert("flowery.test".parse().unwrap());
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 * 1024 * 1024).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.into(),
        }
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        let request = Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// As a page without JavaScript posts its forms.
    pub async fn form(&self, path: &str, body: &str, referer: &str) -> Reply {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::REFERER, referer)
            .header(header::ORIGIN, "http://flowery.test");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Sends a file with words beside it.
    pub async fn upload(&self, name: &str, bytes: &[u8], words: &[(&str, &str)]) -> Reply {
        self.send(upload().body(multipart(name, bytes, words)).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::builder().uri(path).body(Body::empty()).unwrap()).await
    }

    /// A page, as a browser asks for it.
    pub async fn page(&self, path: &str) -> Reply {
        self.send(Request::builder().uri(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    /// Keeps a memory and waits until it has been understood.
    pub async fn remember(&self, content: &str) -> Value {
        let id = self.post("/api/memories/add", json!({ "title": "", "content": content })).await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        self.until_ready(&id).await
    }

    /// Waits until a memory is `ready`; anything final but that is a failure of the test.
    pub async fn until_ready(&self, id: &str) -> Value {
        for _ in 0..1800 {
            let memory = self.get(&format!("/api/memories/get?id={id}")).await.ok();
            match memory["status"].as_str().unwrap() {
                "ready" => return memory,
                "failed" => panic!("the memory failed: {}", memory["error"]),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("the memory {id} was not ready after three minutes");
    }

    pub async fn ask(&self, query: &str) -> Value {
        self.post("/api/ask/submit", json!({ "query": query })).await.ok()
    }
}

pub const BOUNDARY: &str = "a-line-that-stands-in-no-file";

/// The head of an upload.
pub fn upload() -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri("/api/memories/upload")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
}

/// The body of an upload: words, and a file behind them.
pub fn multipart(name: &str, bytes: &[u8], words: &[(&str, &str)]) -> Body {
    Body::from([words_of(words), file_of(name, bytes), end()].concat())
}

/// The same with the file first.
pub fn file_first(name: &str, bytes: &[u8], words: &[(&str, &str)]) -> Body {
    Body::from([file_of(name, bytes), words_of(words), end()].concat())
}

fn words_of(words: &[(&str, &str)]) -> Vec<u8> {
    let part = |(field, value): &(&str, &str)| {
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
    };
    words.iter().map(part).collect::<String>().into_bytes()
}

fn file_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/html\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

fn end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

pub const PASSWORD: &str = "wet stone after rain";

/// An email that no other test uses.
pub fn new_email() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("person{}@example.org", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The notes of a fragrance in all four layers.
pub fn notes(fragrance: &Value) -> Vec<String> {
    ["top", "middle", "base", "other"]
        .iter()
        .flat_map(|layer| fragrance["notes"][layer].as_array().unwrap().clone())
        .map(|n| n.as_str().unwrap().to_owned())
        .collect()
}
