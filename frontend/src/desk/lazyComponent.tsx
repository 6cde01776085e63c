import { use, type ComponentType } from 'react'

/** A screen, or a part of one, that is loaded by itself. */
export interface LazyComponent<Props extends object = object> {
  (props: Props): React.ReactNode
  /** Begins to load it, so that it is there when it is shown. */
  readonly load: () => void
}

/** Unlike `lazy`, it shows at once what was loaded before. */
export function lazyComponent<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyComponent<Props> {
  let loaded: ComponentType<Props> | undefined
  let loading: Promise<ComponentType<Props>> | undefined

  function begin(): Promise<ComponentType<Props>> {
    loading ??= load().then((component) => (loaded = component))
    return loading
  }

  function Lazy(props: Props) {
    const Loaded = loaded ?? use(begin())
    return <Loaded {...props} />
  }

  return Object.assign(Lazy, {
    load() {
      // Whoever goes there loads it again; then a failure is shown.
      begin().catch(() => {
        loading = undefined
      })
    },
  })
}
