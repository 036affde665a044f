#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`Net`] and the trait [`Host`] of whoever sits on it; [`Contract`] and [`Checked`]. The conditions of a network are
//! [`StreamPath`] and [`DatagramPath`], what it did is the [`Ladder`], and all chance is a [`Seeded`].

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod clock;
mod contract;
mod ladder;
mod net;
mod seeded;
mod short;

pub use clock::Clock;
pub use contract::{Checked, Contract, Seen, Violation};
pub use ladder::Ladder;
pub use net::{
    Action, Cause, Chunking, DatagramPath, Host, Net, Node, Notice, Seat, StreamPath, first_line,
};
pub use seeded::Seeded;
