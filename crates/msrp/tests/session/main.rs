//! Sessions over a virtual network, and against hand-written peers.

mod abuse;
mod bench;
mod cuts;
mod exchange;
mod party;
mod reports;
mod roles;
mod situations;
mod walk;
