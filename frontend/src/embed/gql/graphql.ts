/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a budget takes submissions. */
export type BudgetStatus =
  /** The budget is visible and takes no more submissions. */
  | 'CLOSED'
  /** The budget is being prepared and is not visible. */
  | 'DRAFT'
  /** The budget is visible, and takes submissions from `opensAt` until `closesAt`. */
  | 'OPEN';

/** When people see the results of a budget. */
export type ResultVisibility =
  /** Nobody sees them before the budget has closed. */
  | 'AFTER_CLOSING'
  /** Until the budget has closed, only its participants see them, after they have answered. */
  | 'AFTER_TAKING_PART'
  /** Everybody sees them at any time. */
  | 'ALWAYS';

export type EmbeddedBudgetQueryVariables = Exact<{
  budget: string;
  language: string;
}>;


export type EmbeddedBudgetQuery = { budget: { title: string, status: BudgetStatus, isPaused: boolean, visibility: ResultVisibility, opensAt: string | null, closesAt: string | null, publishEvery: number, categories: Array<{ key: string, label: string, actualPercent: number | null }> } | null };

export type EmbeddedResultsSubscriptionVariables = Exact<{
  budget: string;
}>;


export type EmbeddedResultsSubscription = { aggregate: { version: number, asOf: string, participantCount: number, shownParticipantCount: number, categories: Array<{ averagePercent: number, category: { key: string } }> } };

export type EmbeddedResultsFieldsFragment = { version: number, asOf: string, participantCount: number, shownParticipantCount: number, categories: Array<{ averagePercent: number, category: { key: string } }> };

export type PolledEmbeddedResultsQueryVariables = Exact<{
  budget: string;
}>;


export type PolledEmbeddedResultsQuery = { budget: { aggregate: { version: number, asOf: string, participantCount: number, shownParticipantCount: number, categories: Array<{ averagePercent: number, category: { key: string } }> } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const EmbeddedResultsFieldsFragmentDoc = new TypedDocumentString(`
    fragment EmbeddedResultsFields on BudgetAggregate {
  version
  asOf
  participantCount
  shownParticipantCount
  categories {
    category {
      key
    }
    averagePercent
  }
}
    `, {"fragmentName":"EmbeddedResultsFields"}) as unknown as TypedDocumentString<EmbeddedResultsFieldsFragment, unknown>;
export const EmbeddedBudgetDocument = new TypedDocumentString(`
    query EmbeddedBudget($budget: String!, $language: String!) {
  budget(slug: $budget) {
    title(language: $language)
    status
    isPaused
    visibility
    opensAt
    closesAt
    publishEvery
    categories {
      key
      label(language: $language)
      actualPercent
    }
  }
}
    `) as unknown as TypedDocumentString<EmbeddedBudgetQuery, EmbeddedBudgetQueryVariables>;
export const EmbeddedResultsDocument = new TypedDocumentString(`
    subscription EmbeddedResults($budget: String!) {
  aggregate(budget: $budget) {
    ...EmbeddedResultsFields
  }
}
    fragment EmbeddedResultsFields on BudgetAggregate {
  version
  asOf
  participantCount
  shownParticipantCount
  categories {
    category {
      key
    }
    averagePercent
  }
}`) as unknown as TypedDocumentString<EmbeddedResultsSubscription, EmbeddedResultsSubscriptionVariables>;
export const PolledEmbeddedResultsDocument = new TypedDocumentString(`
    query PolledEmbeddedResults($budget: String!) {
  budget(slug: $budget) {
    aggregate {
      ...EmbeddedResultsFields
    }
  }
}
    fragment EmbeddedResultsFields on BudgetAggregate {
  version
  asOf
  participantCount
  shownParticipantCount
  categories {
    category {
      key
    }
    averagePercent
  }
}`) as unknown as TypedDocumentString<PolledEmbeddedResultsQuery, PolledEmbeddedResultsQueryVariables>;