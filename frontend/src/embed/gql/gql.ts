/* eslint-disable */
import * as types from './graphql';



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
    "\n  query EmbeddedBudget($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      title(language: $language)\n      status\n      isPaused\n      visibility\n      opensAt\n      closesAt\n      publishEvery\n      categories {\n        key\n        label(language: $language)\n        actualPercent\n      }\n    }\n  }\n": typeof types.EmbeddedBudgetDocument,
    "\n  subscription EmbeddedResults($budget: String!) {\n    aggregate(budget: $budget) {\n      ...EmbeddedResultsFields\n    }\n  }\n\n  fragment EmbeddedResultsFields on BudgetAggregate {\n    version\n    asOf\n    participantCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n    }\n  }\n": typeof types.EmbeddedResultsDocument,
    "\n  query PolledEmbeddedResults($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...EmbeddedResultsFields\n      }\n    }\n  }\n": typeof types.PolledEmbeddedResultsDocument,
};
const documents: Documents = {
    "\n  query EmbeddedBudget($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      title(language: $language)\n      status\n      isPaused\n      visibility\n      opensAt\n      closesAt\n      publishEvery\n      categories {\n        key\n        label(language: $language)\n        actualPercent\n      }\n    }\n  }\n": types.EmbeddedBudgetDocument,
    "\n  subscription EmbeddedResults($budget: String!) {\n    aggregate(budget: $budget) {\n      ...EmbeddedResultsFields\n    }\n  }\n\n  fragment EmbeddedResultsFields on BudgetAggregate {\n    version\n    asOf\n    participantCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n    }\n  }\n": types.EmbeddedResultsDocument,
    "\n  query PolledEmbeddedResults($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...EmbeddedResultsFields\n      }\n    }\n  }\n": types.PolledEmbeddedResultsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EmbeddedBudget($budget: String!, $language: String!) {\n    budget(slug: $budget) {\n      title(language: $language)\n      status\n      isPaused\n      visibility\n      opensAt\n      closesAt\n      publishEvery\n      categories {\n        key\n        label(language: $language)\n        actualPercent\n      }\n    }\n  }\n"): typeof import('./graphql').EmbeddedBudgetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription EmbeddedResults($budget: String!) {\n    aggregate(budget: $budget) {\n      ...EmbeddedResultsFields\n    }\n  }\n\n  fragment EmbeddedResultsFields on BudgetAggregate {\n    version\n    asOf\n    participantCount\n    shownParticipantCount\n    categories {\n      category {\n        key\n      }\n      averagePercent\n    }\n  }\n"): typeof import('./graphql').EmbeddedResultsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PolledEmbeddedResults($budget: String!) {\n    budget(slug: $budget) {\n      aggregate {\n        ...EmbeddedResultsFields\n      }\n    }\n  }\n"): typeof import('./graphql').PolledEmbeddedResultsDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
