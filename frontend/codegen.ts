import type { CodegenConfig } from '@graphql-codegen/cli'
import { operationList } from './operationList'

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**', '!src/**/*.test.{ts,tsx}'],
  generates: {
    'src/gql/': {
      preset: 'client',
      // Snapshots from the query and the subscription meet in one place; masked types would only be unmasked there again.
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string' },
      },
    },
    'operations.json': { preset: operationList },
  },
}

export default config
