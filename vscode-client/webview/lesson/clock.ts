/**
 * The time that a learner spends on a lesson: counted while the page can be seen and something has
 * happened in the last five minutes, and told to the server bit by bit.
 */

const REPORT_SECONDS = 15;
const IDLE_SECONDS = 5 * 60;

export class Clock {
  private base = 0;
  private counted = 0;
  private reported = 0;
  private idle = 0;

  constructor(private readonly report: (seconds: number) => void) {}

  /** A lesson begins or goes on, after so many seconds. */
  start(spent: number): void {
    this.stop();
    this.base = spent;
    this.counted = this.reported = this.idle = 0;
  }

  /** One second has passed. */
  tick(isVisible: boolean): void {
    if (!isVisible || ++this.idle > IDLE_SECONDS) {
      this.stop();
      return;
    }
    this.counted++;
    if (this.counted - this.reported >= REPORT_SECONDS) this.stop();
  }

  /** The learner did something. */
  stir(): void {
    this.idle = 0;
  }

  /** Tells what was not told yet. */
  stop(): void {
    const seconds = this.counted - this.reported;
    this.reported = this.counted;
    if (seconds > 0) this.report(seconds);
  }

  get text(): string {
    return clockText(this.base + this.counted);
  }
}

export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
