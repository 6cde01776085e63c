/**
 * Splits a whole number in proportion to the weights; the parts add up to it exactly. Each part is its quotient rounded
 * down; the missing units go one by one to the largest remainders, earlier ones first.
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  const sum = BigInt(weights.reduce((all, weight) => all + weight, 0))
  if (sum === 0n) return weights.map(() => 0)
  // BigInt, because the products may exceed the integers that a float holds exactly.
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight))
  const parts = products.map((product) => Number(product / sum))
  const missing = amount - parts.reduce((all, part) => all + part, 0)
  products
    .map((product, index) => ({ index, remainder: product % sum }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index)
    .slice(0, missing)
    .forEach(({ index }) => {
      parts[index] = (parts[index] ?? 0) + 1
    })
  return parts
}
