import { expect, it } from 'vitest'
import { resultPath, routeOf } from './routes'

it.each([
  ['/', { page: 'participate' }],
  ['/aggregate', { page: 'aggregate' }],
  ['/history/', { page: 'history' }],
  ['/privacy', { page: 'privacy' }],
  ['/results/abc', { page: 'result', id: 'abc' }],
  ['/results/a%20b', { page: 'result', id: 'a b' }],
  ['/results/%E0%A4%A', { page: 'result', id: '%E0%A4%A' }],
  ['/results', { page: 'unknown' }],
  ['/results/a/b', { page: 'unknown' }],
  ['/nothing', { page: 'unknown' }],
])('%s leads to %j', (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route)
})

it('finds its own links to results again', () => {
  expect(routeOf(resultPath('a/b c'))).toEqual({ page: 'result', id: 'a/b c' })
})
