import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Kind, type DocumentNode } from 'graphql'
import { expect, it } from 'vitest'
import { pageOperation } from '../../operationList'
import * as generated from '../gql/graphql'

const list: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../operations.json'), 'utf8'))

it('every operation of the page stands in operations.json, with the text that urql sends and its hash', () => {
  const documents: DocumentNode[] = Object.values(generated)
  const operations = documents
    .filter(({ definitions }) => definitions[0]?.kind === Kind.OPERATION_DEFINITION)
    .map(pageOperation)
  expect(operations.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(list)
})
