//! `flowery doctor`: what works here, and what to do about the rest.

mod files;
mod provider;

use std::{fs, path::Path};

use super::{settings::Settings, socket};
use crate::{
    ai::{Embedder, local::minilm::MiniLm},
    store::Store,
};

/// What an examination found.
struct Finding {
    what: &'static str,
    outcome: Result<String, String>,
}

/// Examines the house and prints what it finds; `true` if everything works.
pub async fn examine(settings: &Settings) -> bool {
    println!("Settings");
    for (name, value) in settings.describe() {
        println!("  {name:<32} {value}");
    }
    println!("\nWhat works here");
    let findings = [
        Finding { what: "data folder", outcome: data_folder(settings) },
        Finding { what: "database", outcome: database(settings).await },
        Finding { what: "browser bundle", outcome: bundle(Path::new(settings.leptos.site_root.as_ref())) },
    ];
    let all_well = tell(&findings);
    println!("\nKinds of memory that work here, with no provider");
    let texts = Finding { what: "texts", outcome: embedder(&settings.models).await };
    let kinds: Vec<Finding> = std::iter::once(texts).chain(files::examine(settings).await).collect();
    let all_well = tell(&kinds) && all_well;
    println!("\nThe provider's models");
    tell(&provider::examine(&settings.provider).await) && all_well
}

/// Prints findings; `true` if all is well.
fn tell(findings: &[Finding]) -> bool {
    for finding in findings {
        match &finding.outcome {
            Ok(detail) => println!("  ok      {:<20} {detail}", finding.what),
            Err(detail) => println!("  FAILS   {:<20} {detail}", finding.what),
        }
    }
    findings.iter().all(|f| f.outcome.is_ok())
}

fn data_folder(settings: &Settings) -> Result<String, String> {
    settings.make_data_folder().map_err(|error| format!("{error:#}"))?;
    let path = &settings.data;
    let probe = path.join(".doctor");
    fs::write(&probe, b"x")
        .and_then(|()| fs::remove_file(&probe))
        .map(|()| format!("{} can be written", path.display()))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// A running server holds its store, so it is asked. Without one the store is opened, and left as it is.
async fn database(settings: &Settings) -> Result<String, String> {
    let told = |error: anyhow::Error| format!("{error:#}");
    if let Some(answer) = socket::ping(settings).await {
        return answer.map(|()| "answers the running server".into()).map_err(told);
    }
    let store = Store::open_as_it_is(&settings.database).await.map_err(told)?;
    if !store.ping().await {
        return Err("opens, but does not answer".into());
    }
    Ok(match store.missing_steps().await.map_err(told)? {
        0 => "opens, and its schema is up to date".into(),
        _ => "opens; the next start brings its schema up to date".into(),
    })
}

async fn embedder(models: &Path) -> Result<String, String> {
    let model = MiniLm::load(models).map_err(|error| format!("{error:#}"))?;
    let vectors = model.embed(&["rain on dry earth".to_owned()]).await.map_err(|error| format!("{error:#}"))?;
    match vectors.first() {
        Some(vector) if vector.len() == model.dimension() => {
            Ok(format!("{} answers with {} dimensions", model.model(), vector.len()))
        }
        _ => Err(format!("{} answers with a wrong dimension", model.model())),
    }
}

fn bundle(root: &Path) -> Result<String, String> {
    for file in ["pkg/flowery.js", "pkg/flowery.css"] {
        if !root.join(file).exists() {
            return Err(format!("{} is missing: run `make browser`", root.join(file).display()));
        }
    }
    Ok(format!("lies in {}", root.display()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::operator::{Operator, Order},
        *,
    };

    fn settings(data: &Path) -> Settings {
        Settings { database: format!("surrealkv://{}", data.join("database").display()), ..Settings::in_folder(data) }
    }

    /// The engine lets go of its folder some time after the last connection has gone.
    async fn once_free(settings: &Settings) -> Result<String, String> {
        for _ in 0..200 {
            match database(settings).await {
                Err(error) if error.contains("another flowery") => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
                told => return told,
            }
        }
        panic!("the database stays locked");
    }

    #[tokio::test]
    async fn beside_a_running_server_the_database_is_as_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let store = Store::open(&settings.database).await.unwrap();
        assert!(database(&settings).await.unwrap_err().contains("another flowery"), "who holds it and does not listen is told");
        let listening = socket::listen(&settings, Operator::new(store.clone(), None)).unwrap();
        assert_eq!(database(&settings).await.unwrap(), "answers the running server");
        socket::order(&settings, Order::Ping).await.unwrap();
        drop((listening, store));
        assert_eq!(once_free(&settings).await.unwrap(), "opens, and its schema is up to date");
    }

    #[tokio::test]
    async fn it_changes_no_database() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        for _ in 0..2 {
            assert_eq!(once_free(&settings).await.unwrap(), "opens; the next start brings its schema up to date");
        }
    }
}
