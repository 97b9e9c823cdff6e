// How an app looks to somebody who picks up the phone: nothing names a safety service, a shield or an alarm unless the team
// that copies this says so.

/** What a bystander may see of the app. */
export interface Look {
  /** In the switcher, under the icon and on notices. */
  name: string;
  /** Paths of square icons by their size in pixels. */
  icons: Record<number, string>;
  /** The text of every notice; left out, the neutral words of the service, which follow the survivor's language. */
  notice?: string;
  colour: string;
}

export const NEUTRAL: Look = { name: "Diary", icons: {}, colour: "#ffffff" };

/** The web app manifest. */
export function manifest(look: Look): object {
  const icons = Object.entries(look.icons).map(([size, src]) => ({ src, sizes: `${size}x${size}` }));
  return {
    name: look.name,
    short_name: look.name,
    start_url: "./",
    display: "standalone",
    theme_color: look.colour,
    background_color: look.colour,
    icons,
  };
}

/** Said of a cry for help that has not arrived. In English whatever the language, until named speakers approved other words. */
export const NOT_SENT = "NOT sent. Call 999.";
