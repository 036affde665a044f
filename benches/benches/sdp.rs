//! One criterion group per task, all subjects as siblings; for watching one of them over time.
//!
//! A subject that refuses the input is left out with a line on stderr.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use missiva_benches::sdp::check::{self, Shortfall};
use missiva_benches::sdp::corpus;
use missiva_benches::sdp::subject::Task;
use missiva_benches::sdp::subjects;

fn group(criterion: &mut Criterion, name: &str, task: Task) {
    let samples = corpus::offer();
    let size = samples.iter().map(|sample| sample.raw.len()).sum::<usize>() / samples.len();
    let mut group = criterion.benchmark_group(format!("{name}/offer"));
    group.throughput(Throughput::Bytes(size as u64));
    for subject in &mut subjects::all() {
        let subject = &mut **subject;
        if subject.level(task).is_none() {
            continue;
        }
        let verdict = check::verify(subject, task, &samples);
        if let Err(shortfall) = verdict {
            eprintln!("{}: {} {shortfall}", task.name(), subject.name());
        }
        if verdict == Err(Shortfall::Refused) {
            continue;
        }
        group.bench_function(BenchmarkId::from_parameter(subject.name()), |bencher| {
            bencher.iter_custom(|count| {
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                let begun = std::time::Instant::now();
                std::hint::black_box(subject.batch(task, &samples, 0, count));
                begun.elapsed()
            });
        });
    }
    group.finish();
}

fn sdp_typed(criterion: &mut Criterion) {
    group(criterion, "sdp_typed", Task::Typed);
}

criterion_group!(benches, sdp_typed);
criterion_main!(benches);
