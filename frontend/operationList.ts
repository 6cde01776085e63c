import { createHash } from 'node:crypto'
import type { CodegenPlugin, Types } from '@graphql-codegen/plugin-helpers'
import {
  plugin as typedDocuments,
  type TypeScriptTypedDocumentNodesConfig,
} from '@graphql-codegen/typed-document-node'
import { createRequest, stringifyDocument } from '@urql/core'
import { Kind, type DocumentNode } from 'graphql'

/** An operation that the page sends. The server can recognise it by its hash and refuse all others. */
export interface PageOperation {
  readonly name: string
  /** The hash of the document's UTF-8 bytes, in lower-case hex. */
  readonly sha256: string
  /** The exact text that the page sends as `query`. */
  readonly document: string
}

/** Uses urql's own printer, because urql prints a document before it sends it. */
export function pageOperation(document: DocumentNode): PageOperation {
  const text = stringifyDocument(createRequest(document, {}).query)
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !operation.name)
    throw new Error(`an operation of the page has no name: ${text}`)
  return {
    name: operation.name.value,
    sha256: createHash('sha256').update(text).digest('hex'),
    document: text,
  }
}

/** The hook through which the client preset also gets complete documents from the generator. */
interface Hook {
  readonly unstable_onExecutableDocumentNode: (document: DocumentNode) => void
}

/** For graphql-codegen: writes a JSON array of the operations in the sources, as the generated documents hold them. */
export const operationList: Types.OutputPreset = {
  buildGeneratesSection: ({ baseOutputDir, schema, documents }) =>
    Promise.resolve([
      {
        filename: baseOutputDir,
        schema,
        documents,
        config: {},
        plugins: [{ operationList: {} }],
        pluginMap: { operationList: { plugin: list } },
      },
    ]),
}

const list: CodegenPlugin['plugin'] = (schema, documents) => {
  const found: PageOperation[] = []
  // The generator decides the order of the fragments in a document, so the complete documents come from its hook.
  const config: TypeScriptTypedDocumentNodesConfig & Hook = {
    unstable_onExecutableDocumentNode: (document) => void found.push(pageOperation(document)),
  }
  void typedDocuments(schema, documents, config)
  found.sort((a, b) => (a.name < b.name ? -1 : 1))
  return `${JSON.stringify(found, null, 2)}\n`
}
