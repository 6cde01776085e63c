import { useId, useState } from 'react'
import { useQuery } from 'urql'
import { Button } from '../../components/Button'
import { Note } from '../../components/Note'
import { ProblemPart } from '../../components/states/ProblemPart'
import { graphql } from '../../gql'
import { useFormat, useTexts } from '../../texts/useTexts'
import { codeMistake } from '../participate/codeMistake'
import { ErasedNote } from './ErasedNote'
import { useErase } from './useErase'
import styles from './CodeErasure.module.css'

const CodeBudgetsQuery = graphql(`
  query CodeBudgets($language: String!) {
    budgets {
      slug
      title(language: $language)
      participation
    }
  }
`)

/** Erases the answer to a code, where there are budgets with codes. */
export function CodeErasure() {
  const all = useTexts()
  const texts = all.myData
  const { locale } = useFormat()
  const id = useId()
  const [{ data }] = useQuery({ query: CodeBudgetsQuery, variables: { language: locale } })
  const budgets = data?.budgets.filter(({ participation }) => participation === 'CODE') ?? []
  const [chosen, choose] = useState<string>()
  const [code, setCode] = useState('')
  const { erasing, erase } = useErase()
  const mistake = erasing.state === 'failed' ? codeMistake(all, erasing.problem) : undefined
  const budget = chosen ?? budgets[0]?.slug
  if (budget === undefined) return null

  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{texts.code}</h2>
      <p>
        {texts.codeText} {texts.averages}
      </p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void erase({ budget, code })
        }}
      >
        <label>
          {texts.codeBudget}
          <select
            value={budget}
            onChange={(event) => {
              choose(event.target.value)
            }}
          >
            {budgets.map(({ slug, title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.codeField}
          <input
            value={code}
            required
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            dir="ltr"
            onChange={(event) => {
              setCode(event.target.value)
            }}
          />
        </label>
        <Button type="submit" disabled={erasing.state === 'erasing'}>
          {erasing.state === 'erasing' ? texts.erasing : texts.eraseCode}
        </Button>
      </form>
      {erasing.state === 'erased' && <ErasedNote submissions={erasing.submissions} />}
      {mistake !== undefined && (
        <Note kind="problem" heading={all.code.notFound} focus>
          <p>{mistake}</p>
        </Note>
      )}
      {erasing.state === 'failed' && mistake === undefined && (
        <ProblemPart
          problem={erasing.problem}
          onRetry={() => {
            void erase({ budget, code })
          }}
        />
      )}
    </section>
  )
}
