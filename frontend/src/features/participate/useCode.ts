import { useEffect, useEffectEvent, useState } from 'react'
import { useMutation } from 'urql'
import { graphql } from '../../gql'
import { problemOf, type Problem } from '../../graphql/problem'
import { forgetAnswer } from './answerStorage'
import { codeOfLink, takeCodeFromAddress } from './codeLink'
import { forgetCode, storeCode, storedCode } from './codeStorage'
import { forgetDraft } from './draftStorage'
import { forgetPending } from './pendingStorage'

const RedeemCode = graphql(`
  mutation RedeemCode($input: RedeemCodeInput!) {
    redeemCode(input: $input) {
      hasAnswered
    }
  }
`)

/** A code that the server knows. */
export interface HeldCode {
  readonly code: string
  /** A submission with this code counts already. The server does not show it. */
  readonly hasAnswered: boolean
  /** The person has just typed it, so the answer to it takes the focus. */
  readonly typed: boolean
}

export type Redeeming =
  | { state: 'asking' }
  | { state: 'checking'; code: string }
  | { state: 'refused'; code: string; problem: Problem }
  | { state: 'held'; held: HeldCode }

/** The code that a person takes part with: from the link, from before a reload, or typed. */
export function useCode(budget: string) {
  const [, send] = useMutation(RedeemCode)
  const [redeeming, setRedeeming] = useState<Redeeming>(() => {
    const code = codeOfLink(window.location.hash) ?? storedCode(budget)
    return code === undefined ? { state: 'asking' } : { state: 'checking', code }
  })

  async function check(code: string, typed: boolean): Promise<Redeeming> {
    const { data, error } = await send({ input: { budget, code } })
    if (!data) return error ? { state: 'refused', code, problem: problemOf(error) } : { state: 'asking' }
    if (storedCode(budget) !== code) forgetAnswers()
    storeCode(budget, code)
    return { state: 'held', held: { code, hasAnswered: data.redeemCode.hasAnswered, typed } }
  }

  /** What the tab keeps of another code is another person's. */
  function forgetAnswers(): void {
    forgetDraft(budget)
    forgetPending(budget)
    forgetAnswer(budget)
  }

  const checkAtStart = useEffectEvent(() => {
    const code = takeCodeFromAddress() ?? storedCode(budget)
    if (code !== undefined) void check(code, false).then(setRedeeming)
  })
  // A link that is opened while the page is there changes only the fragment, and loads nothing.
  const checkLink = useEffectEvent(() => {
    const code = takeCodeFromAddress()
    if (code !== undefined) enter(code)
  })

  useEffect(() => {
    checkAtStart()
    const onLink = () => {
      checkLink()
    }
    window.addEventListener('hashchange', onLink)
    return () => {
      window.removeEventListener('hashchange', onLink)
    }
  }, [])

  function enter(code: string): void {
    setRedeeming({ state: 'checking', code })
    void check(code, true).then(setRedeeming)
  }

  /** Another person takes part in the same tab. */
  function leave(): void {
    forgetCode(budget)
    forgetAnswers()
    setRedeeming({ state: 'asking' })
  }

  return { redeeming, enter, leave }
}
