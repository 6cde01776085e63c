import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Kind, parse, type DocumentNode } from 'graphql'
import { expect, it } from 'vitest'
import { pageOperation } from '../../operationList'
import * as embedded from '../embed/gql/graphql'
import { sentText } from '../embed/sentText'
import * as generated from '../gql/graphql'

const list: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../operations.json'), 'utf8'))

const isOperation = ({ definitions }: DocumentNode) => definitions[0]?.kind === Kind.OPERATION_DEFINITION

/** Parsed again: the documents for frames are text. */
const embeddedOperations = Object.values(embedded)
  .filter((value) => value instanceof embedded.TypedDocumentString)
  .map((text) => ({ text, document: parse(text.toString(), { noLocation: true }) }))
  .filter(({ document }) => isOperation(document))
  .map(({ text, document }) => ({ document: sentText(text), listed: pageOperation(document) }))

it('every operation of the page stands in operations.json, with the text that urql sends and its hash', () => {
  const documents: DocumentNode[] = Object.values(generated)
  const operations = documents
    .filter(isOperation)
    .map(pageOperation)
    .concat(embeddedOperations.map(({ listed }) => listed))
  expect(operations.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(list)
})

it('a frame sends the texts that stand there too', () => {
  expect(embeddedOperations.length).toBeGreaterThan(0)
  for (const { document, listed } of embeddedOperations) expect(document).toBe(listed.document)
})
