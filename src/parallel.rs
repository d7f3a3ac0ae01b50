//! Work that keeps the processor busy: over many items on every core, and beside what else is waited for.

use std::{
    panic::resume_unwind,
    sync::LazyLock,
    thread::{available_parallelism, scope},
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

static CORES: LazyLock<usize> = LazyLock::new(|| available_parallelism().map_or(1, usize::from));

/// What `of` makes of each item, in order. Where there are fewer than two `shares` of items, nothing is handed to other threads:
/// a share is as many items as are worth a thread.
pub fn map<T: Sync, R: Send>(items: &[T], share: usize, of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = items.len().div_ceil(share.max(1)).min(*CORES);
    if workers < 2 {
        return items.iter().map(of).collect();
    }
    let of = &of;
    scope(|scope| {
        let shares = items.chunks(items.len().div_ceil(workers));
        let shares: Vec<_> = shares.map(|share| scope.spawn(move || share.iter().map(of).collect::<Vec<R>>())).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Does what takes milliseconds without holding up the other tasks of this thread, where the runtime has more than one.
pub fn aside<R>(work: impl FnOnce() -> R) -> R {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(work),
        _ => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_order() {
        let items: Vec<usize> = (0..1_003).collect();
        for share in [0, 1, 10, 5_000] {
            assert!(map(&items, share, |item| item * 2).into_iter().eq(items.iter().map(|item| item * 2)));
        }
        assert!(map(&[] as &[u8], 1, |item| *item).is_empty());
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_is_handed_on() {
        map(&[1, 7], 1, |item| assert!(*item != 7, "seven"));
    }

    #[tokio::test]
    async fn aside_works_on_a_single_thread() {
        assert_eq!(aside(|| 7), 7);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn others_go_on_meanwhile() {
        let (said, heard) = std::sync::mpsc::channel();
        let waiting = tokio::spawn(async move { aside(|| heard.recv().unwrap()) });
        tokio::spawn(async move { said.send("went on").unwrap() });
        assert_eq!(waiting.await.unwrap(), "went on");
    }
}
