//! Bringing a stranger's catalog in: read, cleaned, notes resolved through the taxonomy, doubles joined.

mod columns;
mod entry;
mod importer;
pub mod job;
mod merge;
mod resolve;
mod table;

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub use entry::{Entry, Reject, facts};
pub use importer::Importer;

use super::{Taxonomy, houses::Houses};
use resolve::Resolver;
use table::Table;

/// Where a file comes from: it decides what ratings mean; everything else is read from the file itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Source {
    /// Ratings of 0 to 10.
    Parfumo,
    /// Ratings of 1 to 5.
    Fragrantica,
    /// The scale is told by the highest rating.
    #[default]
    Auto,
}

/// What a file holds.
pub struct Harvest {
    pub entries: Vec<Entry>,
    /// Line and reason of what is no perfume.
    pub rejects: Vec<(u64, String)>,
}

/// Reads a file whole. `brands` are the houses that are known by other names, too.
pub fn read<'a>(path: &Path, source: Source, taxonomy: &Taxonomy, brands: impl Iterator<Item = &'a str>) -> Result<Harvest> {
    Ok(harvest_of(&Table::open(path, source)?, taxonomy, brands))
}

fn harvest_of<'a>(table: &Table, taxonomy: &Taxonomy, brands: impl Iterator<Item = &'a str>) -> Harvest {
    let (houses, resolver) = (Houses::new(brands), Resolver::new(taxonomy));
    let mut harvest = Harvest { entries: Vec::with_capacity(table.len()), rejects: Vec::new() };
    harvest.rejects.extend(table.unreadable().map(|(line, reason)| (line, reason.to_owned())));
    for row in table.rows() {
        match Entry::read(&row, &resolver, &houses) {
            Ok(entry) => harvest.entries.push(entry),
            Err(reject) => harvest.rejects.push((row.line, reject.to_string())),
        }
    }
    harvest
}
