//! Something that a person does to a memory.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::{domain::AppError, ui::components::failure};

/// A call with what went wrong with its last try.
pub struct Deed<S>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    pub action: ServerAction<S>,
    pub error: Signal<Option<AppError>>,
}

impl<S> Deed<S>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    pub fn new() -> Self {
        let action = ServerAction::new();
        Self { action, error: failure(action) }
    }
}

impl<S> Clone for Deed<S>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Deed<S>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
}
