//! Flowery: perfume recommendations that grow out of a person's own scent memories.
//!
//! The map of the house. Imports point one way: `ui → api → rooms → {ai, jobs, store} → domain`, where the rooms call each
//! other only along the flow: `memories → understanding → {catalog, learning}` and `advisor → {catalog, learning}`.
#![recursion_limit = "512"]

pub mod api;
pub mod app;
pub mod domain;
pub mod ui;

// Only on the server, in the order in which data flows.
#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod advisor;
#[cfg(feature = "ssr")]
pub mod ai;
#[cfg(feature = "ssr")]
pub mod bench;
#[cfg(feature = "ssr")]
pub mod catalog;
#[cfg(feature = "ssr")]
pub mod decode;
#[cfg(feature = "ssr")]
pub mod evaluation;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod learning;
#[cfg(feature = "ssr")]
pub mod memories;
#[cfg(feature = "ssr")]
mod parallel;
#[cfg(feature = "ssr")]
pub mod recall;
#[cfg(feature = "ssr")]
mod scratch;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod understanding;
#[cfg(feature = "ssr")]
pub mod usage;

/// Wakes the page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Whoever drives the page from outside can tell by this that it listens.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-awake", "true");
    }
    // A page that the browser has held back while its person signed out may not be shown to the next one.
    let shown = leptos::prelude::window_event_listener_untyped("pageshow", |event| {
        if js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|held| held.is_truthy()) {
            let _ = leptos::prelude::window().location().reload();
        }
    });
    std::mem::forget(shown);
    let service_workers = leptos::prelude::window().navigator().service_worker();
    let _ = service_workers.register("/sw.js");
}
