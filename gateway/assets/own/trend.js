// Lines of a trend, drawn by ECharts. Each point opens the records it counts; the table below says the same for everybody.
"use strict";

// Which line is which: by its shape, not by its colour alone.
function nameLines(box, series, inks) {
  const line = document.createElement("p");
  line.className = "soft";
  line.setAttribute("aria-hidden", "true");
  line.append(...series.flatMap((one, at) => {
    const sign = document.createElement("span");
    sign.style.color = inks[at];
    sign.textContent = ["●─ ", "■┄ ", "▲─ "][at];
    return [sign, one.name + "　"];
  }));
  box.before(line);
}

function drawTrend(box) {
  const told = JSON.parse(box.dataset.trend);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const marks = ["circle", "rect", "triangle"];
  const inks = [colour("--ink"), colour("--focus"), colour("--red")];
  const narrow = box.clientWidth < 480;
  if (box.hidden && told.series.length > 1) nameLines(box, told.series, inks);
  box.hidden = false;
  const said = (at, place) => (at && [0, told.series[0].values[place]].includes(told.series[at].values[place]) ? "" : told.series[at].values[place]);
  const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
  const most = told.series.map((one) => Math.max(...one.values));
  chart.setOption({
    animation: false,
    grid: { left: 36, right: 16, top: 24, bottom: 28 },
    xAxis: {
      type: "category", data: told.labels, boundaryGap: true,
      axisLabel: { color: colour("--ink-soft"), fontSize: 12, interval: narrow ? Math.ceil(told.labels.length / 4) - 1 : 0 },
      axisLine: { lineStyle: { color: colour("--line-strong") } },
    },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("--ink-soft") }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: told.series.map((one, at) => ({
      type: "line", cursor: one.opens ? "pointer" : "default", name: one.name, data: one.values, symbol: marks[at], symbolSize: 10,
      lineStyle: { width: 2, color: inks[at], type: at ? "dashed" : "solid" }, itemStyle: { color: inks[at] },
      label: { show: true, formatter: (asked) => String(said(at, asked.dataIndex)), position: most[at] === Math.max(...most) ? "top" : "bottom", color: inks[at], fontSize: 13 },
    })),
  }, true);
  chart.off("click");
  chart.on("click", (asked) => { const { opens } = told.series[asked.seriesIndex] || {}; if (opens) location.href = opens[asked.dataIndex]; });
  chart.resize();
}

const trends = () => { for (const box of document.querySelectorAll("[data-trend]")) drawTrend(box); };
if (window.echarts) {
  trends();
  addEventListener("resize", trends);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", trends);
}
