//! Boot: settings, the rooms, the router, and what stands around every request.

mod boot;
mod caller;
pub mod doctor;
mod door;
mod errors;
mod headers;
mod health;
mod leftovers;
mod metrics;
mod operator;
mod origin;
mod private;
mod router;
mod serve;
pub mod settings;
mod socket;
pub mod telemetry;
mod worker_script;

pub use boot::{Open, open};
pub use operator::Order;
pub use router::router;
pub use serve::{Role, serve};
pub use socket::order;
