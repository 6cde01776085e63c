// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { InEnglish } from '../../testing/english'
import { CodeEntry } from './CodeEntry'

afterEach(cleanup)

it('asks for the code beside the field when there is none, until something is typed', async () => {
  const onEnter = vi.fn<(code: string) => void>()
  const user = userEvent.setup()
  render(<CodeEntry redeeming={{ state: 'asking' }} onEnter={onEnter} />, { wrapper: InEnglish })
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  expect(screen.getByRole('alert').textContent).toBe('Enter your code.')
  expect(document.activeElement).toBe(screen.getByRole('textbox'))
  expect(onEnter).not.toHaveBeenCalled()
  await user.keyboard('K7')
  expect(screen.queryByRole('alert')).toBeNull()
})
