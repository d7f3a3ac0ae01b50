//! Settings: defaults, then `[flowery]` in `Leptos.toml`, then the environment.

use std::{
    env,
    fs::DirBuilder,
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use leptos::config::{LeptosOptions, get_configuration};
use serde::Deserialize;

mod provider;

pub use provider::ProviderSettings;

use crate::{ai::Secret, memories::FileLimits, usage::Prices};

/// The running house's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    pub leptos: LeptosOptions,
    /// What browsers see, without a slash at the end.
    pub public_url: String,
    /// The database's URL. May hold a password: never printed as it is.
    pub database: String,
    pub data: PathBuf,
    pub models: PathBuf,
    pub rate_limits: bool,
    /// The proxy in front of the house: whose client a request comes from is believed of it, and of nobody else.
    pub trusted_proxy: Option<IpAddr>,
    pub provider: ProviderSettings,
    pub files: FileSettings,
    pub jobs: JobSettings,
    /// Hours between trainings of the ranking; 0 for never.
    pub train_every_h: u64,
    /// Hours between looks whether tuning the language model is worth it; 0 for never.
    pub tune_every_h: u64,
    /// Days after which what a person said, did or remembered counts half for their taste.
    pub taste_half_life_days: u32,
}

/// Where files are kept, and what they may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSettings {
    /// A folder or `s3://bucket/prefix`; without one, a folder under the data folder.
    pub originals: Option<String>,
    pub limits: FileLimits,
    pub image_megapixels: u32,
    pub pdf_pages: u32,
    pub audio_minutes: u32,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self { originals: None, limits: FileLimits::default(), image_megapixels: 50, pdf_pages: 300, audio_minutes: 60 }
    }
}

/// How many memories of each kind are worked on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobSettings {
    pub text: usize,
    pub image: usize,
    pub pdf: usize,
    pub audio: usize,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self { text: 2, image: 1, pdf: 1, audio: 1 }
    }
}

/// The `[flowery]` table: each key is the setting `FLOWERY_<KEY>`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    public_url: Option<String>,
    database: Option<String>,
    data: Option<PathBuf>,
    models: Option<PathBuf>,
    rate_limits: Option<String>,
    trusted_proxy: Option<String>,
    originals: Option<String>,
    image_mb: Option<u64>,
    image_megapixels: Option<u64>,
    pdf_mb: Option<u64>,
    pdf_pages: Option<u64>,
    audio_mb: Option<u64>,
    audio_minutes: Option<u64>,
    quota_mb: Option<u64>,
    jobs_text: Option<u64>,
    jobs_image: Option<u64>,
    jobs_pdf: Option<u64>,
    jobs_audio: Option<u64>,
    train_every_h: Option<u64>,
    tune_every_h: Option<u64>,
    taste_half_life_days: Option<u64>,
    openai_base_url: Option<String>,
    openai_api_key: Option<Secret>,
    chat_model: Option<String>,
    embedding_model: Option<String>,
    vision_model: Option<String>,
    transcription_model: Option<String>,
    ask_deadline_s: Option<f64>,
    monthly_budget: Option<f64>,
    tuning_price: Option<f64>,
    tuning_cap: Option<f64>,
    monthly_budget_per_person: Option<f64>,
    monthly_tokens: Option<u64>,
    monthly_tokens_per_person: Option<u64>,
    #[serde(default)]
    prices: Prices,
}

#[derive(Default, Deserialize)]
struct File {
    #[serde(default)]
    flowery: Table,
}

