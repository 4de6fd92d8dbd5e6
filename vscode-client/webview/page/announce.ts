/** Says to a screen reader what has changed, once it has stopped changing. */

const QUIET_MS = 700;

export class Announcer {
  private readonly region = document.createElement("div");
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: Element) {
    this.region.className = "unseen";
    this.region.setAttribute("role", "status");
    this.region.setAttribute("aria-live", "polite");
    parent.append(this.region);
  }

  /** A later text before the pause is over takes the place of this one: nobody wants a queue. */
  say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.region.textContent = text;
    }, QUIET_MS);
  }
}
