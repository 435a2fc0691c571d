import fc from "fast-check";
import { expect, test } from "vitest";
import { monotoneCurve } from "./monotone-curve.ts";

const example = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
  { x: 3, y: 1.5 },
  { x: 4, y: 4 },
  { x: 6, y: 4.2 },
];

test("values are those of SciPy's PchipInterpolator", () => {
  const curve = monotoneCurve(example);
  for (const [x, y] of [
    [0.5, 0.6026785714285714],
    [2, 1.2321428571428572],
    [3.5, 2.7857142857142856],
    [5, 4.153571428571429],
  ] as const) {
    expect(curve.at(x)).toBeCloseTo(y, 12);
  }
});

test("it goes through its points, rises where they rise, and stays within them", () => {
  const step = fc.double({ min: 0.01, max: 10, noNaN: true });
  const rise = fc.double({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(step, rise), { minLength: 2, maxLength: 8 }), (steps) => {
      let [x, y] = [0, 0];
      const points = steps.map(([dx, dy]) => ({ x: (x += dx), y: (y += dy) }));
      const curve = monotoneCurve(points.toReversed());
      for (const point of points) expect(curve.at(point.x)).toBeCloseTo(point.y, 6);
      const values = Array.from({ length: 101 }, (_, index) =>
        curve.at(curve.from + ((curve.to - curve.from) * index) / 100),
      );
      for (const [index, value] of values.entries()) {
        expect(value).toBeGreaterThanOrEqual((values[index - 1] ?? value) - 1e-9);
      }
    }),
  );
});

test("the area adds up, and is that of the trapezia where the curve is a line", () => {
  const curve = monotoneCurve(example);
  expect(curve.integral(0, 2.5) + curve.integral(2.5, 6)).toBeCloseTo(curve.integral(0, 6), 12);
  const line = monotoneCurve([
    { x: 1, y: 2 },
    { x: 5, y: 10 },
  ]);
  expect(line.integral(1, 5)).toBeCloseTo(24, 12);
  expect(line.integral(2, 3)).toBeCloseTo(5, 12);
});

test("a point alone is no curve", () => {
  expect(() => monotoneCurve([{ x: 1, y: 1 }])).toThrow(RangeError);
});
