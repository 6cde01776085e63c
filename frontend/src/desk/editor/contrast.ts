/** The two colours of the page (`--paper` in tokens.css, light and dark). */
const PAPERS = ['#f8f3e8', '#1b1813'] as const

/** What graphics need beside their surroundings (WCAG 2.2, 1.4.11). */
export const ENOUGH_CONTRAST = 3

export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text)
}

/** The contrast of a colour with the light and with the dark page, rounded down to a tenth. */
export function contrasts(color: string): { light: number; dark: number } {
  const [light, dark] = PAPERS.map((paper) => Math.floor(contrast(color, paper) * 10) / 10)
  return { light: light ?? 1, dark: dark ?? 1 }
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

/** The relative luminance of WCAG. */
function luminance(color: string): number {
  const channel = (from: number) => {
    const value = parseInt(color.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
