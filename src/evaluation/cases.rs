//! The files: one JSON object a line.

use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::{Context, Result};
use serde::{Serialize, de::DeserializeOwned};

/// Every line of a file. An error names the line.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).with_context(|| format!("line {} of {} is not what it should be", at + 1, path.display()))
        })
        .collect()
}

pub(super) fn write(path: &Path, lines: &[impl Serialize]) -> Result<()> {
    let failed = || format!("{} cannot be written", path.display());
    let mut file = BufWriter::new(fs::File::create(path).with_context(failed)?);
    for line in lines {
        serde_json::to_writer(&mut file, line).with_context(failed)?;
        file.write_all(b"\n").with_context(failed)?;
    }
    file.flush().with_context(failed)
}
