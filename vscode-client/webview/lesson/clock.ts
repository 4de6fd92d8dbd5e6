/**
 * The time that a learner spends on a lesson. It counts while the page is visible and there was some
 * activity in the last five minutes, and is reported in parts.
 */

const REPORT_SECONDS = 15;
const IDLE_SECONDS = 5 * 60;

export class Clock {
  private base = 0;
  private counted = 0;
  private reported = 0;
  private idle = 0;

  constructor(private readonly onReport: (seconds: number) => void) {}

  /** Start with a lesson on which `spent` seconds were spent before. */
  start(spent: number): void {
    this.report();
    this.base = spent;
    this.counted = this.reported = this.idle = 0;
  }

  /** Count one second. */
  tick(isVisible: boolean): void {
    if (!isVisible || ++this.idle > IDLE_SECONDS) {
      this.report();
      return;
    }
    this.counted++;
    if (this.counted - this.reported >= REPORT_SECONDS) this.report();
  }

  /** Note that the learner did something. */
  noteActivity(): void {
    this.idle = 0;
  }

  /** Report the seconds that were not reported before. */
  report(): void {
    const seconds = this.counted - this.reported;
    this.reported = this.counted;
    if (seconds > 0) this.onReport(seconds);
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
