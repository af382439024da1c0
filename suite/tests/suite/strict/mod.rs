//! Strict data: what two readers could read differently is refused, and what is taken comes back as it was written.

mod narrative;
mod refused;
mod written;
