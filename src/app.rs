//! The application: the HTML shell, what every page shares, and the routes.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

use crate::ui::{
    components::provide_promise,
    layout::{Colophon, FocusOnArrival, Masthead, SkipLink, provide_current_user, theme},
    pages::{
        AdminExamples, AdminImport, AdminJobs, AdminModels, AdminPeople, AdminTunings, AdminUsage, Answer, Archive, Ask, Catalog,
        Collection, EditMemory, Fragrance, History, Landing, MemoryPage, NewMemory, NotFound, Profile, Queue, SettingsPage,
        SignIn, SignUp, provide_pile,
    },
};

/// The HTML document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    send_content_security_policy();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="theme-color" content="#f6f0e4" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#16120f" media="(prefers-color-scheme: dark)"/>
                <link rel="preload" href="/fonts/newsreader.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="preload" href="/fonts/figtree.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href="/pkg/flowery.css"/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="icon" href="/favicon.ico" sizes="48x48"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Scripts run only if this response brought them.
fn send_content_security_policy() {
    #[cfg(feature = "ssr")]
    if let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<leptos_axum::ResponseOptions>()) {
        let policy = format!(
            "default-src 'self'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'"
        );
        if let Ok(value) = axum::http::HeaderValue::from_str(&policy) {
            response.insert_header(axum::http::header::CONTENT_SECURITY_POLICY, value);
        }
    }
}

/// The application. Pages are sent whole, not in pieces that a script puts in their places: they are read without scripts, too.
/// An address without a route falls through to the files.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_current_user();
    provide_promise();
    provide_pile();
    let main = NodeRef::new();
    view! {
        <Title formatter=full_title/>
        <Router>
            <SkipLink/>
            <Masthead/>
            <FocusOnArrival main/>
            <main id="main" tabindex="-1" node_ref=main>
                <Routes fallback=NotFound>
                    <Route path=StaticSegment("") view=Landing ssr=SsrMode::Async/>
                    <Route path=StaticSegment("sign-in") view=SignIn ssr=SsrMode::Async/>
                    <Route path=StaticSegment("sign-up") view=SignUp ssr=SsrMode::Async/>
                    <Route path=StaticSegment("memories") view=Archive ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("memories"), StaticSegment("unfinished")) view=Queue ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("memories"), StaticSegment("new")) view=NewMemory ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("memories"), ParamSegment("id")) view=MemoryPage ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("memories"), ParamSegment("id"), StaticSegment("edit")) view=EditMemory ssr=SsrMode::Async/>
                    <Route path=StaticSegment("ask") view=Ask ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("ask"), StaticSegment("history")) view=History ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("ask"), ParamSegment("id")) view=Answer ssr=SsrMode::Async/>
                    <Route path=StaticSegment("profile") view=Profile ssr=SsrMode::Async/>
                    <Route path=StaticSegment("collection") view=Collection ssr=SsrMode::Async/>
                    <Route path=StaticSegment("catalog") view=Catalog ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("catalog"), ParamSegment("id")) view=Fragrance ssr=SsrMode::Async/>
                    <Route path=StaticSegment("settings") view=SettingsPage ssr=SsrMode::Async/>
                    <Route path=StaticSegment("admin") view=AdminJobs ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("models")) view=AdminModels ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("fine-tuning")) view=AdminTunings ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("usage")) view=AdminUsage ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("import")) view=AdminImport ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("users")) view=AdminPeople ssr=SsrMode::Async/>
                    <Route path=(StaticSegment("admin"), StaticSegment("examples")) view=AdminExamples ssr=SsrMode::Async/>
                </Routes>
            </main>
            <Colophon/>
        </Router>
    }
}

/// The title of a page with the site's name. The server writes it into the markup as it is, so there it must be escaped;
/// the browser sets it as text.
fn full_title(title: String) -> String {
    let full = if title.is_empty() { "Flowery".to_owned() } else { format!("{title} · Flowery") };
    if cfg!(feature = "ssr") { full.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;") } else { full }
}
