import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { oneWayImports } from './eslintFolders.js'

export default tseslint.config(
  {
    ignores: [
      'dist',
      'src/gql',
      'src/desk/gql',
      'src/embed/gql',
      'tests/clients/__generated__',
      'test-results',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest'], jsxA11y.flatConfigs.strict],
    plugins: { folders: { rules: { 'one-way-imports': oneWayImports } } },
    rules: { 'folders/one-way-imports': 'error' },
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['public/*.js'],
    languageOptions: { globals: globals.browser, sourceType: 'script' },
    // Old browsers need a name in `catch`.
    rules: { 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
)
