//! Writing a memory down or giving a file, and writing it anew.

mod drop_off;
mod fields;
mod pile;
#[cfg(feature = "hydrate")]
mod send;

#[cfg(feature = "hydrate")]
use leptos::form::FromFormData;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

pub use self::pile::provide_pile;
use self::{
    drop_off::{DropOff, Given},
    fields::MemoryFields,
};
use crate::{
    api::{
        memories::{Add, Update, get, limits_of_files},
        set_aside::typed,
    },
    domain::{
        AppError, ErrorCode,
        memory::{FileRoom, Memory},
        typed::{FormName, Typed},
    },
    ui::{
        components::{LoadedPage, PostForm, failure, with_status},
        layout::SignedIn,
    },
};

/// Where the form goes without JavaScript: it takes words and a file.
const UPLOAD: &str = "/api/memories/upload";

/// The page for a new memory.
#[component]
pub fn NewMemory() -> impl IntoView {
    let room = Resource::new_blocking(|| (), |()| async { limits_of_files().await.ok() });
    let typed = SharedValue::new(|| typed(FormName::Memory)).into_inner();
    view! {
        <Title text="A new memory"/>
        <SignedIn>
            <div class="page narrow">
                <header class="page-head">
                    <h1>"What do you remember?"</h1>
                    <p class="lede">
                        "Write as you would to a friend, or give a photo, a letter, a recording. A smell may be named or only hinted at."
                    </p>
                </header>
                <NewForm typed=typed.clone() room/>
                <Given/>
            </div>
        </SignedIn>
    }
}

/// Words go the way of all forms; files are sent one by one, with what was written beside them.
#[component]
fn NewForm(typed: Typed, room: Resource<Option<FileRoom>>) -> impl IntoView {
    let add = ServerAction::<Add>::new();
    let error = failure(add);
    let pile = pile::pile();
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        if send::submit(pile, &event) {
            add.clear();
            return;
        }
        match words(&event) {
            Some(arguments) => {
                add.dispatch(arguments);
            }
            None => {
                let message = "A field could not be read: please check the date.";
                add.value().set(Some(Err(AppError::new(ErrorCode::BadInput, message))));
            }
        }
    };
    let keep = move || match pile.chosen() {
        0 | 1 => "Keep this memory".to_owned(),
        n => format!("Keep these {n} memories"),
    };
    view! {
        <form
            method="post"
            action=UPLOAD
            enctype="multipart/form-data"
            class="form"
            aria-label="A new memory"
            aria-busy=move || add.pending().get().then_some("true")
            on:submit=submit
        >
            <MemoryFields typed error words_optional=true>
                <DropOff error room/>
            </MemoryFields>
            <div class="actions">
                <button class="button primary" r#type="submit">{keep}</button>
                <a class="button quiet" href="/memories">"Not now"</a>
            </div>
        </form>
    }
}

/// The words of the form, without its fields for files.
fn words(event: &SubmitEvent) -> Option<Add> {
    #[cfg(feature = "hydrate")]
    {
        let data = web_sys::FormData::new_with_form(&event_target(event)).ok()?;
        data.delete("file");
        data.delete("use_place");
        Add::from_form_data(&data).ok()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

/// The page on which a memory is written anew.
#[component]
pub fn EditMemory() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let memory = Resource::new_blocking(move || id.get(), |id| async { with_status(get(id).await) });
    let update = ServerAction::<Update>::new();
    view! {
        <SignedIn>
            <div class="page narrow">
                <LoadedPage what="A memory" resource=memory render=move |memory| view! { <EditForm memory update/> }/>
            </div>
        </SignedIn>
    }
}

#[component]
fn EditForm(memory: Memory, update: ServerAction<Update>) -> impl IntoView {
    let error = failure(update);
    let id = memory.id.clone();
    let has_file = memory.file.is_some();
    view! {
        <Title text=format!("Edit: {}", memory.title)/>
        <header class="page-head">
            <p class="eyebrow"><a href=format!("/memories/{id}") dir="auto">{memory.title.clone()}</a></p>
            <h1>"Write it anew"</h1>
            <p class="lede">"The memory will be read again from the beginning. What you put right stays put right."</p>
        </header>
        <PostForm action=update class="form" label="Edit the memory">
            <input r#type="hidden" name="id" value=id.to_string()/>
            <input r#type="hidden" name="whole" value="true"/>
            <MemoryFields memory error words_optional=has_file/>
            <div class="actions">
                <button class="button primary" r#type="submit">"Save"</button>
                <a class="button quiet" href=format!("/memories/{id}")>"Leave it as it was"</a>
            </div>
        </PostForm>
    }
}
