export interface Example {
  readonly query: string
  readonly variables?: string
}

const ALLOCATION = {
  input: {
    budget: 'federal',
    shares: [
      { category: 'healthcare', percent: 25 },
      { category: 'education', percent: 20 },
      { category: 'social-security', percent: 20 },
      { category: 'science', percent: 12.5 },
      { category: 'environment', percent: 12.5 },
      { category: 'defense', percent: 10 },
    ],
    remember: false,
  },
}

export const averages: Example = {
  query: `# The averages as they are now.
# Ctrl-Enter runs it; the tabs hold more examples.
query Averages {
  budget(slug: "federal") {
    title
    status
    aggregate {
      asOf
      version
      source
      participantCount
      categories {
        category {
          label
          actualPercent
        }
        averagePercent
        medianPercent
      }
    }
  }
}
`,
}

export const submit: Example = {
  query: `# Hands in an allocation (see Variables, below).
# The shares must add up to exactly 100; a category
# that is left out gets 0.
mutation Submit($input: SubmitAllocationInput!) {
  submitAllocation(input: $input) {
    submission {
      id
      submittedAt
      counted
    }
    replaced {
      id
    }
  }
}
`,
  variables: JSON.stringify(ALLOCATION, null, 2),
}

export const liveAverages: Example = {
  query: `# The current numbers at once, then each newer
# version, over a WebSocket.
subscription LiveAverages($budget: String!) {
  aggregate(budget: $budget) {
    version
    asOf
    participantCount
    categories {
      category {
        label
      }
      averagePercent
    }
  }
}
`,
  variables: JSON.stringify({ budget: 'federal' }, null, 2),
}

export const history: Example = {
  query: `# What this browser has submitted. Empty until a
# submission with "remember": true set the cookie.
query History {
  viewer {
    participant
    submissions(first: 10) {
      nodes {
        id
        submittedAt
        counted
        budget {
          slug
        }
        shares {
          percent
          category {
            label
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
}

export const examples: readonly Example[] = [averages, submit, liveAverages, history]

/** At the organisers' desk. */
export const deskExamples: readonly Example[] = [
  {
    query: `# Who I am at the desk, and where else I have signed in.
query Me {
  me {
    name
    role
    budgets {
      slug
      role
    }
    sessions {
      createdAt
      lastSeenAt
      userAgent
      isThis
    }
  }
}`,
  },
  {
    query: `# Who changed what, the newest first. An owner sees everything; organisers name a budget.
query AuditLog($budget: String) {
  auditLog(first: 20, budget: $budget) {
    nodes {
      at
      actor
      action
      budget
      before
      after
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,
    variables: JSON.stringify({ budget: 'federal' }, null, 2),
  },
]
