//! The house through its public door: the router with every layer, a real database in memory, the real local models.

mod accounts;
mod admin;
mod asking;
mod bad_input;
mod catalog;
mod client;
mod files;
mod limits;
mod memories;
mod streams;
mod training;
