//! The local socket of a running server: the way in for commands that need its store, which only one process can open.
//!
//! One order a connection: a line of JSON goes in, lines of JSON come back, the last of which tells how it ended. The socket
//! lies in the data folder with mode 0600, so that who may use it is whom the system lets into the server's own files.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::mpsc,
    time::timeout,
};

use super::{
    operator::{Operator, Order},
    settings::Settings,
};
use crate::store::Store;

/// How long a running server may take to say that it is well.
const PATIENCE: Duration = Duration::from_secs(10);

/// What comes back.
#[derive(Serialize, Deserialize)]
enum Line {
    Said(String),
    Done,
    Failed(String),
}

fn address(settings: &Settings) -> PathBuf {
    settings.data.join("flowery.sock")
}

/// Takes orders until the server stops. The socket goes with the value that is returned.
pub(super) fn listen(settings: &Settings, operator: Operator) -> Result<Listening> {
    let path = address(settings);
    // Left behind by a server that was killed: the store is locked by us, so no other can be listening.
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path).with_context(|| format!("the socket {} cannot be made", path.display()))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let operator = operator.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(stream, operator).await {
                    tracing::warn!(error = %format!("{error:#}"), "an order could not be answered");
                }
            });
        }
    });
    Ok(Listening { path, task })
}

/// An open socket.
pub(super) struct Listening {
    path: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, operator: Operator) -> Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut text = String::new();
    BufReader::new(reading).read_line(&mut text).await?;
    let order: Order = serde_json::from_str(&text).context("no order was understood")?;
    let (said, mut saying) = mpsc::unbounded_channel();
    let work = tokio::spawn(async move {
        // Who ordered may have gone away; the order is carried out nonetheless.
        let say = move |line| drop(said.send(line));
        operator.carry_out(order, &say).await
    });
    while let Some(line) = saying.recv().await {
        send(&mut writing, &Line::Said(line)).await?;
    }
    let end = match work.await {
        Ok(Ok(())) => Line::Done,
        Ok(Err(error)) => Line::Failed(format!("{error:#}")),
        Err(_) => Line::Failed("the server stopped in the middle of it".into()),
    };
    send(&mut writing, &end).await
}

async fn send(writing: &mut (impl AsyncWriteExt + Unpin), line: &Line) -> Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    Ok(writing.write_all(text.as_bytes()).await?)
}

/// Has an order carried out: by the running server if there is one, else here.
pub async fn order(settings: &Settings, order: Order) -> Result<()> {
    if let Some(stream) = running(settings).await {
        return ask(stream, &order).await;
    }
    settings.make_data_folder()?;
    let operator = Operator::new(Store::open(&settings.database).await?, None);
    operator.carry_out(order, &|line| println!("{line}")).await
}

/// What a running server that holds this store says of it; `None` if no server listens.
pub(super) async fn ping(settings: &Settings) -> Option<Result<()>> {
    let stream = running(settings).await?;
    let answered = timeout(PATIENCE, ask(stream, &Order::Ping)).await;
    Some(answered.unwrap_or_else(|_| bail!("a server is running here, and has not answered for {} s", PATIENCE.as_secs())))
}

/// The running server, if there is one whose store only it can open.
async fn running(settings: &Settings) -> Option<UnixStream> {
    if !settings.is_embedded() {
        return None;
    }
    UnixStream::connect(address(settings)).await.ok()
}

async fn ask(stream: UnixStream, order: &Order) -> Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut text = serde_json::to_string(order)?;
    text.push('\n');
    writing.write_all(text.as_bytes()).await?;
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line).context("the server said something strange")? {
            Line::Said(line) => println!("{line}"),
            Line::Done => return Ok(()),
            Line::Failed(reason) => bail!(reason),
        }
    }
    bail!("the server went away in the middle of it")
}
