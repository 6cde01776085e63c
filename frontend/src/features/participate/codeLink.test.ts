import { expect, it } from 'vitest'
import { codeOfInput, codeOfLink } from './codeLink'

it.each([
  ['https://taxes.example.org/b/town#code=923JV-RP328-CDYC4', '923JV-RP328-CDYC4'],
  ['#code=923JV-RP328-CDYC4', '923JV-RP328-CDYC4'],
  ['#other=1&code=923JV', '923JV'],
  ['#content', undefined],
  ['', undefined],
  ['https://taxes.example.org/?code=923JV', undefined],
])('the link %j has the code %j', (link, code) => {
  expect(codeOfLink(link)).toBe(code)
})

it('takes a pasted link for its code, and anything else as it is', () => {
  expect(codeOfInput(' https://taxes.example.org/b/town#code=923JV ')).toBe('923JV ')
  expect(codeOfInput('923jv rp328')).toBe('923jv rp328')
})
