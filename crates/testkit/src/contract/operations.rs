//! Seeds, walks and what becomes of a panic.

use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use missiva_core::{Instant, Machine};

use super::walk::{Log, Walk};
use super::{Contract, Seen, Violation};
use crate::Seeded;

impl<M> Contract<M>
where
    M: Machine,
    M::Event: PartialEq + fmt::Debug,
{
    /// Walks at random through the machine's inputs, once for each seed. `build` makes a machine from a seed, always
    /// the same one from the same; `generate` draws the next input.
    ///
    /// # Errors
    ///
    /// The first clause that is broken, and the moves that led there.
    pub fn check(
        &self,
        seeds: Range<u64>,
        build: impl Fn(u64) -> M,
        generate: impl FnMut(&mut Seeded, Seen<'_, M>) -> M::Input,
    ) -> Result<(), Violation>
    where
        M::Input: Clone + fmt::Debug,
    {
        self.check_operations(seeds, build, generate, |machine, now, input| {
            machine.handle_input(now, input);
        })
    }

    /// The same for a machine with commands: `generate` draws an operation, an input or a command, and `apply` does
    /// it. A command that is refused is a fine operation. For a command that takes no instant, `apply` calls
    /// `handle_timeout` with the present one first: the machine has to know of a moment to be held to it.
    ///
    /// # Errors
    ///
    /// The first clause that is broken, and the moves that led there.
    pub fn check_operations<Op: Clone + fmt::Debug>(
        &self,
        seeds: Range<u64>,
        build: impl Fn(u64) -> M,
        mut generate: impl FnMut(&mut Seeded, Seen<'_, M>) -> Op,
        apply: impl Fn(&mut M, Instant, Op),
    ) -> Result<(), Violation> {
        for seed in seeds {
            let mut log = Log::default();
            // A panic is how a machine breaks clause 1: it is reported with the moves that led to it.
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                Walk::new(self, seed, &build, &apply).run(&mut generate, &mut log)?;
                log.clear();
                Walk::new(self, seed, &build, &apply).flood(&mut generate, &mut log)
            }));
            let result = outcome.unwrap_or_else(|panic| {
                let what = format!("the machine panics: {}", words(panic.as_ref()));
                Err(Violation::new(1, log.now(), what))
            });
            if let Err(mut violation) = result {
                violation.seed = Some(seed);
                violation.moves = log.into_moves();
                return Err(violation);
            }
        }
        Ok(())
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}
