//! Attack paths on networks drawn by hand.
