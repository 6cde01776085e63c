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
    "\n  mutation SignOut {\n    signOut\n  }\n": typeof types.SignOutDocument,
    "\n  fragment AccountFields on Account {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    createdAt\n    lastSeenAt\n    disabled\n  }\n": typeof types.AccountFieldsFragmentDoc,
    "\n  query Accounts {\n    accounts {\n      ...AccountFields\n    }\n    invitations {\n      ...InvitationFields\n    }\n  }\n\n  fragment InvitationFields on Invitation {\n    id\n    role\n    createdBy\n    expiresAt\n    budget {\n      slug\n      title\n      role\n    }\n  }\n": typeof types.AccountsDocument,
    "\n  query People($budget: String!) {\n    people(budget: $budget) {\n      account\n      name\n      role\n      disabled\n    }\n  }\n": typeof types.PeopleDocument,
    "\n  mutation Invite($input: InviteInput!) {\n    invite(input: $input) {\n      url\n    }\n  }\n": typeof types.InviteDocument,
    "\n  mutation WithdrawInvitation($id: ID!) {\n    withdrawInvitation(id: $id)\n  }\n": typeof types.WithdrawInvitationDocument,
    "\n  mutation SetRole($account: ID!, $role: DeskRole, $budget: String) {\n    setRole(account: $account, role: $role, budget: $budget) {\n      ...AccountFields\n    }\n  }\n": typeof types.SetRoleDocument,
    "\n  mutation DisableAccount($id: ID!, $disabled: Boolean!) {\n    disableAccount(id: $id, disabled: $disabled) {\n      ...AccountFields\n    }\n  }\n": typeof types.DisableAccountDocument,
    "\n  mutation EndAccountSessions($account: ID!) {\n    endAccountSessions(account: $account) {\n      ...AccountFields\n    }\n  }\n": typeof types.EndAccountSessionsDocument,
    "\n  mutation ChangePassword($current: String!, $new: String!) {\n    changePassword(current: $current, new: $new) {\n      ...Me\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  mutation BeginTotp($password: String!) {\n    beginTotp(password: $password) {\n      secret\n      url\n      qrSvg\n    }\n  }\n": typeof types.BeginTotpDocument,
    "\n  mutation ConfirmTotp($code: String!) {\n    confirmTotp(code: $code) {\n      ...Me\n    }\n  }\n": typeof types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp($password: String!, $code: String!) {\n    removeTotp(password: $password, code: $code) {\n      ...Me\n    }\n  }\n": typeof types.RemoveTotpDocument,
    "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      ...Me\n    }\n  }\n": typeof types.EndSessionDocument,
    "\n  mutation EndAllSessions {\n    endAllSessions(keepThis: true) {\n      ...Me\n    }\n  }\n": typeof types.EndAllSessionsDocument,
    "\n  query Answers($budget: String!, $first: Int!, $after: String, $filter: AnswerFilterInput) {\n    answers(budget: $budget, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        hour\n        exclusion {\n          id\n          reason\n        }\n        shares {\n          category {\n            key\n          }\n          percent\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AnswersDocument,
    "\n  query Exclusions($budget: String!) {\n    exclusions(budget: $budget) {\n      id\n      reason\n      kind\n      count\n      by\n      at\n      undoneAt\n      undoneBy\n    }\n    cohorts(budget: $budget) {\n      id\n      kind\n      hour\n      voices\n      excluded\n      excludable\n    }\n  }\n": typeof types.ExclusionsDocument,
    "\n  mutation ExcludeAnswers($input: ExcludeInput!) {\n    excludeAnswers(input: $input) {\n      id\n      count\n    }\n  }\n": typeof types.ExcludeAnswersDocument,
    "\n  mutation UndoExclusion($id: ID!) {\n    undoExclusion(id: $id) {\n      id\n      undoneAt\n    }\n  }\n": typeof types.UndoExclusionDocument,
    "\n  query AuditLog(\n    $first: Int!\n    $after: String\n    $budget: String\n    $action: String\n    $since: DateTime\n    $until: DateTime\n  ) {\n    auditLog(first: $first, after: $after, budget: $budget, action: $action, since: $since, until: $until) {\n      nodes {\n        id\n        at\n        actor\n        action\n        budget\n        before\n        after\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditLogDocument,
    "\n  query BudgetList($archived: Boolean!) {\n    budgets(archived: false) {\n      ...ListedBudget\n    }\n    archived: budgets(archived: true) @include(if: $archived) {\n      ...ListedBudget\n    }\n  }\n\n  fragment ListedBudget on DeskBudget {\n    slug\n    state\n    role\n    draft\n    updatedAt\n    updatedBy\n  }\n": typeof types.BudgetListDocument,
    "\n  query Beginnings {\n    templates {\n      name\n      title\n      description\n      country\n    }\n    budgets {\n      slug\n      draft\n    }\n  }\n": typeof types.BeginningsDocument,
    "\n  mutation CreateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n": typeof types.CreateBudgetDocument,
    "\n  fragment BudgetFields on DeskBudget {\n    id\n    slug\n    version\n    role\n    state\n    isFrozen\n    draft\n    problems {\n      path\n      rule\n      message\n      blocking\n    }\n    missingTexts {\n      language\n      path\n    }\n    updatedAt\n    updatedBy\n    opensAt\n    closesAt\n    opensAtLocal {\n      text\n      offset\n      note\n    }\n    closesAtLocal {\n      text\n      offset\n      note\n    }\n    timeZone\n    shareKit {\n      url\n      qrSvg\n    }\n  }\n": typeof types.BudgetFieldsFragmentDoc,
    "\n  query DeskBudget($budget: String!) {\n    budget(slug: $budget) {\n      ...BudgetFields\n    }\n  }\n": typeof types.DeskBudgetDocument,
    "\n  subscription BudgetChanged($budget: String!) {\n    budgetChanged(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": typeof types.BudgetChangedDocument,
    "\n  mutation UpdateBudget($input: UpdateBudgetInput!) {\n    updateBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n": typeof types.UpdateBudgetDocument,
    "\n  subscription Operations {\n    operations {\n      nodes {\n        id\n        role\n        version\n        startedAt\n        lastSeenAt\n        connections\n        streams\n      }\n      database {\n        kind\n        ok\n        latencyMs\n        sizeBytes\n      }\n      redis {\n        configured\n        ok\n        latencyMs\n      }\n      queue\n      foldLagMs\n      pendingDeltas\n      snapshotAgeMs\n      reads {\n        memory\n        redis\n        table\n        recount\n      }\n    }\n  }\n": typeof types.OperationsDocument,
    "\n  fragment JobFields on Job {\n    id\n    kind\n    createdAt\n    startedAt\n    finishedAt\n    attempts\n    progress\n    total\n    outcome {\n      code\n      count\n      budgets\n    }\n    error\n    node\n  }\n": typeof types.JobFieldsFragmentDoc,
    "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      nodes {\n        ...JobFields\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.JobsDocument,
    "\n  subscription JobChanged($id: ID!) {\n    jobChanged(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.JobChangedDocument,
    "\n  mutation StartJob($kind: JobKind!) {\n    startJob(kind: $kind) {\n      ...JobFields\n    }\n  }\n": typeof types.StartJobDocument,
    "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      ...JobFields\n    }\n  }\n": typeof types.RetryJobDocument,
    "\n  query ShareKitInLanguage($budget: String!, $language: String!, $view: FrameView!) {\n    budget(slug: $budget) {\n      shareKit {\n        post(language: $language)\n        iframe(language: $language, view: $view)\n      }\n    }\n  }\n": typeof types.ShareKitInLanguageDocument,
    "\n  mutation OpenBudget($budget: String!, $version: Int!) {\n    openBudget(budget: $budget, version: $version) {\n      ...BudgetFields\n    }\n  }\n": typeof types.OpenBudgetDocument,
    "\n  mutation PauseBudget($budget: String!) {\n    pauseBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": typeof types.PauseBudgetDocument,
    "\n  mutation ResumeBudget($budget: String!) {\n    resumeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": typeof types.ResumeBudgetDocument,
    "\n  mutation CloseBudget($budget: String!) {\n    closeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": typeof types.CloseBudgetDocument,
    "\n  mutation ArchiveBudget($budget: String!, $archived: Boolean!) {\n    archiveBudget(budget: $budget, archived: $archived) {\n      ...BudgetFields\n    }\n  }\n": typeof types.ArchiveBudgetDocument,
    "\n  mutation ScheduleBudget($input: ScheduleInput!) {\n    scheduleBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n": typeof types.ScheduleBudgetDocument,
    "\n  mutation DeleteBudget($budget: String!) {\n    deleteBudget(budget: $budget)\n  }\n": typeof types.DeleteBudgetDocument,
    "\n  mutation DuplicateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n": typeof types.DuplicateBudgetDocument,
    "\n  subscription LiveFigures($budget: String!) {\n    live(budget: $budget) {\n      participants\n      submissions\n      shownParticipants\n      revised\n      completion\n      asOf\n      perMinute {\n        minute\n        count\n      }\n      languages {\n        language\n        count\n      }\n    }\n  }\n": typeof types.LiveFiguresDocument,
    "\n  query Attention($budget: String!) {\n    attention(budget: $budget) {\n      kind\n      at\n    }\n  }\n": typeof types.AttentionDocument,
    "\n  query Invitation($token: String!) {\n    invitation(token: $token) {\n      role\n      createdBy\n      expiresAt\n      budget {\n        title\n        role\n      }\n    }\n  }\n": typeof types.InvitationDocument,
    "\n  mutation AcceptInvitation($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n": typeof types.AcceptInvitationDocument,
    "\n  query Session {\n    me {\n      ...Me\n    }\n    desk {\n      hasAccounts\n      trustedHeader\n    }\n  }\n\n  fragment Me on Me {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    hasPassword\n    expiresAt\n    sessions {\n      id\n      createdAt\n      lastSeenAt\n      expiresAt\n      userAgent\n      isThis\n    }\n  }\n": typeof types.SessionDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query Stats($budget: String, $days: Int!) {\n    stats(budget: $budget, days: $days) {\n      budgets {\n        budget\n        participants\n        submissions\n        shownParticipants\n        days {\n          day\n          submissions\n          anonymous\n        }\n        categories {\n          category\n          averagePercent\n        }\n        revisions {\n          submissions\n          participants\n        }\n      }\n    }\n  }\n": typeof types.StatsDocument,
};
const documents: Documents = {
    "\n  mutation SignOut {\n    signOut\n  }\n": types.SignOutDocument,
    "\n  fragment AccountFields on Account {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    createdAt\n    lastSeenAt\n    disabled\n  }\n": types.AccountFieldsFragmentDoc,
    "\n  query Accounts {\n    accounts {\n      ...AccountFields\n    }\n    invitations {\n      ...InvitationFields\n    }\n  }\n\n  fragment InvitationFields on Invitation {\n    id\n    role\n    createdBy\n    expiresAt\n    budget {\n      slug\n      title\n      role\n    }\n  }\n": types.AccountsDocument,
    "\n  query People($budget: String!) {\n    people(budget: $budget) {\n      account\n      name\n      role\n      disabled\n    }\n  }\n": types.PeopleDocument,
    "\n  mutation Invite($input: InviteInput!) {\n    invite(input: $input) {\n      url\n    }\n  }\n": types.InviteDocument,
    "\n  mutation WithdrawInvitation($id: ID!) {\n    withdrawInvitation(id: $id)\n  }\n": types.WithdrawInvitationDocument,
    "\n  mutation SetRole($account: ID!, $role: DeskRole, $budget: String) {\n    setRole(account: $account, role: $role, budget: $budget) {\n      ...AccountFields\n    }\n  }\n": types.SetRoleDocument,
    "\n  mutation DisableAccount($id: ID!, $disabled: Boolean!) {\n    disableAccount(id: $id, disabled: $disabled) {\n      ...AccountFields\n    }\n  }\n": types.DisableAccountDocument,
    "\n  mutation EndAccountSessions($account: ID!) {\n    endAccountSessions(account: $account) {\n      ...AccountFields\n    }\n  }\n": types.EndAccountSessionsDocument,
    "\n  mutation ChangePassword($current: String!, $new: String!) {\n    changePassword(current: $current, new: $new) {\n      ...Me\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation BeginTotp($password: String!) {\n    beginTotp(password: $password) {\n      secret\n      url\n      qrSvg\n    }\n  }\n": types.BeginTotpDocument,
    "\n  mutation ConfirmTotp($code: String!) {\n    confirmTotp(code: $code) {\n      ...Me\n    }\n  }\n": types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp($password: String!, $code: String!) {\n    removeTotp(password: $password, code: $code) {\n      ...Me\n    }\n  }\n": types.RemoveTotpDocument,
    "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      ...Me\n    }\n  }\n": types.EndSessionDocument,
    "\n  mutation EndAllSessions {\n    endAllSessions(keepThis: true) {\n      ...Me\n    }\n  }\n": types.EndAllSessionsDocument,
    "\n  query Answers($budget: String!, $first: Int!, $after: String, $filter: AnswerFilterInput) {\n    answers(budget: $budget, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        hour\n        exclusion {\n          id\n          reason\n        }\n        shares {\n          category {\n            key\n          }\n          percent\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AnswersDocument,
    "\n  query Exclusions($budget: String!) {\n    exclusions(budget: $budget) {\n      id\n      reason\n      kind\n      count\n      by\n      at\n      undoneAt\n      undoneBy\n    }\n    cohorts(budget: $budget) {\n      id\n      kind\n      hour\n      voices\n      excluded\n      excludable\n    }\n  }\n": types.ExclusionsDocument,
    "\n  mutation ExcludeAnswers($input: ExcludeInput!) {\n    excludeAnswers(input: $input) {\n      id\n      count\n    }\n  }\n": types.ExcludeAnswersDocument,
    "\n  mutation UndoExclusion($id: ID!) {\n    undoExclusion(id: $id) {\n      id\n      undoneAt\n    }\n  }\n": types.UndoExclusionDocument,
    "\n  query AuditLog(\n    $first: Int!\n    $after: String\n    $budget: String\n    $action: String\n    $since: DateTime\n    $until: DateTime\n  ) {\n    auditLog(first: $first, after: $after, budget: $budget, action: $action, since: $since, until: $until) {\n      nodes {\n        id\n        at\n        actor\n        action\n        budget\n        before\n        after\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditLogDocument,
    "\n  query BudgetList($archived: Boolean!) {\n    budgets(archived: false) {\n      ...ListedBudget\n    }\n    archived: budgets(archived: true) @include(if: $archived) {\n      ...ListedBudget\n    }\n  }\n\n  fragment ListedBudget on DeskBudget {\n    slug\n    state\n    role\n    draft\n    updatedAt\n    updatedBy\n  }\n": types.BudgetListDocument,
    "\n  query Beginnings {\n    templates {\n      name\n      title\n      description\n      country\n    }\n    budgets {\n      slug\n      draft\n    }\n  }\n": types.BeginningsDocument,
    "\n  mutation CreateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n": types.CreateBudgetDocument,
    "\n  fragment BudgetFields on DeskBudget {\n    id\n    slug\n    version\n    role\n    state\n    isFrozen\n    draft\n    problems {\n      path\n      rule\n      message\n      blocking\n    }\n    missingTexts {\n      language\n      path\n    }\n    updatedAt\n    updatedBy\n    opensAt\n    closesAt\n    opensAtLocal {\n      text\n      offset\n      note\n    }\n    closesAtLocal {\n      text\n      offset\n      note\n    }\n    timeZone\n    shareKit {\n      url\n      qrSvg\n    }\n  }\n": types.BudgetFieldsFragmentDoc,
    "\n  query DeskBudget($budget: String!) {\n    budget(slug: $budget) {\n      ...BudgetFields\n    }\n  }\n": types.DeskBudgetDocument,
    "\n  subscription BudgetChanged($budget: String!) {\n    budgetChanged(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": types.BudgetChangedDocument,
    "\n  mutation UpdateBudget($input: UpdateBudgetInput!) {\n    updateBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n": types.UpdateBudgetDocument,
    "\n  subscription Operations {\n    operations {\n      nodes {\n        id\n        role\n        version\n        startedAt\n        lastSeenAt\n        connections\n        streams\n      }\n      database {\n        kind\n        ok\n        latencyMs\n        sizeBytes\n      }\n      redis {\n        configured\n        ok\n        latencyMs\n      }\n      queue\n      foldLagMs\n      pendingDeltas\n      snapshotAgeMs\n      reads {\n        memory\n        redis\n        table\n        recount\n      }\n    }\n  }\n": types.OperationsDocument,
    "\n  fragment JobFields on Job {\n    id\n    kind\n    createdAt\n    startedAt\n    finishedAt\n    attempts\n    progress\n    total\n    outcome {\n      code\n      count\n      budgets\n    }\n    error\n    node\n  }\n": types.JobFieldsFragmentDoc,
    "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      nodes {\n        ...JobFields\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.JobsDocument,
    "\n  subscription JobChanged($id: ID!) {\n    jobChanged(id: $id) {\n      ...JobFields\n    }\n  }\n": types.JobChangedDocument,
    "\n  mutation StartJob($kind: JobKind!) {\n    startJob(kind: $kind) {\n      ...JobFields\n    }\n  }\n": types.StartJobDocument,
    "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      ...JobFields\n    }\n  }\n": types.RetryJobDocument,
    "\n  query ShareKitInLanguage($budget: String!, $language: String!, $view: FrameView!) {\n    budget(slug: $budget) {\n      shareKit {\n        post(language: $language)\n        iframe(language: $language, view: $view)\n      }\n    }\n  }\n": types.ShareKitInLanguageDocument,
    "\n  mutation OpenBudget($budget: String!, $version: Int!) {\n    openBudget(budget: $budget, version: $version) {\n      ...BudgetFields\n    }\n  }\n": types.OpenBudgetDocument,
    "\n  mutation PauseBudget($budget: String!) {\n    pauseBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": types.PauseBudgetDocument,
    "\n  mutation ResumeBudget($budget: String!) {\n    resumeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": types.ResumeBudgetDocument,
    "\n  mutation CloseBudget($budget: String!) {\n    closeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n": types.CloseBudgetDocument,
    "\n  mutation ArchiveBudget($budget: String!, $archived: Boolean!) {\n    archiveBudget(budget: $budget, archived: $archived) {\n      ...BudgetFields\n    }\n  }\n": types.ArchiveBudgetDocument,
    "\n  mutation ScheduleBudget($input: ScheduleInput!) {\n    scheduleBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n": types.ScheduleBudgetDocument,
    "\n  mutation DeleteBudget($budget: String!) {\n    deleteBudget(budget: $budget)\n  }\n": types.DeleteBudgetDocument,
    "\n  mutation DuplicateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n": types.DuplicateBudgetDocument,
    "\n  subscription LiveFigures($budget: String!) {\n    live(budget: $budget) {\n      participants\n      submissions\n      shownParticipants\n      revised\n      completion\n      asOf\n      perMinute {\n        minute\n        count\n      }\n      languages {\n        language\n        count\n      }\n    }\n  }\n": types.LiveFiguresDocument,
    "\n  query Attention($budget: String!) {\n    attention(budget: $budget) {\n      kind\n      at\n    }\n  }\n": types.AttentionDocument,
    "\n  query Invitation($token: String!) {\n    invitation(token: $token) {\n      role\n      createdBy\n      expiresAt\n      budget {\n        title\n        role\n      }\n    }\n  }\n": types.InvitationDocument,
    "\n  mutation AcceptInvitation($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n": types.AcceptInvitationDocument,
    "\n  query Session {\n    me {\n      ...Me\n    }\n    desk {\n      hasAccounts\n      trustedHeader\n    }\n  }\n\n  fragment Me on Me {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    hasPassword\n    expiresAt\n    sessions {\n      id\n      createdAt\n      lastSeenAt\n      expiresAt\n      userAgent\n      isThis\n    }\n  }\n": types.SessionDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query Stats($budget: String, $days: Int!) {\n    stats(budget: $budget, days: $days) {\n      budgets {\n        budget\n        participants\n        submissions\n        shownParticipants\n        days {\n          day\n          submissions\n          anonymous\n        }\n        categories {\n          category\n          averagePercent\n        }\n        revisions {\n          submissions\n          participants\n        }\n      }\n    }\n  }\n": types.StatsDocument,
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
export function graphql(source: "\n  mutation SignOut {\n    signOut\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountFields on Account {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    createdAt\n    lastSeenAt\n    disabled\n  }\n"): (typeof documents)["\n  fragment AccountFields on Account {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    createdAt\n    lastSeenAt\n    disabled\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Accounts {\n    accounts {\n      ...AccountFields\n    }\n    invitations {\n      ...InvitationFields\n    }\n  }\n\n  fragment InvitationFields on Invitation {\n    id\n    role\n    createdBy\n    expiresAt\n    budget {\n      slug\n      title\n      role\n    }\n  }\n"): (typeof documents)["\n  query Accounts {\n    accounts {\n      ...AccountFields\n    }\n    invitations {\n      ...InvitationFields\n    }\n  }\n\n  fragment InvitationFields on Invitation {\n    id\n    role\n    createdBy\n    expiresAt\n    budget {\n      slug\n      title\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query People($budget: String!) {\n    people(budget: $budget) {\n      account\n      name\n      role\n      disabled\n    }\n  }\n"): (typeof documents)["\n  query People($budget: String!) {\n    people(budget: $budget) {\n      account\n      name\n      role\n      disabled\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Invite($input: InviteInput!) {\n    invite(input: $input) {\n      url\n    }\n  }\n"): (typeof documents)["\n  mutation Invite($input: InviteInput!) {\n    invite(input: $input) {\n      url\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WithdrawInvitation($id: ID!) {\n    withdrawInvitation(id: $id)\n  }\n"): (typeof documents)["\n  mutation WithdrawInvitation($id: ID!) {\n    withdrawInvitation(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetRole($account: ID!, $role: DeskRole, $budget: String) {\n    setRole(account: $account, role: $role, budget: $budget) {\n      ...AccountFields\n    }\n  }\n"): (typeof documents)["\n  mutation SetRole($account: ID!, $role: DeskRole, $budget: String) {\n    setRole(account: $account, role: $role, budget: $budget) {\n      ...AccountFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableAccount($id: ID!, $disabled: Boolean!) {\n    disableAccount(id: $id, disabled: $disabled) {\n      ...AccountFields\n    }\n  }\n"): (typeof documents)["\n  mutation DisableAccount($id: ID!, $disabled: Boolean!) {\n    disableAccount(id: $id, disabled: $disabled) {\n      ...AccountFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndAccountSessions($account: ID!) {\n    endAccountSessions(account: $account) {\n      ...AccountFields\n    }\n  }\n"): (typeof documents)["\n  mutation EndAccountSessions($account: ID!) {\n    endAccountSessions(account: $account) {\n      ...AccountFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($current: String!, $new: String!) {\n    changePassword(current: $current, new: $new) {\n      ...Me\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($current: String!, $new: String!) {\n    changePassword(current: $current, new: $new) {\n      ...Me\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BeginTotp($password: String!) {\n    beginTotp(password: $password) {\n      secret\n      url\n      qrSvg\n    }\n  }\n"): (typeof documents)["\n  mutation BeginTotp($password: String!) {\n    beginTotp(password: $password) {\n      secret\n      url\n      qrSvg\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmTotp($code: String!) {\n    confirmTotp(code: $code) {\n      ...Me\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmTotp($code: String!) {\n    confirmTotp(code: $code) {\n      ...Me\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveTotp($password: String!, $code: String!) {\n    removeTotp(password: $password, code: $code) {\n      ...Me\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveTotp($password: String!, $code: String!) {\n    removeTotp(password: $password, code: $code) {\n      ...Me\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      ...Me\n    }\n  }\n"): (typeof documents)["\n  mutation EndSession($id: ID!) {\n    endSession(id: $id) {\n      ...Me\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndAllSessions {\n    endAllSessions(keepThis: true) {\n      ...Me\n    }\n  }\n"): (typeof documents)["\n  mutation EndAllSessions {\n    endAllSessions(keepThis: true) {\n      ...Me\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Answers($budget: String!, $first: Int!, $after: String, $filter: AnswerFilterInput) {\n    answers(budget: $budget, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        hour\n        exclusion {\n          id\n          reason\n        }\n        shares {\n          category {\n            key\n          }\n          percent\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Answers($budget: String!, $first: Int!, $after: String, $filter: AnswerFilterInput) {\n    answers(budget: $budget, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        hour\n        exclusion {\n          id\n          reason\n        }\n        shares {\n          category {\n            key\n          }\n          percent\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Exclusions($budget: String!) {\n    exclusions(budget: $budget) {\n      id\n      reason\n      kind\n      count\n      by\n      at\n      undoneAt\n      undoneBy\n    }\n    cohorts(budget: $budget) {\n      id\n      kind\n      hour\n      voices\n      excluded\n      excludable\n    }\n  }\n"): (typeof documents)["\n  query Exclusions($budget: String!) {\n    exclusions(budget: $budget) {\n      id\n      reason\n      kind\n      count\n      by\n      at\n      undoneAt\n      undoneBy\n    }\n    cohorts(budget: $budget) {\n      id\n      kind\n      hour\n      voices\n      excluded\n      excludable\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExcludeAnswers($input: ExcludeInput!) {\n    excludeAnswers(input: $input) {\n      id\n      count\n    }\n  }\n"): (typeof documents)["\n  mutation ExcludeAnswers($input: ExcludeInput!) {\n    excludeAnswers(input: $input) {\n      id\n      count\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoExclusion($id: ID!) {\n    undoExclusion(id: $id) {\n      id\n      undoneAt\n    }\n  }\n"): (typeof documents)["\n  mutation UndoExclusion($id: ID!) {\n    undoExclusion(id: $id) {\n      id\n      undoneAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditLog(\n    $first: Int!\n    $after: String\n    $budget: String\n    $action: String\n    $since: DateTime\n    $until: DateTime\n  ) {\n    auditLog(first: $first, after: $after, budget: $budget, action: $action, since: $since, until: $until) {\n      nodes {\n        id\n        at\n        actor\n        action\n        budget\n        before\n        after\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditLog(\n    $first: Int!\n    $after: String\n    $budget: String\n    $action: String\n    $since: DateTime\n    $until: DateTime\n  ) {\n    auditLog(first: $first, after: $after, budget: $budget, action: $action, since: $since, until: $until) {\n      nodes {\n        id\n        at\n        actor\n        action\n        budget\n        before\n        after\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BudgetList($archived: Boolean!) {\n    budgets(archived: false) {\n      ...ListedBudget\n    }\n    archived: budgets(archived: true) @include(if: $archived) {\n      ...ListedBudget\n    }\n  }\n\n  fragment ListedBudget on DeskBudget {\n    slug\n    state\n    role\n    draft\n    updatedAt\n    updatedBy\n  }\n"): (typeof documents)["\n  query BudgetList($archived: Boolean!) {\n    budgets(archived: false) {\n      ...ListedBudget\n    }\n    archived: budgets(archived: true) @include(if: $archived) {\n      ...ListedBudget\n    }\n  }\n\n  fragment ListedBudget on DeskBudget {\n    slug\n    state\n    role\n    draft\n    updatedAt\n    updatedBy\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Beginnings {\n    templates {\n      name\n      title\n      description\n      country\n    }\n    budgets {\n      slug\n      draft\n    }\n  }\n"): (typeof documents)["\n  query Beginnings {\n    templates {\n      name\n      title\n      description\n      country\n    }\n    budgets {\n      slug\n      draft\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n"): (typeof documents)["\n  mutation CreateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BudgetFields on DeskBudget {\n    id\n    slug\n    version\n    role\n    state\n    isFrozen\n    draft\n    problems {\n      path\n      rule\n      message\n      blocking\n    }\n    missingTexts {\n      language\n      path\n    }\n    updatedAt\n    updatedBy\n    opensAt\n    closesAt\n    opensAtLocal {\n      text\n      offset\n      note\n    }\n    closesAtLocal {\n      text\n      offset\n      note\n    }\n    timeZone\n    shareKit {\n      url\n      qrSvg\n    }\n  }\n"): (typeof documents)["\n  fragment BudgetFields on DeskBudget {\n    id\n    slug\n    version\n    role\n    state\n    isFrozen\n    draft\n    problems {\n      path\n      rule\n      message\n      blocking\n    }\n    missingTexts {\n      language\n      path\n    }\n    updatedAt\n    updatedBy\n    opensAt\n    closesAt\n    opensAtLocal {\n      text\n      offset\n      note\n    }\n    closesAtLocal {\n      text\n      offset\n      note\n    }\n    timeZone\n    shareKit {\n      url\n      qrSvg\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskBudget($budget: String!) {\n    budget(slug: $budget) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  query DeskBudget($budget: String!) {\n    budget(slug: $budget) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription BudgetChanged($budget: String!) {\n    budgetChanged(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  subscription BudgetChanged($budget: String!) {\n    budgetChanged(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateBudget($input: UpdateBudgetInput!) {\n    updateBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateBudget($input: UpdateBudgetInput!) {\n    updateBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Operations {\n    operations {\n      nodes {\n        id\n        role\n        version\n        startedAt\n        lastSeenAt\n        connections\n        streams\n      }\n      database {\n        kind\n        ok\n        latencyMs\n        sizeBytes\n      }\n      redis {\n        configured\n        ok\n        latencyMs\n      }\n      queue\n      foldLagMs\n      pendingDeltas\n      snapshotAgeMs\n      reads {\n        memory\n        redis\n        table\n        recount\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription Operations {\n    operations {\n      nodes {\n        id\n        role\n        version\n        startedAt\n        lastSeenAt\n        connections\n        streams\n      }\n      database {\n        kind\n        ok\n        latencyMs\n        sizeBytes\n      }\n      redis {\n        configured\n        ok\n        latencyMs\n      }\n      queue\n      foldLagMs\n      pendingDeltas\n      snapshotAgeMs\n      reads {\n        memory\n        redis\n        table\n        recount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobFields on Job {\n    id\n    kind\n    createdAt\n    startedAt\n    finishedAt\n    attempts\n    progress\n    total\n    outcome {\n      code\n      count\n      budgets\n    }\n    error\n    node\n  }\n"): (typeof documents)["\n  fragment JobFields on Job {\n    id\n    kind\n    createdAt\n    startedAt\n    finishedAt\n    attempts\n    progress\n    total\n    outcome {\n      code\n      count\n      budgets\n    }\n    error\n    node\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      nodes {\n        ...JobFields\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Jobs($first: Int!, $after: String) {\n    jobs(first: $first, after: $after) {\n      nodes {\n        ...JobFields\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobChanged($id: ID!) {\n    jobChanged(id: $id) {\n      ...JobFields\n    }\n  }\n"): (typeof documents)["\n  subscription JobChanged($id: ID!) {\n    jobChanged(id: $id) {\n      ...JobFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartJob($kind: JobKind!) {\n    startJob(kind: $kind) {\n      ...JobFields\n    }\n  }\n"): (typeof documents)["\n  mutation StartJob($kind: JobKind!) {\n    startJob(kind: $kind) {\n      ...JobFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      ...JobFields\n    }\n  }\n"): (typeof documents)["\n  mutation RetryJob($id: ID!) {\n    retryJob(id: $id) {\n      ...JobFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShareKitInLanguage($budget: String!, $language: String!, $view: FrameView!) {\n    budget(slug: $budget) {\n      shareKit {\n        post(language: $language)\n        iframe(language: $language, view: $view)\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShareKitInLanguage($budget: String!, $language: String!, $view: FrameView!) {\n    budget(slug: $budget) {\n      shareKit {\n        post(language: $language)\n        iframe(language: $language, view: $view)\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenBudget($budget: String!, $version: Int!) {\n    openBudget(budget: $budget, version: $version) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation OpenBudget($budget: String!, $version: Int!) {\n    openBudget(budget: $budget, version: $version) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseBudget($budget: String!) {\n    pauseBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation PauseBudget($budget: String!) {\n    pauseBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeBudget($budget: String!) {\n    resumeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation ResumeBudget($budget: String!) {\n    resumeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseBudget($budget: String!) {\n    closeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation CloseBudget($budget: String!) {\n    closeBudget(budget: $budget) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveBudget($budget: String!, $archived: Boolean!) {\n    archiveBudget(budget: $budget, archived: $archived) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation ArchiveBudget($budget: String!, $archived: Boolean!) {\n    archiveBudget(budget: $budget, archived: $archived) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ScheduleBudget($input: ScheduleInput!) {\n    scheduleBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n"): (typeof documents)["\n  mutation ScheduleBudget($input: ScheduleInput!) {\n    scheduleBudget(input: $input) {\n      ...BudgetFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteBudget($budget: String!) {\n    deleteBudget(budget: $budget)\n  }\n"): (typeof documents)["\n  mutation DeleteBudget($budget: String!) {\n    deleteBudget(budget: $budget)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DuplicateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n"): (typeof documents)["\n  mutation DuplicateBudget($input: CreateBudgetInput!) {\n    createBudget(input: $input) {\n      slug\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription LiveFigures($budget: String!) {\n    live(budget: $budget) {\n      participants\n      submissions\n      shownParticipants\n      revised\n      completion\n      asOf\n      perMinute {\n        minute\n        count\n      }\n      languages {\n        language\n        count\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription LiveFigures($budget: String!) {\n    live(budget: $budget) {\n      participants\n      submissions\n      shownParticipants\n      revised\n      completion\n      asOf\n      perMinute {\n        minute\n        count\n      }\n      languages {\n        language\n        count\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Attention($budget: String!) {\n    attention(budget: $budget) {\n      kind\n      at\n    }\n  }\n"): (typeof documents)["\n  query Attention($budget: String!) {\n    attention(budget: $budget) {\n      kind\n      at\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Invitation($token: String!) {\n    invitation(token: $token) {\n      role\n      createdBy\n      expiresAt\n      budget {\n        title\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  query Invitation($token: String!) {\n    invitation(token: $token) {\n      role\n      createdBy\n      expiresAt\n      budget {\n        title\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptInvitation($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptInvitation($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session {\n    me {\n      ...Me\n    }\n    desk {\n      hasAccounts\n      trustedHeader\n    }\n  }\n\n  fragment Me on Me {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    hasPassword\n    expiresAt\n    sessions {\n      id\n      createdAt\n      lastSeenAt\n      expiresAt\n      userAgent\n      isThis\n    }\n  }\n"): (typeof documents)["\n  query Session {\n    me {\n      ...Me\n    }\n    desk {\n      hasAccounts\n      trustedHeader\n    }\n  }\n\n  fragment Me on Me {\n    id\n    name\n    role\n    budgets {\n      slug\n      title\n      role\n    }\n    hasTotp\n    hasPassword\n    expiresAt\n    sessions {\n      id\n      createdAt\n      lastSeenAt\n      expiresAt\n      userAgent\n      isThis\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      needsTotp\n      me {\n        ...Me\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Stats($budget: String, $days: Int!) {\n    stats(budget: $budget, days: $days) {\n      budgets {\n        budget\n        participants\n        submissions\n        shownParticipants\n        days {\n          day\n          submissions\n          anonymous\n        }\n        categories {\n          category\n          averagePercent\n        }\n        revisions {\n          submissions\n          participants\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Stats($budget: String, $days: Int!) {\n    stats(budget: $budget, days: $days) {\n      budgets {\n        budget\n        participants\n        submissions\n        shownParticipants\n        days {\n          day\n          submissions\n          anonymous\n        }\n        categories {\n          category\n          averagePercent\n        }\n        revisions {\n          submissions\n          participants\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;