import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  buildSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
  type OperationDefinitionNode,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { deskExamples, examples, submit, type Example } from './examples'

function schemaIn(file: string) {
  return buildSchema(readFileSync(resolve(import.meta.dirname, '../../..', file), 'utf8'))
}

const publicSchema = schemaIn('schema.graphql')
const deskSchema = schemaIn('admin.graphql')

function operation(query: string): OperationDefinitionNode {
  const found = getOperationAST(parse(query))
  if (!found) throw new Error('an example holds exactly one operation')
  return found
}

describe('the example operations', () => {
  const named = (schema: typeof publicSchema, list: readonly Example[]) =>
    list.map((example) => [operation(example.query).name?.value, example, schema] as const)

  it.each([...named(publicSchema, examples), ...named(deskSchema, deskExamples)])(
    '%s fits its schema, variables included',
    (_name, { query, variables = '{}' }, schema) => {
      expect(validate(schema, parse(query))).toEqual([])
      const given = JSON.parse(variables) as Record<string, unknown>
      const { errors } = getVariableValues(schema, operation(query).variableDefinitions ?? [], given)
      expect(errors).toBeUndefined()
    },
  )

  it('show a query, a mutation and a subscription', () => {
    expect(new Set(examples.map(({ query }) => operation(query).operation))).toEqual(
      new Set(['query', 'mutation', 'subscription']),
    )
  })

  it('submit an allocation that adds up', () => {
    const { input } = JSON.parse(submit.variables ?? '') as { input: { shares: { percent: number }[] } }
    expect(input.shares.reduce((sum, { percent }) => sum + percent * 100, 0)).toBe(10_000)
  })
})
