//! The texts of the pages, in Fluent (projectfluent.org): one folder a language, one file a part of the console.

use base::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::{LanguageIdentifier, langid};

/// The files: name, Japanese, English.
macro_rules! messages {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_str!(concat!("../messages/ja/", $name, ".ftl")),
            include_str!(concat!("../messages/en/", $name, ".ftl")),
        )),*]
    };
}

/// All files with texts: name, Japanese, English.
pub static MESSAGES: &[(&str, &str, &str)] = messages![
    "frame",
    "sign-in",
    "patients",
    "record",
    "proof",
    "write",
    "work",
    "me",
    "operations",
    "roles",
    "emergency",
    "guideline",
    "forms",
    "register",
    "start",
    "spoken",
    "preview",
];

type Bundle = FluentBundle<FluentResource>;

static JAPANESE: LazyLock<Bundle> =
    LazyLock::new(|| bundle(langid!("ja"), MESSAGES.iter().map(|(_, japanese, _)| *japanese)));
static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| bundle(langid!("en"), MESSAGES.iter().map(|(_, _, english)| *english)));

fn bundle(language: LanguageIdentifier, files: impl Iterator<Item = &'static str>) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Marks around each value would be copied with it, and end up in searches.
    bundle.set_use_isolating(false);
    for file in files {
        // What cannot be read is left out, and what stands twice keeps its first text; a test rules out both.
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(read, _)| read);
        drop(bundle.add_resource(resource));
    }
    bundle
}

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    /// A text; its key where there is none, which a test rules out for all keys that the pages use.
    pub fn say(self, key: &str) -> String {
        self.said(key, None)
    }

    /// A text with a value put in.
    #[expect(clippy::needless_pass_by_value, reason = "a template hands over what it has")]
    pub fn with(self, key: &str, name: &str, value: impl ToString) -> String {
        let mut values = FluentArgs::new();
        values.set(name, FluentValue::from(value.to_string()));
        self.said(key, Some(&values))
    }

    /// A text with two values put in.
    #[expect(clippy::needless_pass_by_value, reason = "a template hands over what it has")]
    pub fn with2(self, key: &str, one: (&str, impl ToString), two: (&str, impl ToString)) -> String {
        let mut values = FluentArgs::new();
        values.set(one.0, FluentValue::from(one.1.to_string()));
        values.set(two.0, FluentValue::from(two.1.to_string()));
        self.said(key, Some(&values))
    }

    /// The same, as templates can call it.
    #[expect(clippy::needless_pass_by_value, reason = "a template hands over what it has")]
    #[expect(clippy::too_many_arguments, reason = "a template cannot hand over pairs")]
    pub fn with_two(
        self,
        key: &str,
        one: &str,
        value: impl ToString,
        other: &str,
        other_value: impl ToString,
    ) -> String {
        self.with2(key, (one, value.to_string()), (other, other_value.to_string()))
    }

    /// A text with a number, which may decide its form.
    pub fn count(self, key: &str, number: usize) -> String {
        let mut values = FluentArgs::new();
        values.set("n", FluentValue::from(number));
        self.said(key, Some(&values))
    }

    /// Whether there is such a text.
    pub fn knows(self, key: &str) -> bool {
        self.bundle().get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// A text, or what stands for it where there is none.
    pub fn or(self, key: &str, other: &str) -> String {
        if self.knows(key) { self.say(key) } else { other.to_owned() }
    }

    fn said(self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle.format_pattern(pattern, values, &mut Vec::new()).into_owned()
    }

    fn bundle(self) -> &'static Bundle {
        match self.0 {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }

    /// The language as pages name it.
    pub fn lang(self) -> &'static str {
        match self.0 {
            Language::Japanese => "ja",
            Language::English => "en",
        }
    }
}

/// The language that a browser keeps in its cookie.
pub fn language_of(cookie: &str) -> Option<Language> {
    match cookie {
        "ja" => Some(Language::Japanese),
        "en" => Some(Language::English),
        _ => None,
    }
}
