import { site } from '../texts/en'

export function Loading() {
  return <p>{site.loading}</p>
}
