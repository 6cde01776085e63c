/** The text of an operation as it is sent, and as operations.json lists it. */
export function sentText(document: { toString: () => string }): string {
  return document.toString().trim()
}
