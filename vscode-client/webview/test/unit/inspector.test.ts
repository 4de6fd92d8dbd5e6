import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { TensorAnswer, type TensorRow } from "../../../src/shared/protocol";
import { colourOf, INFINITE, NAN, viridis } from "../../inspector/colours";
import { brief } from "../../inspector/numbers";
import { filtered, memoryText, nextSort, sorted } from "../../inspector/rows";
import { savedFrom } from "../../inspector/saved";
import { cuts, sliceText, starts } from "../../inspector/slice";
import { ROW_HEIGHT, scrolledTo, visibleRows } from "../../inspector/virtual";
import { recorded } from "../recorded";

function row(name: string, shape: number[], change: Partial<TensorRow> = {}): TensorRow {
  const bytes = 4 * shape.reduce((product, size) => product * size, 1);
  const label = `f32[${shape.join(",")}] cpu`;
  const place = { uri: null, line: 0, character: 0, alive: true };
  return {
    name,
    label,
    shape,
    dtype: "float32",
    device: "cpu",
    requiresGrad: false,
    bytes,
    ...place,
    ...change,
  };
}

const ROWS = [
  row("w10", [3, 3]),
  row("w9", [10], { device: "cuda:0", requiresGrad: true }),
  row("ids", [100], { dtype: "int64", bytes: null }),
];
const names = (rows: TensorRow[]) => rows.map(({ name }) => name);

describe("the table's rows", () => {
  test("are in the program's order unless sorted", () => {
    expect(names(sorted(ROWS, null))).toEqual(["w10", "w9", "ids"]);
  });

  test("are sorted by name with numbers in order, by shape as number of elements, by memory in bytes", () => {
    const by = (column: "name" | "shape" | "memory", isDescending = false) =>
      names(sorted(ROWS, { column, isDescending }));
    expect(by("name")).toEqual(["ids", "w9", "w10"]);
    expect(by("shape")).toEqual(["w10", "w9", "ids"]);
    expect(by("memory")).toEqual(["ids", "w10", "w9"]);
    expect(by("memory", true)).toEqual(["w9", "w10", "ids"]);
  });

  test("the first click sorts ascending, the second descending, the third restores the order", () => {
    const up = nextSort(null, "name");
    const down = nextSort(up, "name");
    expect(up).toEqual({ column: "name", isDescending: false });
    expect(down).toEqual({ column: "name", isDescending: true });
    expect(nextSort(down, "name")).toBeNull();
    expect(nextSort(down, "shape")).toEqual({ column: "shape", isDescending: false });
  });

  test("are found by any word of name, shape, dtype or device", () => {
    expect(names(filtered(ROWS, "CUDA"))).toEqual(["w9"]);
    expect(names(filtered(ROWS, "w float32"))).toEqual(["w10", "w9"]);
    expect(names(filtered(ROWS, "[3,3]"))).toEqual(["w10"]);
    expect(names(filtered(ROWS, "nothing"))).toEqual([]);
  });

  test("show their memory with a unit", () => {
    expect([0, 1023, 1024, 1536, 150 * 1024, 5 * 1024 ** 3].map(memoryText)).toEqual([
      "0 B",
      "1023 B",
      "1 KiB",
      "1.5 KiB",
      "150 KiB",
      "5 GiB",
    ]);
    expect(memoryText(null)).toBe("");
  });
});

describe("a long list", () => {
  test("the rows drawn are a few more than fit, and not more than exist", () => {
    expect(visibleRows(0, 240, 500)).toEqual({ first: 0, end: 18 });
    expect(visibleRows(2400, 240, 500)).toEqual({ first: 92, end: 118 });
    expect(visibleRows(999_999, 240, 5)).toEqual({ first: 5, end: 5 });
  });

  test("scrolling to a row moves no further than necessary", () => {
    expect(scrolledTo(5, 0, 240)).toBe(0);
    expect(scrolledTo(10, 0, 240)).toBe(ROW_HEIGHT);
    expect(scrolledTo(2, 240, 240)).toBe(2 * ROW_HEIGHT);
  });
});

describe("a slice", () => {
  const digits = v.parse(TensorAnswer, recorded("tensor-digits"));
  const weights = v.parse(TensorAnswer, recorded("tensor-weights"));

  test("cuts each dimension that is not shown at the position of its slider", () => {
    expect(cuts(digits, new Map())).toEqual([
      { dimension: 0, size: 8, value: 0 },
      { dimension: 1, size: 16, value: 0 },
    ]);
    expect(sliceText(digits, new Map([[1, 7]]))).toBe("0, 7, :, :");
  });

  test("starts at the offset of the grid in a long dimension", () => {
    expect(starts(weights)).toEqual([{ dimension: 0, size: 70, value: 0 }]);
    expect(sliceText(weights, new Map([[0, 6]]))).toBe("6:, :");
  });
});

describe("colours", () => {
  test("range from dark to light, with separate colours for values that are not finite", () => {
    expect(viridis(0)).toEqual([68, 1, 84]);
    expect(viridis(1)).toEqual([253, 231, 37]);
    expect(colourOf("nan", 0, 1)).toBe(NAN);
    expect(colourOf("-inf", 0, 1)).toBe(INFINITE);
    expect(colourOf(3, 3, 3)).toEqual(viridis(0.5));
  });
});

test("the ends of an axis have at most four digits", () => {
  expect([0, 12, 0.123456, -2.5, 1.23456e-9].map(brief)).toEqual([
    "0",
    "12",
    "0.1235",
    "-2.5",
    "1.235e-9",
  ]);
});

test("an invalid saved state is not restored", () => {
  expect(savedFrom({ filter: 3 })).toEqual({ filter: "", sort: null, open: null });
  const kept = { filter: "w", sort: null, open: { uri: "file:///a.py", name: "w" } };
  expect(savedFrom(kept)).toEqual(kept);
});
