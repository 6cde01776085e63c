/**
 * The code in a link such as `https://taxes.example.org/b/town#code=…`. It is in the fragment, which a browser sends
 * to no server.
 */
export function codeOfLink(link: string): string | undefined {
  const [, fragment] = link.split('#')
  return new URLSearchParams(fragment).get('code') ?? undefined
}

/** What a person typed or pasted: a code, or the whole link. */
export function codeOfInput(text: string): string {
  return codeOfLink(text) ?? text
}

/** Takes the code out of the address bar, so that nobody reads it there, and no bookmark or history keeps it. */
export function takeCodeFromAddress(): string | undefined {
  const code = codeOfLink(window.location.hash)
  if (code !== undefined) {
    const { pathname, search } = window.location
    window.history.replaceState(window.history.state, '', pathname + search)
  }
  return code
}
