/** The text of an operation as it is sent, and as operations.json lists it: the generator's text indents the fragments. */
export function sentText(document: { toString: () => string }): string {
  return document
    .toString()
    .trim()
    .replace(/^ +(?=fragment )/gm, '')
}
