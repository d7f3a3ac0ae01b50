//! Text that already stands in a field.

use leptos::prelude::*;

/// The child of a `<textarea>` that holds `text`.
///
/// The view writes the children of a `<textarea>` into the page as they are, and browsers drop a line break right after its
/// tag: on the server the text is escaped here, and given a line break to be dropped.
pub fn prefilled(text: &str) -> String {
    if cfg!(feature = "ssr") { format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;")) } else { text.to_owned() }
}

/// Has a field written anew when what is saved has become something else; until then, what is typed in it stays.
pub fn follow_saved(saved: impl Fn() -> String + 'static, write: impl Fn(&str) + 'static) {
    Effect::new(move |before: Option<String>| {
        let now = saved();
        if before.is_some_and(|before| before != now) {
            write(&now);
        }
        now
    });
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_field() {
        let text = "\n</textarea><script>alert(1)</script> &amp; rose";
        let html = view! { <textarea>{prefilled(text)}</textarea> }.to_html();
        assert_eq!(html, "<textarea>\n\n&lt;/textarea>&lt;script>alert(1)&lt;/script> &amp;amp; rose</textarea>");
    }
}
