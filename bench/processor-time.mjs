/** Seconds that this process has had of processors: other programs change it less than the clock's. */
export function processorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
