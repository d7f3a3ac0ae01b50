//! The service worker: a file of the site whose cache is named by what the site consists of.

use std::{fs, path::Path, sync::OnceLock};

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// Where the site's files lie.
#[derive(Clone)]
pub(super) struct SiteRoot(pub std::path::PathBuf);

/// `GET /sw.js`, with the version of the site in it.
pub(super) async fn service_worker(Extension(root): Extension<SiteRoot>) -> Response {
    static SCRIPT: OnceLock<Option<String>> = OnceLock::new();
    let script = SCRIPT.get_or_init(|| {
        let template = fs::read_to_string(root.0.join("sw.js")).ok()?;
        Some(template.replace("__VERSION__", &version(&root.0)))
    });
    match script {
        Some(script) => {
            ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], script.clone())
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A hash over the names and contents of the site's files.
fn version(root: &Path) -> String {
    fn walk(folder: &Path, hash: &mut Sha256) {
        let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        for path in entries {
            hash.update(path.to_string_lossy().as_bytes());
            if path.is_dir() {
                walk(&path, hash);
            } else {
                hash.update(fs::read(&path).unwrap_or_default());
            }
        }
    }
    let mut hash = Sha256::new();
    walk(root, &mut hash);
    hex::encode(&hash.finalize()[..8])
}
