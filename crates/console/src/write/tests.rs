//! The pages of this part, as a browser gets them.
