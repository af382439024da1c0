//! From what the library refuses to what the client is told. The library's own words can quote the answer of the
//! browser, so that neither client nor log ever sees them.

use crate::factor::codes::{
    PASSKEY_COPIED, PASSKEY_MALFORMED, PASSKEY_NOT_VERIFIED, PASSKEY_ORIGIN, PASSKEY_UNKNOWN, PASSKEY_WRONG,
};
use base::Problem;
use webauthn_rs::prelude::WebauthnError as Error;

/// The problem for an error of the library. What is not named is a wrong answer: refused, as everything unknown is.
pub(super) fn refusal(error: &Error) -> Problem {
    let (code, log) = match error {
        Error::InvalidRPOrigin => (&PASSKEY_ORIGIN, "another origin"),
        Error::CredentialCrossOrigin => (&PASSKEY_ORIGIN, "within a page of another site"),
        Error::UserNotVerified => (&PASSKEY_NOT_VERIFIED, "the user was not verified"),
        Error::CredentialPossibleCompromise => (&PASSKEY_COPIED, "the counter did not go forward"),
        Error::CredentialNotFound => (&PASSKEY_UNKNOWN, "the passkey is not one of the account"),
        Error::ParseBase64Failure(_)
        | Error::ParseCBORFailure(_)
        | Error::ParseJSONFailure(_)
        | Error::ParseNOMFailure
        | Error::ParseInsufficientBytesAvailable
        | Error::MissingAttestationCredentialData => (&PASSKEY_MALFORMED, "the answer cannot be read"),
        Error::MismatchedChallenge => (&PASSKEY_WRONG, "another challenge"),
        Error::InvalidRPIDHash => (&PASSKEY_WRONG, "another domain"),
        Error::InvalidClientDataType => (&PASSKEY_WRONG, "another kind of answer"),
        Error::UserNotPresent => (&PASSKEY_WRONG, "nobody was present"),
        Error::AuthenticationFailure | Error::SignatureInvalid => (&PASSKEY_WRONG, "the signature is wrong"),
        Error::CredentialBackupEligibilityInconsistent => {
            (&PASSKEY_WRONG, "whether it may be synchronised has changed")
        }
        _ => (&PASSKEY_WRONG, "the library refused it"),
    };
    Problem::new(code).log(log)
}