impl Settings {
    /// Reads the settings. Without a file the defaults hold; a file that was named must be there.
    pub fn load(config: Option<&Path>) -> Result<Self> {
        let path = config.unwrap_or(Path::new("Leptos.toml"));
        let mut table = match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str::<File>(&text).with_context(|| format!("{} could not be read", path.display()))?.flowery,
            Err(error) if config.is_some() => {
                return Err(error).with_context(|| format!("{} could not be opened", path.display()));
            }
            Err(_) => Table::default(),
        };
        let leptos = leptos_options(path)?;
        let provider = provider::read(&mut table)?;
        let data = env_path("FLOWERY_DATA").or(table.data).unwrap_or_else(|| "data".into());
        let database = env_text("FLOWERY_DATABASE")
            .or(table.database)
            .unwrap_or_else(|| format!("surrealkv://{}", data.join("database").display()));
        let public_url =
            env_text("FLOWERY_PUBLIC_URL").or(table.public_url).unwrap_or_else(|| format!("http://{}", leptos.site_addr));
        let rate_limits = match env_text("FLOWERY_RATE_LIMITS").or(table.rate_limits).as_deref() {
            None | Some("on") => true,
            Some("off") if leptos.site_addr.ip().is_loopback() => false,
            Some("off") => bail!("FLOWERY_RATE_LIMITS=off is for load tests on loopback, and {} is not", leptos.site_addr),
            Some(other) => bail!("FLOWERY_RATE_LIMITS is {other:?}; it is on or off"),
        };
        let trusted_proxy = proxy(env_text("FLOWERY_TRUSTED_PROXY").or(table.trusted_proxy).as_deref())?;
        let hours = |name: &str, from_file: Option<u64>, default: u64| match env_text(name) {
            Some(text) => text.parse().with_context(|| format!("{name} is {text:?}; it is a number of hours")),
            None => Ok(from_file.unwrap_or(default)),
        };
        let train_every_h = hours("FLOWERY_TRAIN_EVERY_H", table.train_every_h, 24)?;
        let tune_every_h = hours("FLOWERY_TUNE_EVERY_H", table.tune_every_h, 0)?;
        let taste_half_life_days = number("FLOWERY_TASTE_HALF_LIFE_DAYS", table.taste_half_life_days, 365)?;
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            bail!("FLOWERY_PUBLIC_URL is {public_url:?}; it starts with http:// or https://");
        }
        let files = FileSettings {
            originals: env_text("FLOWERY_ORIGINALS").or(table.originals),
            limits: FileLimits {
                image_mb: number("FLOWERY_IMAGE_MB", table.image_mb, 20)?,
                pdf_mb: number("FLOWERY_PDF_MB", table.pdf_mb, 30)?,
                audio_mb: number("FLOWERY_AUDIO_MB", table.audio_mb, 50)?,
                quota_mb: number("FLOWERY_QUOTA_MB", table.quota_mb, 2_000)?,
            },
            image_megapixels: number("FLOWERY_IMAGE_MEGAPIXELS", table.image_megapixels, 50)?,
            pdf_pages: number("FLOWERY_PDF_PAGES", table.pdf_pages, 300)?,
            audio_minutes: number("FLOWERY_AUDIO_MINUTES", table.audio_minutes, 60)?,
        };
        let jobs = JobSettings {
            text: number("FLOWERY_JOBS_TEXT", table.jobs_text, 2)?,
            image: number("FLOWERY_JOBS_IMAGE", table.jobs_image, 1)?,
            pdf: number("FLOWERY_JOBS_PDF", table.jobs_pdf, 1)?,
            audio: number("FLOWERY_JOBS_AUDIO", table.jobs_audio, 1)?,
        };
        Ok(Self {
            files,
            jobs,
            public_url: public_url.trim_end_matches('/').to_owned(),
            database,
            models: env_path("FLOWERY_MODELS").or(table.models).unwrap_or_else(|| "models".into()),
            data,
            rate_limits,
            trusted_proxy,
            train_every_h,
            tune_every_h,
            taste_half_life_days,
            provider,
            leptos,
        })
    }

    /// A house in this folder with everything else as it is where nothing is set, for tests.
    #[cfg(test)]
    pub(crate) fn in_folder(data: &Path) -> Self {
        Self {
            leptos: LeptosOptions::builder().output_name("flowery").site_root("target/site").build(),
            public_url: "http://flowery.test".into(),
            database: "mem://".into(),
            data: data.to_owned(),
            models: "models".into(),
            rate_limits: true,
            trusted_proxy: None,
            provider: ProviderSettings::default(),
            files: FileSettings::default(),
            jobs: JobSettings::default(),
            train_every_h: 0,
            tune_every_h: 0,
            taste_half_life_days: 365,
        }
    }

    /// Browsers reach this house over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The database lives in this process.
    pub fn is_embedded(&self) -> bool {
        !self.database.starts_with("ws://") && !self.database.starts_with("wss://") && !self.database.starts_with("tikv://")
    }

    /// Makes the data folder where there is none. People's memories are in it: it is its owner's alone.
    pub fn make_data_folder(&self) -> Result<()> {
        let mut folder = DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.data).with_context(|| format!("the data folder {} cannot be made", self.data.display()))
    }

    /// Where originals are kept.
    pub fn originals(&self) -> String {
        self.files.originals.clone().unwrap_or_else(|| self.data.join("originals").display().to_string())
    }

    /// The settings as lines for a person, without secrets.
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("LEPTOS_SITE_ADDR", self.leptos.site_addr.to_string()),
            ("LEPTOS_SITE_ROOT", self.leptos.site_root.to_string()),
            ("FLOWERY_PUBLIC_URL", self.public_url.clone()),
            ("FLOWERY_DATABASE", without_credentials(&self.database)),
            ("FLOWERY_DATA", self.data.display().to_string()),
            ("FLOWERY_MODELS", self.models.display().to_string()),
            ("FLOWERY_ORIGINALS", self.originals()),
            ("FLOWERY_IMAGE_MB", self.files.limits.image_mb.to_string()),
            ("FLOWERY_IMAGE_MEGAPIXELS", self.files.image_megapixels.to_string()),
            ("FLOWERY_PDF_MB", self.files.limits.pdf_mb.to_string()),
            ("FLOWERY_PDF_PAGES", self.files.pdf_pages.to_string()),
            ("FLOWERY_AUDIO_MB", self.files.limits.audio_mb.to_string()),
            ("FLOWERY_AUDIO_MINUTES", self.files.audio_minutes.to_string()),
            ("FLOWERY_QUOTA_MB", self.files.limits.quota_mb.to_string()),
            ("FLOWERY_JOBS_TEXT", self.jobs.text.to_string()),
            ("FLOWERY_JOBS_IMAGE", self.jobs.image.to_string()),
            ("FLOWERY_JOBS_PDF", self.jobs.pdf.to_string()),
            ("FLOWERY_JOBS_AUDIO", self.jobs.audio.to_string()),
            ("FLOWERY_RATE_LIMITS", if self.rate_limits { "on" } else { "off" }.to_owned()),
            ("FLOWERY_TRUSTED_PROXY", self.trusted_proxy.map_or_else(|| "off".to_owned(), |address| address.to_string())),
            ("FLOWERY_TRAIN_EVERY_H", self.train_every_h.to_string()),
            ("FLOWERY_TUNE_EVERY_H", self.tune_every_h.to_string()),
            ("FLOWERY_TASTE_HALF_LIFE_DAYS", self.taste_half_life_days.to_string()),
        ];
        lines.extend(self.provider.describe());
        lines
    }
}

