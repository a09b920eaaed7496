/** Draws the plane: points, lines, arrows, ellipses and a ground that is coloured. */

import { brushOf } from "../../../page/components/dom.js";
import { clearedBrush } from "./canvas.js";
import { colourOf, pixelsBetween } from "./colours.js";
import { arrowFrom, EXTENT, onDrawing } from "./geometry.js";

/** @typedef {import("./geometry.js").Point} Point */

const WHOLE_TURN = 7; // radians, and a bit more
const DEVIATIONS = [
  { times: 1, opacity: 1 },
  { times: 2, opacity: 0.45 },
];

/** A canvas that shows the plane. Colours are those of CSS, lengths px of CSS. */
export class Plane {
  /**
   * Clears the canvas.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {number} extent the plane is shown from -extent to extent
   */
  constructor(canvas, extent = EXTENT) {
    this.canvas = canvas;
    this.extent = extent;
    this.side = canvas.clientWidth;
    this.brush = clearedBrush(canvas);
  }

  /** @param {string} name see `colourOf` */
  colour(name) {
    return colourOf(this.canvas, name);
  }

  /** @param {Point} point */
  at(point) {
    return onDrawing(point, this.side, this.extent);
  }

  /**
   * The ground, between two colours.
   *
   * @param {Uint8Array} values 0 to 255, of a square in rows from top to bottom
   * @param {string} low colour of 0, "#rrggbb"
   * @param {string} high colour of 255
   */
  ground(values, low, high) {
    const cells = Math.sqrt(values.length);
    const small = document.createElement("canvas");
    small.width = small.height = cells;
    brushOf(small).putImageData(new ImageData(pixelsBetween(values, low, high), cells, cells), 0, 0);
    const margin = this.side / (cells - 1) / 2; // the outer cells are centred on the border
    this.brush.imageSmoothingQuality = "high";
    this.brush.drawImage(small, -margin, -margin, this.side + 2 * margin, this.side + 2 * margin);
  }

  /**
   * Points as circles.
   *
   * @param {Point[]} points
   * @param {string | ((index: number) => string)} shade
   * @param {{ radius?: number, opacity?: number }} [look]
   */
  circles(points, shade, { radius = 2.4, opacity = 0.75 } = {}) {
    const { brush } = this;
    brush.globalAlpha = opacity;
    points.forEach((point, index) => {
      const [left, top] = this.at(point);
      brush.fillStyle = typeof shade === "function" ? shade(index) : shade;
      brush.beginPath();
      brush.arc(left, top, radius, 0, WHOLE_TURN);
      brush.fill();
    });
    brush.globalAlpha = 1;
  }

  /**
   * Points as diamonds.
   *
   * @param {Point[]} points
   * @param {string} shade
   * @param {number} radius
   */
  diamonds(points, shade, radius = 4) {
    const { brush } = this;
    brush.fillStyle = shade;
    for (const point of points) {
      const [left, top] = this.at(point);
      brush.beginPath();
      brush.moveTo(left, top - radius);
      brush.lineTo(left + radius, top);
      brush.lineTo(left, top + radius);
      brush.lineTo(left - radius, top);
      brush.fill();
    }
  }

  /**
   * A line through points.
   *
   * @param {Point[]} points
   * @param {string} shade
   * @param {{ width?: number, opacity?: number }} [look]
   */
  path(points, shade, { width = 1, opacity = 1 } = {}) {
    const { brush } = this;
    brush.globalAlpha = opacity;
    brush.strokeStyle = shade;
    brush.lineWidth = width;
    brush.beginPath();
    points.forEach((point, index) => {
      if (index) brush.lineTo(...this.at(point));
      else brush.moveTo(...this.at(point));
    });
    brush.stroke();
    brush.globalAlpha = 1;
  }

  /**
   * An arrow at each point that something moves.
   *
   * @param {Point[]} points
   * @param {Point[]} moves
   * @param {string} shade
   * @param {(size: number) => number} length of the arrow of a move, px
   */
  arrows(points, moves, shade, length) {
    const { brush } = this;
    brush.strokeStyle = shade;
    brush.lineWidth = 1.4;
    points.forEach((point, index) => {
      const size = Math.hypot(...moves[index]);
      if (!size) return;
      const start = this.at(point);
      const { tip, barbs } = arrowFrom(start, moves[index], length(size));
      brush.beginPath();
      brush.moveTo(...start);
      brush.lineTo(...tip);
      for (const barb of barbs) {
        brush.moveTo(...tip);
        brush.lineTo(...barb);
      }
      brush.stroke();
    });
  }

  /**
   * A Gaussian: one and two standard deviations.
   *
   * @param {[number, number, number]} shape longer and shorter half axis; angle, radians
   * @param {Point} mean
   * @param {string} shade
   * @param {number} width of the lines
   */
  gaussian([long, short, angle], mean, shade, width) {
    const { brush } = this;
    const [left, top] = this.at(mean);
    const unit = this.side / 2 / this.extent;
    brush.strokeStyle = shade;
    brush.lineWidth = width;
    for (const { times, opacity } of DEVIATIONS) {
      brush.globalAlpha = opacity;
      brush.beginPath();
      brush.ellipse(left, top, times * long * unit, times * short * unit, -angle, 0, WHOLE_TURN);
      brush.stroke();
    }
    brush.globalAlpha = 1;
  }

  /**
   * A ring around a point.
   *
   * @param {Point} point
   * @param {string} shade
   * @param {{ radius: number, width: number }} look
   */
  ring(point, shade, { radius, width }) {
    const { brush } = this;
    const [left, top] = this.at(point);
    brush.strokeStyle = shade;
    brush.lineWidth = width;
    brush.beginPath();
    brush.arc(left, top, radius, 0, WHOLE_TURN);
    brush.stroke();
  }

  /**
   * A cross at a point.
   *
   * @param {Point} point
   * @param {string} shade
   * @param {{ radius: number, width: number }} look
   */
  cross(point, shade, { radius, width }) {
    const { brush } = this;
    const [left, top] = this.at(point);
    brush.strokeStyle = shade;
    brush.lineWidth = width;
    brush.beginPath();
    brush.moveTo(left - radius, top);
    brush.lineTo(left + radius, top);
    brush.moveTo(left, top - radius);
    brush.lineTo(left, top + radius);
    brush.stroke();
  }
}
