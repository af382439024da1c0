//! A transaction Bundle: every entry is put at a fixed id, so that sending it twice changes nothing.

use crate::json::{Json, object};
use crate::systems::BASE;

/// A Bundle being written.
#[derive(Debug)]
pub(crate) struct Bundle {
    text: String,
    entries: usize,
}

impl Bundle {
    pub(crate) fn new() -> Self {
        let mut text = String::with_capacity(128 * 1024);
        text.push_str(r#"{"resourceType":"Bundle","type":"transaction","entry":["#);
        Self { text, entries: 0 }
    }

    /// Adds the resource of this type and id.
    pub(crate) fn put(&mut self, kind: &'static str, id: &str, resource: Json) {
        if self.entries > 0 {
            self.text.push(',');
        }
        self.entries += 1;
        let url = format!("{kind}/{id}");
        object! {
            "fullUrl": format!("{BASE}{url}"),
            "resource": resource,
            "request": object! { "method": "PUT", "url": url },
        }
        .write(&mut self.text);
    }

    /// The Bundle as JSON text.
    pub(crate) fn finish(mut self) -> String {
        self.text.push_str("]}");
        self.text
    }
}