/// Leptos's own options. Its reader wants a file; where there is none, the same defaults are given here.
fn leptos_options(path: &Path) -> Result<LeptosOptions> {
    let file = path.to_str().filter(|_| path.exists());
    let mut options = match file {
        Some(file) => {
            get_configuration(Some(file))
                .with_context(|| format!("the Leptos options in {file} could not be read"))?
                .leptos_options
        }
        None => LeptosOptions::builder().output_name("flowery").site_root("target/site").build(),
    };
    if let Some(address) = env_text("LEPTOS_SITE_ADDR") {
        options.site_addr =
            address.parse().with_context(|| format!("LEPTOS_SITE_ADDR is {address:?}; it is an address like 127.0.0.1:3000"))?;
    }
    if let Some(root) = env_text("LEPTOS_SITE_ROOT") {
        options.site_root = root.into();
    }
    Ok(options)
}

fn env_text(name: &str) -> Option<String> {
    env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// The address of a proxy, or `off`.
fn proxy(text: Option<&str>) -> Result<Option<IpAddr>> {
    match text.map(str::trim) {
        None | Some("" | "off") => Ok(None),
        Some(text) => {
            let address = text.parse::<IpAddr>().with_context(|| {
                format!(
                    "FLOWERY_TRUSTED_PROXY is {text:?}; it is off, or the address that the proxy connects from, like 127.0.0.1"
                )
            })?;
            Ok(Some(address.to_canonical()))
        }
    }
}

/// A whole number of at least one.
fn number<N: TryFrom<u64>>(name: &str, from_file: Option<u64>, default: u64) -> Result<N> {
    let value = match env_text(name) {
        Some(text) => text.parse().with_context(|| format!("{name} is {text:?}; it is a whole number"))?,
        None => from_file.unwrap_or(default),
    };
    match N::try_from(value) {
        Ok(number) if value > 0 => Ok(number),
        _ => bail!("{name} is {value}, which is out of range"),
    }
}

fn env_path(name: &str) -> Option<PathBuf> {
    env_text(name).map(PathBuf::from)
}

/// A database URL with its credentials blotted out.
fn without_credentials(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, address))) => format!("{scheme}://…@{address}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        let shown = without_credentials("ws://root:secret@127.0.0.1:8000/a/b");
        assert_eq!(shown, "ws://…@127.0.0.1:8000/a/b");
        assert_eq!(without_credentials("surrealkv://data/database"), "surrealkv://data/database");
    }

    #[test]
    fn a_proxy_is_trusted_by_its_address() {
        for off in [None, Some("off"), Some("")] {
            assert_eq!(proxy(off).unwrap(), None);
        }
        assert_eq!(proxy(Some("127.0.0.1")).unwrap(), proxy(Some("::ffff:127.0.0.1")).unwrap());
        assert!(proxy(Some("on")).unwrap_err().to_string().contains("FLOWERY_TRUSTED_PROXY"));
    }

    #[cfg(unix)]
    #[test]
    fn a_data_folder_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let made = Settings::in_folder(&parent.path().join("deep/data"));
        made.make_data_folder().unwrap();
        assert_eq!(mode(&made.data), 0o700);
        // One that is there already stays as its owner wants it.
        std::fs::set_permissions(&made.data, std::fs::Permissions::from_mode(0o750)).unwrap();
        made.make_data_folder().unwrap();
        assert_eq!(mode(&made.data), 0o750);
    }

    #[test]
    fn the_two_places_of_the_leptos_options_agree() {
        #[derive(Deserialize)]
        struct Manifest {
            package: Package,
        }
        #[derive(Deserialize)]
        struct Package {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            leptos: toml::Table,
        }
        #[derive(Deserialize)]
        struct Runtime {
            package: Package,
        }
        let manifest: Manifest = toml::from_str(include_str!("../../Cargo.toml")).unwrap();
        let runtime: Runtime = toml::from_str(include_str!("../../Leptos.toml")).unwrap();
        for (key, value) in &runtime.package.metadata.leptos {
            assert_eq!(manifest.package.metadata.leptos.get(key), Some(value), "{key}");
        }
    }
}
