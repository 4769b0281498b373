//! The only parallel loop. Order is kept, so that threads never show in
//! the output.

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Applies `f` to every item on all threads and returns the results in
/// the order of the items.
pub fn par_map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().map(f).collect()
}

/// Like [`par_map`], and hands `f` the index of each item too.
pub fn par_map_indexed<T: Sync, R: Send>(items: &[T], f: impl Fn(usize, &T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().enumerate().map(|(idx, item)| f(idx, item)).collect()
}

/// Like [`par_map`], but takes the items by value.
pub fn par_map_into<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().map(f).collect()
}

/// Like [`par_map`], on `n_threads` of its own, for work that waits for
/// others rather than for the processor.
pub fn waiting_map<T: Sync, R: Send>(
    items: &[T],
    n_threads: usize,
    f: impl Fn(&T) -> R + Sync + Send,
) -> Vec<R> {
    match pool(n_threads).build() {
        Ok(pool) => pool.install(|| par_map(items, &f)),
        Err(_) => items.iter().map(f).collect(),
    }
}

/// Runs `f` on threads of its own, and nothing else until it is done.
/// What makes a value for others to wait for (`OnceLock`) and has loops in
/// it needs that: a thread that waits for a loop takes up other work
/// meanwhile, and if that asks for the same value, it waits for itself.
pub fn apart<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    let n_threads = n_threads();
    let own = move || match pool(n_threads).build().or_else(|_| pool(1).use_current_thread().build()) {
        Ok(pool) => pool.install(f),
        Err(_) => f(),
    };
    match std::thread::scope(|scope| scope.spawn(own).join()) {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Worker stacks hold 16 MiB, so that deep content cannot end them.
fn pool(n_threads: usize) -> ThreadPoolBuilder {
    ThreadPoolBuilder::new().num_threads(n_threads).stack_size(16 << 20)
}

/// Runs two functions at the same time and returns both results.
pub fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// Returns how many threads there are.
pub fn n_threads() -> usize {
    rayon::current_num_threads()
}

/// Returns the number of this thread, from 1; 0 for one that is not of
/// the loop.
pub fn thread_number() -> usize {
    rayon::current_thread_index().map_or(0, |idx| idx + 1)
}

/// Sets the number of threads for the whole process; 0 takes one per
/// core. A second call has no effect.
pub fn set_threads(n_threads: usize) {
    let _already_set = pool(n_threads).build_global();
}
