//! Splice, switch and relay, against peers made of text and between endpoints on a network.

mod bench;
mod relay;
mod splice;
mod switch;
