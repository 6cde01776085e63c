import type { ReactNode, SubmitEvent } from 'react'

/** A form whose submission is a function. The browser checks its fields first. */
export function Form({ onSubmit, children }: { onSubmit: () => Promise<void>; children: ReactNode }) {
  function submit(event: SubmitEvent) {
    event.preventDefault()
    void onSubmit()
  }
  return <form onSubmit={submit}>{children}</form>
}
