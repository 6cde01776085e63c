import { graphql } from '../gql'

export const StatsQuery = graphql(`
  query Stats($budget: String, $days: Int!) {
    stats(budget: $budget, days: $days) {
      budgets {
        budget
        participants
        submissions
        shownParticipants
        days {
          day
          submissions
          anonymous
        }
        categories {
          category
          averagePercent
        }
        revisions {
          submissions
          participants
        }
      }
    }
  }
`)
