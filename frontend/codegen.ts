import type { CodegenConfig } from '@graphql-codegen/cli'
import { operationList } from './operationList'

/** The typed operations of one API. */
const typed = {
  preset: 'client',
  // Snapshots of the query and of the subscription are used in one place, which would have to unmask their types again.
  presetConfig: { fragmentMasking: false },
  config: {
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars: { DateTime: 'string', JSON: 'unknown' },
  },
} as const

const PAGE = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**', '!src/desk/**', '!src/embed/**', '!src/**/*.test.{ts,tsx}'],
}
const EMBED = {
  schema: '../schema.graphql',
  documents: ['src/embed/**/*.ts', '!src/embed/gql/**', '!src/**/*.test.ts'],
}
const DESK = {
  schema: '../admin.graphql',
  documents: ['src/desk/**/*.{ts,tsx}', '!src/desk/gql/**', '!src/**/*.test.{ts,tsx}'],
}

const config: CodegenConfig = {
  generates: {
    'src/gql/': { ...PAGE, ...typed },
    // As text, so that a page in a frame of another site loads no printer.
    'src/embed/gql/': { ...EMBED, ...typed, config: { ...typed.config, documentMode: 'string' } },
    'operations.json': {
      schema: PAGE.schema,
      documents: ['src/**/*.{ts,tsx}', '!src/**/gql/**', '!src/desk/**', '!src/**/*.test.{ts,tsx}'],
      preset: operationList,
    },
    // The desk has a schema of its own, and nothing of it may get into the participants' page.
    'src/desk/gql/': { ...DESK, ...typed },
  },
}

export default config
