// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { InEnglish } from '../../testing/english'
import { ErrorBoundary } from './ErrorBoundary'

afterEach(cleanup)

it('offers to load the page anew when a part of it breaks', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  function Broken(): never {
    throw new Error('Failed to fetch dynamically imported module')
  }
  render(
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
    { wrapper: InEnglish },
  )
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('This page could not be shown')
  screen.getByRole('button', { name: 'Load it again' })
})
