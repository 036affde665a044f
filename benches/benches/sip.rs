//! One criterion group per task and input, all subjects as siblings.
//!
//! Criterion measures subjects one after the other and reports wall time, so its figures are
//! for watching one subject over time; for ratios between subjects use the `ratios` program,
//! which interleaves. A subject that refuses an input is left out with a line on stderr.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use missiva_benches::sip::check::{self, Shortfall};
use missiva_benches::sip::corpus::{self, Input};
use missiva_benches::sip::subject::{Subject, Task, Wire};
use missiva_benches::sip::subjects;

fn group(criterion: &mut Criterion, name: &str, task: Task) {
    let mut subjects = subjects::all();
    for input in corpus::inputs() {
        let mut group = criterion.benchmark_group(format!("{name}/{}", input.name));
        group.throughput(Throughput::Bytes(input.mean_len() as u64));
        for subject in &mut subjects {
            let subject = &mut **subject;
            if enters(subject, task, &input) {
                group.bench_function(BenchmarkId::from_parameter(subject.name()), |bencher| {
                    bencher.iter_custom(|count| {
                        let count = usize::try_from(count).unwrap_or(usize::MAX);
                        let mut wire = Wire::default();
                        let begun = std::time::Instant::now();
                        std::hint::black_box(subject.batch(
                            task,
                            &input.samples,
                            0,
                            count,
                            &mut wire,
                        ));
                        begun.elapsed()
                    });
                });
            }
        }
        group.finish();
    }
}

fn enters(subject: &mut dyn Subject, task: Task, input: &Input) -> bool {
    if subject.level(task).is_none() {
        return false;
    }
    match check::verify(subject, task, &input.samples) {
        Err(Shortfall::Refused) => {
            eprintln!("{} {}: {} refuses", task.name(), input.name, subject.name());
            false
        }
        Err(shortfall) => {
            eprintln!("{} {}: {} {shortfall}", task.name(), input.name, subject.name());
            true
        }
        Ok(()) => true,
    }
}

fn sip_frame(criterion: &mut Criterion) {
    group(criterion, "sip_frame", Task::Frame);
}

fn sip_index(criterion: &mut Criterion) {
    group(criterion, "sip_index", Task::Index);
}

fn sip_proxy_top(criterion: &mut Criterion) {
    group(criterion, "sip_proxy_top", Task::ProxyTop);
}

fn sip_typed(criterion: &mut Criterion) {
    group(criterion, "sip_typed", Task::Typed);
}

fn sip_forward(criterion: &mut Criterion) {
    group(criterion, "sip_forward", Task::Forward);
}

fn sip_build(criterion: &mut Criterion) {
    group(criterion, "sip_build", Task::Build);
}

criterion_group!(benches, sip_frame, sip_index, sip_proxy_top, sip_typed, sip_forward, sip_build);
criterion_main!(benches);
