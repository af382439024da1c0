//! The whole product from outside: over HTTPS, by its command line, and with the independent verifier beside it.
#![expect(clippy::string_slice, reason = "as with arrays, a slice out of place ends the test")]

#[cfg(test)]
mod audit;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod console;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod fhir_api;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod law;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod material;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod real_input;
#[cfg(test)]
mod search;
#[cfg(test)]
mod smart;
#[cfg(test)]
mod strict;
#[cfg(test)]
mod supported;
#[cfg(test)]
mod tamper;
#[cfg(test)]
mod witnesses;
#[cfg(test)]
mod wrong_use;
