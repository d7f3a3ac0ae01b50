//! Opening the database: which engine, which namespace, and bringing its schema up to date.

use std::path::Path;

use anyhow::{Context, Result, bail};
use surrealdb::{
    Surreal,
    engine::any::{self, Any},
    opt::auth::Root,
};

use super::migrate;

/// A connection to the store. Cloning it shares the connection.
#[derive(Clone)]
pub struct Store {
    db: std::sync::Arc<Surreal<Any>>,
}

/// Where a database URL points: the endpoint, and for a server who signs in and which namespace and database are used.
#[derive(Debug, PartialEq)]
struct Target {
    endpoint: String,
    credentials: Option<(String, String)>,
    namespace: String,
    database: String,
}

impl Target {
    /// Reads `mem://`, `surrealkv://path`, or `ws://user:pass@host:port/ns/db`.
    fn parse(url: &str) -> Result<Self> {
        let (scheme, rest) = url.split_once("://").with_context(|| format!("{url:?} is not a database URL"))?;
        let embedded = Self {
            endpoint: if scheme == "mem" { "mem://".into() } else { url.into() },
            credentials: None,
            namespace: "flowery".into(),
            database: "flowery".into(),
        };
        match scheme {
            "mem" | "surrealkv" | "rocksdb" | "tikv" => Ok(embedded),
            "ws" | "wss" => {
                let (credentials, address) = match rest.rsplit_once('@') {
                    Some((who, address)) => {
                        let (user, password) = who.split_once(':').context("the database URL names a user without a password")?;
                        (Some((user.to_owned(), password.to_owned())), address)
                    }
                    None => (None, rest),
                };
                let mut parts = address.trim_end_matches('/').split('/');
                let host = parts.next().filter(|h| !h.is_empty()).context("the database URL names no host")?;
                let namespace = parts.next().unwrap_or("flowery").to_owned();
                let database = parts.next().unwrap_or("flowery").to_owned();
                Ok(Self { endpoint: format!("{scheme}://{host}"), credentials, namespace, database })
            }
            other => bail!("the database engine {other:?} is not one of mem, surrealkv, rocksdb, tikv, ws, wss"),
        }
    }
}

impl Store {
    /// Connects and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::open_as_it_is(url).await?;
        migrate::run(&store).await?;
        Ok(store)
    }

    /// Connects to a database of whatever version.
    pub(crate) async fn open_as_it_is(url: &str) -> Result<Self> {
        let target = Target::parse(url)?;
        if let Some(path) = target.endpoint.strip_prefix("surrealkv://") {
            let parent = Path::new(path).parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(parent).with_context(|| format!("cannot create the folder {}", parent.display()))?;
        }
        let db = any::connect(&target.endpoint).await.map_err(|error| {
            let hint =
                if target.endpoint.starts_with("surrealkv") { " (is another flowery using this data folder?)" } else { "" };
            anyhow::anyhow!("the database at {} did not open{hint}: {error}", target.endpoint)
        })?;
        if let Some((username, password)) = target.credentials {
            db.signin(Root { username, password }).await.context("the database server did not accept the credentials")?;
        }
        db.use_ns(&target.namespace).use_db(&target.database).await.context("the namespace could not be selected")?;
        Ok(Self { db: std::sync::Arc::new(db) })
    }

    /// How many steps [`Self::open`] would still take. A database of a newer version is an error, as it is there.
    pub(crate) async fn missing_steps(&self) -> Result<usize> {
        migrate::missing(self).await
    }

    /// A fresh database in memory, for tests.
    pub async fn in_memory() -> Result<Self> {
        Self::open("mem://").await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> bool {
        self.db.health().await.is_ok()
    }

    /// The one place where a request gets its database session.
    pub(super) fn session(&self) -> &Surreal<Any> {
        &self.db
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_urls() {
        let target = Target::parse("ws://root:se:cret@127.0.0.1:8000/scent/prod").unwrap();
        assert_eq!(target.endpoint, "ws://127.0.0.1:8000");
        assert_eq!(target.credentials, Some(("root".into(), "se:cret".into())));
        assert_eq!((target.namespace.as_str(), target.database.as_str()), ("scent", "prod"));
        assert_eq!(Target::parse("surrealkv:///var/lib/flowery").unwrap().endpoint, "surrealkv:///var/lib/flowery");
        assert!(Target::parse("postgres://x").is_err());
        assert!(Target::parse("data").is_err());
    }
}
