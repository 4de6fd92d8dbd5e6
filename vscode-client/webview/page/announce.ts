/** Announces changes to screen readers once they have settled. */

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

  /** Announce a text after a pause; a later text within the pause replaces it. */
  announce(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.region.textContent = text;
    }, QUIET_MS);
  }
}
