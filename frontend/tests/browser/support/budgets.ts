import { changeDatabase } from './database'
import type { TestServer } from '../../support/server'

interface Added {
  slug: string
  title: string
  status?: 'open' | 'closed'
  /** How many lines it has. */
  lines?: number
}

/** Adds a budget beside the default one, with lines of long names. */
export async function addBudget(
  server: TestServer,
  { slug, title, status = 'open', lines = 4 }: Added,
): Promise<void> {
  const values = Array.from({ length: lines }, (_, position) => {
    const share = position === 0 ? 10_000 - (lines - 1) * 300 : 300
    return `((SELECT id FROM budget WHERE slug = '${slug}'), 'line-${position}', 'Schools, libraries and nurseries ${position}', '', '#7a6a4f', ${position}, ${share})`
  })
  await changeDatabase(
    server,
    `INSERT INTO budget (slug, title, currency, status, participation, publish_every)
       VALUES ('${slug}', '${title}', 'EUR', '${status}', 'open', 1);
     INSERT INTO category (budget_id, key, label, description, color, position, actual_basis_points)
       VALUES ${values.join(', ')}`,
  )
}
