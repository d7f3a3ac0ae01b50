//! Forms with a file (RFC 7578), as they are sent to a provider.

use bytes::Bytes;
use reqwest::{RequestBuilder, header::CONTENT_TYPE};

/// A file in a form. Its name and kind are ours and need no escaping.
pub(super) struct Attached<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    pub content: &'a [u8],
}

/// A form that may be sent again, at no cost but the sending.
pub(super) struct Form {
    content_type: String,
    body: Bytes,
}

impl Form {
    /// Made of fields, whose names and values are ours too, and of a file in the field `file`.
    pub fn new(fields: &[(&str, &str)], file: &Attached) -> Self {
        let boundary = format!("flowery-{:032x}", rand::random::<u128>());
        let mut body = Vec::with_capacity(file.content.len() + 1024);
        for (name, value) in fields {
            let field = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(field.as_bytes());
        }
        let Attached { name, media_type, content } = file;
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*content);
        body.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
        Self { content_type: format!("multipart/form-data; boundary={boundary}"), body: body.into() }
    }

    /// The request with this form in it.
    pub fn in_request(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(CONTENT_TYPE, &self.content_type).body(self.body.clone())
    }
}
