//! Work on many things at once, with results in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

/// Most of the time goes into waiting for servers.
const THREADS: usize = 16;

/// Works on several items at a time, and hands on each result as soon as it and all before it are
/// there.
pub(super) fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(&T, R),
) {
    let next = AtomicUsize::new(0);
    let run = |results: Sender<(usize, R)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            // The receiver outlives all work.
            let _ = results.send((index, work(item)));
        }
    };
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        let run = &run;
        let mut running = 0;
        for _ in 0..items.len().min(THREADS) {
            let sender = sender.clone();
            let spawned = thread::Builder::new().spawn_scoped(scope, move || run(sender));
            running += usize::from(spawned.is_ok());
        }
        if running == 0 {
            run(sender.clone());
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (index, result) in results {
            early.insert(index, result);
            while let (Some(result), Some(item)) = (early.remove(&due), items.get(due)) {
                done(item, result);
                due += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_and_early() {
        let items: Vec<u64> = (0..100).collect();
        let mut order = Vec::new();
        in_order(
            &items,
            |item| {
                thread::sleep(Duration::from_millis((100 - item) % 7));
                item * 2
            },
            |item, result| order.push((*item, result)),
        );
        let expected: Vec<_> = items.iter().map(|item| (*item, item * 2)).collect();
        assert_eq!(order, expected);
    }
}
