import { Masthead } from './components/Masthead'
import { AggregatePage } from './pages/AggregatePage'
import { HistoryPage } from './pages/HistoryPage'
import { ParticipatePage } from './pages/ParticipatePage'
import { ResultPage } from './pages/ResultPage'
import { UnknownPage } from './pages/UnknownPage'
import { usePathname } from './routing/location'
import { routeOf } from './routing/routes'

export function App() {
  return (
    <>
      <Masthead />
      <CurrentPage />
    </>
  )
}

function CurrentPage() {
  const route = routeOf(usePathname())
  switch (route.page) {
    case 'participate':
      return <ParticipatePage />
    case 'aggregate':
      return <AggregatePage />
    case 'history':
      return <HistoryPage />
    case 'result':
      return <ResultPage id={route.id} />
    case 'unknown':
      return <UnknownPage />
  }
}
