//! The door: parse, call one function of a room, map the error.
//!
//! Every path, argument and result here is part of the contract with clients outside the house.

pub mod accounts;
pub mod admin;
pub mod ask;
pub mod catalog;
pub mod codec;
pub mod collection;
mod error;
pub mod feedback;
pub mod memories;
pub mod privacy;
pub mod profile;
pub mod set_aside;
pub mod take_along;
pub mod training;
pub mod usage;

#[cfg(feature = "ssr")]
pub mod catalog_import;
#[cfg(feature = "ssr")]
pub mod form_data;
#[cfg(feature = "ssr")]
pub mod house;
#[cfg(feature = "ssr")]
pub mod share;
#[cfg(feature = "ssr")]
pub mod stream;
#[cfg(feature = "ssr")]
pub mod upload;
