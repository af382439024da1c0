//! Wireless within the facility.

use super::answer::{Answer, tell, unsaid, worst};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::description::{Carrier, Protection, Wireless, WirelessCipher, WirelessLink, ZoneKind};

/// The rules on wireless, but for where it leads.
pub(super) const TOPIC: Topic = Topic { rules: &["wireless.weak"], judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    for link in &scene.site.links {
        let protections = link.protection.as_deref().unwrap_or_default();
        let guests = look.ends_in(link, ZoneKind::GuestWireless) && !look.ends_in(link, ZoneKind::Medical);
        let wireless = protections.iter().filter_map(|one| match one {
            Protection::Wireless(wireless) => Some(protected(wireless, guests)),
            _ => None,
        });
        let answer = match worst(wireless) {
            Some(answer) => answer,
            None if link.carrier != Some(Carrier::Wireless) => continue,
            None if link.protection.is_none() => unsaid("protection"),
            None => Answer::seen(false, "protection: none"),
        };
        tell(out, "wireless.weak", &link.id, answer);
    }
}

/// Guests may have one key for all; whoever comes to records has a sign-in of their own.
fn protected(wireless: &WirelessLink, guests: bool) -> Answer {
    let security = wireless.security.map_or_else(
        || unsaid("security"),
        |security| {
            let good = match security {
                Wireless::Open | Wireless::Wep | Wireless::Wpa => false,
                Wireless::Wpa2Personal | Wireless::Wpa3Personal => guests,
                Wireless::Wpa2Enterprise | Wireless::Wpa3Enterprise => true,
            };
            Answer::seen(good, format!("security: {}", security.word()))
        },
    );
    let cipher = wireless.cipher.map_or_else(
        || unsaid("cipher"),
        |cipher| Answer::seen(cipher == WirelessCipher::Aes, format!("cipher: {}", cipher.word())),
    );
    worst([security, cipher]).unwrap_or_else(|| unsaid("wireless"))
}
