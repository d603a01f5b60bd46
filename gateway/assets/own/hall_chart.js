// The bars of the hall screen, drawn by ECharts: one entry a line, headings between groups, every mark a word and a shape.
"use strict";

const hallChart = (() => {
  const INK = "#f2f4f7", SOFT = "#aab2bd", PLAIN = "#6ea8fe", FRAME = "#c3cad3";
  const NARROW = 700;
  const LINE = 84;
  const MOVE = 500;
  let chart = null;
  let stripes = null;

  // A striped fill: what cannot be told apart looks different without any colour.
  function striped() {
    if (stripes) return stripes;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 16;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#20262e";
    pen.fillRect(0, 0, 16, 16);
    pen.strokeStyle = FRAME;
    pen.lineWidth = 4;
    for (const from of [-16, 0, 16]) {
      pen.beginPath();
      pen.moveTo(from - 2, 18);
      pen.lineTo(from + 18, -2);
      pen.stroke();
    }
    stripes = { image: tile, repeat: "repeat" };
    return stripes;
  }

  const plain = (text) => String(text).replaceAll("{", "｛").replaceAll("}", "｝").replaceAll("|", "｜");

  // On a phone a line is higher where names need two.
  const lineOf = (width, entries) => (entries.some((line) => length(line.name) + 4 > (width - 24) / 15) ? LINE + 20 : LINE);

  // How large things are for this size of the chart; the same numbers serve every line of a page.
  function measure(box, entries, places) {
    const lines = entries.length;
    const narrow = box.width < NARROW;
    const row = narrow ? lineOf(box.width, entries) : Math.min(box.height / Math.max(lines, Math.min(places, 6)), box.height / 5);
    const text = narrow ? 16 : Math.max(15, Math.min(row * 0.46, box.width / 52));
    return { narrow, row, rows: row > LINE ? 2 : 1, text, left: narrow ? 8 : box.width * 0.33, right: narrow ? 8 : box.width * 0.29, width: box.width };
  }

  function word(line, words) {
    if (line.suppressed) return `{w|▢ ${words.too_few_answers}}`;
    const marks = [];
    if (line.tied) marks.push(`＝ ${words.hall_tied}`);
    if (line.same) marks.push(`≈ ${line.from}–${line.to} ${words.not_distinguishable}`);
    return `{s|${plain(line.score)}}${marks.length ? ` {w|${marks.join("  ")}}` : ""}`;
  }

  // A sign of another script takes about half the room of a Chinese one.
  const room = (sign) => (sign.codePointAt(0) > 0x2e7f ? 1 : 0.58);
  const length = (text) => [...text].reduce((sum, sign) => sum + room(sign), 0);

  // Text in so many lines at most; nothing is cut off where it can be avoided, because names differ at their ends.
  function wrapped(text, most, rows) {
    const lines = [""];
    let used = 0;
    for (const sign of text) {
      if (used + room(sign) > most) {
        if (lines.length === rows) return lines.join("\n").slice(0, -1) + "…";
        lines.push("");
        used = 0;
      }
      lines[lines.length - 1] += sign;
      used += room(sign);
    }
    return lines.join("\n");
  }

  // The number of lines that lets names be largest, and how large that is.
  function fitted(lines, width, size) {
    const longest = Math.max(...lines.map((line) => length(line.name))) + 1;
    const tried = [1, 2, 3].map((rows) => ({ rows, text: Math.min(size.text, (size.row * 0.92) / (1.22 * rows), (rows * width) / longest) }));
    const best = tried.reduce((one, other) => (other.text > one.text + 0.5 ? other : one));
    return { rows: best.rows, text: Math.max(12, best.text) };
  }

  const beside = (id, size, text, more) => ({
    type: "bar",
    id,
    silent: true,
    barWidth: size.narrow ? 12 : size.row * 0.5,
    barGap: "-100%",
    data: text.map((one) => ({ name: one.id, value: 0, label: one.label })),
    label: { show: true, color: INK, formatter: (asked) => text[asked.dataIndex].text, ...more },
  });

  // Places and names stand left of their bars and move with them; on a phone they stand above.
  function names(lines, size) {
    const place = size.text * 2.6;
    const width = size.narrow ? size.width - 24 : size.left - place - 24;
    const { rows, text } = size.narrow ? { rows: size.rows, text: 15 } : fitted(lines, width, size);
    const told = lines.map((line) => ({
      id: line.id,
      text: wrapped(size.narrow && !line.head ? `${line.rank || "—"}  ${line.name}` : line.name, width / text, rows),
      label: line.head ? { color: SOFT, fontWeight: 700 } : {},
    }));
    const named = { fontSize: text, lineHeight: text * 1.22 };
    if (size.narrow) return [beside("names", size, told, { ...named, position: [0, -4], verticalAlign: "bottom" })];
    const places = lines.map((line) => ({ id: line.id, text: line.head ? "" : String(line.rank || "—"), label: {} }));
    return [
      beside("names", size, told, { ...named, position: "left", distance: place, align: "right" }),
      beside("places", size, places, { position: "left", distance: 16, fontSize: size.text * 1.1, fontWeight: 700 }),
    ];
  }

  function bars(lines, size, words, most) {
    return {
      type: "bar",
      id: "bars",
      silent: true,
      barWidth: size.narrow ? 12 : size.row * 0.5,
      data: lines.map((line) => ({
        name: line.id,
        value: line.head ? 0 : line.suppressed ? most : Math.max(0, Number(line.score) || 0),
        itemStyle: line.suppressed
          ? { color: "transparent", borderColor: SOFT, borderType: "dashed", borderWidth: 2 }
          : line.same
            ? { color: striped(), borderColor: FRAME, borderWidth: 2 }
            : { color: PLAIN },
        label: {
          show: !line.head,
          position: size.narrow ? [0, 18] : "right",
          distance: 14,
          width: size.narrow ? size.width - 24 : size.right - 20,
          overflow: "truncate",
        },
      })),
      barGap: "-100%",
      label: {
        formatter: (asked) => word(lines[asked.dataIndex], words),
        color: INK,
        fontSize: size.narrow ? 14 : size.text,
        rich: {
          s: { color: INK, fontSize: size.narrow ? 15 : size.text * 1.1, fontWeight: 700 },
          w: { color: INK, fontSize: size.narrow ? 13 : size.text * 0.68 },
        },
      },
    };
  }

  const least = (highest) => [5, 10, 100].find((each) => highest <= each) || highest;

  function option(lines, size, words, moving) {
    const most = least(Math.max(1, ...lines.map((line) => Number(line.score) || 0)));
    return {
      animation: moving,
      animationDuration: moving ? MOVE : 0,
      animationDurationUpdate: moving ? MOVE : 0,
      animationEasingUpdate: "cubicInOut",
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: size.left, right: size.right, top: 0, height: size.row * lines.length, containLabel: false },
      xAxis: { type: "value", min: 0, max: most, show: false },
      yAxis: { type: "category", inverse: true, data: lines.map((line) => line.id), show: false },
      series: [bars(lines, size, words, most), ...names(lines, size)],
    };
  }

  return {
    // Whether there is anything to draw with: without the fetched script the list stays.
    there: () => typeof echarts !== "undefined",

    draw(box, lines, places, words, moving) {
      const narrow = box.clientWidth < NARROW;
      if (narrow) box.style.height = `${lineOf(box.clientWidth, lines) * lines.length + 24}px`;
      else box.style.removeProperty("height");
      chart = chart || echarts.init(box, null, { renderer: "canvas" });
      chart.resize({ animation: { duration: 0 } });
      const size = measure({ width: box.clientWidth, height: box.clientHeight }, lines, places);
      chart.setOption(option(lines, size, words, moving), { replaceMerge: ["series"] });
    },
  };
})();
