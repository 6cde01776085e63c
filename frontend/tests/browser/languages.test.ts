import { describe, expect, it } from 'vitest'
import { visit } from './support/browser'
import { expectNoViolations } from './support/axe'
import { sharedBrowser, sharedServer } from './support/shared'

const chromium = sharedBrowser()
const there = sharedServer()

const LANGUAGES = [
  { locale: 'de-AT', field: 'Gesundheit', submit: 'Absenden', counted: 'Gezählt.', half: '12,5' },
  { locale: 'es-MX', field: 'Sanidad', submit: 'Enviar', counted: 'Contada.', half: '12.5' },
  { locale: 'fr-FR', field: 'Santé', submit: 'Envoyer', counted: 'Comptée.', half: '12,5' },
  { locale: 'ar-EG', field: 'الرعاية الصحية', submit: 'أرسل', counted: 'احتُسبت.', half: '١٢٫٥' },
]

describe.each(LANGUAGES)('in $locale', ({ locale, field, submit, counted, half }) => {
  it('one takes part in the words and numbers of the language', async () => {
    const { page, breaches, close } = await visit(chromium.browser, `${there.server.origin}/`, {
      locale,
      viewport: { width: 360, height: 740 },
    })
    const [language = ''] = locale.split('-')
    const healthcare = page.getByRole('textbox', { name: field, exact: true })
    await healthcare.fill('12,5')
    await healthcare.blur()
    expect(await healthcare.inputValue()).toBe(half)
    const root = page.locator('html')
    expect(await root.getAttribute('lang')).toBe(language)
    expect(await root.getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await expectNoViolations(page, locale)

    await page.locator('form [role="group"] button').last().click() // spread the rest
    await page.getByRole('button', { name: submit, exact: true }).click()
    await page.getByRole('group', { name: counted }).waitFor()
    await expectNoViolations(page, `${locale}, counted`)
    // Not one word of another language is left on the page.
    expect(await page.locator('main').textContent()).not.toMatch(/\b(Left to give|Everyone|Submit|Spread)\b/)
    expect(breaches).toEqual([])
    await close()
  })
})

describe('the choice of a language', () => {
  it('holds at once and after a reload, and turns the page around for Arabic', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/aggregate`)
    await page.getByLabel('Language').selectOption('ar')
    await page.getByRole('heading', { name: 'كيف تنفق الميزانية الاتحادية؟' }).waitFor()
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    await page.reload()
    await page.getByRole('heading', { name: 'كيف تنفق الميزانية الاتحادية؟' }).waitFor()
    await close()
  })

  it('may stand in the address', async () => {
    const { page, close } = await visit(chromium.browser, `${there.server.origin}/aggregate?lang=fr`)
    await page.getByRole('heading', { name: 'Moyennes, en direct' }).waitFor()
    await close()
  })
})
