//! Splice, switch and relay, against peers made of text and between endpoints on a network.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod bench;
mod network;
mod relay;
mod splice;
mod switch;
