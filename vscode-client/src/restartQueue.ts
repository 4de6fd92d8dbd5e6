/** One restart at a time and at most one waiting: a burst of changes restarts the server twice. */
export class RestartQueue {
  private current: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly restart: () => Promise<void>) {}

  /** Resolves when a restart that began after this call has ended. */
  ask(): Promise<void> {
    if (this.current === undefined) return this.begin();
    this.next ??= this.current.then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  private begin(): Promise<void> {
    const ended = () => {
      this.current = undefined;
    };
    const run = this.restart();
    this.current = run.then(ended, ended);
    return run;
  }
}
