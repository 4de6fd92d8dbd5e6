/** Runs restarts one at a time, with at most one waiting. */

/** A burst of requests restarts the server at most twice. */
export class RestartQueue {
  private current: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly restart: () => Promise<void>) {}

  /** Request a restart; resolves when one that started after this call has ended. */
  request(): Promise<void> {
    if (this.current === undefined) return this.start();
    this.next ??= this.current.then(() => {
      this.next = undefined;
      return this.start();
    });
    return this.next;
  }

  private start(): Promise<void> {
    const ended = () => {
      this.current = undefined;
    };
    const run = this.restart();
    this.current = run.then(ended, ended);
    return run;
  }
}
