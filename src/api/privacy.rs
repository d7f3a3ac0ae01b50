//! What the house can promise about what people give it.

use crate::domain::privacy::Promise;

/// By its settings. Only the server knows them; pages bring it along.
pub fn promise() -> Promise {
    #[cfg(feature = "ssr")]
    {
        // There is no house while the routes are listed.
        leptos::prelude::use_context::<super::house::House>().map(|house| house.promise.clone()).unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    Promise::default()
}
