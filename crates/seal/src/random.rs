//! Random bytes for keys, nonces and tokens, taken from the caller's [`Entropy`].

use crate::codes::NO_ENTROPY;
use base::{Entropy, Problem, Secret};
use zeroize::Zeroizing;

/// `N` bytes that may be known, such as a nonce.
pub(crate) fn open<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes).map_err(|error| Problem::new(&NO_ENTROPY).log(error.to_string()))?;
    Ok(bytes)
}

/// 32 bytes that nobody may know.
pub(crate) fn secret(entropy: &dyn Entropy) -> Result<Secret<[u8; 32]>, Problem> {
    let bytes = Zeroizing::new(open::<32>(entropy)?);
    Ok(Secret::new(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataKey, MasterKey, SigningKey, Token};
    use base::entropy::EntropyFailed;

    #[derive(Debug)]
    struct Dry;

    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), EntropyFailed> {
            Err(EntropyFailed)
        }
    }

    #[test]
    fn without_random_bytes_nothing_is_made() {
        let master = MasterKey::generate(&base::SeededEntropy::new(1)).unwrap();
        let problems = [
            MasterKey::generate(&Dry).unwrap_err(),
            DataKey::generate(&Dry).unwrap_err(),
            SigningKey::generate(&Dry).unwrap_err(),
            Token::generate(&Dry).unwrap_err(),
            master.seal("purpose", b"plain", &Dry).unwrap_err(),
        ];
        assert!(problems.iter().all(|problem| problem.code().id == "SE-0001"), "{problems:?}");
    }
}
