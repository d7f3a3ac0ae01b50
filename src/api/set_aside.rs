//! What was typed into a form that was refused, set aside for a moment: a page without JavaScript is sent back to its form, and
//! finds it as it was left. Never in an address, where it would stay in histories and logs.

use crate::domain::typed::{FormName, Typed};

/// What this browser typed into a form that was refused, or shared with Flowery, a few minutes ago.
pub fn typed(form: FormName) -> Typed {
    #[cfg(feature = "ssr")]
    {
        use super::house::{house, request_header};
        let cookies = request_header(axum::http::header::COOKIE);
        server::token(&cookies).map(|token| house().set_aside.get(token, form)).unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = form;
        Typed::default()
    }
}

#[cfg(feature = "ssr")]
pub use server::{Shelf, cookie, set_aside, take_all_away, take_away, token};

#[cfg(feature = "ssr")]
mod server {
    use std::{
        collections::HashMap,
        sync::{Mutex, PoisonError},
        time::{Duration, Instant},
    };

    use axum::http::{HeaderValue, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::{FormName, Typed};
    use crate::{
        api::house::{house, request_header},
        store::new_key,
    };

    const COOKIE: &str = "flowery_typed";

    /// How long something lies here.
    const KEPT_FOR: Duration = Duration::from_secs(600);

    /// How much lies here at most; what has lain longest makes room.
    const FORMS: usize = 500;
    const BYTES: usize = 128 * 1024;

    /// Where forms lie until their pages ask for them, in memory only.
    #[derive(Default)]
    pub struct Shelf {
        forms: Mutex<HashMap<(String, FormName), (Instant, Typed)>>,
    }

    impl Shelf {
        /// Sets a form aside under a token that only its browser knows.
        pub fn put(&self, token: &str, form: FormName, typed: Typed) {
            if typed.is_empty() || typed.size() > BYTES {
                return;
            }
            let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
            forms.retain(|_, (since, _)| since.elapsed() < KEPT_FOR);
            if forms.len() >= FORMS
                && let Some(oldest) = forms.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| key.clone())
            {
                forms.remove(&oldest);
            }
            forms.insert((token.to_owned(), form), (Instant::now(), typed));
        }

        pub fn get(&self, token: &str, form: FormName) -> Typed {
            let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
            let found = forms.get(&(token.to_owned(), form)).filter(|(since, _)| since.elapsed() < KEPT_FOR);
            found.map(|(_, typed)| typed.clone()).unwrap_or_default()
        }

        /// Forgets a form that has served.
        pub fn remove(&self, token: &str, form: FormName) {
            self.forms.lock().unwrap_or_else(PoisonError::into_inner).remove(&(token.to_owned(), form));
        }
    }

    /// The token in a `Cookie` header.
    pub fn token(cookies: &str) -> Option<&str> {
        let pairs = cookies.split(';').filter_map(|c| c.trim().split_once('='));
        pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value).find(|token| token.len() == new_key().len())
    }

    /// Sets a form aside and gives the cookie by which it is found again.
    pub fn cookie(shelf: &Shelf, cookies: &str, secure: bool, form: FormName, typed: Typed) -> Option<HeaderValue> {
        let token = token(cookies).map_or_else(new_key, str::to_owned);
        shelf.put(&token, form, typed);
        let secure = if secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!(
            "{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
            KEPT_FOR.as_secs()
        ))
        .ok()
    }

    /// The same from a server function, if a page without JavaScript has called it.
    pub fn set_aside(form: FormName, typed: Typed) {
        if !request_header(header::ACCEPT).contains("text/html") {
            return;
        }
        let (house, cookies) = (house(), request_header(header::COOKIE));
        let value = cookie(&house.set_aside, &cookies, house.secure_cookies, form, typed);
        if let (Some(value), Some(response)) = (value, use_context::<ResponseOptions>()) {
            response.append_header(header::SET_COOKIE, value);
        }
    }

    /// Forgets a form that has served.
    pub fn take_away(form: FormName) {
        if let Some(token) = token(&request_header(header::COOKIE)) {
            house().set_aside.remove(token, form);
        }
    }

    /// Forgets every form of this browser: the next person in it is somebody else.
    pub fn take_all_away() {
        FormName::ALL.iter().copied().for_each(take_away);
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn typed(text: &str) -> Typed {
            Typed::default().with("content", Some(text)).with("title", Some("  "))
        }

        #[test]
        fn a_form_is_found_only_by_its_own_token_until_it_has_served() {
            let shelf = Shelf::default();
            let value = cookie(&shelf, "a=b", true, FormName::Memory, typed("smoke")).unwrap();
            let value = value.to_str().unwrap();
            assert!(value.contains("HttpOnly") && value.contains("Secure") && !value.contains("smoke"), "{value}");
            let mine = token(value.split(';').next().unwrap()).unwrap();
            assert_eq!(shelf.get(mine, FormName::Memory).get("content").as_deref(), Some("smoke"));
            assert_eq!(shelf.get(mine, FormName::Memory).get("title"), None);
            assert!(shelf.get(mine, FormName::Account).is_empty());
            assert!(shelf.get(&new_key(), FormName::Memory).is_empty());
            shelf.remove(mine, FormName::Memory);
            assert!(shelf.get(mine, FormName::Memory).is_empty());
            assert_eq!(token("flowery_typed=x"), None);
        }

        #[test]
        fn there_is_only_so_much_room() {
            let shelf = Shelf::default();
            shelf.put("first", FormName::Memory, typed("a"));
            (0..FORMS).for_each(|n| shelf.put(&n.to_string(), FormName::Memory, typed("b")));
            assert!(shelf.get("first", FormName::Memory).is_empty());
            assert!(!shelf.get("0", FormName::Memory).is_empty());
            shelf.put("large", FormName::Memory, typed(&"x".repeat(BYTES + 1)));
            assert!(shelf.get("large", FormName::Memory).is_empty());
        }
    }
}
