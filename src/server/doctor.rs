//! `flowery doctor`: what works here, and what to do about the rest.

mod files;
mod provider;

use std::{fs, path::Path};

use super::settings::Settings;
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
        Finding { what: "data folder", outcome: data_folder(&settings.data) },
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

fn data_folder(path: &Path) -> Result<String, String> {
    let probe = path.join(".doctor");
    fs::create_dir_all(path)
        .and_then(|()| fs::write(&probe, b"x"))
        .and_then(|()| fs::remove_file(&probe))
        .map(|()| format!("{} can be written", path.display()))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

async fn database(settings: &Settings) -> Result<String, String> {
    let store = Store::open(&settings.database).await.map_err(|error| format!("{error:#}"))?;
    if store.ping().await { Ok("opens, and its schema is up to date".into()) } else { Err("opens, but does not answer".into()) }
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
