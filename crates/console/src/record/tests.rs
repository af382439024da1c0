//! Tests of the record pages.
