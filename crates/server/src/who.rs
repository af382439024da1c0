//! A caller as the law and the access entry see them.

use crate::codes;
use crate::door::Door;
use access::{Access, AccessWho, Context, Who};
use base::{Problem, Time};
use http::HeaderMap;
use identity::Caller;
use std::net::IpAddr;
use std::sync::Arc;

/// Somebody who calls, as the law sees them. Without the door of identities, nothing is known of them.
pub(crate) fn of<D: Door>(caller: &Caller, door: &D, address: IpAddr) -> Arc<Who> {
    let who = door.identity().map(|identity| identity.who(caller, address));
    Arc::new(who.unwrap_or_else(|| Who::unknown(door.id().as_str())))
}

/// Writes into an access entry who calls.
pub(crate) fn enter(access: &mut Access, caller: &Caller, who: &Who) {
    access.who = AccessWho {
        occupation: who.occupation.map(str::to_owned),
        duties: who.duties.iter().map(|&duty| duty.to_owned()).collect(),
        practitioner: who.practitioner.clone(),
        session: caller.session.as_ref().map(ToString::to_string),
        factors: who.factors.iter().map(|&factor| factor.to_owned()).collect(),
        app: who.app.clone(),
        device: who.device.clone(),
        address: access.who.address.take(),
        zone: Some(who.zone.clone()),
    };
}

/// Header field by which a caller says why (HL7 v3 PurposeOfUse).
const PURPOSE: &str = "akashi-purpose";

/// The codes of PurposeOfUse that are taken, with what they mean here.
const PURPOSES: [&str; 10] =
    ["TREAT", "ETREAT", "HOPERAT", "HPAYMT", "PUBHLTH", "PATRQT", "HRESCH", "COVERAGE", "SYSADMIN", "TRAIN"];

/// Hours by which Japan is ahead of UTC. It has no summer time.
const JAPAN_SECONDS: i64 = 9 * 3_600;
const DAY_SECONDS: i64 = 24 * 3_600;

/// The circumstances of a request.
pub(crate) fn context(headers: &HeaderMap, now: Time) -> Result<Context, Problem> {
    let mut values = headers.get_all(PURPOSE).iter();
    let purpose = match (values.next(), values.next()) {
        (None, _) => "TREAT",
        (Some(value), None) => {
            let known = PURPOSES.into_iter().find(|purpose| value.as_bytes() == purpose.as_bytes());
            known.ok_or_else(|| Problem::new(&codes::PURPOSE).with("known", PURPOSES.join(", ")))?
        }
        (Some(_), Some(_)) => {
            return Err(Problem::new(&codes::PURPOSE).with("known", PURPOSES.join(", ")));
        }
    };
    let seconds = now.microseconds().div_euclid(1_000_000).saturating_add(JAPAN_SECONDS);
    let hour = u8::try_from(seconds.rem_euclid(DAY_SECONDS) / 3_600).unwrap_or(0);
    // 1970-01-01 was a Thursday.
    let weekday = u8::try_from((seconds.div_euclid(DAY_SECONDS).saturating_add(3)).rem_euclid(7) + 1);
    Ok(Context { purpose: purpose.to_owned(), hour, weekday: weekday.unwrap_or(1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn hour_and_day_are_those_of_japan() {
        for (time, hour, weekday) in [
            ("2026-11-22T00:00:00Z", 9, 7),
            ("2026-11-22T14:59:59Z", 23, 7),
            ("2026-11-22T15:00:00Z", 0, 1),
            ("1970-01-01T00:00:00Z", 9, 4),
        ] {
            let context = context(&HeaderMap::new(), Time::parse(time).unwrap()).unwrap();
            assert_eq!((context.hour, context.weekday), (hour, weekday), "{time}");
        }
    }

    #[test]
    fn a_purpose_that_is_not_known_is_refused() {
        let now = Time::parse("2026-11-22T00:00:00Z").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(context(&headers, now).unwrap().purpose, "TREAT");
        headers.insert(PURPOSE, HeaderValue::from_static("PATRQT"));
        assert_eq!(context(&headers, now).unwrap().purpose, "PATRQT");
        headers.append(PURPOSE, HeaderValue::from_static("TREAT"));
        assert!(context(&headers, now).is_err());
        headers.insert(PURPOSE, HeaderValue::from_static("FUN"));
        assert!(context(&headers, now).is_err());
    }
}
