/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query BudgetPage($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      ...PageBudget\n    }\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n    }\n    viewer {\n      ...PageViewer\n    }\n  }\n\n  fragment PageBudget on Budget {\n    slug\n    title(language: $language)\n    description(language: $language)\n    currency\n    totalAmount\n    status\n    participation\n    opensAt\n    closesAt\n    publishEvery\n    retentionDays\n    submissionsPerParticipant {\n      count\n      seconds\n    }\n    startPosition\n    taxIllustration {\n      note(language: $language)\n      incomes\n      taxes {\n        label(language: $language)\n        brackets {\n          above\n          percent\n        }\n      }\n    }\n    categories {\n      key\n      label(language: $language)\n      description(language: $language)\n      color\n      actualPercent\n    }\n    aggregate {\n      ...SnapshotFields\n    }\n  }\n\n  fragment PageViewer on Viewer {\n    participant\n    submissions(first: 10) {\n      nodes {\n        id\n        counted\n        budget {\n          slug\n        }\n        shares {\n          percent\n          category {\n            key\n          }\n        }\n      }\n    }\n  }\n": typeof types.BudgetPageDocument,
    "\n  query BudgetList($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n      aggregate {\n        participantCount\n      }\n    }\n  }\n": typeof types.BudgetListDocument,
    "\n  query CodeBudgets($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      participation\n    }\n  }\n": typeof types.CodeBudgetsDocument,
    "\n  query History($after: String, $language: String!) {\n    viewer {\n      submissions(first: 20, after: $after) {\n        nodes {\n          id\n          submittedAt\n          counted\n          shares {\n            percent\n            category {\n              key\n              label(language: $language)\n              color\n            }\n          }\n          budget {\n            slug\n            title(language: $language)\n            status\n            opensAt\n            closesAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  mutation EraseMyData($input: EraseMyDataInput!) {\n    eraseMyData(input: $input) {\n      erased {\n        submissions\n      }\n    }\n  }\n": typeof types.EraseMyDataDocument,
    "\n  mutation RedeemCode($input: RedeemCodeInput!) {\n    redeemCode(input: $input) {\n      hasAnswered\n    }\n  }\n": typeof types.RedeemCodeDocument,
    "\n  mutation SubmitAllocation($input: SubmitAllocationInput!) {\n    submitAllocation(input: $input) {\n      submission {\n        id\n      }\n      hasReplaced\n    }\n  }\n": typeof types.SubmitAllocationDocument,
    "\n  query WhoAmI {\n    viewer {\n      participant\n    }\n  }\n": typeof types.WhoAmIDocument,
    "\n  query Privacy($language: String!) {\n    installation {\n      operator\n      contact\n    }\n    budgets {\n      slug\n      title(language: $language)\n      publishEvery\n      retentionDays\n    }\n  }\n": typeof types.PrivacyDocument,
    "\n  query Result($id: ID!, $language: String!) {\n    submission(id: $id) {\n      submittedAt\n      counted\n      shares {\n        percent\n        category {\n          key\n        }\n      }\n      budget {\n        slug\n        title(language: $language)\n        status\n        opensAt\n        closesAt\n        publishEvery\n        categories {\n          key\n          label(language: $language)\n          actualPercent\n        }\n        aggregate {\n          ...SnapshotFields\n        }\n      }\n    }\n  }\n": typeof types.ResultDocument,
    "\n  fragment SnapshotFields on BudgetAggregate {\n    version\n    asOf\n    stale\n    participantCount\n    submissionCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n      lowerQuartilePercent\n      upperQuartilePercent\n    }\n  }\n": typeof types.SnapshotFieldsFragmentDoc,
    "\n  query PolledAggregate($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...SnapshotFields\n      }\n    }\n  }\n": typeof types.PolledAggregateDocument,
    "\n  query Distribution($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        version\n        shownParticipantCount\n        categories {\n          category {\n            key\n          }\n          medianPercent\n          lowerQuartilePercent\n          upperQuartilePercent\n          standardDeviation\n          zeroCount\n          histogram(bins: 20) {\n            fromPercent\n            toPercent\n            count\n          }\n        }\n      }\n    }\n  }\n": typeof types.DistributionDocument,
    "\n  subscription LiveAggregate($budget: String!) {\n    aggregate(budget: $budget) {\n      ...SnapshotFields\n    }\n  }\n": typeof types.LiveAggregateDocument,
};
const documents: Documents = {
    "\n  query BudgetPage($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      ...PageBudget\n    }\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n    }\n    viewer {\n      ...PageViewer\n    }\n  }\n\n  fragment PageBudget on Budget {\n    slug\n    title(language: $language)\n    description(language: $language)\n    currency\n    totalAmount\n    status\n    participation\n    opensAt\n    closesAt\n    publishEvery\n    retentionDays\n    submissionsPerParticipant {\n      count\n      seconds\n    }\n    startPosition\n    taxIllustration {\n      note(language: $language)\n      incomes\n      taxes {\n        label(language: $language)\n        brackets {\n          above\n          percent\n        }\n      }\n    }\n    categories {\n      key\n      label(language: $language)\n      description(language: $language)\n      color\n      actualPercent\n    }\n    aggregate {\n      ...SnapshotFields\n    }\n  }\n\n  fragment PageViewer on Viewer {\n    participant\n    submissions(first: 10) {\n      nodes {\n        id\n        counted\n        budget {\n          slug\n        }\n        shares {\n          percent\n          category {\n            key\n          }\n        }\n      }\n    }\n  }\n": types.BudgetPageDocument,
    "\n  query BudgetList($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n      aggregate {\n        participantCount\n      }\n    }\n  }\n": types.BudgetListDocument,
    "\n  query CodeBudgets($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      participation\n    }\n  }\n": types.CodeBudgetsDocument,
    "\n  query History($after: String, $language: String!) {\n    viewer {\n      submissions(first: 20, after: $after) {\n        nodes {\n          id\n          submittedAt\n          counted\n          shares {\n            percent\n            category {\n              key\n              label(language: $language)\n              color\n            }\n          }\n          budget {\n            slug\n            title(language: $language)\n            status\n            opensAt\n            closesAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  mutation EraseMyData($input: EraseMyDataInput!) {\n    eraseMyData(input: $input) {\n      erased {\n        submissions\n      }\n    }\n  }\n": types.EraseMyDataDocument,
    "\n  mutation RedeemCode($input: RedeemCodeInput!) {\n    redeemCode(input: $input) {\n      hasAnswered\n    }\n  }\n": types.RedeemCodeDocument,
    "\n  mutation SubmitAllocation($input: SubmitAllocationInput!) {\n    submitAllocation(input: $input) {\n      submission {\n        id\n      }\n      hasReplaced\n    }\n  }\n": types.SubmitAllocationDocument,
    "\n  query WhoAmI {\n    viewer {\n      participant\n    }\n  }\n": types.WhoAmIDocument,
    "\n  query Privacy($language: String!) {\n    installation {\n      operator\n      contact\n    }\n    budgets {\n      slug\n      title(language: $language)\n      publishEvery\n      retentionDays\n    }\n  }\n": types.PrivacyDocument,
    "\n  query Result($id: ID!, $language: String!) {\n    submission(id: $id) {\n      submittedAt\n      counted\n      shares {\n        percent\n        category {\n          key\n        }\n      }\n      budget {\n        slug\n        title(language: $language)\n        status\n        opensAt\n        closesAt\n        publishEvery\n        categories {\n          key\n          label(language: $language)\n          actualPercent\n        }\n        aggregate {\n          ...SnapshotFields\n        }\n      }\n    }\n  }\n": types.ResultDocument,
    "\n  fragment SnapshotFields on BudgetAggregate {\n    version\n    asOf\n    stale\n    participantCount\n    submissionCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n      lowerQuartilePercent\n      upperQuartilePercent\n    }\n  }\n": types.SnapshotFieldsFragmentDoc,
    "\n  query PolledAggregate($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...SnapshotFields\n      }\n    }\n  }\n": types.PolledAggregateDocument,
    "\n  query Distribution($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        version\n        shownParticipantCount\n        categories {\n          category {\n            key\n          }\n          medianPercent\n          lowerQuartilePercent\n          upperQuartilePercent\n          standardDeviation\n          zeroCount\n          histogram(bins: 20) {\n            fromPercent\n            toPercent\n            count\n          }\n        }\n      }\n    }\n  }\n": types.DistributionDocument,
    "\n  subscription LiveAggregate($budget: String!) {\n    aggregate(budget: $budget) {\n      ...SnapshotFields\n    }\n  }\n": types.LiveAggregateDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BudgetPage($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      ...PageBudget\n    }\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n    }\n    viewer {\n      ...PageViewer\n    }\n  }\n\n  fragment PageBudget on Budget {\n    slug\n    title(language: $language)\n    description(language: $language)\n    currency\n    totalAmount\n    status\n    participation\n    opensAt\n    closesAt\n    publishEvery\n    retentionDays\n    submissionsPerParticipant {\n      count\n      seconds\n    }\n    startPosition\n    taxIllustration {\n      note(language: $language)\n      incomes\n      taxes {\n        label(language: $language)\n        brackets {\n          above\n          percent\n        }\n      }\n    }\n    categories {\n      key\n      label(language: $language)\n      description(language: $language)\n      color\n      actualPercent\n    }\n    aggregate {\n      ...SnapshotFields\n    }\n  }\n\n  fragment PageViewer on Viewer {\n    participant\n    submissions(first: 10) {\n      nodes {\n        id\n        counted\n        budget {\n          slug\n        }\n        shares {\n          percent\n          category {\n            key\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query BudgetPage($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      ...PageBudget\n    }\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n    }\n    viewer {\n      ...PageViewer\n    }\n  }\n\n  fragment PageBudget on Budget {\n    slug\n    title(language: $language)\n    description(language: $language)\n    currency\n    totalAmount\n    status\n    participation\n    opensAt\n    closesAt\n    publishEvery\n    retentionDays\n    submissionsPerParticipant {\n      count\n      seconds\n    }\n    startPosition\n    taxIllustration {\n      note(language: $language)\n      incomes\n      taxes {\n        label(language: $language)\n        brackets {\n          above\n          percent\n        }\n      }\n    }\n    categories {\n      key\n      label(language: $language)\n      description(language: $language)\n      color\n      actualPercent\n    }\n    aggregate {\n      ...SnapshotFields\n    }\n  }\n\n  fragment PageViewer on Viewer {\n    participant\n    submissions(first: 10) {\n      nodes {\n        id\n        counted\n        budget {\n          slug\n        }\n        shares {\n          percent\n          category {\n            key\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BudgetList($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n      aggregate {\n        participantCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query BudgetList($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      status\n      opensAt\n      closesAt\n      aggregate {\n        participantCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CodeBudgets($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      participation\n    }\n  }\n"): (typeof documents)["\n  query CodeBudgets($language: String!) {\n    budgets {\n      slug\n      title(language: $language)\n      participation\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($after: String, $language: String!) {\n    viewer {\n      submissions(first: 20, after: $after) {\n        nodes {\n          id\n          submittedAt\n          counted\n          shares {\n            percent\n            category {\n              key\n              label(language: $language)\n              color\n            }\n          }\n          budget {\n            slug\n            title(language: $language)\n            status\n            opensAt\n            closesAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query History($after: String, $language: String!) {\n    viewer {\n      submissions(first: 20, after: $after) {\n        nodes {\n          id\n          submittedAt\n          counted\n          shares {\n            percent\n            category {\n              key\n              label(language: $language)\n              color\n            }\n          }\n          budget {\n            slug\n            title(language: $language)\n            status\n            opensAt\n            closesAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EraseMyData($input: EraseMyDataInput!) {\n    eraseMyData(input: $input) {\n      erased {\n        submissions\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EraseMyData($input: EraseMyDataInput!) {\n    eraseMyData(input: $input) {\n      erased {\n        submissions\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RedeemCode($input: RedeemCodeInput!) {\n    redeemCode(input: $input) {\n      hasAnswered\n    }\n  }\n"): (typeof documents)["\n  mutation RedeemCode($input: RedeemCodeInput!) {\n    redeemCode(input: $input) {\n      hasAnswered\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitAllocation($input: SubmitAllocationInput!) {\n    submitAllocation(input: $input) {\n      submission {\n        id\n      }\n      hasReplaced\n    }\n  }\n"): (typeof documents)["\n  mutation SubmitAllocation($input: SubmitAllocationInput!) {\n    submitAllocation(input: $input) {\n      submission {\n        id\n      }\n      hasReplaced\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoAmI {\n    viewer {\n      participant\n    }\n  }\n"): (typeof documents)["\n  query WhoAmI {\n    viewer {\n      participant\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Privacy($language: String!) {\n    installation {\n      operator\n      contact\n    }\n    budgets {\n      slug\n      title(language: $language)\n      publishEvery\n      retentionDays\n    }\n  }\n"): (typeof documents)["\n  query Privacy($language: String!) {\n    installation {\n      operator\n      contact\n    }\n    budgets {\n      slug\n      title(language: $language)\n      publishEvery\n      retentionDays\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Result($id: ID!, $language: String!) {\n    submission(id: $id) {\n      submittedAt\n      counted\n      shares {\n        percent\n        category {\n          key\n        }\n      }\n      budget {\n        slug\n        title(language: $language)\n        status\n        opensAt\n        closesAt\n        publishEvery\n        categories {\n          key\n          label(language: $language)\n          actualPercent\n        }\n        aggregate {\n          ...SnapshotFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Result($id: ID!, $language: String!) {\n    submission(id: $id) {\n      submittedAt\n      counted\n      shares {\n        percent\n        category {\n          key\n        }\n      }\n      budget {\n        slug\n        title(language: $language)\n        status\n        opensAt\n        closesAt\n        publishEvery\n        categories {\n          key\n          label(language: $language)\n          actualPercent\n        }\n        aggregate {\n          ...SnapshotFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SnapshotFields on BudgetAggregate {\n    version\n    asOf\n    stale\n    participantCount\n    submissionCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n      lowerQuartilePercent\n      upperQuartilePercent\n    }\n  }\n"): (typeof documents)["\n  fragment SnapshotFields on BudgetAggregate {\n    version\n    asOf\n    stale\n    participantCount\n    submissionCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n      lowerQuartilePercent\n      upperQuartilePercent\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PolledAggregate($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...SnapshotFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query PolledAggregate($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...SnapshotFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Distribution($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        version\n        shownParticipantCount\n        categories {\n          category {\n            key\n          }\n          medianPercent\n          lowerQuartilePercent\n          upperQuartilePercent\n          standardDeviation\n          zeroCount\n          histogram(bins: 20) {\n            fromPercent\n            toPercent\n            count\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Distribution($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        version\n        shownParticipantCount\n        categories {\n          category {\n            key\n          }\n          medianPercent\n          lowerQuartilePercent\n          upperQuartilePercent\n          standardDeviation\n          zeroCount\n          histogram(bins: 20) {\n            fromPercent\n            toPercent\n            count\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription LiveAggregate($budget: String!) {\n    aggregate(budget: $budget) {\n      ...SnapshotFields\n    }\n  }\n"): (typeof documents)["\n  subscription LiveAggregate($budget: String!) {\n    aggregate(budget: $budget) {\n      ...SnapshotFields\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;