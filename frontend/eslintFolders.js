import { dirname, relative, resolve } from 'node:path'

const SHARED = ['domain', 'texts', 'routing', 'gql', 'graphql', 'live', 'components', 'styles']

/** The folders below `src` that each of them may import from, beside itself. A folder that is not listed imports nothing. */
const MAY_IMPORT = {
  // `..` is `locales/`, beside the server's sources.
  texts: ['domain', '..'],
  live: ['domain', 'gql', 'graphql'],
  components: ['domain', 'texts', 'routing', 'gql', 'graphql', 'styles'],
  'features/budgets': SHARED,
  'features/receipt': SHARED,
  'features/results': SHARED,
  // Who erases answers makes the tab forget them too.
  'features/history': [...SHARED, 'features/participate'],
  'features/privacy': SHARED,
  'features/projector': [...SHARED, 'features/results'],
  'features/participate': [...SHARED, 'features/receipt', 'features/results'],
  desk: [...SHARED, 'features/results'],
  embed: [...SHARED, 'features/results'],
  app: [
    ...SHARED,
    'features/budgets',
    'features/history',
    'features/participate',
    'features/privacy',
    'features/projector',
    'features/results',
    'desk',
  ],
  graphiql: ['graphql'],
  testing: ['texts', 'gql', 'embed'],
}

const SOURCE = resolve(import.meta.dirname, 'src')

function folderOf(path) {
  const [first, second] = relative(SOURCE, path).split(/[/\\]/)
  return first === 'features' ? `features/${second}` : first
}

/** Imports go one way: from a feature to what features share, and never back. */
export const oneWayImports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { up: '{{from}} may not import {{to}} (eslintFolders.js)' },
  },
  create(context) {
    const from = folderOf(context.filename)
    const allowed = [from, ...(MAY_IMPORT[from] ?? [])]
    // Tests may also use their own support, and test what stands beside `src`.
    if (/\.test\.tsx?$/.test(context.filename)) allowed.push('testing', '..')

    function check({ source }) {
      if (source?.type !== 'Literal' || !String(source.value).startsWith('.')) return
      const to = folderOf(resolve(dirname(context.filename), source.value))
      if (!allowed.includes(to)) context.report({ node: source, messageId: 'up', data: { from, to } })
    }

    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    }
  },
}
