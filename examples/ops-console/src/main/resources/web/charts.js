// One kind of chart for the whole page: lines over time, in the page's colours.

import { byteStep, timeTicks } from './axes.js';
import { isUtc, moment, tick, utc } from './format.js';
import { colour, onChange } from './theme.js';

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

const AXIS_WIDTH = 68;
const all = new Set();

/** A vertical line under the pointer. */
const crosshair = {
  id: 'crosshair',
  afterDatasetsDraw(chart) {
    const active = chart.tooltip?.getActiveElements() ?? [];
    if (active.length === 0) return;
    const { ctx, chartArea } = chart;
    const x = active[0].element.x;
    ctx.save();
    ctx.strokeStyle = colour('--muted');
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};

/** A chart that is gone must not be painted when the theme changes. */
const farewell = {
  id: 'farewell',
  afterDestroy(chart) {
    all.delete(chart);
  },
};

/** A point without neighbours would be invisible: it gets a dot. */
function dotRadius({ dataset, dataIndex }) {
  const data = dataset.data;
  const gap = (i) => data[i] === undefined || data[i].y === null;
  return gap(dataIndex - 1) && gap(dataIndex + 1) ? 2 : 0;
}

function timeScale() {
  return {
    type: 'linear',
    afterBuildTicks(scale) {
      const { step, ticks } = timeTicks(scale.min, scale.max, Math.floor(scale.chart.width / 110));
      scale.gridStep = step;
      scale.ticks = ticks.map((value) => ({ value }));
    },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      callback(value) {
        return tick(value, this.gridStep);
      },
    },
  };
}

function valueScale({ unit, format, max, position = 'left' }) {
  const scale = {
    type: 'linear',
    position,
    beginAtZero: true,
    max,
    afterFit(axis) {
      axis.width = AXIS_WIDTH;
    },
    ticks: { maxTicksLimit: 6, callback: (value) => format(value) },
    grid: { drawOnChartArea: position === 'left' },
  };
  if (unit.startsWith('bytes')) {
    scale.afterBuildTicks = (axis) => {
      const step = byteStep(axis.max - axis.min, 5);
      axis.ticks = [];
      for (let v = Math.ceil(axis.min / step) * step; v <= axis.max; v += step) {
        axis.ticks.push({ value: v });
      }
    };
  }
  return scale;
}

function times(ms) {
  return isUtc(ms) ? utc(ms) : [moment(ms), utc(ms)];
}

function tooltip(formatOf) {
  return {
    callbacks: {
      title: (items) => (items.length === 0 ? '' : times(items[0].parsed.x)),
      label: (item) => ` ${item.dataset.label}: ${formatOf(item.dataset)(item.parsed.y)}`,
    },
  };
}

function dataset(line) {
  return {
    label: line.label,
    data: [],
    yAxisID: line.axis ?? 'y',
    tone: line.tone,
    shaded: line.shaded ?? false,
    thin: line.thin ?? false,
    borderWidth: line.thin ? 1 : 1.6,
    borderDash: line.dashed ? [5, 4] : [],
    fill: line.shaded ? 'origin' : false,
    format: line.format,
  };
}

function paint(chart) {
  const { scales, plugins } = chart.options;
  Object.values(scales).forEach((scale) => {
    scale.grid.color = colour('--grid');
    scale.border.color = colour('--line');
    scale.ticks.color = colour('--muted');
  });
  Object.assign(plugins.tooltip, {
    backgroundColor: colour('--raised'),
    borderColor: colour('--line'),
    titleColor: colour('--text'),
    bodyColor: colour('--text'),
  });
  chart.data.datasets.forEach((set) => {
    const tone = colour(set.tone);
    set.borderColor = set.thin ? `${tone}80` : tone;
    set.backgroundColor = set.shaded ? `${tone}24` : tone;
  });
}

/**
 * A line chart; lines are {label, tone, format, axis?, shaded?, thin?, dashed?}. Data are
 * {x: ms, y: number or null}, a null is a gap.
 */
export function lineChart(canvas, { lines, unit, format, max, right, plugins = [] }) {
  const scales = { x: timeScale(), y: valueScale({ unit, format, max }) };
  if (right) scales.y2 = valueScale({ ...right, position: 'right' });
  Object.values(scales).forEach((scale) => {
    scale.grid = { tickLength: 4, ...scale.grid };
    scale.border = { display: false };
    scale.ticks.font = { size: 11 };
  });
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: lines.map(dataset) },
    plugins: [crosshair, farewell, ...plugins],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { right: right ? 0 : 8, top: 4 } },
      interaction: { mode: 'index', axis: 'x', intersect: false },
      elements: { point: { radius: dotRadius, hoverRadius: 3, hitRadius: 0 }, line: { tension: 0 } },
      scales,
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltip((set) => set.format ?? format),
          borderWidth: 1,
          padding: 10,
          boxWidth: 10,
          boxHeight: 2,
          titleMarginBottom: 6,
        },
      },
    },
  });
  all.add(chart);
  paint(chart);
  return chart;
}

/** Replaces the lines of a chart, when more turn up than were known. */
export function setLines(chart, lines) {
  chart.data.datasets = lines.map(dataset);
  paint(chart);
}

onChange(() =>
  all.forEach((chart) => {
    paint(chart);
    chart.update('none');
  }),
);
