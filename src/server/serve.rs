//! The running server: listens, works, and stops in order.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::{net::TcpListener, signal, sync::watch, time::timeout};

use super::{open, router, settings::Settings};

/// How long open connections and running jobs are waited for at the end.
const GRACE: Duration = Duration::from_secs(8);

/// What this process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Serves the site and runs the jobs.
    All,
    /// Serves the site only.
    Web,
    /// Runs the jobs only.
    Worker,
}

/// Serves until told to stop.
pub async fn serve(settings: Settings, role: Role) -> Result<()> {
    if role != Role::All && settings.is_embedded() {
        bail!(
            "--role web and --role worker share a database, and an embedded one cannot be shared: set FLOWERY_DATABASE to a server"
        );
    }
    let house = open(&settings).await?;
    let (stop, stopped) = watch::channel(false);
    let worker = (role != Role::Web).then(|| tokio::spawn(house.worker.run(stopped.clone())));
    let site = if role == Role::Worker {
        None
    } else {
        let address = settings.leptos.site_addr;
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("{address} is not free: is another server listening there?"))?;
        let app = router(&settings, house.house, house.store).into_make_service_with_connect_info::<SocketAddr>();
        tracing::info!(site.address = %address, site.public_url = settings.public_url, "listening");
        let mut until = stopped.clone();
        Some(tokio::spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(async move {
                    let _ = until.wait_for(|stop| *stop).await;
                })
                .await
        }))
    };

    asked_to_stop().await;
    tracing::info!("stopping: running jobs are finished or handed back");
    let _ = stop.send(true);
    if let Some(worker) = worker {
        let _ = timeout(GRACE, worker).await;
    }
    if let Some(site) = site {
        // Event streams stay open as long as their pages do: they are not waited for.
        let _ = timeout(Duration::from_secs(2), site).await;
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupted = async {
        let _ = signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
