// Gradio runs this as the body of a function that has `element` and `server`.
const slider = element.querySelector("input");
const brush = element.querySelector("canvas").getContext("2d");
slider.addEventListener("input", async (event) => {
  event.stopPropagation();
  const answer = await server.render(Number(slider.value));
  const picture = new Image();
  picture.src = answer.pictures[0];
  await picture.decode();
  brush.drawImage(picture, 0, 0);
  element.dataset.codes = answer.position;
});
