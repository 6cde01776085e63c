/** The last days by the server's calendar (UTC), the oldest first, also those without submissions. */
export function lastDays(count: number, today: Date): string[] {
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(today)
    day.setUTCDate(day.getUTCDate() - (count - 1 - index))
    return day.toISOString().slice(0, 10)
  })
}
