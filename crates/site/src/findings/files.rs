//! The files of the rules, compiled in.

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        /// By the id of its rule, each file.
        pub(super) static FILES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../catalogue/findings/", $id, ".yaml")))),*];
    };
}

files! {}
