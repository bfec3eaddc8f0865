import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Spreads, Tallies } from './tallies.js'

/** What /metrics tells, in Prometheus' words. */
export class Metrics {
  readonly registry = new Registry()
  readonly requests: Tallies<'route' | 'status'>
  readonly seconds: Spreads<'route'>
  readonly batchRows: Spreads<'memory' | 'question'>
  readonly waits: Spreads<'memory' | 'question'>
  readonly energies: Spreads<'memory'>
  readonly recalls: Tallies<'memory' | 'converged'>
  readonly patterns: Gauge<'memory'>
  readonly changes: Counter<'memory' | 'kind'>
  readonly syncs: Histogram<'memory'>
  readonly reloads: Counter<'memory' | 'end'>

  constructor() {
    const registers = [this.registry]
    // The event loop's delay, memory, garbage collection and processor time come from here.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 10 })
    this.requests = new Tallies({
      name: 'hopfield_requests_total',
      help: 'Requests by route and status',
      labelNames: ['route', 'status'],
      registers,
    })
    this.seconds = new Spreads({
      name: 'hopfield_request_seconds',
      help: 'From the header of a request to its answer',
      labelNames: ['route'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    })
    this.batchRows = new Spreads({
      name: 'hopfield_batch_rows',
      help: 'Cues that were computed together',
      labelNames: ['memory', 'question'],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    })
    this.waits = new Spreads({
      name: 'hopfield_wait_seconds',
      help: 'How long the first cue of a batch waited for it',
      labelNames: ['memory', 'question'],
      buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
      registers,
    })
    this.energies = new Spreads({
      name: 'hopfield_recall_energy_per_neuron',
      help: 'E/N of the last state of each recall',
      labelNames: ['memory'],
      buckets: [-1, -0.75, -0.6, -0.55, -0.5, -0.45, -0.4, -0.3, -0.2, -0.1, 0],
      registers,
    })
    this.recalls = new Tallies({
      name: 'hopfield_recalls_total',
      help: 'Recalls, and whether they came to rest',
      labelNames: ['memory', 'converged'],
      registers,
    })
    this.patterns = new Gauge({
      name: 'hopfield_patterns',
      help: 'Stored patterns',
      labelNames: ['memory'],
      registers,
    })
    this.changes = new Counter({
      name: 'hopfield_changes_total',
      help: 'Acknowledged changes of a memory',
      labelNames: ['memory', 'kind'],
      registers,
    })
    this.syncs = new Histogram({
      name: 'hopfield_log_sync_seconds',
      help: 'How long the log of a memory took to reach the disk',
      labelNames: ['memory'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
      registers,
    })
    this.reloads = new Counter({
      name: 'hopfield_reloads_total',
      help: 'Files that took the place of a memory, and what became of them',
      labelNames: ['memory', 'end'],
      registers,
    })
  }
}
