/** What needs a server. */

export const NEEDS_SERVER = "This needs the whole page; the link is below.";
