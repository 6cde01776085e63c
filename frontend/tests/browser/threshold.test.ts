import { describe, expect, it } from 'vitest'
import { someoneGivesAllTo } from '../support/api'
import { expectNoViolations } from './support/axe'
import { openOnOwnServer } from './support/ownServer'
import { counts, everyone, give, submit, submitted } from './support/participation'
import { sharedBrowser } from './support/shared'

const chromium = sharedBrowser()

describe('a budget whose answers are shown in groups of three', () => {
  it('shows the count at once, says why there are no averages, and then shows the group', async () => {
    const { page, server } = await openOnOwnServer(chromium.browser, { TAXBUDGET_PUBLISH_EVERY: '3' })
    const shown = page.getByTestId('shown')
    await give(page, { Healthcare: '100' })
    await submit(page)
    await submitted(page)
    await expect
      .poll(() => page.getByRole('group', { name: 'Counted.' }).textContent())
      .toContain('It is shown with the next group of 3 answers')
    await expect.poll(() => counts(page).textContent()).toBe('1 participant, 1 submission')
    await expect.poll(() => shown.textContent()).toContain('from 3 answers on')
    expect(await shown.textContent()).toContain('2 more to go.')
    expect(await everyone(page, 'healthcare').textContent()).toBe('–')
    await page.getByRole('button', { name: 'Healthcare', exact: true }).click()
    await page.getByText('Nothing is shown yet.').waitFor()
    await expectNoViolations(page, 'nothing shown yet')

    await someoneGivesAllTo(server, 'education')
    await someoneGivesAllTo(server, 'education')
    await expect.poll(() => everyone(page, 'healthcare').textContent(), { timeout: 10_000 }).toBe('33.33%')
    await expect.poll(() => shown.count()).toBe(0)

    await someoneGivesAllTo(server, 'education')
    await expect.poll(() => counts(page).textContent()).toBe('4 participants, 4 submissions')
    expect(await everyone(page, 'healthcare').textContent()).toBe('33.33%')
    expect(await shown.textContent()).toBe(
      'The averages contain 3 answers. The next group is shown after at most 2 more new answers.',
    )
    await page.getByRole('heading', { name: 'How this works' }).waitFor()
    await page.getByText('in groups of at least 3').waitFor()
  })
})
