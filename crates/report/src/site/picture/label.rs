//! What stands on boxes and cards.

use crate::site::text::name;
use crate::site::words::{choose, plural};
use base::Language;
use site::picture::{Device, Row, Symbol, Zone};

/// The title of a network.
pub(super) fn zone(zone: &Zone, language: Language) -> String {
    if zone.folded > 0 {
        return match language {
            Language::Japanese => format!("ほかのネットワーク {} 個", zone.folded),
            Language::English => plural(zone.folded, "other network", "other networks"),
        };
    }
    match (zone.name.as_str(), zone.row) {
        ("", Row::Internet) => choose(language, "インターネット", "Internet").to_owned(),
        ("", _) => name(&zone.id),
        (own, _) => name(own),
    }
}

/// The title of a device.
pub(super) fn device(device: &Device, language: Language) -> String {
    if device.symbol == Symbol::Folded {
        return match language {
            Language::Japanese => format!("ほかの機器 {} 台", device.count),
            Language::English => format!("{} other devices", device.count),
        };
    }
    name(if device.name.is_empty() { &device.id } else { &device.name })
}

/// What else is to be known of a device.
pub(super) fn note(device: &Device, language: Language) -> Option<String> {
    let count = (device.count > 1 && device.symbol != Symbol::Folded).then(|| match language {
        Language::Japanese => format!("{} 台", device.count),
        Language::English => format!("×{}", device.count),
    });
    let holds = device.holds.then(|| choose(language, "患者情報", "patient data").to_owned());
    let parts: Vec<String> = holds.into_iter().chain(count).collect();
    (!parts.is_empty()).then(|| parts.join(choose(language, "・", " · ")))
}
