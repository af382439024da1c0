//! What the emergency log keeps, and what becomes of it.
