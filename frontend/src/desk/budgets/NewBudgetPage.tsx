import { useState } from 'react'
import { useQuery } from 'urql'
import { useLocation } from 'wouter'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { LANGUAGES, nameOf } from '../../texts/languages'
import { useChange } from '../api/useChange'
import { ChangeProblem } from '../components/ChangeProblem'
import { Form } from '../components/Form'
import { SelectField } from '../components/SelectField'
import { TextField } from '../components/TextField'
import { draftOf, slugOf } from '../editor/draft'
import { graphql } from '../gql'
import type { CreateBudgetInput } from '../gql/graphql'
import { budgetPath } from '../paths'
import { useDeskTexts } from '../texts/useDeskTexts'
import { FileField } from './FileField'
import styles from './NewBudgetPage.module.css'

const BeginningsQuery = graphql(`
  query Beginnings {
    templates {
      name
      title
      description
      country
    }
    budgets {
      slug
      draft
    }
  }
`)

const CreateBudget = graphql(`
  mutation CreateBudget($input: CreateBudgetInput!) {
    createBudget(input: $input) {
      slug
    }
  }
`)

const BEGINNINGS = ['empty', 'template', 'file', 'copy'] as const
type Beginning = (typeof BEGINNINGS)[number]

/** A new budget from nothing, a template, a file or a copy of another one. */
export function NewBudgetPage() {
  const { newBudget: texts } = useDeskTexts()
  const [{ data }] = useQuery({ query: BeginningsQuery })
  const [beginning, setBeginning] = useState<Beginning>('empty')
  const [title, setTitle] = useState('')
  const [slug, setSlug] = useState<string>()
  const [language, setLanguage] = useState(document.documentElement.lang)
  const [currency, setCurrency] = useState('EUR')
  const [template, setTemplate] = useState<string>()
  const [copyOf, setCopyOf] = useState<string>()
  const [file, setFile] = useState('')
  const create = useChange(CreateBudget)
  const [, go] = useLocation()

  const templates = data?.templates ?? []
  const others = data?.budgets ?? []
  const address = slug ?? slugOf(title)
  const chosenTemplate = template ?? templates[0]?.name ?? ''
  const chosenCopy = copyOf ?? others[0]?.slug ?? ''

  function input(): CreateBudgetInput {
    switch (beginning) {
      case 'empty':
        return { empty: { slug: address, title, language, currency } }
      case 'template':
        return { template: chosenTemplate }
      case 'file':
        return { file }
      case 'copy':
        return { copyOf: chosenCopy }
    }
  }

  async function submit() {
    const made = await create.run({ input: input() })
    if (made) go(budgetPath(made.createBudget.slug, 'edit'))
  }

  return (
    <Page title={texts.heading}>
      <h1>{texts.heading}</h1>
      <div className={styles.narrow}>
        <Form onSubmit={submit}>
          <ChangeProblem problem={create.problem} />
          <fieldset className={styles.beginnings}>
            <legend>{texts.from}</legend>
            {BEGINNINGS.map((one) => (
              <label key={one} className={styles.beginning}>
                <input
                  type="radio"
                  name="beginning"
                  checked={beginning === one}
                  onChange={() => {
                    setBeginning(one)
                  }}
                />
                <strong>{texts.beginnings[one].name}</strong>
                <span>{texts.beginnings[one].text}</span>
              </label>
            ))}
          </fieldset>
          {beginning === 'empty' && (
            <>
              <TextField
                label={texts.title}
                hint={texts.titleHint}
                value={title}
                onChange={setTitle}
                required
              />
              <TextField
                label={texts.slug}
                hint={texts.slugHint(address)}
                value={address}
                onChange={setSlug}
                required
              />
              <SelectField
                label={texts.language}
                value={language}
                options={LANGUAGES}
                nameOf={nameOf}
                onChange={setLanguage}
              />
              <TextField
                label={texts.currency}
                hint={texts.currencyHint}
                value={currency}
                onChange={(value) => {
                  setCurrency(value.toUpperCase())
                }}
                maxLength={3}
                isShort
                required
              />
            </>
          )}
          {beginning === 'template' && (
            <SelectField
              label={texts.beginnings.template.name}
              value={chosenTemplate}
              options={templates.map(({ name }) => name)}
              nameOf={(name) => templates.find((one) => one.name === name)?.title ?? name}
              onChange={setTemplate}
              hint={templates.find((one) => one.name === chosenTemplate)?.description}
            />
          )}
          {beginning === 'file' && <FileField value={file} onChange={setFile} />}
          {beginning === 'copy' && (
            <SelectField
              label={texts.beginnings.copy.name}
              value={chosenCopy}
              options={others.map((one) => one.slug)}
              nameOf={(one) => draftOf(others.find((other) => other.slug === one)?.draft).title}
              onChange={setCopyOf}
            />
          )}
          <p>
            <Button strong type="submit" disabled={create.isRunning}>
              {texts.submit}
            </Button>
          </p>
        </Form>
      </div>
    </Page>
  )
}
