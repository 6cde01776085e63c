import { expect, it } from 'vitest'
import { LANGUAGES } from '../../texts/languages'
import { FILES } from './privacyTexts'

it('the privacy page speaks every language, and no text is empty', async () => {
  const codes = Object.keys(FILES).map((path) => path.replace('./texts/', '').replace('.ts', ''))
  expect(codes.toSorted()).toEqual([...LANGUAGES].toSorted())
  for (const load of Object.values(FILES)) {
    const { texts } = await load()
    expect(Object.values(texts).filter((text) => text === '')).toEqual([])
  }
})
