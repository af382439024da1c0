//! What a page becomes.

/// What a browser may do with a page: show it, run our own script and style sheet, and send its forms back to us.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                          connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What is answered to a request for a page.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A page, or a part of one.
    Page {
        /// The status.
        status: u16,
        /// The page.
        html: String,
        /// What the browser keeps (`Set-Cookie`).
        cookies: Vec<String>,
    },
    /// On to another page of the console (`303 See Other`).
    On {
        /// Its address on this host, percent-encoded.
        to: String,
        /// What the browser keeps.
        cookies: Vec<String>,
        /// Whether the browser shall forget what it kept of this site, beside cookies.
        forget: bool,
    },
    /// A file to keep.
    File {
        /// Under this name.
        name: String,
        /// Its media type.
        media: String,
        /// Its content.
        bytes: Vec<u8>,
    },
}

impl Shown {
    /// A good page.
    pub(crate) fn page(html: String) -> Self {
        Self::Page { status: 200, html, cookies: Vec::new() }
    }

    /// On to another page.
    pub(crate) fn on(to: String) -> Self {
        Self::On { to, cookies: Vec::new(), forget: false }
    }
}
