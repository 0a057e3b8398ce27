/**
 * A share in whole percent, as text. Only nothing is `0` and only all is `100`: what is nearly used up is `<1`, and what
 * is nearly full is `99`.
 *
 * @param percent 0 to 100
 */
export function wholePercent(percent: number): string {
  if (percent > 0 && percent < 1) return "<1";
  return String(percent > 99 && percent < 100 ? 99 : Math.round(percent));
}
