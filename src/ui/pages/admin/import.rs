//! Bringing a catalog in.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use server_fn::error::ServerFnUrlError;

use super::{Area, LookAgain};
use crate::{
    api::admin::{self, CancelJob},
    domain::{
        AppError,
        operation::{JobItem, JobsReport},
    },
    ui::components::{FormError, Loaded, Pagination, PostForm, failure, with_status},
};

const PATH: &str = "/admin/import";

/// A file to be imported, and the imports so far.
#[component]
pub fn AdminImport() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let cancel = ServerAction::<CancelJob>::new();
    let jobs = Resource::new_blocking(
        move || (cursor.get(), cancel.version().get()),
        |(cursor, _)| async move { with_status(admin::jobs(Some("import_catalog".into()), None, Some(cursor)).await) },
    );
    let problem = move || {
        let ours = query.with(|q| q.get_str("__path") == Some("/api/admin/import"));
        let error = query.with(|q| q.get_str("__err").filter(|_| ours).map(ServerFnUrlError::<AppError>::decode_err))?;
        Some(view! { <p class="notice warn" role="alert">{error.message().to_owned()}</p> })
    };
    view! {
        <Area title="Catalog" lede="A CSV file, whatever its header and separators. Doubles are joined; it can be brought in again at any time.">
            <FormError error=failure(cancel)/>
            <Loaded resource=jobs render=move |report: JobsReport| {
                let next = report.next_cursor;
                let imports = if report.items.is_empty() {
                    Either::Left(view! { <p class="faded">"None lately."</p> })
                } else {
                    let items = report.items.into_iter().map(|job| view! { <Import job cancel/> }).collect_view();
                    Either::Right(view! { <ol class="margin-notes">{items}</ol> })
                };
                view! {
                    <section class="section stack">
                        {problem}
                        <Upload/>
                    </section>
                    <section class="section stack">
                        <h2>"Imports"</h2>
                        <p class="small"><LookAgain path=PATH/></p>
                        {imports}
                        <Pagination path=PATH cursor=cursor.get_untracked() next/>
                    </section>
                }
            }/>
        </Area>
    }
}

/// Posted by the browser itself, with scripts or without: so a file of any size streams. What is said of the file stands before
/// it, as the receiver needs it.
#[component]
fn Upload() -> impl IntoView {
    view! {
        <form class="form" method="post" action="/api/admin/import" enctype="multipart/form-data" aria-label="Import a catalog">
            <div class="field">
                <label for="source">"Format"</label>
                <select id="source" name="source">
                    <option value="auto">"find out"</option>
                    <option value="parfumo">"parfumo"</option>
                    <option value="fragrantica">"fragrantica"</option>
                </select>
            </div>
            <label class="check"><input r#type="checkbox" name="dry_run" value="true"/><span>"Only tell what it would do"</span></label>
            <div class="field">
                <label for="file">"File, up to 128 MB"</label>
                <input id="file" name="file" r#type="file" accept=".csv,text/csv,text/plain" required/>
            </div>
            <div class="actions">
                <button class="button primary" r#type="submit">"Import"</button>
            </div>
        </form>
    }
}

#[component]
fn Import(job: JobItem, cancel: ServerAction<CancelJob>) -> impl IntoView {
    let stop = (!job.is_over()).then(|| {
        view! {
            <PostForm action=cancel>
                <input r#type="hidden" name="id" value=job.id.to_string()/>
                <button class="link small" r#type="submit" aria-label="Cancel this import">"Cancel"</button>
            </PostForm>
        }
    });
    view! {
        <li>
            <p>{job.error.unwrap_or_else(|| format!("This import is {}.", job.state.label()))}</p>
            {job.progress.map(|progress| view! { <pre class="small">{progress}</pre> })}
            <footer>
                <time datetime=job.created_at.to_rfc3339()>{job.created_at.minute_text()}</time>
                {stop}
            </footer>
        </li>
    }
}
