//! What people see, on the server and in the browser.

pub mod components;
pub mod layout;
pub mod live_answer;
pub mod pages;
