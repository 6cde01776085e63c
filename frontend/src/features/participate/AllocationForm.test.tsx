// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useReducer } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { emptyAllocation, type Allocation } from '../../domain/allocation'
import { draftOf, draftReducer } from './draft'
import { InEnglish } from '../../testing/english'
import { AllocationForm } from './AllocationForm'
import { startsOf } from './starts'

const categories = [
  { key: 'roads', label: 'Roads', description: 'Bridges too', color: '#555555' },
  { key: 'schools', label: 'Schools', description: 'And universities', color: '#333333' },
  { key: 'parks', label: 'Parks', description: 'And gardens', color: '#777777' },
]

function renderForm() {
  const onSubmit = vi.fn<(allocation: Allocation, remember: boolean) => void>()
  function Form() {
    const [draft, edit] = useReducer(draftReducer, draftOf(emptyAllocation(categories.map(({ key }) => key))))
    return (
      <AllocationForm
        categories={categories}
        total={undefined}
        starts={startsOf(
          categories.map(({ key }) => ({ key, actualPercent: null })),
          undefined,
        )}
        draft={draft}
        remembered={false}
        revising={false}
        isLatestShown={false}
        isByCode={false}
        submitting={{ state: 'editing' }}
        onEdit={edit}
        onSubmit={(remember) => {
          onSubmit(draft.allocation, remember)
        }}
      />
    )
  }
  render(<Form />, { wrapper: InEnglish })
  return { user: userEvent.setup(), onSubmit }
}

const field = (label: string) => screen.getByRole<HTMLInputElement>('textbox', { name: label })
const slider = (label: string) => screen.getByRole<HTMLInputElement>('slider', { name: `${label}, slider` })

afterEach(cleanup)

describe('the allocation form', () => {
  it('has one value behind field, slider and buttons', async () => {
    const { user } = renderForm()
    await user.type(field('Roads'), '12,5')
    expect(slider('Roads').value).toBe('1250')
    expect(slider('Roads').getAttribute('aria-valuetext')).toBe('12.5%. Left to give: 87.5%')
    await user.click(screen.getByRole('button', { name: 'Roads: 1% more' }))
    expect(field('Roads').value).toBe('13.5')
    await user.type(slider('Roads'), '{ArrowLeft}{PageUp}')
    expect(field('Roads').value).toBe('17.5')
    await user.type(field('Roads'), '{ArrowUp}{ArrowUp}{PageDown}')
    expect(field('Roads').value).toBe('14.5')
    expect(field('Schools').value).toBe('0')
  })

  it('never goes below nothing or above everything', async () => {
    const { user } = renderForm()
    await user.click(screen.getByRole('button', { name: 'Roads: 1% less' }))
    expect(field('Roads').value).toBe('0')
    await user.type(field('Roads'), '99.5')
    await user.type(slider('Roads'), '{PageUp}')
    expect(field('Roads').value).toBe('100')
  })

  it('allows too much while typing and says how much', async () => {
    const { user } = renderForm()
    await user.type(field('Roads'), '60')
    await user.type(field('Schools'), '43')
    expect(screen.getByText('Too much given').parentElement?.textContent).toBe('Too much given 3%')
    expect(await screen.findByText('3% too much', {}, { timeout: 2000 })).toBeTruthy()
  })

  it('says what is wrong in a field, and does not quietly undo it', async () => {
    const { user } = renderForm()
    await user.type(field('Roads'), '33.333')
    await user.tab()
    expect(field('Roads').value).toBe('33.333')
    expect(field('Roads').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('At most two decimals.')).toBeTruthy()
  })

  it('refuses to submit less than 100 % and moves the focus to the reason', async () => {
    const { user, onSubmit } = renderForm()
    await user.type(field('Roads'), '40')
    await user.click(screen.getByRole('button', { name: 'Submit' }))
    expect(onSubmit).not.toHaveBeenCalled()
    expect(document.activeElement?.textContent).toContain('There is 60% left to give.')
    // The way to mend it stands once, at the foot.
    screen.getByRole('button', { name: 'Spread the rest evenly' })
  })

  it('refuses to submit a mistake although the rest adds up', async () => {
    const { user, onSubmit } = renderForm()
    await user.type(field('Roads'), '100')
    await user.type(field('Parks'), 'x')
    await user.click(screen.getByRole('button', { name: 'Submit' }))
    expect(onSubmit).not.toHaveBeenCalled()
    expect(document.activeElement?.textContent).toContain('Parks')
  })

  it('spreads the rest evenly to exactly 100 % and then submits', async () => {
    const { user, onSubmit } = renderForm()
    await user.type(field('Roads'), '50')
    await user.click(screen.getByRole('button', { name: 'Spread the rest evenly' }))
    await user.click(screen.getByRole('radio', { name: /^Remember me/ }))
    await user.click(screen.getByRole('button', { name: 'Submit' }))
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ roads: 6667, schools: 1667, parks: 1666 }, true)
  })
})
