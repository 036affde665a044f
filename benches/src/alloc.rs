//! Counts heap allocations, so that "no allocation" is a number and not a belief.
//!
//! The counter sleeps during timing: two counters bumped on every allocation would charge a
//! peer that allocates 800 times per message for our curiosity. Asleep, the cost is one
//! relaxed load.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

static AWAKE: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The system allocator with a tally. A binary opts in with `#[global_allocator]`.
#[derive(Debug, Clone, Copy)]
pub struct Counting;

#[inline]
fn note(size: usize) {
    if AWAKE.load(Relaxed) {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(size as u64, Relaxed);
    }
}

#[expect(unsafe_code, reason = "a global allocator cannot be written without unsafe")]
// SAFETY: every call goes to `System` unchanged; the tally touches only static atomics and
// never allocates, so the contract of `GlobalAlloc` is `System`'s own.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promise about `layout` is passed on as it came.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // A growing vector asks again; counted as one more call, as heap profilers do.
        note(new_size);
        // SAFETY: `ptr` came from `System` by way of this type, with this `layout`.
        unsafe { System.realloc(ptr, layout, new_size) }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: `ptr` came from `System` by way of this type, with this `layout`.
        unsafe { System.dealloc(ptr, layout) }
    }
}

/// Allocations and bytes asked for by one call, averaged where several calls were made.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Calls to the allocator per message, growth of an existing block included.
    pub calls: f64,
    /// Bytes asked for per message.
    pub bytes: f64,
}

/// Runs `work`, which handles `messages` messages, and returns what each of them cost.
///
/// Only meaningful when [`Counting`] is the global allocator and no other thread allocates.
pub fn count(messages: usize, work: impl FnOnce()) -> Tally {
    let (calls, bytes) = (CALLS.load(Relaxed), BYTES.load(Relaxed));
    AWAKE.store(true, Relaxed);
    work();
    AWAKE.store(false, Relaxed);
    let per = |after: u64, before: u64| (after - before) as f64 / messages.max(1) as f64;
    Tally { calls: per(CALLS.load(Relaxed), calls), bytes: per(BYTES.load(Relaxed), bytes) }
}

/// As [`count`], for work that does the same each time: the least of several rounds, since other threads (those of a
/// test harness, say) may allocate in one of them.
pub fn least(messages: usize, mut work: impl FnMut()) -> Tally {
    let rounds = (0..8).map(|_| count(messages, &mut work));
    rounds.min_by(|one, other| one.calls.total_cmp(&other.calls)).unwrap_or_default()
}
