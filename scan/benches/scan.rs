//! The scanner over eight megabytes of events as Chromium writes them: `cargo bench -p doublehop-scan`.

#![allow(missing_docs, clippy::arithmetic_side_effects)] // criterion's own macros

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use doublehop_scan::{Location, Scanner, Sink, Wanted};
use std::fmt::Write;
use std::hint::black_box;

/// One event in a hundred matters.
const WANTED: i64 = 3;

struct Count(u64);

impl Sink for Count {
    fn constants(&mut self, _: &[u8]) -> Option<Wanted> {
        Some(Wanted::new([WANTED]))
    }
    fn event(&mut self, text: &[u8], _: Location) {
        self.0 += text.len() as u64;
    }
}

fn capture(spaced: bool) -> String {
    let mut text = String::from("{\"constants\":{},\n\"events\": [\n");
    for n in 0..50_000u32 {
        let kind = if n % 100 == 0 { WANTED } else { i64::from(n % 90) + 10 };
        let time = 900_000 + n;
        let pad = "x".repeat((n % 37) as usize * 4);
        let space = if spaced { " " } else { "" };
        let _ = writeln!(
            text,
            "{{\"params\":{{\"byte_count\":{n},\"note\":\"{pad}\"}},\"phase\":0,\"source\":{{\"id\":{n},\"start_time\":\"{time}\",\"type\":1}},\"time\":\"{time}\",\"type\":{space}{kind}}},"
        );
    }
    text
}

fn scan(c: &mut Criterion) {
    let mut group = c.benchmark_group("scan");
    for (name, text) in [("chromium's own lines", capture(false)), ("lines of another layout", capture(true))] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (mut scanner, mut sink) = (Scanner::new(), Count(0));
                for chunk in text.as_bytes().chunks(1 << 20) {
                    scanner.push(black_box(chunk), &mut sink);
                }
                scanner.finish(&mut sink);
                sink.0
            });
        });
    }
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
