//! Sessions over a virtual network, and against hand-written peers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod abuse;
mod bench;
mod cuts;
mod exchange;
mod party;
mod reports;
mod roles;
mod situations;
mod walk;
