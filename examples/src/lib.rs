//! What the program `missiva` does, as functions: one module for each subcommand.

pub mod inspect;
