//! Client certificates: a small CA, issue and revocation, and the judgement on a chain that a client shows.
