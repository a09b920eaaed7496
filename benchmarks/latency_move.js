/** Moves the first slider to a value, and answers with the ms until its picture is on the canvas. */
globalThis.moveSlider = (value) =>
  new Promise((resolve) => {
    const slider = document.querySelector("#latent input[type=range]");
    const started = performance.now();
    const watcher = new MutationObserver(() => {
      const shown = document.querySelector("#latent [data-codes]");
      if (!shown || Math.abs(Number(shown.dataset.codes.split(",")[0]) - value) > 1e-6) return;
      watcher.disconnect();
      resolve(performance.now() - started);
    });
    const change = { attributes: true, attributeFilter: ["data-codes"], subtree: true };
    watcher.observe(document.querySelector("#latent"), change);
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
