//! Boot: settings, the rooms, the router, and what stands around every request.

mod boot;
mod caller;
pub mod doctor;
mod errors;
mod headers;
mod health;
mod origin;
mod router;
mod serve;
pub mod settings;
pub mod telemetry;
mod worker_script;

pub use boot::{Open, open};
pub use router::router;
pub use serve::{Role, serve};
