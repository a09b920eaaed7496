/** What the document has before any module runs, see page.stage.head. */
interface Window {
  latentLabFiles: { root: string; languages: Record<string, string>; browser: boolean; alone?: boolean; first?: string };
  latentLab: typeof import("./shell.js").latentLab;
  /** What the tab "Sample" does before the server hears of its controls. */
  latentLabSample?: (controls: any[], anew: boolean) => Promise<any[]>;
}
