// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import readQrCode from 'jsqr'
import { afterEach, expect, it } from 'vitest'
import { QrCode } from './QrCode'

afterEach(cleanup)

/** Pixels of a module: a reader needs more than one. */
const SCALE = 4

/** Draws what the picture holds, one square a module, as a camera would see it. */
function pixelsOf(svg: Element): { pixels: Uint8ClampedArray; size: number } {
  const modules = Number(svg.getAttribute('viewBox')?.split(' ')[2])
  const size = modules * SCALE
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  const path = svg.querySelector('path')?.getAttribute('d') ?? ''
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      const start = ((Number(y) * SCALE + row) * size + Number(x) * SCALE) * 4
      for (let column = 0; column < SCALE; column += 1)
        pixels.fill(0, start + column * 4, start + column * 4 + 3)
    }
  }
  return { pixels, size }
}

it.each([
  'https://taxes.example.org/b/federal',
  `https://taxes.example.org/b/${'long-'.repeat(20)}town/results`,
])('a camera reads %s', (address) => {
  render(<QrCode text={address} label="QR code" />)
  const { pixels, size } = pixelsOf(screen.getByRole('img', { name: 'QR code' }))
  expect(readQrCode(pixels, size, size, { inversionAttempts: 'dontInvert' })?.data).toBe(address)
})
