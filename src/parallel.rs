//! Work over many items, on every core.

use std::{
    panic::resume_unwind,
    sync::LazyLock,
    thread::{available_parallelism, scope},
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
}
