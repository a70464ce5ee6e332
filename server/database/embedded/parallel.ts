/** Does something with each item, at most 32 at a time. The first failure is thrown; what has begun is finished first. */
export async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const lanes = Array.from({ length: 32 }, async () => {
    for (const item of waiting) await work(item)
  })
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected')
  if (failed) throw failed.reason
}
