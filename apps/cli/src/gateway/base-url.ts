/** What clients of OpenAI's API take as its address. */
export const baseUrl = (port: number): string => `http://127.0.0.1:${port}/v1`;
