const NAMESPACE = "http://www.w3.org/2000/svg";
const BASELINE_HEIGHT = 4;
const TURN = 8; // px that an arrow runs beside a bar before it turns

/**
 * The way of an arrow from the end of a bar to the start of another: out, down or up, and in. Where
 * the second begins before there is room for that, the arrow comes upon it from above or below.
 *
 * @param {Object} from {left, right, top, bottom} in px
 * @param {Object} to as from
 * @returns {Array} of [x, y]
 */
export function getArrowPoints(from, to) {
    const fromY = (from.top + from.bottom) / 2;
    const toY = (to.top + to.bottom) / 2;
    if (to.left > from.right + 2 * TURN) {
        const turn = to.left - TURN;
        return [
            [from.right, fromY],
            [turn, fromY],
            [turn, toY],
            [to.left, toY],
        ];
    }
    const down = toY > fromY;
    const x = Math.max(to.left + TURN / 2, Math.min(from.right, to.right) - TURN);
    return [
        [x, down ? from.bottom : from.top],
        [x, down ? to.top : to.bottom],
    ];
}

/**
 * Draw an arrow between two bars.
 *
 * @param {SVGElement} canvas
 * @param {Object} from see getArrowPoints
 * @param {Object} to
 * @param {String} kind all_of or any_of: the arrow is broken where one of several is enough
 * @param {Boolean} critical
 */
export function drawArrow(canvas, from, to, kind, critical) {
    const line = document.createElementNS(NAMESPACE, "polyline");
    line.setAttribute("points", getArrowPoints(from, to).flat().join(" "));
    line.setAttribute("marker-end", `url(#shenpi_tip${critical ? "_critical" : ""})`);
    line.classList.add("o_shenpi_arrow", `o_shenpi_arrow_${kind}`);
    line.classList.toggle("o_shenpi_arrow_critical", critical);
    canvas.appendChild(line);
}

/**
 * Draw where a bar lay in the baseline: a thin line below it.
 *
 * @param {SVGElement} canvas
 * @param {Object} place {left, right, top} in px
 */
export function drawBaseline(canvas, { left, right, top }) {
    const rect = document.createElementNS(NAMESPACE, "rect");
    const numbers = {
        x: left,
        y: top,
        width: Math.max(right - left, BASELINE_HEIGHT),
        height: BASELINE_HEIGHT,
    };
    for (const [name, value] of Object.entries(numbers)) {
        rect.setAttribute(name, value);
    }
    rect.classList.add("o_shenpi_baseline");
    canvas.appendChild(rect);
}
