//! The running server: listens, works, and stops in order.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::{net::TcpListener, signal, sync::watch, task::JoinHandle, time::timeout};

use super::{
    door::Door,
    open,
    operator::{Operator, Running},
    router,
    settings::Settings,
    socket,
};
use crate::{jobs::Pace, learning::Learning};

/// How long open connections are waited for at the end. Event streams stay open as long as their pages do.
const GRACE: Duration = Duration::from_secs(2);
/// How often to look for what other processes put into service.
const FOLLOW: Duration = Duration::from_secs(30);

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
    let (stop, stopped) = watch::channel(false);
    let door = Door::default();
    let site = if role == Role::Worker { None } else { Some(listen(&settings, &door, stopped.clone()).await?) };
    let house = tokio::select! {
        house = open(&settings) => house?,
        () = asked_to_stop() => return Ok(()),
    };
    let running = Running { catalog: house.catalog.clone(), learning: house.learning.clone() };
    let operator = Operator::new(house.store.clone(), Some(running));
    let socket = if settings.is_embedded() { Some(socket::listen(&settings, operator)?) } else { None };
    if role != Role::Web {
        tokio::spawn(house.schedule.run(stopped.clone()));
    }
    if !settings.is_embedded() {
        tokio::spawn(follow(house.learning.clone(), stopped.clone()));
    }
    if let Some(recall) = house.recall {
        let stopped = stopped.clone();
        tokio::spawn(async move {
            match role {
                Role::Web => recall.stand_by(stopped).await,
                Role::All | Role::Worker => recall.keep_up(stopped).await,
            }
        });
    }
    tokio::spawn(house.leftovers.keep_clear(stopped.clone()));
    let worker = (role != Role::Web).then(|| tokio::spawn(house.worker.run(stopped)));
    door.open(router(&settings, house.house, house.store));
    tracing::info!(site.public_url = settings.public_url, "ready");

    asked_to_stop().await;
    tracing::info!("stopping: running jobs are finished or handed back");
    let _ = stop.send(true);
    drop(socket);
    let finish_jobs = async {
        if let Some(worker) = worker {
            let _ = timeout(Pace::default().until_stopped(), worker).await;
        }
    };
    let finish_answers = async {
        if let Some(site) = site {
            let _ = timeout(GRACE, site).await;
        }
    };
    tokio::join!(finish_jobs, finish_answers);
    Ok(())
}

/// Takes up the models that other processes of the house put into service.
async fn follow(learning: Arc<Learning>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(FOLLOW) => {}
        }
        if let Err(error) = learning.load_models().await {
            tracing::warn!(%error, "the model in service could not be looked up");
        }
    }
}

/// Answers at the address of the site from now on: that it is alive, and with the site as soon as the door is open.
async fn listen(settings: &Settings, door: &Door, mut stopped: watch::Receiver<bool>) -> Result<JoinHandle<io::Result<()>>> {
    let address = settings.leptos.site_addr;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("{address} is not free: is another server listening there?"))?;
    let app = door.router().into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(site.address = %address, "listening");
    Ok(tokio::spawn(async move {
        axum::serve(listener, app)
            .with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            })
            .await
    }))
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
