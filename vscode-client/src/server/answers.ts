/** The sentences for the user in answers and errors of the server. */

/** The sentence with which the server refused a command, or null if it did not. */
export function refusal(answer: unknown): string | null {
  if (answer === null || typeof answer !== "object" || !("error" in answer)) return null;
  return typeof answer.error === "string" ? answer.error : null;
}

/** The sentence of an error. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
