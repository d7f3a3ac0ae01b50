//! The pages, one file each.

mod admin;
mod answer;
mod archive;
mod ask;
mod catalog;
mod collection;
mod fragrance;
mod history;
mod landing;
mod memory;
mod memory_form;
mod not_found;
mod profile;
mod queue;
mod settings;
mod sign_in;

pub use admin::{AdminExamples, AdminImport, AdminJobs, AdminModels, AdminPeople, AdminTunings, AdminUsage};
pub use answer::Answer;
pub use archive::Archive;
pub use ask::Ask;
pub use catalog::Catalog;
pub use collection::Collection;
pub use fragrance::Fragrance;
pub use history::History;
pub use landing::Landing;
pub use memory::MemoryPage;
pub use memory_form::{EditMemory, NewMemory, provide_pile};
pub use not_found::NotFound;
pub use profile::Profile;
pub use queue::Queue;
pub use settings::SettingsPage;
pub use sign_in::{SignIn, SignUp};
