/** What the document has before any module runs, see page.stage.head. */
interface Window {
  latentLabFiles: { root: string; languages: Record<string, string>; browser: boolean };
  latentLab: typeof import("./shell.js").latentLab;
}
