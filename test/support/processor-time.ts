// What a piece of work costs this process: unlike the clock on the wall it does not tell how busy the machine is.

export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
