import type { CodegenConfig } from '@graphql-codegen/cli'
import { operationList } from './operationList'

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**', '!src/**/*.test.{ts,tsx}'],
  generates: {
    'src/gql/': {
      preset: 'client',
      // Snapshots of the query and of the subscription are used in one place, which would have to unmask their types again.
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
