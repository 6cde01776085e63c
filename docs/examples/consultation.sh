#!/bin/sh
# Runs a consultation from its file to its result, by the command line and /admin/graphql: import, open, three answers, exclude
# one, close, read the averages, export the answers and the budget.
#
#   ADMIN_NAME=ada ADMIN_PASSWORD=… sh docs/examples/consultation.sh docs/examples/town.yaml
#
# SERVER is http://127.0.0.1:8000 unless it is set. A file of your own needs `publishEvery: 1`, because three people answer.
# The account is an organiser or owner of the installation (`taxbudget admin create ada --role organiser`). DATABASE_URL is the
# database of the server. The program is `taxbudget`, or what TAXBUDGET names.
# Variables of GraphQL begin with a dollar sign too and stay as they are.
# shellcheck disable=SC2016
set -eu

file=$1
server=${SERVER:-http://127.0.0.1:8000}
taxbudget=${TAXBUDGET:-taxbudget}
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT

# Sends an operation to an address: ADDRESS QUERY VARIABLES. Ends the script if the response has errors.
graphql() {
    body=$(printf '{"query":"%s","variables":%s}' "$2" "$3")
    response=$(printf '%s' "$body" | curl -sS -b "$cookies" -c "$cookies" -H 'content-type: application/json' --data-binary @- "$server$1")
    case $response in
        *'"errors"'*)
            printf '%s\n' "$response" >&2
            exit 1
            ;;
    esac
    printf '%s\n' "$response"
}

# The first number behind a name in a response.
number() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; }

address=$("$taxbudget" budget import "$file")
slug=${address##*/}
echo "imported: $server/b/$slug"

graphql /admin/graphql 'mutation ($input: SignInInput!) { signIn(input: $input) { needsTotp } }' \
    "{\"input\":{\"name\":\"$ADMIN_NAME\",\"password\":\"$ADMIN_PASSWORD\"}}" >/dev/null

# The server sees what a command has changed within a second.
for attempt in 1 2 3 4 5; do
    budget=$(graphql /admin/graphql 'query ($slug: String!) { budget(slug: $slug) { version problems { message } } }' "{\"slug\":\"$slug\"}")
    version=$(printf '%s' "$budget" | number version)
    if [ -n "$version" ]; then break; fi
    sleep "$attempt"
done
graphql /admin/graphql 'mutation ($slug: String!, $version: Int!) { openBudget(budget: $slug, version: $version) { state } }' \
    "{\"slug\":\"$slug\",\"version\":$version}"

# Three people answer. The keys are those of the file's first two lines.
keys=$(sed -n 's/.*key: *\([a-z0-9-]*\).*/\1/p' "$file" | head -n 2)
first=$(printf '%s\n' "$keys" | sed -n 1p)
second=$(printf '%s\n' "$keys" | sed -n 2p)
for share in 30 50 100; do
    graphql /graphql 'mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }' \
        "{\"input\":{\"budget\":\"$slug\",\"shares\":[{\"category\":\"$first\",\"percent\":$share},{\"category\":\"$second\",\"percent\":$((100 - share))}]}}" >/dev/null
done

# Everybody can read how many answers were excluded, and why.
answers=$(graphql /admin/graphql 'query ($slug: String!, $key: String!) { answers(budget: $slug, first: 1, filter: { category: $key, minPercent: 100 }) { nodes { id } } }' \
    "{\"slug\":\"$slug\",\"key\":\"$first\"}")
answer=$(printf '%s' "$answers" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
graphql /admin/graphql 'mutation ($input: ExcludeInput!) { excludeAnswers(input: $input) { count } }' \
    "{\"input\":{\"budget\":\"$slug\",\"answer\":\"$answer\",\"reason\":\"Sent by a script\"}}"

graphql /admin/graphql 'mutation ($slug: String!) { closeBudget(budget: $slug) { state } }' "{\"slug\":\"$slug\"}"
for attempt in 1 2 3 4 5; do
    result=$(curl -sS "$server/api/budgets/$slug/aggregate.csv")
    if [ "$(curl -sS "$server/api/budgets/$slug/aggregate.json" | number shownParticipantCount)" = 2 ]; then break; fi
    sleep "$attempt"
done
printf '%s\n' "$result"
curl -sS -b "$cookies" "$server/admin/budgets/$slug/answers.csv"
"$taxbudget" budget export "$slug"
