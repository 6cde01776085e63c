// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rotated, rotationOf } from './rotation'
import { useCategoryOrder } from './useCategoryOrder'

const LINES = ['roads', 'parks', 'schools', 'police']

beforeEach(() => {
  sessionStorage.clear()
})

describe('rotated categories', () => {
  it('keep their order, and begin with another one', () => {
    expect(rotated(LINES, 0)).toEqual(LINES)
    expect(rotated(LINES, 3)).toEqual(['police', 'roads', 'parks', 'schools'])
  })

  it('begin with each category equally often', () => {
    const first = [0, 0.25, 0.5, 0.999].map((drawn) => {
      sessionStorage.clear()
      vi.spyOn(Math, 'random').mockReturnValue(drawn)
      return rotationOf('town', LINES.length)
    })
    expect(first).toEqual([0, 1, 2, 3])
  })

  it('stay as they are for a participant who loads the page again', () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValue(0)
    const before = renderHook(() => useCategoryOrder('town', LINES, 'ROTATED')).result.current.ordered
    const after = renderHook(() => useCategoryOrder('town', LINES, 'ROTATED')).result.current.ordered
    expect(before).toEqual(['schools', 'police', 'roads', 'parks'])
    expect(after).toEqual(before)
  })

  it('are drawn anew for the next participant, and where the stored offset fits no more', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { result } = renderHook(() => useCategoryOrder('town', LINES, 'ROTATED'))
    random.mockReturnValue(0.25)
    act(() => {
      result.current.orderAnew()
    })
    expect(result.current.ordered[0]).toBe('parks')
    expect(rotationOf('town', 1)).toBe(0)
  })

  it('have the order of the budget where it is fixed', () => {
    const { result } = renderHook(() => useCategoryOrder('town', LINES, 'FIXED'))
    expect(result.current.ordered).toEqual(LINES)
    expect(sessionStorage.length).toBe(0)
  })
})
