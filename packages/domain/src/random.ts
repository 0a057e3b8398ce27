/** Where randomness comes from: uniform in [0, 1). */
export interface Random {
  next(): number;
}
